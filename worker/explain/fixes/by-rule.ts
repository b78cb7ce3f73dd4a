import { alignAccess, leaveOut, moveInside, offsetInAccess, passStack, wholeField } from './access.ts';
import { outsideOfWalk } from './before.ts';
import { boundIndex, boundSize } from './bounds.ts';
import { addNegative, constantInside, divideByOne, keepPointer, moveLess } from './constants.ts';
import { copyOfContext, unmodified } from './context-pointer.ts';
import { otherCtxField, wholeCtxField } from './ctx-field.ts';
import type { FixMaker, TextFixMaker } from './fix.ts';
import { kfuncFlagged, makeStatic, semantics } from './flags.ts';
import { ownStack, probeRead } from './follow.ts';
import { pointToLock } from './lock-offset.ts';
import { boundLoop } from './loops.ts';
import { keepAcrossCall, loadAgain, loseItLater, storeElsewhere } from './lost-pointer.ts';
import { moveCallOut, removeCall } from './move-call.ts';
import { beginIterator, insideValue, otherStackPlace } from './objects.ts';
import { compareMore, comparePacketEnd, turnComparison } from './packet.ts';
import {
  ordinaryAccess,
  otherBuffer,
  otherRegister,
  storeNumber,
  storeOnStack,
  writableSlice,
  writeElsewhere,
} from './plain-access.ts';
import { oneTarget, typeThatMayAccess, typeThatMayCall } from './program-type.ts';
import { insideRcuSection, restoreIrq, underLock } from './regions.ts';
import { releaseAtOnce, releaseEarlier, releaseOnce } from './release-place.ts';
import { releaseBeforeFault, releaseLeaked, useFirst } from './release.ts';
import { returnAllowed } from './return-value.ts';
import {
  makeDynptr,
  passContext,
  passDynptr,
  passIrqFlag,
  passIterator,
  passMemory,
  passObject,
  passOtherMap,
} from './right-argument.ts';
import {
  gplLicence,
  makeNonSleepable,
  makeSleepable,
  withPrivileges,
  withoutStrictAlignment,
} from './settings.ts';
import { leaveBefore, lockFirst, unlockHeld } from './unlock.ts';
import { checkNull, initialise, writeStack } from './values.ts';

