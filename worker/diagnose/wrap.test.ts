import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrap } from './wrap.ts';

describe('wrapping', () => {
  it('breaks at the last space that fits, as in a recorded report', () => {
    const text =
      'Preserve a pointer-valued register where needed, or reload and revalidate the pointer after scalar arithmetic, ' +
      'helper calls, or other operations that can invalidate it.';
    expect(wrap(text, '  ')).toBe(
      '  Preserve a pointer-valued register where needed, or reload and revalidate the pointer after scalar\n' +
        '  arithmetic, helper calls, or other operations that can invalidate it.\n',
    );
  });

  it('has another prefix for the lines that follow', () => {
    const remark = 'update: R0 changed from uninitialized value to trusted_ptr_or_null_ type=(struct vm_area_struct) at offset 0';
    expect(wrap(remark, '         | ^-- ', '         |     ')).toBe(
      '         | ^-- update: R0 changed from uninitialized value to trusted_ptr_or_null_ type=(struct\n' +
        '         |     vm_area_struct) at offset 0\n',
    );
  });

  it('cuts words that are longer than a line', () => {
    expect(wrap('x'.repeat(150), '  ')).toBe(`  ${'x'.repeat(98)}\n  ${'x'.repeat(52)}\n`);
  });

  it('takes a word that ends with the line', () => {
    const word = 'y'.repeat(98);
    expect(wrap(`${word} z`, '  ')).toBe(`  ${word}\n  z\n`);
  });

  it('keeps newlines and says nothing of nothing', () => {
    expect(wrap('one\ntwo', '')).toBe('one\ntwo\n');
    expect(wrap('', '  ')).toBe('');
  });

  it('loses nothing but spaces', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 130 })), fc.nat(99), (words, indent) => {
        const prefix = ' '.repeat(indent);
        const lines = wrap(words.join(' '), prefix).split('\n');
        expect(lines.pop()).toBe('');
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
        expect(lines.map((line) => line.slice(indent)).join('').replaceAll(' ', '')).toBe(words.join(''));
      }),
    );
  });
});
