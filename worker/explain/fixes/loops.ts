import { isConditionalJump, jumpTarget, starts } from '../../isa/flow.ts';
import type { WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { spareRegisters } from './code.ts';
import type { Candidate } from './fix.ts';
import { EXIT } from './values.ts';
import { freshLabel } from './unlock.ts';

/** Jumps that lead back, those walked most often first. */
function backJumps(c: WalkedCase): number[] {
  const { insns } = c.program;
  const found = [...starts(insns)].filter(
    (i) =>
      (isConditionalJump(insns.code[i]) || (insns.code[i] & 0xf7) === 0x05) &&
      (jumpTarget(insns, i) ?? i + 1) <= i,
  );
  return found.sort((a, b) => c.trace.visits[b] - c.trace.visits[a]).slice(0, 3);
}

/** Bounds a loop: by may_goto, which the verifier does not have to count; or by a counter. */
export function* boundLoop(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  for (const jump of backJumps(c)) {
    const out = freshLabel(c, 'done');
    const head = jumpTarget(c.program.insns, jump)!;
    yield {
      title: 'Bound the loop by may_goto',
      edits: [editor.before(jump, [`may_goto ${out}`]), editor.append(EXIT(out))],
      note: 'The kernel leaves the loop by itself after some millions of rounds, so that the verifier need not walk each.',
    };
    const [spare] = spareRegisters(c, head, [jump]);
    if (spare === undefined) continue;
    const first = c.env.facts.subprogs[c.env.facts.subprogOf[head]].start;
    yield {
      title: `Count the rounds in r${spare}, 100 at most`,
      edits: [
        editor.before(first, [`r${spare} = 0`]),
        editor.before(jump, [`r${spare} += 1`, `if r${spare} > 100 goto ${out}`]),
        editor.append(EXIT(out)),
      ],
    };
  }
}
