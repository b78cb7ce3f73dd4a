import { decide, inFunctionSet } from './facts.ts';
import { ARGS_TRUSTED, CAN_BE_SLEEPABLE, HAS_TRAMPOLINE } from './generated/conditions.ts';
import type { ProgTraits } from './prog-traits.ts';

/** May such a program be loaded with BPF_F_SLEEPABLE? Syscall programs are not asked: they must be. */
export function canBeSleepable(prog: ProgTraits): boolean {
  return decide(CAN_BE_SLEEPABLE, prog) === 1;
}

/** Are pointer arguments in the ctx trusted (prog_args_trusted)? */
export function argsTrusted(prog: ProgTraits): boolean {
  return decide(ARGS_TRUSTED, prog) === 1;
}

/** Does the program run from a trampoline (bpf_prog_has_trampoline)? */
export function hasTrampoline(prog: ProgTraits): boolean {
  return decide(HAS_TRAMPOLINE, prog) === 1;
}

/** The largest errno, as a negative number the least that an LSM hook may return. */
const MAX_ERRNO = 4095;

/** What an LSM program may return, inclusive; null for hooks without a result (bpf_lsm_get_retval_range). */
export function lsmReturnRange(hook: string): readonly [min: number, max: number] | null {
  if (inFunctionSet('void_lsm_hooks', hook)) return null;
  return inFunctionSet('bool_lsm_hooks', hook) ? [0, 1] : [-MAX_ERRNO, 0];
}
