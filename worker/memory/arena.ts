import type { Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { markRegUnknown } from '../state/marks.ts';
import type { Reg } from '../state/reg.ts';
import { READ, type Access } from './kinds.ts';

/** Loads and stores of an arena: any address will do, faults are caught. */
export function checkArenaAccess(
  env: Env,
  _reg: Reg,
  _argno: Argno,
  _off: number,
  _size: number,
  access: Access,
  valueRegno: number,
): void {
  if (access === READ && valueRegno >= 0) markRegUnknown(env, valueRegno);
}
