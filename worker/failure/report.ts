/** Regions of execution that forbid something (`nofault` exists under the `kf-forbid-fault` semantics only). */
export type ContextKind = 'none' | 'rcu' | 'preempt' | 'irq' | 'lock' | 'nofault';

/** Why a pointer may not be dereferenced. */
export type DerefKind = 'scalar' | 'nullable' | 'modified' | 'invalid';

/**
 * What a rejection asks the `Verification failed:` report to say: one row per kind of the kernel's
 * diagnostics, with the facts that only the place of the failure knows. Texts are the kernel's.
 * `insn` is the failing instruction, registers are numbers, -1 where there is none.
 */
export type Report =
  | { readonly kind: 'register-type'; readonly insn: number; readonly regno: number; readonly problem: string; readonly reason: string; readonly suggestion: string }
  | { readonly kind: 'invalid-deref'; readonly insn: number; readonly regno: number; readonly regName: string; readonly reg: unknown; readonly deref: DerefKind; readonly offset: bigint }
  | { readonly kind: 'unreadable-reg'; readonly insn: number; readonly regno: number }
  | { readonly kind: 'stack-arg-uninit'; readonly insn: number; readonly nargs: number; readonly slot: number; readonly callee: string; readonly argName: string }
  | { readonly kind: 'memory'; readonly insn: number; readonly problem: string; readonly reason: string; readonly suggestion: string }
  | { readonly kind: 'mem-bounds'; readonly insn: number; readonly regno: number; readonly regName: string; readonly typeName: string; readonly proof: string; readonly off: number; readonly size: number; readonly memSize: number; readonly reg: unknown }
  | { readonly kind: 'resource'; readonly insn: number; readonly problem: string; readonly reason: string; readonly suggestion: string }
  | { readonly kind: 'lock'; readonly insn: number; readonly problem: string; readonly reason: string; readonly suggestion: string; readonly activeLock: unknown }
  | { readonly kind: 'irq'; readonly insn: number; readonly problem: string; readonly reason: string; readonly suggestion: string; readonly depth: number }
  | { readonly kind: 'leak'; readonly refId: number; readonly allocInsn: number; readonly insn: number }
  | { readonly kind: 'call-type'; readonly insn: number; readonly argno: number; readonly regno: number; readonly stackArgSlot: number; readonly callName: string; readonly argName: string; readonly reason: string; readonly suggestion: string }
  | { readonly kind: 'ctx-forbidden'; readonly insn: number; readonly operation: string; readonly suggestion: string }
  | { readonly kind: 'ctx-active' | 'ctx-required' | 'ctx-underflow'; readonly insn: number; readonly operation: string; readonly context: ContextKind; readonly suggestion: string }
  | { readonly kind: 'structure'; readonly insn: number; readonly problem: string; readonly suggestion: string; readonly reason: string }
  | { readonly kind: 'policy'; readonly insn: number; readonly operation: string; readonly reason: string; readonly suggestion: string };
