import {
  BPF_ADD,
  BPF_AND,
  BPF_CMPXCHG,
  BPF_DW,
  BPF_FETCH,
  BPF_LOAD_ACQ,
  BPF_OR,
  BPF_STORE_REL,
  BPF_W,
  BPF_XCHG,
  BPF_XOR,
  bytesOfSize,
  sizeOf,
} from '../isa/opcodes.ts';
import {
  PTR_TO_ARENA,
  PTR_TO_CTX,
  PTR_TO_FLOW_KEYS,
  regTypeStr,
  typeIsPktPointer,
  typeIsSkPointer,
} from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { DST_OP, SRC_OP, checkRegArg } from '../state/reg-arg.ts';
import { NEXT, type Step } from '../state/step.ts';
import { checkMemAccess } from './access.ts';
import { READ, WRITE } from './kinds.ts';
import { checkLoad, recordLoad } from './load.ts';
import { isPointerValue } from './argument.ts';
import { mayFaultOnDeref } from './pointer-offset.ts';
import { savePtrType } from './ptr-type.ts';
import { ATOMIC_RULES, MEMORY_RULES } from './rules.ts';
import { checkStore } from './store.ts';

const READ_MODIFY_WRITE: ReadonlySet<number> = new Set([
  BPF_ADD,
  BPF_ADD | BPF_FETCH,
  BPF_AND,
  BPF_AND | BPF_FETCH,
  BPF_OR,
  BPF_OR | BPF_FETCH,
  BPF_XOR,
  BPF_XOR | BPF_FETCH,
  BPF_XCHG,
  BPF_CMPXCHG,
]);
/** Operations that the JIT of x86-64 cannot do on arena memory: they take a loop, which faults would break. */
const NOT_IN_ARENA: ReadonlySet<number> = new Set([
  BPF_AND | BPF_FETCH,
  BPF_OR | BPF_FETCH,
  BPF_XOR | BPF_FETCH,
]);

/** Atomic operations, load-acquire and store-release (kernel: check_atomic). */
export function stepAtomic(env: Env, pc: number): Step {
  const imm = env.insns.imm[pc];
  if (READ_MODIFY_WRITE.has(imm)) readModifyWrite(env, pc, imm);
  else if (imm === BPF_LOAD_ACQ) loadAcquire(env, pc);
  else if (imm === BPF_STORE_REL) storeRelease(env, pc);
  else env.fail(ATOMIC_RULES.opcode, [imm]);
  return NEXT;
}

/** Does the kind of memory allow this atomic instruction? (kernel: atomic_ptr_type_ok) */
function pointerOk(env: Env, regno: number, imm: number): boolean {
  const { type } = env.reg(regno);
  if (type === PTR_TO_CTX || typeIsPktPointer(type) || type === PTR_TO_FLOW_KEYS || typeIsSkPointer(type))
    return false;
  if (type === PTR_TO_ARENA) return !NOT_IN_ARENA.has(imm);
  // A load-acquire is not made safe against faults.
  return imm !== BPF_LOAD_ACQ || !mayFaultOnDeref(type);
}

function loadAcquire(env: Env, pc: number): void {
  const src = env.insns.src[pc];
  checkRegArg(env, src, SRC_OP);
  if (!pointerOk(env, src, BPF_LOAD_ACQ)) env.fail(ATOMIC_RULES.load, [src, regTypeStr(env.reg(src).type)]);
  checkLoad(env, pc, true, false, false);
}

function storeRelease(env: Env, pc: number): void {
  const dst = env.insns.dst[pc];
  checkStore(env, pc, true);
  if (!pointerOk(env, dst, BPF_STORE_REL)) env.fail(ATOMIC_RULES.store, [dst, regTypeStr(env.reg(dst).type)]);
}

/** Register that receives the old value, -1 if none does. */
function fetchReg(env: Env, pc: number, imm: number): number {
  if (imm === BPF_CMPXCHG) return 0;
  return imm & BPF_FETCH ? env.insns.src[pc] : -1;
}

function readModifyWrite(env: Env, pc: number, imm: number): void {
  const { insns } = env;
  const code = insns.code[pc];
  const dst = insns.dst[pc];
  const src = insns.src[pc];
  const off = insns.off[pc];
  const size = bytesOfSize(code);
  if (sizeOf(code) !== BPF_W && sizeOf(code) !== BPF_DW) env.fail(ATOMIC_RULES.size);
  checkRegArg(env, src, SRC_OP);
  checkRegArg(env, dst, SRC_OP);
  if (imm === BPF_CMPXCHG) {
    checkRegArg(env, 0, SRC_OP);
    if (isPointerValue(env, env.reg(0))) env.fail(MEMORY_RULES['leaks-into-mem'], [0]);
  }
  if (isPointerValue(env, env.reg(src))) env.fail(MEMORY_RULES['leaks-into-mem'], [src]);
  if (!pointerOk(env, dst, imm)) env.fail(ATOMIC_RULES.store, [dst, regTypeStr(env.reg(dst).type)]);
  const fetch = fetchReg(env, pc, imm);
  if (fetch >= 0) checkRegArg(env, fetch, DST_OP);

  // The register that receives the old value may be the pointer itself: look at it anew each time.
  checkMemAccess(env, env.insnIdx, env.reg(dst), dst, off, size, READ, -1, true, false);
  if (fetch >= 0) {
    const before = env.reg(fetch);
    const pointer = env.reg(dst);
    checkMemAccess(env, env.insnIdx, pointer, dst, off, size, READ, fetch, true, false);
    if (env.obs !== null) recordLoad(env, fetch, before, pointer, off);
  }
  savePtrType(env, env.reg(dst).type, false);
  checkMemAccess(env, env.insnIdx, env.reg(dst), dst, off, size, WRITE, -1, true, false);
}
