import fc from 'fast-check';
import { describe as suite, expect, test } from 'vitest';
import { formatKernel } from '../failure/format.ts';
import { decode } from './decode.ts';
import { describe } from './describe.ts';
import { encode, toInsns } from './encode.ts';
import { callMasks, def32, jumpTarget, readsWrites, starts, successors } from './flow.ts';
import { Insns } from './insns.ts';
import { printKernel } from './kernel-print.ts';
import { illegal, illegalAtomic } from './legality.ts';
import { printLlvm } from './llvm-print.ts';
import { OPCODES, opRow } from './table.ts';
import { fromHex, goldenRows, legalInsn, legalInsns, toHex } from './testing.ts';

const HELPERS: Record<number, string> = { 0: 'bpf_unspec', 1: 'bpf_map_lookup_elem', 12: 'bpf_tail_call' };
const wide = (insns: Insns) => (i: number) =>
  (BigInt(insns.imm[i + 1] >>> 0) << 32n) | BigInt(insns.imm[i] >>> 0);

suite('table', () => {
  test('has the 129 opcodes of the kernel, each once', () => {
    const kernel = [
      '18 20 28 30 40 48 50 61 69 71 79 81 89 91 62 6a 72 7a 63 6b 73 7b c3 cb d3 db',
      '04 14 24 34 44 54 64 74 84 94 a4 b4 c4 d4 0c 1c 2c 3c 4c 5c 6c 7c 9c ac bc cc dc',
      '07 17 27 37 47 57 67 77 87 97 a7 b7 c7 d7 0f 1f 2f 3f 4f 5f 6f 7f 9f af bf cf',
      '05 0d 85 95 e5 15 25 35 45 55 65 75 a5 b5 c5 d5 1d 2d 3d 4d 5d 6d 7d ad bd cd dd',
      '06 16 26 36 46 56 66 76 a6 b6 c6 d6 1e 2e 3e 4e 5e 6e 7e ae be ce de',
    ]
      .join(' ')
      .split(' ')
      .map((h) => parseInt(h, 16))
      .sort((a, b) => a - b);
    expect(OPCODES.map((r) => r.code).sort((a, b) => a - b)).toEqual(kernel);
    expect(kernel).toHaveLength(129);
  });
});

suite('golden encodings', () => {
  const rows = goldenRows();
  const spellings = new Map<string, string[]>();
  for (const r of rows) if (r.llvm) spellings.set(r.hex, [...(spellings.get(r.hex) ?? []), r.llvm]);
  test('are 260', () => expect(rows).toHaveLength(260));
  test.each(rows)('$hex: $kernel', ({ hex, llvm, kernel }) => {
    const insns = fromHex(hex);
    expect(printKernel(insns, 0, { helper: (id) => HELPERS[id] ?? null, value: wide(insns) })).toBe(kernel);
    if (llvm !== null) expect(spellings.get(hex)).toContain(printLlvm(insns, 0));
    const insn = decode(insns, 0);
    if (insn !== null) expect(toHex(toInsns(encode(insn)))).toBe(hex);
    if (llvm !== null) expect(insn).not.toBeNull();
  });
  test('only the forms the kernel rewrites or never had are illegal', () => {
    const bad = rows.filter((r) => illegal(fromHex(r.hex), 0) !== null).map((r) => r.hex.slice(0, 8));
    expect(bad).toEqual(['8d030000', 'bf21ffff', 'c2000000']);
  });
});

suite('random legal instructions', () => {
  test('are legal, decode, and encode to the same slots', () => {
    fc.assert(
      fc.property(legalInsn, (slots) => {
        const insns = toInsns(slots);
        expect(illegal(insns, 0)).toBeNull();
        const insn = decode(insns, 0);
        expect(insn).not.toBeNull();
        expect(encode(insn!)).toEqual(slots);
        expect(describe(insns, 0).problem).toBeNull();
        expect(printKernel(insns, 0)).not.toContain('BUG');
      }),
      { numRuns: 2000 },
    );
  });
  test('bytes round-trip, and starts() skips second slots', () => {
    fc.assert(
      fc.property(legalInsns, (insns) => {
        expect(toHex(Insns.fromBytes(insns.toBytes()))).toBe(toHex(insns));
        for (const i of starts(insns)) expect(opRow(insns.code[i])).not.toBeNull();
      }),
    );
  });
  test('any 8 bytes either decode exactly or not at all', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
        const insns = Insns.fromBytes(bytes);
        const insn = decode(insns, 0);
        if (insn === null) expect(printLlvm(insns, 0)).toMatch(/^\.8byte 0x[0-9a-f]{16}$/);
        else expect(toHex(toInsns(encode(insn)))).toBe(toHex(insns).slice(0, encode(insn).length * 16));
        printKernel(insns, 0);
        describe(insns, 0);
      }),
      { numRuns: 2000 },
    );
  });
});

