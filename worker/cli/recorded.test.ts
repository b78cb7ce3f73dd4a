import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import { kernelDir, loadTypes } from './kernel-types.ts';
import { readRecordings } from './recording.ts';
import { TIERS } from './agreement.ts';

const DIR = join(import.meta.dirname, 'recorded');

// Small programs around single rules, with the logs that Linux 7.3.4 wrote when it was given them.
test.each(readdirSync(DIR))(
  '%s: every log is the kernel’s, byte for byte',
  async (file) => {
    const kernels = { released: await loadTypes(kernelDir(), 'released'), series: null };
    const wrong = readRecordings(join(DIR, file))
      .map((recording) => judge(recording, kernels))
      .filter((j) => j.kind !== 'judged' || TIERS.some((tier) => !j.agreement[tier]))
      .map((j) => `${j.id}: ${j.kind === 'judged' ? j.differs.join(' | ') : j.why}`);
    expect(wrong).toEqual([]);
  },
  60_000,
);
