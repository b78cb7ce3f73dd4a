import { difference, ourAnswer, type Answer, type Aspect } from './answer.ts';
import type { Bundle } from './bundle.ts';
import type { Kernel } from './kernel.ts';
import { assembleListing, copyListing, listing, removeLine, type Listing } from './listing.ts';
import type { KernelTypes } from '../kernel/load.ts';
import type { ReadFile } from '../program/bundle.ts';

/** A program that our core and the kernel judge differently. */
export interface Difference {
  readonly bundle: Bundle;
  readonly aspect: Aspect;
  readonly ours: Answer;
  readonly theirs: Answer;
}

/** The kind of a difference: same kind, same cause (mostly). Numbers, registers and offsets do not count. */
export function clusterOf(d: Difference): string {
  const plain = (text: string): string =>
    text
      .replace(/0x[0-9a-f]+/g, 'N')
      .replace(/-?\d+/g, 'N')
      .split('\n')[0]
      .slice(0, 160);
  if (d.aspect === 'verdict' || d.aspect === 'errno' || d.aspect === 'message') {
    return `${d.aspect} | ours ${d.ours.errno} ${plain(d.ours.message)} | theirs ${d.theirs.errno} ${plain(d.theirs.message)}`;
  }
  const [a, b] = firstLines(d.ours.walk, d.theirs.walk);
  return `${d.aspect} | ours ${plain(a.replace(/^\d+: /, ''))} | theirs ${plain(b.replace(/^\d+: /, ''))}`;
}

/** The first lines that differ. */
export function firstLines(ours: string, theirs: string): readonly [string, string] {
  const [a, b] = [ours.split('\n'), theirs.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  return at < 0 ? ['(end)', b[a.length] ?? '(end)'] : [a[at], b[at] ?? '(end)'];
}

/** Ways to make a program smaller by one step: halves, quarters … of its lines, single lines, plainer numbers. */
function* smaller(list: Listing): Generator<Listing> {
  const n = list.lines.length;
  for (let size = n >> 1; size >= 1; size >>= 1) {
    if (n / size > 48) break;
    for (let from = 0; from + size <= n; from += size) {
      const copy = copyListing(list);
      for (let i = 0; i < size; i++) removeLine(copy, from);
      yield copy;
    }
  }
  for (const key of ['flags', 'lineInfo'] as const) {
    if (list.bundle[key] === undefined || list.bundle[key] === 0 || n > 40) continue;
    const copy = copyListing(list);
    if (key === 'lineInfo') for (const line of copy.lines) line.source = null;
    yield key === 'lineInfo' ? copy : { ...copy, bundle: { ...copy.bundle, flags: 0 } };
  }
}

const ROUNDS = 9;
const CANDIDATES = 90;

/** Makes programs smaller as long as they stay in their cluster; asks the kernel once per round about all of them. */
export async function minimise(
  differences: readonly Difference[],
  kernel: Kernel,
  types: KernelTypes | null,
  readFile: ReadFile,
): Promise<Difference[]> {
  let current = [...differences];
  const done = new Set<number>();
  for (let round = 0; round < ROUNDS && done.size < current.length; round++) {
    const candidates: { index: number; bundle: Bundle; ours: Answer }[] = [];
    current.forEach((d, index) => {
      if (done.has(index)) return;
      let count = 0;
      for (const list of smaller(listing(d.bundle))) {
        if (count >= CANDIDATES) break;
        const bundle = assembleListing(list, `${index}:${count}`);
        const ours = ourAnswer(bundle, types, readFile);
        if (ours.kind !== 'answer' || ours.answer.processed > 20_000) continue;
        count++;
        candidates.push({ index, bundle, ours: ours.answer });
      }
      if (count === 0) done.add(index);
    });
    if (candidates.length === 0) break;
    const answers = await kernel(candidates.map((c) => c.bundle));
    const improved = new Set<number>();
    const next = [...current];
    for (const { index, bundle, ours } of candidates) {
      const theirs = answers.get(bundle.id);
      if (theirs === undefined || theirs === null) continue;
      const aspect = difference(ours, theirs);
      if (aspect === null) continue;
      const candidate = { bundle: { ...bundle, id: current[index].bundle.id }, aspect, ours, theirs };
      if (clusterOf(candidate) !== clusterOf(current[index])) continue;
      if (candidate.bundle.insns.length < next[index].bundle.insns.length || !improved.has(index))
        next[index] = candidate;
      improved.add(index);
    }
    current.forEach((_, index) => {
      if (!improved.has(index)) done.add(index);
    });
    current = next;
  }
  return current;
}
