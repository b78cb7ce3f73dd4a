/** Times the verification of heavy programs in Chromium beside a kernel's own, on the same machine and in the same run. */
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright';
import type { BenchCall, BenchRun } from '../worker/cli/bench.ts';
import { directory, oneOf, options, run, UsageError, wholeNumber } from '../worker/cli/usage.ts';
import { ThreadClock } from './bench/clock.ts';
import { kernelTimes, type KernelTime } from './bench/kernel.ts';
import { serve } from './bench/page.ts';
import { generatedPrograms, HEAVY, heavyPrograms, type BenchProgram } from './bench/programs.ts';
import { median, numbers, type Row } from './bench/report.ts';
import { ensureChromium } from './chromium.mjs';

const HELP = `Times verifications in Chromium, and by the running kernel: generated programs, and recorded heavy ones.

  --corpus DIR[:DIR]  recordings that the heavy programs are read from (default: BPF_CORPUS; none: generated programs only)
  --kernel DIR        the kernel's types (default: BPF_KERNEL, else public/kernel)
  --oracle CMD        loads a file of bundles into the running kernel and prints each one's "usec" and "stats"; a Python
                      script is called with --time (default: BPF_ORACLE; none, or no privileges: no comparison)
  --only TEXT         programs whose id contains the text
  --rounds N          rounds that are counted, after one that warms up (default 3); in each the fastest of three runs counts
  --level N           log level (default 0)
  --trace             also with a trace: time, and memory that the trace takes
  --profile FILE      writes a CPU profile (for Chromium's developer tools)
  --plain             do not minify the thread's code
  --json FILE         the numbers, those with a trace too: {"engine", "level", "programs": [{"id", "insns", "usec", "traceUsec",
                      "kernelUsec", "ratio"}]}; ratio: the kernel's time by ours without a trace, per processed instruction`;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

interface Sample extends BenchRun {
  /** Processor milliseconds of the thread, wall milliseconds where that is not known. */
  readonly cpu: number;
  /** Processor milliseconds of all threads of the process. */
  readonly allCpu: number;
}

async function ask<T>(page: Page, question: object): Promise<T> {
  return page.evaluate(
    (q) => (window as unknown as { ask: (q: unknown) => Promise<unknown> }).ask(q),
    question,
  ) as Promise<T>;
}

type Question<K extends BenchCall['kind']> = Omit<Extract<BenchCall, { kind: K }>, 'call'>;

async function sample(page: Page, clock: ThreadClock | null, question: Question<'run'>): Promise<Sample> {
  const cpu = clock?.cpu() ?? 0;
  const all = clock?.processCpu() ?? 0;
  const run = await ask<BenchRun>(page, question);
  const took = clock === null ? run.wall : clock.cpu() - cpu;
  return { ...run, cpu: took, allCpu: clock === null ? run.wall : clock.processCpu() - all };
}

/** Runs per round of which the fastest counts; the oracle does the same with the kernel. */
const LOADS = 3;

async function fastest(
  page: Page,
  clock: ThreadClock | null,
  question: Question<'run'>,
  loads: number,
): Promise<Sample> {
  let best = await sample(page, clock, question);
  for (let n = 1; n < loads; n++) {
    const next = await sample(page, clock, question);
    if (next.cpu < best.cpu) best = next;
  }
  return best;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
}

function table(rows: readonly Row[]): string {
  const head = [
    'program',
    'insns',
    'first ms',
    'ours ms',
    'kernel ms',
    'x kernel',
    'M insns/s',
    'wall ms',
    'all cpu',
    'remarks',
  ];
  const body = rows.map((r) => [
    r.id,
    String(r.insns),
    r.first.toFixed(0),
    r.ours.toFixed(1),
    r.kernel === null ? '' : r.kernel.toFixed(1),
    r.ratio === null ? '' : r.ratio.toFixed(2),
    (r.insns / r.ours / 1000).toFixed(2),
    r.wall.toFixed(0),
    r.all.toFixed(0),
    remarks(r),
  ]);
  return aligned([head, ...body]);
}

/** Lines of cells in columns. */
function aligned(lines: readonly (readonly string[])[]): string {
  const widths = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  return lines
    .map((cells) => cells.map((c, i) => (i === 0 ? c.padEnd(widths[i]) : c.padStart(widths[i]))).join('  '))
    .join('\n');
}

