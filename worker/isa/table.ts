import * as op from './opcodes.ts';
import type { OpRow, RegUse } from './op-row.ts';

export { ATOMICS, atomicRow, type AtomicName, type AtomicRow } from './atomics.ts';
export type { FieldGroup, FieldRuleName, OpRow, RegUse, Shape } from './op-row.ts';

const ZERO = [0] as const;
const DST64: RegUse = { field: 'dst', bits: 64 };
const SRC64: RegUse = { field: 'src', bits: 64 };
const dstOf = (bits: number): RegUse => ({ field: 'dst', bits: bits === 64 ? 64 : 32 });
const srcOf = (bits: number): RegUse => ({ field: 'src', bits: bits === 64 ? 64 : 32 });

/** name, operation, operator, sentence, and whether `off` 1 makes it signed. */
const ALU_OPS = [
  ['add', op.BPF_ADD, '+=', 'Adds S to D.', false],
  ['sub', op.BPF_SUB, '-=', 'Subtracts S from D.', false],
  ['mul', op.BPF_MUL, '*=', 'Multiplies D by S.', false],
  ['div', op.BPF_DIV, '/=', 'Divides D by S, unsigned; division by zero gives 0.', true],
  ['or', op.BPF_OR, '|=', 'Sets in D the bits that are set in S.', false],
  ['and', op.BPF_AND, '&=', 'Keeps in D only the bits that are set in S.', false],
  ['lsh', op.BPF_LSH, '<<=', 'Shifts D left by S bits; a register shift uses its low bits only.', false],
  ['rsh', op.BPF_RSH, '>>=', 'Shifts D right by S bits, filling with zeros.', false],
  [
    'mod',
    op.BPF_MOD,
    '%=',
    'Leaves in D the unsigned remainder of D divided by S; modulo zero leaves D.',
    true,
  ],
  ['xor', op.BPF_XOR, '^=', 'Flips in D the bits that are set in S.', false],
  ['arsh', op.BPF_ARSH, 's>>=', 'Shifts D right by S bits, filling with copies of the sign bit.', false],
] as const;

const JUMP_OPS = [
  ['jeq', op.BPF_JEQ, '==', 'D equals S', 1],
  ['jgt', op.BPF_JGT, '>', 'D is above S, unsigned', 1],
  ['jge', op.BPF_JGE, '>=', 'D is above or equal to S, unsigned', 1],
  ['jset', op.BPF_JSET, '&', 'D and S have a set bit in common', 1],
  ['jne', op.BPF_JNE, '!=', 'D differs from S', 1],
  ['jsgt', op.BPF_JSGT, 's>', 'D is greater than S, signed', 1],
  ['jsge', op.BPF_JSGE, 's>=', 'D is greater than or equal to S, signed', 1],
  ['jlt', op.BPF_JLT, '<', 'D is below S, unsigned', 2],
  ['jle', op.BPF_JLE, '<=', 'D is below or equal to S, unsigned', 2],
  ['jslt', op.BPF_JSLT, 's<', 'D is less than S, signed', 2],
  ['jsle', op.BPF_JSLE, 's<=', 'D is less than or equal to S, signed', 2],
] as const;

const SIZES = [
  [op.BPF_B, 8],
  [op.BPF_H, 16],
  [op.BPF_W, 32],
  [op.BPF_DW, 64],
] as const;

const WIDTHS = [
  [op.BPF_ALU64, op.BPF_JMP, 64],
  [op.BPF_ALU, op.BPF_JMP32, 32],
] as const;

type Partial0 = Partial<OpRow> &
  Pick<OpRow, 'code' | 'shape' | 'bits' | 'fields' | 'reads' | 'writes' | 'text'>;
const row = (r: Partial0): OpRow => ({ symbol: '', name: '', x: false, signed: false, cpu: 1, ...r });

