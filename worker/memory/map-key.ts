import { argName, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import { markRegUnknown } from '../state/marks.ts';
import type { Reg } from '../state/reg.ts';
import { WRITE, type Access } from './kinds.ts';
import { checkMemRegion } from './mem-region.ts';
import { MAP_RULES } from './rules.ts';

/** Loads of map keys, in callbacks; nobody may change a key. */
export function checkMapKeyAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
): void {
  if (access === WRITE) env.fail(MAP_RULES['key-write'], [argName(argno)]);
  checkMemRegion(env, reg, argno, off, size, (reg.ext as MapInfo).keySize, false);
  if (valueRegno >= 0) markRegUnknown(env, valueRegno);
}
