import { isHelperCall, starts } from '../../isa/flow.ts';
import { callee } from '../context.ts';
import { functionAt, functionUses, type FunctionPlace, type FunctionUse } from './functions.ts';
import {
  at,
  findText,
  functionSpan,
  inText,
  insnText,
  unprivileged,
  type PlaceCase,
  type PlaceCauses,
  type PlaceLink,
} from './place-case.ts';

/** Calls of a function from one other that are shown at most. */
const SHOWN = 3;

/** The call, and that nothing gave the program the privilege. */
export function callsNotPermitted(c: PlaceCase): PlaceCauses {
  const links = [unprivileged(c)];
  const uses = functionUses(c.program).filter(({ insn }) => insn > c.insn);
  if (c.insn >= 0)
    links.push(
      at(
        c.insn,
        `${insnText(c, c.insn)} ${callee(c, c.insn) === '' ? 'takes the address of a function' : 'calls a function that is no helper'}`,
      ),
    );
  for (const { insn } of uses.slice(0, SHOWN))
    links.push(at(insn, `${insnText(c, insn)} would be refused too`));
  return { links, missing: 'the program has CAP_BPF, or calls helpers only' };
}

/** Where the call leads, and how long the program is. */
export function callTarget(c: PlaceCase): PlaceCauses {
  const use = functionUses(c.program).find(({ insn }) => insn === c.insn);
  const last = c.program.insns.length - 1;
  return {
    links: [at(last, `The program ends with instruction ${last}`)],
    missing: `the call leads to an instruction from 0 to ${last}${use === undefined ? '' : `, not to ${use.target}`}`,
  };
}

/** The calls that lead from a function back to itself. */
export function recursion(c: PlaceCase): PlaceCauses {
  const calls = functionUses(c.program).filter(({ isCall }) => isCall);
  const closing = calls.find(({ insn }) => insn === c.insn);
  if (closing === undefined) return { links: [], missing: null };
  const caller = functionAt(c.functions, closing.insn);
  const called = functionAt(c.functions, closing.target);
  const way = callsBetween(c, called, caller, calls);
  const links = way.map(({ insn, target }) =>
    at(insn, `${functionAt(c.functions, insn).name} calls ${functionAt(c.functions, target).name}`),
  );
  links.unshift(at(called.start, `${called.name} begins here`));
  return { links, missing: `${called.name} is not under way yet when ${caller.name} calls it` };
}

/** A shortest chain of calls from one function to another; empty if they are one. */
function callsBetween(
  c: PlaceCase,
  from: FunctionPlace,
  to: FunctionPlace,
  calls: readonly FunctionUse[],
): FunctionUse[] {
  const ways = new Map<number, readonly FunctionUse[]>([[from.start, []]]);
  for (const [start, way] of ways) {
    if (start === to.start) return [...way];
    for (const call of calls)
      if (functionAt(c.functions, call.insn).start === start && !ways.has(call.target))
        ways.set(call.target, [...way, call]);
  }
  return [];
}

/** The tags that name exception callbacks, and the function that they stand at. */
export function exceptionCallback(c: PlaceCase): PlaceCauses {
  const links: PlaceLink[] = [];
  for (const [i, text] of c.source.split('\n').entries())
    for (const match of text.matchAll(/exception_callback:(\w+)/g)) {
      const col = match.index + 1;
      links.push(
        inText(
          { line: i + 1, col, endLine: i + 1, endCol: col + match[0].length },
          `The main function names ${match[1]} as what is called for exceptions`,
        ),
      );
    }
  const name = String(c.args[0] ?? '');
  const f = c.text.outline.functions.find((found) => found.name === name);
  if (f !== undefined)
    links.push(inText(functionSpan(c, f.start), `${name} is declared here${f.global ? '' : ', as static'}`));
  const missing: Readonly<Record<string, string>> = {
    'cfg.exceptionCallbackTwice': 'the main function names one exception callback',
    'cfg.exceptionCallbackMissing': `there is a function ${name} in the program`,
    'cfg.exceptionCallbackStatic': `${name} is a global function`,
    'cfg.exceptionCallbackMain': 'the exception callback is another function than the main one',
    'cfg.exceptionCallbackNoInfo': 'the exception callback is a function of the program',
  };
  return { links, missing: missing[c.result.rule ?? ''] ?? null };
}

