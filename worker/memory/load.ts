import { constLo, isConst } from '../domain/scalar.ts';
import { BPF_DW, BPF_LDX, BPF_MEM, BPF_REG_PARAMS, bytesOfSize } from '../isa/opcodes.ts';
import { PTR_TO_STACK } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { locate, recordWrite } from '../state/events.ts';
import type { Location } from '../state/observer.ts';
import { DST_OP_NO_MARK, SRC_OP, checkRegArg } from '../state/reg-arg.ts';
import type { Reg } from '../state/reg.ts';
import { checkMemAccess } from './access.ts';
import { READ } from './kinds.ts';
import { savePtrType } from './ptr-type.ts';
import { checkStackArgRead } from './stack-args.ts';

const LDX_DW = BPF_LDX | BPF_MEM | BPF_DW;

/** Loads a register, also for load-acquire (kernel: check_load_mem). */
export function checkLoad(
  env: Env,
  pc: number,
  strictOnce: boolean,
  isLdsx: boolean,
  mixTrust: boolean,
): void {
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
  if (env.obs !== null && env.obs.wantsWrites) recordLoad(env, dst, before, pointer, off);
}

/** Reports that a register was loaded; a slot at a fixed place of the stack is where the value comes from. */
export function recordLoad(env: Env, regno: number, before: Reg, pointer: Reg, off: number): void {
  let origin: Location | null = null;
  if (pointer.type === PTR_TO_STACK && isConst(pointer.scalar)) {
    origin = locate(env, pointer.num, 'slot', (-(off + constLo(pointer.scalar)) - 1) >> 3);
  }
  recordWrite(env, env.cur.frames.length - 1, 'reg', regno, before, env.reg(regno), 'write', origin);
}
