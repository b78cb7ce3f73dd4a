import { OPPOSITES } from '../../isa/comparisons.ts';
import { callTarget, isConditionalJump, jumpTarget, starts } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import type { TextEdit } from '../../protocol.ts';
import { editorOf } from '../edits.ts';
import { jumpsAcross, reachedFrom } from '../places/flow.ts';
import { functionAt } from '../places/functions.ts';
import { spanOf, type PlaceCase } from '../places/place-case.ts';
import type { Candidate } from './fix.ts';

/** Rounds that a loop is written out for. */
const ROUNDS = [8, 4, 2];
/** Lines of a loop that is written out, at most. */
const BODY = 12;
const INDENT = '        ';

/** The jump written with another target: a label that stands there, else the distance. */
function retargeted(c: PlaceCase, insn: number, target: number): TextEdit | null {
  const editor = editorOf(c);
  const text = editor.textOf(insn);
  const label = c.text.outline.labels.find(({ slot, name }) => slot === target && !isFunction(c, name))?.name;
  const distance = target - insn - 1;
  const changed = text.replace(
    /(goto(?:l)?)\s+\S.*$/,
    `$1 ${label ?? (distance < 0 ? distance : `+${distance}`)}`,
  );
  return changed === text ? null : editor.replace(insn, changed);
}

const isFunction = (c: PlaceCase, name: string): boolean =>
  c.text.outline.functions.some((f) => f.name === name);

/** Calls the function that a jump leads to, or jumps to an exit of its own function. */
export function* stayInFunction(c: PlaceCase): Iterable<Candidate> {
  const [insn, target] = c.args.map(Number);
  const { insns } = c.program;
  const editor = editorOf(c);
  const own = functionAt(c.functions, insn);
  const other = c.functions.find(({ start }) => start === target);
  if (
    other !== undefined &&
    isFunction(c, other.name) &&
    (insns.code[insn] === op.OP_JA || insns.code[insn] === op.OP_GOTOL)
  )
    yield {
      title: `Call ${other.name} instead of jumping to it`,
      edits: [editor.replace(insn, `call ${other.name}\n${INDENT}exit`)],
    };
  const exits = [...starts(insns)].filter(
    (i) => i >= own.start && i < own.end && insns.code[i] === op.OP_EXIT,
  );
  for (const exit of exits.reverse()) {
    const before = exit - 1;
    const setsResult =
      before >= own.start && insns.dst[before] === 0 && op.classOf(insns.code[before]) >= op.BPF_ALU;
    for (const to of setsResult && before !== insn ? [before, exit] : [exit]) {
      const edit = retargeted(c, insn, to);
      if (edit !== null) yield { title: `Jump to the end of ${own.name} instead`, edits: [edit] };
    }
  }
  if (exits.length === 0) {
    for (const lines of [['exit'], ['r0 = 0', 'exit']])
      yield {
        title: `End ${own.name} here instead of jumping away`,
        edits: [editor.replace(insn, lines.join(`\n${INDENT}`))],
      };
  }
  yield { title: 'Leave the jump out', lastResort: true, edits: [editor.remove(insn)] };
}

/** Lets jumps lead to one end of the wide load, not into it. */
export function* jumpAround(c: PlaceCase): Iterable<Candidate> {
  const { insns } = c.program;
  const jumps = [...starts(insns)].filter((insn) => jumpTarget(insns, insn) === c.insn + 1);
  for (const target of [c.insn + 2, c.insn]) {
    const edits = jumps.map((insn) => retargeted(c, insn, target));
    if (edits.every((edit) => edit !== null) && edits.length !== 0)
      yield {
        title: `Jump ${target === c.insn ? 'to the wide load' : 'behind the wide load'} instead of into it`,
        edits,
      };
  }
}

/** Writes jumps across an instruction with 32 bits for the distance. */
export function* longJumps(c: PlaceCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const [longest] = jumpsAcross(c, Number(c.args[0]));
  if (longest === undefined) return;
  const text = editor.textOf(longest);
  const plain = /^goto (\S+)$/.exec(text);
  const conditional = /^if (.+) (s?[<>]=?|==|!=) (.+) goto (\S+)$/.exec(text);
  const title = 'Go there by gotol, which reaches further';
  if (plain !== null) yield { title, edits: [editor.replace(longest, `gotol ${plain[1]}`)] };
  if (conditional === null || !(conditional[2] in OPPOSITES)) return;
  const [, left, sign, right, target] = conditional;
  const lines = [`if ${left} ${OPPOSITES[sign]} ${right} goto +1`, `gotol ${target}`];
  yield { title, edits: [editor.replace(longest, lines.join(`\n${INDENT}`))] };
}

/** Takes out exactly what nothing leads to. */
export function* removeUnreached(c: PlaceCase): Iterable<Candidate> {
  const { insns } = c.program;
  const reached = reachedFrom(c);
  const dead = [...starts(insns)].filter((insn) => !reached.has(insn));
  if (dead.length === 0) return;
  const editor = editorOf(c);
  const what =
    dead.length === 1
      ? `instruction ${dead[0]}, which nothing reaches`
      : `the ${dead.length} instructions that nothing reaches`;
  const title = `Take out ${what}`;
  yield { title, edits: dead.map((insn) => editor.remove(insn)) };
  // labels and .func lines of the dead part go along
  const lines = new Set(dead.map((insn) => c.text.sourceMap[insn].line));
  const all = c.source.split('\n');
  for (const line of [...lines])
    for (
      let above = line - 1;
      above >= 1 && /^\s*(\.func\b.*|[\w.$]+:\s*|)$/.test(all[above - 1]) && !lines.has(above);
      above--
    )
      lines.add(above);
  yield {
    title,
    edits: [...lines].map((line) => ({ span: { line, col: 1, endLine: line + 1, endCol: 1 }, text: '' })),
  };
}

