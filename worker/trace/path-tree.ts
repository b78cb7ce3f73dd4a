import { heldBySteps } from './held-steps.ts';
import type { Path, Trace } from './trace.ts';

const NONE = -1;

/**
 * The walk as a tree. A node is a straight run of steps: it begins where a function is entered or a fork is left one
 * way, and goes on to the next fork or to the end of the path. Nodes are numbered in the order in which they were walked,
 * so that a node has a greater number than the one that leads to it.
 *
 * Nodes form *lines*: where ways part, one of them continues the line (the way to the rejection if there is one, else the
 * one with most nodes behind it), the others begin lines of their own beneath the node. So lines nest no deeper than the
 * logarithm of the number of nodes, however long the walk, except for one level beside the way to the rejection.
 */
export interface PathTree {
  readonly count: number;
  /** The recorded paths, and behind them those that were put aside and never walked: they have no end. */
  readonly paths: readonly Path[];
  /** Steps of a node: `start` to `stop`, exclusive. Paths that were pruned at once have nodes without steps. */
  readonly start: Int32Array;
  readonly stop: Int32Array;
  /** The path that a node is part of. */
  readonly path: Int32Array;
  /** The fork that a node leaves, as a step; -1 where a function is entered. */
  readonly fork: Int32Array;
  /** The node that leads here, -1 where a function is entered. */
  readonly from: Int32Array;
  /** The node that continues the line, -1 at its end. */
  readonly next: Int32Array;
  /** The first of the lines beneath a node, and for the first node of a line the next line beneath the same node; -1: none. */
  readonly beneath: Int32Array;
  readonly beside: Int32Array;
  /** First node of each function's exploration. */
  readonly roots: readonly number[];
  /** Nodes that can be reached from a node, itself included. */
  readonly size: Int32Array;
  /** What is held before at least one of the node's steps: bits as in `REGIONS`. */
  readonly held: Uint8Array;
  /** 1: the node is part of the way to the rejection. */
  readonly failing: Uint8Array;
  /** First node of each path. */
  readonly firstOf: Int32Array;
}

const trees = new WeakMap<Trace, PathTree>();

/** The tree of a recorded walk, made when it is first asked for. */
export function pathTree(trace: Trace): PathTree {
  let tree = trees.get(trace);
  if (tree === undefined) trees.set(trace, (tree = grow(trace)));
  return tree;
}

function grow(trace: Trace): PathTree {
  const paths = [...trace.paths, ...unwalked(trace)];
  const forks = forksByPath(paths);
  const firstOf = new Int32Array(paths.length);
  let count = 0;
  for (let p = 0; p < paths.length; p++) {
    firstOf[p] = count;
    count += (forks[p]?.length ?? 0) + 1;
  }
  const column = (): Int32Array => new Int32Array(count).fill(NONE);
  const [start, stop, path, fork, from, next, beneath, beside] = [
    column(),
    column(),
    column(),
    column(),
    column(),
    column(),
    column(),
    column(),
  ];
  const roots: number[] = [];
  for (let p = 0; p < paths.length; p++) {
    const { start: first, stop: end, parent, parentStep } = paths[p];
    let node = firstOf[p];
    start[node] = first;
    fork[node] = parentStep;
    if (parentStep < 0) roots.push(node);
    else from[node] = firstOf[parent] + lowerBound(forks[parent]!, parentStep);
    for (const at of forks[p] ?? []) {
      path[node] = p;
      stop[node] = at + 1;
      node++;
      start[node] = at + 1;
      fork[node] = at;
      from[node] = node - 1;
    }
    path[node] = p;
    stop[node] = end;
  }
  const size = new Int32Array(count).fill(1);
  for (let node = count - 1; node >= 0; node--) if (from[node] >= 0) size[from[node]] += size[node];
  const failing = failingNodes(trace, count, firstOf, from);
  for (let node = 0; node < count; node++) {
    const before = from[node];
    if (before < 0) continue;
    const best = next[before];
    if (
      best < 0 ||
      failing[node] > failing[best] ||
      (failing[node] === failing[best] && size[node] > size[best])
    )
      next[before] = node;
  }
  for (let node = count - 1; node >= 0; node--) {
    const before = from[node];
    if (before < 0 || next[before] === node) continue;
    beside[node] = beneath[before];
    beneath[before] = node;
  }
  return {
    count,
    paths,
    start,
    stop,
    path,
    fork,
    from,
    next,
    beneath,
    beside,
    roots,
    size,
    held: heldByNodes(trace, start, stop),
    failing,
    firstOf,
  };
}

