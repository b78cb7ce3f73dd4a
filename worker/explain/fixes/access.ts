import * as op from '../../isa/opcodes.ts';
import { culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import type { Candidate } from './fix.ts';

const BITS: readonly number[] = [32, 64, 16, 8];
const SIZE_BITS: Readonly<Record<number, number>> = { 0x00: 32, 0x08: 16, 0x10: 8, 0x18: 64 };

/** The refused load or store with another size or offset. */
function* variants(
  c: WalkedCase,
  pick: (bits: number, off: number) => Iterable<readonly [bits: number, off: number]>,
): Iterable<Candidate> {
  const { insns } = c.program;
  const code = insns.code[c.insn];
  const cls = code & 7;
  const isLoad = cls === op.BPF_LDX;
  if (!isLoad && cls !== op.BPF_STX && cls !== op.BPF_ST) return;
  if ((code & 0xe0) !== op.BPF_MEM) return;
  const editor = editorOf(c);
  const [dst, src, off] = [insns.dst[c.insn], insns.src[c.insn], insns.off[c.insn]];
  const bits = SIZE_BITS[code & 0x18];
  for (const [size, at] of pick(bits, off)) {
    if (size === bits && at === off) continue;
    const place = `*(u${size} *)(r${isLoad ? src : dst} ${at < 0 ? '-' : '+'} ${Math.abs(at)})`;
    const text = isLoad
      ? `r${dst} = ${place}`
      : `${place} = ${cls === op.BPF_STX ? `r${src}` : insns.imm[c.insn]}`;
    yield { title: `Write ${text}`, edits: [editor.replace(c.insn, text)] };
  }
}

/** Another size, at the same place, or where the field that is hit begins. */
export function* wholeField(c: WalkedCase): Iterable<Candidate> {
  yield* variants(c, function* (_bits, off) {
    for (const bits of BITS) yield [bits, off];
    for (const bits of BITS) yield [bits, Math.floor(off / (bits / 8)) * (bits / 8)];
  });
}

/** An offset that is a multiple of the size. */
export function* alignAccess(c: WalkedCase): Iterable<Candidate> {
  const code = c.program.insns.code[c.insn];
  if ((code & 7) === op.BPF_STX && (code & 0xe0) === op.BPF_ATOMIC) {
    const bytes = SIZE_BITS[code & 0x18] / 8;
    const off = c.program.insns.off[c.insn];
    const editor = editorOf(c);
    for (const at of [Math.floor(off / bytes) * bytes, Math.ceil(off / bytes) * bytes]) {
      const text = editor.textOf(c.insn).replace(/ [+-] \d+\)/, ` ${at < 0 ? '-' : '+'} ${Math.abs(at)})`);
      yield { title: `Write ${text}`, edits: [editor.replace(c.insn, text)] };
    }
  }
  yield* variants(c, function* (bits, off) {
    const bytes = bits / 8;
    yield [bits, Math.floor(off / bytes) * bytes];
    yield [bits, Math.ceil(off / bytes) * bytes];
    for (const smaller of [32, 16, 8]) if (smaller < bits) yield [smaller, off];
  });
}

/** An offset inside of the memory. */
export function* moveInside(c: WalkedCase): Iterable<Candidate> {
  const { report } = c;
  yield* variants(c, function* (bits, off) {
    const bytes = bits / 8;
    if (report?.kind === 'mem-bounds' && report.memSize >= bytes) {
      const extra = report.off - off;
      yield [bits, report.memSize - bytes - extra];
      yield [bits, off - report.off];
    }
    if (off >= 0) yield [bits, -bytes];
    if (off < -512) yield [bits, -512];
    for (const smaller of [32, 16, 8]) if (smaller < bits) yield [smaller, off];
    yield [bits, 0];
  });
}

/** Adds the constant to the load or store, not to the pointer. */
export function* offsetInAccess(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  const { insns } = c.program;
  const editor = editorOf(c);
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    if (step === c.step || insns.dst[insn] !== regno) continue;
    const code = insns.code[insn];
    const operation = code & 0xf0;
    const isSum = operation === op.BPF_ADD || operation === op.BPF_SUB;
    if ((code & 7) !== op.BPF_ALU64 || !isSum || (code & op.BPF_X) !== 0) return;
    const by = operation === op.BPF_ADD ? insns.imm[insn] : -insns.imm[insn];
    const moved = editor
      .textOf(c.insn)
      .replace(new RegExp(`\\(r${regno} ([+-]) (\\d+)\\)`), (_, sign: string, n: string) => {
        const off = (sign === '-' ? -Number(n) : Number(n)) + by;
        return `(r${regno} ${off < 0 ? '-' : '+'} ${Math.abs(off)})`;
      });
    if (moved !== editor.textOf(c.insn))
      yield {
        title: `Add ${by} in the access, not to r${regno}`,
        edits: [editor.remove(insn), editor.replace(c.insn, moved)],
      };
    return;
  }
}

/** Takes the refused instruction out. */
export function* leaveOut(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  if (c.insn < 0) return;
  yield { title: `Leave out ${editor.textOf(c.insn)}`, edits: [editor.remove(c.insn)], lastResort: true };
  const { insns } = c.program;
  const code = insns.code[c.insn];
  // what it would have set has a value all the same
  if ((code & 7) === op.BPF_LDX || (code & 7) === op.BPF_ALU64 || (code & 7) === op.BPF_ALU) {
    if (insns.dst[c.insn] < 10)
      yield {
        title: `Put r${insns.dst[c.insn]} = 0 in its place`,
        edits: [editor.replace(c.insn, `r${insns.dst[c.insn]} = 0`)],
        lastResort: true,
      };
  }
}

/** Passes stack memory of its own where memory was expected. */
export function* passStack(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  if (regno < 1 || regno > 5) return;
  const editor = editorOf(c);
  const wants = /expected=(.*)/.exec(c.result.message)?.[1] ?? '';
  if (!/\b(fp|map_key|mem)\b/.test(wants)) return;
  const lines = ['*(u64 *)(r10 - 8) = 0', `r${regno} = r10`, `r${regno} += -8`];
  yield { title: `Pass 8 bytes of the stack in r${regno}`, edits: [editor.before(c.insn, lines)] };
}
