import * as op from '../../isa/opcodes.ts';
import { PTR_TO_MAP_VALUE, PTR_TO_STACK, SCALAR_VALUE, baseType } from '../../kernel/types.ts';
import { culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import type { Candidate } from './fix.ts';

/** The pointer of a refused sum and what is added to it. */
interface Sum {
  readonly pointer: number;
  readonly number: number | null;
  readonly isSubtraction: boolean;
}

function sumOf(c: WalkedCase): Sum | null {
  const { insns } = c.program;
  const code = insns.code[c.insn];
  const operation = code & 0xf0;
  if ((code & 7) !== op.BPF_ALU64 || (operation !== op.BPF_ADD && operation !== op.BPF_SUB)) return null;
  const { regs } = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const [dst, src] = [insns.dst[c.insn], insns.src[c.insn]];
  const isSubtraction = operation === op.BPF_SUB;
  if ((code & op.BPF_X) === 0) return { pointer: dst, number: null, isSubtraction };
  const dstIsNumber = regs[dst].type === SCALAR_VALUE;
  return dstIsNumber
    ? { pointer: src, number: dst, isSubtraction }
    : { pointer: dst, number: src, isSubtraction };
}

/** The sum with a constant in place of what is added. */
function withConstant(c: WalkedCase, sum: Sum, by: number): string {
  const { insns } = c.program;
  const dst = insns.dst[c.insn];
  const add = `r${dst} += ${by}`;
  return sum.pointer === dst ? add : `r${dst} = r${sum.pointer}\n        ${add}`;
}

/** Adds a constant to a pointer that leads to a place inside of what it points into. */
export function* constantInside(c: WalkedCase): Iterable<Candidate> {
  const sum = sumOf(c);
  if (sum === null) return;
  const pointer = c.trace.mirrorAt(c.step).frames.at(-1)!.regs[sum.pointer];
  const base = baseType(pointer.type);
  const editor = editorOf(c);
  const size =
    base === PTR_TO_MAP_VALUE && pointer.ext !== null && 'valueSize' in pointer.ext
      ? pointer.ext.valueSize
      : 0;
  const was = editor.textOf(c.insn);
  const places =
    base === PTR_TO_STACK ? stackPlaces(c) : [size - 1, size - 4, size - 8, 0].filter((at) => at >= 0);
  for (const by of new Set(places)) {
    const inside =
      base === PTR_TO_STACK ? `fp-${-by}` : `offset ${by}${size === 0 ? '' : ` of ${size} bytes`}`;
    yield {
      kind: 'constant inside',
      title: `Point to a constant place inside, ${inside}, not to what ${was.trim()} yields`,
      edits: [editor.replace(c.insn, withConstant(c, sum, by))],
    };
  }
}

/** Places of the stack: the one that the refusal names first. */
function stackPlaces(c: WalkedCase): number[] {
  const named = /off=(-\d+)/.exec(c.result.message);
  return [...(named === null ? [] : [Number(named[1])]), -8, -16, -32, -64].filter((at) => at >= -512);
}

/** Adds a negative constant where a pointer must not be subtracted from. */
export function* addNegative(c: WalkedCase): Iterable<Candidate> {
  const sum = sumOf(c);
  if (sum === null || !sum.isSubtraction || sum.number !== null) return;
  const { insns } = c.program;
  const text = `r${insns.dst[c.insn]} += ${-insns.imm[c.insn]}`;
  yield { title: `Add the negative number: ${text}`, edits: [editorOf(c).replace(c.insn, text)] };
}

/** Leaves a pointer that must not be moved where it is. */
export function* keepPointer(c: WalkedCase): Iterable<Candidate> {
  const sum = sumOf(c);
  if (sum === null || sum.pointer !== c.program.insns.dst[c.insn]) return;
  const editor = editorOf(c);
  yield {
    title: `Use r${sum.pointer} as it was given, without ${editor.textOf(c.insn)}`,
    edits: [editor.remove(c.insn)],
  };
}

/** Divides by something else than 0. */
export function* divideByOne(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const text = editor.textOf(c.insn);
  const other = text.replace(/\b0\s*$/, '1');
  if (other !== text)
    yield { title: `Divide by a number that is not 0: ${other}`, edits: [editor.replace(c.insn, other)] };
}

/** Moves a pointer by less, so that what is accessed through it lies inside of the memory. */
export function* moveLess(c: WalkedCase): Iterable<Candidate> {
  const { report } = c;
  const { insns } = c.program;
  const regno = culprit(c);
  if (regno < 0 || report?.kind !== 'mem-bounds' || report.memSize < report.size) return;
  const editor = editorOf(c);
  const sums: number[] = [];
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    const code = insns.code[insn];
    if (step === c.step || insns.dst[insn] !== regno || (code & 7) !== op.BPF_ALU64) continue;
    if ((code & 0xf0) !== op.BPF_ADD && (code & 0xf0) !== op.BPF_SUB) break;
    sums.push(insn);
  }
  const most = report.memSize - report.size;
  for (const by of new Set([most, most - (most % Math.max(report.size, 1)), 0])) {
    const text = `r${regno} += ${by}`;
    for (const without of sums.length > 1 ? [sums.slice(0, 1), sums] : [sums])
      if (without.length !== 0)
        yield {
          kind: 'less',
          title: `Stay inside of the ${report.memSize} bytes: ${text}, not ${[...without]
            .reverse()
            .map((insn) => editor.textOf(insn))
            .join(', ')}`,
          edits: [editor.replace(without[0], text), ...without.slice(1).map((insn) => editor.remove(insn))],
        };
  }
}
