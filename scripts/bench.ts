/** Times the verification of heavy programs in Chromium beside a kernel's own, on the same machine and in the same run. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { chromium, type Browser, type Page } from 'playwright';
import type { BenchCall, BenchRun } from '../worker/cli/bench.ts';
import { ensureChromium } from './chromium.mjs';

const HELP = `Times the verification of heavy programs in Chromium, and by the running kernel.

  --corpus DIR     recordings that the programs are read from (default: first of BPF_CORPUS)
  --kernel DIR     the kernel's types (default: BPF_KERNEL, else public/kernel)
  --oracle CMD     command that loads a file of bundles and prints each one's "usec" and "stats" (default: BPF_ORACLE; none: no comparison)
  --only TEXT      programs whose id contains the text
  --rounds N       rounds that are counted, after one that warms up (default 3); in each the fastest of three runs counts
  --level N        log level (default 0)
  --trace          also with a trace: time, and memory that the trace takes
  --profile FILE   writes a CPU profile (for Chromium's developer tools)
  --plain          do not minify the thread's code
  --json FILE      the numbers`;

/** The programs that the targets of speed are about. */
const HEAVY = [
  'pyperf600/on_event',
  'strobemeta/on_event',
  'strobemeta_nounroll2/on_event',
  'test_verif_scale1/balancer_ingress',
  'test_verif_scale2/balancer_ingress',
  'test_verif_scale3/balancer_ingress',
  'core_kern/balancer_ingress',
  'profiler2/tracepoint__syscalls__sys_enter_kill',
  'xdp_synproxy_kern/syncookie_xdp',
  'xdp_synproxy_kern/syncookie_tc',
  'verifier_call_large_imm/call_large_imm_test',
  'verifier_loops1/loop_after_a_conditional_jump',
];

const root = dirname(dirname(fileURLToPath(import.meta.url)));

interface Heavy {
  readonly id: string;
  /** The bundle as one line of JSON that stands alone. */
  readonly bundle: string;
  /** `processed` of the recording. */
  readonly expected: number;
}

/** Reads the heavy programs out of a corpus, BTF included. */
function readHeavy(corpus: string, only: string): Heavy[] {
  return HEAVY.filter((id) => id.includes(only)).flatMap((id) => {
    const lines = gunzipSync(readFileSync(join(corpus, `${id.split('/')[0]}.jsonl.gz`)))
      .toString('utf8')
      .split('\n');
    for (const line of lines) {
      if (line === '') continue;
      const { expect, ...bundle } = JSON.parse(line) as Record<string, unknown> & {
        expect: Record<string, unknown>;
      };
      if (bundle['id'] !== id) continue;
      const { btf } = bundle;
      if (typeof btf === 'string' && !btf.startsWith('base64:'))
        bundle['btf'] = `base64:${readFileSync(join(corpus, btf)).toString('base64')}`;
      const stats =
        /processed (\d+) insns/.exec(String(expect['log1Tail'] ?? expect['log1'])) ??
        /processed (\d+) insns/.exec(String(expect['log2Tail'] ?? expect['log2']));
      return [{ id, bundle: JSON.stringify(bundle), expected: Number(stats?.[1] ?? -1) }];
    }
    throw new Error(`${corpus} has no ${id}`);
  });
}

/** The page keeps a worker and asks it; with `?here` it runs the worker's code itself, where a profiler can see it. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>bench</title><script type="module">
async function here() {
  const code = await (await fetch('/thread.js')).text();
  let serve;
  const thread = { postMessage: (data) => serve({ data }) };
  new Function('addEventListener', 'postMessage', code + '//# sourceURL=/thread.js')((_, f) => (serve = f), (data) => thread.onmessage({ data }));
  return thread;
}
const thread = location.search === '?here' ? await here() : new Worker('/thread.js', { name: 'verifier' });
const waiting = new Map();
let calls = 0;
thread.onmessage = ({ data }) => {
  const { resolve, reject } = waiting.get(data.call);
  waiting.delete(data.call);
  if (data.error !== undefined) reject(new Error(data.error)); else resolve(data.result);
};
thread.onerror = (e) => { for (const w of waiting.values()) w.reject(new Error(e.message)); };
window.ask = (question) => new Promise((resolve, reject) => {
  const call = ++calls;
  waiting.set(call, { resolve, reject });
  thread.postMessage({ ...question, call });
});
window.loadTypes = async (names) => {
  const files = {};
  for (const name of names) files[name] = new Uint8Array(await (await fetch('/kernel/' + name)).arrayBuffer());
  return ask({ kind: 'types', files });
};
</script>`;

/** Serves the page, the thread's code and the kernel's types. */
async function serve(code: string, kernel: string): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/' || path === '/?here')
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(PAGE);
    else if (path === '/thread.js')
      response.writeHead(200, { 'content-type': 'text/javascript; charset=utf-8' }).end(code);
    else if (path.startsWith('/kernel/'))
      response
        .writeHead(200, { 'content-type': 'application/octet-stream' })
        .end(readFileSync(join(kernel, path.slice('/kernel/'.length))));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { server, url: `http://127.0.0.1:${address.port}/` };
}

/** Reads processor time and memory of the browser's worker thread; only Linux tells. */
class ThreadClock {
  private constructor(
    private readonly pid: number,
    private readonly tid: number,
  ) {}

