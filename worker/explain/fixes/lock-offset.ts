import type { WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import type { Candidate } from './fix.ts';

/** Lets the pointer lead to the lock instead of another place of the value. */
export function* pointToLock(c: WalkedCase): Iterable<Candidate> {
  const [off, , lock] = c.args.map(Number);
  if (!Number.isInteger(off) || !Number.isInteger(lock) || c.insn < 0) return;
  yield {
    title: `Point to the lock, which is at offset ${lock}`,
    edits: [editorOf(c).before(c.insn, [`r1 += ${lock - off}`])],
  };
}
