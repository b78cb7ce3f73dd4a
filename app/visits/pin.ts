import type { VerifyResult } from '../../worker/protocol.ts';

type Insns = VerifyResult['insns'];

/** An instruction that stays in view, in words that outlive an edit of the program. */
export interface Pin {
  /** {@link State.opened} of its program: another program has other instructions. */
  readonly opened: number;
  readonly insn: number;
  readonly text: string;
  /** Its place among the instructions of the same text, and how many there are. */
  readonly place: number;
  readonly of: number;
}

const alike = (insns: Insns, text: string): number[] =>
  insns.filter((row) => row.llvm === text).map((row) => row.index);

/** Pins an instruction of a program. */
export function pinOf(insns: Insns, insn: number, opened: number): Pin {
  const text = insns.find((row) => row.index === insn)?.llvm ?? '';
  const same = alike(insns, text);
  return { opened, insn, text, place: same.indexOf(insn), of: same.length };
}

/** Where a pinned instruction is after an edit: the same one of as many, else the nearest of its text; null: nowhere. */
export function findPinned(insns: Insns, pin: Pin): number | null {
  const same = alike(insns, pin.text);
  if (same.length === pin.of) return same[pin.place] ?? null;
  const distance = (insn: number): number => Math.abs(insn - pin.insn);
  return same.reduce<number | null>(
    (best, insn) => (best === null || distance(insn) < distance(best) ? insn : best),
    null,
  );
}
