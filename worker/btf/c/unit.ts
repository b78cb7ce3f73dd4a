import { CFailure, accept, cScope, expect, fail, found, is, matching, next, peek, report } from './context.ts';
import type { CParser, CScope } from './context.ts';
import { cParser, readDeclarator, readSpecifiers } from './declarations.ts';
import type { Declarator, Specifiers } from './declarations.ts';
import { constantExpression } from './expression.ts';
import { readInitialiser } from './initializer.ts';
import { lexC } from './lexer.ts';
import { readMap } from './maps.ts';
import type { CMap } from './maps.ts';
import type { CLine, CProblem, CSpan } from './problem.ts';
import { alignOf, bare, cTypeName, isConst, roundUp, sizeOf } from './types.ts';
import type { CFunc, CType } from './types.ts';

/** A function that the text defines (in assembly) or at least declares. */
export interface CFunction {
  readonly name: string;
  readonly type: CFunc;
  readonly static: boolean;
  readonly declTags: readonly string[];
  /** `SEC("…")`, if any. */
  readonly section: string | null;
  readonly span: CSpan;
}

/** A kernel symbol that the text names: `extern … __ksym`. */
export interface CKsym {
  readonly name: string;
  readonly kind: 'func' | 'var';
  readonly type: CType;
  readonly weak: boolean;
  /** Flags make it an invented kfunc; null: the kernel's. */
  readonly flags: number | null;
  readonly declTags: readonly string[];
  readonly span: CSpan;
}

/** A global variable at its place. */
export interface CVariable {
  readonly name: string;
  readonly type: CType;
  readonly static: boolean;
  readonly section: string;
  readonly offset: number;
  readonly size: number;
  readonly declTags: readonly string[];
  readonly span: CSpan;
}

/** A data section, which becomes an array map of one element. */
export interface CSection {
  /** `.bss`, `.data.mine`, … */
  readonly name: string;
  readonly kind: 'bss' | 'data' | 'rodata';
  readonly size: number;
  /** Initial bytes; all zero for .bss. */
  readonly data: Uint8Array;
  readonly variables: readonly CVariable[];
}

/** Everything that the C parts of a text declare. */
export interface CUnit {
  readonly scope: CScope;
  readonly maps: readonly CMap[];
  /** The structs that the maps were declared with, by map name (for the BTF of `.maps`). */
  readonly mapTypes: ReadonlyMap<string, CType>;
  readonly sections: readonly CSection[];
  readonly functions: readonly CFunction[];
  readonly ksyms: readonly CKsym[];
  /** From `char x[] SEC("license") = "…"`. */
  readonly license: string | null;
  readonly problems: readonly CProblem[];
}

interface Draft {
  readonly scope: CScope;
  readonly problems: CProblem[];
  readonly maps: CMap[];
  readonly mapTypes: Map<string, CType>;
  readonly functions: Map<string, CFunction>;
  readonly ksyms: Map<string, CKsym>;
  readonly variables: Map<string, { declarator: Declarator; static: boolean; type: CType; bytes: Uint8Array | null }>;
  /** Names that are taken, and where. */
  readonly names: Map<string, CSpan>;
  /** Bytes of all variables so far. */
  variableBytes: number;
  license: string | null;
}

/**
 * Reads the C parts of a program text: types, maps, variables, prototypes, kernel symbols. Nothing throws; what is
 * wrong is in `problems`, and reading goes on with the next declaration.
 */
export function parseC(blocks: readonly (readonly CLine[])[], outside: Pick<CScope, 'constant' | 'kfuncFlag'>): CUnit {
  const draft: Draft = {
    scope: cScope(outside),
    problems: [],
    maps: [],
    mapTypes: new Map(),
    functions: new Map(),
    ksyms: new Map(),
    variables: new Map(),
    variableBytes: 0,
    names: new Map(),
    license: null,
  };
  for (const lines of blocks) {
    const p = cParser(lexC(lines, draft.scope.macros, draft.problems), draft.scope, draft.problems);
    while (peek(p).kind !== 'end') declaration(p, draft);
  }
  return {
    scope: draft.scope,
    maps: draft.maps,
    mapTypes: draft.mapTypes,
    sections: layOutSections(draft),
    functions: [...draft.functions.values()],
    ksyms: [...draft.ksyms.values()],
    license: draft.license,
    problems: draft.problems,
  };
}

/** Reads one prototype, as `.func` takes it; null (with a problem) if it is none. */
export function parsePrototype(source: CLine, col: number, scope: CScope, problems: CProblem[]): CFunction | null {
  const padded = { line: source.line, text: ' '.repeat(Math.max(0, col - 1)) + source.text };
  const p = cParser(lexC([padded], scope.macros, problems), scope, problems);
  try {
    const specifiers = readSpecifiers(p);
    const d = readDeclarator(p, specifiers, false);
    const type = bare(d.type);
    if (type.kind !== 'func') fail(p, 'c-prototype', `${d.name} is no function; a prototype like int ${d.name}(u64 a) is needed.`, d.span);
    accept(p, ';');
    if (peek(p).kind !== 'end') fail(p, 'c-syntax', `${found(p)} after the prototype.`);
    return toFunction(d, type, specifiers.storage === 'static');
  } catch (e) {
    if (!(e instanceof CFailure)) throw e;
    problems.push(e.problem);
    return null;
  }
}

