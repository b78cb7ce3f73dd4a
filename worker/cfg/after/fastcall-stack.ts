import type { Facts } from '../facts.ts';

/**
 * Drops the stack of fastcall spills whose callee keeps the registers, in functions that use these slots for nothing
 * else (kernel: bpf_remove_fastcall_spills_fills). Runs after the walk and before the stack depth is checked.
 */
export function dropFastcallStack(facts: Facts): void {
  for (const subprog of facts.subprogs) {
    if (subprog.keepFastcallStack) continue;
    for (let i = subprog.start; i < subprog.end; i++) {
      if (facts.fastcallSpills[i] === 0) continue;
      subprog.stackDepth = -subprog.fastcallStackOff;
      break;
    }
  }
}
