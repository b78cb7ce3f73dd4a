import { disassemble } from '../../asm/disassemble.ts';
import type { CPrinter } from '../../btf/c/print.ts';
import { cPrinter } from '../../btf/c/print.ts';
import { declTag } from '../../btf/c/print-struct.ts';
import { BTF_KIND_STRUCT } from '../../btf/btf.ts';
import type { Btf } from '../../btf/btf.ts';
import { btfBuilder } from '../../btf/build.ts';
import { helperId, helperName } from '../../kernel/helper-access.ts';
import { kfuncFlagsText } from '../../kernel/kfunc-flags.ts';
import type { KernelModel } from '../../kernel/model.ts';
import { attachTypeName } from '../../kernel/prog-types.ts';
import { BPF_PROG_TYPE_STRUCT_OPS } from '../../kernel/uapi.ts';
import type { Attach, Program } from '../program.ts';
import { SECTION_ROWS, needsTarget, resolveSection } from '../section.ts';
import { printInfo } from './print-info.ts';
import { cSourceLines } from './print-lines.ts';
import { printMaps } from './print-maps.ts';
import { LOAD_FLAGS } from './settings.ts';

/** A program as text, and what the text cannot say of it. */
export interface PrintedProgram {
  readonly source: string;
  /** Sentences; empty if reading the text gives a program that means the same. */
  readonly notes: readonly string[];
}

/** What is known of a program beside what it says itself. */
export interface PrintExtras {
  /** Put behind instructions, by index. */
  readonly remarks?: ReadonlyMap<number, string>;
  /** Names of functions of which no types are known, by their first instruction. */
  readonly functionNames?: ReadonlyMap<number, string>;
}

/** Names that are taken, so that every name means one thing. */
export interface Names {
  /** The wish as an identifier, with a number behind it if it is taken. */
  claim(wish: string): string;
}

/**
 * Writes a program as the text that it might have come from: directives, C declarations, assembly with labels.
 * `kernel`: the types that need only be named are taken from it. Comments with C source keep the source lines.
 */
export function printProgram(
  program: Program,
  kernel: KernelModel,
  { remarks, functionNames }: PrintExtras = {},
): PrintedProgram {
  const notes: string[] = [];
  const btf = program.btf ?? btfBuilder().finish();
  const known = (name: string): boolean => kernel.hasBtf && kernel.btf().find(name, BTF_KIND_STRUCT) !== 0;
  const printer = cPrinter(btf, known);
  const names = nameSpace(kernel);
  const functions = functionsOf(program, btf, names, functionNames ?? new Map());
  const maps = printMaps(program, printer, names, notes);
  const externs = kernelSymbols(program, printer, kernel);
  const prototypes = new Map(
    [...functions].map(([slot, f]) => [
      slot,
      { ...f, text: f.type === 0 ? '' : printer.prototype(f.type, f.name) },
    ]),
  );
  // only the C part has a place for tags of a whole function
  const tagged = [...prototypes.values()].filter(
    (f) => f.text !== '' && ownTags(printer, f.type).length !== 0,
  );
  const declared = tagged.map(
    (f) => `${f.global ? '' : 'static '}${f.text}${ownTags(printer, f.type).join('')};`,
  );
  const typeIds = localTypes(program, btf, printer, names);
  const definitions = printer.definitions();

  const body = disassemble(program.insns, {
    helper: (id) => (helperId(helperName(id)) === id ? helperName(id) : null),
    kfunc: (i) => {
      const ref = program.refs.get(i);
      return ref?.kind === 'kfunc' ? ref.name : null;
    },
    symbol: (i) => {
      const ref = program.refs.get(i);
      if (ref?.kind === 'ksym') return ref.name;
      return ref?.kind === 'map'
        ? maps.symbol(
            ref.map,
            program.insns.src[i] === 2 || program.insns.src[i] === 6 ? program.insns.imm[i + 1] : 0,
          )
        : null;
    },
    func: (slot) => functions.get(slot)?.name ?? null,
    instruction: (i) => typeIds.get(i) ?? null,
    remark: (i) => remarks?.get(i) ?? null,
    before: cSourceLines(program, btf, new Set(functions.keys())),
    entry(slot) {
      const f = prototypes.get(slot);
      if (f === undefined || f.text === '' || tagged.includes(f)) return null;
      return `.func ${f.global ? 'global ' : 'static '}${f.text}`.replaceAll(/\s+/g, ' ');
    },
  });
  const c = [...definitions, ...maps.declarations, ...externs, ...declared];
  const info = printInfo(program, functions);
  notes.push(...info.notes);
  const head = [
    ...directives(program, functions.get(0)?.name ?? '', notes),
    ...maps.directives,
    ...info.directives,
  ];
  return {
    source: `${head.join('\n')}\n${c.length === 0 ? '' : `.c\n${c.join('\n')}\n.endc\n`}\n${body}`,
    notes,
  };
}

