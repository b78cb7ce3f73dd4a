import { starts } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import type { TextEdit } from '../../protocol.ts';
import { callee } from '../context.ts';
import { editorOf } from '../edits.ts';
import { functionAt, functionUses } from '../places/functions.ts';
import { isJumpedTo } from '../places/flow.ts';
import type { PlaceCase } from '../places/place-case.ts';
import type { Candidate } from './fix.ts';

const INDENT = '        ';

/** Calls a function that exists, or none. */
export function* callExisting(c: PlaceCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const own = functionAt(c.functions, c.insn);
  for (const { name, start } of c.text.outline.functions)
    if (start !== 0 && start !== own.start)
      yield { title: `Call ${name}`, edits: [editor.replace(c.insn, `call ${name}`)] };
  yield { title: 'Leave the call out', lastResort: true, edits: [editor.remove(c.insn)] };
}

/** Goes back to the beginning of the function instead of calling it anew, or ends there. */
export function* loopInstead(c: PlaceCase): Iterable<Candidate> {
  const { insns } = c.program;
  const use = functionUses(c.program).find(({ insn }) => insn === c.insn);
  if (use === undefined) return;
  const editor = editorOf(c);
  const own = functionAt(c.functions, c.insn);
  const isLast = insns.code[c.insn + 1] === op.OP_EXIT;
  if (own.start === use.target && isLast && own.start !== 0)
    yield {
      title: `Go back to the beginning of ${own.name} instead of calling it`,
      edits: [
        editor.replace(c.insn, `goto ${own.start - c.insn - 1}`),
        ...(isJumpedTo(c, c.insn + 1) ? [] : [editor.remove(c.insn + 1)]),
      ],
    };
  for (const lines of [['r0 = 0'], []])
    yield {
      title: 'Leave the recursive call out',
      lastResort: true,
      edits: [lines.length === 0 ? editor.remove(c.insn) : editor.replace(c.insn, lines[0])],
    };
}

/** Takes out a call that only the kernel makes, or that calls nothing. */
export function* leaveCallOut(c: PlaceCase): Iterable<Candidate> {
  if (c.insn < 0) return;
  const editor = editorOf(c);
  const name = callee(c, c.insn);
  const title = `Take out the call${name === '' ? '' : ` of ${name}`}`;
  yield { title, edits: [editor.remove(c.insn)] };
  yield { title, edits: [editor.replace(c.insn, 'r0 = 0')] };
}

const TAIL_CALL = 12;

/** The same for a call that asks for what the kernel has, but cannot do. */
export function* giveCallUp(c: PlaceCase): Iterable<Candidate> {
  for (const candidate of leaveCallOut(c)) yield { ...candidate, lastResort: true };
}

/** Takes out the tail calls of a function and of what it calls. */
export function* leaveTailCallsOut(c: PlaceCase): Iterable<Candidate> {
  const { insns } = c.program;
  const editor = editorOf(c);
  const calls = [...starts(insns)].filter(
    (insn) => insns.code[insn] === op.OP_CALL && insns.src[insn] === 0 && insns.imm[insn] === TAIL_CALL,
  );
  for (const insn of calls)
    yield { title: 'Leave the tail call out', lastResort: true, edits: [editor.remove(insn)] };
}

/** Lets all paths bring the same map to a tail call. */
export function* oneTailCallMap(c: PlaceCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const loads = [...c.program.refs]
    .filter(([insn, ref]) => ref.kind === 'map' && insn < c.insn && c.program.insns.dst[insn] === 2)
    .map(([insn]) => insn);
  const texts = new Set(loads.map((insn) => editor.textOf(insn)));
  for (const text of texts)
    yield {
      title: `Use one map on all paths: ${text}`,
      kind: 'one map',
      edits: loads.filter((insn) => editor.textOf(insn) !== text).map((insn) => editor.replace(insn, text)),
    };
}

