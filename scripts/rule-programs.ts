/**
 * Collects, for each rule, the shortest program of all `*.cases.ts` that breaks it and the accepted program beside it, and writes them to
 * `public/rules/programs.json`, from where the page fetches them for rules without a page of their own:
 *
 *   npm run rule-programs
 *
 * What a kernel says of these programs is recorded beside the cases; here the core says which rule each breaks. Programs that are no
 * texts (changed ones, those of the passes before the walk) are printed, and taken if the printed text breaks the same rule. Rules that no
 * case breaks come with the reason instead.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CASES as PREPASSES } from '../worker/cfg/cases.testkit.ts';
import { programOf as assembled } from '../worker/cfg/program.testkit.ts';
import { modelFor } from '../worker/cli/kernel-types.ts';
import { pageOf } from '../worker/explain/registry.ts';
import { rulesSaid } from '../worker/explain/rule-says.testkit.ts';
import { allRules } from '../worker/failure/rule.ts';
import type { KernelModel } from '../worker/kernel/model.ts';
import type { Program } from '../worker/program/program.ts';
import { printProgram } from '../worker/program/text/print.ts';
import { KERNEL, type Case, type CaseTable, type Truth } from '../worker/testing/cases.ts';
import { judge, kernelTypes, programOf } from '../worker/testing/judge.testkit.ts';
import { UNCOVERED } from '../worker/testing/uncovered.ts';

interface RulePrograms {
  readonly failing: string;
  /** Null if the table has no accepted program beside it. */
  readonly fixed: string | null;
  /** The table and the case. */
  readonly from: string;
  /** What says so, where no kernel was asked about the one or the other. */
  readonly unasked: string | null;
}

interface Found extends RulePrograms {
  /** The less, the better. */
  readonly rank: number;
}

const root = fileURLToPath(new URL('..', import.meta.url));
/** Longer programs show nothing; they are taken if a rule has no other. */
const LONG = 3000;
const LONGEST = 16_000;

const NO_DIRECT_VALUE =
  '.c\nstruct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long); } h SEC(".maps");\n.endc\n';

/** What stands in cases in a way that cannot be shown, or not that shortly: title, failing, fixed. */
const WRITTEN_OUT = [
  [
    'how long a program of the unprivileged is',
    '.unprivileged\n.rept 4096\nr0 = 0\n.endr\nexit',
    '.unprivileged\n.rept 4095\nr0 = 0\n.endr\nexit',
  ],
  [
    'call outside',
    '.info none\n.8byte 0x0000000500001085\nexit',
    '.info none\ncall f\nexit\nf: r0 = 0\nexit',
  ],
  [
    'direct values of arrays only',
    `${NO_DIRECT_VALUE}r1 = h+0 ll\nr0 = 0\nexit`,
    `${NO_DIRECT_VALUE}r1 = h ll\nr0 = 0\nexit`,
  ],
] as const;

const found = new Map<string, Found>();

/** What the core says of a text; null if it is none, or about something that is not modelled. */
async function verdictOf(
  text: string,
): Promise<{ readonly rule: string | null; readonly said: ReadonlySet<string> } | null> {
  try {
    const { verdict, log } = await judge({
      title: '',
      index: 0,
      text,
      edit: null,
      accepted: false,
      truth: { kind: 'kernel' },
    });
    if (verdict[1] === undefined) return { rule: null, said: new Set() };
    return { rule: verdict[1], said: rulesSaid(log, verdict[1]) };
  } catch {
    return null;
  }
}

function printed(program: Program, model: KernelModel): string | null {
  try {
    // as it stands here nobody wrote it: no lines of a source
    return printProgram({ ...program, lineInfo: [] }, model).source;
  } catch {
    return null;
  }
}

/** Null if no text says it. */
async function textOf(c: Case, asPrinted: boolean): Promise<string | null> {
  if (!asPrinted) return c.text;
  try {
    const { program, model } = await programOf(c);
    return printed(program, model);
  } catch {
    return null;
  }
}

/** A program and what says of it what is shown. */
interface Beside {
  readonly text: string;
  readonly truth: Truth;
}

const whyUnasked = (truth: Truth): string | null => (truth.kind === 'document' ? truth.why : null);