/** Declaration tags of a function itself, as attributes; comments for test runners left out. */
function ownTags(printer: CPrinter, func: number): string[] {
  const tags = printer.btf.declTags(func).filter(([tag, at]) => at === -1 && !tag.startsWith('comment:'));
  return tags.map(([tag]) => ` ${declTag(printer, tag)}`);
}

interface PrintedFunction {
  readonly name: string;
  /** BTF id of its FUNC, 0 if there is none. */
  readonly type: number;
  readonly global: boolean;
}

function nameSpace(kernel: KernelModel): Names {
  const taken = new Set<string>();
  return {
    claim(wish) {
      const clean = wish.replace(/\W/g, '_').replace(/^(?=\d|$)/, '_');
      let name = clean;
      for (
        let i = 2;
        taken.has(name) ||
        helperId(name) !== null ||
        kernel.kfunc(name, null) !== null ||
        /^[rw]\d+$/.test(name);
        i++
      )
        name = `${clean}_${i}`;
      taken.add(name);
      return name;
    },
  };
}

function functionsOf(
  program: Program,
  btf: Btf,
  names: Names,
  known: ReadonlyMap<number, string>,
): Map<number, PrintedFunction> {
  const found = new Map<number, PrintedFunction>();
  for (const [slot, type] of program.funcInfo) {
    if (type >= btf.nextId) continue;
    const t = btf.type(type);
    found.set(slot, { name: names.claim(t.name), type, global: t.linkage === 1 });
  }
  for (const [slot, name] of known)
    if (!found.has(slot)) found.set(slot, { name: names.claim(name), type: 0, global: slot === 0 });
  if (!found.has(0))
    found.set(0, { name: names.claim(program.name === '' ? 'main' : program.name), type: 0, global: true });
  return found;
}

/** Declarations of what is the kernel's: variables, and kfuncs of the text's own. */
function kernelSymbols(program: Program, printer: CPrinter, kernel: KernelModel): string[] {
  const lines = program.invented.map(
    ({ name, typeId, flags }) =>
      `extern ${printer.prototype(typeId, name)} __ksym __kf_flags(${kfuncFlagsText(flags).replace(/^0$/, '')});`,
  );
  const seen = new Set<string>();
  for (const ref of program.refs.values()) {
    if (ref.kind === 'map' || seen.has(ref.name)) continue;
    seen.add(ref.name);
    if (ref.kind === 'ksym')
      lines.push(
        ref.symbol === 'var'
          ? `extern const int ${ref.name} __ksym;`
          : `extern void ${ref.name}(void) __ksym;`,
      );
    else if (
      kernel.kfunc(ref.name, ref.module) === null &&
      !program.invented.some((kfunc) => kfunc.name === ref.name) &&
      !kernel.kfuncs().some((k) => k.name === ref.name)
    ) {
      lines.push(`extern void ${ref.name}(void) __ksym;`);
    }
  }
  return lines;
}

/** Kfuncs whose first argument is the id of a type of the program. */
const TAKES_LOCAL_TYPE = /^bpf_(percpu_)?obj_new(_impl)?$/;

/** Constants that are ids of the program's types, written by the types' names, by slot. */
function localTypes(program: Program, btf: Btf, printer: CPrinter, names: Names): Map<number, string> {
  const found = new Map<number, string>();
  const { insns } = program;
  for (const [call, ref] of program.refs) {
    if (ref.kind !== 'kfunc' || !TAKES_LOCAL_TYPE.test(ref.name)) continue;
    for (let i = call - 1; i >= 0 && i > call - 12; i--) {
      if (insns.dst[i] !== 1) continue;
      const wide = insns.code[i] === 0x18;
      if (!wide && insns.code[i] !== 0xb7 && insns.code[i] !== 0xb4) break;
      const id = insns.imm[i];
      const t = id > 0 && id < btf.nextId ? btf.type(id) : null;
      if (t === null || t.kind !== BTF_KIND_STRUCT) break;
      let name = t.name;
      if (name === '') printer.defineAs(id, (name = names.claim(`unnamed_${id}`)));
      else printer.define(id);
      found.set(
        i,
        wide ? `r1 = typeid.${name} ll` : `${insns.code[i] === 0xb7 ? 'r' : 'w'}1 = typeid.${name}`,
      );
      break;
    }
  }
  return found;
}

