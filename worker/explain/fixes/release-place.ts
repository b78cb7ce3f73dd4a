import { constLo, isConst } from '../../domain/inspect.ts';
import { PTR_MAYBE_NULL, PTR_TO_CTX, PTR_TO_STACK, baseType } from '../../kernel/types.ts';
import { REF_PTR } from '../../state/reference.ts';
import { callee, culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { callsOf, ownFunction, preparation } from './code.ts';
import type { Candidate } from './fix.ts';
import { keepingRegisters } from './inserted-call.ts';
import { isRelease, releasesOfResult } from './releasers.ts';
import { freshLabel } from './unlock.ts';

/** Calls that make an object on the stack: the register with its address, and what ends it. */
const MADE_ON_STACK: readonly (readonly [
  call: RegExp,
  regno: number,
  end: (name: string) => string,
  more: readonly string[],
])[] = [
  [/^bpf_ringbuf_reserve_dynptr$/, 4, () => 'bpf_ringbuf_discard_dynptr', ['r2 = 0']],
  [/^bpf_iter_\w+_new$/, 1, (name) => name.replace(/_new$/, '_destroy'), []],
];

/** Gives what a call acquires back right behind it, where nothing keeps it. */
export function* releaseAtOnce(c: WalkedCase): Iterable<Candidate> {
  const held = c.trace.mirrorAt(c.step).refs.filter((ref) => ref.type === REF_PTR);
  const editor = editorOf(c);
  const skip = freshLabel(c, 'skip');
  for (const ref of [...held].reverse()) {
    const call = ref.insnIdx;
    const name = callee(c, call);
    if (name === '') continue;
    const made = MADE_ON_STACK.find(([calls]) => calls.test(name));
    if (made !== undefined) {
      const [, regno, end, more] = made;
      const at = stackAddress(c, call, regno);
      if (at === null) continue;
      const lines = ['r1 = r10', `r1 += ${at}`, ...more, `call ${end(name)}`];
      yield { title: `Call ${end(name)} behind ${name}`, edits: [editor.after(call, lines)] };
      continue;
    }
    for (const release of releasesOfResult(c, call)) {
      const lines = [`if r0 == 0 goto ${skip}`, ...release.lines, `${skip}:`];
      yield {
        kind: 'release at once',
        title: `Release what ${name} returns, which nothing keeps, with ${release.name}`,
        edits: [editor.after(call, lines)],
      };
    }
  }
}

/** The constant place of the stack that a register points to when a call is made, null if it is none. */
function stackAddress(c: WalkedCase, call: number, regno: number): number | null {
  for (const step of c.trace.way(c.step)) {
    if (c.trace.insnAt(step) !== call) continue;
    const reg = c.trace.mirrorAt(step).frames.at(-1)!.regs[regno];
    return baseType(reg.type) === PTR_TO_STACK && isConst(reg.scalar) ? constLo(reg.scalar) : null;
  }
  return null;
}

/** Moves the release that stands behind the refused instruction in front of it. */
export function* releaseEarlier(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const { end } = ownFunction(c, c.insn);
  const names = [...new Set(Array.from({ length: end }, (_, insn) => callee(c, insn)))].filter(isRelease);
  const place = preparation(c, c.insn)[0] ?? c.insn;
  const skip = freshLabel(c, 'skip');
  const held = c.trace.mirrorAt(c.step).refs.filter((ref) => ref.type === REF_PTR);
  const { regs } = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const regno = regs.findIndex((reg) => held.some((ref) => ref.id === reg.id || ref.id === reg.parentId));
  if (regno < 0) return;
  for (const call of callsOf(c, names)) {
    if (call <= c.insn || call >= end) continue;
    const name = callee(c, call);
    const cut = [...preparation(c, call), call].map((insn) => editor.remove(insn));
    const release = [`r1 = r${regno}`, `call ${name}`];
    const mayBeNull = (regs[regno].type & PTR_MAYBE_NULL) !== 0;
    for (const lines of [mayBeNull ? [`if r${regno} == 0 goto ${skip}`, ...release, `${skip}:`] : release]) {
      const kept = keepingRegisters(c, place, lines, 1);
      if (kept !== null)
        yield {
          kind: 'earlier',
          title: `Call ${name} before this, not behind it`,
          edits: [editor.before(place, kept), ...cut],
        };
    }
  }
}

/** Takes a release out of what was given back before, or never acquired. */
export function* releaseOnce(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  const regno = culprit(c);
  const passed = regno < 0 ? null : c.trace.mirrorAt(c.step).frames.at(-1)!.regs[regno];
  // the wrong object altogether: then something else is not given back
  if (!isRelease(name) || (passed !== null && baseType(passed.type) === PTR_TO_CTX)) return;
  const editor = editorOf(c);
  const block = [...preparation(c, c.insn), c.insn];
  const title = `There is nothing to give back here: without this call of ${name}`;
  yield { kind: 'once', title, edits: block.map((insn) => editor.remove(insn)) };
  yield { kind: 'once', title, edits: [editor.remove(c.insn)] };
}
