import { regOf, type Argno } from './argno.ts';
import type { Env } from './env.ts';
import type { Reg } from './reg.ts';

/** The register or on-stack argument of the current frame that `argno` names (kernel: get_func_arg_reg). */
export function argReg(env: Env, argno: Argno): Reg {
  const regno = regOf(argno);
  return regno >= 0 ? env.reg(regno) : env.frame().stackArgs[-argno - 6];
}
