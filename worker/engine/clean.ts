import { isZero } from '../domain/scalar.ts';
import { NOT_INIT, SCALAR_VALUE } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import type { Frame } from '../state/frame.ts';
import { setFrameReg, setSlot } from '../state/mutate.ts';
import { NOT_INIT_REG, withId, withPrecise } from '../state/reg.ts';
import {
  STACK_DYNPTR,
  STACK_IRQ_FLAG,
  STACK_ITER,
  STACK_MISC,
  STACK_POISON,
  STACK_SPILL,
  Slot,
  allBytes,
  byteType,
  isSpilledReg,
  withByte,
} from '../state/slot.ts';
import type { State } from '../state/state.ts';

/** Slots, two halves each, in a word of a set of half slots. */
const SLOTS_PER_WORD = 16;
const POISON_SLOT = new Slot(allBytes(STACK_POISON), NOT_INIT_REG);

/** Forgets registers and stack that nothing reads any more, so that more states compare equal (kernel: clean_verifier_state). */
export function cleanState(env: Env, state: State): void {
  env.liveness?.queryInit(state);
  for (let f = 0; f < state.frames.length; f++) {
    const live = env.facts.liveRegs[state.frameInsnIdx(f)];
    const regs = state.frames[f].regs;
    for (let r = 0; r < 10; r++) {
      if (((live >> r) & 1) === 0 && regs[r].type !== NOT_INIT) {
        const frame = state.writable(f);
        for (; r < 10; r++) if (((live >> r) & 1) === 0) frame.regs[r] = NOT_INIT_REG;
      }
    }
    if (env.liveness !== null) cleanStack(env, state, f);
  }
}

function cleanStack(env: Env, state: State, f: number): void {
  const { stack } = state.frames[f];
  if (stack.length === 0) return;
  const alive = env.liveness!.alive(f);
  if (alive === null) return;
  for (let first = 0; first < stack.length; first += SLOTS_PER_WORD) {
    const count = stack.length - first;
    let dead = ~alive[first / SLOTS_PER_WORD];
    if (count < SLOTS_PER_WORD) dead &= (1 << (2 * count)) - 1;
    while (dead !== 0) {
      const at = (31 - Math.clz32(dead & -dead)) >> 1;
      const low = ((dead >>> (2 * at)) & 1) === 0;
      const high = ((dead >>> (2 * at + 1)) & 1) === 0;
      dead &= ~(3 << (2 * at));
      const slot = stack[first + at];
      if (slot === POISON_SLOT) continue;
      const next = cleanSlot(slot, low, high);
      if (next !== slot) setSlot(state, f, first + at, next);
    }
  }
}

/** The slot with its dead halves poisoned; `low`, `high`: bytes 0-3 and 4-7 are alive. */
function cleanSlot(slot: Slot, low: boolean, high: boolean): Slot {
  const kind = slot.types >> 21;
  // overwriting these must be noticed, alive or not
  if (kind === STACK_DYNPTR || kind === STACK_ITER || kind === STACK_IRQ_FLAG) return slot;
  let { types, reg } = slot;
  if (!high) {
    if (low && kind === STACK_SPILL) {
      // half a pointer must stay recognisable, and a zero would have to be marked precise
      if (reg.type !== SCALAR_VALUE || isZero(reg.scalar)) return slot;
      for (let i = 0; i < 4; i++) if (byteType(types, i) === STACK_SPILL) types = withByte(types, i, STACK_MISC);
    }
    reg = NOT_INIT_REG;
  }
  for (let i = low ? 4 : 0; i < (high ? 4 : 8); i++) types = withByte(types, i, STACK_POISON);
  if (types === slot.types && reg === slot.reg) return slot;
  return types === POISON_SLOT.types ? POISON_SLOT : new Slot(types, reg);
}

/** A new checkpoint starts with no scalar precise: what must be is found out from here on. */
export function forgetPrecision(state: State): void {
  for (let f = 0; f < state.frames.length; f++) {
    if (!state.frames[f].mayHavePrecise) continue;
    const frame = state.writable(f);
    for (let r = 0; r < 10; r++) if (frame.regs[r].type === SCALAR_VALUE) frame.regs[r] = withPrecise(frame.regs[r], false);
    for (let spi = 0; spi < frame.stack.length; spi++) {
      const slot = frame.stack[spi];
      if (isSpilledReg(slot) && slot.reg.type === SCALAR_VALUE && slot.reg.precise) {
        setSlot(state, f, spi, new Slot(slot.types, withPrecise(slot.reg, false)));
      }
    }
    frame.mayHavePrecise = frame.stackArgs.some((r) => r.precise);
  }
}

const MAX_IDS = 1312;
const ids = new Int32Array(MAX_IDS);
const counts = new Int32Array(MAX_IDS);
let idCount = 0;

function countId(id: number): void {
  for (let i = 0; i < idCount; i++) {
    if (ids[i] !== id) continue;
    counts[i]++;
    return;
  }
  if (idCount === MAX_IDS) return;
  ids[idCount] = id;
  counts[idCount++] = 1;
}

function isSingle(id: number): boolean {
  for (let i = 0; i < idCount; i++) if (ids[i] === id) return counts[i] === 1;
  return false;
}

function countFrame(frame: Frame): void {
  for (let r = 0; r < 11; r++) {
    const reg = frame.regs[r];
    if (reg.id !== 0 && reg.type === SCALAR_VALUE) countId(reg.id);
  }
  for (let spi = 0; spi < frame.stack.length; spi++) {
    const slot = frame.stack[spi];
    if (slot.reg.id !== 0 && slot.reg.type === SCALAR_VALUE && isSpilledReg(slot)) countId(slot.reg.id);
  }
  for (const reg of frame.stackArgs) if (reg.id !== 0 && reg.type === SCALAR_VALUE) countId(reg.id);
}

/** A scalar id that only one register has links it to nothing: it is dropped (kernel: bpf_clear_singular_ids). */
export function clearSingularIds(state: State): void {
  idCount = 0;
  for (const frame of state.frames) countFrame(frame);
  let any = false;
  for (let i = 0; i < idCount; i++) if (counts[i] === 1) any = true;
  if (!any) return;
  for (let f = 0; f < state.frames.length; f++) {
    for (let r = 0; r < 11; r++) {
      const reg = state.frames[f].regs[r];
      if (reg.id !== 0 && reg.type === SCALAR_VALUE && isSingle(reg.id)) setFrameReg(state, f, r, withId(reg, 0));
    }
    const slots = state.frames[f].stack.length;
    for (let spi = 0; spi < slots; spi++) {
      const slot = state.frames[f].stack[spi];
      if (slot.reg.id !== 0 && slot.reg.type === SCALAR_VALUE && isSpilledReg(slot) && isSingle(slot.reg.id)) {
        setSlot(state, f, spi, new Slot(slot.types, withId(slot.reg, 0)));
      }
    }
    const args = state.frames[f].stackArgs;
    if (args.some((reg) => reg.id !== 0 && reg.type === SCALAR_VALUE && isSingle(reg.id))) {
      state.writable(f).stackArgs = args.map((reg) => (reg.type === SCALAR_VALUE && reg.id !== 0 && isSingle(reg.id) ? withId(reg, 0) : reg));
    }
  }
}
