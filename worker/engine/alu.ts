import {
  alu,
  belowSignBit,
  boundsFault,
  byteSwap,
  constantS32,
  constantU32,
  constNumber,
  fitsU32,
  forgetRanges,
  forked,
  forkWidth,
  isComputable,
  isConst,
  isConst32,
  constLo,
  signExtend32,
  signExtend64,
  raw,
  zext32,
  type Scalar,
} from '../domain/scalar.ts';
import {
  BPF_ADD,
  BPF_ALU64,
  BPF_AND,
  BPF_ARSH,
  BPF_DIV,
  BPF_END,
  BPF_LSH,
  BPF_MOD,
  BPF_MOV,
  BPF_NEG,
  BPF_OR,
  BPF_RSH,
  BPF_SUB,
  BPF_X,
} from '../isa/opcodes.ts';
import { aluOperator } from '../isa/kernel-print.ts';
import { PTR_TO_ARENA, SCALAR_VALUE } from '../kernel/types.ts';
import { isPointerValue } from '../memory/pointer-offset.ts';
import { withScalarId } from '../memory/scalar-id.ts';
import { markChainPrecision } from '../precision/chain.ts';
import type { Env } from '../state/env.ts';
import { recordWrite } from '../state/events.ts';
import { unknownReg } from '../state/marks.ts';
import { setFrameReg } from '../state/mutate.ts';
import { pushState } from '../state/pending.ts';
import { checkRegArg, DST_OP, DST_OP_NO_MARK, SRC_OP } from '../state/reg-arg.ts';
import { LINK_ADD32, LINK_ADD64, LINK_NONE, Reg, scalarReg, withId, withScalar, withValue } from '../state/reg.ts';
import type { State } from '../state/state.ts';
import { NEXT, type Step } from '../state/step.ts';
import { aluRules as R } from './alu-rules.ts';
import { pointerArithmetic } from './pointer-alu.ts';
import { isSanitized, sanitizeScalar } from './sanitize.ts';

/** `off` of a cast between address spaces. */
const ADDR_SPACE_CAST = 1;

/** Walks an arithmetic instruction (kernel: check_alu_op). */
export function stepAlu(env: Env, pc: number): Step {
  const { insns } = env;
  const dst = insns.dst[pc];
  const before = env.reg(dst);
  switch (insns.code[pc] & 0xf0) {
    case BPF_END:
    case BPF_NEG:
      unary(env, pc, dst);
      break;
    case BPF_MOV:
      move(env, pc, dst);
      break;
    default:
      binary(env, pc, dst);
  }
  const fault = boundsFault(env.reg(dst).scalar);
  if (fault !== null) forgetContradiction(env, env.cur, dst, 'alu', fault);
  if (env.obs !== null && env.obs.wantsWrites) recordWrite(env, env.cur.curframe, 'reg', dst, before, env.reg(dst));
  return NEXT;
}

/** Components that contradict each other are a bug of the verifier: it says so and knows nothing from there on. */
export function forgetContradiction(env: Env, state: State, regno: number, where: string, fault: string): void {
  const reg = state.top().regs[regno];
  sayContradiction(env, reg.scalar, where, fault);
  setFrameReg(state, state.curframe, regno, withScalar(reg, forgetRanges(reg.scalar)));
}

/** The kernel's text on contradicting components; rejects if the program asked for that (BPF_F_TEST_REG_INVARIANTS). */
function sayContradiction(env: Env, s: Scalar, where: string, fault: string): void {
  const { base, size, base32, size32, value, mask } = raw(s);
  env.say(
    'verifier bug: REG INVARIANTS VIOLATION (%s): %s r64={.base=%#llx, .size=%#llx} r32={.base=%#x, .size=%#x} var_off=(%#llx, %#llx)\n',
    where,
    fault,
    base,
    size,
    base32,
    size32,
    value,
    mask,
  );
  if (env.testRegInvariants) env.fail(R.invariants);
}

/** Negation and byte swaps. */
function unary(env: Env, pc: number, dst: number): void {
  const { insns } = env;
  checkRegArg(env, dst, SRC_OP);
  const reg = env.reg(dst);
  if (isPointerValue(env, reg)) env.fail(R.pointerProhibited, [dst]);
  if (reg.type !== SCALAR_VALUE) {
    checkRegArg(env, dst, DST_OP);
    return;
  }
  checkRegArg(env, dst, DST_OP_NO_MARK);
  const code = insns.code[pc];
  const is64 = (code & 7) === BPF_ALU64;
  if ((code & 0xf0) === BPF_NEG) {
    env.setReg(dst, withScalar(withId(reg, 0), alu(BPF_NEG, is64, 0, reg.scalar, reg.scalar)));
    return;
  }
  const bits = insns.imm[pc] as 16 | 32 | 64;
  const order = is64 ? 'bswap' : code & BPF_X ? 'be' : 'le';
  // the number is another one now, unless nothing was swapped or cut off
  const changes = order !== 'le' || bits !== 64;
  env.setReg(dst, withScalar(changes ? withId(reg, 0) : reg, byteSwap(order, bits, reg.scalar)));
}

