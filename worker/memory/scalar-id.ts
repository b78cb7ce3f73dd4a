import { SCALAR_VALUE } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { LINK_NONE, withId, type Reg } from '../state/reg.ts';
import { isConst } from '../domain/scalar.ts';

/**
 * Gives a scalar that is about to be copied an identity, so that what is learned of one copy holds for the other.
 * Constants need none; a link that carries a constant distance ends, since it cannot be chained
 * (kernel: assign_scalar_id_before_mov).
 */
export function withScalarId(env: Env, reg: Reg): Reg {
  if (reg.type !== SCALAR_VALUE) return reg;
  const id = reg.link === LINK_NONE ? reg.id : 0;
  if (id !== 0) return reg;
  return withId(reg, isConst(reg.scalar) ? 0 : env.newId());
}