suite('illegal encodings', () => {
  const message = (hex: string): string | null => {
    const bad = illegal(fromHex(hex), 0);
    return bad && formatKernel(bad.rule.text, bad.args);
  };
  // [hex, the kernel's message]; each row breaks one rule, or two in the order that the kernel checks.
  test.each([
    ['b70b000000000000', 'R11 is invalid\n'],
    ['bfb1000000000000', 'R11 is invalid\n'],
    ['bffe000000000000', 'R14 is invalid\n'],
    ['ff0c000000000000', 'R12 is invalid\n'],
    ['79b1000000000000', 'R11 is invalid\n'],
    ['79b1f8ff00000000', 'R11 is invalid\n'],
    ['7b1b080000000000', 'R11 is invalid\n'],
    ['7a0bfcff00000000', 'R11 is invalid\n'],
    ['621bf8ff00000000', 'R11 is invalid\n'],
    ['1801000000000000', 'invalid bpf_ld_imm64 insn\n'],
    ['18010000000000009500000000000000', 'invalid bpf_ld_imm64 insn\n'],
    ['18010000000000000001000000000000', 'invalid bpf_ld_imm64 insn\n'],
    ['18010000000000000000010000000000', 'invalid bpf_ld_imm64 insn\n'],
    ['18010100000000000000000000000000', 'BPF_LD_IMM64 uses reserved fields\n'],
    ['18110000000000000000000001000000', 'unrecognized bpf_ld_imm64 insn\n'],
    ['18510000000000000000000001000000', 'unrecognized bpf_ld_imm64 insn\n'],
    ['18710000000000000000000000000000', 'unrecognized bpf_ld_imm64 insn\n'],
    ['0000000000000000', 'unknown opcode 00\n'],
    ['8d03000000000000', 'unknown opcode 8d\n'],
    ['9900000000000000', 'unknown opcode 99\n'],
    ['df00000010000000', 'unknown opcode df\n'],
    ['9600000000000000', 'unknown opcode 96\n'],
    ['8701000001000000', 'BPF_NEG uses reserved fields\n'],
    ['8711000000000000', 'BPF_NEG uses reserved fields\n'],
    ['8401010000000000', 'BPF_NEG uses reserved fields\n'],
    ['d401000008000000', 'BPF_END uses reserved fields\n'],
    ['d411000010000000', 'BPF_END uses reserved fields\n'],
    ['d701010010000000', 'BPF_END uses reserved fields\n'],
    ['bf21000001000000', 'BPF_MOV uses reserved fields\n'],
    ['bf21ffff00000000', 'BPF_MOV uses reserved fields\n'],
    ['bc21200000000000', 'BPF_MOV uses reserved fields\n'],
    ['bc21010001000000', 'BPF_MOV uses reserved fields\n'],
    ['b721000000000000', 'BPF_MOV uses reserved fields\n'],
    ['b701080000000000', 'BPF_MOV uses reserved fields\n'],
    ['bf21010000000000', 'addr_space_cast insn can only convert between address space 1 and 0\n'],
    ['bf21010002000000', 'addr_space_cast insn can only convert between address space 1 and 0\n'],
    ['0f21000001000000', 'BPF_ALU uses reserved fields\n'],
    ['0f21010000000000', 'BPF_ALU uses reserved fields\n'],
    ['3f21020000000000', 'BPF_ALU uses reserved fields\n'],
    ['0721000000000000', 'BPF_ALU uses reserved fields\n'],
    ['7921000001000000', 'BPF_LDX uses reserved fields\n'],
    ['9121000001000000', 'BPF_LDX uses reserved fields\n'],
    ['7b21000001000000', 'BPF_STX uses reserved fields\n'],
    ['7a21000001000000', 'BPF_ST uses reserved fields\n'],
    ['3001000000000000', 'BPF_LD_[ABS|IND] uses reserved fields\n'],
    ['3010000000000000', 'BPF_LD_[ABS|IND] uses reserved fields\n'],
    ['5010010000000000', 'BPF_LD_[ABS|IND] uses reserved fields\n'],
    ['8530000000000000', 'BPF_CALL uses reserved fields\n'],
    ['8501000000000000', 'BPF_CALL uses reserved fields\n'],
    ['8500010000000000', 'BPF_CALL uses reserved fields\n'],
    ['8510010000000000', 'BPF_CALL uses reserved fields\n'],
    ['0500000001000000', 'BPF_JA uses reserved fields\n'],
    ['0510000000000000', 'BPF_JA uses reserved fields\n'],
    ['0600010000000000', 'BPF_JA uses reserved fields\n'],
    ['0d13000000000000', 'BPF_JA|BPF_X uses reserved fields\n'],
    ['0d03010000000000', 'BPF_JA|BPF_X uses reserved fields\n'],
    ['9500000001000000', 'BPF_EXIT uses reserved fields\n'],
    ['9501000000000000', 'BPF_EXIT uses reserved fields\n'],
    ['e500000007000000', 'invalid may_goto imm 7\n'],
    ['e510000000000000', 'invalid may_goto imm 0\n'],
    ['1d21000001000000', 'BPF_JMP/JMP32 uses reserved fields\n'],
    ['1621000000000000', 'BPF_JMP/JMP32 uses reserved fields\n'],
  ])('%s: %s', (hex, expected) => expect(message(hex)).toBe(expected));

  test.each([
    ['7b1bf8ff00000000'],
    ['7a0bf0ff07000000'],
    ['79b2080000000000'],
    ['8520010002000000'],
    ['9500010000000000'],
    ['db210000ff000000'],
  ])('%s is well-formed', (hex) => expect(message(hex)).toBeNull());

  test('atomics are checked by operation and size', () => {
    const of = (hex: string) => {
      const bad = illegalAtomic(fromHex(hex), 0);
      return bad && formatKernel(bad.rule.text, bad.args);
    };
    expect(of('db210000ff000000')).toBe('BPF_ATOMIC uses invalid atomic opcode ff\n');
    expect(of('db21000010000000')).toBe('BPF_ATOMIC uses invalid atomic opcode 10\n');
    expect(of('d321000001000000')).toBe('invalid atomic operand size\n');
    expect(of('d321000000010000')).toBeNull();
  });
});

