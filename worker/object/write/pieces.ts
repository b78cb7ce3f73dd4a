import { BPF_PSEUDO_CALL, BPF_PSEUDO_FUNC } from '../../isa/opcodes.ts';
import type { Program } from '../../program/program.ts';
import { ObjectError } from '../error.ts';

/** A function of a program. */
export interface ProgramPiece {
  readonly name: string;
  /** First instruction, and one more than the last. */
  readonly start: number;
  readonly end: number;
  readonly global: boolean;
}

const CALL = 0x85;
const EXIT = 0x95;
const WIDE_LOAD = 0x18;
const CLASS_JMP = 5;
const CLASS_JMP32 = 6;
const GOTOL = 0x06;
const CALL_OR_EXIT: ReadonlySet<number> = new Set([CALL, EXIT]);

/** A program's functions, its own first. Throws {@link ObjectError} if control runs from one into another: a linker moves them apart. */
export function piecesOf({ name, insns, funcInfo, btf }: Program): ProgramPiece[] {
  const types = new Map(funcInfo);
  const starts = new Set([0, ...types.keys()]);
  for (let i = 0; i < insns.length; i++) {
    const isCall = insns.code[i] === CALL && insns.src[i] === BPF_PSEUDO_CALL;
    const isAddress = insns.code[i] === WIDE_LOAD && insns.src[i] === BPF_PSEUDO_FUNC;
    if (isCall || isAddress) starts.add(i + 1 + insns.imm[i]);
  }
  const order = [...starts].filter((start) => start >= 0 && start < insns.length).sort((a, b) => a - b);
  const names = new Set<string>();
  const pieces = order.map((start, at): ProgramPiece => {
    const type = types.get(start);
    const func = type === undefined || btf === null ? null : btf.type(type);
    let own = func?.name ?? (start === 0 ? name : `func_${start}`);
    while (names.has(own)) own = `${own}_`;
    names.add(own);
    return {
      name: own,
      start,
      end: order[at + 1] ?? insns.length,
      global: start === 0 || func?.linkage === 1,
    };
  });
  for (const { name: own, start, end } of pieces) {
    for (let i = start; i < end; i++) {
      const code = insns.code[i];
      const kind = code & 7;
      if ((kind !== CLASS_JMP && kind !== CLASS_JMP32) || CALL_OR_EXIT.has(code)) continue;
      const target = i + 1 + (code === GOTOL ? insns.imm[i] : insns.off[i]);
      if (target < start || target >= end)
        throw new ObjectError(
          `Instruction ${i} jumps out of ${own}; functions of an object are moved apart, so that it cannot be written.`,
        );
    }
  }
  return pieces;
}
