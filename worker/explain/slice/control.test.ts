import { describe, expect, test } from 'vitest';
import { postDominators } from './control.ts';

/** A graph written `0>1 1>2,3 …`. */
function graph(text: string): { nodes: number[]; after: (node: number) => readonly number[] } {
  const edges = new Map(
    text.split(' ').map((part) => [
      Number(part.split('>')[0]),
      (part.split('>')[1] ?? '')
        .split(',')
        .filter((n) => n !== '')
        .map(Number),
    ]),
  );
  return { nodes: [...edges.keys()], after: (node) => edges.get(node) ?? [] };
}

/** By definition: `b` is on every way from `a` to an end. */
function onEveryWay({ after }: ReturnType<typeof graph>, a: number, b: number): boolean {
  const seen = new Set<number>();
  const escapes = (node: number): boolean => {
    if (node === b || seen.has(node)) return false;
    seen.add(node);
    const next = after(node);
    return next.length === 0 || next.some(escapes);
  };
  return a === b || !escapes(a);
}

describe('post-dominators', () => {
  test.each([
    '0>1 1>2,3 2>4 3>4 4>',
    '0>1,5 1>2 2>3,1 3>4 4> 5>4',
    '0>1 1>2,3 2>1 3>4,0 4>',
    '0>1,2 1> 2>3,4 3>5 4>5 5>',
  ])('%s: as by definition', (text) => {
    const g = graph(text);
    const dominators = postDominators(g.nodes, g.after);
    const chain = (node: number): number[] => {
      const found: number[] = [];
      for (let at = node; at >= 0; at = dominators.get(at)!) found.push(at);
      return found;
    };
    for (const a of g.nodes)
      expect(chain(a).sort((x, y) => x - y)).toEqual(g.nodes.filter((b) => onEveryWay(g, a, b)));
  });
});
