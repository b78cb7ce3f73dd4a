import { starts } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import { editorOf } from '../edits.ts';
import { functionAt, type FunctionPlace } from '../places/functions.ts';
import type { PlaceCase } from '../places/place-case.ts';
import { frameSize, STACK, TAIL_CALL_STACK } from '../places/stack.ts';
import type { Candidate } from './fix.ts';

const FRAME_UNIT = 16;

/** A place where a frame's offset is written: in an access, or where the frame pointer's copy is moved. */
interface Use {
  readonly insn: number;
  readonly offset: number;
  readonly bytes: number;
}

/** Every written offset of a function's frame; null if the frame pointer is used in a way that hides offsets. */
function uses({ program: { insns } }: PlaceCase, { start, end }: FunctionPlace): Use[] | null {
  const found: Use[] = [];
  const copies = new Set<number>();
  for (const insn of starts(insns)) {
    if (insn < start || insn >= end) continue;
    const code = insns.code[insn];
    const cls = op.classOf(code);
    const base = cls === op.BPF_LDX ? insns.src[insn] : insns.dst[insn];
    if ((cls === op.BPF_LDX || cls === op.BPF_ST || cls === op.BPF_STX) && base === op.BPF_REG_FP)
      found.push({ insn, offset: insns.off[insn], bytes: op.bytesOfSize(code) });
    else if (code === (op.BPF_ALU64 | op.BPF_MOV | op.BPF_X) && insns.src[insn] === op.BPF_REG_FP)
      copies.add(insns.dst[insn]);
    else if (code === (op.BPF_ALU64 | op.BPF_ADD | op.BPF_K) && copies.delete(insns.dst[insn]))
      found.push({ insn, offset: insns.imm[insn], bytes: 1 });
    else if (
      code === (op.BPF_ALU64 | op.BPF_ADD | op.BPF_X) &&
      (insns.src[insn] === op.BPF_REG_FP || copies.has(insns.dst[insn]))
    )
      return null;
  }
  return found;
}

/** Moves all that a function keeps in its frame up, as far as the frame has room above it. */
function movedUp(c: PlaceCase, f: FunctionPlace, by: number): Candidate | null {
  const found = uses(c, f);
  if (found === null || found.length === 0) return null;
  const top = Math.max(...found.map(({ offset, bytes }) => offset + bytes));
  // places stay aligned as they are
  const room = Math.floor(-top / 8) * 8;
  const move = Math.ceil(by / 8) * 8;
  if (move <= 0 || move > room) return null;
  const editor = editorOf(c);
  const edits = found.map(({ insn, offset }) => {
    const text = editor.textOf(insn);
    const changed = text.replace(new RegExp(`${-offset}(?!\\d)`), String(-offset - move));
    return changed === text ? null : editor.replace(insn, changed);
  });
  if (!edits.every((edit) => edit !== null)) return null;
  return {
    title: `Use ${move} bytes less of ${f.name}’s stack, which are free above`,
    kind: `stack of ${f.name}`,
    edits,
  };
}

/** Makes frames of the chain smaller where they have unused room, the largest first. */
export function* smallerFrames(c: PlaceCase): Iterable<Candidate> {
  const facts = c.env?.facts;
  if (facts === undefined) return;
  const chain = facts.refusedCalls.map(({ subprog }) => facts.subprogs[subprog]);
  const isTailCall = c.result.rule === 'after.tailCallDepth';
  const frames = isTailCall ? chain.slice(0, -1) : chain;
  const total = frames.reduce((sum, sub) => sum + frameSize(sub), 0);
  const excess = total - (isTailCall ? TAIL_CALL_STACK - FRAME_UNIT : STACK);
  const named = frames.map((sub) => functionAt(c.functions, sub.start));
  const order = frames
    .map((sub, i) => ({ f: named[i], size: frameSize(sub) }))
    .sort((a, b) => b.size - a.size);
  for (const { f } of order) {
    const moved = movedUp(c, f, excess);
    if (moved !== null) yield moved;
  }
  // each a part of it
  for (const share of [2, 3]) {
    const moves = order
      .slice(0, share)
      .map(({ f }) => movedUp(c, f, Math.ceil(excess / share / FRAME_UNIT) * FRAME_UNIT));
    if (!moves.every((moved) => moved !== null)) continue;
    const names = order.slice(0, share).map(({ f }) => f.name);
    yield {
      title: `Use less of the stack of ${names.join(' and ')}, which is free above`,
      kind: 'shares',
      edits: moves.flatMap(({ edits }) => edits),
    };
  }
}
