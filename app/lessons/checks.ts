import type { InsnView, LaneSpan, VerifyResult } from '../../worker/protocol.ts';

/** What a check looks at: a finished run, its text, and what the page knows beside it. */
export interface Subject {
  readonly result: VerifyResult;
  readonly source: string;
  /** Kfunc flags by name (`KF_…`), each as a mask of one bit. */
  readonly flags: ReadonlyMap<string, number>;
  /** The lesson's question was answered rightly. */
  readonly answered: boolean;
}

/** A condition on a run, and what it asks for in words. */
export interface Check {
  /** As written in the lesson. */
  readonly text: string;
  readonly words: string;
  readonly holds: (subject: Subject) => boolean;
}

type Test = (subject: Subject) => boolean;

interface Form {
  /** How it is written; shown when a line is none of these. */
  readonly form: string;
  readonly pattern: RegExp;
  readonly test: (...parts: string[]) => Test;
}

const LANES: readonly LaneSpan['kind'][] = ['lock', 'rcu', 'preempt', 'irq', 'nofault', 'ref'];

/** Instruction text without its opcode, with single blanks. */
const textOf = ({ kernel }: InsnView): string => kernel.replace(/^\([0-9a-f]{2}\) /, '').replace(/\s+/g, ' ');

const walked = ({ result }: Subject): readonly InsnView[] => result.insns.filter((insn) => insn.visits > 0);

/** A pattern in which `~` stands for anything, against whole instructions. */
function matcher(pattern: string): (insn: InsnView) => boolean {
  const parts = pattern
    .trim()
    .split('~')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const regex = new RegExp(`^${parts.join('.*')}$`);
  return (insn) => regex.test(textOf(insn));
}

/** Calls of a helper or kfunc, by name; of a function of the program, by the name of the function it leads to. */
function callsOf(name: string): (insn: InsnView, result: VerifyResult) => boolean {
  return (insn, result) => {
    const text = textOf(insn);
    if (text.startsWith(`call ${name}#`)) return true;
    const jump = /^call pc([+-]\d+)/.exec(text)?.[1];
    if (jump === undefined) return false;
    const target = insn.index + 1 + Number(jump);
    return result.subprogs.some((subprog) => subprog.name === name && subprog.start === target);
  };
}

const held = (result: VerifyResult, kind: string, insn: InsnView): boolean =>
  result.lanes.some((lane) => lane.kind === kind && lane.insns.includes(insn.index));

const COMPARE: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '<=': (a, b) => a <= b,
  '>=': (a, b) => a >= b,
};

const FIGURES: Readonly<Record<string, (result: VerifyResult) => number>> = {
  processed: ({ stats }) => stats.insns,
  paths: ({ stats }) => stats.paths,
  states: ({ stats }) => stats.states,
  instructions: ({ insns }) => insns.length,
};

const plainSource = (source: string): string =>
  source.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/\s+/g, ' ');

