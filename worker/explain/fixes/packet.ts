import { constLo, isConst } from '../../domain/inspect.ts';
import { isConditionalJump } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import {
  PTR_TO_CTX,
  PTR_TO_PACKET,
  PTR_TO_PACKET_END,
  PTR_TO_PACKET_META,
  baseType,
  typeIsPktPointer,
} from '../../kernel/types.ts';
import { BPF_PROG_TYPE_XDP } from '../../kernel/uapi.ts';
import type { TextEdit } from '../../protocol.ts';
import type { Reg } from '../../state/reg.ts';
import { culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { jumpTargets, ownFunction, spareRegisters } from './code.ts';
import type { Candidate } from './fix.ts';
import { moved } from './inserted-call.ts';
import { guards } from './values.ts';

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
    return insns.off[c.insn] + op.bytesOfSize(code);
  const { report } = c;
  if (report?.kind === 'mem-bounds') return report.off + report.size;
  const size = /size=(\d+)/.exec(c.result.message);
  return size === null ? null : Number(size[1]);
}

/** The comparison that the way went through leads the wrong way: turned around, the checked packet is the one that is accessed. */
export function* turnComparison(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const editor = editorOf(c);
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    const code = insns.code[insn];
    if (step === c.step || !isConditionalJump(code) || (code & op.BPF_X) === 0) continue;
    const { regs } = c.trace.mirrorAt(step).frames.at(-1)!;
    if (
      ![insns.dst[insn], insns.src[insn]].every(
        (r) => typeIsPktPointer(regs[r].type) || baseType(regs[r].type) === PTR_TO_PACKET_END,
      )
    )
      continue;
    const text = editor.textOf(insn);
    const turned = text.replace(/(>=|<=|>|<)/, (sign) => OPPOSITE[sign]);
    yield {
      kind: 'turn',
      title: `Turn the comparison around: ${turned}`,
      edits: [editor.replace(insn, turned)],
    };
  }
}

const OPPOSITE: Readonly<Record<string, string>> = { '>': '<=', '<=': '>', '<': '>=', '>=': '<' };

/** Makes a comparison that is there, but checks too few bytes, check as many as are accessed. */
export function* compareMore(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  const length = regno < 0 ? null : reach(c);
  if (length === null) return;
  const editor = editorOf(c);
  const { insns } = c.program;
  const pointer = c.trace.mirrorAt(c.step).frames.at(-1)!.regs[regno];
  if (!isPacket(pointer)) return;
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    if (insns.code[insn] !== (op.BPF_ALU64 | op.BPF_ADD) || insns.dst[insn] === 10) continue;
    const before = c.trace.mirrorAt(step).frames.at(-1)!.regs[insns.dst[insn]];
    if (!isPacket(before) || insns.dst[insn] === regno) continue;
    const ahead =
      isConst(pointer.scalar) && isConst(before.scalar)
        ? constLo(pointer.scalar) - constLo(before.scalar)
        : 0;
    const bytes = insns.imm[insn];
    for (const enough of new Set([
      ahead + length,
      length,
      ...[1, 2, 4, 8, length].map((more) => bytes + more),
    ])) {
      if (enough > bytes)
        yield {
          title: `Compare ${enough} bytes with the packet’s end, not ${bytes}`,
          edits: [editor.replace(insn, `r${insns.dst[insn]} += ${enough}`)],
        };
    }
  }
}

/** Compares the end of what is accessed with the packet's end (for metadata: with its data) before it is accessed. */
export function* comparePacketEnd(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  const length = regno < 0 ? null : reach(c);
  if (length === null) return;
  const frame = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const pointer = frame.regs[regno];
  if (!isPacket(pointer)) return;
  const isMeta = baseType(pointer.type) === PTR_TO_PACKET_META;
  const editor = editorOf(c);
  const live = c.env.facts.liveRegs[c.insn];
  const free = [0, 1, 2, 3, 4, 5].filter((r) => ((live >> r) & 1) === 0 && r !== regno);
  const [a, b] = [...spareRegisters(c, c.insn, [c.insn]), ...free];
  if (a === undefined) return;
  // what lies before the pointer is inside if the pointer is
  const ahead = Math.max(length, 0);
  const sum = [`r${a} = r${regno}`, ...moved(a, ahead)];
  const title = `Compare with ${isMeta ? 'data' : 'data_end'} first: ${ahead === 0 ? `r${regno}` : `${ahead} bytes behind r${regno}`}`;
  const behind = function* (limit: number, lines: readonly string[], first?: TextEdit): Iterable<Candidate> {
    for (const candidate of guards(c, c.insn, `r${a} > r${limit}`, title)) {
      const edits = [editor.before(c.insn, lines), ...candidate.edits];
      yield { ...candidate, edits: first === undefined ? edits : [first, ...edits] };
    }
  };
  const limit = frame.regs.findIndex(
    (reg) =>
      baseType(reg.type) === (isMeta ? PTR_TO_PACKET : PTR_TO_PACKET_END) &&
      (!isMeta || (isConst(reg.scalar) && constLo(reg.scalar) === 0)),
  );
  if (limit >= 0) yield* behind(limit, sum);
  if (b === undefined) return;
  const fields = DATA_FIELDS[c.program.progType] ?? DATA_FIELDS[0];
  const load = (ctx: number): string => `r${b} = *(u32 *)(r${ctx} + ${isMeta ? fields.data : fields.end})`;
  const ctx = frame.regs.findIndex((reg) => baseType(reg.type) === PTR_TO_CTX);
  if (ctx >= 0) {
    yield* behind(b, [...sum, load(ctx)]);
    return;
  }
  const keeper = keepContext(c, [a, b]);
  if (keeper !== null) yield* behind(b, [...sum, load(keeper.regno)], keeper.edit);
}

const isPacket = (r: Reg): boolean =>
  baseType(r.type) === PTR_TO_PACKET || baseType(r.type) === PTR_TO_PACKET_META;

/** Keeps the context, in r1 at the function's beginning, in a register that the function does not use; null if there is none. */
export function keepContext(
  c: WalkedCase,
  taken: readonly number[] = [],
): { readonly regno: number; readonly edit: TextEdit } | null {
  const { insns } = c.program;
  const { start, end } = ownFunction(c, c.insn);
  if (jumpTargets(c).has(start) || c.trace.mirrorAt(c.step).frames.length !== 1) return null;
  const used = new Set<number>(taken);
  for (let i = start; i < end; i++) used.add(insns.dst[i]).add(insns.src[i]);
  const regno = [6, 7, 8, 9].find((r) => !used.has(r));
  return regno === undefined ? null : { regno, edit: editorOf(c).before(start, [`r${regno} = r1`]) };
}
