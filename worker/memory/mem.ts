import { MEM_RDONLY, PTR_MAYBE_NULL, PTR_UNTRUSTED, regTypeStr } from '../kernel/types.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { markRegUnknown } from '../state/marks.ts';
import type { Reg } from '../state/reg.ts';
import { failInvalidAccess } from './invalid.ts';
import { READ, WRITE, type Access } from './kinds.ts';
import { checkMemRegion } from './mem-region.ts';
import { isPointerValue } from './argument.ts';
import { MEMORY_RULES } from './rules.ts';

/** Loads and stores of memory of known size: from helpers, ring buffers, dynptr slices, or read with caught faults. */
export function checkMemoryAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
  insnIdx: number,
): void {
  const { type } = reg;
  const readonly = (type & MEM_RDONLY) !== 0;
  const probed = readonly && (type & PTR_UNTRUSTED) !== 0;
  if (type & PTR_MAYBE_NULL) failInvalidAccess(env, reg, argno, insnIdx);
  if (access === WRITE) {
    if (readonly) env.fail(MEMORY_RULES['cannot-write'], [argName(argno), regTypeStr(type)]);
    if (valueRegno >= 0 && isPointerValue(env, env.reg(valueRegno)))
      env.fail(MEMORY_RULES['leaks-into-mem'], [valueRegno]);
  }
  if (probed && !env.caps.allowPtrLeaks) {
    env.fail(MEMORY_RULES['untrusted-unpriv'], [regTypeStr(type)], {
      kind: 'policy',
      insn: insnIdx,
      operation: 'read from untrusted read-only memory',
      reason: 'the access requires CAP_PERFMON',
      suggestion: 'Load the program with CAP_PERFMON, or avoid dereferencing untrusted pointers.',
    });
  }
  if (!probed) checkMemRegion(env, reg, argno, off, size, reg.num, false);
  if (valueRegno >= 0 && (access === READ || readonly)) markRegUnknown(env, valueRegno);
}
