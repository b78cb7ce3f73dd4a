import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromHex, legalInsns, toHex } from '../isa/testing.ts';
import { assemble } from './assemble.ts';
import { disassemble } from './disassemble.ts';
import { formatSource } from './format-source.ts';
import { printHex } from './hex.ts';
import { printMacros } from './print-macros.ts';

describe('formatSource', () => {
  test('aligns labels, instructions and comments', () => {
    const text = `.prog   tc   // kind
.c
struct val {   int cnt; };   // keep
.endc
main:  r0=0 // zero
   if   r0 == 0   goto out     // comment
# whole line
   /* block
  comment */ exit
out: r1 = 'x' ; exit
a_very_long_label: exit
   12: (b7) r1 = 5 ; R1=5
`;
    expect(formatSource(text)).toBe(`.prog tc                        // kind
.c
struct val {   int cnt; };   // keep
.endc
main:   r0=0                    // zero
        if r0 == 0 goto out     // comment
# whole line
   /* block
  comment */ exit
out:    r1 = 'x' ; exit
a_very_long_label: exit
   12: (b7) r1 = 5 ; R1=5
`);
  });

  const blank = fc.constantFrom('', ' ', '   ', '\t');
  const mangled = fc
    .tuple(
      legalInsns,
      fc.array(fc.tuple(blank, blank, fc.constantFrom('', '// c', '# c', '/* c */')), {
        minLength: 40,
        maxLength: 40,
      }),
    )
    .map(([insns, marks]) =>
      disassemble(insns)
        .split('\n')
        .map((line, i) => {
          const [before, after, comment] = marks[i % marks.length];
          return line === '' ? line : before + line + after + (comment && ` ${comment}`);
        })
        .join('\n'),
    );
  test('keeps the meaning and is idempotent', () => {
    fc.assert(
      fc.property(mangled, (text) => {
        const once = formatSource(text);
        expect(formatSource(once)).toBe(once);
        const [before, after] = [assemble(text), assemble(once)];
        expect(before.errors).toEqual([]);
        expect(after.errors).toEqual([]);
        expect(toHex(after.insns)).toBe(toHex(before.insns));
      }),
      { numRuns: 500 },
    );
  });
  test('tables stand at the margin', () => {
    expect(formatSource('  .jumptable  t  a,  b   // two\na: exit')).toBe('.jumptable t a, b               // two\na:      exit');
  });
  test('only blanks change, whatever the text', () => {
    const line = fc
      .array(
        fc.constantFrom(
          'r1',
          '=',
          ' ',
          '\t',
          '5',
          '//',
          '#',
          '/*',
          '*/',
          ';',
          "'",
          '"',
          'l:',
          '.x',
          '.c',
          '.endc',
          '(b7)',
          '1:',
          '\u00e9',
        ),
        { maxLength: 8 },
      )
      .map((w) => w.join(''));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.join('\n');
        const once = formatSource(text);
        expect(once.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        expect(formatSource(once)).toBe(once);
        expect(once.split('\n')).toHaveLength(lines.length || 1);
      }),
      { numRuns: 3000 },
    );
  });
});

test('disassemble names functions, callees, symbols and jump targets', () => {
  const insns = fromHex(
    '18110000000000000000000000000000 8500000001000000 1500010000000000 8510000001000000 9500000000000000 8520000000000000 9500000000000000'.replace(
      / /g,
      '',
    ),
  );
  const text = disassemble(insns, {
    helper: (id) => (id === 1 ? 'bpf_map_lookup_elem' : null),
    kfunc: () => 'bpf_rcu_read_lock',
    symbol: (i) => (i === 0 ? 'counts' : null),
    func: (slot) => (slot === 0 ? 'main' : null),
  });
  expect(text).toBe(`main:
        r1 = counts ll
        call bpf_map_lookup_elem
        if r0 == 0 goto L5
        call func_6
L5:     exit

func_6:
        call bpf_rcu_read_lock
        exit
`);
});

test('exports as macros and hex', () => {
  const insns = assemble(
    'r1 = 5; r2 s/= -3; *(u32 *)(r10 - 4) = 7; r0 = atomic_fetch_add((u64 *)(r1 + 8), r0); if w1 s> 3 goto +1; call 1; r1 = 0x1122334455667788 ll; exit',
  ).insns;
  expect(printMacros(insns, { helper: () => 'bpf_map_lookup_elem' })).toBe(`\tBPF_MOV64_IMM(BPF_REG_1, 5),
\tBPF_ALU64_IMM_OFF(BPF_DIV, BPF_REG_2, -3, 1),
\tBPF_ST_MEM(BPF_W, BPF_REG_10, -4, 7),
\tBPF_ATOMIC_OP(BPF_DW, BPF_ADD | BPF_FETCH, BPF_REG_1, BPF_REG_0, 8),
\tBPF_JMP32_IMM(BPF_JSGT, BPF_REG_1, 3, 1),
\tBPF_EMIT_CALL(BPF_FUNC_map_lookup_elem),
\tBPF_LD_IMM64(BPF_REG_1, 0x1122334455667788),
\tBPF_EXIT_INSN(),
`);
  expect(printHex(fromHex('b701000005000000'))).toBe('b7 01 00 00 05 00 00 00\n');
  expect(printHex(fromHex('b701000005000000'), 'c-array')).toBe(
    '0xb7, 0x01, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00,\n',
  );
  expect(printHex(fromHex('b7010000050000009500000000000000'), 'xxd')).toBe(
    '00000000: b701 0000 0500 0000 9500 0000 0000 0000  ................\n',
  );
});
