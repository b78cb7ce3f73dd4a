import { assembleLines } from '../../asm/assemble.ts';
import type { AsmResult } from '../../asm/assemble.ts';
import { btfBuilder } from '../../btf/build.ts';
import type { BtfBuilder } from '../../btf/build.ts';
import { cEmitter } from '../../btf/c/emit.ts';
import type { CEmitter } from '../../btf/c/emit.ts';
import type { CLine } from '../../btf/c/problem.ts';
import type { CUnit } from '../../btf/c/unit.ts';
import { parseC } from '../../btf/c/unit.ts';
import { BtfError } from '../../btf/error.ts';
import { Insns } from '../../isa/insns.ts';
import { kfuncFlag } from '../../kernel/kfunc-flags.ts';
import type { KernelModel } from '../../kernel/model.ts';
import { mapConstant } from '../map-def.ts';
import type { InventedKfunc, Program } from '../program.ts';
import { resolveSection } from '../section.ts';
import { resolveAttach } from './attach.ts';
import type { ResolvedAttach } from './attach.ts';
import { checkTypes } from './check-types.ts';
import { readFuncs, resolveFunctions } from './functions.ts';
import type { FuncDirective, TextFunction } from './functions.ts';
import { readJumpTables, resolveJumpTables } from './jump-tables.ts';
import type { JumpTable } from './jump-tables.ts';
import { checkKsyms, programRefs } from './ksyms.ts';
import { lineInfo, lineRowOf } from './line-info.ts';
import { freeze, readFrozen } from './frozen.ts';
import { funcRows, lineRows, readInfoRows } from './info-rows.ts';
import type { InfoRows } from './info-rows.ts';
import { buildMaps } from './maps.ts';
import { nameContext } from './names.ts';
import { fromAsm, problemAt } from './problem.ts';
import type { Problem, SourceSpan } from './problem.ts';
import { readSettings } from './settings.ts';
import type { Settings } from './settings.ts';
import { splitText } from './split.ts';
import type { SplitText } from './split.ts';

/** Socket filter: the type of a text that names no section. */
const DEFAULT_PROG_TYPE = 1;
const DEFAULT_NAME = 'prog';
const DEFAULT_LICENSE = 'GPL';
const NAME_MAX = 15;

/** What a text is read against. */
export interface TextEnv {
  /** Helper and kfunc names; with its types loaded, symbols and attach targets are checked too. */
  readonly kernel: KernelModel;
}

/** What a text consists of, for navigation and completion. */
export interface Outline {
  readonly functions: readonly TextFunction[];
  readonly labels: readonly { readonly name: string; readonly slot: number; readonly span: SourceSpan }[];
  readonly maps: readonly { readonly name: string; readonly span: SourceSpan }[];
  readonly variables: readonly {
    readonly name: string;
    readonly section: string;
    readonly offset: number;
    readonly span: SourceSpan;
  }[];
  readonly jumpTables: readonly JumpTable[];
  readonly kfuncs: readonly { readonly name: string; readonly invented: boolean; readonly span: SourceSpan }[];
  readonly structs: readonly { readonly name: string; readonly size: number; readonly span: SourceSpan }[];
}

/** A text and the program that it is. */
export interface TextResult {
  /** Null if `problems` has an error. */
  readonly program: Program | null;
  readonly problems: readonly Problem[];
  readonly outline: Outline;
  /** By instruction slot: where it stands. */
  readonly sourceMap: readonly SourceSpan[];
}

/** A text read as far as its parts go by themselves. */
interface Parts {
  readonly split: SplitText;
  readonly settings: Settings;
  readonly unit: CUnit;
  readonly builder: BtfBuilder;
  readonly emit: CEmitter;
  readonly asm: AsmResult;
  readonly functions: readonly TextFunction[];
  /** Instructions by the table's name. */
  readonly jumpTables: ReadonlyMap<string, readonly number[]>;
  /** Names of maps that are frozen before the program is loaded. */
  readonly frozen: ReadonlySet<string>;
  readonly infoRows: InfoRows;
  readonly progType: number;
  readonly attach: ResolvedAttach;
  readonly kernel: KernelModel;
}