  static async find(browser: Browser): Promise<ThreadClock | null> {
    const session = await browser.newBrowserCDPSession();
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    for (const { id } of processInfo) {
      try {
        for (const tid of readdirSync(`/proc/${id}/task`)) {
          if (readFileSync(`/proc/${id}/task/${tid}/comm`, 'utf8').startsWith('DedicatedWorker'))
            return new ThreadClock(id, Number(tid));
        }
      } catch {
        // not Linux, or a process that has ended
      }
    }
    return null;
  }

  /** Milliseconds that the thread has had a processor. */
  cpu(): number {
    return Number(readFileSync(`/proc/${this.pid}/task/${this.tid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  }

  /** The same for the whole process: compiler and collector threads included. */
  processCpu(): number {
    let sum = 0;
    for (const tid of readdirSync(`/proc/${this.pid}/task`)) {
      try {
        sum += Number(readFileSync(`/proc/${this.pid}/task/${tid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
      } catch {
        // a thread that has ended
      }
    }
    return sum;
  }
}

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

interface KernelTime {
  readonly usec: number;
  readonly insns: number;
  readonly errno: number;
  readonly version: string;
}

/** Asks the kernel; null where it could not load the program at all. */
function kernelTimes(oracle: string, programs: readonly Heavy[]): Map<string, KernelTime> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const file = join(dir, 'bundles.jsonl');
    writeFileSync(file, programs.map((p) => p.bundle + '\n').join(''));
    const [command, ...args] = oracle.split(' ').filter((word) => word !== '');
    const out = execFileSync(command, [...args, file], { encoding: 'utf8', maxBuffer: 1 << 28 });
    const times = new Map<string, KernelTime>();
    for (const line of out.split('\n')) {
      if (line === '') continue;
      const { id, usec, stats, errno, kernel } = JSON.parse(line) as {
        id: string;
        usec: number | null;
        stats?: string;
        errno: number;
        kernel: string;
      };
      const insns = /processed (\d+) insns/.exec(stats ?? '');
      if (usec !== null && insns !== null)
        times.set(id, { usec, insns: Number(insns[1]), errno, version: kernel });
    }
    return times;
  } finally {
    rmSync(dir, { recursive: true });
  }
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0
    ? NaN
    : sorted.length % 2 === 1
      ? sorted[middle]
      : (sorted[middle - 1] + sorted[middle]) / 2;
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, v) => sum + Math.log(v), 0) / values.length);
}

interface Row {
  readonly id: string;
  readonly insns: number;
  readonly expected: number;
  readonly errno: number;
  /** Milliseconds. */
  readonly first: number;
  readonly ours: number;
  readonly wall: number;
  readonly all: number;
  readonly kernel: number | null;
  readonly kernelInsns: number;
  readonly kernelErrno: number;
  /** The kernel's time by ours, per processed instruction: above 1 we are faster. */
  readonly ratio: number | null;
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
  programs: readonly Heavy[],
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
  programs: readonly Heavy[],
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
  if (r.insns !== r.expected) all.push(`recorded: ${r.expected}`);
  if (r.kernel !== null && r.kernelInsns !== r.insns)
    all.push(`kernel processed ${r.kernelInsns}: compared per instruction`);
  if (r.kernel !== null && r.kernelErrno !== r.errno)
    all.push(`kernel errno ${r.kernelErrno}, ours ${r.errno}`);
  return all.join('; ');
}

async function main(): Promise<number> {
  const { values } = parseArgs({
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
  const corpus = values.corpus ?? (process.env['BPF_CORPUS'] ?? '').split(':')[0];
  if (corpus === '') {
    console.error('bench: there are no programs (BPF_CORPUS or --corpus names none)');
    return 2;
  }
  const kernelDir = values.kernel ?? process.env['BPF_KERNEL'] ?? join(root, 'public', 'kernel');
  const oracle = values.oracle ?? process.env['BPF_ORACLE'] ?? '';
  const level = Number(values.level) as 0 | 1 | 2;
  const programs = readHeavy(corpus, values.only);
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
  const { server, url } = await serve(outputFiles[0].text, kernelDir);
  const executablePath = await ensureChromium();
  if (executablePath === null) return 2;
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

    const rounds = Number(values.rounds);
    const samples = new Map<string, Sample[]>(programs.map((p) => [p.id, []]));
    const traced = new Map<string, Sample[]>(programs.map((p) => [p.id, []]));
    const kernel = new Map<string, KernelTime[]>(programs.map((p) => [p.id, []]));
    const profiler = values.profile === undefined ? null : await startProfile(page);
    for (let round = 0; round <= rounds; round++) {
      for (const { id } of programs) {
        const loads = round === 0 ? 1 : LOADS;
        samples.get(id)!.push(await fastest(page, clock, { kind: 'run', id, level, trace: false }, loads));
        if (values.trace)
          traced.get(id)!.push(await fastest(page, clock, { kind: 'run', id, level, trace: true }, loads));
      }
      if (oracle !== '' && round > 0)
        for (const [id, time] of kernelTimes(oracle, programs)) kernel.get(id)?.push(time);
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
    const ratios = rows.flatMap((r) => (r.ratio === null ? [] : [r.ratio]));
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
        JSON.stringify({ chromium: browser.version(), level, rows }, null, 2) + '\n',
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

process.exitCode = await main();