/** Ends the function where it runs on. */
export function* endFunction(c: PlaceCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const own = functionAt(c.functions, c.insn);
  const next = c.functions.find(({ start }) => start === own.end);
  const title = `End ${own.name} with exit`;
  const { insns } = c.program;
  const setsResult =
    insns.dst[c.insn] === 0 &&
    op.classOf(insns.code[c.insn]) !== op.BPF_ST &&
    op.classOf(insns.code[c.insn]) !== op.BPF_STX;
  const isCall = insns.code[c.insn] === op.OP_CALL;
  const endings = setsResult || isCall ? [['exit'], ['r0 = 0', 'exit']] : [['r0 = 0', 'exit'], ['exit']];
  for (const lines of endings) yield { title, edits: [editor.after(c.insn, lines)] };
  if (next !== undefined && isFunction(c, next.name))
    yield {
      title: `Go on in ${next.name} by a call`,
      edits: [editor.after(c.insn, [`call ${next.name}`, 'exit'])],
    };
  if (insns.code[c.insn] === 0)
    for (const lines of [['r0 = 0', 'exit']])
      yield {
        title: 'Return 0 instead of a slot of zeros',
        edits: [editor.replace(c.insn, lines.join(`\n${INDENT}`))],
      };
}

/** Writes a loop without jumps inside out for some rounds, or lets the jump back go on instead. */
export function* writeOut(c: PlaceCase): Iterable<Candidate> {
  const [from, to] = c.args.map(Number);
  const { insns } = c.program;
  const editor = editorOf(c);
  const body = [...starts(insns)].filter((insn) => insn >= to && insn < from);
  const isPlain = body.every(
    (insn) =>
      jumpTarget(insns, insn) === null && callTarget(insns, insn) === null && insns.code[insn] !== op.OP_EXIT,
  );
  const back = /^if (.+) (s?[<>]=?|==|!=) (.+) goto .*$/.exec(editor.textOf(from));
  if (
    to <= from &&
    isPlain &&
    body.length <= BODY &&
    isConditionalJump(insns.code[from]) &&
    back !== null &&
    back[2] in OPPOSITES
  ) {
    const [, left, sign, right] = back;
    const leave = 'done';
    const free = c.text.outline.labels.some(({ name }) => name === leave) ? `${leave}_${from}` : leave;
    const lines = body.map((insn) => editor.textOf(insn));
    for (const rounds of ROUNDS) {
      const again = [`if ${left} ${OPPOSITES[sign]} ${right} goto ${free}`, ...lines];
      // the first round is there already; the label stands in front of what follows
      const text = Array.from({ length: rounds - 1 }, () => again).flat();
      const follows = from + 1;
      if (follows >= c.text.sourceMap.length) break;
      const { line, col } = c.text.sourceMap[follows];
      yield {
        title: `Write the loop out, for ${rounds} rounds at most`,
        kind: 'rounds',
        edits: [
          editor.replace(from, text.join(`\n${INDENT}`)),
          { span: { line, col, endLine: line, endCol: col }, text: `\n${free}:`.padEnd(9) },
        ],
        note: 'Without privileges no jump may lead back, so each round has to stand in the program.',
      };
    }
  }
  yield {
    title: 'Go on after one round: leave the jump back out',
    lastResort: true,
    edits: [editor.remove(from)],
  };
  if (!isConditionalJump(insns.code[from]))
    yield {
      title: 'End the program instead of going back',
      lastResort: true,
      edits: [editor.replace(from, `r0 = 0\n${INDENT}exit`)],
    };
}

/** Jumps to one label instead of to what a table says. */
export function* jumpDirectly(c: PlaceCase): Iterable<Candidate> {
  const { insns } = c.program;
  const editor = editorOf(c);
  for (const insn of starts(insns)) {
    if (insns.code[insn] !== op.OP_GOTOX) continue;
    const own = functionAt(c.functions, insn);
    for (const { name, slot } of c.text.outline.labels)
      if (slot > own.start && slot < own.end && slot !== insn)
        yield {
          title: `Go to ${name} without a table`,
          kind: 'label',
          lastResort: true,
          edits: [editor.replace(insn, `goto ${name}`)],
        };
  }
}

/** Lets entries of a jump table that lead astray be labels of the function that the others lead to, such as are in no table yet first. */
export function* mendTable(c: PlaceCase): Iterable<Candidate> {
  const { insns } = c.program;
  const { labels, jumpTables } = c.text.outline;
  const slotOf = (name: string | null): number => labels.find((l) => l.name === name)?.slot ?? 0;
  const isStart = (slot: number): boolean =>
    slot < insns.length && (slot === 0 || insns.code[slot - 1] !== op.OP_LD_IMM64);
  for (const { entries } of jumpTables) {
    const slots = entries.map((entry) => slotOf(entry.label) + entry.addend);
    for (const own of new Set(slots.filter(isStart).map((slot) => functionAt(c.functions, slot)))) {
      const isGood = (slot: number): boolean => isStart(slot) && slot >= own.start && slot < own.end;
      const bad = entries.filter((_, i) => !isGood(slots[i]));
      if (bad.length === 0) continue;
      const inside = labels.filter(({ slot, name }) => isGood(slot) && !isFunction(c, name));
      const unused = inside.filter(({ slot }) => !slots.includes(slot));
      for (const { name } of [...unused, ...inside]) {
        yield {
          title: `Let ${bad.length === 1 ? 'the entry' : 'the entries'} be ${name}`,
          kind: 'entries',
          edits: bad.map(({ span }) => ({ span: spanOf(span), text: name })),
        };
      }
    }
  }
}
