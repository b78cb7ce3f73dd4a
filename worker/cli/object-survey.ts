import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verify } from '../engine/verify.ts';
import { createKernelModel, type KernelModel } from '../kernel/model.ts';
import type { KernelTypes } from '../kernel/load.ts';
import { ObjectError } from '../object/error.ts';
import { openObject, type CompiledObject, type ObjectProgram } from '../object/open.ts';
import { extractProgram } from '../object/program.ts';
import { objectText } from '../object/text.ts';
import { writeObject } from '../object/write/write.ts';
import { bundleProgram } from '../program/bundle.ts';
import type { Program } from '../program/program.ts';
import { parseProgramText } from '../program/text/parse.ts';
import { kernelDir, loadTypes } from './kernel-types.ts';
import { readRecordings, type Recording } from './recording.ts';
import { directory, options, run, UsageError } from './usage.ts';

const HELP = `Compares the programs of compiled objects with recordings of the same programs.

  object-survey --objects DIR [--corpus DIR] [--kernel DIR] [--filter TEXT]

  --objects DIR  objects (NAME.bpf.o); recordings of NAME.bpf.o are NAME.jsonl.gz in the corpus
  --filter TEXT  only objects whose name has this in it

One line for each disagreement, then the figures: programs put together (extracted), written as text (text), with the recording's
instructions, references and maps (code) and its load attributes too (whole), with the recorded kernel's verdict (verdict), and
written as an object that reads as the same program (object).`;

/** How many of what turned out well. */
interface Tally {
  /** Prints a line for what did not. */
  count(what: string, good: boolean, at: string, why?: string): void;
  print(): void;
}

function createTally(): Tally {
  const rows = new Map<string, { good: number; all: number }>();
  return {
    count(what, good, at, why = '') {
      const row = rows.get(what) ?? { good: 0, all: 0 };
      rows.set(what, { good: row.good + (good ? 1 : 0), all: row.all + 1 });
      if (!good) console.log(`${what.padEnd(10)} ${at}${why === '' ? '' : `: ${why}`}`);
    },
    print() {
      for (const [what, { good, all }] of rows) console.log(`${what.padEnd(10)} ${good} of ${all}`);
    },
  };
}

/** Instructions, and what they refer to; names of data maps and addresses depend on who loads. */
function codeOf(p: Program): string {
  const refs = [...p.refs]
    .sort(([a], [b]) => a - b)
    .map(([i, ref]) => {
      if (ref.kind !== 'map') return [i, ref];
      const { type, keySize, valueSize, maxEntries, flags } = p.maps[ref.map];
      return [i, type, keySize, valueSize, maxEntries, flags];
    });
  return JSON.stringify([[...p.insns.toBytes()], refs]);
}

function attributesOf(p: Program): string {
  return JSON.stringify([p.name, p.progType, p.attachType, p.flags, p.license, p.attach]);
}

/** The result of some work, or the sentence that stood in its way. */
function attempt<T>(work: () => T): T | string {
  try {
    return work();
  } catch (error) {
    if (error instanceof ObjectError) return error.message;
    throw error;
  }
}

function survey(
  tally: Tally,
  object: CompiledObject,
  chosen: ObjectProgram,
  recording: Recording | null,
  types: KernelTypes,
  kernel: KernelModel,
): void {
  const at = `${object.name}/${chosen.func.name}`;
  const extracted = attempt(() => extractProgram(object, chosen, types).program);
  tally.count('extracted', typeof extracted !== 'string', at, typeof extracted === 'string' ? extracted : '');
  if (typeof extracted === 'string') return;
  if (recording !== null) {
    const { program } = bundleProgram(recording.bundle, (path) => readFileSync(join(recording.dir, path)));
    const isSame = codeOf(program) === codeOf(extracted);
    tally.count('code', isSame, at);
    tally.count('whole', isSame && attributesOf(program) === attributesOf(extracted), at);
  }
  const text = parseProgramText(objectText(object, chosen, object.name, types).source, { kernel });
  const first = text.problems.find((p) => p.severity === 'error')?.message;
  tally.count('text', text.program !== null, at, first);
  if (text.program === null) return;
  if (recording !== null) {
    const { verdict, errno } = verify(text.program, kernel, { level: 0 });
    const recorded = Math.abs(recording.errno);
    tally.count('verdict', Math.abs(errno) === recorded, at, `${verdict} ${errno}, the kernel ${recorded}`);
  }
  const written = attempt(() => writeObject(text.program!, types).bytes);
  const again = typeof written === 'string' ? written : readAgain(written, types);
  const isKept = typeof again !== 'string' && codeOf(again) === codeOf(text.program);
  tally.count('object', isKept, at, typeof again === 'string' ? again : '');
}

function readAgain(bytes: Uint8Array, types: KernelTypes): Program | string {
  return attempt(() => {
    const object = openObject(bytes, 'again.bpf.o');
    return extractProgram(object, object.programs[0], types).program;
  });
}

/** Recordings of an object's programs by name, those with privileges. */
function recordingsOf(corpus: string | undefined, name: string): ReadonlyMap<string, Recording> {
  const file = corpus === undefined ? '' : join(corpus, `${name}.jsonl.gz`);
  if (!existsSync(file)) return new Map();
  const privileged = readRecordings(file).filter((r) => r.bundle['privileged'] !== false);
  return new Map(privileged.map((r) => [r.id.slice(r.id.indexOf('/') + 1), r]));
}

async function main(): Promise<number> {
  const { values } = options({
    options: {
      objects: { type: 'string' },
      corpus: { type: 'string' },
      kernel: { type: 'string' },
      filter: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (values.objects === undefined) throw new UsageError('--objects DIR is missing; --help tells more');
  const objects = directory(values.objects, 'one with compiled objects');
  const dir = values.kernel ?? kernelDir();
  const types = await loadTypes(dir, 'released');
  if (types === null)
    throw new UsageError(`the kernel's types are not in ${dir}; --kernel or BPF_KERNEL name their directory`);
  const corpus = values.corpus ?? process.env['BPF_CORPUS']?.split(':')[0];
  const kernel = createKernelModel({ types });
  const tally = createTally();
  const files = readdirSync(objects).filter(
    (name) => name.endsWith('.bpf.o') && name.includes(values.filter),
  );
  for (const file of files.sort()) {
    const object = attempt(() => openObject(readFileSync(join(objects, file)), file));
    tally.count('opened', typeof object !== 'string', file, typeof object === 'string' ? object : '');
    if (typeof object === 'string') continue;
    const recordings = recordingsOf(corpus, file.replace(/\.bpf\.o$/, ''));
    for (const chosen of object.programs)
      survey(tally, object, chosen, recordings.get(chosen.func.name) ?? null, types, kernel);
  }
  tally.print();
  return 0;
}

await run('object-survey', main);
