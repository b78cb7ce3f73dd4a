/** The domain answers as the kernel's own code does, bit for bit. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { arenaMark, arenaReset } from './arena.ts';
import { askOracle, buildOracle } from './oracle/build.ts';
import { KINDS, REQUEST, RESPONSE, decode, difference, encode, randomCases } from './oracle/cases.ts';

function firstDifferences(requests: Uint8Array, responses: Uint8Array): string[] {
  const found: string[] = [];
  for (let i = 0; i < requests.length / REQUEST && found.length < 5; i++) {
    const text = difference(decode(requests, i), responses, i);
    if (text !== null) found.push(text);
  }
  return found;
}

test('recorded answers of the kernel', () => {
  const all = new Uint8Array(
    gunzipSync(readFileSync(join(import.meta.dirname, 'generated/kernel-cases.bin.gz'))),
  );
  const count = all.length / (REQUEST + RESPONSE);
  const requests = all.subarray(0, count * REQUEST);
  expect(firstDifferences(requests, all.subarray(count * REQUEST))).toEqual([]);
  const kinds = new Set(Array.from({ length: count }, (_, i) => decode(requests, i).kind));
  expect([...kinds].sort((a, b) => a - b)).toEqual(KINDS.map((_, i) => i));
});

const kernelSource = process.env['BPF_KERNEL_SOURCE'];

test.runIf(kernelSource !== undefined)(
  'fresh random questions (needs BPF_KERNEL_SOURCE and a C compiler)',
  { timeout: 120_000 },
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'domain-oracle-'));
    try {
      const program = buildOracle(kernelSource as string, directory);
      const seed = Number(process.env['BPF_SEED'] ?? Date.now() % 1_000_000);
      for (let round = 0; round < 5; round++) {
        const mark = arenaMark();
        const requests = encode(randomCases(seed + round, 40_000));
        expect(firstDifferences(requests, askOracle(program, requests)), `seed ${String(seed)}`).toEqual([]);
        arenaReset(mark);
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  },
);
