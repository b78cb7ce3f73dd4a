import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Diagnosis } from '../diagnose/diagnosis.ts';
import { verify, type Outcome } from '../engine/verify.ts';
import { kernelFile } from '../kernel/load.ts';
import { isSemantics } from '../kernel/model.ts';
import { BundleError, readBundle } from '../program/bundle.ts';
import type { Explanation } from '../protocol.ts';
import { read, semanticsOf, type Reading } from '../session/reading.ts';
import { bundleReading, explanationOf, explanationText, kernelSource } from './explanation.ts';
import { buildFor, kernelDir, loadTypes } from './kernel-types.ts';

const HELP = `Says what Linux's verifier says about a program.

  verify FILE [--level 1|2] [--semantics a,b] [--kernel DIR] [--explain] [--json]

FILE: a program text, or a bundle (one line of JSON). Exit status: 0 accepted, 1 rejected, 2 not modelled or bad input.`;

const BAD = 2;

/** What a file is: a bundle if it is JSON, else a program text. */
async function readFile(file: string, wanted: readonly string[] | null, dir: string): Promise<{ readonly source: string; readonly reading: Reading }> {
  const text = readFileSync(file, 'utf8');
  if (text.trimStart().startsWith('{')) {
    const { program } = readBundle(text.trim().split('\n')[0], (path) => readFileSync(join(dirname(file), path)));
    const judged = wanted === null ? program : { ...program, semantics: wanted };
    return { source: '', reading: bundleReading(judged, await loadTypes(dir, buildFor(judged.semantics))) };
  }
  const semantics = wanted ?? semanticsOf(text);
  const unknown = semantics.find((name) => !isSemantics(name));
  if (unknown !== undefined) throw new Error(`unknown semantics: ${unknown}`);
  const known = existsSync(join(dir, kernelFile('vmlinux', buildFor(semantics))));
  return { source: text, reading: await read({ source: text, semantics: wanted, kfuncFlags: {}, trace: false }, kernelSource(dir), known) };
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      level: { type: 'string', default: '1' },
      semantics: { type: 'string' },
      kernel: { type: 'string' },
      explain: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || positionals.length !== 1) {
    console.error(HELP);
    return values.help ? 0 : BAD;
  }
  if (values.level !== '1' && values.level !== '2') {
    console.error('--level is 1 or 2');
    return BAD;
  }
  const dir = values.kernel ?? kernelDir();
  const file = positionals[0];
  const wanted = values.semantics?.split(',').filter((name) => name !== '') ?? null;
  const { source, reading } = await readFile(file, wanted, dir);
  for (const p of reading.text.problems) console.error(`${file}:${p.line}:${p.col}: ${p.severity}: ${p.message}`);
  const { program, model } = reading;
  if (program === null) return BAD;

  const outcome = verify(program, model, { level: values.level === '1' ? 1 : 2, reporter: new Diagnosis() });
  const explanation = values.explain ? await explanationOf(source, reading, kernelSource(dir)) : null;
  if (values.json) console.log(JSON.stringify({ ...summary(outcome), ...(explanation === null ? {} : { explanation }) }));
  else print(outcome, explanation);
  return outcome.verdict === 'accepted' ? 0 : outcome.verdict === 'rejected' ? 1 : BAD;
}

function print(outcome: Outcome, explanation: Explanation | null): void {
  process.stdout.write(outcome.log);
  if (outcome.verdict === 'not-modelled') console.error(outcome.message);
  else console.log(outcome.errno === 0 ? 'accepted' : `rejected: errno ${outcome.errno}`);
  if (explanation !== null) process.stdout.write(explanationText(explanation));
}

function summary(outcome: Outcome): object {
  const { verdict, errno, message, rule, failedAt, stats, log } = outcome;
  return {
    verdict,
    errno,
    message: message.trimEnd(),
    rule,
    failedAt,
    stats: stats === null ? null : { insns: stats.insnProcessed, maxStatesPerInsn: stats.maxStatesPerInsn, states: stats.totalStates, peakStates: stats.peakStates },
    log,
  };
}

try {
  process.exitCode = await main();
} catch (error) {
  const known = error instanceof BundleError || (error instanceof Error && ('code' in error || error.message.startsWith('unknown semantics')));
  if (!known) throw error;
  console.error(error.message);
  process.exitCode = BAD;
}
