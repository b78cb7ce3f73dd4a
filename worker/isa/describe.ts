import { decode } from './decode.ts';
import type { Insns } from './insns.ts';
import { slotsOf } from './flow.ts';
import { illegal, illegalAtomic } from './legality.ts';
import { formatKernel } from '../failure/format.ts';
import * as op from './opcodes.ts';
import { atomicRow, opRow } from './table.ts';

/** What hover text says of an instruction. */
export interface Description {
  /** One or two sentences. */
  readonly text: string;
  /** Bytes in hex, grouped per slot: `b7 01 00 00 05 00 00 00`. */
  readonly bytes: string;
  /** The lowest `-mcpu` level that has it, or null for opcodes no level has. */
  readonly cpu: 1 | 2 | 3 | 4 | null;
  /** The kernel's message if the encoding is not legal, else null. */
  readonly problem: string | null;
}

const PSEUDO_TEXT: Record<number, string> = {
  [op.BPF_PSEUDO_MAP_FD]: 'Sets D to the address of a map.',
  [op.BPF_PSEUDO_MAP_VALUE]: 'Sets D to an address inside a map value (a global variable).',
  [op.BPF_PSEUDO_BTF_ID]: 'Sets D to the address of a kernel variable.',
  [op.BPF_PSEUDO_FUNC]: 'Sets D to the address of a subprogram, for use as a callback.',
  [op.BPF_PSEUDO_MAP_IDX]:
    'Sets D to the address of a map, given by its index in the array of file descriptors.',
  [op.BPF_PSEUDO_MAP_IDX_VALUE]: 'Sets D to an address inside a map value; the map is given by its index.',
};

/** Hover text of the instruction at slot `i`. */
export function describe(insns: Insns, i: number): Description {
  const row = opRow(insns.code[i]);
  const bad = illegal(insns, i) ?? (row?.shape === 'atomic' ? illegalAtomic(insns, i) : null);
  const problem = bad && formatKernel(bad.rule.text, bad.args).trimEnd();
  const slots = Math.min(slotsOf(insns, i), insns.length - i);
  const bytes = slotBytes(insns, i, slots);
  if (row === null) return { text: 'Not an instruction that the kernel knows.', bytes, cpu: null, problem };
  const { text, cpu } = meaning(insns, i);
  return { text: name(text, insns, i), bytes, cpu, problem };
}

function meaning(insns: Insns, i: number): { text: string; cpu: 1 | 2 | 3 | 4 } {
  const row = opRow(insns.code[i])!;
  const insn = decode(insns, i);
  if (row.shape === 'atomic')
    return { text: atomicRow(insns.imm[i])?.text ?? row.text, cpu: atomicLevel(insns.imm[i], row.cpu) };
  switch (insn?.kind) {
    case 'alu':
      if (insn.op === 'sdiv')
        return {
          text: 'Divides D by S, signed; division by zero gives 0, the smallest value by -1 gives itself.',
          cpu: 4,
        };
      if (insn.op === 'smod')
        return { text: 'Leaves in D the signed remainder of D divided by S; modulo zero leaves D.', cpu: 4 };
      break;
    case 'movsx':
      return {
        text: `Copies the low ${insn.from} bits of S to D, sign-extended to ${insn.bits} bits.`,
        cpu: 4,
      };
    case 'cast':
      return {
        text: 'Converts an arena pointer between address spaces 0 (kernel view) and 1 (user view).',
        cpu: row.cpu,
      };
    case 'end':
      return {
        text: row.text
          .replace('low bits', `low ${insn.width} bits`)
          .replace('low bytes', `low ${insn.width / 8} bytes`),
        cpu: row.cpu,
      };
    case 'ldimm64':
      return { text: PSEUDO_TEXT[insn.pseudo] ?? row.text, cpu: row.cpu };
    case 'call': {
      const callee = { helper: 'helper', subprog: 'subprogram', kfunc: 'kfunc' }[insn.to];
      return {
        text: `Calls a ${callee}: arguments in r1 to r5, result in r0; r1 to r5 are lost.`,
        cpu: row.cpu,
      };
    }
  }
  return { text: row.text, cpu: row.cpu };
}

const atomicLevel = (imm: number, base: 1 | 2 | 3 | 4): 1 | 2 | 3 | 4 =>
  imm === op.BPF_LOAD_ACQ || imm === op.BPF_STORE_REL ? 4 : imm & op.BPF_FETCH ? 3 : base;

/** Replaces the stand-ins D and S by the operands' names. */
function name(text: string, insns: Insns, i: number): string {
  const row = opRow(insns.code[i])!;
  const store = row.shape === 'atomic' && insns.imm[i] !== op.BPF_LOAD_ACQ;
  const letter = row.bits === 64 || row.shape === 'ldx' || row.shape === 'end' ? 'r' : 'w';
  const source = row.x ? `${letter}${insns.src[i]}` : `${insns.imm[i]}`;
  const dst = `${row.shape === 'stx' || store ? 'r' : letter}${insns.dst[i]}`;
  return text.replace(/\bD\b/g, dst).replace(/\bS\b/g, source);
}

function slotBytes(insns: Insns, i: number, slots: number): string {
  const bytes = insns.toBytes().subarray(i * 8, (i + slots) * 8);
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join(' ');
}
