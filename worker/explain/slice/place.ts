import { constLo, isConst } from '../../domain/inspect.ts';
import * as op from '../../isa/opcodes.ts';
import { NOT_INIT, PTR_TO_STACK, baseType } from '../../kernel/types.ts';
import { formatReg } from '../../log/reg-text.ts';
import type { Reg } from '../../state/reg.ts';
import { INVALID_SLOT, byteType, type Slot } from '../../state/slot.ts';
import { CHANGE_REG, CHANGE_SLOT, changeKey } from '../../trace/changes.ts';
import type { Mirror } from '../../trace/mirror.ts';
import type { WalkedCase } from '../context.ts';

/** A register or a stack slot of one frame. `no`: register number or spi. */
export interface Place {
  readonly kind: 'reg' | 'slot';
  readonly frame: number;
  readonly no: number;
}

export const reg = (frame: number, no: number): Place => ({ kind: 'reg', frame, no });
export const slot = (frame: number, no: number): Place => ({ kind: 'slot', frame, no });

/** The trace's key of a place. */
export function keyOf(place: Place): number {
  return changeKey(place.kind === 'reg' ? CHANGE_REG : CHANGE_SLOT, place.frame, place.no);
}

/** As a reader of the log knows it: `R1`, `fp-8`, `frame 1's R6`. */
export function nameOf(place: Place, depth: number): string {
  const name = place.kind === 'reg' ? `R${place.no}` : `fp-${(place.no + 1) * 8}`;
  return place.frame === depth ? name : `${name} of frame ${place.frame}`;
}

/** What a place holds; undefined if its frame does not exist. */
export function valueAt(mirror: Mirror, place: Place): Reg | Slot | undefined {
  const frame = mirror.frames.at(place.frame);
  if (frame === undefined) return undefined;
  return place.kind === 'reg' ? frame.regs[place.no] : (frame.stack.at(place.no) ?? INVALID_SLOT);
}

const BYTES = ['uninit', '', 'any bytes', 'zero', 'a dynptr', 'an iterator', 'an irq flag', 'dead bytes'];

/** The kernel's text for what a place holds. */
export function textOf(value: Reg | Slot | undefined, frame: number): string {
  if (value === undefined) return 'nothing';
  if ('types' in value) {
    const type = byteType(value.types, 7);
    return type === 1 ? textOf(value.reg, frame) : BYTES[type];
  }
  return value.type === NOT_INIT ? 'uninit' : formatReg(value, frame);
}

/** The slot that a load or store reaches with a constant stack pointer, or null. */
export function slotOf(c: WalkedCase, mirror: Mirror, insn: number, frame: number): Place | null {
  const { insns } = c.program;
  const code = insns.code[insn];
  const cls = code & 7;
  const isLoad = cls === op.BPF_LDX;
  if (!isLoad && cls !== op.BPF_STX && cls !== op.BPF_ST) return null;
  const base = mirror.frames.at(frame)?.regs[isLoad ? insns.src[insn] : insns.dst[insn]];
  if (base === undefined) return null;
  return stackSlot(base, insns.off[insn]);
}

/** The slot at a distance from a constant stack pointer, or null. */
export function stackSlot(base: Reg, off: number): Place | null {
  if (baseType(base.type) !== PTR_TO_STACK || !isConst(base.scalar)) return null;
  const at = constLo(base.scalar) + off;
  return at >= 0 ? null : slot(base.num, Math.floor((-at - 1) / 8));
}
