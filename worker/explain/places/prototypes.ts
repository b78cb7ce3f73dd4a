import { Subprog } from '../../cfg/facts.ts';
import { prepareFuncArgs } from '../../cfg/func-args.ts';
import { BTF_KIND_FUNC, type Btf } from '../../btf/btf.ts';
import { declaration, formatFunc, typeName } from '../../btf/format.ts';
import { resolveSize } from '../../btf/walk.ts';
import { SILENT } from '../../failure/messages.ts';
import { Rejection } from '../../failure/rule.ts';
import type { Span } from '../../protocol.ts';
import { functionUses } from './functions.ts';
import {
  at,
  directive,
  functionSpan,
  inText,
  insnText,
  typeSpan,
  type PlaceCase,
  type PlaceCauses,
  type PlaceLink,
} from './place-case.ts';

/** A function's type in BTF, and where the text has it. */
interface Prototype {
  readonly btf: Btf;
  readonly func: number;
  readonly span: Span | null;
}

/** Calls of a function that are shown at most. */
const SHOWN = 3;

/** The piece of a prototype's line that declares a parameter; the whole if it cannot be told. */
function parameterSpan(c: PlaceCase, span: Span | null, name: string): Span | null {
  if (span === null || name === '') return span;
  const line = c.source.split('\n')[span.line - 1];
  const match = new RegExp(`[^(,]*\\b${name}\\b[^,)]*`).exec(line.slice(span.col - 1));
  if (match === null) return span;
  const lead = match[0].length - match[0].trimStart().length;
  const col = span.col + match.index + lead;
  return { line: span.line, col, endLine: span.line, endCol: col + match[0].trim().length };
}

/** A parameter of a function as it is declared. */
export function parameterLink(c: PlaceCase, { btf, func, span }: Prototype, index: number): PlaceLink | null {
  const proto = btf.type(btf.type(func).type);
  const param = proto.params.at(index);
  if (param === undefined || index < 0) return null;
  const tags = btf
    .declTags(func)
    .flatMap(([tag, component]) => (component === index ? [tag.replace(/^arg:/, '')] : []));
  return inText(
    parameterSpan(c, span, param.name),
    `Argument ${index + 1} is ${declaration(btf, param.type, param.name)}${tags.length === 0 ? '' : `, tagged as ${tags.join(' and ')}`}`,
  );
}

/** The prototype of a global function that cannot be verified on its own, and who calls it; null if a call's arguments are to blame instead. */
export function ownPrototype(c: PlaceCase): PlaceCauses | null {
  const found = refusedFunction(c);
  if (found === null) return null;
  const { subprog, prototype, rejection } = found;
  const { btf, func, span } = prototype;
  const links: PlaceLink[] = [
    inText(
      span,
      `${formatFunc(btf, func)} is ${subprog.isGlobal ? 'global: it is verified on its own, by what its prototype says' : 'static'}`,
    ),
  ];
  const index = argumentOf(rejection.message);
  const argument = index === null ? null : parameterLink(c, prototype, index);
  if (argument !== null) links.push(argument);
  const { id } = rejection.rule;
  if (/ctx(Struct|Void|Unnamed)$/.test(id))
    links.push(
      inText(
        typeSpan(c),
        `The program’s type is ${c.result.progType}, whose context is ${c.model.progType(c.program.progType)?.ctxType ?? 'of another type'}`,
      ),
    );
  // what is asked of a prototype is told where it stands, what a call does wrong where it calls
  const isCall = c.result.rule !== id;
  if (isCall && rejection.message !== '')
    links.push(
      inText(
        (argument ?? inText(span, '')).span,
        `The kernel says of it: ${rejection.message.split('\n')[0]}`,
      ),
    );
  const calls = functionUses(c.program).filter(
    ({ target, insn }) => target === subprog.start && insn !== c.insn,
  );
  for (const { insn } of calls.slice(0, SHOWN)) links.push(at(insn, `${insnText(c, insn)} calls it`));
  return {
    links,
    missing: MISSING[id] ?? null,
    refused: isCall ? undefined : (argument ?? inText(span, '')),
  };
}

/** Number of the argument that a message names, from 0; null if it names none. */
function argumentOf(message: string): number | null {
  const named = /^[Aa]rg#(\d+)/.exec(message);
  return named === null ? null : Number(named[1]);
}

/** The function whose prototype breaks the rule: found by reading them all once more. */
function refusedFunction(
  c: PlaceCase,
): { readonly subprog: Subprog; readonly prototype: Prototype; readonly rejection: Rejection } | null {
  const { btf, funcInfo } = c.program;
  const { env } = c;
  if (btf === null || env === null) return null;
  const called = functionUses(c.program).find(({ insn }) => insn === c.insn)?.target ?? -1;
  for (const known of env.facts.subprogs) {
    const row = funcInfo.at(known.index);
    if (row === undefined || row[1] === 0 || btf.type(row[1]).kind !== BTF_KIND_FUNC) continue;
    const subprog = new Subprog(known.index, known.start);
    subprog.isGlobal = known.isGlobal;
    try {
      prepareFuncArgs({ program: c.program, model: c.model, messages: SILENT, traits: env.traits }, subprog);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      if (error.rule.id !== c.result.rule && called !== known.start) continue;
      return {
        subprog,
        prototype: { btf, func: row[1], span: functionSpan(c, known.start) },
        rejection: error,
      };
    }
  }
  return null;
}

