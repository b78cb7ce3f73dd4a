import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { pageOf } from '../explain/registry.ts';
import { bundleProgram } from '../program/bundle.ts';
import { printProgram } from '../program/text/print.ts';
import type { Explanation } from '../protocol.ts';
import { read, type Reading } from '../session/reading.ts';
import { runRecorded } from '../session/record.ts';
import { bundleReading, explanationOf, explanationText, kernelSource } from './explanation.ts';
import { buildFor, kernelDir, loadTypes, modelFor } from './kernel-types.ts';
import { corpusFiles, readRecordings, type Recording } from './recording.ts';
import { ruleTable, summary, type Finding } from './survey-table.ts';

const HELP = `Asks for how many rejected programs, picked at random, the why card names a rule page, a cause and a fix.

  why-survey [--seed N] [--count N] [--all] [--rule REGEX] [--corpus DIR[:DIR]] [--kernel DIR] [--filter TEXT] [--lines] [--show]

  --all   every rejected program, in a table by rule
  --rule  only programs that break rules of these names
  --lines one line each, beside the table of --all
  --show  each program's card, with the part of its text around the refused instruction`;

/** One program's card. */
interface Card extends Finding {
  readonly explanation: Explanation;
  readonly source: string;
  readonly failedLine: number;
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

const QUIET = { source: '', semantics: null, kfuncFlags: {}, trace: false };
const goOn = (): boolean => false;

/** The card of a recorded program; null if it breaks another rule than is asked for. */
async function survey(
  recording: Recording,
  kernel: ReturnType<typeof kernelSource>,
  dir: string,
  rules: RegExp | null,
): Promise<Card | null> {
  const { program } = bundleProgram(recording.bundle, (path) => readFileSync(join(recording.dir, path)));
  const types = await loadTypes(dir, buildFor(program.semantics));
  const bundle = bundleReading(program, types);
  if (rules !== null) {
    const run = await runRecorded(program, bundle.model, false, goOn);
    if (!rules.test(run?.outcome.rule ?? '')) return null;
  }
  const { source } = printProgram(program, modelFor(program, types));
  const text = await read({ ...QUIET, source }, kernel, true);
  let reading: Reading = text.program === null ? bundle : text;
  const began = performance.now();
  let explanation = await explanationOf(text.program === null ? '' : source, reading, kernel);
  const ms = performance.now() - began;
  const asLoaded = reading === bundle ? explanation : await explanationOf('', bundle, kernel);
  // what the text cannot say makes it another program
  if (asLoaded.rule !== explanation.rule) [reading, explanation] = [bundle, asLoaded];
  const refused = explanation.chain.at(-1);
  return {
    id: recording.id,
    rule: explanation.rule ?? explanation.verdict,
    insns: program.insns.length,
    ms,
    explanation,
    source: reading === bundle ? '' : source,
    failedLine:
      refused === undefined || refused.insn === null || reading === bundle ? 0 : (reading.text.sourceMap[refused.insn]?.line ?? 0),
    page: explanation.rule !== null && pageOf(explanation.rule) !== null,
    cause: explanation.chain.some((link) => link.kind !== 'refused'),
    fix: explanation.fixes.length !== 0,
    mends: explanation.fixes.some((fix) => !fix.lastResort),
  };
}

function show({ id, explanation, source, failedLine }: Card): void {
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
      rule: { type: 'string' },
      all: { type: 'boolean', default: false },
      lines: { type: 'boolean', default: false },
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
  const rules = values.rule === undefined ? null : new RegExp(values.rule);
  const findings: Finding[] = [];
  const picked = values.all ? rejected : pick(rejected, Number(values.count), Number(values.seed));
  for (const recording of picked) {
    const card = await survey(recording, kernel, dir, rules);
    if (card === null) continue;
    findings.push(card);
    if (values.show) show(card);
    const mark = (yes: boolean, word: string): string => (yes ? word : '-'.repeat(word.length));
    if (!values.all || values.lines)
      console.log(
        `${mark(card.page, 'page')} ${mark(card.cause, 'cause')} ${mark(card.fix, 'fix')} ${mark(card.mends, 'mends')}  ${card.rule}  ${card.id}`,
      );
  }
  if (values.all) console.log(ruleTable(findings));
  console.log(`\n${summary(findings)}`);
  return 0;
}

process.exitCode = await main();
