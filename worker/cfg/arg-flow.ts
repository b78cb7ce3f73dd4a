import { isStackArgLoad, isStackArgStore } from '../isa/legality.ts';
import * as op from '../isa/opcodes.ts';
import { addOffset, ARG_IMPRECISE, combined, imprecise, joinTracks, NONE, shifted, anywhereIn, type ArgTrack } from './arg-tracks.ts';
import { atomicLoadReg } from './const-regs.ts';
import type { Facts } from './facts.ts';
import { MAX_FUNC_ARGS, MAX_FUNC_REG_ARGS } from './kfunc-args.ts';

/** Tracked: R0..R10, then the outgoing on-stack arguments. */
export const STACK_ARGS = MAX_FUNC_ARGS - MAX_FUNC_REG_ARGS;
export const TRACKED_REGS = op.MAX_BPF_REG + STACK_ARGS;
/** Stack slots of eight bytes, fp-8 first. */
export const TRACKED_SLOTS = 64;

export type Tracks = readonly ArgTrack[];

/** Registers and stack slots at one place. Arrays are shared: copied before they are changed. */
export interface ArgState {
  readonly regs: Tracks;
  readonly stack: Tracks;
}

/** What the transfer needs to know of its surroundings. */
export interface Surroundings {
  /** Call depth of the function, which is the number of its frame. */
  readonly depth: number;
  /** Incoming on-stack arguments. */
  readonly incoming: Tracks;
  /** Stack slots of frame `frame` at the call that leads here. */
  stackOf(frame: number): Tracks;
}

const STACK_ARG_SLOT = (off: number): number => {
  const slot = Math.abs(off) / 8;
  return slot > STACK_ARGS ? -1 : slot - 1;
};

/** Number of the aligned slot at `off` from the frame pointer, -1 if there is none. */
function slotAt(off: number): number {
  return off >= 0 || off < -8 * TRACKED_SLOTS || off % 8 !== 0 ? -1 : -off / 8 - 1;
}

function put(tracks: Tracks, at: number, track: ArgTrack): Tracks {
  if (tracks[at] === track) return tracks;
  const copy = tracks.slice();
  copy[at] = track;
  return copy;
}

const withStack = (state: ArgState, stack: Tracks): ArgState => (stack === state.stack ? state : { regs: state.regs, stack });

/** May the address be in the function's own frame? */
function maybeOwn(depth: number, regno: number, track: ArgTrack): boolean {
  return regno === op.BPF_REG_FP || track.frame === depth || (track.frame === ARG_IMPRECISE && (track.mask & (1 << depth)) !== 0);
}

/** State after instruction `i` (kernel: arg_track_xfer). Spills and fills are followed, other memory is not. */
export function argTransfer(facts: Facts, i: number, state: ArgState, around: Surroundings): ArgState {
  const { insns } = facts;
  const code = insns.code[i];
  const cls = op.classOf(code);
  const dstReg = insns.dst[i];
  const srcReg = insns.src[i];
  const { regs, stack } = state;
  const setReg = (r: number, track: ArgTrack): ArgState => (regs[r] === track ? state : { regs: put(regs, r, track), stack });

  if (isStackArgStore(insns, i)) {
    const slot = STACK_ARG_SLOT(insns.off[i]);
    return slot < 0 ? state : setReg(op.MAX_BPF_REG + slot, cls === op.BPF_STX ? regs[srcReg] : NONE);
  }
  if (isStackArgLoad(insns, i)) {
    const slot = STACK_ARG_SLOT(insns.off[i]);
    return setReg(dstReg, slot >= 0 ? around.incoming[slot] : NONE);
  }
  const dst = regs[dstReg];
  switch (cls) {
    case op.BPF_ALU:
      return setReg(dstReg, NONE);
    case op.BPF_ALU64:
      return setReg(dstReg, alu64(facts, i, dst, regs[srcReg]));
    case op.BPF_JMP:
      return code === op.OP_CALL ? afterCall(state) : state;
    case op.BPF_LDX:
      return setReg(dstReg, load(facts, i, state, around));
    case op.BPF_LD:
      return op.modeOf(code) === op.BPF_IMM ? setReg(dstReg, NONE) : state;
    case op.BPF_STX: {
      const own = maybeOwn(around.depth, dstReg, dst);
      if (op.modeOf(code) === op.BPF_MEM) return own ? withStack(state, spill(facts, i, state)) : state;
      if (op.modeOf(code) !== op.BPF_ATOMIC) return state;
      const cleared = own && insns.imm[i] !== op.BPF_LOAD_ACQ ? clear(facts, i, state) : stack;
      const loaded = atomicLoadReg(facts, i);
      return { regs: loaded < 0 ? regs : put(regs, loaded, NONE), stack: cleared };
    }
    case op.BPF_ST:
      return op.modeOf(code) === op.BPF_MEM && maybeOwn(around.depth, dstReg, dst) ? withStack(state, clear(facts, i, state)) : state;
    default:
      return state;
  }
}