function toFunction(d: Declarator, type: CFunc, isStatic: boolean): CFunction {
  return { name: d.name, type, static: isStatic, declTags: d.attributes.declTags, section: d.attributes.section, span: d.span };
}

function declaration(p: CParser, draft: Draft): void {
  const start = p.at;
  p.depth = 0;
  try {
    if (accept(p, ';')) return;
    if (is(p, '_Static_assert') || is(p, 'static_assert')) {
      staticAssert(p);
      return;
    }
    const specifiers = readSpecifiers(p);
    if (is(p, ';')) {
      bareType(p, specifiers);
      next(p);
      return;
    }
    do declare(p, draft, specifiers);
    while (accept(p, ','));
    if (!accept(p, ';')) {
      if (is(p, '{')) {
        report(p, 'error', 'c-body', 'A function’s body is written in assembly, under .func; here only its prototype has a place.', peek(p));
        p.at = matching(p, p.at);
        return;
      }
      expect(p, ';');
    }
  } catch (e) {
    if (!(e instanceof CFailure)) throw e;
    draft.problems.push(e.problem);
    recover(p, start);
  }
}

/** Skips to the end of the declaration that began at `start`. */
function recover(p: CParser, start: number): void {
  p.at = start;
  while (peek(p).kind !== 'end') {
    const { text, kind } = peek(p);
    if (kind === 'op' && (text === '{' || text === '(' || text === '[')) {
      p.at = matching(p, p.at);
      continue;
    }
    next(p);
    if (kind === 'op' && text === ';') return;
  }
}

/** `struct x;`, `struct x { … };`, `enum { … };`. */
function bareType(p: CParser, specifiers: Specifiers): void {
  const t = specifiers.type;
  if (t.kind === 'struct') {
    if (t.members === null) t.declaredForward = true;
    else if (t.name === '') report(p, 'warning', 'c-no-name', 'This struct declares nothing: it has neither a name nor a variable.', specifiers.span);
  } else if (t.kind !== 'enum') report(p, 'warning', 'c-no-name', 'This declares nothing.', specifiers.span);
}

function staticAssert(p: CParser): void {
  const token = next(p);
  expect(p, '(');
  const value = constantExpression(p);
  const close = p.at;
  if (accept(p, ',')) next(p);
  expect(p, ')');
  if (value === 0n) report(p, 'error', 'c-assert', 'This assertion does not hold.', { ...token, endCol: p.tokens[close].col });
  expect(p, ';');
}

function declare(p: CParser, draft: Draft, specifiers: Specifiers): void {
  const d = readDeclarator(p, specifiers, false);
  const { storage } = specifiers;
  const { attributes } = d;
  if (storage === 'typedef') {
    const known = draft.scope.typedefs.get(d.name);
    if (known !== undefined && draft.names.has(d.name)) fail(p, 'c-redefined', `${d.name} is already a type.`, d.span);
    draft.names.set(d.name, d.span);
    draft.scope.typedefs.set(d.name, { kind: 'typedef', name: d.name, of: d.type, declTags: attributes.declTags });
    return;
  }
  const type = bare(d.type);
  if (attributes.kconfig) fail(p, 'c-kconfig', 'Kernel configuration variables (__kconfig) are not supported; use a constant.', d.span);
  if (attributes.ksym || attributes.kfuncFlags !== null) {
    ksym(p, draft, d, storage);
    return;
  }
  if (type.kind === 'func') {
    declareFunction(p, draft, d, type, storage);
    return;
  }
  if (storage === 'extern') fail(p, 'c-extern', `extern ${d.name} needs __ksym: only the kernel’s symbols come from outside.`, d.span);
  if (attributes.section === '.maps') {
    if (is(p, '=')) {
      report(p, 'info', 'c-map-ignored', 'Initial contents of a map are ignored.', peek(p));
      next(p);
      if (is(p, '{')) p.at = matching(p, p.at);
      else constantExpression(p);
    }
    take(p, draft, d);
    const map = readMap(d.name, d.type, d.span, (severity, id, message) => report(p, severity, id, message, d.span));
    draft.mapTypes.set(d.name, d.type);
    if (map !== null) draft.maps.push(map);
    return;
  }
  variable(p, draft, d, storage === 'static');
}

