import { describe, expect, test } from 'vitest';
import type { InsnView, VerifyResult } from '../../worker/protocol.ts';
import type { GraphView } from '../../worker/protocol/graph.ts';
import { layOut } from './layout.ts';
import { blockOf, neighbourhood, restrict, shapesOf } from './shape.ts';
import { begin, fit, nearest, pan, pathData, reveal, zoom } from './view.ts';

/** A chain of blocks of two instructions, each with a way to the next one. */
function chain(blocks: number): GraphView {
  return {
    subprog: 0,
    blocks: Array.from({ length: blocks }, (_, i) => ({ insns: [i * 2, i * 2 + 1], calls: [] })),
    edges: Array.from({ length: blocks - 1 }, (_, i) => ({
      from: i * 2,
      to: i * 2 + 2,
      kind: 'fall' as const,
      back: false,
      walks: 1,
    })),
  };
}

const insn = (index: number): InsnView => ({
  index,
  kernel: '',
  llvm: `r${index % 10} = ${index}`,
  bytes: '',
  span: null,
  subprog: 0,
  live: '',
  scc: 0,
  prunePoint: index === 0,
  visits: index,
});

const resultOf = (count: number) =>
  ({ insns: Array.from({ length: count }, (_, i) => insn(i)) }) as unknown as VerifyResult;

describe('what is shown of a graph', () => {
  test('the neighbourhood of a block, and no more', () => {
    const graph = chain(1000);
    const part = neighbourhood(graph, 500, 7);
    expect([...part].sort((a, b) => a - b)).toEqual([494, 496, 498, 500, 502, 504, 506]);
    const shown = restrict(graph, part);
    expect(shown.blocks).toHaveLength(7);
    expect(shown.edges).toHaveLength(6);
    expect(blockOf(shown, 501)).toBe(500);
    expect(blockOf(shown, 3)).toBe(-1);
  });

  test('long blocks show their ends', () => {
    const long: GraphView = {
      subprog: 0,
      blocks: [{ insns: Array.from({ length: 100 }, (_, i) => i), calls: [{ insn: 3, subprog: 1 }] }],
      edges: [],
    };
    const [shape] = shapesOf(long, resultOf(100));
    expect(shape!.lines).toHaveLength(16);
    expect(shape!.lines.flatMap(({ insns }) => insns)).toEqual(long.blocks[0]!.insns);
    expect(shape!.lines[10]!.text).toBe('… 85 more');
    expect(shape!.lines[3]!.calls).toBe(1);
    expect(shape!.lines[0]!.prunePoint).toBe(true);
  });

  test('is laid out from top to bottom without overlaps, loops to itself beside the block', () => {
    const nodes = [
      { width: 100, height: 40 },
      { width: 80, height: 30 },
      { width: 120, height: 50 },
    ];
    const { nodes: at, edges } = layOut({
      id: 1,
      nodes,
      edges: [
        { from: 0, to: 1, weight: 1 },
        { from: 1, to: 1, weight: 1 },
        { from: 1, to: 2, weight: 1 },
        { from: 2, to: 0, weight: 1 },
      ],
    });
    expect(at[0]!.y + 40).toBeLessThan(at[1]!.y);
    expect(at[1]!.y + 30).toBeLessThan(at[2]!.y);
    const loop = edges[1]!;
    expect(Math.min(...loop.map(({ x }) => x))).toBe(at[1]!.x + 80);
    expect(loop.every(({ y }) => y >= at[1]!.y && y <= at[1]!.y + 30)).toBe(true);
    for (const points of edges) expect(pathData(points)).toMatch(/^M[-\d. ]+(?:[QL][-\d. ]+)+$/);
  });

  test('a few hundred blocks are laid out in reasonable time', () => {
    const count = 250;
    const edges = Array.from({ length: count - 1 }, (_, i) => ({ from: i, to: i + 1, weight: 3 }));
    for (let i = 0; i + 7 < count; i += 3) edges.push({ from: i, to: i + 7, weight: 1 });
    const began = process.cpuUsage().user;
    layOut({ id: 1, nodes: Array.from({ length: count }, () => ({ width: 200, height: 90 })), edges });
    expect((process.cpuUsage().user - began) / 1e6).toBeLessThan(8);
  });
});

describe('looking at it', () => {
  const window = { width: 400, height: 300 };

  test('fits, zooms around a point, pans', () => {
    const all = fit({ width: 800, height: 300 }, window);
    expect(all.scale).toBe(0.5);
    expect(all.x).toBeCloseTo(0, 9);
    expect(fit({ width: 80, height: 30 }, window).scale).toBe(1);
    const at = { x: 100, y: 50 };
    const closer = zoom(all, 2, at);
    // what was under the pointer is there still
    expect(closer.x + at.x / closer.scale).toBeCloseTo(all.x + at.x / all.scale, 9);
    expect(pan(all, { x: 10, y: 0 }).x).toBe(all.x - 20);
  });

  test('reveals what is out of sight, and stays where it is otherwise', () => {
    const view = { x: 0, y: 0, scale: 1 };
    expect(reveal(view, { x: 10, y: 10, width: 50, height: 50 }, window)).toBe(view);
    expect(reveal(view, { x: 1000, y: 1000, width: 50, height: 50 }, window)).toEqual({
      scale: 1,
      x: 825,
      y: 875,
    });
  });

  test('begins with all of a small graph, else where the walk stands, legible and without empty room', () => {
    const phone = { width: 390, height: 500 };
    const small = { width: 200, height: 400 };
    expect(begin(small, phone, { x: 0, y: 0, width: 100, height: 40 })).toEqual(fit(small, phone));
    const long = { width: 260, height: 9000 };
    const atStart = begin(long, phone, { x: 80, y: 0, width: 100, height: 40 });
    expect(atStart.scale).toBe(1);
    expect(atStart.y).toBeGreaterThanOrEqual(-20);
    const atEnd = begin(long, phone, { x: 80, y: 8960, width: 100, height: 40 });
    expect(atEnd.y + phone.height / atEnd.scale).toBeLessThanOrEqual(9020);
    const amid = begin(long, phone, { x: 80, y: 4000, width: 100, height: 40 });
    expect(amid.y).toBeLessThan(4000);
    expect(amid.y + phone.height / amid.scale).toBeGreaterThan(4040);
    const wide = begin({ width: 3000, height: 9000 }, phone, { x: 2800, y: 4000, width: 100, height: 40 });
    expect(wide.scale).toBe(0.8);
    expect(wide.x).toBeLessThan(2800);
    expect(wide.x + phone.width / wide.scale).toBeGreaterThan(2900);
  });

  test('finds the neighbour in a direction', () => {
    const box = (x: number, y: number) => ({ x, y, width: 10, height: 10 });
    const boxes = [box(0, 0), box(-50, 40), box(30, 40), box(0, 200)];
    expect(nearest(boxes, 0, 'down')).toBe(2);
    expect(nearest(boxes, 2, 'left')).toBe(1);
    expect(nearest(boxes, 3, 'up')).toBe(2);
    expect(nearest(boxes, 0, 'up')).toBe(-1);
  });
});
