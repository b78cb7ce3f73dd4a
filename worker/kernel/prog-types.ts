/** A program type of this kernel. */
export interface ProgTypeRow {
  readonly type: number;
  /** `sched_cls` as in BPF_PROG_TYPE_SCHED_CLS, lower case. */
  readonly name: string;
  /** Name of the verifier ops, e.g. `tc_cls_act`. */
  readonly ops: string;
  /** C type of the ctx that programs see, e.g. `struct __sk_buff`. */
  readonly ctxType: string;
  /** C type of the ctx inside the kernel, e.g. `struct sk_buff`. */
  readonly kernelCtxType: string;
  /** Hook under which kfuncs are registered for it, null if none. */
  readonly kfuncHook: string | null;
}
