import { BPF_DW, BPF_MEM, BPF_REG_PARAMS, BPF_ST, BPF_STX, bytesOfSize } from '../isa/opcodes.ts';
import type { Env } from '../state/env.ts';
import { SRC_OP, checkRegArg } from '../state/reg-arg.ts';
import { checkMemAccess } from './access.ts';
import { WRITE } from './kinds.ts';
import { savePtrType } from './ptr-type.ts';
import { checkStackArgWrite } from './stack-args.ts';

const ST_DW = BPF_ST | BPF_MEM | BPF_DW;
const STX_DW = BPF_STX | BPF_MEM | BPF_DW;

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

/** Stores the instruction's immediate. */
export function checkStoreImm(env: Env, pc: number): void {
  const { insns } = env;
  const dst = insns.dst[pc];
  const off = insns.off[pc];
  const code = insns.code[pc];
  if (dst === BPF_REG_PARAMS && code === ST_DW && off < 0 && (off & 7) === 0) {
    checkStackArgWrite(env, off, -1);
    return;
  }
  checkRegArg(env, dst, SRC_OP);
  const pointer = env.reg(dst);
  checkMemAccess(env, env.insnIdx, pointer, dst, off, bytesOfSize(code), WRITE, -1, false, false);
  savePtrType(env, pointer.type, false);
}
