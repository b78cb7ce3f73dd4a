import { boundsFault, decide, isConst, isZero, mirrored, ways, type Scalar } from '../domain/scalar.ts';
import { BPF_JCOND, BPF_JEQ, BPF_JMP32, BPF_JNE, BPF_X } from '../isa/opcodes.ts';
import { baseType, PTR_TO_BTF_ID, PTR_TO_STACK, SCALAR_VALUE, typeIsPktPointerAny, typeMayBeNull } from '../kernel/types.ts';
import { widenImpreciseScalars } from '../calls/widen.ts';
import { isNull, isPointerValue } from '../memory/pointer-offset.ts';
import { pushHistory } from '../precision/history.ts';
import { markChainPrecision } from '../precision/chain.ts';
import type { Env } from '../state/env.ts';
import { findPrevEntry } from '../state/explored.ts';
import { HIST_DST_STACK, HIST_SRC_STACK, type LinkedReg } from '../state/history.ts';
import { setFrameReg } from '../state/mutate.ts';
import { pushState } from '../state/pending.ts';
import { checkRegArg, SRC_OP } from '../state/reg-arg.ts';
import { withScalar, type Reg } from '../state/reg.ts';
import type { State } from '../state/state.ts';
import { NEXT, UPDATED, type Step } from '../state/step.ts';
import { forgetContradiction } from './alu.ts';
import { branchRules as R } from './alu-rules.ts';
import { collectLinked, syncLinked } from './linked.ts';
import { isNotNull, notNull, settleNullness } from './null-check.ts';
import { decidePacketEnd, matchPacketPointers } from './packet-range.ts';
import { pushSpeculative } from './sanitize.ts';

/** What most jumps find; never written to. */
const NONE_LINKED: LinkedReg[] = [];

/** Walks a conditional jump (kernel: check_cond_jmp_op): follows the fall-through and puts the jump aside, or decides. */
export function stepCondJmp(env: Env, pc: number): Step {
  const { insns } = env;
  const code = insns.code[pc];
  const op = code & 0xf0;
  if (op === BPF_JCOND) return mayGoto(env, pc);
  const is32 = (code & 7) === BPF_JMP32;
  const fromReg = (code & BPF_X) !== 0;
  const dst = insns.dst[pc];
  const src = insns.src[pc];

  checkRegArg(env, dst, SRC_OP);
  let stackOperands = env.reg(dst).type === PTR_TO_STACK ? HIST_DST_STACK : 0;
  if (fromReg) {
    checkRegArg(env, src, SRC_OP);
    const a = env.reg(dst);
    const b = env.reg(src);
    if (!(typeIsPktPointerAny(a.type) && typeIsPktPointerAny(b.type)) && isPointerValue(env, b)) env.fail(R.pointerComparison, [src]);
    if (b.type === PTR_TO_STACK) stackOperands |= HIST_SRC_STACK;
  }
  if (stackOperands !== 0) pushHistory(env, env.cur, stackOperands, 0, 0, null);

  const linkedSrc = fromReg && env.reg(src).type === SCALAR_VALUE && env.reg(src).id !== 0;
  const linkedDst = env.reg(dst).type === SCALAR_VALUE && env.reg(dst).id !== 0;
  let linked: LinkedReg[] = NONE_LINKED;
  if (linkedSrc || linkedDst) {
    linked = [];
    if (linkedSrc) collectLinked(env, env.reg(src).id, linked);
    // collecting may have taken the identity away
    if (env.reg(dst).id !== 0 && linkedDst) collectLinked(env, env.reg(dst).id, linked);
  }

  // collecting may have taken identities away: look again
  const a = env.reg(dst);
  const b = fromReg ? env.reg(src) : env.immReg(pc);
  const known = decideJump(env, op, is32, a, b, fromReg && src === dst);
  const target = pc + insns.off[pc] + 1;
  if (known >= 0) {
    if (a.type === SCALAR_VALUE) markChainPrecision(env, dst);
    if (fromReg && b.type === SCALAR_VALUE) markChainPrecision(env, src);
    return followOne(env, pc, known === 1 ? target : pc + 1, known === 1 ? pc + 1 : target);
  }
  const scalars = a.type === SCALAR_VALUE && b.type === SCALAR_VALUE;
  const { trueA, trueB, falseA, falseB } = ways;

  if (linked.length > 1) pushHistory(env, env.cur, 0, 0, 0, linked);
  const jump = pushState(env, target, pc, false);
  if (scalars) {
    refineWays(env, jump, dst, fromReg ? src : -1, a, b, trueA, trueB, falseA, falseB);
  } else if (fromReg && !is32) compareNullness(env, op, jump, dst, src);
  if (linked.length !== 0) learnLinked(env, jump, dst, fromReg ? src : -1, linked);
  compareZero(env, op, is32, fromReg, jump, dst, src, pc);
  if (env.walk !== null) env.walk.insnState(env);
  return NEXT;
}