function move(env: Env, pc: number, dst: number): void {
  const { insns } = env;
  const is64 = (insns.code[pc] & 7) === BPF_ALU64;
  if (!(insns.code[pc] & BPF_X)) {
    checkRegArg(env, dst, DST_OP_NO_MARK);
    const imm = insns.imm[pc];
    env.setReg(dst, env.sharedReg(pc, scalarReg(is64 ? constantS32(imm) : constantU32(imm), !env.caps.bpfCapable)));
    return;
  }
  const src = insns.src[pc];
  const off = insns.off[pc];
  if (off === ADDR_SPACE_CAST && env.arena === null) env.fail(R.castWithoutArena);
  checkRegArg(env, src, SRC_OP);
  checkRegArg(env, dst, DST_OP_NO_MARK);
  if (is64) move64(env, pc, dst, src, off);
  else move32(env, dst, src, off);
}

function move64(env: Env, pc: number, dst: number, src: number, off: number): void {
  const imm = env.insns.imm[pc];
  if (imm !== 0) {
    // imm 1: from the arena's address space to the kernel's
    env.setReg(dst, imm === 1 ? arenaReg(env) : unknownReg(env));
    return;
  }
  const reg = env.reg(src);
  if (off === 0) {
    env.setReg(dst, identified(env, src, reg));
    return;
  }
  if (isPointerValue(env, reg)) env.fail(R.signExtendPointer, [src]);
  if (reg.type !== SCALAR_VALUE) {
    env.setReg(dst, unknownReg(env));
    return;
  }
  const bytes = (off >> 3) as 1 | 2 | 4;
  const copy = belowSignBit(reg.scalar, bytes) ? identified(env, src, reg) : withId(reg, 0);
  env.setReg(dst, withScalar(copy, signExtend64(copy.scalar, bytes)));
}

function move32(env: Env, dst: number, src: number, off: number): void {
  const reg = env.reg(src);
  if (isPointerValue(env, reg)) env.fail(R.partialCopy, [src]);
  if (reg.type !== SCALAR_VALUE) {
    const unknown = unknownReg(env);
    env.setReg(dst, withScalar(unknown, zext32(unknown.scalar)));
    return;
  }
  const bytes = (off >> 3) as 1 | 2;
  const same = off === 0 ? fitsU32(reg.scalar) : belowSignBit(reg.scalar, bytes);
  const copy = same ? identified(env, src, reg) : withId(reg, 0);
  env.setReg(dst, withScalar(copy, off === 0 ? zext32(copy.scalar) : signExtend32(copy.scalar, bytes)));
}

/** The source of a copy, with an identity that both keep. */
function identified(env: Env, src: number, reg: Reg): Reg {
  const known = withScalarId(env, reg);
  if (known !== reg) env.setReg(src, known);
  return known;
}

/** A pointer into the arena: any number will do. */
function arenaReg(env: Env): Reg {
  const unknown = unknownReg(env);
  return new Reg(PTR_TO_ARENA, unknown.scalar, 0, LINK_NONE, 0, 0, 0, 0, null, unknown.precise);
}

function binary(env: Env, pc: number, dst: number): void {
  const { insns } = env;
  const code = insns.code[pc];
  const op = code & 0xf0;
  const fromReg = (code & BPF_X) !== 0;
  const imm = insns.imm[pc];
  if (fromReg) checkRegArg(env, insns.src[pc], SRC_OP);
  checkRegArg(env, dst, SRC_OP);
  if (!fromReg) {
    if (imm === 0 && (op === BPF_MOD || op === BPF_DIV)) env.fail(R.divByZero);
    if (op === BPF_LSH || op === BPF_RSH || op === BPF_ARSH) {
      if (imm < 0 || imm >= ((code & 7) === BPF_ALU64 ? 64 : 32)) env.fail(R.invalidShift, [imm]);
    }
  }
  checkRegArg(env, dst, DST_OP_NO_MARK);
  adjust(env, pc, op, dst, fromReg);
}

