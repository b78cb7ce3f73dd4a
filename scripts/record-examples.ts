// Records what a real kernel says of the page's examples, for `worker/cli/examples.test.ts`:
//   npx tsx scripts/record-examples.ts --oracle ORACLE --series DIR
// ORACLE IN.jsonl OUT.jsonl loads bundles into Linux 7.3.4, instruction arrays filled with all their data and made anew
// for each load; DIR has recordings of a kernel with the proposals applied.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { exampleProgram, exampleRows, SERIES_TWINS } from '../worker/cli/examples.testkit.ts';
import { programBundle } from '../worker/program/bundle.ts';

const root = join(import.meta.dirname, '..');
const golden = join(root, 'worker/cli/golden');

interface Answer {
  readonly id: string;
  readonly kernel: string;
  readonly errno: number;
  readonly log1: string;
  readonly log2: string;
}

function write(id: string, { kernel, errno, log1, log2 }: Omit<Answer, 'id'>): void {
  writeFileSync(join(golden, `${id}.json`), `${JSON.stringify({ kernel, errno, log1: log1.split('\n'), log2: log2.split('\n') }, null, 1)}\n`);
}

function series(dir: string, twin: string): Omit<Answer, 'id'> {
  const [file] = twin.split('/');
  const lines = gunzipSync(readFileSync(join(dir, `${file}.jsonl.gz`))).toString().trim().split('\n');
  const row = lines.map((line) => JSON.parse(line) as { id: string; expect: { errno: number; log1: string; log2: string } }).find((r) => r.id === twin);
  if (row === undefined) throw new Error(`${dir} has no recording of ${twin}`);
  const { errno, log1, log2 } = row.expect;
  return { kernel: '7.3.4 with the proposals', errno, log1: log1 === '=' ? log2 : log1, log2 };
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { oracle: { type: 'string' }, series: { type: 'string' } } });
  if (values.oracle === undefined || values.series === undefined) throw new Error('--oracle and --series are needed');
  const bundles: string[] = [];
  for (const { id } of exampleRows()) {
    const { program } = await exampleProgram(id);
    if (SERIES_TWINS[id] !== undefined) write(id, series(values.series, SERIES_TWINS[id]));
    else if (program.invented.length === 0 && program.semantics.length === 0) bundles.push(JSON.stringify(programBundle(id, program)));
  }
  const dir = mkdtempSync(join(tmpdir(), 'examples-'));
  writeFileSync(join(dir, 'in.jsonl'), `${bundles.join('\n')}\n`);
  execFileSync(values.oracle, [join(dir, 'in.jsonl'), join(dir, 'out.jsonl')], { stdio: 'inherit' });
  for (const line of readFileSync(join(dir, 'out.jsonl'), 'utf8').trim().split('\n')) {
    const answer = JSON.parse(line) as Answer;
    write(answer.id, answer);
  }
}

await main();
