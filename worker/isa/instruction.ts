import type { AtomicName } from './table.ts';

export type Bits = 8 | 16 | 32 | 64;
export type AluName =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'sdiv'
  | 'or'
  | 'and'
  | 'lsh'
  | 'rsh'
  | 'mod'
  | 'smod'
  | 'xor'
  | 'arsh'
  | 'mov';
export type JumpName =
  'jeq' | 'jgt' | 'jge' | 'jset' | 'jne' | 'jsgt' | 'jsge' | 'jlt' | 'jle' | 'jslt' | 'jsle';

/** Second operand: a register number or an immediate (32 bits, signed). */
export type Source = { readonly reg: number } | { readonly imm: number };

/**
 * A decoded instruction: what a reader sees, with no unused fields. Distances (`off`, and `imm` of gotol and
 * subprogram calls) count slots from the next instruction, as encoded.
 */
export type Instruction =
  | {
      readonly kind: 'alu';
      readonly bits: 32 | 64;
      readonly op: AluName;
      readonly dst: number;
      readonly src: Source;
    }
  | {
      readonly kind: 'movsx';
      readonly bits: 32 | 64;
      readonly from: 8 | 16 | 32;
      readonly dst: number;
      readonly src: number;
    }
  | {
      readonly kind: 'cast';
      readonly dst: number;
      readonly src: number;
      readonly to: number;
      readonly from: number;
    }
  | { readonly kind: 'percpu'; readonly dst: number; readonly src: number }
  | { readonly kind: 'neg'; readonly bits: 32 | 64; readonly dst: number }
  | {
      readonly kind: 'end';
      readonly order: 'le' | 'be' | 'bswap';
      readonly width: 16 | 32 | 64;
      readonly dst: number;
    }
  | {
      readonly kind: 'ldimm64';
      readonly dst: number;
      readonly pseudo: number;
      readonly low: number;
      readonly high: number;
    }
  | { readonly kind: 'ldabs'; readonly bits: 8 | 16 | 32; readonly imm: number }
  | { readonly kind: 'ldind'; readonly bits: 8 | 16 | 32; readonly src: number; readonly imm: number }
  | {
      readonly kind: 'ldx';
      readonly bits: Bits;
      readonly signed: boolean;
      readonly dst: number;
      readonly base: number;
      readonly off: number;
    }
  | {
      readonly kind: 'st';
      readonly bits: Bits;
      readonly base: number;
      readonly off: number;
      readonly imm: number;
    }
  | {
      readonly kind: 'stx';
      readonly bits: Bits;
      readonly base: number;
      readonly off: number;
      readonly src: number;
    }
  /** `reg`: the value operand; of load_acquire the result. */
  | {
      readonly kind: 'atomic';
      readonly bits: Bits;
      readonly op: AtomicName;
      readonly base: number;
      readonly off: number;
      readonly reg: number;
    }
  | {
      readonly kind: 'jump';
      readonly bits: 32 | 64;
      readonly op: JumpName;
      readonly dst: number;
      readonly src: Source;
      readonly off: number;
    }
  | { readonly kind: 'goto'; readonly off: number }
  | { readonly kind: 'gotol'; readonly imm: number }
  | { readonly kind: 'may_goto'; readonly off: number }
  | { readonly kind: 'gotox'; readonly dst: number }
  | {
      readonly kind: 'call';
      readonly to: 'helper' | 'subprog' | 'kfunc';
      readonly imm: number;
      readonly off: number;
    }
  /** Assembles, but no kernel knows it: the opcode that LLVM has for indirect calls. */
  | { readonly kind: 'callx'; readonly dst: number }
  /** Kernel-internal speculation barrier, in xlated dumps only. */
  | { readonly kind: 'nospec' }
  | { readonly kind: 'exit' };

/** The fields of one 8-byte slot. */
export interface Slot {
  readonly code: number;
  readonly dst: number;
  readonly src: number;
  readonly off: number;
  readonly imm: number;
}
