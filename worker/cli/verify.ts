import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Diagnosis } from '../diagnose/diagnosis.ts';
import { verify, type Outcome } from '../engine/verify.ts';
import { kernelFile } from '../kernel/load.ts';
import { isSemantics, type Semantics } from '../kernel/model.ts';
import { BundleError, readBundle, type NamedProgram } from '../program/bundle.ts';
import { SEMANTICS } from '../session/about.ts';
import type { Explanation } from '../protocol.ts';
import { isElf } from '../object/elf.ts';
import { read, semanticsOf, type Reading } from '../session/reading.ts';
import { bundleReading, explanationOf, explanationText, kernelSource } from './explanation.ts';
import { buildFor, kernelDir, loadTypes } from './kernel-types.ts';
import { textOfObject } from './object-file.ts';
import {
  BAD_INPUT,
  directory,
  failure,
  fileBytes,
  oneOf,
  options,
  run,
  textOf,
  UsageError,
} from './usage.ts';

const HELP = `Says what Linux's verifier says about a program.

  verify FILE [--program NAME] [--level 1|2] [--semantics a,b] [--kernel DIR] [--explain] [--json]

  FILE             a program text, a compiled object (.bpf.o), or a bundle (JSON; of several in a file the first)
  --program NAME   which program of a compiled object, if it has several
  --level N        how much the log says (default 1)
  --semantics a,b  rules other than Linux 7.3's: ${SEMANTICS.map((s) => s.id).join(', ')}
  --kernel DIR     the kernel's types (default: BPF_KERNEL, else public/kernel)
  --explain        why, in plain words, and changes with which the program passes
  --json           the answer as one line of JSON

Exit status: 0 accepted, 1 rejected, 2 not modelled or bad input.`;

const WANTED = 'a program text, a compiled object or a bundle';

/** What a file is: a compiled object if it is ELF, a bundle if it is JSON, else a program text. */
async function readFile(
  file: string,
  wanted: readonly Semantics[] | null,
  dir: string,
  chosen: string | undefined,
): Promise<{ readonly source: string; readonly reading: Reading }> {
  const bytes = fileBytes(file, WANTED);
  const compiled = isElf(bytes);
  if (chosen !== undefined && !compiled)
    throw new UsageError(`--program chooses from a compiled object, and ${file} is none`);
  const text = compiled ? await textOfObject(file, bytes, chosen, dir) : textOf(bytes, file, WANTED);
  if (text.trim() === '') throw new UsageError(`${file} is empty; the shortest program is one line, exit`);
  if (/^\s*[{[]/.test(text)) {
    const { program } = firstBundle(file, text);
    const judged = wanted === null ? program : { ...program, semantics: wanted };
    const unknown = judged.semantics.find((name) => !isSemantics(name));
    if (unknown !== undefined)
      throw new UsageError(`${file}: semantics: there is no switch «${unknown}»; ${switches()}`);
    return { source: '', reading: bundleReading(judged, await loadTypes(dir, buildFor(judged.semantics))) };
  }
  const build = buildFor(wanted ?? semanticsOf(text));
  const known = existsSync(join(dir, kernelFile('vmlinux', build)));
  try {
    return {
      source: text,
      reading: await read(
        { source: text, semantics: wanted, kfuncFlags: {}, trace: false },
        kernelSource(dir),
        known,
      ),
    };
  } catch (error) {
    const missing = join(dir, kernelFile('vmlinux', build));
    throw new UsageError(
      `${missing} ${failure(error)}, and the program needs the kernel's types; --kernel or BPF_KERNEL name their directory`,
    );
  }
}

/** The first bundle of a file: a line of its own, or the whole file. */
function firstBundle(file: string, text: string): NamedProgram {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const types = (path: string): Uint8Array =>
    fileBytes(join(dirname(file), path), "the program's BTF, which the bundle names by this path,");
  const one = (json: string): NamedProgram => {
    try {
      return readBundle(json, types);
    } catch (error) {
      if (!(error instanceof BundleError)) throw error;
      const { where, what } = error;
      const place = where === 'text' ? '' : `${where}: `;
      const hint = where === 'text' ? '; a bundle is one object of JSON on a line' : '';
      throw new UsageError(`${file}: ${place}${what}${hint}`);
    }
  };
  const isLine = ((): boolean => {
    try {
      JSON.parse(lines[0]);
      return true;
    } catch {
      return false;
    }
  })();
  if (!isLine) return one(text);
  if (lines.length > 1) console.error(`verify: ${file} has ${lines.length} bundles: this is the first`);
  return one(lines[0]);
}

const switches = (): string => `there are ${SEMANTICS.map((s) => s.id).join(', ')}`;

function wantedSemantics(value: string | undefined): readonly Semantics[] | null {
  if (value === undefined) return null;
  return value
    .split(/[\s,]+/)
    .filter((name) => name !== '')
    .map((name) => {
      if (!isSemantics(name))
        throw new UsageError(`--semantics: there is no switch «${name}»; ${switches()}`);
      return name;
    });
}

async function main(): Promise<number> {
  const { values, positionals } = options({
    allowPositionals: true,
    options: {
      level: { type: 'string', default: '1' },
      semantics: { type: 'string' },
      kernel: { type: 'string' },
      explain: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      program: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (positionals.length !== 1)
    throw new UsageError(
      `${positionals.length === 0 ? 'a file is missing' : `one file at a time, not ${positionals.length}`}: verify FILE; --help tells more`,
    );
  const level = oneOf('level', values.level, ['1', '2']) === '1' ? 1 : 2;
  const dir =
    values.kernel === undefined ? kernelDir() : directory(values.kernel, "one with the kernel's types");
  const file = positionals[0];
  const { source, reading } = await readFile(file, wantedSemantics(values.semantics), dir, values.program);
  const { problems } = reading.text;
  for (const p of problems) console.error(`${file}:${p.line}:${p.col}: ${p.severity}: ${p.message}`);
  const { program, model } = reading;
  if (program === null) {
    const first = problems.find((p) => p.severity === 'error')?.message ?? '';
    if (values.json)
      console.log(JSON.stringify({ verdict: 'bad-input', message: first, rule: null, problems }));
    return BAD_INPUT;
  }

  const outcome = verify(program, model, { level, reporter: new Diagnosis() });
  const explanation = values.explain ? await explanationOf(source, reading, kernelSource(dir)) : null;
  if (values.json)
    console.log(
      JSON.stringify({ ...summary(outcome), ...(explanation === null ? {} : reasons(explanation)) }),
    );
  else print(outcome, explanation);
  return outcome.verdict === 'accepted' ? 0 : outcome.verdict === 'rejected' ? 1 : BAD_INPUT;
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
    stats:
      stats === null
        ? null
        : {
            insns: stats.insnProcessed,
            maxStatesPerInsn: stats.maxStatesPerInsn,
            states: stats.totalStates,
            peakStates: stats.peakStates,
          },
    log,
  };
}

/** An explanation as scripts read it. A fix is listed only if the program with it was verified and passed. */
function reasons(e: Explanation): object {
  const { title, explanation, rationale, chain, missing, sibling, fixes } = e;
  return {
    title,
    explanation,
    rationale,
    chain: chain.map(({ step, insn, span, why }) => ({
      step,
      insn,
      ...(span === null ? {} : { line: span.line }),
      why,
    })),
    missing,
    sibling,
    fixes: fixes
      .filter((fix) => fix.verified)
      .map((fix) => ({
        title: fix.title,
        edit: fix.edits.map(({ span, text }) => ({ ...span, text })),
        verified: fix.verified,
      })),
  };
}

await run('verify', main);
