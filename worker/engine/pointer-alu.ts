import {
  constBigint,
  constNumber,
  isConst,
  isExact,
  packetAdd,
  packetSub,
  pointerAdd,
  pointerSub,
  smaxNumber,
  sminIsNegative,
  sminNumber,
  umaxNumber,
  uminNumber,
  view,
  type Scalar,
} from '../domain/scalar.ts';
import { BPF_ADD, BPF_ALU64, BPF_AND, BPF_OR, BPF_SUB, BPF_XOR } from '../isa/opcodes.ts';
import { aluOperator } from '../isa/kernel-print.ts';
import { plainTypeName } from '../kernel/plain-types.ts';
import {
  BASE_TYPE_MASK,
  baseType,
  CONST_PTR_TO_DYNPTR,
  CONST_PTR_TO_MAP,
  PTR_MAYBE_NULL,
  PTR_TO_BTF_ID,
  PTR_TO_BUF,
  PTR_TO_CTX,
  PTR_TO_FLOW_KEYS,
  PTR_TO_FUNC,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_PACKET,
  PTR_TO_PACKET_META,
  PTR_TO_STACK,
  PTR_TO_TP_BUFFER,
  PTR_UNTRUSTED,
  regTypeStr,
  typeIsPktPointer,
} from '../kernel/types.ts';
import { constSigned, MAX_VAR_OFF } from '../memory/bounds.ts';
import type { Report } from '../failure/report.ts';
import type { Rule } from '../failure/rule.ts';
import type { Arg } from '../failure/format.ts';
import type { Env } from '../state/env.ts';
import { unknownReg } from '../state/marks.ts';
import { type Reg, withId, withNum, withScalar } from '../state/reg.ts';
import { aluRules as R } from './alu-rules.ts';
import { checkResultBounds, closeWindow, isSanitized, openWindow } from './sanitize.ts';

/** Pointers that take any offset; the rest take a known one, zero, or none. */
const MOVABLE: readonly boolean[] = tableOf([
  PTR_TO_CTX,
  PTR_TO_MAP_VALUE,
  PTR_TO_MAP_KEY,
  PTR_TO_STACK,
  PTR_TO_PACKET_META,
  PTR_TO_PACKET,
  PTR_TO_TP_BUFFER,
  PTR_TO_BTF_ID,
  PTR_TO_MEM,
  PTR_TO_BUF,
  PTR_TO_FUNC,
  CONST_PTR_TO_DYNPTR,
]);

/** True at each of the base types. */
function tableOf(types: readonly number[]): boolean[] {
  return Array.from({ length: BASE_TYPE_MASK + 1 }, (_, type) => types.includes(type));
}

function reject(env: Env, rule: Rule, args: readonly Arg[], pc: number, regno: number, problem: string, reason: string, suggestion: string): never {
  const report: Report = { kind: 'register-type', insn: pc, regno, problem, reason, suggestion };
  return env.fail(rule, args, report);
}

/**
 * Arithmetic of a pointer and a number: returns what the destination holds afterwards, or rejects (kernel:
 * adjust_ptr_min_max_vals). `ptrRegno` carries the pointer, `off` is the number.
 */