/** `may_goto`: leaves the loop now, or later. */
function mayGoto(env: Env, pc: number): Step {
  const previous = env.cur.parent === null ? null : findPrevEntry(env, env.cur.parent, pc);
  const stay = pushState(env, pc + 1, pc, false);
  stay.mayGotoDepth++;
  if (previous !== null) widenImpreciseScalars(env, previous, stay);
  env.insnIdx = pc + env.insns.off[pc] + 1;
  return UPDATED;
}

/** Only one way is possible; the processor may still speculate along the other. */
function followOne(env: Env, pc: number, next: number, other: number): Step {
  if (!env.caps.bypassSpecV1) pushSpeculative(env, pc, other, true);
  if (env.walk !== null) env.walk.insnState(env);
  env.insnIdx = next;
  return UPDATED;
}

/** 1 taken, 0 not taken, -1 unknown: then, for numbers, `ways` holds what each way knows (kernel: is_branch_taken). */
function decideJump(env: Env, op: number, is32: boolean, a: Reg, b: Reg, same: boolean): 1 | 0 | -1 {
  if (a.type === SCALAR_VALUE && b.type === SCALAR_VALUE) return decide(op, is32, a.scalar, b.scalar, same);
  // the low half of a valid pointer may well be zero
  if (is32) return -1;
  if (typeIsPktPointerAny(a.type) && typeIsPktPointerAny(b.type)) return decidePacketEnd(op, a, b);
  let pointer = a;
  let number = b;
  let as = op;
  if (b.type !== SCALAR_VALUE || !isConst(b.scalar)) {
    pointer = b;
    number = a;
    as = mirrored(op);
  }
  if (number.type !== SCALAR_VALUE || !isZero(number.scalar) || !isNotNull(env, pointer)) return -1;
  if (as === BPF_JEQ) return 0;
  return as === BPF_JNE ? 1 : -1;
}

/** Gives both ways the operands as they are there. `src`: -1 for a constant. */
function refineWays(
  env: Env,
  jump: State,
  dst: number,
  src: number,
  a: Reg,
  b: Reg,
  trueA: Scalar,
  trueB: Scalar,
  falseA: Scalar,
  falseB: Scalar,
): void {
  env.setReg(dst, withScalar(a, falseA));
  setFrameReg(jump, jump.curframe, dst, withScalar(a, trueA));
  if (src >= 0) {
    env.setReg(src, withScalar(b, falseB));
    setFrameReg(jump, jump.curframe, src, withScalar(b, trueB));
  }
  checkWay(env, jump, dst, 'true_reg1');
  if (src >= 0) checkWay(env, jump, src, 'true_reg2');
  checkWay(env, env.cur, dst, 'false_reg1');
  if (src >= 0) checkWay(env, env.cur, src, 'false_reg2');
}

function checkWay(env: Env, state: State, regno: number, where: string): void {
  const fault = boundsFault(state.top().regs[regno].scalar);
  if (fault !== null) forgetContradiction(env, state, regno, where, fault);
}

const isLinked = (reg: Reg): boolean => reg.type === SCALAR_VALUE && reg.id !== 0;

function learnLinked(env: Env, jump: State, dst: number, src: number, linked: readonly LinkedReg[]): void {
  if (src >= 0 && isLinked(env.reg(src))) {
    syncLinked(env, env.cur, src, linked);
    syncLinked(env, jump, src, linked);
  }
  if (isLinked(env.reg(dst))) {
    syncLinked(env, env.cur, dst, linked);
    syncLinked(env, jump, dst, linked);
  }
}

/** Two pointers that are equal: if one is not NULL, neither is the other. */
function compareNullness(env: Env, op: number, jump: State, dst: number, src: number): void {
  if (op !== BPF_JEQ && op !== BPF_JNE) return;
  const a = env.reg(dst);
  const b = env.reg(src);
  if (a.type === SCALAR_VALUE || b.type === SCALAR_VALUE) return;
  if (baseType(a.type) === PTR_TO_BTF_ID || baseType(b.type) === PTR_TO_BTF_ID) return;
  const equal = op === BPF_JEQ ? jump : env.cur;
  if (isNotNull(env, a) && typeMayBeNull(b.type)) setFrameReg(equal, equal.curframe, src, notNull(equal.top().regs[src]));
  if (isNotNull(env, b) && typeMayBeNull(a.type)) setFrameReg(equal, equal.curframe, dst, notNull(equal.top().regs[dst]));
}

/** A NULL check, a packet bounds check, or a comparison that reveals an address. */
function compareZero(env: Env, op: number, is32: boolean, fromReg: boolean, jump: State, dst: number, src: number, pc: number): void {
  const a = env.reg(dst);
  const zero = fromReg ? isNull(env.reg(src)) : env.insns.imm[pc] === 0;
  if (!is32 && (op === BPF_JEQ || op === BPF_JNE) && typeMayBeNull(a.type) && zero) {
    // that the register is zero holds on this path only
    if (fromReg) markChainPrecision(env, src);
    settleNullness(env, env.cur, dst, op === BPF_JNE);
    settleNullness(env, jump, dst, op === BPF_JEQ);
    return;
  }
  if (!is32 && fromReg && matchPacketPointers(op, a, env.reg(src), dst, src, env.cur, jump)) return;
  if (isPointerValue(env, env.reg(dst))) env.fail(R.pointerComparison, [dst]);
}