/** Passes only the arguments on the stack that somebody takes. */
export function* fewerStackArguments(c: PlaceCase): Iterable<Candidate> {
  const own = c.functions.at(Number(c.args[0]));
  const taken = Number(c.args[2]);
  const { insns } = c.program;
  if (own === undefined) return;
  const editor = editorOf(c);
  const more = [...starts(insns)].filter(
    (insn) =>
      insn >= own.start &&
      insn < own.end &&
      op.classOf(insns.code[insn]) !== op.BPF_LDX &&
      insns.dst[insn] === op.BPF_REG_PARAMS &&
      -insns.off[insn] / 8 > taken,
  );
  yield { title: 'Do not store arguments that nobody takes', edits: more.map((insn) => editor.remove(insn)) };
}

/** Reads the packet by a helper, which does not leave the function, instead of skb[…]. */
export function* loadBytes(c: PlaceCase): Iterable<Candidate> {
  const { insns } = c.program;
  const editor = editorOf(c);
  const edits: TextEdit[] = [];
  for (const insn of starts(insns)) {
    const code = insns.code[insn];
    if (op.classOf(code) !== op.BPF_LD || op.modeOf(code) !== op.BPF_ABS) continue;
    const bytes = op.bytesOfSize(code);
    const swap = bytes === 1 ? [] : [`r0 = be${bytes * 8} r0`];
    const lines = [
      'r1 = r6',
      `r2 = ${insns.imm[insn]}`,
      'r3 = r10',
      'r3 += -8',
      `r4 = ${bytes}`,
      '*(u64 *)(r10 - 8) = 0',
      'call bpf_skb_load_bytes',
      `r0 = *(u${bytes * 8} *)(r10 - 8)`,
      ...swap,
    ];
    edits.push(editor.replace(insn, lines.join(`\n${INDENT}`)));
  }
  if (edits.length !== 0) yield { title: 'Read the packet by bpf_skb_load_bytes instead of skb[…]', edits };
}

/** Lets a function be verified on its own, so that the chain of calls begins anew with it. */
export function* makeGlobal(c: PlaceCase): Iterable<Candidate> {
  const lines = c.source.split('\n');
  const named = c.functions.slice(1).filter(({ name }) => !name.includes(' '));
  // in the middle of a chain it helps most
  const middle = (named.length - 1) / 2;
  const order = [...named].sort(
    (a, b) => Math.abs(named.indexOf(a) - middle) - Math.abs(named.indexOf(b) - middle),
  );
  for (const { name } of order) {
    const line = lines.findIndex((text) => new RegExp(`^\\s*\\.func\\b.*\\b${name}\\b`).test(text));
    if (line < 0 || /\bglobal\b/.test(lines[line])) continue;
    const text = lines[line].replace(/\.func\s+(static\s+)?/, '.func global ');
    yield {
      title: `Make ${name} global: it is verified on its own`,
      kind: 'global',
      edits: [{ span: { line: line + 1, col: 1, endLine: line + 1, endCol: lines[line].length + 1 }, text }],
    };
  }
}

/** Gives functions that may be left at once the result type that they have then, or types at all. */
export function* intResults(c: PlaceCase): Iterable<Candidate> {
  const editor = editorOf(c);
  if (/NoBtf$/.test(c.result.rule ?? ''))
    yield {
      title: 'Load it with the types of its functions: .info func',
      edits: editor.setting('info', 'func'),
    };
  const lines = c.source.split('\n');
  const edits = lines.flatMap((text, i): TextEdit[] => {
    const match = /^(\s*\.func\s+(?:static\s+|global\s+)*)(?!int\b)[\w\s*]*?\b(\w+)(\s*\(.*)$/.exec(text);
    return match === null
      ? []
      : [
          {
            span: { line: i + 1, col: 1, endLine: i + 1, endCol: text.length + 1 },
            text: `${match[1]}int ${match[2]}${match[3]}`,
          },
        ];
  });
  if (edits.length !== 0) yield { title: 'Let the function return int', edits };
}
