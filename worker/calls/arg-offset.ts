import { isZero } from '../domain/scalar.ts';
import {
  ARG_PTR_TO_CTX,
  ARG_PTR_TO_DYNPTR,
  baseType,
  MEM_ALLOC,
  MEM_RCU,
  MEM_RDONLY,
  MEM_RINGBUF,
  NON_OWN_REF,
  OBJ_RELEASE,
  PTR_TO_ARENA,
  PTR_TO_BTF_ID,
  PTR_TO_BUF,
  PTR_TO_CTX,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_PACKET,
  PTR_TO_PACKET_META,
  PTR_TO_STACK,
  PTR_TRUSTED,
  SCALAR_VALUE,
} from '../kernel/types.ts';
import { checkPtrOffReg, isVarCtxOffAllowed } from '../memory/pointer-offset.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import type { Reg } from '../state/reg.ts';
import { callRules as R } from './rules.ts';

/** Pointers that may point anywhere into their object when they are passed. */
const ANY_OFFSET: ReadonlySet<number> = new Set([
  PTR_TO_STACK,
  PTR_TO_PACKET,
  PTR_TO_PACKET_META,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_MEM | MEM_RDONLY,
  PTR_TO_MEM | MEM_RINGBUF,
  PTR_TO_BUF,
  PTR_TO_BUF | MEM_RDONLY,
  PTR_TO_ARENA,
  SCALAR_VALUE,
]);

/** Pointers that may have a fixed offset. */
const FIXED_OFFSET: ReadonlySet<number> = new Set([
  PTR_TO_BTF_ID,
  PTR_TO_BTF_ID | MEM_ALLOC,
  PTR_TO_BTF_ID | PTR_TRUSTED,
  PTR_TO_BTF_ID | MEM_RCU,
  PTR_TO_BTF_ID | MEM_ALLOC | NON_OWN_REF,
  PTR_TO_BTF_ID | MEM_ALLOC | NON_OWN_REF | MEM_RCU,
]);

/** May a pointer with this offset be passed (kernel: check_func_arg_reg_off)? `btfFixedOffOk`: pointers into kernel objects may have one. */
export function checkFuncArgRegOff(
  env: Env,
  reg: Reg,
  argno: Argno,
  argType: number,
  btfFixedOffOk = true,
): void {
  if (argType & OBJ_RELEASE) {
    // a dynptr on the stack stands for the object that is released
    if (baseType(argType) === ARG_PTR_TO_DYNPTR && reg.type === PTR_TO_STACK) return;
    if (!isZero(reg.scalar)) env.fail(R.releaseOffset, [argName(argno)]);
  }
  if (ANY_OFFSET.has(reg.type)) return;
  if (FIXED_OFFSET.has(reg.type)) {
    checkPtrOffReg(env, reg, argno, btfFixedOffOk);
    return;
  }
  if (reg.type === PTR_TO_CTX && argType !== ARG_PTR_TO_CTX && isVarCtxOffAllowed(env)) return;
  checkPtrOffReg(env, reg, argno, false);
}