/** How execution gets to what may not be done in a callback. */
export function inCallback(c: PlaceCase): PlaceCauses {
  const facts = c.env?.facts;
  if (facts === undefined) return { links: [], missing: null };
  const links: PlaceLink[] = [];
  for (const { subprog, call } of facts.refusedCalls) {
    const { start, isCb, isExceptionCb } = facts.subprogs[subprog];
    const { name } = functionAt(c.functions, start);
    if (isExceptionCb)
      links.push(inText(findText(c, /exception_callback:\w+/), `${name} is called for exceptions`));
    if (call !== null)
      links.push(
        at(
          call,
          isCb
            ? `${name} is given to the kernel as a callback`
            : `${functionAt(c.functions, call).name} calls ${name}`,
        ),
      );
    else if (isCb) links.push(...callbackLinks(c, start, name));
  }
  const last = facts.refusedCalls.at(-1);
  const tailCall =
    /tailCall/.test(c.result.rule ?? '') && last !== undefined
      ? helperCalls(c, facts.subprogs[last.subprog].start, 'bpf_tail_call')
      : [];
  links.push(...tailCall.map((insn) => at(insn, 'A tail call never comes back to the callback’s caller')));
  return { links, missing: MISSING[c.result.rule ?? ''] ?? null };
}

const MISSING: Readonly<Record<string, string>> = {
  'after.throwInCallback': 'nothing that is thrown has to pass a callback, whose caller could not be unwound',
  'after.exceptionCallbackCalled': 'only the kernel calls the exception callback',
  'after.tailCallInCallback': 'no callback tail calls, itself or by what it calls',
  'after.ldAbsInCallback': 'no callback loads from the packet by skb[…], which may leave the program',
};

function callbackLinks(c: PlaceCase, start: number, name: string): PlaceLink[] {
  return functionUses(c.program)
    .filter(({ target, isCall }) => target === start && !isCall)
    .slice(0, SHOWN)
    .map(({ insn }) => at(insn, `${name} is made a callback here`));
}

/** The calls of the exception callback by the program itself. */
export function exceptionCallbackCalled(c: PlaceCase): PlaceCauses {
  const links = [
    inText(findText(c, /exception_callback:\w+/), 'What this tag names is called for exceptions'),
  ];
  return { links, missing: MISSING['after.exceptionCallbackCalled'] };
}

/** Where the tail call's map comes from. */
export function tailCallMap(c: PlaceCase): PlaceCauses {
  const links = [unprivileged(c)];
  for (const [insn, ref] of [...c.program.refs].sort((a, b) => a[0] - b[0]))
    if (ref.kind === 'map' && insn < c.insn)
      links.push(at(insn, `${insnText(c, insn)}: on one path the map is ${c.program.maps[ref.map].name}`));
  return { links, missing: 'the tail call’s map is the same on all paths' };
}

/** The call that names no function. */
export function kfuncNotResolved(c: PlaceCase): PlaceCauses {
  return {
    links: [
      at(
        c.insn,
        `${insnText(c, c.insn)} was left by the loader for a function that the kernel does not have`,
      ),
    ],
    missing: 'the call is never reached, or the kernel has the function',
  };
}

/** Calls of a helper in the function that begins somewhere. */
function helperCalls(c: PlaceCase, start: number, helper: string): number[] {
  const { insns } = c.program;
  const own = functionAt(c.functions, start);
  return [...starts(insns)].filter(
    (insn) => insn >= own.start && insn < own.end && isHelperCall(insns, insn) && callee(c, insn) === helper,
  );
}

/** Which function calls which, how often: what makes a small program a large walk. */
export function manyCalls(c: PlaceCase): PlaceCauses {
  const calls = functionUses(c.program).filter(({ isCall }) => isCall);
  const links: PlaceLink[] = [];
  for (const f of c.functions) {
    const own = calls.filter(({ insn }) => insn >= f.start && insn < f.end);
    for (const start of new Set(own.map(({ target }) => target))) {
      const there = own.filter(({ target }) => target === start);
      if (there.length > 1)
        links.push(
          at(there[0].insn, `${f.name} calls ${functionAt(c.functions, start).name} ${there.length} times`),
        );
      else if (c.result.rule === 'cfg.livenessTooDeep')
        links.push(at(there[0].insn, `${f.name} calls ${functionAt(c.functions, start).name}`));
    }
  }
  const missing =
    c.result.rule === 'cfg.livenessTooDeep'
      ? 'at most eight functions are under way at once'
      : 'the ways through all calls are at most 10000';
  return { links, missing };
}