/** Claims a name in the space of functions, variables and maps. */
function take(p: CParser, draft: Draft, d: Declarator): void {
  const known = draft.names.get(d.name);
  if (known !== undefined) fail(p, 'c-redefined', `${d.name} is already declared in line ${known.line}.`, d.span);
  draft.names.set(d.name, d.span);
}

function ksym(p: CParser, draft: Draft, d: Declarator, storage: string | null): void {
  const type = bare(d.type);
  const kind = type.kind === 'func' ? 'func' : 'var';
  if (storage !== 'extern') report(p, 'warning', 'c-extern', `${d.name} is the kernel’s: write extern before it.`, d.span);
  if (kind === 'var' && d.attributes.kfuncFlags !== null) fail(p, 'c-kfunc-flag', `${d.name} is no function; __kf_flags says nothing about it.`, d.span);
  const known = draft.ksyms.get(d.name);
  if (known === undefined) take(p, draft, d);
  draft.ksyms.set(d.name, {
    name: d.name,
    kind,
    type: d.type,
    weak: d.attributes.weak,
    flags: d.attributes.kfuncFlags ?? known?.flags ?? null,
    declTags: d.attributes.declTags,
    span: d.span,
  });
}

function declareFunction(p: CParser, draft: Draft, d: Declarator, type: CFunc, storage: string | null): void {
  if (storage === 'extern') {
    report(p, 'warning', 'c-extern', `extern ${d.name} without __ksym: it is taken for a function of this text.`, d.span);
  }
  if (!draft.functions.has(d.name)) take(p, draft, d);
  draft.functions.set(d.name, toFunction(d, type, storage === 'static'));
}

function variable(p: CParser, draft: Draft, d: Declarator, isStatic: boolean): void {
  take(p, draft, d);
  let type = d.type;
  let bytes: Uint8Array | null = null;
  if (accept(p, '=')) ({ type, bytes } = readInitialiser(p, type));
  const { section } = d.attributes;
  if (section === 'license') {
    draft.license = bytes === null ? '' : new TextDecoder().decode(bytes).replace(/\0.*$/s, '');
    return;
  }
  if (section === 'version') return;
  const size = sizeOf(type);
  if (size === null || size === 0) fail(p, 'c-incomplete', `${d.name} has type ${cTypeName(type)}, which has no size.`, d.span);
  draft.variableBytes += size;
  if (draft.variableBytes > VARIABLES_MAX) fail(p, 'c-size', `With ${d.name} the variables are larger than ${VARIABLES_MAX} bytes.`, d.span);
  if (section !== null && !/^\.(bss|data|rodata)(\.|$)/.test(section)) {
    fail(p, 'c-section', `Section ${section} is not known; .bss, .data, .rodata (with a suffix if you like), .maps and license are.`, d.span);
  }
  if (section?.startsWith('.bss') === true && bytes?.some((b) => b !== 0) === true) {
    fail(p, 'c-section', `${d.name} has a value, but .bss is all zero.`, d.span);
  }
  draft.variables.set(d.name, { declarator: d, static: isStatic || d.attributes.hidden, type, bytes });
}

function sectionOf(v: { declarator: Declarator; type: CType; bytes: Uint8Array | null }): string {
  if (v.declarator.attributes.section !== null) return v.declarator.attributes.section;
  if (isConst(v.type)) return '.rodata';
  return v.bytes === null || v.bytes.every((b) => b === 0) ? '.bss' : '.data';
}

/** Their values are kept: types may be larger than variables. */
const VARIABLES_MAX = 1 << 28;

/** libbpf makes the maps of sections in the order in which they stand in the object; clang writes them in this one. */
const SECTION_ORDER = ['data', 'rodata', 'bss'] as const;

function layOutSections(draft: Draft): CSection[] {
  const groups = new Map<string, { variables: CVariable[]; bytes: Map<number, Uint8Array>; size: number }>();
  for (const [name, v] of draft.variables) {
    const section = sectionOf(v);
    const group = groups.get(section) ?? { variables: [], bytes: new Map<number, Uint8Array>(), size: 0 };
    groups.set(section, group);
    const size = sizeOf(v.type)!;
    const { attributes, span } = v.declarator;
    const offset = roundUp(group.size, Math.max(alignOf(v.type), attributes.align));
    group.variables.push({ name, type: v.type, static: v.static, section, offset, size, declTags: attributes.declTags, span });
    if (v.bytes !== null) group.bytes.set(offset, v.bytes);
    group.size = offset + size;
  }
  const sections = [...groups].map(([name, group]): CSection => {
    const data = new Uint8Array(group.size);
    for (const [offset, bytes] of group.bytes) data.set(bytes, offset);
    return { name, kind: SECTION_ORDER.find((kind) => name.startsWith(`.${kind}`))!, size: group.size, data, variables: group.variables };
  });
  return sections.sort((a, b) => SECTION_ORDER.indexOf(a.kind) - SECTION_ORDER.indexOf(b.kind));
}