/** The accepted program beside a case, in the same style: what it was before the change, or of the same row. */
async function besideOf(c: Case, all: readonly Case[]): Promise<Beside | null> {
  const changed = c.edit !== null;
  const accepted = all.filter((other) => other.title === c.title && other !== c && other.accepted);
  const candidates = [
    ...(changed ? [{ ...c, edit: null }] : []),
    ...accepted.filter((o) => o.edit === null),
    ...accepted.filter((o) => o.edit !== null),
  ];
  for (const candidate of candidates) {
    const text = await textOf(candidate, changed || candidate.edit !== null);
    if (text !== null && text.length <= LONGEST && (await verdictOf(text))?.rule === null)
      return { text, truth: candidate.truth };
  }
  return null;
}

/** Keeps a program for the rules that it breaks, and that have no better one. */
async function offer(
  text: string,
  from: string,
  changed: boolean,
  truth: Truth,
  fixedOf: () => Promise<Beside | null>,
): Promise<void> {
  if (text.length > LONGEST) return;
  const verdict = await verdictOf(text);
  if (verdict === null || verdict.rule === null) return;
  let fixed: Beside | null | undefined;
  for (const id of verdict.said) {
    if (id === '' || pageOf(id) !== null) continue;
    const least =
      text.length + (id === verdict.rule ? 0 : 1e6) + (text.length > LONG ? 1e5 : 0) + (changed ? 1e4 : 0);
    const known = found.get(id);
    if (known !== undefined && known.rank <= least) continue;
    if (fixed === undefined) fixed = await fixedOf();
    const rank = least + (fixed === null ? 3e3 : 0);
    if (known !== undefined && known.rank <= rank) continue;
    const unasked = whyUnasked(truth) ?? (fixed === null ? null : whyUnasked(fixed.truth));
    found.set(id, { failing: text, fixed: fixed?.text ?? null, from, unasked, rank });
  }
}

const files = readdirSync(join(root, 'worker'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.cases.ts'))
  .sort();
for (const file of files) {
  const { CASES } = (await import(pathToFileURL(join(root, 'worker', file)).href)) as { CASES: CaseTable };
  for (const c of CASES.cases) {
    if (c.accepted) continue;
    const text = await textOf(c, c.edit !== null);
    if (text !== null)
      await offer(text, `worker/${file}: ${c.title}`, c.edit !== null, c.truth, () =>
        besideOf(c, CASES.cases),
      );
  }
}
const types = await kernelTypes('released');
for (const [title, source] of Object.entries(PREPASSES)) {
  const program = assembled(source);
  const text = printed(program, modelFor(program, types));
  if (text !== null)
    await offer(text, `worker/cfg/cases.testkit.ts: ${title}`, true, KERNEL, () => Promise.resolve(null));
}

for (const [title, failing, fixed] of WRITTEN_OUT)
  await offer(failing, title, false, KERNEL, () => Promise.resolve({ text: fixed, truth: KERNEL }));

const reasons = Object.entries(UNCOVERED)
  .filter(([id]) => !found.has(id) && pageOf(id) === null)
  .map(([id, reason]) => {
    const noProgram = `There is no program for it: ${reason}.`;
    return [id, { failing: null, fixed: null, noProgram }] as const;
  });
const programs = [...found].map(([id, { failing, fixed, from, unasked }]) => {
  const shown = { failing, fixed, from };
  return [id, unasked === null ? shown : { ...shown, unasked: `No kernel was asked: ${unasked}.` }] as const;
});
const sorted = [...programs, ...reasons].sort((a, b) => (a[0] < b[0] ? -1 : 1));
mkdirSync(join(root, 'public', 'rules'), { recursive: true });
writeFileSync(
  join(root, 'public', 'rules', 'programs.json'),
  `${JSON.stringify(Object.fromEntries(sorted))}\n`,
);
const said = new Set(sorted.map(([id]) => id));
const lacking = allRules()
  .map((rule) => rule.id)
  .filter((id) => !said.has(id) && pageOf(id) === null);
const alone = programs.filter(([, p]) => p.fixed === null).map(([id]) => id);
console.log(`${programs.length} rules, ${reasons.length} with a reason why not`);
console.log(`without an accepted program (${alone.length}): ${alone.join(' ')}`);
console.log(`without anything (${lacking.length}): ${lacking.join(' ')}`);
