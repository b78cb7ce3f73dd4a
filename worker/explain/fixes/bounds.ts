import { isConst } from '../../domain/inspect.ts';
import { view } from '../../domain/scalar.ts';
import * as op from '../../isa/opcodes.ts';
import { SCALAR_VALUE, typeIsPktPointer } from '../../kernel/types.ts';
import type { WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { dataSlice } from '../slice/data.ts';
import { subjects } from '../slice/subject.ts';
import type { Candidate } from './fix.ts';
import { guards } from './values.ts';

/** A number that moves a pointer (or is a size), and the instruction before which it can still be bounded. */
interface Index {
  readonly regno: number;
  readonly insn: number;
}

/** The numbers that made what the rejection is about too large or too small, the nearest first. */
function indexes(c: WalkedCase): Index[] {
  const { insns } = c.program;
  const { trace } = c;
  const found: Index[] = [];
  const add = (regno: number, insn: number): void => {
    if (regno < 10 && !found.some((one) => one.regno === regno && one.insn === insn))
      found.push({ regno, insn });
  };
  const mirror = trace.mirrorAt(c.step);
  const depth = mirror.frames.length - 1;
  const places = subjects(c);
  for (const { kind, frame, no } of places) {
    if (kind === 'reg' && frame === depth && no < 10 && mirror.frames[depth].regs[no].type === SCALAR_VALUE)
      add(no, c.insn);
  }
  for (const { step } of dataSlice(c, places, c.step)) {
    const insn = trace.insnAt(step);
    const code = insns.code[insn];
    const isSum =
      (code & 7) === op.BPF_ALU64 &&
      ((code & 0xf0) === op.BPF_ADD || (code & 0xf0) === op.BPF_SUB) &&
      (code & op.BPF_X) !== 0;
    if (!isSum) continue;
    const frame = trace.mirrorAt(step).frames.at(-1)!;
    for (const regno of [insns.src[insn], insns.dst[insn]])
      if (frame.regs[regno].type === SCALAR_VALUE) add(regno, insn);
  }
  return found;
}

/** The largest value of the index that leaves room for the access; a few guesses where the report does not say. */
function limits(c: WalkedCase): number[] {
  const { report } = c;
  if (report?.kind === 'mem-bounds' && report.memSize > 0) {
    const most = report.memSize - report.size - report.off;
    return most >= 0
      ? [...new Set([most, report.memSize - report.size, 0].filter((n) => n >= 0))]
      : [Math.max(0, report.memSize - report.size), 0];
  }
  return [255, 63, 16, 8, 7, 4, 1, 0];
}

/** Compares the index with its limit, or masks it, before it is used. */
export function* boundIndex(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const all = indexes(c);
  const isPacket = subjects(c).some(
    ({ kind, frame, no }) =>
      kind === 'reg' && typeIsPktPointer(c.trace.mirrorAt(c.step).frames[frame].regs[no].type),
  );
  for (const { regno, insn } of all) {
    for (const most of isPacket ? [255, 1023, 65535] : limits(c)) {
      if (!mayBeAtMost(c, regno, insn, most)) continue;
      yield* ofKind(
        `bound ${regno}`,
        guards(c, insn, `r${regno} > ${most}`, `Check that r${regno} is at most ${most}`),
      );
      const mask = maskBelow(most);
      if (mask > 0)
        yield {
          kind: `mask ${regno}`,
          title: `Mask r${regno} with ${mask}`,
          edits: [editor.before(insn, [`r${regno} &= ${mask}`])],
        };
    }
  }
}

/** Compares or masks a size before it is passed: not negative, not too large, not zero. */
export function* boundSize(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const mirror = c.trace.mirrorAt(c.step);
  const regs = mirror.frames.at(-1)!.regs;
  for (const { kind, no } of subjects(c)) {
    if (kind !== 'reg' || no === 10 || regs[no].type !== SCALAR_VALUE) continue;
    const { smin, smax, umin, umax } = view(regs[no].scalar);
    if (umin === 0n && umax !== 0n) yield* guards(c, c.insn, `r${no} == 0`, `Check that r${no} is not 0`);
    if (smin < 0n && smax >= 0n) yield* guards(c, c.insn, `r${no} s< 0`, `Check that r${no} is not negative`);
    for (const most of limits(c)) {
      if (isConst(regs[no].scalar) && most > 0)
        yield {
          kind: 'pass',
          title: `Pass ${most} bytes`,
          edits: [editor.before(c.insn, [`r${no} = ${most}`])],
        };
      if (umax <= BigInt(most) || umin > BigInt(most)) continue;
      yield* ofKind(
        `bound ${no}`,
        guards(c, c.insn, `r${no} > ${most}`, `Check that r${no} is at most ${most}`),
      );
      for (const extra of ['== 0', 's<= 0']) {
        // a limit alone may leave 0
        const both = [...guards(c, c.insn, `r${no} ${extra}`, '')].at(0);
        const upper = [
          ...guards(c, c.insn, `r${no} > ${most}`, `Check that r${no} is at least 1 and at most ${most}`),
        ];
        if (both !== undefined)
          for (const candidate of upper)
            yield {
              ...candidate,
              kind: `bound ${no}`,
              edits: [...candidate.edits.slice(0, 1), ...both.edits.slice(0, 1), ...candidate.edits.slice(1)],
            };
      }
      const mask = maskBelow(most);
      if (mask > 0)
        yield {
          kind: `mask ${no}`,
          title: `Mask r${no} with ${mask}`,
          edits: [editor.before(c.insn, [`r${no} &= ${mask}`])],
        };
      yield {
        kind: 'pass',
        title: `Pass ${most} bytes`,
        edits: [editor.before(c.insn, [`r${no} = ${most}`])],
      };
    }
  }
}

/** Is there a value of the register, where it is used on the refused way, that the comparison would let through? */
function mayBeAtMost(c: WalkedCase, regno: number, insn: number, most: number): boolean {
  for (const step of c.trace.way(c.step)) {
    if (c.trace.insnAt(step) !== insn) continue;
    return view(c.trace.mirrorAt(step).frames.at(-1)!.regs[regno].scalar).umin <= BigInt(most);
  }
  return true;
}

function* ofKind(kind: string, candidates: Iterable<Candidate>): Iterable<Candidate> {
  for (const candidate of candidates) yield { ...candidate, kind };
}

/** The largest number of the form 2^n - 1 that is not above another. */
function maskBelow(most: number): number {
  let mask = 0;
  while (mask * 2 + 1 <= most) mask = mask * 2 + 1;
  return mask;
}
