import { isConst, constLo } from '../domain/scalar.ts';
import { BPF_DW, BPF_LDX, BPF_MEM, BPF_MEMSX, BPF_REG_PARAMS, BPF_ST, BPF_STX, bytesOfSize, modeOf } from '../isa/opcodes.ts';
import { PTR_TO_STACK } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { locate, recordWrite } from '../state/events.ts';
import type { Location } from '../state/observer.ts';
import { DST_OP_NO_MARK, SRC_OP, checkRegArg } from '../state/reg-arg.ts';
import type { Reg } from '../state/reg.ts';
import { NEXT, type Step } from '../state/step.ts';
import { checkMemAccess } from './access.ts';
import { READ, WRITE } from './kinds.ts';
import { savePtrType } from './ptr-type.ts';
import { checkStackArgRead, checkStackArgWrite } from './stack-args.ts';

const LDX_DW = BPF_LDX | BPF_MEM | BPF_DW;
const ST_DW = BPF_ST | BPF_MEM | BPF_DW;
const STX_DW = BPF_STX | BPF_MEM | BPF_DW;

/** `r1 = *(u64 *)(r2 + 8)` and its kin. */
export function stepLoad(env: Env, pc: number): Step {
  checkLoad(env, pc, false, modeOf(env.insns.code[pc]) === BPF_MEMSX, true);
  return NEXT;
}

/** `*(u64 *)(r1 + 8) = r2` and its kin. */
export function stepStore(env: Env, pc: number): Step {
  checkStore(env, pc, false);
  return NEXT;
}

/** `*(u64 *)(r1 + 8) = 7` and its kin. */
export function stepStoreImm(env: Env, pc: number): Step {
  const { insns } = env;
  const dst = insns.dst[pc];
  const off = insns.off[pc];
  if (dst === BPF_REG_PARAMS && insns.code[pc] === ST_DW && off < 0 && (off & 7) === 0) {
    checkStackArgWrite(env, off, -1);
    return NEXT;
  }
  checkRegArg(env, dst, SRC_OP);
  const pointer = env.reg(dst);
  checkMemAccess(env, env.insnIdx, pointer, dst, off, bytesOfSize(insns.code[pc]), WRITE, -1, false, false);
  savePtrType(env, pointer.type, false);
  return NEXT;
}

/** Loads a register, also for load-acquire (kernel: check_load_mem). */
export function checkLoad(env: Env, pc: number, strictOnce: boolean, isLdsx: boolean, mixTrust: boolean): void {
  const { insns } = env;
  const dst = insns.dst[pc];
  const src = insns.src[pc];
  const off = insns.off[pc];
  const code = insns.code[pc];
  if (src === BPF_REG_PARAMS && code === LDX_DW && off > 0 && (off & 7) === 0) {
    checkRegArg(env, dst, DST_OP_NO_MARK);
    checkStackArgRead(env, off, dst);
    return;
  }
  checkRegArg(env, src, SRC_OP);
  checkRegArg(env, dst, DST_OP_NO_MARK);
  const pointer = env.reg(src);
  const before = env.reg(dst);
  checkMemAccess(env, env.insnIdx, pointer, src, off, bytesOfSize(code), READ, dst, strictOnce, isLdsx);
  savePtrType(env, pointer.type, mixTrust);
  if (env.obs !== null) recordLoad(env, dst, before, pointer, off);
}

/** Reports that a register was loaded; a slot at a fixed place of the stack is where the value comes from. */
export function recordLoad(env: Env, regno: number, before: Reg, pointer: Reg, off: number): void {
  let origin: Location | null = null;
  if (pointer.type === PTR_TO_STACK && isConst(pointer.scalar)) {
    origin = locate(env, pointer.num, 'slot', (-(off + constLo(pointer.scalar)) - 1) >> 3);
  }
  recordWrite(env, env.cur.frames.length - 1, 'reg', regno, before, env.reg(regno), 'write', origin);
}

/** Stores a register, also for store-release (kernel: check_store_reg). */
export function checkStore(env: Env, pc: number, strictOnce: boolean): void {
  const { insns } = env;
  const dst = insns.dst[pc];
  const src = insns.src[pc];
  const off = insns.off[pc];
  const code = insns.code[pc];
  checkRegArg(env, src, SRC_OP);
  if (dst === BPF_REG_PARAMS && code === STX_DW && off < 0 && (off & 7) === 0) {
    checkStackArgWrite(env, off, src);
    return;
  }
  checkRegArg(env, dst, SRC_OP);
  const pointer = env.reg(dst);
  checkMemAccess(env, env.insnIdx, pointer, dst, off, bytesOfSize(code), WRITE, src, strictOnce, false);
  savePtrType(env, pointer.type, false);
}
