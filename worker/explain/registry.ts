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

/** Every page there is. */
export const PAGES: readonly RulePage[] = [
  callUnderLock,
  globalCallUnderLock,
  exitUnderLock,
  unlockWithoutLock,
  insideRcu,
  insidePreempt,
  referenceLeak,
  possiblyNull,
  invalidAccess,
  unboundedAccess,
  unreadableRegister,
  stackUninit,
  wrongType,
  sleepableHelper,
  nothingToRelease,
  infiniteLoop,
];

const BY_RULE = new Map(PAGES.flatMap((page) => page.rules.map((rule) => [rule, page])));

/** The page of a rule, null if it has none of its own. */
export function pageOf(rule: string): RulePage | null {
  return BY_RULE.get(rule) ?? null;
}
