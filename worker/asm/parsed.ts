import type { Instruction } from '../isa/instruction.ts';
import type { Span } from './diagnostic.ts';
import type { Target } from './operands.ts';

/** What the statement leaves to be filled in once labels and symbols are known. */
export type Hole =
  | { readonly kind: 'jump'; readonly target: Target }
  /** `id`: the number of `call name#id`. */
  | { readonly kind: 'call'; readonly name: string; readonly id: number | null; readonly span: Span }
  /** `inValue`: an address inside the map's value (`m[0]+8`, `m+8`) rather than the map. */
  | {
      readonly kind: 'address';
      readonly name: string;
      readonly addend: bigint;
      readonly inValue: boolean;
      readonly span: Span;
    };

/** One instruction as written, holes being zero in `insn`. */
export interface ParsedInsn {
  readonly insn: Instruction;
  readonly hole: Hole | null;
}
