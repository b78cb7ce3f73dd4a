import type { ChainLink } from '../../protocol.ts';
import type { Case } from '../context.ts';
import { attachPrototype, attachTarget } from './attach.ts';
import {
  callsNotPermitted,
  callTarget,
  exceptionCallback,
  exceptionCallbackCalled,
  inCallback,
  kfuncNotResolved,
  manyCalls,
  recursion,
  tailCallMap,
} from './calls.ts';
import { encoding } from './encoding.ts';
import {
  backEdge,
  fallsThrough,
  jumpIntoWide,
  jumpOut,
  jumpTableMissing,
  jumpTableOutside,
  tooFar,
  unreachable,
} from './flow.ts';
import { kernelFunction, kernelPrototype, kernelSymbol } from './kernel-functions.ts';
import { loading } from './loading.ts';
import { directValue, mapForProgram, noMap, oneOfAKind, tableEntries } from './maps.ts';
import { placed, type PlaceCase, type PlaceCauses, type PlaceMaker } from './place-case.ts';
import { debugInfo, intResult, ownPrototype } from './prototypes.ts';
import { callChain, stackArguments, tailCallWithArguments } from './stack.ts';

/** Who knows how rejections follow from the program as it stands; the first row that fits a rule counts. */
const ROWS: readonly (readonly [rule: RegExp, maker: PlaceMaker])[] = [
  [/^isa\.|^cfg\.lastInsnWide$/, encoding],
  [/^cfg\.backEdge$/, backEdge],
  [/^cfg\.unreachable$/, unreachable],
  [/^cfg\.fallsThrough$/, fallsThrough],
  [/^cfg\.jumpOutOf/, jumpOut],
  [/^cfg\.jumpIntoWide$/, jumpIntoWide],
  [/^cfg\.jumpTableMissing$/, jumpTableMissing],
  [/^cfg\.jumpTableOutside$/, jumpTableOutside],
  [/^cfg\.callsNotPermitted$/, callsNotPermitted],
  [/^cfg\.callTarget$/, callTarget],
  [/^cfg\.recursion$/, recursion],
  [/^cfg\.exceptionCallback/, exceptionCallback],
  [/^cfg\.(livenessToo|tooManySubprogs)/, manyCalls],
  [/^cfg\.directValue$/, directValue],
  [/^cfg\.(mapFd|mapIdxNoArray)$/, noMap],
  [/^cfg\.insnArrayInit$/, tableEntries],
  [/^cfg\.(arenaTwice|cgroupStorageTwice|tooManyMaps)$/, oneOfAKind],
  [/^cfg\.(noDirectValue|tracing|socketFilter|structOpsMap|sleepableMap|arenaNot)/, mapForProgram],
  [/^cfg\.ksym/, kernelSymbol],
  [/^cfg\.kfunc/, kernelFunction],
  [/^cfg\.(ldAbs|tailCall)/, intResult],
  [/^cfg\.(funcInfo|lineInfo|btfMissing)/, debugInfo],
  [/^cfg\.proto/, (c) => (c.insn >= 0 ? kernelPrototype(c) : attachPrototype(c))],
  [/^attach\./, attachTarget],
  [/^prototype\.|^call\.globalArguments$/, ownPrototype],
  [/^load\./, loading],
  [/^after\.notPatched$/, tooFar],
  [/^after\.exceptionCallbackCalled$/, exceptionCallbackCalled],
  [/^after\.(throwInCallback|tailCallInCallback|ldAbsInCallback)$/, inCallback],
  [/^after\.tailCallMapUnknown$/, tailCallMap],
  [/^after\.kfuncNotResolved$/, kfuncNotResolved],
  [/^after\.stackArgsUnused$/, stackArguments],
  [/^after\.tailCallStackArgs$/, tailCallWithArguments],
  [/^after\./, callChain],
];

/** How a rejection outside of the walk came about. */
export interface Placement {
  readonly chain: readonly ChainLink[];
  /** What would have had to be so; null if that cannot be said. */
  readonly missing: string | null;
}

/** The places of the program that a rejection is due to, the place of the rejection itself last; null for those that a walk explains. */
export function places(c: Case): Placement | null {
  const maker = ROWS.find(([fits]) => fits.test(c.result.rule ?? ''))?.[1];
  const found = placed(c);
  if (maker === undefined || found === null) return null;
  const causes = maker(found);
  if (causes === null) return null;
  const links = causes.links.map((link): ChainLink => ({ step: null, ...link, kind: 'place' }));
  return { chain: [...links, refusal(found, causes)], missing: causes.missing };
}

function refusal(c: PlaceCase, { refused }: PlaceCauses): ChainLink {
  const line = c.result.message.split('\n')[0];
  const insn = refused === undefined && c.insn >= 0 ? c.insn : null;
  return {
    step: null,
    insn,
    span: refused?.span ?? null,
    why: line === '' ? 'The program is rejected for this' : `Rejected: ${line}`,
    kind: 'refused',
  };
}