function unwalked(trace: Trace): Path[] {
  const { paths, unexplored, length } = trace;
  return unexplored.map(({ path, step, insn }, i) => ({
    index: paths.length + i,
    parent: path,
    parentStep: step,
    fromInsn: trace.insnAt(step),
    subprog: paths[path].subprog,
    start: length,
    stop: length,
    end: null,
    endInsn: insn,
    coveredBy: -1,
    loop: false,
  }));
}

/** Steps of each path at which others were put aside, ascending. */
function forksByPath(paths: readonly Path[]): (number[] | undefined)[] {
  const forks = new Array<number[] | undefined>(paths.length);
  for (const { parent, parentStep } of paths) {
    if (parent < 0) continue;
    const known = (forks[parent] ??= []);
    known.push(parentStep);
  }
  for (const known of forks) {
    if (known === undefined) continue;
    // what was put aside last is taken up first
    known.sort((a, b) => a - b);
    let kept = 0;
    for (let i = 0; i < known.length; i++)
      if (i === 0 || known[i] !== known[kept - 1]) known[kept++] = known[i];
    known.length = kept;
  }
  return forks;
}

/** Position of the first value that is not below `value`. */
function lowerBound(values: readonly number[], value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function failingNodes({ paths }: Trace, count: number, firstOf: Int32Array, from: Int32Array): Uint8Array {
  const failing = new Uint8Array(count);
  const last = paths.length - 1;
  if (last < 0 || paths[last].end !== 'rejected') return failing;
  const end = (last + 1 < firstOf.length ? firstOf[last + 1] : count) - 1;
  for (let node = end; node >= 0; node = from[node]) failing[node] = 1;
  return failing;
}

function heldByNodes(trace: Trace, start: Int32Array, stop: Int32Array): Uint8Array {
  const steps = heldBySteps(trace);
  const held = new Uint8Array(start.length);
  for (let node = 0; node < start.length; node++) {
    let bits = 0;
    for (let step = start[node]; step < stop[node]; step++) bits |= steps[step];
    held[node] = bits;
  }
  return held;
}

/** The node that a step is part of. */
export function nodeOf(tree: PathTree, trace: Trace, step: number): number {
  const { index } = trace.pathOf(step);
  let low = tree.firstOf[index];
  let high = (index + 1 < tree.firstOf.length ? tree.firstOf[index + 1] : tree.count) - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tree.stop[middle] <= step) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The path of a node if the node is its last part; else null. */
export function endsIn(tree: PathTree, node: number): Path | null {
  const path = tree.path[node];
  const last = (path + 1 < tree.firstOf.length ? tree.firstOf[path + 1] : tree.count) - 1;
  return node === last ? tree.paths[path] : null;
}

/** The step to look at for a node: its first, or for a path that was pruned at once the fork that it left. */
export function stepOfNode(tree: PathTree, node: number): number {
  return tree.start[node] < tree.stop[node] ? tree.start[node] : Math.max(tree.fork[node], 0);
}

/** First node of the line that a node is part of. */
export function lineOf(tree: PathTree, node: number): number {
  let first = node;
  while (tree.from[first] >= 0 && tree.next[tree.from[first]] === first) first = tree.from[first];
  return first;
}
