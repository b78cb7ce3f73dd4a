import { AUX_CALLS_CALLBACK, type Facts } from './facts.ts';
import { successors } from './successors.ts';

/** Not on Tarjan's stack any more: larger than every preorder number. */
const POPPED = 0x7fffffff;

/**
 * Numbers the strongly connected components of the program's flow into `facts.scc` (kernel: bpf_compute_scc).
 * An instruction alone in its component has number 0 unless it jumps to itself or calls a callback, which is a
 * loop that the graph does not show. Numbers count from 1 in the order in which components are completed.
 */
export function computeScc(facts: Facts): void {
  const n = facts.insns.length;
  const stack = new Int32Array(n);
  const pre = new Int32Array(n);
  const low = new Int32Array(n);
  const path: number[] = [];
  let height = 0;
  let nextPre = 1;
  let nextScc = 1;
  const next = new Int32Array(n);

  for (let root = 0; root < n; root++) {
    if (pre[root] !== 0) continue;
    height = 0;
    path.push(root);
    visit: while (path.length > 0) {
      const at = path[path.length - 1];
      if (pre[at] === 0) {
        low[at] = pre[at] = nextPre++;
        stack[height++] = at;
      }
      const out = successors(facts, at);
      for (let j = next[at]; j < out.length; j++) {
        const to = out[j];
        if (pre[to] === 0) {
          next[at] = j; // its low is wanted once it is done
          path.push(to);
          continue visit;
        }
        if (low[to] < low[at]) low[at] = low[to];
      }
      path.pop();
      if (low[at] < pre[at]) continue;
      const loop = stack[height - 1] !== at || out.includes(at) || (facts.flags[at] & AUX_CALLS_CALLBACK) !== 0;
      let member;
      do {
        member = stack[--height];
        low[member] = POPPED;
        if (loop) facts.scc[member] = nextScc;
      } while (member !== at);
      if (loop) nextScc++;
    }
  }
  facts.sccCount = nextScc;
}