export function pointerArithmetic(env: Env, pc: number, ptrRegno: number, ptr: Reg, off: Reg): Reg {
  const { insns } = env;
  const code = insns.code[pc];
  const op = code & 0xf0;
  const dst = insns.dst[pc];
  const known = isConst(off.scalar);
  // bounds that contradict each other come from dead branches
  if (hasInvalidBounds(off.scalar, known)) return unknownReg(env);
  if ((code & 7) !== BPF_ALU64) {
    if (op === BPF_SUB && env.caps.allowPtrLeaks) return unknownReg(env);
    reject(
      env,
      R.pointer32,
      [dst],
      pc,
      ptrRegno,
      '32-bit pointer arithmetic',
      `R${ptrRegno} holds ${plainTypeName(ptr.type)}. 32-bit ALU operations on pointers discard pointer tracking, so the verifier cannot keep the result as a safe pointer.`,
      'Use a 64-bit ALU instruction with an allowed, bounded scalar offset.',
    );
  }
  if (ptr.type & PTR_MAYBE_NULL) {
    reject(
      env,
      R.nullable,
      [dst, regTypeStr(ptr.type)],
      pc,
      ptrRegno,
      'pointer arithmetic before NULL check',
      `R${ptrRegno} may be NULL (${regTypeStr(ptr.type)}). Pointer arithmetic is allowed only after the program proves the pointer is non-NULL on this path.`,
      'Make sure that a NULL check precedes any arithmetic performed on the pointer.',
    );
  }
  const base = baseType(ptr.type);
  const movable =
    MOVABLE[base] ||
    (base === PTR_TO_FLOW_KEYS && known) ||
    ((base === CONST_PTR_TO_MAP || base === PTR_TO_FLOW_KEYS) && known && op === BPF_ADD && constBigint(off.scalar) === 0n);
  if (!movable) {
    reject(
      env,
      R.kindProhibited,
      [dst, regTypeStr(ptr.type)],
      pc,
      ptrRegno,
      'pointer arithmetic is not allowed',
      `R${ptrRegno} holds ${plainTypeName(ptr.type)}. This pointer kind does not allow offset arithmetic.`,
      "Do not change this pointer's offset; use it only in operations accepted for its kind.",
    );
  }
  // accesses to untrusted memory are made with caught faults: offsets do not matter
  if (base === PTR_TO_MEM && ptr.type & PTR_UNTRUSTED) return ptr;

  checkScalarOffset(env, pc, ptrRegno, ptr, off.scalar);
  if (isFar(ptr.scalar)) {
    rejectFar(
      env,
      pc,
      ptr,
      ptr.scalar,
      ptrRegno,
      `R${ptrRegno} already has an offset outside the verifier's safe range [-${MAX_VAR_OFF}, ${MAX_VAR_OFF}] for ${plainTypeName(ptr.type)}.`,
      "Keep the base pointer within the verifier's allowed offset range before applying more arithmetic.",
    );
  }
  const ptrIsDst = ptrRegno === dst;
  const window = isSanitized(op) ? openWindow(env, pc, ptr, off, ptrIsDst) : null;
  const result = move(env, pc, op, dst, ptrRegno, ptr, off, known);
  if (isFar(result.scalar)) {
    rejectFar(
      env,
      pc,
      ptr,
      result.scalar,
      ptrRegno,
      `After this arithmetic, R${dst} would be outside the verifier's safe offset range [-${MAX_VAR_OFF}, ${MAX_VAR_OFF}] for ${plainTypeName(ptr.type)}.`,
      'Tighten the scalar bounds before the arithmetic so the resulting pointer remains within the allowed range.',
    );
  }
  checkResultBounds(env, pc, result);
  if (window !== null) closeWindow(env, pc, window, result);
  return result;
}

function hasInvalidBounds(s: Scalar, known: boolean): boolean {
  if (isExact(s)) return false;
  const smin = sminNumber(s);
  const smax = smaxNumber(s);
  const umin = uminNumber(s);
  const umax = umaxNumber(s);
  return smin > smax || umin > umax || (known && (smin !== smax || umin !== umax));
}

function move(env: Env, pc: number, op: number, dst: number, ptrRegno: number, ptr: Reg, off: Reg, known: boolean): Reg {
  if (op !== BPF_ADD && op !== BPF_SUB) return rejectOperator(env, pc, op, dst, ptrRegno, ptr);
  if (op === BPF_SUB) {
    if (ptrRegno !== dst) {
      reject(
        env,
        R.subtractFromScalar,
        [dst],
        pc,
        ptrRegno,
        'pointer subtracted from scalar',
        `This operation subtracts pointer register R${ptrRegno} from scalar register R${dst}. The verifier only tracks pointer-minus-scalar arithmetic for allowed pointer types.`,
        'Keep the pointer as the base; only add or subtract bounded scalars when permitted.',
      );
    }
    if (ptr.type === PTR_TO_STACK) {
      reject(
        env,
        R.subtractFromStack,
        [dst],
        pc,
        ptrRegno,
        'subtraction from stack pointer',
        `R${ptrRegno} is a stack pointer. The verifier does not allow BPF_SUB to move stack pointers.`,
        'Use addition from R10 to form stack addresses within the tracked stack frame.',
      );
    }
  }
  const add = op === BPF_ADD;
  if (!typeIsPktPointer(ptr.type)) {
    return withScalar(ptr, add ? pointerAdd(ptr.scalar, off.scalar) : pointerSub(ptr.scalar, off.scalar));
  }
  // an unknown distance makes another packet pointer; where it went is known only if it did not pass its end
  const forgets = (add ? !known : !known && sminIsNegative(off.scalar)) || ptr.num < 0;
  const moved = withNum(known ? ptr : withId(ptr, env.newId()), forgets ? 0 : ptr.num);
  if (known || moved.num > 0) {
    return withScalar(moved, add ? packetAdd(ptr.scalar, off.scalar) : packetSub(ptr.scalar, off.scalar));
  }
  return withScalar(moved, add ? pointerAdd(ptr.scalar, off.scalar) : pointerSub(ptr.scalar, off.scalar));
}

