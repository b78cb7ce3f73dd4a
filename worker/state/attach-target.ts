import type { Btf, BtfType } from '../btf/btf.ts';
import type { RetvalRange } from './frame.ts';

/** An argument of the ctx whose register type its hook declares (kernel: struct bpf_ctx_arg_aux). */
export interface CtxArg {
  /** Offset in bytes in the ctx. */
  readonly offset: number;
  /** Packed register type, see kernel/types.ts. */
  readonly regType: number;
  readonly btf: Btf | null;
  readonly btfId: number;
  /** Tagged `__ref`: the program owns a reference to it. */
  readonly refcounted: boolean;
  /** That reference, 0 before the walk begins or if there is none. */
  refId: number;
}

/** What the program attaches to, once checked (kernel: attach_btf, attach_btf_id, attach_func_proto, ctx_arg_info). */
export interface AttachTarget {
  readonly btf: Btf;
  readonly btfId: number;
  /** Name of the function, tracepoint or struct_ops type's function pointer member. */
  readonly name: string;
  /** Prototype of the function that the program stands in for or watches; null if there is none. */
  readonly proto: BtfType | null;
  /** LSM: what the hook may return, null if it returns nothing. Null for others. */
  readonly retvalRange: RetvalRange | null;
  readonly ctxArgs: readonly CtxArg[];
}
