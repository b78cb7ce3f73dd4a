import { s32maxNumber, s32minNumber, smaxNumber, sminNumber, view } from '../domain/scalar.ts';
import type { Env } from '../state/env.ts';
import type { RetvalRange } from '../state/frame.ts';
import type { Reg } from '../state/reg.ts';
import { callRules as R } from './rules.ts';

const S64_MIN = -(1n << 63n);
const S64_MAX = (1n << 63n) - 1n;

/** Is every value of the register within the range? */
export function retvalWithin(range: RetvalRange, reg: Reg): boolean {
  if (range.return32bit)
    return range.min <= s32minNumber(reg.scalar) && s32maxNumber(reg.scalar) <= range.max;
  return range.min <= sminNumber(reg.scalar) && smaxNumber(reg.scalar) <= range.max;
}

/** Rejects a value outside its range: `where`, e.g. `At callback return` (kernel: verbose_invalid_scalar). */
export function failOutOfRange(
  env: Env,
  reg: Reg,
  range: RetvalRange,
  where: string,
  regName: string,
): never {
  const { smin, smax } = view(reg.scalar);
  let known = '';
  if (smin > S64_MIN) known += ` smin=${smin}`;
  if (smax < S64_MAX) known += ` smax=${smax}`;
  env.fail(R.valueOutOfRange, [
    where,
    regName,
    known === '' ? ' unknown scalar value' : known,
    range.min,
    range.max,
  ]);
}