/** Reads a program text. Never throws for what the text says: mistakes are in `problems`, all of them. */
export function parseProgramText(text: string, env: TextEnv): TextResult {
  const { kernel } = env;
  const split = splitText(text);
  const problems: Problem[] = [...split.problems];
  const settings = readSettings(split.directives, kernel, problems);
  const unit = parseC(split.cBlocks, { constant: (name) => wide(mapConstant(name)), kfuncFlag });
  problems.push(...unit.problems);
  const funcs = readFuncs(split.directives, unit.scope, problems);
  const tables = readJumpTables(split.directives, unit, problems);
  const frozen = readFrozen(split.directives, unit, problems);
  const infoRows = readInfoRows(split.directives, problems);
  adoptSection(settings, unit, problems);

  const builder = btfBuilder();
  const emit = cEmitter(builder);
  const asm = assembleLines(withLabels(split.assembly, funcs), nameContext(unit, tables, kernel, (type) => emit.type(type)));
  problems.push(...asm.errors.map((e) => fromAsm(e, 'error')), ...asm.notes.map((e) => fromAsm(e, 'info')));
  const empty = asm.insns.length === 0;
  if (empty && asm.errors.length === 0) {
    problems.push(problemAt({ line: 1, col: 1, endCol: 1 }, 'error', 'text-empty', 'There are no instructions yet.'));
  }
  const jumpTables = resolveJumpTables(tables, asm, unit, problems);
  const progType = settings.section?.progType ?? DEFAULT_PROG_TYPE;
  const functions = empty ? [] : resolveFunctions(asm, unit, funcs, progType, problems);
  checkKsyms(unit, kernel, settings, problems);
  const attach = resolveAttach(settings, kernel, problems);
  const parts: Parts = { split, settings, unit, builder, emit, asm, functions, jumpTables, frozen, infoRows, progType, attach, kernel };
  const program = hasError(problems) ? null : build(parts, problems);
  return {
    program: hasError(problems) ? null : program,
    problems: problems.sort((a, b) => a.line - b.line || a.col - b.col),
    outline: outlineOf(unit, asm, functions, tables),
    sourceMap: asm.spans,
  };
}

function wide(value: number | null): bigint | null {
  return value === null ? null : BigInt(value);
}

function hasError(problems: readonly Problem[]): boolean {
  return problems.some((p) => p.severity === 'error');
}

/** A prototype with SEC("…") in the C part gives the section if no directive does. */
function adoptSection(settings: Settings, unit: CUnit, problems: Problem[]): void {
  const f = unit.functions.find((g) => g.section !== null);
  if (f === undefined || settings.sectionName !== null) return;
  settings.sectionName = f.section;
  settings.section = resolveSection(f.section!);
  if (settings.section === null) problems.push(problemAt(f.span, 'error', 'text-section', `${f.section} is no section that libbpf knows.`));
}

/** The lines for the assembler: `.func` lines become labels, unless the label follows anyway. */
function withLabels(lines: readonly CLine[], funcs: readonly FuncDirective[]): CLine[] {
  const byLine = new Map(funcs.map((f) => [f.span.line, f.name]));
  return lines.map((l, i) => {
    const name = byLine.get(l.line);
    if (name === undefined) return l;
    const after = lines.slice(i + 1).find((next) => next.text.trim() !== '' || byLine.has(next.line));
    const labelled = after !== undefined && after.text.trimStart().startsWith(name) && /^\s*:/.test(after.text.trimStart().slice(name.length));
    return labelled ? l : { line: l.line, text: `${name}:` };
  });
}

