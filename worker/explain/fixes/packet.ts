import { constLo, isConst } from '../../domain/inspect.ts';
import * as op from '../../isa/opcodes.ts';
import { PTR_TO_CTX, PTR_TO_PACKET, PTR_TO_PACKET_END, baseType } from '../../kernel/types.ts';
import { BPF_PROG_TYPE_XDP } from '../../kernel/uapi.ts';
import { culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { spareRegisters } from './code.ts';
import type { Candidate } from './fix.ts';
import { guards } from './values.ts';

const SIZES: Readonly<Record<number, number>> = { 0x00: 4, 0x08: 2, 0x10: 1, 0x18: 8 };
/** Where the packet's pointers lie in the context, by program type; 0: in __sk_buff. */
export const DATA_FIELDS: Readonly<
  Record<number, { readonly data: number; readonly end: number; readonly meta: number }>
> = {
  0: { data: 76, end: 80, meta: 140 },
  [BPF_PROG_TYPE_XDP]: { data: 0, end: 4, meta: 8 },
};

/** How far behind the register the refused access reaches. */
export function reach(c: WalkedCase): number | null {
  const { insns } = c.program;
  const code = insns.code[c.insn];
  const cls = code & 7;
  if (cls === op.BPF_LDX || cls === op.BPF_STX || cls === op.BPF_ST)
    return insns.off[c.insn] + SIZES[code & 0x18];
  const { report } = c;
  if (report?.kind === 'mem-bounds') return report.off + report.size;
  const size = /size=(\d+)/.exec(c.result.message);
  return size === null ? null : Number(size[1]);
}

/** Compares the end of what is accessed with data_end before it is accessed. */
export function* comparePacketEnd(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  if (regno < 0) return;
  const editor = editorOf(c);
  const { insns } = c.program;
  const frame = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const length = reach(c);
  if (length === null || baseType(frame.regs[regno].type) !== PTR_TO_PACKET) return;
  const title = `Compare with data_end first: ${length} bytes behind r${regno}`;
  // a comparison that is there but checks too few bytes
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    const code = insns.code[insn];
    if (code !== (op.BPF_ALU64 | op.BPF_ADD) || insns.dst[insn] === 10) continue;
    const before = c.trace.mirrorAt(step).frames.at(-1)!.regs[insns.dst[insn]];
    if (baseType(before.type) !== PTR_TO_PACKET || insns.dst[insn] === regno) continue;
    const pointer = frame.regs[regno];
    const moved =
      isConst(pointer.scalar) && isConst(before.scalar)
        ? constLo(pointer.scalar) - constLo(before.scalar)
        : 0;
    for (const enough of new Set([
      moved + length,
      length,
      insns.imm[insn] + 1,
      insns.imm[insn] + 2,
      insns.imm[insn] + 4,
      insns.imm[insn] + 8,
      insns.imm[insn] + length,
    ])) {
      if (enough > insns.imm[insn])
        yield {
          title: `Compare ${enough} bytes with data_end, not ${insns.imm[insn]}`,
          edits: [editor.replace(insn, `r${insns.dst[insn]} += ${enough}`)],
        };
    }
  }
  if (length <= 0) return;
  const spare = spareRegisters(c, c.insn, [c.insn]);
  const free = [0, 1, 2, 3, 4, 5].filter(
    (r) => ((c.env.facts.liveRegs[c.insn] >> r) & 1) === 0 && r !== regno,
  );
  const scratch = [...spare, ...free];
  const end = frame.regs.findIndex((reg) => baseType(reg.type) === PTR_TO_PACKET_END);
  const ctx = frame.regs.findIndex((reg) => baseType(reg.type) === PTR_TO_CTX);
  const a = scratch.at(0);
  if (a === undefined) return;
  const sum = [`r${a} = r${regno}`, `r${a} += ${length}`];
  if (end >= 0) {
    for (const candidate of guards(c, c.insn, `r${a} > r${end}`, title))
      yield { ...candidate, edits: [editor.before(c.insn, sum), ...candidate.edits] };
  }
  const b = scratch.at(1);
  if (ctx >= 0 && b !== undefined) {
    const { end } = DATA_FIELDS[c.program.progType] ?? DATA_FIELDS[0];
    const load = `r${b} = *(u32 *)(r${ctx} + ${end})`;
    for (const candidate of guards(c, c.insn, `r${a} > r${b}`, title))
      yield { ...candidate, edits: [editor.before(c.insn, [...sum, load]), ...candidate.edits] };
  }
}
