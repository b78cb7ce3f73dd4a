import { callTarget, callbackTarget, starts } from '../../isa/flow.ts';
import type { Program } from '../../program/program.ts';
import type { Outline } from '../../program/text/parse.ts';

/** A function of a program, also of one whose flow is broken. */
export interface FunctionPlace {
  readonly name: string;
  readonly start: number;
  /** One past its last slot. */
  readonly end: number;
  /** The first call or wide load that makes a function begin there; null for the main one. */
  readonly enteredAt: number | null;
}

/** A call of a function, or a wide load of its address. */
export interface FunctionUse {
  readonly insn: number;
  readonly target: number;
  readonly isCall: boolean;
}

/** Every use of a function in program order; targets may lie outside of the program. */
export function functionUses({ insns }: Program): FunctionUse[] {
  const uses: FunctionUse[] = [];
  for (const insn of starts(insns)) {
    const called = callTarget(insns, insn);
    const target = called ?? callbackTarget(insns, insn);
    if (target !== null) uses.push({ insn, target, isCall: called !== null });
  }
  return uses;
}

/** A program's functions by start: where calls and addresses lead, and where func_info has one. */
export function functionsOf(program: Program, outline: Outline): FunctionPlace[] {
  const { insns, funcInfo, btf } = program;
  const entered = new Map<number, number | null>([[0, null]]);
  for (const { insn, target } of functionUses(program))
    if (target >= 0 && target < insns.length && !entered.has(target)) entered.set(target, insn);
  for (const { start } of outline.functions) if (!entered.has(start)) entered.set(start, null);
  const begins = [...entered.keys()].sort((a, b) => a - b);
  return begins.map((start, i) => {
    const row = funcInfo.find(([insn]) => insn === start);
    const typed =
      row === undefined || btf === null || row[1] <= 0 || row[1] >= btf.nextId ? '' : btf.type(row[1]).name;
    return {
      name:
        outline.functions.find((f) => f.start === start)?.name ??
        (typed !== '' ? typed : start === 0 ? 'the main function' : `the function at ${start}`),
      start,
      end: begins[i + 1] ?? insns.length,
      enteredAt: entered.get(start) ?? null,
    };
  });
}

/** The function that an instruction belongs to; the main one for what lies outside. */
export function functionAt(functions: readonly FunctionPlace[], insn: number): FunctionPlace {
  return functions.find((f) => insn >= f.start && insn < f.end) ?? functions[0];
}
