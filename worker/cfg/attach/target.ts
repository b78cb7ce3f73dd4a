import type { Btf, BtfType } from '../../btf/btf.ts';
import type { StructOpsRow } from '../../kernel/struct-ops.ts';

/** An argument that has another type than the target's prototype says (kernel: struct bpf_ctx_arg_aux). */
export interface CtxArg {
  /** Offset in the ctx, bytes. */
  readonly offset: number;
  /** Packed register type. */
  readonly regType: number;
  /** Type of PTR_TO_BTF_ID. */
  readonly btf: Btf | null;
  readonly btfId: number;
  /** A reference that the program must release. */
  readonly refcounted: boolean;
}

/** What the program attaches to, as far as the verifier goes on to ask. */
export interface AttachTarget {
  /** Container of the target's types; null if the program has no target. */
  readonly btf: Btf | null;
  /** Id of the function, typedef or struct. */
  readonly btfId: number;
  /** Prototype whose arguments are the ctx; null if there is none. */
  readonly proto: BtfType | null;
  /** Function, tracepoint without its prefix, or struct_ops member; null without a target. */
  readonly name: string | null;
  /** A BTF tracepoint: the prototype's first argument is not the program's (kernel: attach_btf_trace). */
  readonly isTracepoint: boolean;
  readonly ctxArgs: readonly CtxArg[];
  readonly structOps: StructOpsRow | null;
  readonly privateStack: boolean;
}

export const NO_TARGET: AttachTarget = { btf: null, btfId: 0, proto: null, name: null, isTracepoint: false, ctxArgs: [], structOps: null, privateStack: false };
