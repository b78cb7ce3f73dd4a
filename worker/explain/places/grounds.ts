import { formatFunc } from '../../btf/format.ts';
import { ctxIsTyped } from '../../kernel/ctx.ts';
import { NOT_INIT } from '../../kernel/types.ts';
import { jumpTarget } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import type { ProgTraits } from '../../kernel/prog-traits.ts';
import { BPF_F_SLEEPABLE, SECTION_ROWS } from '../../program/section.ts';
import { contextField } from '../context-field.ts';
import { callee, type WalkedCase } from '../context.ts';
import type { Place } from '../slice/place.ts';
import { textOf, valueAt } from '../slice/place.ts';
import { functionAt, functionUses } from './functions.ts';
import {
  at,
  directive,
  findText,
  functionSpan,
  inText,
  insnText,
  placed,
  typeSpan,
  unprivileged,
  type PlaceCase,
  type PlaceLink,
} from './place-case.ts';

/** Program types that are named at most. */
const SHOWN = 6;

type Ground = (c: PlaceCase, walk: WalkedCase) => PlaceLink[];

/** What of a program's settings and declarations a rejection in the walk rests on; all rows that fit the rule count. */
const ROWS: readonly (readonly [rule: RegExp, ground: Ground])[] = [
  [/^ctx\./, contextOfType],
  [/^call\.(helperNotForProgram|invalidHelper)$|^kfunc\.notAllowed$/, whoMayCall],
  [/^call\.sleepableHelper$|^kfunc\.programNotSleepable$/, sleepability],
  [/^call\.globalArguments$/, prototypeOfCallee],
  [/^(call\.gplOnly|object\.not-gpl)$/, licence],
  [/^reg\.fpReadOnly$/, framePointer],
  [/^exit\.exception/, exceptionPrototype],
  [/^context\.lockInRbtreeCallback$/, callbacks],
  [/^call\.callStackTooDeep$/, callsUnderWay],
  [/^ld-imm\.noFuncInfo$/, noTypes],
  [/^search\.infiniteLoop$/, leadsToItself],
  [
    /^memory\.leaks|^object\.unprivileged$|^alu\.pointer|^reg\.(fpReadOnly|leaks)|^branch\./,
    withoutPrivileges,
  ],
];

/**
 * Places that a rejection in the walk rests on: what its rule asks of the program's type, licence and privileges, and what the refused
 * registers held when the function began, if nothing has changed them.
 */
export function grounds(walk: WalkedCase, about: readonly Place[], isUnchanged: boolean): PlaceLink[] {
  const c = placed(walk);
  if (c === null) return [];
  const links = ROWS.flatMap(([fits, ground]) => (fits.test(c.result.rule ?? '') ? ground(c, walk) : []));
  return isUnchanged && !NOT_ABOUT_VALUES.test(c.result.rule ?? '')
    ? [...links, ...sinceTheBeginning(c, walk, about)]
    : links;
}

/** Rules that would refuse a call whatever is passed. */
const NOT_ABOUT_VALUES =
  /^call\.(helperNotForProgram|invalidHelper|sleepable|gplOnly)|^kfunc\.(notAllowed|programNot)/;

/** What the registers in question hold since the function began. */
function sinceTheBeginning(c: PlaceCase, walk: WalkedCase, about: readonly Place[]): PlaceLink[] {
  const own = functionAt(c.functions, c.insn);
  const mirror = walk.trace.mirrorAt(walk.step);
  return about.slice(0, 2).flatMap((place) => {
    const value = valueAt(mirror, place);
    if (value === undefined || place.kind !== 'reg' || 'types' in value) return [];
    if (value.type === NOT_INIT)
      return [
        at(
          own.start,
          `${own.name} begins with ${own.start === 0 ? 'R1, its context,' : 'its arguments'} and R10, its stack; R${place.no} has no value`,
        ),
      ];
    return [at(own.start, `R${place.no} is ${textOf(value, place.frame)} since ${own.name} began`)];
  });
}

function contextOfType(c: PlaceCase): PlaceLink[] {
  const { insns } = c.program;
  const type = c.model.progType(c.program.progType);
  if (type === null) return [];
  const isTyped = ctxIsTyped(c.program.progType);
  const context = isTyped
    ? 'the arguments of what it attaches to, 8 bytes each'
    : type.ctxType === ''
      ? 'of no type that programs see'
      : type.ctxType;
  const links = [inText(typeSpan(c), `The program’s type is ${type.name}: its context is ${context}`)];
  const code = insns.code[c.insn];
  const cls = op.classOf(code);
  if (cls !== op.BPF_LDX && cls !== op.BPF_ST && cls !== op.BPF_STX) return links;
  const off = insns.off[c.insn];
  const field = isTyped ? null : contextField(c, off);
  const bytes = op.bytesOfSize(code);
  const last = bytes === 1 ? `byte ${off}` : `bytes ${off} to ${off + bytes - 1}`;
  const where =
    field === null
      ? ''
      : field.off === off
        ? `, where ${field.name} begins`
        : `, inside of ${field.name}, which begins at ${field.off}`;
  return [
    ...links,
    at(c.insn, `${insnText(c, c.insn)} ${cls === op.BPF_LDX ? 'reads' : 'writes'} ${last} of it${where}`),
  ];
}

/** Numbers that libbpf leaves in calls which it could not make. */
const POISONS: readonly { readonly from: number; readonly to: number; readonly says: string }[] = [
  {
    from: 195896080,
    to: 195896080,
    says: 'was put there by libbpf: what it replaces needs a type or field that this kernel does not have',
  },
  {
    from: 2001000000,
    to: 2001999999,
    says: 'was put there by libbpf: what it replaces needs a map that was not created',
  },
  { from: 2002000000, to: 2002999999, says: 'was put there by libbpf: the kernel has no such function' },
];

