import type { AttachTarget as Checked } from '../cfg/attach/target.ts';
import { BPF_PROG_TYPE_LSM } from '../kernel/uapi.ts';
import type { Program } from '../program/program.ts';
import type { AttachTarget } from '../state/attach-target.ts';
import type { RetvalRange } from '../state/frame.ts';

const MAX_ERRNO = 4095;
/** LSM hooks that answer yes or no; all others answer 0 or an error. */
const BOOL_HOOKS: ReadonlySet<string> = new Set(['bpf_lsm_xfrm_state_pol_flow_match', 'bpf_lsm_audit_rule_known', 'bpf_lsm_inode_xattr_skipcap']);

/** What the walk needs to know of the target; null for programs without one. */
export function attachOf(program: Program, target: Checked): AttachTarget | null {
  const { btf, btfId, proto, name } = target;
  if (btf === null || name === null) return null;
  return {
    btf,
    btfId,
    name,
    proto,
    retvalRange: program.progType === BPF_PROG_TYPE_LSM && proto !== null ? hookRange(name, proto.type) : null,
    ctxArgs: target.ctxArgs.map((arg) => ({ ...arg, refId: 0 })),
  };
}

/** Values that an LSM hook may return, null if it returns none (kernel: bpf_lsm_get_retval_range). */
function hookRange(name: string, returnType: number): RetvalRange | null {
  if (returnType === 0) return null;
  return BOOL_HOOKS.has(name) ? { min: 0, max: 1, return32bit: false } : { min: -MAX_ERRNO, max: 0, return32bit: false };
}
