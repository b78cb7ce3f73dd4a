/** Times the verification of programs in Chromium and Node beside a kernel's own, on the same machine and in the same run. */
import { readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Browser } from 'playwright';
import { directory, oneOf, options, run, UsageError, wholeNumber } from '../worker/cli/usage.ts';
import { firstResults, openChromium, startProfile } from './bench/chromium.ts';
import type { FirstResult, Host } from './bench/host.ts';
import { kernelTimes, type KernelTime } from './bench/kernel.ts';
import { LOADS, noSamples, takeSamples, timing } from './bench/measure.ts';
import { measureMemory, type Memory } from './bench/memory.ts';
import { firstResultsOfNode, openNode, withCode } from './bench/node.ts';
import { serve } from './bench/page.ts';
import { generatedPrograms, HEAVY, heavyPrograms, type BenchProgram } from './bench/programs.ts';
import {
  geometricMean,
  median,
  memoryTable,
  numbers,
  ratioPerInsn,
  speedTable,
  type Row,
} from './bench/report.ts';
import { ensureChromium } from './chromium.mjs';

const HELP = `Times verifications in Chromium and Node, and by the running kernel: generated programs, and recorded heavy ones; without
a trace and with one. Also: the time to a first result, and the memory that states and traces take.

  --corpus DIR[:DIR]  recordings that the heavy programs are read from (default: BPF_CORPUS; none: generated programs only)
  --kernel DIR        the kernel's types (default: BPF_KERNEL, else public/kernel)
  --oracle CMD        loads a file of bundles into the running kernel and prints each one's "usec" and "stats"; a Python
                      script is called with --time (default: BPF_ORACLE; none, or no privileges: no comparison)
  --only TEXT         programs whose id contains the text
  --rounds N          rounds that are counted, after one that warms up (default 3); in each the fastest of three runs counts
  --level N           log level (default 0)
  --no-trace          without a trace only
  --no-node           in Chromium only
  --no-memory         times only
  --profile FILE      writes a CPU profile (for Chromium's developer tools); nothing but Chromium is measured then
  --plain             do not minify the thread's code
  --json FILE         the numbers: {"engine", "programs": [{"id", "insns", "usec", "traceUsec", "kernelUsec", "ratio", …}], …};
                      ratio: the kernel's time by ours in Chromium without a trace. docs/performance.md explains the others`;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** How often a first result is asked for; the fastest counts. */
const FIRSTS = 5;
/** Node is not the judge: this many rounds are enough, the one that warms up included. */
const NODE_ROUNDS = 2;

interface Settings {
  readonly programs: readonly BenchProgram[];
  readonly kernelDir: string;
  /** Files with the kernel's types. */
  readonly types: readonly string[];
  readonly oracle: string;
  readonly level: 0 | 1 | 2;
  readonly rounds: number;
  readonly trace: boolean;
  readonly node: boolean;
  readonly memory: boolean;
  readonly profile: string | null;
}

/** First results: the first of all, and of each number the least. */
interface First {
  readonly first: FirstResult;
  readonly least: FirstResult;
}

interface Measured {
  readonly engine: string;
  readonly nodeName: string | null;
  readonly rows: readonly Row[];
  readonly kernelVersion: string | null;
  readonly firsts: { readonly chromium: First; readonly node: First | null } | null;
}

