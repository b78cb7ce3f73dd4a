import type { Fix } from '../../protocol/explain.ts';
import { walked, written, type Case } from '../context.ts';
import { applyEdits, wholeEdit } from '../edits.ts';
import { wordsOf } from '../words.ts';
import { makersFor } from './by-rule.ts';
import type { Candidate } from './fix.ts';

/** Fixes that are offered at most. */
const OFFERS = 3;
/** How long the search may take in milliseconds, how many changed programs it may verify, and how many more for last resorts. */
const PATIENCE_MS = 800;
const TRIES = 240;
const RESORT_TRIES = 100;
/** Faults that are mended one after the other at most, and changed programs that are looked at closely for their next fault. */
const FAULTS = 5;
const LOOKS = 24;

/** What is left of time and tries. */
interface Budget {
  readonly until: number;
  tries: number;
  looks: number;
}

/** The program after some changes, none of which was enough. */
interface Draft {
  readonly c: Case;
  readonly titles: readonly string[];
  readonly note: string;
  readonly lastResort: boolean;
  /** Rejections met so far: one that comes again was not mended. */
  readonly met: readonly string[];
  /** Where the last change was made, see {@link placeOf}; -1 if there is none. */
  readonly at: number;
}

/** A draft with one change more. */
interface Step {
  readonly from: Draft;
  readonly candidate: Candidate;
  readonly source: string;
}

/** What came of a draft's candidates: those that pass, and those after which something else is refused. */
interface Tried {
  readonly passing: readonly Step[];
  readonly further: readonly Step[];
}

/** Changes that the program passes with, those that mend it first. A program may have several faults: then one change is the sum of several. */
export async function verifiedFixes(c: Case): Promise<Fix[]> {
  const until = performance.now() + (c.patience ?? PATIENCE_MS);
  const budget: Budget = { until, tries: TRIES, looks: LOOKS };
  const root: Draft = { c, titles: [], note: '', lastResort: false, met: [c.result.message], at: -1 };
  const known = new Set<string>([c.source]);
  const mends = await tryAll(root, budget, known, OFFERS, false);
  const fixes = mends.passing.map((step) => fixOf(c.source, step));
  if (fixes.length === 0) fixes.push(...(await inSteps(c.source, mends.further, budget, known, false)));
  if (fixes.length === OFFERS) return fixes;
  const rest: Budget = { until, tries: RESORT_TRIES, looks: LOOKS };
  const resorts = await tryAll(root, rest, known, OFFERS - fixes.length, true);
  fixes.push(...resorts.passing.map((step) => fixOf(c.source, step)));
  if (fixes.length === 0)
    fixes.push(
      ...(await inSteps(c.source, [...resorts.further, ...mends.further], rest, new Set([c.source]), true)),
    );
  return fixes;
}

/** Changes that might help with a draft's rejection: those that the rule's page names, those for the rule, then those of the program's settings. */
function* candidatesFor(c: Case): Iterable<Candidate> {
  // a program that came without its text cannot be edited
  const text = written(c);
  const { rule } = c.result;
  if (text === null || rule === null) return;
  const { walk: makers, text: settings } = makersFor(rule);
  const walk = walked(text);
  if (walk !== null && walk.insn >= 0)
    for (const maker of new Set([...(wordsOf(c).page?.fixes ?? []), ...makers])) yield* maker(walk);
  for (const maker of settings) yield* maker(text);
}

/** The refused instruction, counted from the program's end: what is put in front of it does not change that. */
const placeOf = (c: Case): number => (c.program?.insns.length ?? 0) - (c.result.failedAt ?? 0);

/** Tries a draft's candidates one by one, only last resorts or all but them, until `most` of different kinds pass. */
async function tryAll(
  from: Draft,
  budget: Budget,
  known: Set<string>,
  most: number,
  lastResort: boolean,
): Promise<Tried> {
  const passing: Step[] = [];
  const further: Step[] = [];
  const kinds = new Set<string>();
  const refusals = new Map<string, number>();
  const place = placeOf(from.c);
  for (const candidate of candidatesFor(from.c)) {
    if (passing.length === most || budget.tries === 0 || performance.now() > budget.until) break;
    const kind = candidate.kind ?? candidate.title;
    if ((candidate.lastResort ?? false) !== lastResort || kinds.has(kind)) continue;
    // what was just done here did not mend it
    if (candidate.title === from.titles.at(-1) && from.at === place) continue;
    const source = applyEdits(from.c.source, candidate.edits);
    if (known.has(source)) continue;
    known.add(source);
    budget.tries--;
    const judged = await from.c.judge(source, budget.until);
    if (judged === null) continue;
    const step: Step = { from, candidate, source };
    if (judged.accepted) {
      kinds.add(kind);
      passing.push(step);
      continue;
    }
    const like = refusals.get(judged.message) ?? 0;
    refusals.set(judged.message, like + 1);
    // many changes of one sort lead to one and the same next rejection
    if (!from.met.includes(judged.message) && like < ALIKE) further.push(step);
  }
  return { passing, further };
}

/** Changes that lead to the same next rejection and are followed up. */
const ALIKE = 2;

/** Drafts of one length that are looked at, and changes of one draft that are followed up. */
const WIDTH = 8;
const BRANCHES = 2;

/** Follows changes up: what is refused next is mended next, few changes before many. At most one fix. */
async function inSteps(
  source: string,
  steps: readonly Step[],
  budget: Budget,
  known: Set<string>,
  lastResort: boolean,
): Promise<Fix[]> {
  let level = steps.slice(0, WIDTH);
  for (let faults = 2; faults <= FAULTS && level.length !== 0; faults++) {
    const next: Step[][] = [];
    for (const step of level) {
      if (budget.looks === 0 || performance.now() > budget.until) return [];
      budget.looks--;
      const c = await step.from.c.again(step.source, budget.until);
      if (c === null || c.result.rule === null) continue;
      const met = [...step.from.met, c.result.message];
      const draft: Draft = { c, ...sum(step), met, at: placeOf(step.from.c) };
      const tried = await tryAll(draft, budget, known, 1, false);
      const resorts =
        lastResort && tried.passing.length === 0 ? await tryAll(draft, budget, known, 1, true) : null;
      const done = tried.passing.at(0) ?? resorts?.passing.at(0);
      if (done !== undefined) return [fixOf(source, done)];
      next.push([...tried.further.slice(0, BRANCHES), ...(resorts?.further.slice(0, 1) ?? [])]);
    }
    // the first change of each draft before the second ones
    level = next
      .flatMap((own) => own.map((step, i) => ({ step, i })))
      .sort((a, b) => a.i - b.i)
      .map(({ step }) => step)
      .slice(0, WIDTH);
  }
  return [];
}

function sum({ from, candidate }: Step): Pick<Draft, 'titles' | 'note' | 'lastResort'> {
  return {
    titles: [...from.titles, candidate.title],
    note: [from.note, candidate.note ?? ''].filter((note) => note !== '').join(' '),
    lastResort: from.lastResort || candidate.lastResort === true,
  };
}

function fixOf(original: string, step: Step): Fix {
  const { titles, note, lastResort } = sum(step);
  const lower = (title: string): string => title.charAt(0).toLowerCase() + title.slice(1);
  return {
    title: titles.map((title, i) => (i === 0 ? title : lower(title))).join('; then '),
    edits: titles.length === 1 ? step.candidate.edits : [wholeEdit(original, step.source)],
    verified: true,
    note,
    lastResort,
  };
}
