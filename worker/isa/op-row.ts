/** What an instruction does, and so which operands it has. */
export type Shape =
  | 'alu' // D op= S
  | 'mov' // D = S, and its variants by `off`
  | 'neg'
  | 'end' // byte order conversion
  | 'ld_imm64'
  | 'ld_abs'
  | 'ld_ind'
  | 'ldx'
  | 'st'
  | 'stx'
  | 'atomic' // by `imm`, see ATOMICS
  | 'jump' // if D op S goto
  | 'ja'
  | 'gotol'
  | 'gotox'
  | 'may_goto'
  | 'call'
  | 'exit';

/** Names of the rules in `legality.ts` that reject a wrong field. */
export type FieldRuleName =
  | 'neg'
  | 'end'
  | 'mov'
  | 'cast'
  | 'alu'
  | 'ldx'
  | 'stx'
  | 'st'
  | 'ldAbsInd'
  | 'call'
  | 'ja'
  | 'jaX'
  | 'exit'
  | 'mayGoto'
  | 'jump';

/**
 * Values that fields may have; a field that is not named is free (or is an ordinary operand). The first
 * group whose `when` fits decides; breaking it is the named rule.
 */
export interface FieldGroup {
  readonly when?: { readonly off?: number; readonly src?: number };
  readonly rule: FieldRuleName;
  readonly dst?: readonly number[];
  readonly src?: readonly number[];
  readonly off?: readonly number[];
  readonly imm?: readonly number[];
}

/** One operand that is read or written: which register field, and whether as 64 or as 32 bits. */
export interface RegUse {
  readonly field: 'dst' | 'src' | 'r0';
  readonly bits: 32 | 64;
}

/** One legal opcode byte. */
export interface OpRow {
  readonly code: number;
  readonly shape: Shape;
  /** Bits of an ALU operation or comparison, or of a memory access. */
  readonly bits: 8 | 16 | 32 | 64;
  /** Operator as both LLVM and the kernel write it: `+=`, `s>`, `u32`; empty where the shape says it all. */
  readonly symbol: string;
  /** Its name in C macros and mnemonics: `add`, `jsgt`; empty for memory access. */
  readonly name: string;
  /** The second operand is a register (BPF_X) rather than `imm`. */
  readonly x: boolean;
  /** Memory loads only: sign-extends. */
  readonly signed: boolean;
  /** The lowest `-mcpu=vN` that has it. */
  readonly cpu: 1 | 2 | 3 | 4;
  readonly fields: readonly FieldGroup[];
  /** Registers read and written; atomics take theirs from ATOMICS, calls from the callee. */
  readonly reads: readonly RegUse[];
  readonly writes: readonly RegUse[];
  /** One sentence for hover text, D and S standing for the operands. */
  readonly text: string;
}
