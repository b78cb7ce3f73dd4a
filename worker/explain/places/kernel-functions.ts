import { BTF_KIND_FUNC, type Btf } from '../../btf/btf.ts';
import { formatFunc, formatDefinition } from '../../btf/format.ts';
import { isStructOrUnion, skipModifiers } from '../../btf/walk.ts';
import type { Span } from '../../protocol.ts';
import { callee } from '../context.ts';
import {
  at,
  directive,
  inText,
  insnText,
  spanOf,
  typeSpan,
  type PlaceCase,
  type PlaceCauses,
  type PlaceLink,
} from './place-case.ts';
import { deniedLinks, parameterLink } from './prototypes.ts';

/** A called function of the kernel, or one that the text invents. */
export interface KernelFunction {
  readonly btf: Btf;
  readonly func: number;
  readonly name: string;
}

/** The kfunc that an instruction calls; null if it calls none, or one without a type. */
export function kernelFunctionAt(
  c: Pick<PlaceCase, 'program' | 'model'>,
  insn: number,
): KernelFunction | null {
  const ref = c.program.refs.get(insn);
  if (ref?.kind !== 'kfunc') return null;
  const invented = c.program.invented.find(({ name }) => name === ref.name);
  if (invented !== undefined && c.program.btf !== null)
    return { btf: c.program.btf, func: invented.typeId, name: ref.name };
  if (!c.model.hasBtf) return null;
  const btf = ref.module === null ? c.model.btf() : c.model.moduleBtf(ref.module);
  const func = btf?.find(ref.name, BTF_KIND_FUNC) ?? 0;
  return btf === null || func === 0 ? null : { btf, func, name: ref.name };
}

/** Where the text declares a kfunc. */
function declared(c: PlaceCase, name: string): ReturnType<typeof spanOf> | null {
  const span = c.text.outline.kfuncs.find((kfunc) => kfunc.name === name)?.span;
  return span === undefined ? null : spanOf(span);
}

/** Position of the argument that a rule names, -1 if it names none. */
function argumentOf({ args }: PlaceCase): number {
  const register = /^R(\d+)$/.exec(String(args[0] ?? ''));
  const stack = /^\*\(R11-(\d+)\)$/.exec(String(args[0] ?? ''));
  return register !== null ? Number(register[1]) - 1 : stack !== null ? 4 + Number(stack[1]) / 8 : -1;
}

/** The call, the function’s prototype, and the argument that is refused. */
export function kernelFunction(c: PlaceCase): PlaceCauses {
  const { rule } = c.result;
  const links: PlaceLink[] = [];
  const found = kernelFunctionAt(c, c.insn);
  if (found !== null) {
    const prototype = { ...found, span: declared(c, found.name) };
    links.push(inText(prototype.span, formatFunc(found.btf, found.func)));
    const index = argumentOf(c);
    const param = parameterLink(c, prototype, index);
    if (param !== null) links.push(param);
    if (/kfuncArgMem/.test(rule ?? '') && index >= 0) {
      const pointer = skipModifiers(
        found.btf,
        found.btf.type(found.btf.type(found.func).type).params[index].type,
      );
      const target = skipModifiers(found.btf, pointer.type);
      if (isStructOrUnion(target))
        links.push(
          inText(
            prototype.span,
            `It points to ${formatDefinition(found.btf, target.id, 4).replace(/\s+/g, ' ')}`,
          ),
        );
    }
  }
  const words = WORDS[rule ?? ''];
  if (words?.setting !== undefined) links.push(inText(words.setting(c), words.says!(c)));
  if (c.insn >= 0)
    links.push(
      at(
        c.insn,
        `${insnText(c, c.insn)} ${callee(c, c.insn) === '' ? 'calls type ' + String(c.program.insns.imm[c.insn]) + ' of the kernel’s types' : 'calls it'}`,
      ),
    );
  return { links, missing: words?.missing ?? null };
}

