import { describe, expect, test } from 'vitest';
import { verify } from '../engine/verify.ts';
import { createKernelModel } from '../kernel/model.ts';
import { parseProgramText } from '../program/text/parse.ts';
import { pathRows, type Opened, type PathFilter } from './path-rows.ts';
import { endsIn, lineOf, nodeOf, pathTree, stepOfNode } from './path-tree.ts';
import { TraceRecorder } from './recorder.ts';
import type { Trace } from './trace.ts';

function record(text: string): Trace {
  const { program, problems } = parseProgramText(text, { kernel: createKernelModel() });
  if (program === null) throw new Error(JSON.stringify(problems));
  const recorder = new TraceRecorder();
  const outcome = verify(program, createKernelModel(), {
    level: 0,
    observers: [recorder],
    onEnv: (env) => recorder.attach(env),
  });
  return recorder.finish(outcome.verdict === 'rejected');
}

const SHUT: Opened = { all: false, except: new Set(), way: null };
const ALL: Opened = { all: true, except: new Set(), way: null };
const some = (filter: Partial<PathFilter>): PathFilter => ({ insns: null, end: null, held: null, ...filter });

/** Two checks; what both let through is rejected. */
const CHECKS = `.prog tc
main:   call bpf_get_prandom_u32
        r6 = r0
        if r6 == 0 goto out
        r7 = 1
        if r6 > 5 goto out
        r0 = *(u32 *)(r8 + 0)
out:    r0 = 0
        exit
`;

/** At each of many turns one way out. */
const TURNS = (turns: number): string => `.prog tc
main:   r6 = 0
loop:   call bpf_get_prandom_u32
        if r0 > 5 goto on
        r0 = 0
        exit
on:     r6 += 1
        if r6 < ${turns} goto loop
        r0 = 0
        exit
`;

