import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answerOf, type Answer } from './answer.ts';
import type { Bundle } from './bundle.ts';

/** What the kernel said of a bundle; null where it could not be asked (a map or its types were refused, the text was cut). */
export type KernelAnswers = ReadonlyMap<string, Answer | null>;

/** Asks a real kernel about many programs at once. */
export type Kernel = (bundles: readonly Bundle[]) => Promise<KernelAnswers>;

/**
 * A kernel behind a command `COMMAND IN.jsonl OUT.jsonl`, which writes `{id, errno, log2}` per bundle, or
 * `{id, errno, stats}`: what the kernel says at level 4, which is much faster. `types`: directory
 * of the BTF files that bundles name by path.
 */
export function kernelCommand(command: string, types: string | null): Kernel {
  return async (bundles) => {
    const dir = mkdtempSync(join(tmpdir(), 'fuzz-'));
    try {
      if (types !== null) symlinkSync(types, join(dir, 'btf'));
      const [input, output] = [join(dir, 'in.jsonl'), join(dir, 'out.jsonl')];
      writeFileSync(input, bundles.map((bundle) => JSON.stringify(bundle) + '\n').join(''));
      await run(command, [input, output]);
      const byId = new Map(bundles.map((bundle) => [bundle.id, bundle]));
      const answers = new Map<string, Answer | null>();
      for (const line of readFileSync(output, 'utf8').split('\n')) {
        if (line === '') continue;
        const said = JSON.parse(line) as {
          id: string;
          errno: number;
          log2?: string;
          stats?: string;
          stage?: string;
          cut?: string;
        };
        const log = said.log2 ?? said.stats ?? '';
        const bundle = byId.get(said.id);
        if (bundle === undefined) continue;
        // a function that this kernel was built without
        const strange = /call <error>#0|btf_id 0\b|bpf_override_return/.test(log);
        answers.set(
          said.id,
          strange || said.stage !== undefined || said.cut !== undefined
            ? null
            : answerOf(bundle, said.errno, log, said.log2 === undefined),
        );
      }
      return answers;
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  };
}

function run(command: string, args: readonly string[]): Promise<void> {
  const [program, ...first] = command.split(' ');
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`${command} failed (${code}): ${errors.slice(-2000)}`)),
    );
  });
}
