/**
 * Writes `generated/kernel-cases.bin.gz`: questions and the kernel's answers (all requests, then all responses).
 *
 *     npx tsx worker/domain/oracle/record.ts KERNEL_SOURCE
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { askOracle, buildOracle } from './build.ts';
import { encode, randomCases } from './cases.ts';

const CASES = 12000;

const kernelSource = process.argv[2];
if (kernelSource === undefined) throw new Error('usage: record.ts KERNEL_SOURCE');
const directory = mkdtempSync(join(tmpdir(), 'domain-oracle-'));
try {
  const requests = encode(randomCases(73, CASES));
  const responses = askOracle(buildOracle(kernelSource, directory), requests);
  const all = new Uint8Array(requests.length + responses.length);
  all.set(requests);
  all.set(responses, requests.length);
  writeFileSync(join(import.meta.dirname, '../generated/kernel-cases.bin.gz'), gzipSync(all, { level: 9 }));
} finally {
  rmSync(directory, { recursive: true });
}