function* rows(): Generator<OpRow> {
  for (const [alu, , bits] of WIDTHS) {
    const low = bits === 32 ? ' The upper 32 bits become zero.' : '';
    const cpu = bits === 32 ? 3 : 1;
    for (const [name, nibble, symbol, text, hasSigned] of ALU_OPS) {
      const off = hasSigned ? [0, 1] : ZERO;
      const common = { shape: 'alu', bits, symbol, name, cpu, writes: [DST64], text: text + low } as const;
      yield row({
        ...common,
        code: alu | nibble | op.BPF_K,
        fields: [{ rule: 'alu', src: ZERO, off }],
        reads: [dstOf(bits)],
      });
      yield row({
        ...common,
        code: alu | nibble | op.BPF_X,
        x: true,
        fields: [{ rule: 'alu', imm: ZERO, off }],
        reads: [dstOf(bits), srcOf(bits)],
      });
    }
    yield row({
      code: alu | op.BPF_MOV | op.BPF_K,
      shape: 'mov',
      bits,
      symbol: '=',
      name: 'mov',
      cpu,
      fields: [{ rule: 'mov', src: ZERO, off: ZERO }],
      reads: [],
      writes: [DST64],
      text:
        bits === 64 ? 'Sets D to the immediate, sign-extended to 64 bits.' : 'Sets D to the immediate.' + low,
    });
    yield row({
      code: alu | op.BPF_MOV | op.BPF_X,
      shape: 'mov',
      bits,
      symbol: '=',
      name: 'mov',
      cpu,
      x: true,
      reads: [srcOf(bits)],
      writes: [DST64],
      text: 'Copies S to D.' + low,
      fields:
        bits === 64
          ? [
              { when: { off: op.BPF_ADDR_SPACE_CAST }, rule: 'cast', imm: [1, 1 << 16] },
              { rule: 'mov', off: [0, 8, 16, 32], imm: ZERO },
            ]
          : [{ rule: 'mov', off: [0, 8, 16], imm: ZERO }],
    });
    yield row({
      code: alu | op.BPF_NEG,
      shape: 'neg',
      bits,
      name: 'neg',
      cpu,
      fields: [{ rule: 'neg', src: ZERO, off: ZERO, imm: ZERO }],
      reads: [dstOf(bits)],
      writes: [DST64],
      text: 'Negates D.' + low,
    });
  }
  const end = {
    shape: 'end',
    bits: 64,
    fields: [{ rule: 'end', src: ZERO, off: ZERO, imm: [16, 32, 64] }],
    reads: [DST64],
    writes: [DST64],
  } as const;
  yield row({
    ...end,
    code: op.BPF_ALU | op.BPF_END | op.BPF_TO_LE,
    name: 'le',
    text: 'Converts the low bits of D between host and little-endian order, and clears the rest.',
  });
  yield row({
    ...end,
    code: op.BPF_ALU | op.BPF_END | op.BPF_TO_BE,
    name: 'be',
    text: 'Converts the low bits of D between host and big-endian order, and clears the rest.',
  });
  yield row({
    ...end,
    code: op.BPF_ALU64 | op.BPF_END,
    name: 'bswap',
    cpu: 4,
    text: 'Reverses the low bytes of D, and clears the rest.',
  });

  yield row({
    code: op.OP_LD_IMM64,
    shape: 'ld_imm64',
    bits: 64,
    fields: [],
    reads: [],
    writes: [DST64],
    text: 'Sets D to a 64-bit immediate. Takes two slots.',
  });
  for (const [size, bits] of SIZES) {
    const symbol = `u${bits}`;
    if (bits !== 64) {
      const packet =
        'Legacy packet access: loads into r0 in host order; R6 must hold the context; r1 to r5 are lost.';
      yield row({
        code: op.BPF_LD | op.BPF_ABS | size,
        shape: 'ld_abs',
        bits,
        symbol,
        fields: [{ rule: 'ldAbsInd', dst: ZERO, off: ZERO, src: ZERO }],
        reads: [],
        writes: [{ field: 'r0', bits: 32 }],
        text: packet,
      });
      yield row({
        code: op.BPF_LD | op.BPF_IND | size,
        shape: 'ld_ind',
        bits,
        symbol,
        x: true,
        fields: [{ rule: 'ldAbsInd', dst: ZERO, off: ZERO }],
        reads: [SRC64],
        writes: [{ field: 'r0', bits: 32 }],
        text: packet,
      });
      yield row({
        code: op.BPF_LDX | op.BPF_MEMSX | size,
        shape: 'ldx',
        bits,
        symbol: `s${bits}`,
        signed: true,
        cpu: 4,
        fields: [{ rule: 'ldx', imm: ZERO }],
        reads: [SRC64],
        writes: [DST64],
        text: `Loads ${bits / 8} byte${bits > 8 ? 's' : ''} from memory, sign-extended to 64 bits.`,
      });
    }
    const count = `${bits / 8} byte${bits > 8 ? 's' : ''}`;
    yield row({
      code: op.BPF_LDX | op.BPF_MEM | size,
      shape: 'ldx',
      bits,
      symbol,
      fields: [{ rule: 'ldx', imm: ZERO }],
      reads: [SRC64],
      writes: [DST64],
      text: `Loads ${count} from memory${bits < 64 ? ', zero-extended to 64 bits' : ''}.`,
    });
    yield row({
      code: op.BPF_ST | op.BPF_MEM | size,
      shape: 'st',
      bits,
      symbol,
      fields: [{ rule: 'st', src: ZERO }],
      reads: [DST64],
      writes: [],
      text:
        bits === 64
          ? 'Stores the immediate, sign-extended to 8 bytes.'
          : `Stores the low ${count} of the immediate.`,
    });
    yield row({
      code: op.BPF_STX | op.BPF_MEM | size,
      shape: 'stx',
      bits,
      symbol,
      x: true,
      fields: [{ rule: 'stx', imm: ZERO }],
      reads: [DST64, srcOf(bits)],
      writes: [],
      text: `Stores the low ${count} of S.`,
    });
    yield row({
      code: op.BPF_STX | op.BPF_ATOMIC | size,
      shape: 'atomic',
      bits,
      symbol,
      x: true,
      cpu: bits < 32 ? 4 : bits === 32 ? 3 : 1,
      fields: [],
      reads: [],
      writes: [],
      text: `Atomic operation on ${count}.`,
    });
  }

  for (const [, jmp, bits] of WIDTHS) {
    for (const [name, nibble, symbol, text, cpu] of JUMP_OPS) {
      const common = {
        shape: 'jump',
        bits,
        symbol,
        name,
        cpu: bits === 32 ? 3 : cpu,
        writes: [],
        text: `Jumps if ${text}${bits === 32 ? ' (low 32 bits)' : ''}.`,
      } as const;
      yield row({
        ...common,
        code: jmp | nibble | op.BPF_K,
        fields: [{ rule: 'jump', src: ZERO }],
        reads: [dstOf(bits)],
      });
      yield row({
        ...common,
        code: jmp | nibble | op.BPF_X,
        x: true,
        fields: [{ rule: 'jump', imm: ZERO }],
        reads: [dstOf(bits), srcOf(bits)],
      });
    }
  }
  const none = { reads: [], writes: [], bits: 64 } as const;
  yield row({
    ...none,
    code: op.OP_JA,
    shape: 'ja',
    name: 'ja',
    fields: [{ rule: 'ja', src: ZERO, dst: ZERO, imm: ZERO }],
    text: 'Jumps.',
  });
  yield row({
    ...none,
    code: op.OP_GOTOL,
    shape: 'gotol',
    name: 'ja',
    cpu: 4,
    fields: [{ rule: 'ja', src: ZERO, dst: ZERO, off: ZERO }],
    text: 'Jumps, with a 32-bit distance.',
  });
  yield row({
    ...none,
    code: op.OP_GOTOX,
    shape: 'gotox',
    name: 'ja',
    cpu: 4,
    x: true,
    fields: [{ rule: 'jaX', src: ZERO, off: ZERO, imm: ZERO }],
    reads: [DST64],
    text: 'Jumps to the instruction that D points to (a value of an instruction array map).',
  });
  yield row({
    ...none,
    code: op.OP_MAY_GOTO,
    shape: 'may_goto',
    name: 'jcond',
    cpu: 4,
    fields: [{ rule: 'mayGoto', src: ZERO, dst: ZERO, imm: ZERO }],
    text: 'Jumps once a hidden loop budget is used up, else goes on.',
  });
  yield row({
    ...none,
    code: op.OP_CALL,
    shape: 'call',
    name: 'call',
    text: 'Calls a helper, a kfunc or a subprogram: arguments in r1 to r5, result in r0.',
    fields: [
      { when: { src: op.BPF_PSEUDO_KFUNC_CALL }, rule: 'call', dst: ZERO },
      { rule: 'call', dst: ZERO, off: ZERO, src: [0, op.BPF_PSEUDO_CALL, op.BPF_PSEUDO_KFUNC_CALL] },
    ],
  });
  yield row({
    ...none,
    code: op.OP_EXIT,
    shape: 'exit',
    name: 'exit',
    fields: [{ rule: 'exit', imm: ZERO, src: ZERO, dst: ZERO }],
    reads: [{ field: 'r0', bits: 64 }],
    text: 'Returns from the function with the value of r0.',
  });
}

/** All 129 opcodes that a program may contain. */
export const OPCODES: readonly OpRow[] = [...rows()];

const BY_CODE: readonly (OpRow | null)[] = (() => {
  const all: (OpRow | null)[] = new Array<OpRow | null>(256).fill(null);
  for (const r of OPCODES) all[r.code] = r;
  return all;
})();

/** The row of an opcode byte, or null: "unknown opcode". */
export const opRow = (code: number): OpRow | null => BY_CODE[code];
