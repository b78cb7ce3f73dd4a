import { describe, expect, it } from 'vitest';
import { hasCorpus, recordedBundles } from '../program/corpus.testkit.ts';
import { comparePrefix, hasKernel, kernelModel, type Comparison } from './prefix.testkit.ts';

/** One in so many programs is compared, unless BPF_CORPUS_ALL asks for all. */
const SAMPLE = process.env.BPF_CORPUS_ALL === undefined ? 23 : 1;

describe.skipIf(!hasCorpus || !hasKernel)('what the log says before the walk', () => {
  it('is what the kernel wrote', { timeout: 600_000 }, async () => {
    const model = await kernelModel();
    const results: Comparison[] = [];
    let n = 0;
    for (const recorded of recordedBundles()) if (n++ % SAMPLE === 0 && recorded.json.semantics === undefined) results.push(comparePrefix(recorded, model));
    const counts: Record<string, number> = {};
    for (const { outcome } of results) counts[outcome] = (counts[outcome] ?? 0) + 1;
    const others = results.filter((r) => r.outcome !== 'same' && r.outcome !== 'skipped');
    console.log(counts, others.map((r) => `${r.id}: ${r.outcome}: ${r.detail}`).join('\n'));
    expect(results.filter((r) => r.outcome === 'differs').length).toBeLessThanOrEqual(Math.ceil(results.length * 0.01));
  });
});
