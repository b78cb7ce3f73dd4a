import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BenchProgram } from './programs.ts';

/** How long the running kernel took for a program. */
export interface KernelTime {
  readonly usec: number;
  readonly insns: number;
  readonly errno: number;
  readonly version: string;
}

/** A command and its arguments; of a Python script, how it is run for times alone. */
function commandOf(oracle: string): readonly [string, ...string[]] {
  const words = oracle.split(' ').filter((word) => word !== '');
  const script = words.length <= 2 && words.at(-1)?.endsWith('.py') === true;
  return (script ? [words.length === 2 ? words[0] : 'python3', words.at(-1)!, '--time'] : words) as [
    string,
    ...string[],
  ];
}

/** Asks the running kernel; programs that it could not load at all are left out. Throws if it cannot be asked. */
export function kernelTimes(oracle: string, programs: readonly BenchProgram[]): Map<string, KernelTime> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-'));
  try {
    const file = join(dir, 'bundles.jsonl');
    writeFileSync(file, programs.map((p) => p.bundle + '\n').join(''));
    const [command, ...args] = commandOf(oracle);
    const out = execFileSync(command, [...args, file], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const times = new Map<string, KernelTime>();
    for (const line of out.split('\n')) {
      if (line === '') continue;
      const { id, usec, stats, errno, kernel } = JSON.parse(line) as {
        id: string;
        usec: number | null;
        stats?: string;
        errno: number;
        kernel: string;
      };
      const insns = /processed (\d+) insns/.exec(stats ?? '');
      if (usec !== null && insns !== null)
        times.set(id, { usec, insns: Number(insns[1]), errno, version: kernel });
    }
    return times;
  } finally {
    rmSync(dir, { recursive: true });
  }
}