function whoMayCall(c: PlaceCase, walk: WalkedCase): PlaceLink[] {
  const name = callee(c, c.insn);
  const number = c.program.insns.imm[c.insn];
  const type = inText(typeSpan(c), `The program’s type is ${c.result.progType}`);
  if (c.result.rule === 'call.invalidHelper') {
    const poison = POISONS.find(({ from, to }) => number >= from && number <= to);
    return [
      at(
        c.insn,
        poison === undefined
          ? `The kernel has no helper of number ${number}${name === '' ? '' : ` for this program: ${name}`}`
          : `The number ${number} ${poison.says}`,
      ),
    ];
  }
  const ref = c.program.refs.get(c.insn);
  const kfunc = ref?.kind === 'kfunc' ? c.model.kfunc(ref.name, ref.module) : null;
  if (ref?.kind === 'kfunc' && kfunc === null)
    return [type, at(c.insn, `${name} is a function of the kernel, but not one for programs`)];
  const { traits } = walk.env;
  const may = (other: Partial<ProgTraits>): boolean => {
    const asked = { ...traits, ...other, capBpf: true, capPerfmon: true, capSysAdmin: true };
    return kfunc === null
      ? c.model.helperRefusal(number, asked) === null
      : c.model.kfuncAllowed(kfunc, asked);
  };
  if (!c.program.privileged && may({}))
    return [unprivileged(c), at(c.insn, `${name} is for programs with privileges`)];
  const rows = SECTION_ROWS.filter(({ progType, attachType, flags }) =>
    may({ progType, attachType, sleepable: (flags & BPF_F_SLEEPABLE) !== 0 }),
  );
  const names = [...new Set(rows.map((row) => row.progTypeName))];
  const who =
    names.length === 0
      ? `No type of program may call ${name} in this kernel`
      : `${name} is for ${names.slice(0, SHOWN).join(', ')}${names.length > SHOWN ? ` and ${names.length - SHOWN} more` : ''}`;
  return [type, at(c.insn, who)];
}

function sleepability(c: PlaceCase): PlaceLink[] {
  const sleeps = (c.program.flags & BPF_F_SLEEPABLE) !== 0;
  return [
    inText(
      directive(c, 'flags') ?? typeSpan(c),
      sleeps ? 'The program may sleep, but not at this place' : 'The program is not loaded as sleepable',
    ),
  ];
}

/** The prototype that a call is judged by. */
function prototypeOfCallee(c: PlaceCase): PlaceLink[] {
  const { btf, funcInfo } = c.program;
  const target = functionUses(c.program).find(({ insn }) => insn === c.insn)?.target;
  const row = funcInfo.find(([insn]) => insn === target);
  if (btf === null || target === undefined || row === undefined) return [];
  return [
    inText(functionSpan(c, target), `The call is judged by the prototype alone: ${formatFunc(btf, row[1])}`),
  ];
}

/** The function that handles exceptions, by its prototype. */
function exceptionPrototype(c: PlaceCase, { env }: WalkedCase): PlaceLink[] {
  const { btf, funcInfo } = c.program;
  const callback = env.facts.subprogs.find(({ isExceptionCb }) => isExceptionCb);
  const row = callback === undefined ? undefined : funcInfo.find(([insn]) => insn === callback.start);
  if (btf === null || callback === undefined || row === undefined) return [];
  const span = functionSpan(c, callback.start);
  return [
    inText(findText(c, /exception_callback:\w+/), `${btf.type(row[1]).name} is called for exceptions`),
    inText(span, `It is ${formatFunc(btf, row[1])}`),
  ];
}

/** Where the functions whose frames are under way were made callbacks. */
function callbacks(c: PlaceCase, { env }: WalkedCase): PlaceLink[] {
  const uses = functionUses(c.program).filter(({ isCall }) => !isCall);
  return env.facts.subprogs.flatMap(({ start, isCb }) =>
    uses
      .filter(({ target }) => isCb && target === start)
      .map(({ insn }) =>
        at(
          insn,
          `${functionAt(c.functions, start).name} is given to the kernel, which calls it under the lock`,
        ),
      ),
  );
}

/** The call that entered each frame. */
function callsUnderWay(c: PlaceCase, walk: WalkedCase): PlaceLink[] {
  const { frames } = walk.trace.mirrorAt(walk.step);
  return frames
    .slice(1)
    .map(({ facts: { callsite } }, i) =>
      at(
        callsite,
        `Frame ${i + 1}: ${functionAt(c.functions, callsite).name} makes ${insnText(c, callsite)}`,
      ),
    );
}

function noTypes(c: PlaceCase): PlaceLink[] {
  return [
    inText(directive(c, 'info'), 'The program carries no types of its functions'),
    at(c.insn, `${insnText(c, c.insn)} takes the address of one`),
  ];
}

function leadsToItself(c: PlaceCase): PlaceLink[] {
  return jumpTarget(c.program.insns, c.insn) === c.insn
    ? [at(c.insn, `${insnText(c, c.insn)} leads to itself`)]
    : [];
}

function framePointer(c: PlaceCase): PlaceLink[] {
  return [at(c.insn, `${insnText(c, c.insn)} writes R10, by which the function’s stack is found`)];
}

function licence(c: PlaceCase): PlaceLink[] {
  return [inText(directive(c, 'license'), `The program’s licence is ${c.program.license}`)];
}

function withoutPrivileges(c: PlaceCase): PlaceLink[] {
  return c.program.privileged ? [] : [unprivileged(c)];
}