/** Megabytes of JavaScript heap that a finished trace keeps, by program; and of the arena. */
async function traceMemory(
  browser: Browser,
  url: string,
  names: readonly string[],
  programs: readonly BenchProgram[],
): Promise<Map<string, { heap: number; arena: number }>> {
  const page = await browser.newPage();
  await page.goto(`${url}?here`);
  await page.waitForFunction('window.loadTypes !== undefined');
  await page.evaluate(
    (list) =>
      (window as unknown as { loadTypes: (names: string[]) => Promise<unknown> }).loadTypes([...list]),
    names,
  );
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  const used = async (): Promise<number> => {
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
    return (usedSize + backingStorageSize) / 1e6;
  };
  const result = new Map<string, { heap: number; arena: number }>();
  for (const { id, bundle } of programs) {
    await ask(page, { kind: 'program', id, bundle } satisfies Question<'program'>);
    await ask(page, { kind: 'forget' } satisfies Question<'forget'>);
    const before = await used();
    const { scalars } = await ask<BenchRun>(page, {
      kind: 'run',
      id,
      level: 0,
      trace: true,
    } satisfies Question<'run'>);
    result.set(id, { heap: (await used()) - before, arena: (scalars * 40) / 1e6 });
    await ask(page, { kind: 'forget' } satisfies Question<'forget'>);
  }
  await page.close();
  return result;
}

function traceTable(
  programs: readonly BenchProgram[],
  plain: ReadonlyMap<string, readonly Sample[]>,
  traced: ReadonlyMap<string, readonly Sample[]>,
  memory: ReadonlyMap<string, { heap: number; arena: number }>,
): string {
  return aligned([
    ['program', 'steps', 'without ms', 'with ms', 'x', 'heap MB', 'values MB', 'MB per million steps'],
    ...programs.map(({ id }) => {
      const without = median(
        plain
          .get(id)!
          .slice(1)
          .map((s) => s.cpu),
      );
      const counted = traced.get(id)!.slice(1);
      const withTrace = median(counted.map((s) => s.cpu));
      const { steps } = counted[0];
      const { heap, arena } = memory.get(id)!;
      return [
        id,
        String(steps),
        without.toFixed(1),
        withTrace.toFixed(1),
        (withTrace / without).toFixed(2),
        heap.toFixed(1),
        arena.toFixed(1),
        (((heap + arena) / steps) * 1e6).toFixed(0),
      ];
    }),
  ]);
}

function remarks(r: Row): string {
  const all: string[] = [];
  if (r.expected !== null && r.insns !== r.expected) all.push(`recorded: ${r.expected}`);
  if (r.kernel !== null && r.kernelInsns !== r.insns)
    all.push(`kernel processed ${r.kernelInsns}: compared per instruction`);
  if (r.kernel !== null && r.kernelErrno !== r.errno)
    all.push(`kernel errno ${r.kernelErrno}, ours ${r.errno}`);
  return all.join('; ');
}

