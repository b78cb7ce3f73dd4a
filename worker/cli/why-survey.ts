import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pageOf } from '../explain/registry.ts';
import { bundleProgram } from '../program/bundle.ts';
import { printProgram } from '../program/text/print.ts';
import type { Explanation } from '../protocol.ts';
import { read, type Reading } from '../session/reading.ts';
import { bundleReading, explanationOf, explanationText, kernelSource } from './explanation.ts';
import { buildFor, kernelDir, loadTypes, modelFor } from './kernel-types.ts';
import { corpusFiles, readRecordings, type Recording } from './recording.ts';

const HELP = `Asks for how many rejected programs, picked at random, the why card names a rule page, a cause and a fix.

  why-survey [--seed N] [--count N] [--corpus DIR[:DIR]] [--kernel DIR] [--filter TEXT] [--show]

  --show  each program's card, with the part of its text around the refused instruction`;

/** What the card of one program says. */
interface Finding {
  readonly id: string;
  readonly explanation: Explanation;
  readonly source: string;
  readonly failedLine: number;
  readonly page: boolean;
  readonly cause: boolean;
  readonly fix: boolean;
  /** All it offers is to leave something out, or other privileges. */
  readonly poor: boolean;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick(recordings: Recording[], count: number, seed: number): Recording[] {
  const random = randomNumbers(seed);
  for (let i = recordings.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [recordings[i], recordings[j]] = [recordings[j], recordings[i]];
  }
  return recordings.slice(0, count);
}

/** Titles of changes that take something away. */
const POOR = /^(Leave|Put r\d = 0|Load it with privileges)/;

const QUIET = { source: '', semantics: null, kfuncFlags: {}, trace: false };

async function survey(
  recording: Recording,
  kernel: ReturnType<typeof kernelSource>,
  dir: string,
): Promise<Finding> {
  const { program } = bundleProgram(recording.bundle, (path) => readFileSync(join(recording.dir, path)));
  const types = await loadTypes(dir, buildFor(program.semantics));
  const { source } = printProgram(program, modelFor(program, types));
  const text = await read({ ...QUIET, source }, kernel, true);
  const bundle = bundleReading(program, types);
  let reading: Reading = text.program === null ? bundle : text;
  let explanation = await explanationOf(text.program === null ? '' : source, reading, kernel);
  const asLoaded = reading === bundle ? explanation : await explanationOf('', bundle, kernel);
  // what the text cannot say makes it another program
  if (asLoaded.rule !== explanation.rule) [reading, explanation] = [bundle, asLoaded];
  const refused = explanation.chain.at(-1);
  return {
    id: recording.id,
    explanation,
    source: reading === bundle ? '' : source,
    failedLine:
      refused === undefined || reading === bundle ? 0 : (reading.text.sourceMap[refused.insn]?.line ?? 0),
    page: explanation.rule !== null && pageOf(explanation.rule) !== null,
    cause: explanation.chain.some((link) => link.kind !== 'refused'),
    fix: explanation.fixes.length !== 0,
    poor: explanation.fixes.length !== 0 && explanation.fixes.every(({ title }) => POOR.test(title)),
  };
}

function show({ id, explanation, source, failedLine }: Finding): void {
  console.log(`\n===== ${id}\n${explanation.message}`);
  const lines = source.split('\n');
  const from = lines.length < 70 ? 0 : Math.max(0, failedLine - 30);
  if (source !== '')
    console.log(
      lines
        .slice(from, from + 70)
        .map((line, i) => `${from + i + 1 === failedLine ? '>>' : '  '} ${line}`)
        .join('\n'),
    );
  process.stdout.write(explanationText(explanation));
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      count: { type: 'string', default: '60' },
      corpus: { type: 'string' },
      kernel: { type: 'string' },
      filter: { type: 'string', default: '' },
      show: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const dirs = (values.corpus ?? process.env['BPF_CORPUS'] ?? '').split(':').filter((dir) => dir !== '');
  if (dirs.length === 0) {
    console.error('why-survey: there are no recordings (BPF_CORPUS or --corpus names none)');
    return 2;
  }
  const dir = values.kernel ?? kernelDir();
  const kernel = kernelSource(dir);
  const rejected = dirs
    .flatMap(corpusFiles)
    .flatMap(readRecordings)
    .filter((r) => r.errno !== 0 && r.id.includes(values.filter));
  const findings: Finding[] = [];
  for (const recording of pick(rejected, Number(values.count), Number(values.seed))) {
    const finding = await survey(recording, kernel, dir);
    findings.push(finding);
    if (values.show) show(finding);
    const mark = (yes: boolean, word: string): string => (yes ? word : '-'.repeat(word.length));
    console.log(
      `${mark(finding.page, 'page')} ${mark(finding.cause, 'cause')} ${mark(finding.fix, 'fix')}  ${finding.explanation.rule ?? finding.explanation.verdict}  ${finding.id}`,
    );
  }
  const count = (has: (f: Finding) => boolean): string =>
    `${findings.filter(has).length} of ${findings.length}`;
  console.log(
    `\nrule page: ${count((f) => f.page)}\ncause: ${count((f) => f.cause)}\nverified fix: ${count((f) => f.fix)}, of which ${findings.filter((f) => f.poor).length} only leave something out or ask for privileges\nall three: ${count((f) => f.page && f.cause && f.fix)}`,
  );
  return 0;
}

process.exitCode = await main();
