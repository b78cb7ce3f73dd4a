import type { ContextKind, Report } from '../failure/report.ts';
import { argName, argOf, regOf, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';

/** The report on an argument that does not fit its call (kernel: bpf_diag_call_arg). */
export function callArgReport(
  env: Env,
  argno: Argno,
  callName: string,
  reason: string,
  suggestion: string,
): Report {
  const regno = regOf(argno);
  let arg = argOf(argno);
  if (arg < 0 && regno >= 1 && regno <= 5) arg = regno;
  return {
    kind: 'call-type',
    insn: env.insnIdx,
    argno: arg,
    regno,
    stackArgSlot: arg > 5 ? arg - 6 : -1,
    callName: callName === '' ? 'call' : callName,
    argName: argName(argno),
    reason,
    suggestion,
  };
}

/** The report on an operation that the region it runs in forbids. */
export function reportContextForbidden(insn: number, operation: string, suggestion: string): Report {
  return { kind: 'ctx-forbidden', insn, operation, suggestion };
}

/** The report on an operation that may not run while a region of one kind is active. */
export function reportContextActive(
  insn: number,
  operation: string,
  context: ContextKind,
  suggestion: string,
): Report {
  return { kind: 'ctx-active', insn, operation, context, suggestion };
}

/** The report on something that the program's type, licence or privileges do not allow. */
export function reportPolicy(insn: number, operation: string, reason: string, suggestion: string): Report {
  return { kind: 'policy', insn, operation, reason, suggestion };
}
