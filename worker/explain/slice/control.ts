import { callTarget, isConditionalJump, starts, successors } from '../../isa/flow.ts';
import type { WalkedCase } from '../context.ts';

/** Functions longer than this are taken to have no control dependencies that matter. */
const LONGEST = 20_000;

/**
 * The branches that the walk's last step depends on: the latest one that decided that this instruction is reached at all, the one that
 * decided that one, and so on, through the calls that led there. Steps, latest first.
 */
export function controlSlice(c: WalkedCase, most: number): number[] {
  const { trace } = c;
  const steps: number[] = [];
  const seen = new Set<number>();
  let wanted = c.insn;
  let inside = subprogOf(c, wanted);
  let controls = dependences(c, inside);
  for (const step of trace.way(c.step)) {
    if (step === c.step || steps.length === most) continue;
    const insn = trace.insnAt(step);
    const at = subprogOf(c, insn);
    if (at !== inside) {
      // the call that entered the function is what the instructions in it depend on
      if (callTarget(c.program.insns, insn) !== startOf(c, inside)) continue;
      inside = at;
      controls = dependences(c, inside);
      wanted = insn;
      continue;
    }
    if (!isConditionalJump(c.program.insns.code[insn]) || !controls(insn, wanted)) continue;
    wanted = insn;
    if (seen.has(insn)) continue;
    seen.add(insn);
    steps.push(step);
  }
  return steps;
}

/** A branch of the way that decided against something. */
export interface Passed {
  readonly step: number;
  /** The instruction that was passed by. */
  readonly cure: number;
}

/** The branches of the way, latest first, that decided against one of `cures`, which the way did not reach after them. */
export function passedBy(c: WalkedCase, cures: readonly number[], most: number): Passed[] {
  if (cures.length === 0) return [];
  const { trace } = c;
  const found: Passed[] = [];
  const bySubprog = new Map<number, (branch: number, insn: number) => boolean>();
  const reached = new Set<number>();
  for (const step of trace.way(c.step)) {
    if (found.length === most) break;
    const insn = trace.insnAt(step);
    if (step !== c.step) reached.add(insn);
    if (!isConditionalJump(c.program.insns.code[insn])) continue;
    const inside = subprogOf(c, insn);
    let controls = bySubprog.get(inside);
    if (controls === undefined) bySubprog.set(inside, (controls = dependences(c, inside)));
    const cure = cures.find(
      (one) => subprogOf(c, one) === inside && !reached.has(one) && controls(insn, one),
    );
    if (cure === undefined || found.some((one) => trace.insnAt(one.step) === insn)) continue;
    found.push({ step, cure });
  }
  return found;
}

function subprogOf(c: WalkedCase, insn: number): number {
  return c.env.facts.subprogOf[insn];
}

function startOf(c: WalkedCase, subprog: number): number {
  return c.env.facts.subprogs[subprog].start;
}

/** Does a branch decide whether an instruction is reached? Both in one function. */
function dependences(c: WalkedCase, subprog: number): (branch: number, insn: number) => boolean {
  const { insns } = c.program;
  const { start, end } = c.env.facts.subprogs[subprog];
  if (end - start > LONGEST) return () => false;
  const dominators = postDominators(
    [...starts(insns)].filter((i) => i >= start && i < end),
    (i) => successors(insns, i).filter((next) => next >= start && next < end),
  );
  /** Is every way from `insn` to the end through `by`? */
  const passes = (insn: number, by: number): boolean => {
    for (let at = insn; at >= 0; at = dominators.get(at) ?? -1) if (at === by) return true;
    return false;
  };
  return (branch, insn) =>
    !(branch !== insn && passes(branch, insn)) &&
    successors(insns, branch).some((next) => passes(next, insn));
}

/** Immediate post-dominator by node; -1 for nodes that only the end follows. Cooper, Harvey and Kennedy's iteration on the reversed graph. */
export function postDominators(
  nodes: readonly number[],
  after: (node: number) => readonly number[],
): Map<number, number> {
  const before = new Map<number, number[]>(nodes.map((node) => [node, []]));
  const ends: number[] = [];
  for (const node of nodes) {
    const next = after(node);
    if (next.length === 0) ends.push(node);
    for (const one of next) before.get(one)?.push(node);
  }
  // reverse postorder of the reversed graph, from a node that all ends lead to (-1)
  const order: number[] = [];
  const seen = new Set<number>([-1]);
  const stack: { readonly node: number; readonly next: readonly number[]; at: number }[] = [
    { node: -1, next: ends, at: 0 },
  ];
  while (stack.length !== 0) {
    const top = stack[stack.length - 1];
    if (top.at === top.next.length) {
      order.push(top.node);
      stack.pop();
      continue;
    }
    const node = top.next[top.at++];
    if (seen.has(node)) continue;
    seen.add(node);
    stack.push({ node, next: before.get(node)!, at: 0 });
  }
  const rank = new Map(order.map((node, i) => [node, i]));
  const dominator = new Map<number, number>([[-1, -1]]);
  const meet = (a: number, b: number): number => {
    while (a !== b) {
      while (rank.get(a)! < rank.get(b)!) a = dominator.get(a)!;
      while (rank.get(b)! < rank.get(a)!) b = dominator.get(b)!;
    }
    return a;
  };
  for (let changed = true; changed;) {
    changed = false;
    for (const node of [...order].reverse()) {
      if (node === -1) continue;
      const next = after(node);
      const known = (next.length === 0 ? [-1] : next).filter((one) => dominator.has(one));
      if (known.length === 0) continue;
      const now = known.reduce(meet);
      if (dominator.get(node) === now) continue;
      dominator.set(node, now);
      changed = true;
    }
  }
  return dominator;
}