suite('kernel print of what is not legal', () => {
  test.each([
    ['0000000000000000', 'BUG_ld_00'],
    ['9900000000000000', 'BUG_ldx_99'],
    ['0200000000000000', 'BUG_st_02'],
    ['0300000000000000', 'BUG_03'],
    ['db210000ff000000', 'BUG_db'],
    ['8530000005000000', '(85) call unknown#5'],
    ['fb21080001000000', '(fb) probe r2 = atomic64_fetch_add((u64 *)(r1 +8), r2)'],
    ['9600000000000000', '(96) if w0 exit 0x0 goto pc+0'],
    ['ff21000000000000', '(ff) r1 (null) r2'],
  ])('%s: %s', (hex, text) => expect(printKernel(fromHex(hex), 0)).toBe(text));
  test('addresses of maps are hidden by default', () => {
    expect(printKernel(fromHex('18110000070000000000000000000000'), 0)).toBe('(18) r1 = 0x0');
    expect(printKernel(fromHex('18410000070000000000000000000000'), 0)).toBe('(18) r1 = 0x7');
  });
  test('kfuncs by name', () =>
    expect(printKernel(fromHex('852000002a000000'), 0, { kfunc: () => 'bpf_task_acquire' })).toBe(
      '(85) call bpf_task_acquire#42',
    ));
});

suite('registers read and written', () => {
  const masks = (hex: string) => {
    const { use, def } = readsWrites(fromHex(hex), 0);
    return [(use >>> 0).toString(16), (def >>> 0).toString(16)];
  };
  // Bits 0-15: low halves, 16-31: upper halves.
  test.each([
    ['0f21000000000000', '60006', '20002'],
    ['0c21000000000000', '6', '20002'],
    ['bc21000000000000', '4', '20002'],
    ['b701000005000000', '0', '20002'],
    ['7b21000000000000', '60006', '0'],
    ['7321000000000000', '20006', '0'],
    ['7921000000000000', '40004', '20002'],
    ['db210000f1000000', '70007', '10001'],
    ['c3210000f1000000', '20007', '10001'],
    ['c321000001000000', '20006', '40004'],
    ['db12000000010000', '20002', '40004'],
    ['d321000010010000', '20006', '0'],
    ['1e21000000000000', '6', '0'],
    ['9500000000000000', '10001', '0'],
    ['3000000000000000', 'ffffffff', '0'],
    ['8500000001000000', '3e003e', '3f003f'],
    ['0d03000000000000', '80008', '0'],
    ['d401000010000000', '20002', '20002'],
  ])('%s reads %s writes %s', (hex, use, def) => expect(masks(hex)).toEqual([use, def]));
  test('calls with known parameters', () => expect(callMasks(2).use).toBe(0x60006));
  test.each([
    ['b401000000000000', 1],
    ['b701000000000000', -1],
    ['6121000000000000', 1],
    ['8121000000000000', -1],
    ['7921000000000000', -1],
    ['c321000001000000', 2],
    ['c321000000000000', -1],
    ['c3210000f1000000', 0],
    ['c312000000010000', 2],
    ['db21000001000000', -1],
    ['d401000010000000', 1],
    ['d401000040000000', -1],
    ['d702000020000000', 2],
    ['bf21010001000000', 1],
    ['bf21010000000100', -1],
    ['8403000000000000', 3],
    ['3000000004000000', 0],
    ['8500000001000000', -1],
  ])('%s defines the low half of %i', (hex, r) => expect(def32(fromHex(hex), 0)).toBe(r));
});

test('control flow', () => {
  const insns = fromHex(
    '15010100 00000000 18010000 00000000 00000000 00000000 0500fdff 00000000 95000000 00000000',
  );
  expect(jumpTarget(insns, 0)).toBe(2);
  expect(successors(insns, 0)).toEqual([1, 2]);
  expect(successors(insns, 1)).toEqual([3]);
  expect(successors(insns, 3)).toEqual([1]);
  expect(successors(insns, 4)).toEqual([]);
});
