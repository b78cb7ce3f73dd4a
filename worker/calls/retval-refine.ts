import { withSignedRange, withUnsignedRange } from '../domain/scalar.ts';
import { RET_INTEGER } from '../kernel/types.ts';
import {
  BPF_CGROUP_GETSOCKOPT,
  BPF_LSM_CGROUP,
  BPF_PROG_TYPE_CGROUP_SOCKOPT,
  BPF_PROG_TYPE_LSM,
} from '../kernel/uapi.ts';
import type { CallMeta } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import type { RetvalRange } from '../state/frame.ts';
import { withScalar } from '../state/reg.ts';
import * as F from './helper-ids.ts';

/** Helpers return errors as -1 .. -MAX_ERRNO. */
const MAX_ERRNO = 4095;
/** CPUs of the machine that the recordings were made on; the kernel's verifier uses its own (nr_cpu_ids). */
const CPUS = 2;

/** The result that an LSM hook on a cgroup may have; null for hooks that return nothing. */
export function lsmCgroupRetval(env: Env): RetvalRange | null {
  if (env.attach === null) throw new Error('an LSM program without its hook');
  return env.attach.retvalRange;
}

/** What is known of a helper's integer result beyond its type (kernel: do_refine_retval_range). */
export function refineRetval(env: Env, helper: number, ret: number, meta: CallMeta): void {
  if (ret !== RET_INTEGER) return;
  const reg = env.reg(0);
  switch (helper) {
    case F.BPF_FUNC_get_stack:
    case F.BPF_FUNC_get_task_stack:
    case F.BPF_FUNC_probe_read_str:
    case F.BPF_FUNC_probe_read_kernel_str:
    case F.BPF_FUNC_probe_read_user_str:
      env.setReg(0, withScalar(reg, withSignedRange(reg.scalar, -MAX_ERRNO, meta.msizeMax)));
      break;
    case F.BPF_FUNC_get_smp_processor_id:
      env.setReg(0, withScalar(reg, withUnsignedRange(reg.scalar, 0, CPUS - 1)));
      break;
    case F.BPF_FUNC_get_retval: {
      const { progType, attachType } = env.traits;
      if (progType === BPF_PROG_TYPE_CGROUP_SOCKOPT && attachType === BPF_CGROUP_GETSOCKOPT) return;
      let range: RetvalRange | null = { min: -MAX_ERRNO, max: 0, return32bit: true };
      if (progType === BPF_PROG_TYPE_LSM && attachType === BPF_LSM_CGROUP) range = lsmCgroupRetval(env);
      if (range !== null) env.setReg(0, withScalar(reg, withSignedRange(reg.scalar, range.min, range.max)));
      break;
    }
  }
}