function rejectOperator(env: Env, pc: number, op: number, dst: number, ptrRegno: number, ptr: Reg): never {
  const operator = aluOperator(op);
  if (op === BPF_AND || op === BPF_OR || op === BPF_XOR) {
    return reject(
      env,
      R.bitwise,
      [dst, operator],
      pc,
      ptrRegno,
      'bitwise operation on pointer',
      `R${ptrRegno} holds ${plainTypeName(ptr.type)}. Bitwise operator ${operator} would destroy the pointer value the verifier is tracking.`,
      'Do bitwise operations on scalar values, not on pointer-valued registers.',
    );
  }
  return reject(
    env,
    R.operator,
    [dst, operator],
    pc,
    ptrRegno,
    'invalid pointer arithmetic operator',
    `R${ptrRegno} holds ${plainTypeName(ptr.type)}. Operator ${operator} is not one of the limited pointer arithmetic operations the verifier can track.`,
    'Use only verifier-supported addition or subtraction with a bounded scalar offset, or perform this operation on a scalar value.',
  );
}

/** A number that could take any pointer out of its object rejects at once (kernel: check_reg_sane_offset_scalar). */
function checkScalarOffset(env: Env, pc: number, ptrRegno: number, ptr: Reg, off: Scalar): void {
  const smin = sminNumber(off);
  const known = isConst(off);
  const constTooLarge = known && Math.abs(constNumber(off)) >= MAX_VAR_OFF;
  if (!constTooLarge && smin > -MAX_VAR_OFF && smin < MAX_VAR_OFF) return;
  const type = regTypeStr(ptr.type);
  const report: Report = {
    kind: 'register-type',
    insn: pc,
    regno: ptrRegno,
    problem: 'pointer offset is not safe',
    reason: `The scalar offset used with R${ptrRegno} is unbounded or outside the verifier's safe pointer-offset range [-${MAX_VAR_OFF}, ${MAX_VAR_OFF}].`,
    suggestion: 'Clamp or bounds-check the scalar offset before applying it to the pointer.',
  };
  if (constTooLarge) env.fail(R.offsetConstant, [type, constSigned(off)], report);
  const exact = view(off).smin; // the number above is rounded
  if (exact === -(2n ** 63n)) env.fail(R.offsetUnbounded, [type], report);
  env.fail(R.offsetOutOfBounds, [exact, type], report);
}

/** Does a pointer lie too far from its object (kernel: check_reg_sane_offset_ptr)? */
function isFar(offset: Scalar): boolean {
  const smin = sminNumber(offset);
  return smin <= -MAX_VAR_OFF || smin >= MAX_VAR_OFF || isFarConst(offset);
}

function isFarConst(offset: Scalar): boolean {
  return isConst(offset) && Math.abs(constNumber(offset)) >= MAX_VAR_OFF;
}

function rejectFar(env: Env, pc: number, ptr: Reg, offset: Scalar, ptrRegno: number, reason: string, suggestion: string): never {
  const constTooLarge = isFarConst(offset);
  return env.fail(R.pointerOffset, [regTypeStr(ptr.type), constTooLarge ? constSigned(offset) : view(offset).smin], {
    kind: 'register-type',
    insn: pc,
    regno: ptrRegno,
    problem: 'pointer offset is not safe',
    reason,
    suggestion,
  });
}

