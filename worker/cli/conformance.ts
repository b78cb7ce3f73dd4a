import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads';
import { addressMask, TIERS } from './agreement.ts';
import { readBaseline, regressions, writeBaseline } from './baseline.ts';
import { sideBySide } from './diff.ts';
import { judge, programOf, runLevel, type Judgement, type Kernels } from './judge.ts';
import { buildFor, kernelDir, loadTypes, modelFor } from './kernel-types.ts';
import { corpusFiles, readRecordings, SUBSETS, subsetOf, type Recording } from './recording.ts';
import { histogram, tally, tallyTable } from './tally.ts';
import {
  BAD_INPUT,
  directory,
  oneOf,
  options as commandOptions,
  run,
  UsageError,
  wholeNumber,
} from './usage.ts';

const BASELINE = join(process.cwd(), 'conformance', 'baseline.json');
/** Recordings that no verifier could reproduce from what a bundle carries, by id, with the reason. They count all the same. */
const NOT_REPRODUCIBLE = join(process.cwd(), 'conformance', 'not-reproducible.json');

const HELP = `Compares the core with recordings of a real kernel.

  --corpus DIR[:DIR]  where the recordings are (default: the environment's BPF_CORPUS)
  --kernel DIR        where the kernel's types are (default: BPF_KERNEL, else public/kernel)
  --subset NAME       plain, kfunc, attach, series or all (default)
  --filter TEXT       programs whose id contains the text
  --jobs N            threads (default: as many as there are processors)
  --list TIER         ids of the programs that disagree in a tier
  --show ID           one program's logs side by side, the recorded one on the left, where they differ
  --details FILE      every disagreement as one line of JSON
  --json FILE         the numbers
  --check             fail if a number is below the committed baseline
  --update            make the numbers of this run the baseline`;

interface Options {
  readonly dirs: readonly string[];
  readonly kernel: string;
  readonly subset: string;
  readonly filter: string;
}

function selected(options: Options, recording: Recording): boolean {
  if (!recording.id.includes(options.filter)) return false;
  return options.subset === 'all' || subsetOf(recording.bundle) === options.subset;
}

async function loadKernels(dir: string): Promise<Kernels> {
  return { released: await loadTypes(dir, 'released'), series: await loadTypes(dir, 'series') };
}

