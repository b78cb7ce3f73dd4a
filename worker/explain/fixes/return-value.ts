import type { WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { previous } from './code.ts';
import type { Candidate } from './fix.ts';

/** Returns a value that is allowed. */
export function* returnAllowed(c: WalkedCase): Iterable<Candidate> {
  const range = /should have been in \[(-?\d+), (-?\d+)\]/.exec(c.result.message);
  const named = /register R(\d+)/.exec(c.result.message);
  const regno = named === null ? 0 : Number(named[1]);
  const editor = editorOf(c);
  const [low, high] = range === null ? [0, 0] : [Number(range[1]), Number(range[2])];
  const values = range === null ? [0, 1] : [...new Set([low <= 0 && high >= 0 ? 0 : low, low, high])];
  if (range !== null && low === 0 && high === 1)
    yield { title: `Keep the lowest bit of r${regno}`, edits: [editor.before(c.insn, [`r${regno} &= 1`])] };
  for (const value of values) {
    const title = regno === 0 ? `Return ${value}` : `Pass ${value} in r${regno}`;
    const before = previous(c, c.insn);
    const { insns } = c.program;
    // a constant that is set right before is replaced
    if (
      before >= 0 &&
      insns.dst[before] === regno &&
      (insns.code[before] === 0xb7 || insns.code[before] === 0xb4)
    ) {
      yield { title, edits: [editor.replace(before, `r${regno} = ${value}`)] };
    }
    yield { title, edits: [editor.before(c.insn, [`r${regno} = ${value}`])] };
  }
}