/** Who knows changes that might help with rules, the best first. All rows that fit a rule count. */
const ROWS: readonly (readonly [rule: RegExp, makers: readonly FixMaker[]])[] = [
  [
    /^lock\.callUnderLock$/,
    [
      moveCallOut,
      leaveBefore,
      semantics('kf-spin-lock-before', 'kf-spin-lock'),
      kfuncFlagged('KF_SPINLOCK_SAFE'),
      removeCall,
    ],
  ],
  [/^call\.globalUnderLock$/, [makeStatic, moveCallOut]],
  [/^call\.sleepableGlobal$/, [makeStatic, moveCallOut]],
  [/^context\.insideIrqSave$/, [restoreIrq, moveCallOut, removeCall]],
  [/^context\.inside/, [leaveBefore]],
  [/^context\.referenceLeak$|^reference\./, [releaseLeaked, releaseEarlier, releaseAtOnce]],
  [/^(context\.unlock|kfunc\.unmatched)/, [unlockHeld, lockFirst, removeCall]],
  [/^(call\.sleepable|kfunc\.sleepableWithin)/, [releaseBeforeFault, moveCallOut, removeCall]],
  [/^kfunc\.(requiresRcu|notRcu|iterRcu|notTrusted)$/, [insideRcuSection, checkNull]],
  [/^kfunc\.lockNotHeld$/, [underLock]],
  [
    /^(kfunc\.possiblyNull|call\.possiblyNullHelper|call\.argNull|call\.globalArguments|alu\.nullable|memory\.invalid-access|call\.wrongType|kfunc\.wrongPointer|kfunc\.notScalar)$/,
    [checkNull, loseItLater, useFirst],
  ],
  [/^memory\.invalid-access$/, [storeElsewhere, keepAcrossCall, loadAgain, probeRead, ownStack]],
  [/^reg\.notReadable$/, [keepAcrossCall, initialise, ownStack]],
  [/^stack\.(read-uninit|range-uninit)/, [writeStack]],
  [
    /^memory\.(unbounded|negative-min|min-outside|max-outside)$/,
    [compareMore, turnComparison, comparePacketEnd, boundIndex, moveInside, moveLess],
  ],
  [
    /^(stack\.(unbounded|var-out-of-bounds|range-uninit-var)|alu\.(offset|pointerOffset|mixedBounds|beyondBounds|mapValue|stackOut)|gotox\.)/,
    [boundIndex],
  ],
  [/^stack\.out-of-bounds$/, [moveInside, writeStack]],
  [
    /^(memory\.size|btf\.beyond-member|stack\.(zero|unbounded|var-out|out-of)|kfunc\.memoryPair|memory\.(max-outside|unbounded|negative-min))/,
    [boundSize],
  ],
  [/^packet\.outside$/, [compareMore, turnComparison, comparePacketEnd, boundIndex]],
  [/^(call\.valueOutOfRange|exit\.|call\.callbackReturn)/, [returnAllowed]],
  [/^(search\.)/, [boundLoop]],
  [/^kfunc\.iterUninitialized$/, [beginIterator]],
  [/^context\.lockWrongOffset$/, [pointToLock]],
  [/^context\.(twoSpinLocks|sameResLock)$/, [removeCall]],
  [/^call\.(dynptr|globalArguments)/, [useFirst, makeStatic]],
  [
    /^stack\.(out-of-bounds|var-out-of-bounds|read|range)|^alu\.(offset|pointerOffset)|^memory\.size|^kfunc\.memoryPair|^stack-object|^alu\.stackOut/,
    [otherStackPlace],
  ],
  [
    /^(btf\.|memory\.socket|memory\.flow-keys|map\.field|map\.insn-array-read|kptr\.|stack\.(fill|spill|corrupt))/,
    [wholeField],
  ],
  [/^ctx\.invalid-access$/, [wholeCtxField, oneTarget, typeThatMayAccess, otherCtxField, storeOnStack]],
  [/^(call\.helperNotForProgram|kfunc\.notAllowed)$/, [typeThatMayCall]],
  [/^memory\.(misaligned|misaligned-packet)$/, [alignAccess]],
  [
    /^memory\.(var-off|modified-pointer|negative-off|buffer)|^object\.(var-off|negative)|^call\.releaseOffset|^alu\.(kindProhibited|nullable)/,
    [offsetInAccess],
  ],
  [/^memory\.(var-off|modified-pointer|negative-off)$|^call\.releaseOffset$/, [copyOfContext, unmodified]],
  [/^kfunc\.memoryPair$/, [copyOfContext]],
  [/^call\.wrongType$|^memory\.not-memory$/, [passStack]],
  [
    /^(call\.wrongType|kfunc\.(releaseUnreferenced|noAcquired|notRefcounted)|call\.(releaseUnreferenced|dynptrUninitialized|dynptrConstRelease))$/,
    [releaseOnce],
  ],
  [/^call\.wrongType$|^kfunc\.notCtx$/, [passContext]],
  [
    /^(call\.wrongType|kfunc\.(possiblyNull|notTrusted|wrongStruct|wrongPointer|notRefcounted|requiresRcu)|call\.(globalArguments|wrongBtfType))$/,
    [passObject],
  ],
  [/^(kfunc\.(possiblyNull|memoryPair|wrongPointer)|call\.wrongType|memory\.not-memory)$/, [passMemory]],
  [/^(call|kfunc)\.dynptr/, [passDynptr, makeDynptr]],
  [/^call\.mapHelperMismatch$/, [passOtherMap]],
  [/^(call\.dynptrUninitialized|kfunc\.(irqFlagUninitialized|iterUninitialized))$/, [storeElsewhere]],
  [/^kfunc\.iterUninitialized$/, [passIterator]],
  [/^memory\.cannot-write$|^object\.read-only$/, [writableSlice, storeOnStack, otherBuffer]],
  [/^reg\.fpReadOnly$/, [otherRegister]],
  [/^stack-object\.irq-order$|^kfunc\.irqFlag/, [passIrqFlag]],
  [/^alu\.subtractFromStack$/, [addNegative]],
  [
    /^alu\.(offsetConstant|mapValueOutOfRange|stackOutOfRange|variableStack|pointerOffset|offsetOutOfBounds|offsetUnbounded|subtractFromStack)$/,
    [constantInside],
  ],
  [/^alu\.(kindProhibited|unsupportedType|nullable|pointerProhibited)$/, [keepPointer]],
  [/^alu\.divByZero$/, [divideByOne]],
  [/^atomic\.(load|store)$/, [ordinaryAccess]],
  [/^memory\.leaks-into|^kptr\.type-unref$/, [storeNumber]],
  [/^stack-object\.overwrites|^stack\.corrupt/, [writeElsewhere, otherBuffer]],
  [
    /^kfunc\.(noAcquired|releaseUnreferenced|notAllowed)$|^call\.(helperNotForProgram|releaseUnreferenced|mapHelperMismatch|invalidHelper)$/,
    [removeCall],
  ],
  [
    /^(ctx|object|atomic|btf|kptr|branch)\.|^memory\.(cannot-write|leaks|different|socket|flow|var-off|modified)|^map\.|^stack\.(corrupt|fill|leak|spill)|^alu\.(pointer|partial|bitwise|operator|kind|div|invalidShift|subtract|arena|offset)|^reg\.fp/,
    [leaveOut],
  ],
];

/** The same for changes of the program's settings, which help without a walk too. */
const TEXT_ROWS: readonly (readonly [rule: RegExp, makers: readonly TextFixMaker[]])[] = [
  [/^(call\.gplOnly|cfg\.kfuncLicense|object\.not-gpl|attach\.(lsmLicense|structOpsLicense))$/, [gplLicence]],
  [
    /^(kfunc\.programNotSleepable|attach\.syscallNotSleepable|kfunc\.cssTaskIter|call\.sleepableHelper|call\.sleepableGlobal|call\.helperNotForProgram)$/,
    [makeSleepable],
  ],
  [/^attach\.(sleepableType|notSleepable|notFaultable)$|^cfg\.sleepableMap$/, [makeNonSleepable]],
  [/^memory\.misaligned/, [withoutStrictAlignment]],
  [/^cfg\.directValue$/, [insideValue]],
  [
    /^(isa|cfg|attach|load|prototype|after)\.|^call\.(globalArguments|callStackTooDeep)$|^exit\.exception/,
    [outsideOfWalk],
  ],
  [/./, [withPrivileges]],
];

/** Makers for a rule: first those that need a walk. */
export function makersFor(rule: string): {
  readonly walk: readonly FixMaker[];
  readonly text: readonly TextFixMaker[];
} {
  const pick = <T>(rows: readonly (readonly [RegExp, readonly T[]])[]): T[] => [
    ...new Set(rows.filter(([fits]) => fits.test(rule)).flatMap(([, makers]) => makers)),
  ];
  return { walk: pick(ROWS), text: pick(TEXT_ROWS) };
}
