import { sminIsNegative } from '../domain/scalar.ts';
import { sockAccess } from '../kernel/ctx.ts';
import { regTypeStr } from '../kernel/types.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { markRegUnknown } from '../state/marks.ts';
import type { Reg } from '../state/reg.ts';
import { WRITE, type Access } from './kinds.ts';
import { MEMORY_RULES } from './rules.ts';

/** Loads of sockets, whose layout is like a ctx's; nothing is writable (kernel: check_sock_access). */
export function checkSocketAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
  insnIdx: number,
): void {
  if (access === WRITE) env.fail(MEMORY_RULES['cannot-write'], [argName(argno), regTypeStr(reg.type)]);
  if (sminIsNegative(reg.scalar)) env.fail(MEMORY_RULES['negative-min'], [argName(argno)]);
  const field = sockAccess(reg.type, off, size, false);
  if (field === null) env.fail(MEMORY_RULES.socket, [argName(argno), regTypeStr(reg.type), off, size]);
  env.facts.ctxFieldSize[insnIdx] = field.fieldSize;
  if (valueRegno >= 0) markRegUnknown(env, valueRegno);
}
