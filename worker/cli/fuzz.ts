import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { difference, ourAnswer, type Answer, type OurAnswer } from '../fuzz/answer.ts';
import type { Bundle } from '../fuzz/bundle.ts';
import { generator } from '../fuzz/generate.ts';
import { kernelCommand, type Kernel } from '../fuzz/kernel.ts';
import type { KernelTypes } from '../kernel/load.ts';
import { clusterOf, firstLines, minimise, type Difference } from '../fuzz/minimise.ts';
import { mutate } from '../fuzz/mutate.ts';
import { random } from '../fuzz/random.ts';
import { kernelDir, loadTypes } from './kernel-types.ts';
import { corpusFiles, readRecordings, subsetOf } from './recording.ts';
import { directory, oneOf, options, run, UsageError, wholeNumber } from './usage.ts';

const HELP = `Compares the core with a real kernel on random programs.

  --seed N         which programs (default 1)
  --count N        how many (default 1000)
  --kernel CMD     asks the kernel: CMD IN.jsonl OUT.jsonl
  --types DIR      the kernel's types for the core (default: BPF_KERNEL, else public/kernel)
  --brief          CMD says no walks: compare verdicts, messages and statistics only, which is much faster
  --source WHAT    generated (default) or mutated recordings
  --profile NAME   plain (default), kfunc, all, or structs, which needs the very types of the kernel asked (--types)
  --corpus DIR     recordings to mutate (default: BPF_CORPUS)
  --batch N        programs per question to the kernel (default 2000)
  --minimise N     how many differences per kind to make smaller (default 1, 0: none)
  --out DIR        where differences are written (default: fuzz-out)`;

/** Programs that the kernel would take long for under emulation. */
const HEAVY = 20_000;
const LONG = 400;

interface Tally {
  programs: number;
  asked: number;
  accepted: number;
  heavy: number;
  notModelled: Map<string, number>;
  errors: Map<string, number>;
}

type Maker = (index: number) => Bundle;

