import type { BtfParam } from '../../btf/btf.ts';
import type { KfuncMeta } from '../../cfg/facts.ts';
import { plainTypeName } from '../../kernel/plain-types.ts';
import { SCALAR_VALUE } from '../../kernel/types.ts';
import type { Kfunc } from '../../kernel/kfuncs.ts';
import { argName, type Argno } from '../../state/argno.ts';
import type { CallMeta } from '../../state/call-meta.ts';
import type { Env } from '../../state/env.ts';
import type { Reg } from '../../state/reg.ts';
import type { Report } from '../../failure/report.ts';
import { callArgReport } from '../reports.ts';
import { kfuncRules as R } from './rules.ts';

/** One kfunc call being judged. */
export interface KfuncCall {
  readonly pc: number;
  readonly func: KfuncMeta;
  readonly kfunc: Kfunc;
  readonly params: readonly BtfParam[];
  readonly meta: CallMeta;
}

/** The report on one of its arguments. */
export function argReport(
  env: Env,
  call: KfuncCall,
  argno: Argno,
  reason: string,
  suggestion: string,
): Report {
  return callArgReport(env, argno, call.func.name, reason, suggestion);
}

/** `R2 is a stack pointer`, as the reports put it. */
export function itIs(argno: Argno, reg: Reg): string {
  return `${argName(argno)} is ${plainTypeName(reg.type)}`;
}

/** Rejects anything but a number. */
export function requireScalar(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (reg.type === SCALAR_VALUE) return;
  env.fail(
    R.notScalar,
    [argName(argno)],
    argReport(
      env,
      call,
      argno,
      `the kfunc expects an integer scalar, but ${itIs(argno, reg)}`,
      'Pass an integer scalar value for this argument, not a pointer or resource object.',
    ),
  );
}
