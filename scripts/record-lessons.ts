// Records what a real kernel says of the lessons' programs, for `app/lessons/lessons.test.ts`:
//   npx tsx scripts/record-lessons.ts --oracle ORACLE
// ORACLE IN.jsonl OUT.jsonl loads bundles into Linux 7.3.4. Programs that want other rules, invented kfuncs or kfuncs of the
// test module are left out: no released kernel can be asked about them.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { lessonPrograms, unaskable } from '../app/lessons/lessons.testkit.ts';
import type { Recorded } from '../app/lessons/lessons.testkit.ts';
import { lastMessage, statsLine } from '../worker/cli/agreement.ts';
import { kernelDir } from '../worker/cli/kernel-types.ts';
import { programBundle } from '../worker/program/bundle.ts';
import { createKernelSource } from '../worker/session/kernel-source.ts';
import { read } from '../worker/session/reading.ts';

const file = join(import.meta.dirname, '../app/lessons/recorded.json');
const kernel = createKernelSource((name) => Promise.resolve(readFileSync(join(kernelDir(), name))));

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { oracle: { type: 'string' } } });
  if (values.oracle === undefined) throw new Error('--oracle is needed');
  const bundles: string[] = [];
  for (const { name, stated } of lessonPrograms()) {
    if (unaskable(stated.source)) continue;
    const { program } = await read(
      { source: stated.source, semantics: null, kfuncFlags: {}, trace: false },
      kernel,
    );
    if (program === null) throw new Error(`${name} is no program`);
    bundles.push(JSON.stringify(programBundle(name, program)));
  }
  const dir = mkdtempSync(join(tmpdir(), 'lessons-'));
  writeFileSync(join(dir, 'in.jsonl'), `${bundles.join('\n')}\n`);
  execFileSync(values.oracle, [join(dir, 'in.jsonl'), join(dir, 'out.jsonl')], { stdio: 'inherit' });
  const recorded: Record<string, Recorded> = {};
  for (const line of readFileSync(join(dir, 'out.jsonl'), 'utf8').trim().split('\n')) {
    const { id, errno, log1 } = JSON.parse(line) as { id: string; errno: number; log1: string };
    recorded[id] = {
      errno: Math.abs(errno),
      message: errno === 0 ? '' : lastMessage(log1),
      processed: statsLine(log1),
    };
  }
  writeFileSync(file, `${JSON.stringify(recorded, null, 2)}\n`);
  console.log(`${Object.keys(recorded).length} programs of the lessons recorded`);
}

await main();
