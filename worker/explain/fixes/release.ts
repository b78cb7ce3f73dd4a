import { PTR_MAYBE_NULL } from '../../kernel/types.ts';
import { IterExt } from '../../state/reg.ts';
import { REF_PTR } from '../../state/reference.ts';
import { EVENT_RELEASED } from '../../trace/trace.ts';
import { callee, culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { preparation, spareRegisters } from './code.ts';
import type { Candidate } from './fix.ts';
import { endLines, releaseLines } from './releasers.ts';
import { freshLabel } from './unlock.ts';

/**
 * Gives leaked references back: at the latest places where a register still has them, or where they lie on the stack; behind a check for
 * NULL if what was acquired may be nothing.
 */
export function* releaseLeaked(c: WalkedCase): Iterable<Candidate> {
  const held = c.trace.mirrorAt(c.step).refs.filter((ref) => ref.type === REF_PTR);
  const editor = editorOf(c);
  const skip = freshLabel(c, 'skip');
  for (const ref of [...held].reverse()) {
    let places = 0;
    let last = -1;
    for (const step of c.trace.way(c.step)) {
      const insn = c.trace.insnAt(step);
      if (insn === last) continue;
      const frame = c.trace.mirrorAt(step).frames.at(-1)!;
      const spi = frame.stack.findIndex((slot) => slot.reg.id === ref.id && endLines(slot, 0) !== null);
      if (spi >= 0) {
        const { name, lines } = endLines(frame.stack[spi], spi)!;
        const [spare] = spareRegisters(c, insn, [insn]);
        yield { title: `End it with ${name}`, edits: [editor.before(insn, lines)] };
        if (spare !== undefined)
          yield {
            title: `End it with ${name}`,
            edits: [editor.before(insn, [`r${spare} = r0`, ...lines, `r0 = r${spare}`])],
          };
        last = insn;
        if (++places === 4) break;
        continue;
      }
      const regno = frame.regs.findIndex((reg) => reg.id === ref.id && releaseLines(c, reg, 0) !== null);
      if (regno < 0) continue;
      const { name, lines } = releaseLines(c, frame.regs[regno], regno)!;
      const title = `Release it with ${name}`;
      if ((frame.regs[regno].type & PTR_MAYBE_NULL) !== 0) {
        yield {
          title: `${title}, if there is something`,
          edits: [editor.before(insn, [`if r${regno} == 0 goto ${skip}`, ...lines, `${skip}:`])],
        };
      } else {
        yield { title, edits: [editor.before(insn, lines)] };
        if (!jumps(c, insn)) yield { title, edits: [editor.after(insn, lines)] };
      }
      last = insn;
      if (++places === 6) break;
    }
  }
}

function jumps(c: WalkedCase, insn: number): boolean {
  const cls = c.program.insns.code[insn] & 7;
  return (cls === 5 || cls === 6) && callee(c, insn) === '';
}

/** Moves the release of what is used behind the use. */
export function* useFirst(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  for (const step of c.trace.way(c.step)) {
    if (step === c.step || !c.trace.eventsOf(step).some((event) => event.kind === EVENT_RELEASED)) continue;
    const call = c.trace.insnAt(step);
    const block = [...preparation(c, call), call];
    const asWritten = block.map((insn) => editor.textOf(insn));
    // what the argument was copied from may be overwritten by the use: then the register that was used is released
    const other = [`r1 = r${culprit(c)}`, `call ${callee(c, call)}`];
    const cut = block.map((insn) => editor.remove(insn));
    // the use may be a few instructions long: behind each of them in turn
    for (let place = c.insn, tries = 0; place < c.program.insns.length && tries < 4; place++, tries++) {
      for (const lines of [asWritten, other])
        yield { title: `Call ${callee(c, call)} after the use`, edits: [...cut, editor.after(place, lines)] };
    }
    return;
  }
}

/** Releases the VMA that an iterator holds before the call that may fault. */
export function* releaseBeforeFault(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const frame = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const name = callee(c, c.insn);
  const setup = preparation(c, c.insn);
  const iterators = frame.stack.flatMap((slot, spi) =>
    slot.reg.ext instanceof IterExt && slot.reg.ext.acquiredId !== 0 ? [{ spi, ext: slot.reg.ext }] : [],
  );
  const releases = iterators.flatMap(({ spi, ext }) => {
    const kfunc = `${ext.btf.type(ext.id).name}_release`;
    return c.model.kfunc(kfunc, null) === null
      ? []
      : ['r1 = r10', `r1 += -${(spi + 1) * 8}`, `call ${kfunc}`];
  });
  if (releases.length === 0) return;
  const title = `Release the VMA before ${name} may fault`;
  for (let split = 0; split <= setup.length; split++) {
    // what was prepared before the release must survive it
    const prepared = new Set(setup.slice(0, split).map((insn) => c.program.insns.dst[insn]));
    for (const insn of setup.slice(split))
      if ((c.program.insns.code[insn] & 0xf0) === 0xb0 || (c.program.insns.code[insn] & 7) < 2)
        prepared.delete(c.program.insns.dst[insn]);
    const spare = spareRegisters(c, c.insn, setup);
    if (prepared.size > spare.length) continue;
    const saved = [...prepared].map((reg, i) => ({ reg, spare: spare[i] }));
    const place = setup[split] ?? c.insn;
    const edits = [
      editor.before(place, [
        ...saved.map((s) => `r${s.spare} = r${s.reg}`),
        ...releases,
        ...(place === c.insn ? saved.map((s) => `r${s.reg} = r${s.spare}`) : []),
      ]),
    ];
    if (place !== c.insn && saved.length !== 0)
      edits.push(
        editor.before(
          c.insn,
          saved.map((s) => `r${s.reg} = r${s.spare}`),
        ),
      );
    yield { title, edits };
  }
}