/** The check language: each line of a `check` block is one of these, then ` | ` and words for the reader. */
const FORMS: readonly Form[] = [
  {
    form: 'accepted',
    pattern: /^accepted$/,
    test:
      () =>
      ({ result }) =>
        result.verdict === 'accepted',
  },
  {
    form: 'rejected',
    pattern: /^rejected$/,
    test:
      () =>
      ({ result }) =>
        result.verdict === 'rejected',
  },
  {
    form: 'rejected by RULE',
    pattern: /^rejected by (\S+)$/,
    test:
      (rule) =>
      ({ result }) =>
        result.verdict === 'rejected' && result.rule === rule,
  },
  {
    form: 'calls NAME [while KIND | outside KIND]',
    pattern: new RegExp(`^calls (\\w+)(?: (while|outside) (${LANES.join('|')}))?$`),
    test: (name, how, kind) => (subject) => {
      const calls = walked(subject).filter((insn) => callsOf(name!)(insn, subject.result));
      if (how === undefined) return calls.length > 0;
      return calls.some((insn) => held(subject.result, kind!, insn) === (how === 'while'));
    },
  },
  {
    form: 'calls NAME COUNT times',
    pattern: /^calls (\w+) (\d+) times$/,
    test: (name, count) => (subject) =>
      walked(subject).filter((insn) => callsOf(name!)(insn, subject.result)).length >= Number(count),
  },
  {
    form: 'walks PATTERN after PATTERN',
    pattern: /^walks (.+) after (.+)$/,
    test: (later, earlier) => (subject) => {
      const first = walked(subject).find(matcher(earlier!))?.index ?? Infinity;
      return walked(subject).some((insn) => insn.index > first && matcher(later!)(insn));
    },
  },
  {
    form: 'walks PATTERN while|outside KIND',
    pattern: new RegExp(`^walks (.+) (while|outside) (${LANES.join('|')})$`),
    test: (pattern, how, kind) => (subject) =>
      walked(subject)
        .filter(matcher(pattern!))
        .some((insn) => held(subject.result, kind!, insn) === (how === 'while')),
  },
  {
    form: 'walks PATTERN',
    pattern: /^walks (.+)$/,
    test: (pattern) => (subject) => walked(subject).some(matcher(pattern!)),
  },
  {
    form: 'never PATTERN',
    pattern: /^never (.+)$/,
    test:
      (pattern) =>
      ({ result }) =>
        !result.insns.some(matcher(pattern!)),
  },
  {
    form: 'visits PATTERN <=|>= COUNT',
    pattern: /^visits (.+) (<=|>=) (\d+)$/,
    test:
      (pattern, sign, count) =>
      ({ result }) => {
        const visits = result.insns.filter(matcher(pattern!)).reduce((sum, insn) => sum + insn.visits, 0);
        return COMPARE[sign!]!(visits, Number(count));
      },
  },
  {
    form: 'processed|paths|states|instructions <=|>= COUNT',
    pattern: new RegExp(`^(${Object.keys(FIGURES).join('|')}) (<=|>=) (\\d+)$`),
    test:
      (figure, sign, count) =>
      ({ result }) =>
        COMPARE[sign!]!(FIGURES[figure!]!(result), Number(count)),
  },
  {
    form: 'kfunc NAME has|lacks KF_FLAG',
    pattern: /^kfunc (\w+) (has|lacks) (KF_\w+)$/,
    test:
      (name, how, flag) =>
      ({ result, flags }) => {
        const kfunc = result.kfuncs.find((row) => row.name === name);
        const bit = flags.get(flag!);
        if (kfunc === undefined || bit === undefined) return false;
        return ((kfunc.flags & bit) !== 0) === (how === 'has');
      },
  },
  {
    form: 'function NAME is global|static',
    pattern: /^function (\w+) is (global|static)$/,
    test:
      (name, how) =>
      ({ result }) =>
        result.subprogs.some((subprog) => subprog.name === name && subprog.global === (how === 'global')),
  },
  {
    form: 'semantics none|NAME',
    pattern: /^semantics (\S+)$/,
    test:
      (name) =>
      ({ result }) =>
        name === 'none' ? result.semantics.length === 0 : result.semantics.includes(name!),
  },
  {
    form: 'keeps TEXT',
    pattern: /^keeps (.+)$/,
    test:
      (text) =>
      ({ source }) =>
        plainSource(source).includes(text!.replace(/\s+/g, ' ').trim()),
  },
  {
    form: 'answered',
    pattern: /^answered$/,
    test:
      () =>
      ({ answered }) =>
        answered,
  },
];

/** Reads a line of a `check` block: `CONDITION | words`. Throws if it is none. */
export function parseCheck(line: string): Check {
  const bar = line.lastIndexOf(' | ');
  if (bar < 0) throw new Error(`a check without words: ${line}`);
  const [text, words] = [line.slice(0, bar).trim(), line.slice(bar + 3).trim()];
  for (const { pattern, test } of FORMS) {
    const match = pattern.exec(text);
    if (match === null) continue;
    const holds = test(...match.slice(1));
    return { text, words, holds: (subject) => subject.result.verdict !== 'bad-input' && holds(subject) };
  }
  throw new Error(`“${text}” is no check; these are: ${FORMS.map(({ form }) => form).join('; ')}`);
}
