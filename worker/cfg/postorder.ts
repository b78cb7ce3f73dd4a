import type { Facts } from './facts.ts';
import { forgetSuccessors, successors } from './successors.ts';

const DISCOVERED = 1;
const EXPLORED = 2;

/**
 * Fills `facts.postorder` with the reachable instructions in post-order, function by function, and each
 * function's `postorderStart`/`postorderEnd` (kernel: bpf_compute_postorder). A successor counts as discovered
 * as soon as it is pushed: later passes converge to the same facts in any order, but the log shows the order.
 */
export function computePostorder(facts: Facts): void {
  forgetSuccessors(facts);
  const n = facts.insns.length;
  const order = new Int32Array(n);
  const state = new Uint8Array(n);
  const stack = new Int32Array(n);
  let count = 0;
  for (const subprog of facts.subprogs) {
    subprog.postorderStart = count;
    stack[0] = subprog.start;
    let depth = 1;
    do {
      const top = stack[depth - 1];
      state[top] |= DISCOVERED;
      if (state[top] & EXPLORED) {
        order[count++] = top;
        depth--;
        continue;
      }
      for (const next of successors(facts, top)) {
        if (state[next] !== 0) continue;
        stack[depth++] = next;
        state[next] |= DISCOVERED;
      }
      state[top] |= EXPLORED;
    } while (depth > 0);
    subprog.postorderEnd = count;
  }
  facts.postorder = order.subarray(0, count);
}