/** The argument of an invented kfunc that a rule names: where the text declares it; null if it does not. */
export function kernelArgument(c: PlaceCase): { readonly span: Span } | null {
  const found = kernelFunctionAt(c, c.insn);
  if (found === null || found.btf !== c.program.btf) return null;
  const index = c.result.rule === 'cfg.protoArgType' ? Number(c.args[1]) : argumentOf(c);
  const span = parameterLink(c, { ...found, span: declared(c, found.name) }, index)?.span ?? null;
  return span === null ? null : { span };
}

interface Words {
  readonly missing: string;
  /** Where the setting stands that decides, and what it says. */
  readonly setting?: (c: PlaceCase) => ReturnType<typeof typeSpan>;
  readonly says?: (c: PlaceCase) => string;
}

const usesArena = (c: PlaceCase): string =>
  `The program ${c.program.maps.some((map) => map.type === 33) ? 'declares an arena, which no instruction uses' : 'has no arena'}`;

const WORDS: Readonly<Record<string, Words>> = {
  'cfg.kfuncLicense': {
    missing: 'the licence is compatible with the GPL',
    setting: (c) => directive(c, 'license'),
    says: (c) => `The program’s licence is ${c.program.license}`,
  },
  'cfg.kfuncDevBound': {
    missing: 'the program is loaded for one device (BPF_F_XDP_DEV_BOUND_ONLY)',
    setting: (c) => directive(c, 'flags') ?? typeSpan(c),
    says: () => 'The program is loaded without the flag xdp_dev_bound_only',
  },
  'cfg.kfuncArgArena': { missing: 'the program uses an arena', setting: typeSpan, says: usesArena },
  'cfg.kfuncArgArenaStack': { missing: 'the arena pointer is among the first five arguments' },
  'cfg.kfuncArgMem': {
    missing:
      'the pointer leads to a number or a struct of numbers; void needs the length as the next argument',
  },
  'cfg.kfuncArgMemVoid': { missing: 'the pointer leads to void, a number or a struct of numbers' },
  'cfg.kfuncArgType': { missing: 'the argument is a number or a pointer' },
  'cfg.kfuncArgs': { missing: 'the function takes at most twelve arguments' },
  'cfg.kfuncTooMany': { missing: 'the program calls at most 256 different kfuncs' },
  'cfg.kfuncId': { missing: 'the number is the id of a function in the kernel’s types' },
  'cfg.kfuncNotFunction': { missing: 'the number is the id of a function in the kernel’s types' },
  'cfg.kfuncNegativeOffset': {
    missing: 'the offset is 0 for the kernel’s own functions, or the place of a module in the loader’s list',
  },
  'cfg.kfuncNoFdArray': { missing: 'the loader gives the list of modules' },
  'cfg.kfuncNoAddress': {
    missing:
      'the function exists in the running kernel; a name that ends in _impl is only the prototype behind the kfunc without it',
  },
  'cfg.kfuncImplMissing': { missing: 'the kernel’s types have the prototype behind the kfunc' },
  'cfg.kfuncProto': { missing: 'the function has a prototype in BTF' },
  'cfg.ksymId': { missing: 'the number is the id of a variable or function in the kernel’s types' },
  'cfg.ksymKind': { missing: 'the type is a variable or a function' },
  'cfg.ksymSize': { missing: 'the size of the variable’s type is known' },
};

/** The kfunc whose prototype no program can call with. */
export function kernelPrototype(c: PlaceCase): PlaceCauses {
  const found = kernelFunctionAt(c, c.insn);
  return deniedLinks(c, found === null ? null : { ...found, span: declared(c, found.name) });
}

/** The wide load of a kernel symbol. */
export function kernelSymbol(c: PlaceCase): PlaceCauses {
  const links =
    c.insn < 0
      ? []
      : [
          at(
            c.insn,
            `${insnText(c, c.insn)} asks for the address of type ${c.program.insns.imm[c.insn]} of the kernel’s types`,
          ),
        ];
  return { links, missing: WORDS[c.result.rule ?? '']?.missing ?? null };
}
