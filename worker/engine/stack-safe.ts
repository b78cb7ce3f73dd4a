import { SCALAR_VALUE } from '../kernel/types.ts';
import type { Frame } from '../state/frame.ts';
import { IterExt, NOT_INIT_REG, UNKNOWN_REG, type Reg } from '../state/reg.ts';
import {
  STACK_DYNPTR,
  STACK_INVALID,
  STACK_IRQ_FLAG,
  STACK_ITER,
  STACK_MISC,
  STACK_POISON,
  STACK_SPILL,
  STACK_ZERO,
  allBytes,
  type Slot,
} from '../state/slot.ts';
import { checkIds } from './id-map.ts';
import { EXACT, regSafe, type Exactness } from './reg-safe.ts';

const FULL_SPILL = allBytes(STACK_SPILL);
const ALL_MISC = allBytes(STACK_MISC);
const ALL_POISON = allBytes(STACK_POISON);

/** What a load of 8 (`from` 0) or 4 (`from` 4) bytes of the slot yields if that is a scalar, else null. */
function scalarOf(slot: Slot, from: number, allowUninit: boolean): Reg | null {
  const { types, reg } = slot;
  if (((types >> (3 * from)) & 7) === STACK_SPILL && reg.type === SCALAR_VALUE) return reg;
  for (let i = from; i < 8; i++) {
    const type = (types >> (3 * i)) & 7;
    if (type === STACK_MISC || (allowUninit && (type === STACK_INVALID || type === STACK_POISON))) continue;
    return null;
  }
  return UNKNOWN_REG;
}

/** Is whatever was safe with the stack of `old` safe with that of `cur` (kernel: stacksafe)? */
export function stackSafe(old: Frame, cur: Frame, exact: Exactness, strict: boolean, allowUninit: boolean): boolean {
  const olds = old.stack;
  const curs = cur.stack;
  for (let spi = 0; spi < olds.length; spi++) {
    const before = olds[spi];
    if (spi >= curs.length) {
      if (exact === EXACT || needsAnything(before.types, allowUninit)) return false;
      continue;
    }
    const now = curs[spi];
    // the same bytes, or bytes that nobody may rely on
    if (before === now ? before.reg === NOT_INIT_REG : exact !== EXACT && isAnything(before.types, allowUninit)) continue;
    if (before.types === FULL_SPILL && now.types === FULL_SPILL) {
      if (!regSafe(before.reg, now.reg, exact, strict)) return false;
      continue;
    }
    if (!slotSafe(before, now, exact, strict, allowUninit)) return false;
  }
  return true;
}

/** The common sets of types of which every byte will do in place of any other. */
function isAnything(types: number, allowUninit: boolean): boolean {
  return types === ALL_POISON || types === 0 || (types === ALL_MISC && allowUninit);
}

function needsAnything(types: number, allowUninit: boolean): boolean {
  for (let i = 0; i < 8; i++) {
    const type = (types >> (3 * i)) & 7;
    if (type !== STACK_INVALID && type !== STACK_POISON && !(allowUninit && type === STACK_MISC)) return true;
  }
  return false;
}

function slotSafe(before: Slot, now: Slot, exact: Exactness, strict: boolean, allowUninit: boolean): boolean {
  if (exact === EXACT) {
    for (let i = 0; i < 8; i++) {
      const a = (before.types >> (3 * i)) & 7;
      const b = (now.types >> (3 * i)) & 7;
      // poisoned bytes are as good as never written ones
      if ((a === STACK_POISON ? STACK_INVALID : a) !== (b === STACK_POISON ? STACK_INVALID : b)) return false;
    }
  }
  for (let i = 0; i < 8; i++) {
    const a = (before.types >> (3 * i)) & 7;
    const b = (now.types >> (3 * i)) & 7;
    if (a === STACK_INVALID || a === STACK_POISON) continue;
    if (allowUninit && a === STACK_MISC) continue;
    if (i === 0 || i === 4) {
      const oldScalar = scalarOf(before, i, allowUninit);
      const curScalar = oldScalar === null ? null : scalarOf(now, i, allowUninit);
      if (oldScalar !== null && curScalar !== null) {
        if (!regSafe(oldScalar, curScalar, exact, strict)) return false;
        i = 7;
        continue;
      }
    }
    // zeros will do where anything did
    if (a === STACK_MISC && b === STACK_ZERO) continue;
    if (a !== b) return false;
    if (i === 7 && !payloadSafe(a, before.reg, now.reg, exact, strict)) return false;
  }
  return true;
}

function payloadSafe(type: number, old: Reg, cur: Reg, exact: Exactness, strict: boolean): boolean {
  switch (type) {
    case STACK_SPILL:
      return regSafe(old, cur, exact, strict);
    case STACK_DYNPTR:
      return old.num === cur.num && checkIds(old.id * 4, cur.id * 4) && checkIds(old.parentId * 4, cur.parentId * 4);
    case STACK_ITER: {
      const a = old.ext;
      const b = cur.ext;
      if (!(a instanceof IterExt) || !(b instanceof IterExt)) return false;
      // the depth only tells iterations apart
      return (
        old.type === cur.type &&
        a.btf === b.btf &&
        a.id === b.id &&
        a.state === b.state &&
        checkIds(old.id * 4, cur.id * 4) &&
        checkIds(a.acquiredId * 4, b.acquiredId * 4)
      );
    }
    case STACK_IRQ_FLAG:
      return checkIds(old.id * 4, cur.id * 4) && old.num === cur.num;
    default:
      return true;
  }
}

/** The same for outgoing on-stack arguments, which must agree. */
export function stackArgsSafe(old: Frame, cur: Frame, exact: Exactness, strict: boolean): boolean {
  const n = Math.max(old.stackArgs.length, cur.stackArgs.length);
  for (let i = 0; i < n; i++) {
    const before = i < old.stackArgs.length ? old.stackArgs[i] : NOT_INIT_REG;
    const now = i < cur.stackArgs.length ? cur.stackArgs[i] : NOT_INIT_REG;
    if (!regSafe(before, now, exact, strict)) return false;
  }
  return true;
}
