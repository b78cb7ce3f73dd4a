import { placed, type PlaceCase } from '../places/place-case.ts';
import {
  asWhatItIs,
  bindToDevice,
  faultableTracepoint,
  nearTarget,
  otherMember,
  runBefore,
  unprivilegedType,
  watchResult,
  withoutAttachType,
} from './before-attach.ts';
import {
  callExisting,
  fewerStackArguments,
  giveCallUp,
  intResults,
  leaveCallOut,
  leaveTailCallsOut,
  loadBytes,
  loopInstead,
  makeGlobal,
  oneTailCallMap,
} from './before-calls.ts';
import { legalFields } from './before-encoding.ts';
import {
  endFunction,
  jumpAround,
  jumpDirectly,
  longJumps,
  mendTable,
  removeUnreached,
  stayInFunction,
  writeOut,
} from './before-flow.ts';
import {
  namedMap,
  numberInstead,
  offsetInside,
  oneMap,
  typeForMap,
  useArena,
  wholeMap,
  withoutLock,
} from './before-maps.ts';
import { otherArgument, otherKfuncArgument, returnNumber } from './before-prototypes.ts';
import { frameInMap } from './before-stack-map.ts';
import { smallerFrames } from './before-stack.ts';
import { inline } from './before-inline.ts';
import { oneExceptionCallback, returnFromCallback, takeOneNumber } from './before-exceptions.ts';
import type { Candidate, TextFixMaker } from './fix.ts';

/** Thinks of changes for what is refused outside of the walk. */
type PlaceFixMaker = (c: PlaceCase) => Iterable<Candidate>;

const ROWS: readonly (readonly [rule: RegExp, makers: readonly PlaceFixMaker[]])[] = [
  [/^isa\.|^cfg\.lastInsnWide$/, [legalFields]],
  [/^cfg\.backEdge$/, [writeOut]],
  [/^after\.notPatched$/, [longJumps]],
  [/^cfg\.unreachable$/, [removeUnreached]],
  [/^cfg\.fallsThrough$/, [endFunction]],
  [/^cfg\.jumpOutOf/, [stayInFunction]],
  [/^cfg\.jumpIntoWide$/, [jumpAround]],
  [/^cfg\.(jumpTableOutside|insnArrayInit)$/, [mendTable]],
  [/^cfg\.jumpTableMissing$/, [jumpDirectly]],
  [/^cfg\.callsNotPermitted$/, [inline]],
  [/^cfg\.callTarget$/, [callExisting]],
  [/^cfg\.recursion$/, [loopInstead]],
  [/^cfg\.exceptionCallback/, [oneExceptionCallback]],
  [/^(cfg\.livenessToo|after\.callDepth$|call\.callStackTooDeep$)/, [makeGlobal]],
  [/^exit\.exception/, [takeOneNumber]],
  [/^cfg\.directValue$/, [offsetInside]],
  [/^cfg\.(mapFd|mapIdxNoArray)$/, [namedMap]],
  [/^cfg\.noDirectValue$/, [wholeMap]],
  [/^cfg\.(arenaTwice|cgroupStorageTwice)$/, [oneMap]],
  [/^cfg\.(tracing|socketFilter)/, [typeForMap, withoutLock]],
  [/^cfg\.kfuncArgArena$|^attach\.structOpsArena$/, [useArena]],
  [/^cfg\.kfuncArg|^cfg\.proto(ArgType|VoidArg)$/, [otherKfuncArgument]],
  [/^cfg\.kfunc(Arg|Args|TooMany|ImplMissing|Proto)|^cfg\.proto/, [giveCallUp]],
  [/^cfg\.ksym(Id|Kind)$/, [numberInstead]],
  [/^cfg\.kfuncDevBound$/, [bindToDevice]],
  [/^cfg\.(ldAbs|tailCall)/, [intResults]],
  [/^attach\.(bigReturn|noreturn)$/, [runBefore]],
  [/^attach\.notModifiable$/, [watchResult]],
  [/^attach\.(notFunction|notTypedef|replaceKernel)$/, [asWhatItIs]],
  [/^attach\.(denied|lsmDisabled|wrongTypeName|notModifiable|notSleepable)$/, [nearTarget]],
  [/^attach\.notFaultable$/, [faultableTracepoint]],
  [/^attach\.structOps(Index|Member|Unsupported)$/, [otherMember]],
  [/^(attach\.unsupported|load\.attachType)$/, [withoutAttachType]],
  [/^load\.privileges$/, [unprivilegedType]],
  [/^(prototype\.|call\.globalArguments$)/, [otherArgument, returnNumber]],
  [/^after\.(combinedStack|subprogStack|tailCallDepth)$/, [smallerFrames, frameInMap]],
  [/^after\.throwInCallback$/, [returnFromCallback]],
  [
    /^after\.(exceptionCallbackCalled|kfuncNotResolved)$|^cfg\.kfunc(Id|NotFunction|NegativeOffset|NoAddress)$/,
    [leaveCallOut],
  ],
  [/^after\.ldAbsInCallback$/, [loadBytes]],
  [/^after\.tailCallMapUnknown$/, [oneTailCallMap]],
  [/^after\.stackArgsUnused$/, [fewerStackArguments]],
  [/^after\.tailCall|^attach\.structOpsTailCall$/, [leaveTailCallsOut]],
];

/** Changes of the program’s text for rejections outside of the walk; all rows that fit the rule count. */
export const outsideOfWalk: TextFixMaker = function* (c) {
  const found = placed(c);
  if (found === null) return;
  for (const [fits, makers] of ROWS)
    if (fits.test(c.result.rule ?? '')) for (const maker of makers) yield* maker(found);
};
