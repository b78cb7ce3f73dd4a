/**
 * Asks a kernel about the programs of all `*.cases.ts` below `worker/` and writes what it says beside them:
 *
 *   npm run record-cases -- --kernel COMMAND [--corpus DIR,DIR] [--only TEXT] [--check]
 *
 * `COMMAND IN OUT` reads bundles (one JSON line each) from IN and writes lines `{id, errno, log1, log2}` to OUT. The `data` of an instruction
 * array holds all its entries, and a kernel lets it be used by one load only: COMMAND must make it anew for each. `--corpus`: directories
 * of recordings, for the cases that name one. `--only`: tables whose path contains TEXT. `--check`: write nothing.
 * Where the core says something else than the kernel, that is printed, and the kernel's word is recorded.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { addressMask, lastMessage } from '../worker/cli/agreement.ts';
import { corpusFiles, readRecordings } from '../worker/cli/recording.ts';
import { programBundle } from '../worker/program/bundle.ts';
import { caseName, type Case, type CaseTable, type Recorded, type Verdict } from '../worker/testing/cases.ts';
import { judge, maskIds } from '../worker/testing/judge.testkit.ts';

/** A log's end, which differs from run to run. */
const TIME = /\nverification time[^]*$/;

interface Answer {
  readonly errno: number;
  readonly log1: string;
  readonly log2: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({ options: { kernel: { type: 'string' }, corpus: { type: 'string' }, only: { type: 'string' }, check: { type: 'boolean', default: false } } });

interface Table {
  readonly file: string;
  readonly cases: readonly Case[];
  readonly before: Recorded;
}

const tables = await Promise.all(
  readdirSync(join(root, 'worker'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.cases.ts'))
    .map((file) => join('worker', file))
    .filter((file) => file.includes(values.only ?? ''))
    .sort()
    .map(async (file): Promise<Table> => {
      const load = (name: string): Promise<Record<string, unknown>> => import(pathToFileURL(join(root, name)).href) as Promise<Record<string, unknown>>;
      const { CASES } = (await load(file)) as { CASES: CaseTable };
      const before = await load(recordedFile(file)).then(
        (m) => m['RECORDED'] as Recorded,
        () => ({}),
      );
      const names = CASES.cases.map(caseName);
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined) throw new Error(`${file}: '${twice}' stands twice`);
      return { file, cases: CASES.cases, before };
    }),
);

function recordedFile(file: string): string {
  return file.replace(/\.ts$/, '.recorded.ts');
}

const idOf = (table: Table, c: Case): string => `${table.file} ${caseName(c)}`;

/** The kernel's answers by id. */
async function askKernel(command: string): Promise<Map<string, Answer>> {
  const lines: string[] = [];
  for (const table of tables) {
    for (const c of table.cases) {
      if (c.truth.kind !== 'kernel') continue;
      try {
        lines.push(JSON.stringify(programBundle(idOf(table, c), (await judge(c)).program)));
      } catch (error) {
        console.log(`BROKEN ${idOf(table, c)}\n   ${error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 3).join('\n   ') : String(error)}`);
      }
    }
  }
  const dir = mkdtempSync(join(tmpdir(), 'cases-'));
  const [input, output] = [join(dir, 'in.jsonl'), join(dir, 'out.jsonl')];
  writeFileSync(input, lines.join('\n') + '\n');
  execFileSync(command, [input, output], { stdio: 'inherit', shell: true });
  const answers = new Map<string, Answer>();
  for (const line of readFileSync(output, 'utf8').split('\n')) {
    if (line === '') continue;
    const answer = JSON.parse(line) as Answer & { id: string };
    answers.set(answer.id, answer);
  }
  return answers;
}

/** Answers of recordings by their id. */
function readCorpora(dirs: string): Map<string, Answer> {
  const wanted = new Set(tables.flatMap((t) => t.cases.flatMap((c) => (c.truth.kind === 'recording' ? [c.truth.id] : []))));
  const answers = new Map<string, Answer>();
  if (wanted.size === 0) return answers;
  const files = new Set([...wanted].map((id) => id.slice(0, id.indexOf('/'))));
  for (const file of dirs.split(',').flatMap(corpusFiles)) {
    if (!files.has(file.slice(file.lastIndexOf('/') + 1).replace(/\.jsonl(\.gz)?$/, ''))) continue;
    for (const r of readRecordings(file)) if (wanted.has(r.id)) answers.set(r.id, { errno: r.errno, log1: r.log1.text ?? r.log1.tail, log2: r.log2.text ?? '' });
  }
  return answers;
}

const kernel = values.kernel === undefined ? null : await askKernel(values.kernel);
const corpus = values.corpus === undefined ? null : readCorpora(values.corpus);
let differences = 0;

for (const table of tables) {
  const rows: Record<string, (Verdict | null)[]> = {};
  for (const c of table.cases) {
    const name = idOf(table, c);
    const row = (rows[c.title] ??= []);
    while (row.length < c.index) row.push(null);
    row[c.index] = await verdictOf(table, c, name);
  }
  if (!values.check) writeFileSync(join(root, recordedFile(table.file)), render(table.file, rows));
}
console.log(`${tables.reduce((n, t) => n + t.cases.length, 0)} programs, ${differences} differences`);

async function verdictOf(table: Table, c: Case, name: string): Promise<Verdict | null> {
  let ours: Verdict | null = null;
  let ourLog = '';
  try {
    const judged = await judge(c, 2);
    ours = (await judge(c)).verdict;
    ourLog = maskIds(addressMask(programBundle('', judged.program))(judged.log));
    if (c.truth.kind === 'document') return ours;
    const answer = c.truth.kind === 'recording' ? corpus?.get(c.truth.id) : kernel?.get(name);
    if (answer === undefined) {
      if ((c.truth.kind === 'recording' ? corpus : kernel) !== null) console.log(`NO ANSWER ${name}`);
      return table.before[c.title]?.[c.index] ?? null;
    }
    const message = maskIds(lastMessage(answer.log1));
    const theirs: Verdict = answer.errno === 0 ? [0] : [answer.errno, ours[0] === answer.errno && ours[2] === message ? ours[1]! : '?', message];
    if (c.truth.kind === 'kernel' && (theirs[0] === 0) !== c.accepted) console.log(`UNINTENDED ${name}\n   kernel ${JSON.stringify(theirs)}`);
    if (JSON.stringify(theirs) !== JSON.stringify(ours)) {
      differences++;
      console.log(`DIFFERENT ${name}\n   kernel ${JSON.stringify(theirs)}\n   ours   ${JSON.stringify(ours)}`);
    } else if (c.truth.kind === 'kernel') compareWalk(name, maskIds(addressMask(programBundle('', judged.program))(answer.log2)), ourLog);
    return theirs;
  } catch (error) {
    differences++;
    console.log(`FAILED ${name}\n   ${error instanceof Error ? (error.stack ?? '').split('\n').slice(0, 3).join('\n   ') : String(error)}`);
    return null;
  }
}

function compareWalk(name: string, theirs: string, ours: string): void {
  const a = theirs.replace(TIME, '').split('\n');
  const b = ours.replace(TIME, '').split('\n');
  const at = a.findIndex((line, i) => line !== b[i]);
  if (at < 0) return;
  console.log(`WALK ${name}\n   kernel ${a[at]}\n   ours   ${b[at]}`);
}

function render(file: string, rows: Record<string, readonly (Verdict | null)[]>): string {
  const body = Object.entries(rows).map(([title, row]) => `  ${JSON.stringify(title)}: [${row.map((v) => `\n    ${JSON.stringify(v)},`).join('')}\n  ],\n`);
  return `// Recorded by \`npm run record-cases\`: what Linux 7.3.4 says of the programs beside; ids of types masked.\nimport type { Recorded } from '${relative(dirname(file), 'worker/testing/cases.ts')}';\n\nexport const RECORDED: Recorded = {\n${body.join('')}};\n`;
}
