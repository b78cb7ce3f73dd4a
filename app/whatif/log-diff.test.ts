import { describe, expect, it } from 'vitest';
import { diffLogs } from './log-diff.ts';
import { sideRows } from './side-rows.ts';

const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, i) => `line ${from + i}`);

describe('the difference of two logs', () => {
  it('is empty where only ids of types and times differ', () => {
    expect(
      diffLogs(
        ['1: (85) call f#12345', 'verification time 3 usec'],
        ['1: (85) call f#54321', 'verification time 9 usec'],
      ),
    ).toEqual([]);
  });

  it('shows a few lines around what differs', () => {
    const lines = diffLogs([...numbered(0, 20), 'old'], [...numbered(0, 20), 'new', 'more'])!;
    expect(lines[0]).toEqual({ kind: 'gap', lines: 17 });
    expect(lines.slice(1, 4).map((line) => line.kind)).toEqual(['same', 'same', 'same']);
    expect(lines.slice(4)).toEqual([
      { kind: 'left', text: 'old' },
      { kind: 'right', text: 'new' },
      { kind: 'right', text: 'more' },
    ]);
  });

  it('leaves lines out only where that is shorter', () => {
    expect(
      diffLogs(['a', ...numbered(0, 7), 'b'], ['x', ...numbered(0, 7), 'y'])!.filter(
        (line) => line.kind === 'gap',
      ),
    ).toEqual([]);
    expect(
      diffLogs(['a', ...numbered(0, 8), 'b'], ['x', ...numbered(0, 8), 'y'])!.filter(
        (line) => line.kind === 'gap',
      ),
    ).toEqual([{ kind: 'gap', lines: 2 }]);
  });
});

it('puts two states side by side', () => {
  const view = (text: string, held: boolean) =>
    ({
      frames: [
        {
          frameno: 0,
          regs: [
            { name: 'R1', text },
            { name: 'R2', text: 'uninit' },
          ],
          stack: [],
        },
      ],
      held: held ? [{ kind: 'lock', id: 2, label: 'lock in m' }] : [],
    }) as unknown as Parameters<typeof sideRows>[0];
  expect(sideRows(view('1', true), view('2', false))).toEqual([
    { name: 'R1', left: '1', right: '2', differs: true },
    { name: 'held: lock in m', left: 'lock in m, id 2', right: 'not held', differs: true },
  ]);
  expect(sideRows(null, view('2', false))).toEqual([
    { name: 'R1', left: 'uninit', right: '2', differs: true },
  ]);
});