async function main(): Promise<number> {
  const { values } = options({
    options: {
      corpus: { type: 'string' },
      kernel: { type: 'string' },
      oracle: { type: 'string' },
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '3' },
      level: { type: 'string', default: '0' },
      trace: { type: 'boolean', default: false },
      profile: { type: 'string' },
      plain: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const dirs = (values.corpus ?? process.env['BPF_CORPUS'] ?? '').split(':').filter((dir) => dir !== '');
  for (const dir of dirs) directory(dir, 'one with recordings');
  const kernelDir = directory(
    values.kernel ?? process.env['BPF_KERNEL'] ?? join(root, 'public', 'kernel'),
    "one with the kernel's types",
  );
  const oracle = values.oracle ?? process.env['BPF_ORACLE'] ?? '';
  const level = Number(oneOf('level', values.level, ['0', '1', '2'])) as 0 | 1 | 2;
  const rounds = wholeNumber('rounds', values.rounds, 1);
  const trace = values.trace || values.json !== undefined;
  const heavy = heavyPrograms(dirs, values.only);
  const programs = [...generatedPrograms(values.only), ...heavy];
  if (programs.length === 0)
    throw new UsageError(
      `no program's id contains «${values.only}»; there are ${[...generatedPrograms('').map((p) => p.id), ...HEAVY].join(', ')}`,
    );
  const missing = HEAVY.filter((id) => id.includes(values.only) && !heavy.some((p) => p.id === id));
  if (missing.length !== 0)
    console.log(
      dirs.length === 0
        ? 'without recordings (BPF_CORPUS or --corpus name none): generated programs only'
        : `not among the recordings: ${missing.join(', ')}`,
    );
  const { outputFiles } = await build({
    entryPoints: [join(root, 'worker', 'cli', 'bench.ts')],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    target: 'es2023',
    minify: !values.plain && values.profile === undefined,
    logLevel: 'error',
  });
  const executablePath = await ensureChromium();
  if (executablePath === null) return 2;
  const { server, url } = await serve(outputFiles[0].text, kernelDir);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.goto(values.profile === undefined ? url : `${url}?here`);
    await page.waitForFunction('window.loadTypes !== undefined');
    const names = readdirSync(kernelDir).filter(
      (name) => name.endsWith('.btf.gz') && !name.includes('series'),
    );
    await page.evaluate(
      (list) => (window as unknown as { loadTypes: (names: string[]) => Promise<unknown> }).loadTypes(list),
      names,
    );
    for (const { id, bundle } of programs)
      await ask(page, { kind: 'program', id, bundle } satisfies Question<'program'>);
    const clock = await ThreadClock.find(browser);
    if (clock === null) console.log('processor time of the thread is not known here: wall time is given');

    let asked = oracle;
    const samples = new Map<string, Sample[]>(programs.map((p) => [p.id, []]));
    const traced = new Map<string, Sample[]>(programs.map((p) => [p.id, []]));
    const kernel = new Map<string, KernelTime[]>(programs.map((p) => [p.id, []]));
    const profiler = values.profile === undefined ? null : await startProfile(page);
    for (let round = 0; round <= rounds; round++) {
      for (const { id } of programs) {
        const loads = round === 0 ? 1 : LOADS;
        samples.get(id)!.push(await fastest(page, clock, { kind: 'run', id, level, trace: false }, loads));
        if (trace)
          traced.get(id)!.push(await fastest(page, clock, { kind: 'run', id, level, trace: true }, loads));
      }
      if (asked === '' || round === 0) continue;
      try {
        for (const [id, time] of kernelTimes(asked, programs)) kernel.get(id)?.push(time);
      } catch (error) {
        console.log(
          `the kernel's own times are left out: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
        );
        asked = '';
      }
    }
    if (profiler !== null) writeFileSync(values.profile!, JSON.stringify(await profiler()));

    const rows = programs.map(({ id, expected }): Row => {
      const [first, ...counted] = samples.get(id)!;
      const of = counted.length === 0 ? [first] : counted;
      const ours = median(of.map((s) => s.cpu));
      const times = kernel.get(id)!;
      const theirs = times.length === 0 ? null : median(times.map((t) => t.usec)) / 1000;
      const last = of[of.length - 1];
      return {
        id,
        insns: last.insns,
        expected,
        errno: last.errno,
        first: first.cpu,
        ours,
        wall: median(of.map((s) => s.wall)),
        all: median(of.map((s) => s.allCpu)),
        kernel: theirs,
        kernelInsns: times[0]?.insns ?? 0,
        kernelErrno: times[0]?.errno ?? 0,
        ratio: theirs === null ? null : theirs / times[0].insns / (ours / last.insns),
      };
    });
    console.log(
      `${browser.version()} Chromium, median of ${rounds} rounds' fastest of ${LOADS}, log level ${level}, processor time of the thread`,
    );
    console.log(table(rows));
    // of a short program the time is that of beginning
    const ratios = rows.flatMap((r) => (r.ratio === null || r.insns < 1000 ? [] : [r.ratio]));
    if (ratios.length !== 0)
      console.log(
        `geometric mean ${geometricMean(ratios).toFixed(2)}x, least ${Math.min(...ratios).toFixed(2)}x the kernel (${[...kernel.values()][0][0]?.version ?? ''})`,
      );
    if (values.trace)
      console.log(
        `\nwith a trace\n${traceTable(programs, samples, traced, await traceMemory(browser, url, names, programs))}`,
      );
    if (values.json !== undefined)
      writeFileSync(
        values.json,
        JSON.stringify(
          {
            engine: `Chromium ${browser.version()}`,
            level,
            programs: rows.map((row) => numbers(row, traced.get(row.id)!)),
          },
          null,
          2,
        ) + '\n',
      );
    return 0;
  } finally {
    await browser.close();
    server.close();
  }
}

/** Profiles the page; what is returned ends it and gives the profile. */
async function startProfile(page: Page): Promise<() => Promise<unknown>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: 500 });
  await session.send('Profiler.start');
  return async () => (await session.send('Profiler.stop')).profile;
}

await run('bench', main);
