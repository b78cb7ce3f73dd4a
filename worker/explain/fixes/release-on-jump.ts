import { isConditionalJump, jumpTarget } from '../../isa/flow.ts';
import { PTR_MAYBE_NULL } from '../../kernel/types.ts';
import { REF_PTR } from '../../state/reference.ts';
import type { WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { ownFunction } from './code.ts';
import type { Candidate } from './fix.ts';
import { releaseLines } from './releasers.ts';
import { freshLabel } from './unlock.ts';

const TO_LABEL = /\bgoto\s+([A-Za-z_.$][\w.$]*)$/;

/**
 * Gives a leaked reference back on the way of the jump that leads past its release: the jump goes to a place of its own, which
 * releases and goes on to where it led. Behind the jump's target it would be wrong for the paths that own nothing there.
 */
export function* releaseOnJump(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const held = c.trace.mirrorAt(c.step).refs.filter((ref) => ref.type === REF_PTR);
  const editor = editorOf(c);
  const label = freshLabel(c, 'give_back');
  let next = -1;
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    const after = next;
    next = insn;
    if (!isConditionalJump(insns.code[insn]) || after === insn + 1 || jumpTarget(insns, insn) !== after)
      continue;
    const written = editor.textOf(insn);
    const target = TO_LABEL.exec(written)?.[1];
    if (target === undefined) continue;
    const { regs } = c.trace.mirrorAt(step).frames.at(-1)!;
    for (const ref of held) {
      const regno = regs.findIndex((reg) => reg.id === ref.id && releaseLines(c, reg, 0) !== null);
      if (regno < 0) continue;
      const { name, lines } = releaseLines(c, regs[regno], regno)!;
      const maybeNull = (regs[regno].type & PTR_MAYBE_NULL) !== 0;
      const checks = maybeNull ? [[], [`if r${regno} == 0 goto ${target}`]] : [[]];
      for (const check of checks)
        yield {
          title: `Release it with ${name} on the way to ${target}`,
          edits: [
            editor.replace(insn, written.replace(TO_LABEL, `goto ${label}`)),
            editor.after(ownFunction(c, insn).end - 1, [`${label}:`, ...check, ...lines, `goto ${target}`]),
          ],
        };
    }
  }
}
