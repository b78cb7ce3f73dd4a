import { constNumber, isConst } from '../domain/scalar.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { markRegUnknown } from '../state/marks.ts';
import type { Reg } from '../state/reg.ts';
import { tnumText } from './bounds.ts';
import { READ, WRITE, type Access } from './kinds.ts';
import { isPointerValue } from './argument.ts';
import { MEMORY_RULES } from './rules.ts';

/** sizeof(struct bpf_flow_keys) */
const FLOW_KEYS_SIZE = 56;

/** Loads and stores of the flow dissector's keys, at constant offsets. */
export function checkFlowKeysAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
): void {
  if (access === WRITE && valueRegno >= 0 && isPointerValue(env, env.reg(valueRegno))) {
    env.fail(MEMORY_RULES['leaks-into-flow-keys'], [valueRegno]);
  }
  if (!isConst(reg.scalar))
    env.fail(MEMORY_RULES['flow-keys-var-off'], [argName(argno), off, tnumText(reg.scalar)]);
  const at = (off + constNumber(reg.scalar)) | 0;
  if (at < 0 || at + size > FLOW_KEYS_SIZE) env.fail(MEMORY_RULES['flow-keys'], [at, size]);
  if (access === READ && valueRegno >= 0) markRegUnknown(env, valueRegno);
}
