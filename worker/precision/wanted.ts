import type { LinkedReg } from '../state/history.ts';

/**
 * The registers, stack slots and outgoing on-stack arguments, by frame, whose exact values are still to be traced
 * back (kernel: struct backtrack_state). One set for the whole worker: filled by whoever needs precision, emptied by
 * the backtracking that follows at once.
 */
const MAX_FRAMES = 16;
const regs = new Int32Array(MAX_FRAMES);
const slotsLo = new Int32Array(MAX_FRAMES);
const slotsHi = new Int32Array(MAX_FRAMES);
const stackArgs = new Int32Array(MAX_FRAMES);

/** Innermost frame that may have anything in it. */
let frame = 0;

export function wantedFrame(): number {
  return frame;
}
/** Backtracking starts in this frame. */
export function startAt(frameno: number): void {
  frame = frameno;
}
export function forgetWanted(): void {
  regs.fill(0);
  slotsLo.fill(0);
  slotsHi.fill(0);
  stackArgs.fill(0);
  frame = 0;
}
export function nothingWanted(): boolean {
  for (let i = frame; i >= 0; i--) if ((regs[i] | slotsLo[i] | slotsHi[i] | stackArgs[i]) !== 0) return false;
  return true;
}

/** Steps into a frame deeper, or back out of one: backtracking meets exits before calls. */
export function enterFrame(): void {
  if (frame === MAX_FRAMES - 1) throw new Error('backtracking enters too many frames');
  frame++;
}
export function leaveFrame(): void {
  if (frame === 0) throw new Error('backtracking leaves the outermost frame');
  frame--;
}

/** Asks for the exact value of register `regno` of a frame. */
export function wantReg(frameno: number, regno: number): void {
  regs[frameno] |= 1 << regno;
}
/** Asks for the exact value spilled in a slot. */
export function wantSlot(frameno: number, spi: number): void {
  if (spi < 32) slotsLo[frameno] |= 1 << spi;
  else slotsHi[frameno] |= 1 << (spi - 32);
}
/** Asks for the exact value of an outgoing on-stack argument. */
export function wantStackArg(frameno: number, slot: number): void {
  stackArgs[frameno] |= 1 << slot;
}
export function dropReg(frameno: number, regno: number): void {
  regs[frameno] &= ~(1 << regno);
}
export function dropSlot(frameno: number, spi: number): void {
  if (spi < 32) slotsLo[frameno] &= ~(1 << spi);
  else slotsHi[frameno] &= ~(1 << (spi - 32));
}
export function dropStackArg(frameno: number, slot: number): void {
  stackArgs[frameno] &= ~(1 << slot);
}
export function isRegWanted(frameno: number, regno: number): boolean {
  return ((regs[frameno] >> regno) & 1) !== 0;
}
export function isSlotWanted(frameno: number, spi: number): boolean {
  return ((spi < 32 ? slotsLo[frameno] >>> spi : slotsHi[frameno] >>> (spi - 32)) & 1) !== 0;
}
export function isStackArgWanted(frameno: number, slot: number): boolean {
  return ((stackArgs[frameno] >> slot) & 1) !== 0;
}
/** Registers as a bit mask. */
export function wantedRegs(frameno: number): number {
  return regs[frameno];
}
export function anySlotWanted(frameno: number): boolean {
  return (slotsLo[frameno] | slotsHi[frameno]) !== 0;
}
export function wantedStackArgs(frameno: number): number {
  return stackArgs[frameno];
}

/** If one of the registers linked at this point of the path is wanted, all of them are. */
export function syncLinked(linked: readonly LinkedReg[] | null): void {
  if (linked === null) return;
  let some = false;
  for (let i = 0; i < linked.length && !some; i++) {
    const l = linked[i];
    some = l.isReg ? isRegWanted(l.frameno, l.no) : isSlotWanted(l.frameno, l.no);
  }
  if (!some) return;
  for (let i = 0; i < linked.length; i++) {
    const l = linked[i];
    if (l.isReg) wantReg(l.frameno, l.no);
    else wantSlot(l.frameno, l.no);
  }
}

/** `r0,r2` for the registers of a frame. */
export function regsText(frameno: number): string {
  let text = '';
  for (let i = 0; i < 32; i++) if (isRegWanted(frameno, i)) text += (text === '' ? 'r' : ',r') + i;
  return text;
}
/** `-8,-24` for the slots of a frame. */
export function slotsText(frameno: number): string {
  let text = '';
  for (let i = 0; i < 64; i++) if (isSlotWanted(frameno, i)) text += (text === '' ? '' : ',') + -(i + 1) * 8;
  return text;
}