function directives(program: Program, main: string, notes: string[]): string[] {
  const lines: string[] = [];
  const { progType, attachType, attach } = program;
  const named = program.section === null ? null : resolveSection(program.section);
  const fits =
    named !== null &&
    named.progType === progType &&
    (named.row.target === null || sameAttach(named.attach, attach));
  const section = fits ? program.section! : sectionFor(progType, attachType, attach);
  if (section === null) notes.push(`No section name stands for program type ${progType}.`);
  const row = section === null ? null : resolveSection(section);
  lines.push(`.prog   ${section ?? 'socket'}`);
  if (attach !== null && (attach.kind === 'struct' || !sameAttach(row?.attach ?? null, attach))) {
    if (attach.kind === 'prog') lines.push(`.attach prog ${attach.id.replace(/[^\w.]/g, '_')}`);
    else
      lines.push(
        `.attach ${attach.kind} ${attach.module === null ? '' : `${attach.module}:`}${attach.name}${attach.kind === 'struct' ? `.${attachType}` : ''}`,
      );
  }
  if (attach === null && row !== null && needsTarget(row.row)) lines.push('.attach none');
  if (attach?.kind !== 'struct' && (row?.attachType ?? 0) !== attachType)
    lines.push(
      `.attach_type ${progType === BPF_PROG_TYPE_STRUCT_OPS ? attachType : (attachTypeName(attachType) ?? attachType)}`,
    );
  if (main.replace(/[^\w.]/g, '_').slice(0, 15) !== program.name && /^[\w.]{1,15}$/.test(program.name))
    lines.push(`.name   ${program.name}`);
  lines.push(`.license ${program.license}`);
  if (!program.privileged) lines.push('.unprivileged');
  const implied = row?.flags ?? 0;
  const flags = [
    ...flagNames(program.flags & ~implied),
    ...flagNames(implied & ~program.flags).map((name) => `-${name}`),
  ];
  if (flags.length !== 0) lines.push(`.flags  ${flags.join(', ')}`);
  if (program.semantics.length !== 0) lines.push(`.semantics ${program.semantics.join(', ')}`);
  for (const [name, value] of program.kfuncFlags)
    lines.push(`.kfunc  ${name} ${value === 0 ? 'none' : kfuncFlagsText(value)}`);
  if (program.funcInfo.length === 0) lines.push('.info   none');
  else if (program.lineInfo.length === 0) lines.push('.info   func');
  return lines;
}

/** Load flags by their names; what has none as a number. */
function flagNames(flags: number): string[] {
  const names: string[] = [];
  let left = flags;
  for (const [name, bit] of LOAD_FLAGS) {
    if ((left & bit) === 0) continue;
    names.push(name);
    left &= ~bit;
  }
  return left === 0 ? names : [...names, String(left)];
}

function sameAttach(a: Attach | null, b: Attach | null): boolean {
  if (a === null || b === null) return a === b;
  if (a.kind === 'prog' || b.kind === 'prog') return a.kind === b.kind;
  return a.kind === b.kind && a.name === b.name;
}

const TARGET_PREFIX = { func: '', tp: 'btf_trace_', lsm: 'bpf_lsm_', iter: 'bpf_iter_' } as const;

/** A section that gives a program its type and, if there is one, its attach type and target. */
function sectionFor(progType: number, attachType: number, attach: Attach | null): string | null {
  const rows = SECTION_ROWS.filter((row) => row.progType === progType);
  const row =
    rows.find((one) => one.attachType === attachType && one.flags === 0) ??
    rows.find((one) => one.flags === 0) ??
    rows.at(0);
  if (row === undefined) return null;
  if (row.target === null || attach === null || attach.kind === 'prog' || attach.kind === 'struct')
    return row.name;
  const prefix = TARGET_PREFIX[row.target as keyof typeof TARGET_PREFIX];
  return attach.name.startsWith(prefix)
    ? `${row.name}/${attach.module === null ? '' : `${attach.module}:`}${attach.name.slice(prefix.length)}`
    : row.name;
}