async function main(): Promise<number> {
  const { values } = options({
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '1000' },
      kernel: { type: 'string' },
      types: { type: 'string' },
      brief: { type: 'boolean', default: false },
      source: { type: 'string', default: 'generated' },
      profile: { type: 'string', default: 'plain' },
      corpus: { type: 'string' },
      batch: { type: 'string', default: '2000' },
      minimise: { type: 'string', default: '1' },
      out: { type: 'string', default: 'fuzz-out' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.kernel === undefined)
    throw new UsageError(
      'there is no kernel to ask: --kernel CMD names the command that does; --help tells more',
    );
  oneOf('source', values.source, ['generated', 'mutated']);
  oneOf('profile', values.profile, ['plain', 'kfunc', 'all', 'structs']);
  wholeNumber('seed', values.seed, 0);
  wholeNumber('minimise', values.minimise, 0);
  const [count, batch] = [wholeNumber('count', values.count, 1), wholeNumber('batch', values.batch, 1)];
  if (values.types !== undefined) directory(values.types, "one with the kernel's types");
  const corpus = values.corpus ?? process.env['BPF_CORPUS'] ?? '';
  const types = await loadTypes(values.types ?? kernelDir(), 'released');
  const readFile = (path: string): Uint8Array => readFileSync(join(corpus, path));
  const level = values.brief ? 1 : 2;
  const kernel = told(kernelCommand(values.kernel, corpus === '' ? null : join(corpus, 'btf')));
  const make =
    values.source === 'mutated'
      ? await mutants(corpus, values.profile, Number(values.seed), async (seeds) =>
          agreed(seeds, kernel, (b) => ourAnswer(b, types, readFile, level)),
        )
      : generated(values.profile, Number(values.seed), types);
  mkdirSync(values.out, { recursive: true });

  const tally: Tally = {
    programs: 0,
    asked: 0,
    accepted: 0,
    heavy: 0,
    notModelled: new Map(),
    errors: new Map(),
  };
  const clusters = new Map<string, Difference[]>();
  const counts = new Map<string, number>();
  let asking: Promise<void> = Promise.resolve();
  for (let from = 0; from < count; from += batch) {
    const bundles: Bundle[] = [];
    const ours = new Map<string, Answer>();
    for (let i = from; i < Math.min(count, from + batch); i++) {
      const bundle = make(i);
      tally.programs++;
      const said = ourAnswer(bundle, types, readFile, level);
      if (said.kind !== 'answer') {
        const table = said.kind === 'error' ? tally.errors : tally.notModelled;
        table.set(said.why, (table.get(said.why) ?? 0) + 1);
        if (said.kind === 'error' && (table.get(said.why) ?? 0) <= 3)
          appendFileSync(
            join(values.out, 'errors.jsonl'),
            JSON.stringify({ ...bundle, why: said.why }) + '\n',
          );
        continue;
      }
      if (said.answer.processed > HEAVY) {
        tally.heavy++;
        continue;
      }
      ours.set(bundle.id, said.answer);
      bundles.push(bundle);
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await asking;
    asking = kernel(bundles).then((answers) => {
      for (const bundle of bundles) {
        const theirs = answers.get(bundle.id);
        const mine = ours.get(bundle.id);
        if (theirs === undefined || theirs === null || mine === undefined) continue;
        tally.asked++;
        if (theirs.errno === 0) tally.accepted++;
        const aspect = difference(mine, theirs);
        if (aspect === null) continue;
        const found = { bundle, aspect, ours: mine, theirs };
        const key = clusterOf(found);
        counts.set(key, (counts.get(key) ?? 0) + 1);
        const known = clusters.get(key) ?? [];
        known.push(found);
        known.sort((a, b) => a.bundle.insns.length - b.bundle.insns.length);
        clusters.set(key, known.slice(0, Math.max(1, Number(values.minimise))));
        appendFileSync(
          join(values.out, 'found.jsonl'),
          JSON.stringify({ cluster: key, ...record(found) }) + '\n',
        );
      }
      console.log(
        `${tally.programs} programs, ${tally.asked} judged by the kernel (${tally.accepted} accepted), ${[...counts.values()].reduce((a, b) => a + b, 0)} differences of ${counts.size} kinds`,
      );
    });
  }
  await asking;

  const all = [...clusters.values()].flat();
  const small = Number(values.minimise) === 0 ? all : await minimise(all, kernel, types, readFile);
  writeFileSync(
    join(values.out, 'differences.jsonl'),
    small.map((d) => JSON.stringify(record(d)) + '\n').join(''),
  );
  print(tally, counts, small);
  return small.length === 0 && tally.errors.size === 0 ? 0 : 1;
}

function record(d: Difference): Record<string, unknown> {
  const brief = (answer: Answer): Record<string, unknown> => ({
    errno: answer.errno,
    message: answer.message,
    stats: answer.stats,
  });
  const [ours, theirs] = firstLines(d.ours.walk, d.theirs.walk);
  return {
    aspect: d.aspect,
    ours: brief(d.ours),
    theirs: { ...brief(d.theirs), walk: d.theirs.walk },
    line: { ours, theirs },
    bundle: d.bundle,
  };
}

function print(tally: Tally, counts: ReadonlyMap<string, number>, small: readonly Difference[]): void {
  console.log(
    `\n${tally.programs} programs: ${tally.asked} judged by both, ${tally.accepted} accepted by the kernel, ${tally.heavy} too long to ask about`,
  );
  for (const [title, table] of [
    ['not modelled', tally.notModelled] as const,
    ['errors of ours', tally.errors] as const,
  ]) {
    if (table.size !== 0)
      console.log(
        `\n${title}\n${[...table].map(([why, n]) => `${String(n).padStart(6)}  ${why}`).join('\n')}`,
      );
  }
  const sorted = [...counts].sort((a, b) => b[1] - a[1]);
  if (sorted.length !== 0) console.log('\ndifferences');
  for (const [key, n] of sorted) {
    const d = small.find((one) => clusterOf(one) === key);
    console.log(
      `${String(n).padStart(6)}  ${key.replaceAll(' | ', '\n        ')}${d === undefined ? '' : `\n        ${d.bundle.id}, ${d.bundle.insns.length / 16} instructions`}`,
    );
  }
}

/** Recordings that are short enough, with what they refer to. */
async function mutants(
  corpus: string,
  profile: string,
  seed: number,
  choose: (seeds: readonly Bundle[]) => Promise<Bundle[]>,
): Promise<Maker> {
  const all: Bundle[] = [];
  if (corpus === '')
    throw new UsageError(
      'there are no recordings to mutate; --corpus or BPF_CORPUS name a directory of recordings',
    );
  for (const { bundle } of corpusFiles(corpus).flatMap(readRecordings)) {
    const b = bundle as Bundle;
    const subset = subsetOf(bundle);
    const wanted =
      profile === 'all'
        ? subset !== 'series'
        : profile === 'plain'
          ? subset === 'plain'
          : subset === 'kfunc' || subset === 'attach';
    if (!wanted || b.insns.length > LONG * 16 || needsMore(b)) continue;
    const { expect: _expect, annotations: _annotations, ...rest } = b;
    all.push(rest as Bundle);
  }
  const seeds = await choose(all);
  console.log(`${all.length} recordings, ${seeds.length} of them judged alike`);
  if (seeds.length === 0)
    throw new UsageError(
      'there are no recordings to mutate that both judge alike; --corpus or BPF_CORPUS name a directory of recordings',
    );
  return (index) => {
    const r = random(seed * 1_000_003 + index);
    const bundle = r.pick(seeds);
    return mutate(bundle, `${seed}.${index}~${bundle.id}`, r);
  };
}

/** Maps whose contents or address a loader has to provide: STRUCT_OPS, INSN_ARRAY, an ARENA without an address. */
const LOADER_MAPS: ReadonlySet<unknown> = new Set([26, 34]);
const ARENA = 33;

/** Does it need a test module, which is no part of an ordinary kernel, or a loader? */
function needsMore(bundle: Bundle): boolean {
  const attach = bundle['attach'] as { module?: string; prog?: string } | undefined;
  return (
    Object.values(bundle.refs ?? {}).some((ref) => ref['module'] !== undefined && ref['module'] !== null) ||
    (attach?.module ?? null) !== null ||
    attach?.prog !== undefined ||
    (bundle.maps ?? []).some(
      (map) => LOADER_MAPS.has(map['type']) || (map['type'] === ARENA && map['extra'] === undefined),
    )
  );
}

/** Programs that both judge alike as they are: others depend on how the kernel was built. */
async function agreed(
  seeds: readonly Bundle[],
  kernel: Kernel,
  ours: (bundle: Bundle) => OurAnswer,
): Promise<Bundle[]> {
  const mine = new Map(seeds.map((bundle) => [bundle.id, ours(bundle)]));
  const light = seeds.filter(({ id }) => {
    const said = mine.get(id);
    return said?.kind === 'answer' && said.answer.processed <= HEAVY;
  });
  const theirs = await kernel(light);
  return light.filter(({ id }) => {
    const [a, b] = [mine.get(id), theirs.get(id)];
    return a?.kind === 'answer' && b !== undefined && b !== null && difference(a.answer, b) === null;
  });
}

/** A kernel whose command's failure is told in a sentence. */
function told(kernel: Kernel): Kernel {
  return (bundles) =>
    kernel(bundles).catch((error: unknown) => {
      throw new UsageError(
        `the kernel could not be asked: ${error instanceof Error ? error.message : String(error)}; --kernel CMD is called as CMD IN.jsonl OUT.jsonl`,
      );
    });
}

function generated(profile: string, seed: number, types: KernelTypes | null): Maker {
  const make = generator(profile, types);
  return (index) => make(`${seed}.${index}`, random(seed * 1_000_003 + index));
}

await run('fuzz', main);
