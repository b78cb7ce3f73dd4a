import type { PathEnd, Trace } from './trace.ts';
import { endsIn, nodeOf, type PathTree } from './path-tree.ts';

/** Which nodes to show. Conditions that are absent (null) do not count; the others must all hold. */
export interface PathFilter {
  /** By instruction: 1 if a node that walks it is wanted (or one that was pruned before it). */
  readonly insns: Uint8Array | null;
  readonly end: PathEnd | 'unexplored' | null;
  /** Bits as in `REGIONS`, one of which must be held somewhere in the node. */
  readonly held: number | null;
}

/** Which lines beneath nodes are laid open. */
export interface Opened {
  /** All of them, or none, … */
  readonly all: boolean;
  /** … but for these nodes. */
  readonly except: ReadonlySet<number>;
  /** The way to this step is open as well, unless a node on it was closed. */
  readonly way: number | null;
}

/** The tree as a list of rows. */
export interface PathRows {
  readonly nodes: Int32Array;
  /** Level of each row, from 1, its place among the rows of its level beneath the same row, from 1, and how many there are. */
  readonly level: Uint8Array;
  readonly place: Int32Array;
  readonly places: Int32Array;
  /** The row that each row lies beneath, -1 on the first level. */
  readonly parent: Int32Array;
  /** 1: the lines beneath this row are laid open. */
  readonly open: Uint8Array;
  /** Nodes that match the filter; all of them without one. */
  readonly matches: number;
  /** By node: 1 if it matches. Null without a filter. */
  readonly match: Uint8Array | null;
  /** By node: 1 if it leads to the step that the rows were made for. */
  readonly way: Uint8Array;
  /** Row of that step, or of the node that hides it; -1 if the filter leaves it out. */
  readonly here: number;
}

/** Lays the tree out, without what is not wanted: a node beneath which something is wanted is kept. */
export function pathRows(tree: PathTree, trace: Trace, filter: PathFilter | null, opened: Opened): PathRows {
  const { count } = tree;
  const match = filter === null ? null : matching(tree, trace, filter);
  const kept = match === null ? null : keeping(tree, match);
  const way = wayTo(tree, trace, opened.way);
  const current = opened.way === null ? -1 : nodeOf(tree, trace, opened.way);
  const nodes = new Int32Array(count);
  const level = new Uint8Array(count);
  const group = new Int32Array(count);
  const place = new Int32Array(count);
  const open = new Uint8Array(count);
  const parent = new Int32Array(count);
  /** Rows of each group so far, and the row that it lies beneath. */
  const groups: number[] = [];
  const above: number[] = [];
  let rows = 0;
  let here = -1;
  /** Row of the innermost node so far that leads to the current one by a line beneath it. */
  let hiding = -1;

  const isOpen = (node: number): boolean => {
    if (kept !== null) return !opened.except.has(node);
    return opened.except.has(node) ? !opened.all : opened.all || leadsBeneath(tree, way, node);
  };
  /** Lays out a line and goes on counting rows in its group. */
  const line = (first: number, depth: number, mine: number): void => {
    for (let node = first; node >= 0; node = tree.next[node]) {
      if (kept !== null && kept[node] === 0) continue;
      const row = rows++;
      nodes[row] = node;
      level[row] = Math.min(depth, 255);
      group[row] = mine;
      place[row] = ++groups[mine];
      parent[row] = above[mine];
      if (node === current) here = row;
      else if (way[node] === 1 && leadsBeneath(tree, way, node)) hiding = row;
      if (tree.beneath[node] < 0 || !isOpen(node)) continue;
      open[row] = 1;
      const inner = groups.push(0) - 1;
      above.push(row);
      for (let side = tree.beneath[node]; side >= 0; side = tree.beside[side]) line(side, depth + 1, inner);
    }
  };
  groups.push(0);
  above.push(-1);
  for (const root of tree.roots) line(root, 1, 0);
  const places = new Int32Array(rows);
  for (let row = 0; row < rows; row++) places[row] = groups[group[row]];
  return {
    nodes: nodes.slice(0, rows),
    level,
    place,
    places,
    parent,
    open,
    matches: match === null ? count : match.reduce((sum, one) => sum + one, 0),
    match,
    way,
    here: here >= 0 ? here : hiding,
  };
}

/** Does the way go on in a line beneath the node? */
function leadsBeneath(tree: PathTree, way: Uint8Array, node: number): boolean {
  for (let side = tree.beneath[node]; side >= 0; side = tree.beside[side]) if (way[side] === 1) return true;
  return false;
}

function wayTo(tree: PathTree, trace: Trace, step: number | null): Uint8Array {
  const way = new Uint8Array(tree.count);
  if (step !== null)
    for (let node = nodeOf(tree, trace, step); node >= 0; node = tree.from[node]) way[node] = 1;
  return way;
}

function matching(tree: PathTree, trace: Trace, { insns, end, held }: PathFilter): Uint8Array {
  const match = new Uint8Array(tree.count);
  const walked = trace.insns;
  for (let node = 0; node < tree.count; node++) {
    if (held !== null && (tree.held[node] & held) === 0) continue;
    const ending = end === null && insns === null ? null : endsIn(tree, node);
    if (end !== null && (ending === null || (ending.end ?? 'unexplored') !== end)) continue;
    if (
      insns !== null &&
      !(ending !== null && (ending.end === 'pruned' || ending.end === null) && insns[ending.endInsn] === 1)
    ) {
      let step = tree.start[node];
      while (step < tree.stop[node] && insns[walked[step]] === 0) step++;
      if (step === tree.stop[node]) continue;
    }
    match[node] = 1;
  }
  return match;
}

/** Nodes that match, and those that have one beneath them. */
function keeping(tree: PathTree, match: Uint8Array): Uint8Array {
  const kept = match.slice();
  /** By first node of a line: something in it is kept. */
  const some = new Uint8Array(tree.count);
  for (let node = tree.count - 1; node >= 0; node--) {
    for (let side = tree.beneath[node]; side >= 0; side = tree.beside[side])
      if (some[side] === 1) kept[node] = 1;
    some[node] = kept[node] | (tree.next[node] >= 0 ? some[tree.next[node]] : 0);
  }
  return kept;
}
