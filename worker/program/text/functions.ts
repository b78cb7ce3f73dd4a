import type { AsmResult } from '../../asm/assemble.ts';
import type { CScope } from '../../btf/c/context.ts';
import { INT_VOID } from '../../btf/c/declarations.ts';
import type { CFunction, CUnit } from '../../btf/c/unit.ts';
import { parsePrototype } from '../../btf/c/unit.ts';
import { BPF_PSEUDO_CALL, BPF_PSEUDO_FUNC } from '../../isa/opcodes.ts';
import { mainPrototype } from '../main-proto.ts';
import { problemAt } from './problem.ts';
import type { Problem, SourceSpan } from './problem.ts';
import type { TextDirective } from './split.ts';

const CALL = 0x85;
const LD_IMM64 = 0x18;

/** A function that `.func` opens. */
export interface FuncDirective {
  readonly name: string;
  /** Said with `global` or `static`; null: as its prototype in C has it, static if there is none. */
  readonly linkage: 'global' | 'static' | null;
  /** Written in the directive. */
  readonly prototype: CFunction | null;
  readonly span: SourceSpan;
}

/** A subprogram of the assembled program. */
export interface TextFunction {
  readonly name: string;
  /** First instruction slot, and the slot after the last. */
  readonly start: number;
  readonly end: number;
  readonly global: boolean;
  readonly prototype: CFunction;
  readonly span: SourceSpan | null;
}

const NAME_ONLY = /^(?:(static|global)\s+)?([A-Za-z_][\w.]*)(?:\s+(static|global))?$/;

/** Reads the `.func` directives; a bad one still opens its function if it names one. */
export function readFuncs(directives: readonly TextDirective[], scope: CScope, problems: Problem[]): FuncDirective[] {
  const funcs: FuncDirective[] = [];
  for (const d of directives) {
    if (d.name !== 'func') continue;
    const plain = NAME_ONLY.exec(d.text);
    if (plain !== null) {
      const word = (plain[1] ?? plain[3] ?? null) as FuncDirective['linkage'];
      funcs.push({ name: plain[2], linkage: word, prototype: null, span: d.textSpan });
      continue;
    }
    if (d.text === '') {
      problems.push(problemAt(d.span, 'error', 'text-func', '.func needs a name or a prototype: .func int helper(u64 a).'));
      continue;
    }
    // «global» is our word, not C's; blanks in its place keep the columns.
    const c = d.text.replace(/^global\b/, '      ');
    const prototype = parsePrototype({ line: d.span.line, text: c }, d.textSpan.col, scope, problems);
    if (prototype === null) continue;
    const linkage = c !== d.text ? 'global' : prototype.static ? 'static' : null;
    funcs.push({ name: prototype.name, linkage, prototype, span: d.textSpan });
  }
  return funcs;
}

/** Slots at which the verifier lets subprograms begin: the entry, call targets, addresses taken, exception callbacks. */
function subprogramStarts(asm: AsmResult, unit: CUnit): number[] {
  const { insns } = asm;
  const starts = new Set([0]);
  for (let i = 0; i < insns.length; i++) {
    const call = insns.code[i] === CALL && insns.src[i] === BPF_PSEUDO_CALL;
    const address = insns.code[i] === LD_IMM64 && insns.src[i] === BPF_PSEUDO_FUNC;
    if (call || address) {
      const target = i + 1 + insns.imm[i];
      if (target >= 0 && target < insns.length) starts.add(target);
    }
    if (insns.code[i] === LD_IMM64) i++;
  }
  const EXCEPTION = 'exception_callback:';
  for (const f of unit.functions) {
    for (const tag of f.declTags) {
      const slot = tag.startsWith(EXCEPTION) ? asm.labels.get(tag.slice(EXCEPTION.length)) : undefined;
      if (slot !== undefined && slot < insns.length) starts.add(slot);
    }
  }
  return [...starts].sort((a, b) => a - b);
}

/**
 * The subprograms of a program with their prototypes: from `.func`, else from the C part, else `int NAME(void)` and
 * static; for the first function what its program type wants.
 */
export function resolveFunctions(
  asm: AsmResult,
  unit: CUnit,
  funcs: readonly FuncDirective[],
  progType: number,
  problems: Problem[],
): TextFunction[] {
  const named = new Map<number, string>();
  for (const ref of asm.refs.values()) {
    if (ref.kind === 'subprog' && asm.labels.get(ref.name) === ref.slot) named.set(ref.slot, ref.name);
  }
  const declared = new Map(funcs.map((f) => [f.name, f]));
  for (const f of funcs) {
    const slot = asm.labels.get(f.name);
    if (slot !== undefined) named.set(slot, f.name);
  }
  const first = [...asm.labels].find(([, slot]) => slot === 0)?.[0];
  if (first !== undefined && !named.has(0)) named.set(0, first);
  const starts = subprogramStarts(asm, unit);
  for (const f of funcs) {
    const slot = asm.labels.get(f.name);
    if (slot !== undefined && !starts.includes(slot)) {
      problems.push(problemAt(f.span, 'warning', 'text-func-unused', `${f.name} is never called: its instructions belong to the function before it.`));
    }
  }
  return starts.map((start, i): TextFunction => {
    const name = named.get(start) ?? (start === 0 ? 'prog' : `func_${start}`);
    const func = declared.get(name) ?? null;
    const inC = unit.functions.find((f) => f.name === name) ?? null;
    const prototype = func?.prototype ?? inC ?? fallback(name, start === 0, progType, unit.scope);
    const end = starts[i + 1] ?? asm.insns.length;
    const linkage = func?.linkage ?? null;
    const isStatic = linkage !== null ? linkage === 'static' : inC !== null ? inC.static : start !== 0;
    if (!isStatic && start !== 0 && (func?.prototype ?? inC) === null) {
      problems.push(
        problemAt(func?.span ?? asm.spans[start], 'error', 'text-func-global', `${name} is global, so the verifier needs its prototype: .func global int ${name}(…).`),
      );
    }
    const span = func?.span ?? asm.labelSpans.get(name) ?? null;
    return { name, start, end, global: !isStatic, prototype: { ...prototype, name, static: isStatic }, span };
  });
}

function fallback(name: string, isMain: boolean, progType: number, scope: CScope): CFunction {
  if (isMain) {
    // Names that are no C identifiers do not matter here: only the type is taken.
    const prototype = parsePrototype({ line: 1, text: mainPrototype('main', progType) }, 1, scope, []);
    if (prototype !== null) return prototype;
  }
  const at = { line: 1, col: 1, endLine: 1, endCol: 1 };
  return { name, type: INT_VOID, static: !isMain, declTags: [], section: null, span: at };
}