/** Computes the destination (kernel: adjust_reg_min_max_vals). */
function adjust(env: Env, pc: number, op: number, dst: number, fromReg: boolean): void {
  const { insns } = env;
  const is64 = (insns.code[pc] & 7) === BPF_ALU64;
  const src = insns.src[pc];
  const left = env.reg(dst);
  let right = fromReg ? env.reg(src) : null;
  if (env.arena !== null && arenaArithmetic(env, pc, dst, left, right, is64)) return;

  if (right === null) {
    right = env.immReg(pc);
    if (left.type !== SCALAR_VALUE) {
      env.setReg(dst, env.sharedReg(pc, pointerArithmetic(env, pc, dst, left, right)));
      return;
    }
  } else if (right.type !== SCALAR_VALUE) {
    if (left.type !== SCALAR_VALUE) {
      // the distance of two pointers is a number; nothing else can be said of two pointers
      if (op !== BPF_SUB || !env.caps.allowPtrLeaks) env.fail(R.pointerWithPointer, [dst, aluOperator(op)]);
      env.setReg(dst, unknownReg(env));
      return;
    }
    markChainPrecision(env, dst);
    env.setReg(dst, env.sharedReg(pc, pointerArithmetic(env, pc, src, right, env.reg(dst))));
    return;
  } else if (left.type !== SCALAR_VALUE) {
    markChainPrecision(env, src);
    env.setReg(dst, env.sharedReg(pc, pointerArithmetic(env, pc, dst, env.reg(dst), env.reg(src))));
    return;
  } else if (left.precise) {
    markChainPrecision(env, src);
    right = env.reg(src);
  }
  adjustScalar(env, pc, op, is64, dst, env.reg(dst), right, fromReg && src === dst);
}

/** Any arithmetic is allowed on arena pointers, but one instruction sees either such pointers or numbers. */
function arenaArithmetic(env: Env, pc: number, dst: number, left: Reg, right: Reg | null, is64: boolean): boolean {
  const isArena = left.type === PTR_TO_ARENA || right?.type === PTR_TO_ARENA;
  if (!isArena && !is64) return false;
  if (is64) {
    const extra = env.facts.extra.get(pc) ?? {};
    const kind = isArena ? 'arena' : 'number';
    if (extra.operands !== undefined && extra.operands !== kind) env.fail(R.arenaMixed);
    extra.operands = kind;
    env.facts.extra.set(pc, extra);
  }
  if (isArena && left.type !== PTR_TO_ARENA) env.setReg(dst, right!);
  return isArena;
}

/** Both operands are numbers (kernel: adjust_scalar_min_max_vals, and the links between copies). */
function adjustScalar(env: Env, pc: number, op: number, is64: boolean, dst: number, left: Reg, right: Reg, sameReg: boolean): void {
  if (!isComputable(op, is64, right.scalar)) {
    env.setReg(dst, unknownReg(env));
    return;
  }
  if (isSanitized(op)) sanitizeScalar(env, pc);
  let operand = left.scalar;
  if ((op === BPF_AND || op === BPF_OR) && isConst(right.scalar)) {
    const width = forkWidth(operand);
    if (width !== 0) {
      // 0 and -1 are followed apart: both results are then constants
      const branch = pushState(env, pc, pc, false);
      setFrameReg(branch, branch.curframe, dst, forkedReg(left, width, 0));
      const forkedLeft = forkedReg(left, width, -1);
      left = forkedLeft;
      operand = forkedLeft.scalar;
    }
  }
  const result = alu(op, is64, env.insns.off[pc], operand, right.scalar);
  env.setReg(dst, env.sharedReg(pc, linked(env, op, is64, left, result, operand, right.scalar, sameReg)));
}

/** One of the two values of a register that is 0 or -1; a whole value keeps no identity of its own. */
function forkedReg(reg: Reg, width: 64 | 32, n: 0 | -1): Reg {
  return withScalar(width === 64 ? withId(reg, 0) : reg, forked(reg.scalar, width, n));
}

/**
 * The register that `before` becomes when it receives `result`. After `r += constant` it stays linked to the one it was
 * copied from, at that distance, so that a later comparison of one tells about the other. Any other result stands alone.
 */
function linked(env: Env, op: number, is64: boolean, before: Reg, result: Scalar, value: Scalar, operand: Scalar, sameReg: boolean): Reg {
  if (before.id === 0 && before.link === LINK_NONE) return withScalar(before, result);
  const alone = (): Reg => withValue(before, result, 0, LINK_NONE, 0);
  if (before.id === 0) return alone();
  const addsConstant =
    env.caps.bpfCapable && (op === BPF_ADD || op === BPF_SUB) && !sameReg && (is64 ? isConst(operand) : isConst32(operand));
  if (!addsConstant || before.link !== LINK_NONE) return alone();
  let delta = is64 ? constNumber(operand) : constLo(operand);
  if (delta < -0x80000000 || delta > 0x7fffffff || (!is64 && !fitsU32(value))) return alone();
  if (op === BPF_SUB) {
    if (delta === -0x80000000) return alone();
    delta = -delta;
  }
  return withValue(before, result, before.id, is64 ? LINK_ADD64 : LINK_ADD32, delta === 0 ? 0 : delta);
}