async function main(): Promise<number> {
  const { values } = commandOptions({
    options: {
      corpus: { type: 'string' },
      kernel: { type: 'string' },
      subset: { type: 'string', default: 'all' },
      filter: { type: 'string', default: '' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      list: { type: 'string' },
      show: { type: 'string' },
      details: { type: 'string' },
      json: { type: 'string' },
      check: { type: 'boolean', default: false },
      update: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const dirs = (values.corpus ?? process.env['BPF_CORPUS'] ?? '').split(':').filter((dir) => dir !== '');
  if (dirs.length === 0) {
    console.log('conformance: there are no recordings to compare with (BPF_CORPUS or --corpus names none)');
    return 0;
  }
  const options: Options = {
    dirs,
    kernel:
      values.kernel === undefined ? kernelDir() : directory(values.kernel, "one with the kernel's types"),
    subset: oneOf('subset', values.subset, [...SUBSETS, 'all']),
    filter: values.filter,
  };
  const listed = values.list === undefined ? null : oneOf('list', values.list, TIERS);
  const jobs = wholeNumber('jobs', values.jobs, 1);
  if (values.show !== undefined) return showDifference(options, values.show);

  const judgements = await judgeAll(options, jobs);
  if (judgements.length === 0) {
    throw new UsageError(
      `of the recordings in ${dirs.join(', ')} none is of subset ${options.subset}${options.filter === '' ? '' : ` with «${options.filter}» in its id`}`,
    );
  }
  const t = tally(judgements);
  console.log(tallyTable(t));
  report(judgements, t.wrongAccepts, t.wrongRejects);
  if (listed !== null)
    for (const j of judgements)
      if (!j.agreement[listed])
        console.log(`${j.id}\t${j.kind === 'judged' ? j.differs.join(' | ') : j.why}`);
  if (values.details !== undefined)
    writeFileSync(
      values.details,
      judgements
        .filter((j) => !j.agreement.log2 || !j.agreement.log1)
        .map((j) => JSON.stringify(j) + '\n')
        .join(''),
    );
  if (values.json !== undefined)
    writeFileSync(values.json, JSON.stringify({ kernel: '7.3.4', ...t }, null, 2) + '\n');
  if (values.update) writeBaseline(BASELINE, t);
  if (!values.check) return 0;
  const fallen = [
    ...regressions(readBaseline(BASELINE), t),
    ...t.wrongAccepts.map((id) => `wrong accept: ${id}`),
  ];
  for (const sentence of fallen) console.error(`conformance: ${sentence}`);
  return fallen.length === 0 ? 0 : 1;
}

function report(
  judgements: readonly Judgement[],
  wrongAccepts: readonly string[],
  wrongRejects: readonly string[],
): void {
  const section = (title: string, lines: readonly string[]): void => {
    if (lines.length !== 0) console.log(`\n${title}\n${lines.join('\n')}`);
  };
  const known = existsSync(NOT_REPRODUCIBLE)
    ? (JSON.parse(readFileSync(NOT_REPRODUCIBLE, 'utf8')) as Record<string, string>)
    : {};
  const unreproduced = judgements.filter((j) => TIERS.some((tier) => !j.agreement[tier]));
  section(
    'not reproducible from a bundle (conformance/not-reproducible.json)',
    histogram(
      unreproduced.flatMap((j) => known[j.id] ?? []),
      5,
    ),
  );
  const others = unreproduced.filter((j) => known[j.id] === undefined);
  section(
    'all others that disagree in a tier',
    others.slice(0, 40).map((j) => `${j.id}  (${TIERS.filter((tier) => !j.agreement[tier]).join(', ')})`),
  );
  section(
    'not modelled',
    histogram(
      judgements.filter((j) => j.kind === 'not-modelled').map((j) => j.why),
      15,
    ),
  );
  section(
    'internal errors',
    histogram(
      judgements.filter((j) => j.kind === 'internal-error').map((j) => j.why),
      25,
    ),
  );
  section(
    'first differences at level 2 (- theirs, + ours)',
    histogram(
      judgements
        .filter((j) => j.differs[0] !== j.differs[1])
        .map((j) => `- ${j.differs[0]}\n       + ${j.differs[1]}`),
      25,
    ),
  );
  section('wrong accepts', wrongAccepts.slice(0, 40));
  section('wrong rejects', wrongRejects.slice(0, 40));
  const slow = [...judgements].sort((a, b) => b.seconds - a.seconds).slice(0, 5);
  section(
    'slowest',
    slow.map((j) => `${j.seconds.toFixed(2).padStart(7)} s  ${j.id}`),
  );
}

/** Hands corpus files to threads as they become free. */
async function judgeAll(options: Options, jobs: number): Promise<Judgement[]> {
  const files = options.dirs.flatMap(corpusFiles);
  const judgements: Judgement[] = [];
  const workers: Worker[] = [];
  let next = 0;
  const thread = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(process.argv[1], { workerData: options });
      workers.push(worker);
      const feed = (): void => {
        if (next < files.length) worker.postMessage(files[next++]);
        else void worker.terminate().then(() => resolve());
      };
      worker.on('message', (result: Judgement[] | string) => {
        if (typeof result === 'string') {
          reject(new UsageError(result));
          return;
        }
        judgements.push(...result);
        feed();
      });
      worker.on('error', reject);
      feed();
    });
  try {
    await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, files.length)) }, thread));
  } finally {
    // one that failed leaves the others waiting
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return judgements.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

async function serve(options: Options): Promise<void> {
  const kernels = loadKernels(options.kernel);
  parentPort!.on('message', (file: string) => {
    void kernels.then((loaded) => {
      try {
        const recordings = readRecordings(file).filter((recording) => selected(options, recording));
        parentPort!.postMessage(recordings.map((recording) => judge(recording, loaded)));
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        // classes do not travel between threads
        parentPort!.postMessage(error.message);
      }
    });
  });
  await kernels;
}

async function showDifference(options: Options, id: string): Promise<number> {
  const recording = options.dirs
    .flatMap(corpusFiles)
    .flatMap((file) => (couldHold(file, id) ? readRecordings(file) : []))
    .find((r) => r.id === id);
  if (recording === undefined) {
    console.error(`conformance: there is no recording ${id} in ${options.dirs.join(', ')}`);
    return BAD_INPUT;
  }
  const kernels = await loadKernels(options.kernel);
  const program = programOf(recording);
  const model = modelFor(program, kernels[buildFor(program.semantics)]);
  const mask = addressMask(recording.bundle);
  let same = true;
  for (const level of [1, 2] as const) {
    const outcome = runLevel(program, model, level, performance.now() + 60_000);
    const stored = level === 1 ? recording.log1 : recording.log2;
    const theirs = mask(stored.text ?? stored.head);
    const ours = mask(outcome.log);
    const text = sideBySide(theirs, stored.text === null ? ours.slice(0, theirs.length) : ours);
    console.log(
      `level ${level}: errno ${recording.errno} recorded, ${outcome.errno} here (${outcome.verdict}${outcome.rule === null ? '' : `, ${outcome.rule}`})`,
    );
    if (outcome.verdict === 'not-modelled') console.log(outcome.message);
    if (text !== '') {
      same = false;
      console.log(text);
    }
  }
  return same ? 0 : 1;
}

/** Ids begin with the name of their file. */
function couldHold(file: string, id: string): boolean {
  const name = /([^/]+?)\.jsonl(\.gz)?$/.exec(file)?.[1] ?? '';
  return id.startsWith(name);
}

if (isMainThread) await run('conformance', main);
else await serve(workerData as Options);
