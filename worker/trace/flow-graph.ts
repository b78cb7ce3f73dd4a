import { callTarget, callbackTarget, isConditionalJump, jumpTarget, slotsOf } from '../isa/flow.ts';
import type { Insns } from '../isa/insns.ts';
import * as op from '../isa/opcodes.ts';
import type { Trace } from './trace.ts';

/** How control goes from one block to another. `table`: by a jump table. */
export type EdgeKind = 'fall' | 'taken' | 'goto' | 'table';

export interface Edge {
  /** First instructions of both blocks. */
  readonly from: number;
  readonly to: number;
  readonly kind: EdgeKind;
  /** It leads back to a block on the way from the function's entry. */
  readonly back: boolean;
  /** How often the walk went this way, also where it ended at once because the state was covered. */
  readonly walks: number;
}

/** Instructions that are always walked one after the other. */
export interface Block {
  /** All of them, the first one names the block. */
  readonly insns: readonly number[];
  /** First instructions of the functions that it calls, or whose address it takes. */
  readonly calls: readonly { readonly insn: number; readonly target: number }[];
}

/** One function as a graph; blocks by their place in the program. */
export interface FlowGraph {
  readonly blocks: readonly Block[];
  readonly edges: readonly Edge[];
}

/** How often the walk went from each instruction to the next one, and to where else it jumps. */
export interface EdgeWalks {
  readonly next: Int32Array;
  readonly jump: Int32Array;
  /** Jumps by a table: `from * insns + to`. */
  readonly table: ReadonlyMap<number, number>;
}

/** Is the instruction a jump by a table? */
const isTableJump = (insns: Insns, i: number): boolean =>
  op.opOf(insns.code[i]) === op.BPF_JA &&
  op.classOf(insns.code[i]) === op.BPF_JMP &&
  jumpTarget(insns, i) === null;

/** Counts every way that the walk went. */
export function edgeWalks(insns: Insns, trace: Trace): EdgeWalks {
  const n = insns.length;
  const next = new Int32Array(n);
  const jump = new Int32Array(n);
  const table = new Map<number, number>();
  const after = Int32Array.from({ length: n }, (_, i) => i + slotsOf(insns, i));
  const byTable = Uint8Array.from({ length: n }, (_, i) => (isTableJump(insns, i) ? 1 : 0));
  const count = (from: number, to: number): void => {
    if (byTable[from] === 1) table.set(from * n + to, (table.get(from * n + to) ?? 0) + 1);
    else if (to === after[from]) next[from]++;
    else jump[from]++;
  };
  const { insns: walked, paths } = trace;
  for (const path of paths) {
    let from = path.parentStep < 0 ? -1 : walked[path.parentStep];
    for (let step = path.start; step < path.stop; step++) {
      const to = walked[step];
      if (from >= 0) count(from, to);
      from = to;
    }
    if (path.end === 'pruned' && from >= 0) count(from, path.endInsn);
  }
  return { next, jump, table };
}

/** Where control may go inside the function, with the kind of each way. */
function waysOut(
  insns: Insns,
  i: number,
  table: readonly number[] | undefined,
): { to: number; kind: EdgeKind }[] {
  const { code } = insns;
  const cls = op.classOf(code[i]);
  const jumps = cls === op.BPF_JMP || cls === op.BPF_JMP32;
  if (jumps && op.opOf(code[i]) === op.BPF_EXIT) return [];
  const next = i + slotsOf(insns, i);
  const target = jumpTarget(insns, i);
  if (target === null) {
    if (!isTableJump(insns, i)) return [{ to: next, kind: 'fall' }];
    return (table ?? []).map((to) => ({ to, kind: 'table' }));
  }
  // may_goto falls through as well as it jumps
  const both = isConditionalJump(code[i]) || op.opOf(code[i]) !== op.BPF_JA;
  if (!both) return [{ to: target, kind: 'goto' }];
  return [
    { to: next, kind: 'fall' },
    { to: target, kind: 'taken' },
  ];
}

/**
 * The function from `start` to `end` (exclusive) in basic blocks. `tables` are the targets of jumps by table; `walks` is
 * null without a walk.
 */
export function flowGraph(
  insns: Insns,
  start: number,
  end: number,
  tables: ReadonlyMap<number, readonly number[]>,
  walks: EdgeWalks | null,
): FlowGraph {
  const inside = (i: number): boolean => i >= start && i < end;
  const leaders = new Set([start]);
  const outs = new Map<number, { to: number; kind: EdgeKind }[]>();
  for (let i = start; i < end; i += slotsOf(insns, i)) {
    const ways = waysOut(insns, i, tables.get(i)).filter(({ to }) => inside(to));
    const straight = ways.length === 1 && ways[0].kind === 'fall';
    if (straight) continue;
    outs.set(i, ways);
    for (const { to } of ways) leaders.add(to);
    const next = i + slotsOf(insns, i);
    if (inside(next)) leaders.add(next);
  }
  const blocks: Block[] = [];
  const ways = new Map<number, { last: number; ways: { to: number; kind: EdgeKind }[] }>();
  let block: { insns: number[]; calls: { insn: number; target: number }[] } | null = null;
  let last = -1;
  const close = (next: number): void => {
    if (block !== null)
      ways.set(block.insns[0], {
        last,
        ways: outs.get(last) ?? (inside(next) ? [{ to: next, kind: 'fall' }] : []),
      });
  };
  for (let i = start; i < end; i += slotsOf(insns, i)) {
    if (leaders.has(i)) {
      close(i);
      blocks.push((block = { insns: [], calls: [] }));
    }
    block!.insns.push(i);
    const target = callTarget(insns, i) ?? callbackTarget(insns, i);
    if (target !== null) block!.calls.push({ insn: i, target });
    last = i;
  }
  close(end);
  const back = backEdges(start, (from) => (ways.get(from)?.ways ?? []).map(({ to }) => to));
  const edges: Edge[] = [];
  for (const [from, out] of ways) {
    for (const [at, { to, kind }] of out.ways.entries()) {
      // a jump to the next instruction is no way of its own
      if (out.ways.findIndex((way) => way.to === to) !== at) continue;
      edges.push({
        from,
        to,
        kind,
        back: back.has(`${from} ${to}`),
        walks: walks === null ? 0 : walksOf(walks, insns, out.last, to, kind),
      });
    }
  }
  return { blocks, edges };
}

function walksOf(
  { next, jump, table }: EdgeWalks,
  insns: Insns,
  last: number,
  to: number,
  kind: EdgeKind,
): number {
  if (kind === 'table') return table.get(last * insns.length + to) ?? 0;
  // a jump to the next instruction and the fall-through are the same way
  return to === last + slotsOf(insns, last) ? next[last] : jump[last];
}

/** Edges that lead to a block which is on the way from the entry, depth first; as `from to`. */
function backEdges(entry: number, next: (block: number) => readonly number[]): ReadonlySet<string> {
  const found = new Set<string>();
  const OPEN = 1;
  const DONE = 2;
  const state = new Map<number, number>([[entry, OPEN]]);
  const stack: { block: number; outs: readonly number[]; at: number }[] = [
    { block: entry, outs: next(entry), at: 0 },
  ];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    if (top.at === top.outs.length) {
      state.set(top.block, DONE);
      stack.pop();
      continue;
    }
    const to = top.outs[top.at++];
    const seen = state.get(to);
    if (seen === OPEN) found.add(`${top.block} ${to}`);
    if (seen !== undefined) continue;
    state.set(to, OPEN);
    stack.push({ block: to, outs: next(to), at: 0 });
  }
  return found;
}