const MISSING: Readonly<Record<string, string>> = {
  'prototype.globalReturn': 'a global function returns void or a number',
  'prototype.globalStackArgs': 'a global function takes at most five arguments',
  'prototype.tooManyParams': 'a function takes at most twelve arguments',
  'prototype.unknownTag':
    'the tag is one that the kernel knows: ctx, nonnull, nullable, trusted, untrusted, arena',
  'prototype.multipleTypeTags': 'the type has one tag',
  'prototype.tagCombination': 'the tags of the argument go together',
  'prototype.untrustedCombination': 'untrusted is the argument’s only tag',
  'prototype.arenaCombination': 'arena is the argument’s only tag',
  'prototype.unnamed': 'what the argument points to has a name that the kernel’s types have too',
  'prototype.ambiguous': 'the kernel has one type of this name',
  'prototype.noMatch': 'the kernel has a type of this name',
  'prototype.moduleType': 'the type is one of the kernel’s own, not of a module',
  'prototype.untrustedType': 'what the argument points to is a struct, a union or a number',
  'prototype.unknownSize': 'the size of what the argument points to is known',
  'prototype.tagOnNonPointer': 'only pointers are tagged',
  'prototype.unsupported': 'the argument is a number or a pointer',
  'prototype.staticUnsupported': 'the argument is a number or a pointer',
  'prototype.staticTag': 'only arguments of global functions are tagged',
  'prototype.ctxUnnamed': 'what the context argument points to has a name',
  'prototype.ctxVoid': 'the context argument is a pointer to void',
  'prototype.ctxStruct': 'the context argument points to the context of the program’s type',
};

/** What a trampoline, or a call from a program, cannot do with a prototype. */
export function deniedLinks(c: PlaceCase, prototype: Prototype | null): PlaceCauses {
  const missing = DENIED[c.result.rule ?? ''] ?? null;
  if (prototype === null) return { links: [], missing };
  const { btf, func, span } = prototype;
  const proto = btf.type(btf.type(func).type);
  const links: PlaceLink[] = [inText(span, `The function is ${formatFunc(btf, func)}`)];
  const index = c.result.rule === 'cfg.protoArgType' ? Number(c.args[1]) : -1;
  const param = proto.params.at(index);
  if (index >= 0 && param !== undefined) {
    const size = resolveSize(btf, param.type)?.size;
    links.push(
      inText(
        parameterSpan(c, span, param.name),
        `Argument ${index + 1} is ${declaration(btf, param.type, param.name)}${size === undefined ? '' : ` of ${size} bytes`}`,
      ),
    );
  }
  if (c.result.rule === 'cfg.protoReturn')
    links.push(inText(span, `It returns ${typeName(btf, proto.type)}`));
  if (c.result.rule === 'cfg.protoArgs')
    links.push(inText(span, `It takes ${proto.params.length} arguments`));
  return { links, missing };
}

const DENIED: Readonly<Record<string, string>> = {
  'cfg.protoArgs': 'the function takes at most twelve arguments',
  'cfg.protoReturn': 'the function returns a number, a pointer or nothing',
  'cfg.protoVariadic': 'the function takes a fixed number of arguments',
  'cfg.protoArgType': 'each argument is a number, a pointer, or a struct of at most 16 bytes',
  'cfg.protoVoidArg': 'each argument has a type with a size',
};

/** Rows of func_info, which say where functions begin and of what type they are. */
export function debugInfo(c: PlaceCase): PlaceCauses {
  const links: PlaceLink[] = [
    inText(
      directive(c, 'info'),
      INFO[c.result.rule ?? ''] ?? 'The program’s debugging information does not fit its instructions',
    ),
  ];
  for (const f of c.functions.slice(1, 1 + SHOWN)) links.push(at(f.start, `${f.name} begins here`));
  return {
    links,
    missing: 'each function has one row of func_info, in order, and lines lie inside of the program',
  };
}

const INFO: Readonly<Record<string, string>> = {
  'cfg.ldAbsNoBtf': 'The program carries no types of its functions',
  'cfg.tailCallNoBtf': 'The program carries no types of its functions',
};

/** The function that tail calls or loads from the packet, whose result is no int. */
export function intResult(c: PlaceCase): PlaceCauses {
  const { insns } = c.program;
  const isTailCall = /tailCall/.test(c.result.rule ?? '');
  const links: PlaceLink[] = [];
  if (/NoBtf/.test(c.result.rule ?? ''))
    links.push(inText(directive(c, 'info'), 'The program carries no types of its functions'));
  for (const f of c.functions.slice(1)) {
    for (let insn = f.start; insn < f.end; insn++) {
      const leaves = isTailCall
        ? insns.code[insn] === 0x85 && insns.src[insn] === 0 && insns.imm[insn] === 12
        : (insns.code[insn] & 0x07) === 0 &&
          (insns.code[insn] & 0xe0) !== 0 &&
          insns.code[insn] !== 0x18 &&
          (insns.code[insn] & 0xe0) <= 0x40;
      if (!leaves) continue;
      links.push(
        inText(functionSpan(c, f.start), `${f.name} is a function of its own`),
        at(insn, `${insnText(c, insn)} may leave it at once, with a result of type int`),
      );
      break;
    }
  }
  return { links, missing: 'functions that may be left like this return int, and BTF says so' };
}
