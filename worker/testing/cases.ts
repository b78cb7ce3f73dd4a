import type { Program } from '../program/program.ts';

/**
 * Small programs that show one rule each: a program that the kernel accepts, and neighbours that it rejects, which
 * differ from it in one place (a byte, a bound, a width, a check). What the kernel says of them is recorded beside
 * the table, in `….cases.recorded.ts`; `npm run record-cases` asks it again.
 */
export interface CaseTable {
  readonly cases: readonly Case[];
}

/** Where the truth about a case comes from. */
export type Truth =
  /** A running kernel said so; see the recorded file. */
  | { readonly kind: 'kernel' }
  /** The recording of a corpus with this id holds the same program, judged by a kernel that is not at hand. */
  | { readonly kind: 'recording'; readonly id: string }
  /** No kernel has this; `why` names the document that says so. */
  | { readonly kind: 'document'; readonly why: string; readonly errno: number; readonly message: string };

/** One program. */
export interface Case {
  readonly title: string;
  /** 0 for the accepted program of a row, 1… for its neighbours. */
  readonly index: number;
  readonly text: string;
  /** Changes what no text would say (offsets into tables, ids). */
  readonly edit: ((program: Program) => Program) | null;
  readonly accepted: boolean;
  readonly truth: Truth;
}

/**
 * A rejected neighbour: the accepted text with replacements `{from: to}` (each `from` stands in it exactly once), a text of its own, or the accepted
 * program with a change to what the text became.
 */
export type Neighbour = Change | Also;
type Change = string | Readonly<Record<string, string>> | ((program: Program) => Program);

/** A neighbour that is accepted too: the border runs on its far side. */
export interface Also {
  readonly also: Change;
  /** Who says so; null: whoever judges such a row. */
  readonly truth: Truth | null;
}

/** Marks a neighbour as accepted. */
export function also(change: Change, truth: Truth | null = null): Also {
  return { also: change, truth };
}

/** That a neighbour is accepted is said by a document alone: no kernel at hand can be asked. */
export function because(why: string): Truth {
  return { kind: 'document', why, errno: 0, message: '' };
}

/** Title, the accepted program (null if there is none), its neighbours. */
export type Row = readonly [title: string, accepted: string | null, ...neighbours: Neighbour[]];

/** A kernel at hand can be asked. */
export const KERNEL: Truth = { kind: 'kernel' };

/** A table of rows that a running kernel has judged. `prelude` stands before each text (directives, declarations). */
export function cases(prelude: string, rows: readonly Row[]): CaseTable {
  const problems: string[] = [];
  return checked(
    rows.flatMap((row) => expand(prelude, row, problems, KERNEL)),
    problems,
  );
}

function checked(all: readonly Case[], problems: readonly string[]): CaseTable {
  if (problems.length !== 0) throw new Error(problems.join('\n'));
  return { cases: all };
}

/** Several tables of one area. */
export function join(...tables: readonly CaseTable[]): CaseTable {
  return { cases: tables.flatMap((t) => t.cases) };
}

/**
 * A table of programs whose truth is not a running kernel: title, truth, text, and neighbours that are accepted. A truth that is a string is the
 * id of a recording. A document that judges a program judges its neighbours too; where a recording does, the kernel is asked about them.
 */
export function judged(
  prelude: string,
  rows: readonly (readonly [title: string, truth: string | Says, text: string, ...accepted: Also[]])[],
): CaseTable {
  const problems: string[] = [];
  const all = rows.flatMap(([title, says, text, ...neighbours]): Case[] => {
    const truth: Truth =
      typeof says === 'string' ? { kind: 'recording', id: says } : { kind: 'document', ...says };
    const accepted = truth.kind === 'document' && truth.errno === 0;
    const first: Case = { title, index: 0, text: withPrelude(prelude, text), edit: null, accepted, truth };
    const beside: Truth = truth.kind === 'document' ? { ...truth, errno: 0, message: '' } : KERNEL;
    return [
      first,
      ...expand(prelude, [title, text, ...neighbours], problems, beside).filter((c) => c.index > 0),
    ];
  });
  return checked(all, problems);
}

/** Changes of a program that is no case itself: each is accepted if marked so. */
export function edited(title: string, text: string, ...changes: readonly Neighbour[]): CaseTable {
  const problems: string[] = [];
  const all = expand('', [title, text, ...changes], problems, KERNEL);
  return checked(
    all.filter((c) => c.index > 0),
    problems,
  );
}

export interface Says {
  readonly why: string;
  readonly errno: number;
  readonly message: string;
}

function expand(
  prelude: string,
  [title, accepted, ...neighbours]: Row,
  problems: string[],
  truth: Truth,
): Case[] {
  const base = { title, truth };
  const out: Case[] = [];
  if (accepted !== null)
    out.push({ ...base, index: 0, text: withPrelude(prelude, accepted), edit: null, accepted: true });
  neighbours.forEach((marked, i) => {
    const accepts = isAlso(marked);
    const neighbour = accepts ? marked.also : marked;
    const text =
      typeof neighbour === 'string'
        ? neighbour
        : typeof neighbour === 'function'
          ? own(title, accepted)
          : replaced(title, own(title, accepted), neighbour, problems);
    out.push({
      ...base,
      truth: (accepts ? marked.truth : null) ?? truth,
      index: i + 1,
      text: withPrelude(prelude, text),
      edit: typeof neighbour === 'function' ? neighbour : null,
      accepted: accepts,
    });
  });
  return out;
}

const isAlso = (n: Neighbour): n is Also => typeof n === 'object' && 'also' in n;

function own(title: string, accepted: string | null): string {
  if (accepted === null) throw new Error(`${title}: a neighbour of no program`);
  return accepted;
}

function replaced(
  title: string,
  text: string,
  changes: Readonly<Record<string, string>>,
  problems: string[],
): string {
  for (const [from, to] of Object.entries(changes)) {
    const parts = text.split(from);
    if (parts.length !== 2) problems.push(`${title}: '${from}' stands ${parts.length - 1} times in the text`);
    text = parts.join(to);
  }
  return text;
}

/** A text that names a section of its own replaces that of the prelude: the last directive counts. */
const withPrelude = (prelude: string, text: string): string =>
  prelude === '' ? text : `${prelude}\n${text}`;

/** What is recorded of a program: errno, the rule that the core names, the kernel's last message. Accepted: errno 0 alone. */
export type Verdict = readonly [errno: 0] | readonly [errno: number, rule: string, message: string];

/** By title: the verdicts of a row, at the index of each case; null where the row has no accepted program. */
export type Recorded = Readonly<Record<string, readonly (Verdict | null)[]>>;

/** How a case is called in lists. */
export function caseName(c: Case): string {
  return c.index === 0 ? c.title : `${c.title} · ${c.index}`;
}
