import { PTR_MAYBE_NULL, SCALAR_VALUE, regTypeStr } from '../kernel/types.ts';
import { argName, regOf, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import type { Reg } from '../state/reg.ts';
import { MEMORY_RULES } from './rules.ts';

/** The register is no pointer that may be dereferenced: a number, possibly NULL, or of a kind that is never memory. */
export function failInvalidAccess(env: Env, reg: Reg, argno: Argno, insnIdx: number): never {
  env.fail(MEMORY_RULES['invalid-access'], [argName(argno), regTypeStr(reg.type)], {
    kind: 'invalid-deref',
    insn: insnIdx,
    regno: regOf(argno),
    regName: argName(argno),
    reg,
    deref: reg.type === SCALAR_VALUE ? 'scalar' : reg.type & PTR_MAYBE_NULL ? 'nullable' : 'invalid',
    offset: 0n,
  });
}