async function main(): Promise<number> {
  const { values } = options({
    allowNegative: true,
    options: {
      corpus: { type: 'string' },
      kernel: { type: 'string' },
      oracle: { type: 'string' },
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '3' },
      level: { type: 'string', default: '0' },
      trace: { type: 'boolean', default: true },
      node: { type: 'boolean', default: true },
      memory: { type: 'boolean', default: true },
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
  const settings: Settings = {
    programs: programsOf(dirs, values.only),
    kernelDir,
    types: readdirSync(kernelDir).filter((name) => name.endsWith('.btf.gz') && !name.includes('series')),
    oracle: values.oracle ?? process.env['BPF_ORACLE'] ?? '',
    level: Number(oneOf('level', values.level, ['0', '1', '2'])) as 0 | 1 | 2,
    rounds: wholeNumber('rounds', values.rounds, 1),
    trace: values.trace,
    node: values.node && values.profile === undefined,
    memory: values.memory && values.profile === undefined,
    profile: values.profile ?? null,
  };
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
  const code = outputFiles[0].text;
  const executablePath = await ensureChromium();
  if (executablePath === null) return 2;
  const { server, url } = await serve(code, kernelDir);
  const launch = (): Promise<Browser> => chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const measured = await withCode(code, (file) => measure(settings, launch, url, file));
    print(settings, measured);
    if (values.json !== undefined) writeFileSync(values.json, json(settings, measured));
    return 0;
  } finally {
    server.close();
  }
}

/** The programs to time; says which are missing. */
function programsOf(dirs: readonly string[], only: string): BenchProgram[] {
  const heavy = heavyPrograms(dirs, only);
  const programs = [...generatedPrograms(only), ...heavy];
  if (programs.length === 0)
    throw new UsageError(
      `no program's id contains «${only}»; there are ${[...generatedPrograms('').map((p) => p.id), ...HEAVY].join(', ')}`,
    );
  const missing = HEAVY.filter((id) => id.includes(only) && !heavy.some((p) => p.id === id));
  if (missing.length !== 0)
    console.log(
      dirs.length === 0
        ? 'without recordings (BPF_CORPUS or --corpus name none): generated programs only'
        : `not among the recordings: ${missing.join(', ')}`,
    );
  return programs;
}

async function measure(
  settings: Settings,
  launch: () => Promise<Browser>,
  url: string,
  file: string,
): Promise<Measured> {
  const { programs, level, rounds, trace, types } = settings;
  const firsts = settings.profile === null ? await measureFirsts(settings, launch, url, file) : null;
  const open: Host[] = [];
  const browser = await launch();
  try {
    const page = await openChromium(browser, url, types, settings.profile !== null);
    const node = settings.node ? await openNode(file, settings.kernelDir, types) : null;
    if (node !== null) open.push(node);
    for (const host of [page, node]) if (host !== null) await teach(host, programs);
    if (page.clock === null)
      console.log('processor time of the thread is not known here: wall time is given');

    const samples = noSamples(programs);
    const nodeSamples = noSamples(programs);
    const kernel = new Map<string, KernelTime[]>(programs.map((p) => [p.id, []]));
    let { oracle } = settings;
    const profiler = settings.profile === null ? null : await startProfile(page.page);
    for (let round = 0; round <= rounds; round++) {
      await takeSamples(page, samples, level, trace);
      if (node !== null && round < NODE_ROUNDS) await takeSamples(node, nodeSamples, level, trace);
      if (oracle !== '' && round !== 0 && !askKernel(oracle, programs, kernel)) oracle = '';
    }
    if (profiler !== null) writeFileSync(settings.profile!, JSON.stringify(await profiler()));

    await page.close();
    let memory: ReadonlyMap<string, Memory> | null = null;
    let nodeMemory: ReadonlyMap<string, Memory> | null = null;
    if (settings.memory) {
      const here = await openChromium(browser, url, types, true);
      await teach(here, programs);
      const walks = programs.map(({ id }) => ({ id, insns: timing(samples.get(id)!).insns }));
      memory = await measureMemory(here, walks, trace);
      if (node !== null) nodeMemory = await measureMemory(node, walks, trace);
    }
    return {
      engine: page.name,
      nodeName: node?.name ?? null,
      kernelVersion: [...kernel.values()].flat()[0]?.version ?? null,
      firsts,
      rows: programs.map(({ id, expected }): Row => {
        const times = kernel.get(id)!;
        return {
          ...timing(samples.get(id)!),
          id,
          expected,
          node: node === null ? null : timing(nodeSamples.get(id)!),
          memory: memory?.get(id) ?? null,
          nodeMemory: nodeMemory?.get(id) ?? null,
          kernel:
            times.length === 0
              ? null
              : { ms: median(times.map((t) => t.usec)) / 1000, insns: times[0].insns, errno: times[0].errno },
        };
      }),
    };
  } finally {
    await Promise.all([browser.close(), ...open.map((host) => host.close())]);
  }
}

/** Gives the thread the programs. */
async function teach(host: Host, programs: readonly BenchProgram[]): Promise<void> {
  for (const { id, bundle } of programs) await host.ask({ kind: 'program', id, bundle });
}

/** Asks the running kernel once more. False, and said why, if it cannot be asked. */
function askKernel(
  oracle: string,
  programs: readonly BenchProgram[],
  into: ReadonlyMap<string, KernelTime[]>,
): boolean {
  try {
    for (const [id, time] of kernelTimes(oracle, programs)) into.get(id)?.push(time);
    return true;
  } catch (error) {
    console.log(
      `the kernel's own times are left out: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`,
    );
    return false;
  }
}

/** In a browser of its own, so that the first of all is cold. */
async function measureFirsts(
  { node }: Settings,
  launch: () => Promise<Browser>,
  url: string,
  file: string,
): Promise<Measured['firsts']> {
  const [{ bundle }] = generatedPrograms('generated/small');
  const of = (times: readonly FirstResult[]): First => {
    const cpu = times.flatMap((t) => t.cpu ?? []);
    return {
      first: times[0],
      least: {
        wall: Math.min(...times.map((t) => t.wall)),
        cpu: cpu.length === 0 ? null : Math.min(...cpu),
      },
    };
  };
  const browser = await launch();
  try {
    return {
      chromium: of(await firstResults(browser, url, bundle, FIRSTS)),
      node: node ? of(await firstResultsOfNode(file, bundle, FIRSTS)) : null,
    };
  } finally {
    await browser.close();
  }
}

function print(settings: Settings, { engine, nodeName, rows, kernelVersion, firsts }: Measured): void {
  console.log(
    `${engine}${nodeName === null ? '' : ` and ${nodeName}`}, median of ${settings.rounds} rounds' fastest of ${LOADS}, log level ${settings.level}, processor time of the thread`,
  );
  console.log(speedTable(rows));
  // of a short program the time is that of beginning
  const ratios = rows.flatMap((r) => (r.kernel === null || r.insns < 1000 ? [] : [ratioPerInsn(r)!]));
  if (ratios.length !== 0)
    console.log(
      `geometric mean ${geometricMean(ratios).toFixed(2)}x, least ${Math.min(...ratios).toFixed(2)}x the kernel (${kernelVersion})`,
    );
  if (firsts !== null) {
    const ms = ({ wall, cpu }: FirstResult): string =>
      `${wall.toFixed(0)} ms${cpu === null ? '' : ` (${cpu.toFixed(0)} of processor)`}`;
    const said = ({ first, least }: First): string => `${ms(least)}, the first of all ${ms(first)}`;
    const node = firsts.node === null ? '' : `; in Node, from the start of a process: ${said(firsts.node)}`;
    console.log(
      `\nfirst result of a small program, fastest of ${FIRSTS}: from the start of a worker ${said(firsts.chromium)}${node}`,
    );
  }
  if (settings.memory)
    console.log(`\nmemory: what a walk keeps at its fullest, and a finished trace\n${memoryTable(rows)}`);
}

function json({ level }: Settings, { engine, nodeName, rows, kernelVersion, firsts }: Measured): string {
  const usec = (ms: number | null | undefined): number | null =>
    ms === null || ms === undefined ? null : Math.round(ms * 1000);
  return (
    JSON.stringify(
      {
        engine,
        programs: rows.map(numbers),
        node: nodeName,
        kernel: kernelVersion,
        level,
        firstUsec: usec(firsts?.chromium.least.wall),
        firstCpuUsec: usec(firsts?.chromium.least.cpu),
        nodeFirstUsec: usec(firsts?.node?.least.wall),
        nodeFirstCpuUsec: usec(firsts?.node?.least.cpu),
      },
      null,
      2,
    ) + '\n'
  );
}

await run('bench', main);
