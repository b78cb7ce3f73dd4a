import type { InsnView, VerifyResult } from '../../worker/protocol.ts';
import type { GraphBlock, GraphView } from '../../worker/protocol/graph.ts';

/** Measures of a block in px; the code font is monospaced, so that texts need not be measured. */
export const CHAR = 6.65;
export const LINE = 15;
export const HEAD = 20;
export const PAD = 9;
/** Texts longer than this are cut. */
const LONGEST = 46;
const SHORTEST = 16;
/** Longer blocks show their ends only. */
const MOST_LINES = 16;
const FIRST_LINES = 10;
const LAST_LINES = 5;
/** Characters before an instruction's text: its number and a mark. */
const GUTTER = 7;

/** A line of a block: an instruction, or those that are left out. */
export interface BlockLine {
  readonly insns: readonly number[];
  readonly text: string;
  readonly prunePoint: boolean;
  /** Function that it calls, -1 if none. */
  readonly calls: number;
}

/** A block as it is drawn. */
export interface Shape {
  /** Its first instruction. */
  readonly id: number;
  readonly insns: readonly number[];
  readonly lines: readonly BlockLine[];
  readonly visits: number;
  /** 0: in no cycle. */
  readonly scc: number;
  readonly width: number;
  readonly height: number;
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);

function linesOf(block: GraphBlock, insnOf: ReadonlyMap<number, InsnView>): BlockLine[] {
  const calls = new Map(block.calls.map(({ insn, subprog }) => [insn, subprog]));
  const line = (index: number): BlockLine => ({
    insns: [index],
    text: cut(insnOf.get(index)?.llvm ?? ''),
    prunePoint: insnOf.get(index)?.prunePoint === true,
    calls: calls.get(index) ?? -1,
  });
  const { insns } = block;
  if (insns.length <= MOST_LINES) return insns.map(line);
  const left = insns.slice(FIRST_LINES, -LAST_LINES);
  return [
    ...insns.slice(0, FIRST_LINES).map(line),
    { insns: left, text: `… ${left.length} more`, prunePoint: false, calls: -1 },
    ...insns.slice(-LAST_LINES).map(line),
  ];
}

/** The blocks of a function with what is written in them. */
export function shapesOf(graph: GraphView, result: VerifyResult): readonly Shape[] {
  const insnOf = new Map(result.insns.map((insn) => [insn.index, insn]));
  return graph.blocks.map((block) => {
    const lines = linesOf(block, insnOf);
    const widest = Math.max(SHORTEST, ...lines.map(({ text }) => text.length));
    const first = insnOf.get(block.insns[0]!);
    return {
      id: block.insns[0]!,
      insns: block.insns,
      lines,
      visits: first?.visits ?? 0,
      scc: first?.scc ?? 0,
      width: Math.ceil((widest + GUTTER) * CHAR + PAD * 2),
      height: HEAD + lines.length * LINE + PAD,
    };
  });
}

/** The blocks nearest to one, itself included: at most `most`, by the number of edges between, whichever way they lead. */
export function neighbourhood(graph: GraphView, centre: number, most: number): ReadonlySet<number> {
  const beside = new Map<number, number[]>();
  for (const { from, to } of graph.edges) {
    (beside.get(from) ?? beside.set(from, []).get(from)!).push(to);
    (beside.get(to) ?? beside.set(to, []).get(to)!).push(from);
  }
  const found = new Set([centre]);
  const queue = [centre];
  for (let at = 0; at < queue.length && found.size < most; at++) {
    for (const next of beside.get(queue[at]!) ?? []) {
      if (found.has(next) || found.size >= most) continue;
      found.add(next);
      queue.push(next);
    }
  }
  return found;
}

/** The part of a function between the blocks of a set. */
export function restrict(graph: GraphView, to: ReadonlySet<number>): GraphView {
  return {
    ...graph,
    blocks: graph.blocks.filter(({ insns }) => to.has(insns[0]!)),
    edges: graph.edges.filter((edge) => to.has(edge.from) && to.has(edge.to)),
  };
}

/** The block that an instruction is in, -1 if the function has none such. */
export function blockOf(graph: GraphView, insn: number): number {
  return graph.blocks.find(({ insns }) => insns.includes(insn))?.insns[0] ?? -1;
}
