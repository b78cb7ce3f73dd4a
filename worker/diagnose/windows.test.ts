import { describe, expect, it } from 'vitest';
import { Facts } from '../cfg/facts.ts';
import { Insns } from '../isa/insns.ts';
import { OP_EXIT, OP_LD_IMM64 } from '../isa/opcodes.ts';
import type { Program } from '../program/program.ts';
import { fit, place } from './windows.ts';

describe('lines of source', () => {
  it('end in an ellipsis where they do not fit', () => {
    expect(fit('0123456789', 10)).toBe('0123456789');
    expect(fit('0123456789a', 10)).toBe('0123456...');
    expect(fit('abc', 2)).toBe('..');
  });

  it('have tabs of eight columns', () => {
    expect(fit('\tif (x)', 40)).toBe('        if (x)');
    expect(fit('ab\tc', 40)).toBe('ab      c');
    expect(fit('        \tc', 40)).toBe('                c');
  });

  it('are measured in bytes', () => {
    expect(fit('äää', 6)).toBe('äää');
    expect(fit('äääb', 6)).toBe('ä\ufffd...');
  });
});

/** `count` exits; the slots in `wide` hold wide loads. */
function setting(count: number, wide: readonly number[] = []) {
  const insns = new Insns(count);
  for (let i = 0; i < count; i++) insns.set(i, OP_EXIT, 0, 0, 0, 0);
  for (const i of wide) {
    insns.set(i, OP_LD_IMM64, 1, 0, 0, 0);
    insns.set(i + 1, 0, 0, 0, 0, 0);
  }
  const facts = new Facts(insns);
  return { program: { lineInfo: [], btf: null } as unknown as Program, facts, print: (i: number) => `insn at ${i}` };
}

describe('a place without source', () => {
  it('shows two instructions to either side', () => {
    expect(place(setting(11), 9, 'error', 'wrong')).toBe(
      [
        '  insn 9',
        '       | ^-- error: wrong',
        '  Instruction context:',
        '       7 | insn at 7',
        '       8 | insn at 8',
        '  >>>  9 | insn at 9',
        '      10 | insn at 10',
        '',
      ].join('\n'),
    );
  });

  it('leaves out the second halves of wide loads', () => {
    const text = place(setting(6, [1]), 3, 'error', 'wrong');
    expect(text).not.toContain(' 2 | ');
    expect(text).toContain('      1 | insn at 1\n  >>> 3 | insn at 3\n');
  });

  it('cuts long instructions', () => {
    const long = { ...setting(1), print: () => 'x'.repeat(200) };
    expect(place(long, 0, 'error', 'wrong')).toContain(`  >>> 0 | ${'x'.repeat(159)}\n`);
  });
});
