import type { RulePage } from './page.ts';
import { callUnderLock } from './pages/call-under-lock.ts';
import { exitUnderLock } from './pages/exit-under-lock.ts';
import { globalCallUnderLock } from './pages/global-call-under-lock.ts';
import { infiniteLoop } from './pages/infinite-loop.ts';
import { insidePreempt } from './pages/inside-preempt.ts';
import { insideRcu } from './pages/inside-rcu.ts';
import { invalidAccess } from './pages/invalid-access.ts';
import { nothingToRelease } from './pages/nothing-to-release.ts';
import { possiblyNull } from './pages/possibly-null.ts';
import { referenceLeak } from './pages/reference-leak.ts';
import { sleepableHelper } from './pages/sleepable-helper.ts';
import { stackUninit } from './pages/stack-uninit.ts';
import { unboundedAccess } from './pages/unbounded-access.ts';
import { unlockWithoutLock } from './pages/unlock-without-lock.ts';
import { unreadableRegister } from './pages/unreadable-register.ts';
import { wrongType } from './pages/wrong-type.ts';
import { packetBounds } from './pages/packet-bounds.ts';
import { negativeOffset } from './pages/negative-offset.ts';
import { sizeBounds } from './pages/size-bounds.ts';
import { zeroSize } from './pages/zero-size.ts';
import { pointerNumber } from './pages/pointer-number.ts';
import { nullableArithmetic } from './pages/nullable-arithmetic.ts';
import { programTooLarge } from './pages/program-too-large.ts';
import { tooManyJumps } from './pages/too-many-jumps.ts';
import { backEdge } from './pages/back-edge.ts';
import { notSleepable } from './pages/not-sleepable.ts';
import { notTrusted } from './pages/not-trusted.ts';
import { insideIrq } from './pages/inside-irq.ts';
import { lockWithoutBtf } from './pages/lock-without-btf.ts';
import { ctxAccess } from './pages/ctx-access.ts';
import { helperForProgram } from './pages/helper-for-program.ts';
import { kfuncForProgram } from './pages/kfunc-for-program.ts';
import { returnRange } from './pages/return-range.ts';
import { combinedStack } from './pages/combined-stack.ts';
import { misaligned } from './pages/misaligned.ts';
import { lockNotHeld } from './pages/lock-not-held.ts';
import { notOwned } from './pages/not-owned.ts';
import { modifiedPointer } from './pages/modified-pointer.ts';
import { stackOutside } from './pages/stack-outside.ts';
import { leaksAddress } from './pages/leaks-address.ts';
import { globalArguments } from './pages/global-arguments.ts';
import { gplOnly } from './pages/gpl-only.ts';
import { mapForHelper } from './pages/map-for-helper.ts';
import { iteratorState } from './pages/iterator-state.ts';
import { dynptrState } from './pages/dynptr-state.ts';
import { readOnly } from './pages/read-only.ts';
import { differentPointers } from './pages/different-pointers.ts';
import { unreachable } from './pages/unreachable.ts';
import { speculation } from './pages/speculation.ts';
import { pointerArithmetic } from './pages/pointer-arithmetic.ts';
import { notRcu } from './pages/not-rcu.ts';

/** Every page there is, roughly those that people ask about most first: the index of rules begins with them. */
export const PAGES: readonly RulePage[] = [
  packetBounds,
  invalidAccess,
  possiblyNull,
  unreadableRegister,
  wrongType,
  stackUninit,
  negativeOffset,
  unboundedAccess,
  sizeBounds,
  pointerNumber,
  nullableArithmetic,
  programTooLarge,
  infiniteLoop,
  backEdge,
  tooManyJumps,
  referenceLeak,
  callUnderLock,
  globalCallUnderLock,
  exitUnderLock,
  unlockWithoutLock,
  lockNotHeld,
  lockWithoutBtf,
  sleepableHelper,
  notSleepable,
  insideRcu,
  insidePreempt,
  insideIrq,
  notTrusted,
  notRcu,
  ctxAccess,
  helperForProgram,
  kfuncForProgram,
  zeroSize,
  returnRange,
  combinedStack,
  misaligned,
  nothingToRelease,
  notOwned,
  modifiedPointer,
  stackOutside,
  leaksAddress,
  globalArguments,
  gplOnly,
  mapForHelper,
  iteratorState,
  dynptrState,
  readOnly,
  differentPointers,
  unreachable,
  speculation,
  pointerArithmetic,
];

const BY_RULE = new Map(PAGES.flatMap((page) => page.rules.map((rule) => [rule, page])));

/** The page of a rule, null if it has none of its own. */
export function pageOf(rule: string): RulePage | null {
  return BY_RULE.get(rule) ?? null;
}
