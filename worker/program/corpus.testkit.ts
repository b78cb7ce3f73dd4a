import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import path from 'node:path';

/** A recorded bundle as JSON, and the folder that its BTF path is relative to. */
export interface Recorded {
  readonly dir: string;
  readonly json: Record<string, unknown>;
}

/** Every bundle of the corpora that BPF_CORPUS lists. */
export function* recordedBundles(): Generator<Recorded> {
  for (const dir of (process.env.BPF_CORPUS ?? '').split(':')) {
    if (dir === '' || !existsSync(dir)) continue;
    for (const file of readdirSync(dir).filter((f) => f.endsWith('.jsonl.gz'))) {
      for (const line of gunzipSync(readFileSync(path.join(dir, file))).toString().split('\n')) {
        if (line !== '') yield { dir, json: JSON.parse(line) as Record<string, unknown> };
      }
    }
  }
}

/** Is there a corpus to test with? */
export const hasCorpus = (process.env.BPF_CORPUS ?? '') !== '';