function afterCall(state: ArgState): ArgState {
  const { regs, stack } = state;
  let r = 0;
  while (r < 6 && regs[r] === NONE) r++;
  if (r === 6) return state;
  const copy = regs.slice();
  copy.fill(NONE, 0, 6);
  return { regs: copy, stack };
}

function alu64(facts: Facts, i: number, dst: ArgTrack, src: ArgTrack): ArgTrack {
  const { insns } = facts;
  const code = insns.code[i];
  const operation = op.opOf(code);
  if (op.sourceOf(code) === op.BPF_K) {
    if (operation === op.BPF_MOV) return NONE;
    if (dst.frame < 0) return dst;
    if (operation === op.BPF_ADD) return shifted(dst, insns.imm[i]);
    if (operation === op.BPF_SUB) return shifted(dst, -insns.imm[i]);
    return anywhereIn(dst.frame);
  }
  if (operation === op.BPF_MOV) return insns.off[i] === 0 ? src : NONE;
  return combined(dst, src);
}

function load(facts: Facts, i: number, state: ArgState, around: Surroundings): ArgTrack {
  const { insns } = facts;
  const code = insns.code[i];
  if (op.modeOf(code) !== op.BPF_MEM || op.sizeOf(code) !== op.BPF_DW) return NONE;
  const srcReg = insns.src[i];
  const src = state.regs[srcReg];
  const { depth } = around;
  if (maybeOwn(depth, srcReg, src)) return fill(insns.off[i], srcReg, src, state.stack, depth);
  if (src.frame >= 0 && src.frame < depth) return fill(insns.off[i], srcReg, src, around.stackOf(src.frame), src.frame);
  if (src.frame === ARG_IMPRECISE && src.mask !== 0 && (src.mask & (1 << depth)) === 0) return src;
  return NONE;
}

/** What an 8-byte load from the stack gets (kernel: fill_from_stack). */
function fill(off: number, reg: number, address: ArgTrack, stack: Tracks, depth: number): ArgTrack {
  const unknown = imprecise((1 << (depth + 1)) - 1);
  if (reg === op.BPF_REG_FP) {
    const slot = slotAt(off);
    return slot >= 0 ? stack[slot] : unknown;
  }
  if (address.offsets.length === 0) return unknown;
  let result = NONE;
  for (const at of address.offsets) {
    const sum = addOffset(at, off);
    const slot = sum === null ? -1 : slotAt(sum);
    if (slot < 0) return unknown;
    result = joinTracks(result, stack[slot]);
  }
  return result;
}

/** Slots after a store of a register (kernel: spill_to_stack). */
function spill(facts: Facts, i: number, { regs, stack }: ArgState): Tracks {
  const { insns } = facts;
  const off = insns.off[i];
  const value = op.sizeOf(insns.code[i]) === op.BPF_DW ? regs[insns.src[i]] : NONE;
  const reg = insns.dst[i];
  if (reg === op.BPF_REG_FP) {
    const slot = slotAt(off);
    return slot >= 0 ? put(stack, slot, value) : stack;
  }
  const { offsets } = regs[reg];
  if (offsets.length === 0) return stack.map((old) => joinTracks(old, value));
  let result = stack;
  for (const at of offsets) {
    const sum = addOffset(at, off);
    const slot = sum === null ? -1 : slotAt(sum);
    if (slot >= 0) result = put(result, slot, offsets.length === 1 ? value : joinTracks(result[slot], value));
  }
  return result;
}

/** Slots after a store of something that is no register (kernel: clear_stack_for_all_offs). */
function clear(facts: Facts, i: number, { regs, stack }: ArgState): Tracks {
  const { insns } = facts;
  const off = insns.off[i];
  const size = op.bytesOfSize(insns.code[i]);
  const reg = insns.dst[i];
  if (reg === op.BPF_REG_FP) return clearRange(stack, off, size, true);
  const { offsets } = regs[reg];
  if (offsets.length === 0) return maybeCleared(stack);
  let result = stack;
  for (const at of offsets) {
    const sum = addOffset(at, off);
    if (sum === null) return maybeCleared(result);
    result = clearRange(result, sum, size, offsets.length === 1);
  }
  return result;
}

const maybeCleared = (stack: Tracks): Tracks => stack.map((old) => joinTracks(old, NONE));

function clearRange(stack: Tracks, off: number, size: number, certain: boolean): Tracks {
  let result = stack;
  for (let slot = 0; slot < TRACKED_SLOTS; slot++) {
    const start = -8 * (slot + 1);
    if (start >= off + size || start + 8 <= off) continue;
    result = put(result, slot, certain ? NONE : joinTracks(result[slot], NONE));
  }
  return result;
}
