import { BTF_KIND_UNKN } from '../btf/btf.ts';
import { isHelperCall, isKfuncCall } from '../isa/flow.ts';
import { KF_FASTCALL } from '../kernel/kfunc-flags.ts';
import { ARG_DONTCARE, RET_VOID } from '../kernel/types.ts';
import type { Context } from './context.ts';
import { fetchKfunc } from './kfuncs.ts';

/** What liveness and fastcall patterns need to know of a callee (kernel: struct bpf_call_summary). */
export interface CallSummary {
  readonly params: number;
  readonly isVoid: boolean;
  /** It keeps the registers that its prototype does not name. */
  readonly fastcall: boolean;
}

/** Helpers that x86-64 replaces by a few instructions: bpf_get_smp_processor_id, bpf_get_current_task, …_task_btf. */
const INLINED: ReadonlySet<number> = new Set([8, 35, 158]);

/** Summary of a helper or kfunc call; null for other instructions and for callees that the program may not call. */
export function callSummary(ctx: Context, i: number): CallSummary | null {
  const { insns } = ctx;
  if (isHelperCall(insns, i)) {
    const proto = ctx.model.helper(insns.imm[i], ctx.traits);
    if (proto === null) return null;
    const end = proto.args.indexOf(ARG_DONTCARE);
    return { params: end === -1 ? proto.args.length : end, isVoid: proto.ret === RET_VOID, fastcall: proto.allowFastcall && INLINED.has(insns.imm[i]) };
  }
  if (!isKfuncCall(insns, i)) return null;
  const meta = fetchKfunc(ctx, i);
  if (meta === null || meta.kfunc === null || !meta.allowed) return null;
  return {
    params: meta.proto.params.length,
    isVoid: meta.btf.type(meta.proto.type).kind === BTF_KIND_UNKN,
    fastcall: (meta.kfunc.flags & KF_FASTCALL) !== 0,
  };
}