describe('the tree of paths', () => {
  test('has a node for every way out of a fork, the way to the rejection as its trunk', () => {
    const trace = record(CHECKS);
    const tree = pathTree(trace);
    expect(trace.paths.map((path) => path.end)).toEqual(['rejected']);
    // the ways out at 2 and 4 were put aside and never walked
    expect(tree.count).toBe(5);
    expect([...tree.failing]).toEqual([1, 1, 1, 0, 0]);
    expect([...tree.beneath]).toEqual([3, 4, -1, -1, -1]);
    expect([3, 4].map((node) => endsIn(tree, node)!)).toMatchObject([
      { end: null, endInsn: 6 },
      { end: null, endInsn: 6 },
    ]);
  });

  test('cuts every recorded path at its forks, and leaves out no step', () => {
    const trace = record(TURNS(40));
    const tree = pathTree(trace);
    const covered = new Uint8Array(trace.length);
    for (let node = 0; node < tree.count; node++)
      for (let s = tree.start[node]; s < tree.stop[node]; s++) covered[s]++;
    expect(covered.every((times) => times === 1)).toBe(true);
    const forks = new Set(trace.paths.map((path) => path.parentStep).filter((step) => step >= 0));
    expect(tree.count).toBe(trace.paths.length + forks.size);
    for (let step = 0; step < trace.length; step++) {
      const node = nodeOf(tree, trace, step);
      expect(step >= tree.start[node] && step < tree.stop[node]).toBe(true);
    }
    for (let node = 1; node < tree.count; node++) {
      if (tree.from[node] < 0) continue;
      expect(tree.from[node]).toBeLessThan(node);
      expect(tree.stop[tree.from[node]]).toBe(tree.fork[node] + 1);
    }
    expect(tree.size[0]).toBe(tree.count);
  });

  test('lays out lines beneath their forks; what is shut takes one row', () => {
    const trace = record(TURNS(40));
    const tree = pathTree(trace);
    const all = pathRows(tree, trace, null, ALL);
    expect([...all.nodes].sort((a, b) => a - b)).toEqual(Array.from({ length: tree.count }, (_, i) => i));
    const shut = pathRows(tree, trace, null, SHUT);
    expect([...shut.nodes].every((node) => lineOf(tree, node) === tree.roots[0])).toBe(true);
    expect([...shut.places].every((of) => of === shut.nodes.length)).toBe(true);
    const branching = [...shut.nodes].find((node) => tree.beneath[node] >= 0)!;
    const one = pathRows(tree, trace, null, { ...SHUT, except: new Set([branching]) });
    const row = [...one.nodes].indexOf(branching);
    expect(one.open[row]).toBe(1);
    expect(one.nodes[row + 1]).toBe(tree.beneath[branching]);
    expect([one.level[row + 1], one.place[row + 1]]).toEqual([2, 1]);
  });

  test('opens the way to a step, unless it was shut there', () => {
    const trace = record(TURNS(40));
    const tree = pathTree(trace);
    for (let step = 0; step < trace.length; step++) {
      const rows = pathRows(tree, trace, null, { ...SHUT, way: step });
      expect(rows.nodes[rows.here]).toBe(nodeOf(tree, trace, step));
    }
    const inner = tree.beneath.find((node) => node >= 0)!;
    const outer = tree.from[inner];
    const rows = pathRows(tree, trace, null, {
      all: false,
      except: new Set([outer]),
      way: stepOfNode(tree, inner),
    });
    // a node that is open only for the way is shut by naming it
    expect(rows.nodes.includes(inner)).toBe(true);
    const closed = pathRows(tree, trace, null, {
      all: true,
      except: new Set([outer]),
      way: stepOfNode(tree, inner),
    });
    expect(closed.nodes.includes(inner)).toBe(false);
    expect(closed.nodes[closed.here]).toBe(outer);
  });

  test('is searched by instruction and by end', () => {
    const trace = record(TURNS(40));
    const tree = pathTree(trace);
    const insns = new Uint8Array(20);
    insns[4] = 1;
    const exits = pathRows(tree, trace, some({ insns }), SHUT);
    for (let row = 0; row < exits.nodes.length; row++) {
      const node = exits.nodes[row];
      const walks = Array.from({ length: tree.stop[node] - tree.start[node] }, (_, i) =>
        trace.insnAt(tree.start[node] + i),
      ).includes(4);
      expect(exits.match![node]).toBe(walks ? 1 : 0);
    }
    expect(exits.matches).toBe(trace.visits[4]);
    const pruned = pathRows(tree, trace, some({ end: 'pruned' }), SHUT);
    expect(pruned.matches).toBe(trace.paths.filter((path) => path.end === 'pruned').length);
    expect(
      [...pruned.nodes].every((node) => pruned.match![node] === 0 || endsIn(tree, node)?.end === 'pruned'),
    ).toBe(true);
    expect(pathRows(tree, trace, some({ held: 1 }), SHUT).nodes.length).toBe(0);
  });
});

describe('a walk of a hundred thousand nodes', () => {
  const trace = record(TURNS(90_000));
  test('is a tree that nests little, and is laid out and searched at once', () => {
    expect(trace.paths.length).toBeGreaterThan(90_000);
    /** The fastest of a few: other work on the machine does not count. */
    const timed = <T>(work: () => T, times = 3): [T, number] => {
      let best = Infinity;
      let result!: T;
      for (let i = 0; i < times; i++) {
        const began = performance.now();
        result = work();
        best = Math.min(best, performance.now() - began);
      }
      return [result, best];
    };
    const [tree, growing] = timed(() => pathTree(trace), 1);
    expect(tree.count).toBeGreaterThan(100_000);
    const [all, laying] = timed(() => pathRows(tree, trace, null, { ...ALL, way: trace.length >> 1 }));
    expect(all.nodes.length).toBe(tree.count);
    expect(Math.max(...all.level.subarray(0, 1000))).toBeLessThan(20);
    const [found, searching] = timed(() => pathRows(tree, trace, some({ end: 'exit' }), SHUT));
    expect(found.matches).toBeGreaterThan(90_000);
    expect(growing).toBeLessThan(3000);
    expect(laying).toBeLessThan(250);
    expect(searching).toBeLessThan(250);
  });
});
