import { AUX_ITER_NEXT } from '../../cfg/facts.ts';
import { isConditionalJump, jumpTarget, slotsOf } from '../../isa/flow.ts';
import { OP_MAY_GOTO } from '../../isa/opcodes.ts';
import type { PathRow, PathSearch, PathTreeState, PathWindow } from '../../protocol/paths.ts';
import { REGIONS } from '../../trace/held-steps.ts';
import { pathRows, type PathFilter, type PathRows } from '../../trace/path-rows.ts';
import { endsIn, pathTree, stepOfNode, type PathTree } from '../../trace/path-tree.ts';
import { kernelPrinter, llvmPrinter } from './insns.ts';
import { functionName } from './names.ts';
import type { StepSource } from './step.ts';

/** The instructions that a text means: one number, or all whose text has it. */
function insnsOf(source: StepSource, text: string): Uint8Array {
  const wanted = new Uint8Array(source.program.insns.length);
  const number = /^#?(\d+)$/.exec(text);
  if (number !== null) {
    if (Number(number[1]) < wanted.length) wanted[Number(number[1])] = 1;
    return wanted;
  }
  const kernel = kernelPrinter(source);
  const llvm = llvmPrinter(source);
  const part = text.toLowerCase();
  for (let insn = 0; insn < wanted.length; insn++) {
    if (source.trace.visits[insn] === 0) continue;
    if (llvm(insn).toLowerCase().includes(part) || kernel(insn).toLowerCase().includes(part))
      wanted[insn] = 1;
  }
  return wanted;
}

function filterOf(source: StepSource, { text, end, region }: PathSearch): PathFilter | null {
  const part = text.trim();
  if (part === '' && end === null && region === null) return null;
  return {
    insns: part === '' ? null : insnsOf(source, part),
    end,
    held: region === null ? null : 1 << REGIONS.indexOf(region),
  };
}

/** Lays the tree out as it was asked for. */
export function layOut(source: StepSource, { search, open, except, step }: PathTreeState): PathRows {
  const { trace } = source;
  const way = step === null || step < 0 || step >= trace.length ? null : step;
  return pathRows(pathTree(trace), trace, filterOf(source, search), {
    all: open === 'all',
    except: new Set(except),
    way,
  });
}

/** A window of a tree that was laid out. */
export function pathWindow(
  source: StepSource,
  rows: PathRows,
  from: number,
  to: number,
  node: number | null,
): PathWindow {
  const tree = pathTree(source.trace);
  const first = Math.max(Math.min(from, rows.nodes.length), 0);
  const last = Math.min(Math.max(to, first), rows.nodes.length);
  const llvm = llvmPrinter(source);
  return {
    total: rows.nodes.length,
    nodes: tree.count,
    matches: rows.matches,
    here: rows.here,
    row: node === null ? -1 : rows.nodes.indexOf(node),
    from: first,
    rows: Array.from({ length: last - first }, (_, i) => rowView(source, tree, rows, first + i, llvm)),
  };
}

function rowView(
  source: StepSource,
  tree: PathTree,
  rows: PathRows,
  row: number,
  llvm: (insn: number) => string,
): PathRow {
  const { trace } = source;
  const node = rows.nodes[row];
  const path = tree.paths[tree.path[node]];
  const ending = endsIn(tree, node);
  const fork = tree.fork[node];
  const walked = tree.start[node] < tree.stop[node];
  const next = tree.next[node];
  return {
    node,
    level: rows.level[row],
    place: rows.place[row],
    places: rows.places[row],
    parent: rows.parent[row],
    open: tree.beneath[node] < 0 ? null : rows.open[row] === 1,
    hidden: tree.size[node] - 1 - (next < 0 ? 0 : tree.size[next]),
    begins: tree.from[node] < 0 || tree.next[tree.from[node]] !== node,
    outcome: fork < 0 ? `entry of ${functionName(source, path.subprog)}` : outcomeOf(source, tree, node),
    fork: fork < 0 ? null : { insn: trace.insnAt(fork), text: llvm(trace.insnAt(fork)) },
    seek: stepOfNode(tree, node),
    steps: walked
      ? {
          from: tree.start[node],
          to: tree.stop[node] - 1,
          fromInsn: trace.insnAt(tree.start[node]),
          toInsn: trace.insnAt(tree.stop[node] - 1),
        }
      : null,
    end: ending === null ? null : (ending.end ?? 'unexplored'),
    cover:
      ending?.end === 'pruned'
        ? { insn: ending.endInsn, step: trace.checkpointStep(ending.coveredBy), loop: ending.loop }
        : null,
    failing: tree.failing[node] === 1,
    at: row === rows.here ? 'here' : rows.way[node] === 1 ? 'way' : null,
    regions: REGIONS.filter((_, i) => (tree.held[node] >> i) & 1),
    match: rows.match === null || rows.match[node] === 1,
  };
}

/** Which way a fork was left, in words. */
function outcomeOf(source: StepSource, tree: PathTree, node: number): string {
  const { trace, program, env } = source;
  const { insns } = program;
  const walked = tree.start[node] < tree.stop[node];
  const at = trace.insnAt(tree.fork[node]);
  const to = walked ? trace.insnAt(tree.start[node]) : tree.paths[tree.path[node]].endInsn;
  if (isConditionalJump(insns.code[at]) && jumpTarget(insns, at) === at + 1) return 'either way';
  if (isConditionalJump(insns.code[at])) return to === jumpTarget(insns, at) ? 'taken' : 'not taken';
  if (insns.code[at] === OP_MAY_GOTO)
    return to === jumpTarget(insns, at) ? 'the loop is left' : 'the loop goes on';
  const aside = tree.firstOf[tree.path[node]] === node;
  // what is put aside at a call of `_next` is the round with another element
  if (env !== null && (env.facts.flags[at] & AUX_ITER_NEXT) !== 0)
    return aside ? 'another element' : 'no more elements';
  const entered = env?.facts.subprogs.find((sub) => sub.start === to && sub.start !== at + 1);
  if (entered !== undefined) return `enters ${functionName(source, entered.index)}`;
  return to === at + slotsOf(insns, at) ? (aside ? 'put aside here' : 'goes on') : `goes on at ${to}`;
}
