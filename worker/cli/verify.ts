import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { Diagnosis } from '../diagnose/diagnosis.ts';
import { verify, type Outcome } from '../engine/verify.ts';
import type { KernelTypes } from '../kernel/load.ts';
import { BundleError, readBundle } from '../program/bundle.ts';
import type { Program } from '../program/program.ts';
import { parseProgramText } from '../program/text/parse.ts';
import { createKernelModel } from '../kernel/model.ts';
import { buildFor, kernelDir, loadTypes, modelFor } from './kernel-types.ts';

const HELP = `Says what Linux's verifier says about a program.

  verify FILE [--level 1|2] [--semantics a,b] [--kernel DIR] [--explain] [--json]

FILE: a program text, or a bundle (one line of JSON). Exit status: 0 accepted, 1 rejected, 2 not modelled or bad input.`;

const BAD = 2;

/** The program of a file: a bundle if it is JSON, else a program text. Null: what is wrong was said. */
function readProgram(file: string, types: KernelTypes | null): Program | null {
  const text = readFileSync(file, 'utf8');
  if (text.trimStart().startsWith('{')) return readBundle(text.trim().split('\n')[0], (path) => readFileSync(join(dirname(file), path))).program;
  const result = parseProgramText(text, { kernel: createKernelModel({ types }) });
  for (const p of result.problems) console.error(`${file}:${p.line}:${p.col}: ${p.severity}: ${p.message}`);
  return result.program;
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
  let types = await loadTypes(dir, buildFor(wanted ?? []));
  let program = readProgram(file, types);
  if (program === null) return BAD;
  if (wanted !== null) program = { ...program, semantics: wanted };
  else if (buildFor(program.semantics) === 'series') types = await loadTypes(dir, 'series');

  const outcome = verify(program, modelFor(program, types), { level: values.level === '1' ? 1 : 2, reporter: new Diagnosis() });
  if (values.json) console.log(JSON.stringify(summary(outcome)));
  else print(outcome, values.explain);
  return outcome.verdict === 'accepted' ? 0 : outcome.verdict === 'rejected' ? 1 : BAD;
}

function print(outcome: Outcome, explain: boolean): void {
  process.stdout.write(outcome.log);
  if (outcome.verdict === 'not-modelled') console.error(outcome.message);
  else console.log(outcome.errno === 0 ? 'accepted' : `rejected: errno ${outcome.errno}`);
  if (!explain || outcome.verdict !== 'rejected') return;
  console.log(`rule ${outcome.rule}${outcome.failedAt === null ? '' : ` at instruction ${outcome.failedAt}`}`);
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