/** A name that BTF takes for a function. */
function identifier(name: string): string {
  const clean = name.replace(/[^\w.]/g, '_');
  return /^[A-Za-z_.]/.test(clean) ? clean : `_${clean}`;
}

function build(parts: Parts, problems: Problem[]): Program | null {
  const { settings, unit, builder, emit, asm, functions, jumpTables, attach, kernel } = parts;
  const main = functions[0];
  const name = (settings.name ?? (main.name === '' ? DEFAULT_NAME : main.name)).replace(/[^\w.]/g, '_').slice(0, NAME_MAX);
  const maps = buildMaps(unit, jumpTables, emit, name);
  const insns = Insns.fromBytes(asm.insns.toBytes());
  const refs = programRefs(asm, insns, unit, kernel, maps.index);

  const { info } = settings;
  const { infoRows } = parts;
  const typeOf = (f: TextFunction): number => emit.func({ ...f.prototype, name: identifier(f.name) });
  const written = info === 'none' && infoRows.funcs === null ? [] : functions.map((f) => [f.start, typeOf(f)] as const);
  const names = new Map(functions.map((f, i) => [f.name, written[i]?.[1] ?? null]));
  const funcInfo = infoRows.funcs === null ? written : funcRows(infoRows.funcs, asm, [...names.keys()], (name) => names.get(name) ?? null, problems);
  const invented: InventedKfunc[] = [];
  for (const symbol of unit.ksyms) {
    const typeId = emit.ksym(symbol);
    if (symbol.flags !== null) invented.push({ name: symbol.name, typeId, flags: symbol.flags });
  }
  for (const struct of unit.scope.structs.values()) if (struct.members !== null) emit.type(struct);
  if (unit.mapTypes.size > 0) emit.maps(unit.mapTypes);
  const { assembly, cSources } = parts.split;
  const rows =
    infoRows.lines !== null
      ? lineRows(infoRows.lines, asm, lineRowOf(asm, assembly, cSources, settings.file, builder), problems)
      : info === 'full'
        ? lineInfo(asm, new Set(functions.map((f) => f.start)), assembly, cSources, settings.file, builder)
        : [];
  let btf;
  try {
    btf = builder.finish();
  } catch (e) {
    if (!(e instanceof BtfError)) throw e;
    problems.push(problemAt({ line: 1, col: 1, endCol: 1 }, 'error', 'text-types', `These types cannot be loaded: ${e.message}.`));
    return null;
  }
  checkTypes(btf, unit, maps.defs, maps.index, kernel, problems);
  return {
    name,
    section: settings.sectionName,
    progType: parts.progType,
    attachType: attach.attachType,
    flags: (((settings.section?.flags ?? 0) | settings.flags) & ~settings.without) >>> 0,
    license: settings.license ?? unit.license ?? DEFAULT_LICENSE,
    privileged: settings.privileged,
    insns,
    refs,
    maps: freeze(maps, parts.frozen),
    btf: btf.nextId > 1 ? btf : null,
    funcInfo,
    lineInfo: rows,
    attach: attach.attach,
    semantics: settings.semantics,
    invented,
    kfuncFlags: settings.kfuncFlags,
  };
}

function outlineOf(unit: CUnit, asm: AsmResult, functions: readonly TextFunction[], jumpTables: readonly JumpTable[]): Outline {
  return {
    functions,
    labels: [...asm.labels].map(([name, slot]) => ({ name, slot, span: asm.labelSpans.get(name)! })),
    maps: unit.maps.map(({ name, span }) => ({ name, span })),
    variables: unit.sections.flatMap((s) => s.variables.map(({ name, section, offset, span }) => ({ name, section, offset, span }))),
    jumpTables,
    kfuncs: unit.ksyms.filter((k) => k.kind === 'func').map(({ name, flags, span }) => ({ name, invented: flags !== null, span })),
    structs: [...unit.scope.structs.values()].filter((s) => s.members !== null && s.name !== '').map(({ name, size, span }) => ({ name, size, span })),
  };
}
