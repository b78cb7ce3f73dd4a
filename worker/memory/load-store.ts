import { BPF_MEMSX, modeOf } from '../isa/opcodes.ts';
import type { Env } from '../state/env.ts';
import { NEXT, type Step } from '../state/step.ts';
import { checkLoad } from './load.ts';
import { checkStore, checkStoreImm } from './store.ts';

export { stepAtomic } from './atomics.ts';

/** `r1 = *(u64 *)(r2 + 8)` and its kin. */
export function stepLoad(env: Env, pc: number): Step {
  checkLoad(env, pc, false, modeOf(env.insns.code[pc]) === BPF_MEMSX, true);
  return NEXT;
}

/** `*(u64 *)(r1 + 8) = r2` and its kin. */
export function stepStore(env: Env, pc: number): Step {
  checkStore(env, pc, false);
  return NEXT;
}

/** `*(u64 *)(r1 + 8) = 7` and its kin. */
export function stepStoreImm(env: Env, pc: number): Step {
  checkStoreImm(env, pc);
  return NEXT;
}
