/**
 * The abstract domain of the verifier: what is known about a number in a register. Immutable values behind integer
 * handles, pure operations, no allocation of objects on the way.
 */
export {
  type ArenaMark,
  ArenaFull,
  type Scalar,
  UNKNOWN,
  UNKNOWN_U16,
  UNKNOWN_U32,
  UNKNOWN_U8,
  ZERO,
  arenaCompact,
  arenaMark,
  arenaReset,
  arenaUsage,
  constant,
} from './arena.ts';
export {
  ADD,
  AND,
  ARSH,
  DIV,
  LSH,
  MOD,
  MUL,
  NEG,
  OR,
  RSH,
  SUB,
  XOR,
  addConst,
  addLinked,
  alu,
  isComputable,
  neg,
  packetAdd,
  packetSub,
  pointerAdd,
  pointerSub,
} from './alu.ts';
export { type Ways, decide, ways } from './branch.ts';
export { JEQ, JGE, JGT, JLE, JLT, JNE, JSET, JSGE, JSGT, JSLE, JSLT, mirrored } from './conditions.ts';
export {
  type BoundsFault,
  boundsFault,
  covers,
  rangeWithin,
  same64,
  sameBase,
  sameScalar,
  tnumIn,
} from './compare.ts';
export {
  constBigint,
  constHi,
  constLo,
  constNumber,
  constantS32,
  constantU32,
  fromBigint,
  isConst,
  isConst32,
  isExact,
  isTnumUnknown,
  isUnknown,
  isZero,
  maskHi,
  maskLo,
  s32maxNumber,
  s32minNumber,
  smaxNumber,
  sminIsNegative,
  sminIsUnlimited,
  sminNumber,
  u32maxNumber,
  u32minNumber,
  umaxNumber,
  uminNumber,
} from './inspect.ts';
export {
  forgetRanges,
  forkWidth,
  forked,
  narrowS32,
  withLow32,
  withSignedRange,
  withUnsignedRange,
} from './narrow.ts';
export {
  type ByteOrder,
  belowSignBit,
  byteSwap,
  fitsU32,
  isAligned,
  signExtend32,
  signExtend64,
  truncate,
  zext32,
} from './resize.ts';
export { type RawScalar, type ScalarView, fromRaw, raw, view } from './view.ts';
export { isDead } from './sync.ts';
