/** Test support: the recorded encodings, and random legal programs. Not part of the product. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Insns } from './insns.ts';
import type { Slot } from './instruction.ts';
import { toInsns } from './encode.ts';
import * as op from './opcodes.ts';
import { ATOMICS, OPCODES, type OpRow } from './table.ts';

/** A row of `golden.tsv`; `llvm` is null where LLVM has no spelling. */
export interface GoldenRow {
  readonly hex: string;
  readonly llvm: string | null;
  readonly kernel: string;
}

/** All 260 rows. */
export function goldenRows(): GoldenRow[] {
  const text = readFileSync(new URL('./golden.tsv', import.meta.url), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [hex, llvm, kernel] = line.split('\t');
      return { hex, llvm: llvm === '-' ? null : llvm, kernel };
    });
}

/** Instructions from hex digits (blanks allowed). */
export const fromHex = (hex: string): Insns =>
  Insns.fromBytes(Uint8Array.from(hex.replace(/\s/g, '').match(/../g) ?? [], (h) => parseInt(h, 16)));
/** Instructions as hex digits. */
export const toHex = (insns: Insns): string =>
  [...insns.toBytes()].map((b) => b.toString(16).padStart(2, '0')).join('');

const s32 = fc.oneof(
  fc.integer({ min: -0x80000000, max: 0x7fffffff }),
  fc.integer({ min: -70, max: 70 }),
  fc.constantFrom(-0x80000000, 0x7fffffff, -1, 0),
);
const s16 = fc.oneof(fc.integer({ min: -0x8000, max: 0x7fff }), fc.integer({ min: -70, max: 70 }));
const reg = fc.integer({ min: 0, max: 10 });
const pick = (values: readonly number[] | undefined, other: fc.Arbitrary<number>): fc.Arbitrary<number> =>
  values ? fc.constantFrom(...values) : other;

function oneOf(row: OpRow): fc.Arbitrary<Slot[]> {
  const one = (
    dst: fc.Arbitrary<number>,
    src: fc.Arbitrary<number>,
    off: fc.Arbitrary<number>,
    imm: fc.Arbitrary<number>,
  ): fc.Arbitrary<Slot[]> => fc.record({ code: fc.constant(row.code), dst, src, off, imm }).map((s) => [s]);
  const zero = fc.constant(0);
  switch (row.shape) {
    case 'ld_imm64':
      return fc.tuple(reg, fc.integer({ min: 0, max: 6 }), s32, s32).map(([dst, src, imm, high]) => [
        { code: row.code, dst, src, off: 0, imm },
        { code: 0, dst: 0, src: 0, off: 0, imm: src === 1 || src === 5 ? 0 : high },
      ]);
    case 'atomic':
      return one(
        reg,
        reg,
        s16,
        fc.constantFrom(...ATOMICS.filter((a) => a.sizes.includes(row.bits)).map((a) => a.imm)),
      );
    case 'mov':
      if (row.code === op.OP_MOV64_X)
        return fc.oneof(
          one(reg, reg, fc.constant(1), fc.constantFrom(1, 1 << 16)),
          one(reg, reg, fc.constantFrom(0, 8, 16, 32), zero),
        );
      break;
    case 'call':
      return fc.oneof(
        one(zero, fc.constantFrom(0, 1), zero, s32),
        one(zero, fc.constant(2), fc.oneof(zero, s16), s32),
      );
    case 'exit':
      return one(zero, zero, zero, zero);
    case 'ldx':
      if (row.bits === 64)
        return fc.oneof(
          one(reg, reg, s16, zero),
          one(
            reg,
            fc.constant(11),
            fc.integer({ min: 1, max: 4095 }).map((n) => n * 8),
            zero,
          ),
        );
      break;
    case 'st':
    case 'stx':
      if (row.bits === 64)
        return fc.oneof(
          one(reg, row.x ? reg : zero, s16, row.x ? zero : s32),
          one(
            fc.constant(11),
            row.x ? reg : zero,
            fc.integer({ min: -4096, max: -1 }).map((n) => n * 8),
            row.x ? zero : s32,
          ),
        );
      break;
  }
  const group = row.fields[row.fields.length - 1];
  const hasDst = row.shape !== 'ja' && row.shape !== 'gotol';
  return one(
    hasDst ? pick(group.dst, reg) : zero,
    pick(group.src, row.x ? reg : zero),
    pick(group.off, s16),
    pick(group.imm, s32),
  );
}

/** The slots of one random legal instruction, every opcode equally likely. */
export const legalInsn: fc.Arbitrary<Slot[]> = fc.constantFrom(...OPCODES).chain(oneOf);
/** A random sequence of legal instructions; jumps go anywhere. */
export const legalInsns: fc.Arbitrary<Insns> = fc
  .array(legalInsn, { minLength: 1, maxLength: 12 })
  .map((all) => toInsns(all.flat()));
