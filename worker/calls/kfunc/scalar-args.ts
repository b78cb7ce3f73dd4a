import { constBigint, isConst, sminIsNegative, sminNumber, umaxNumber, view } from '../../domain/scalar.ts';
import { Rejection } from '../../failure/rule.ts';
import { SCALAR_VALUE } from '../../kernel/types.ts';
import { READ, WRITE } from '../../memory/access.ts';
import { checkMemSizeReg, isSizeFailure } from '../../memory/helper-mem.ts';
import { isNull } from '../../memory/pointer-offset.ts';
import { markArgPrecision } from '../../memory/stack-args.ts';
import { argReg } from '../../state/arg-reg.ts';
import { argName, argnoFromArg, type Argno } from '../../state/argno.ts';
import type { Env } from '../../state/env.ts';
import type { Reg } from '../../state/reg.ts';
import { argReport, itIs, requireScalar, type KfuncCall } from './call.ts';
import { kfuncRules as R } from './rules.ts';

/** Bytes below which variable accesses must stay (kernel: BPF_MAX_VAR_SIZ). */
const MAX_VAR_SIZE = 1 << 29;

/** `__k`: a number known when the program is verified. */
export function checkConst(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  requireScalar(env, call, reg, argno);
  noteConst(env, call, reg, argno, () =>
    argReport(
      env,
      call,
      argno,
      `the kfunc requires this scalar argument to be a verifier-known constant, but ${argName(argno)} is variable on this path`,
      'Pass a compile-time constant or a value the verifier can prove is constant at this call.',
    ),
  );
}

function noteConst(
  env: Env,
  call: KfuncCall,
  reg: Reg,
  argno: Argno,
  report: () => ReturnType<typeof argReport>,
): void {
  if (call.meta.constantFound) throw new Error(`${call.func.name} has two constant arguments`);
  if (!isConst(reg.scalar)) env.fail(R.notConstant, [argName(argno)], report());
  markArgPrecision(env, argno);
  call.meta.constantFound = true;
  call.meta.constantValue = constBigint(reg.scalar);
}

/** `rdonly_buf_size`, `rdwr_buf_size`: how much memory the call returns. */
export function checkAllocSize(env: Env, call: KfuncCall, reg: Reg, argno: Argno, index: number): void {
  requireScalar(env, call, reg, argno);
  const { meta } = call;
  if (call.params[index].name === 'rdonly_buf_size') meta.r0Rdonly = true;
  if (meta.retMemFound) throw new Error(`${call.func.name} has two buffer sizes`);
  const report = argReport(
    env,
    call,
    argno,
    `the kfunc uses this argument as a return-buffer size, but ${argName(argno)} is invalid or variable on this path`,
    'Pass a verifier-known constant size for this kfunc buffer argument.',
  );
  if (!isConst(reg.scalar)) env.fail(R.sizeNotConst, [argName(argno)], report);
  const size = constBigint(reg.scalar);
  if (size > 0xffffffffn) env.fail(R.sizeTooLarge, [argName(argno)], report);
  markArgPrecision(env, argno);
  meta.retMemSize = Number(size);
  meta.retMemFound = true;
}

/** `__szk`: a constant length. */
export function checkConstMemSize(env: Env, call: KfuncCall, reg: Reg, argno: Argno, index: number): void {
  noteConst(env, call, reg, argno, () =>
    argReport(
      env,
      call,
      argno,
      `the kfunc requires this memory size to be a verifier-known constant, but ${argName(argno)} is variable on this path`,
      'Pass a compile-time constant or a value the verifier can prove is constant at this call.',
    ),
  );
  checkMemSize(env, call, reg, argno, index);
}

/** `__sz`: length of the memory that the argument before points to. */
export function checkMemSize(env: Env, call: KfuncCall, reg: Reg, argno: Argno, index: number): void {
  if (reg.type !== SCALAR_VALUE) {
    env.fail(
      R.notScalar,
      [argName(argno)],
      argReport(
        env,
        call,
        argno,
        `the kfunc expects a scalar memory size, but ${itIs(argno, reg)}`,
        'Pass an integer scalar length for this memory argument.',
      ),
    );
  }
  const bufferArg = argnoFromArg(index);
  const buffer = argReg(env, bufferArg);
  if (isNull(buffer)) return;
  try {
    checkMemSizeReg(env, buffer, reg, bufferArg, argno, READ | WRITE, true, call.meta);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    failMemoryPair(env, call, reg, argno, bufferArg, error);
  }
}

/** Says which half of a memory/length pair is wrong, after the reason itself. */
function failMemoryPair(
  env: Env,
  call: KfuncCall,
  size: Reg,
  argno: Argno,
  bufferArg: Argno,
  cause: Rejection,
): never {
  const buffer = argName(bufferArg);
  const length = argName(argno);
  const bound =
    'Constrain the memory size to a non-negative value smaller than BPF_MAX_VAR_SIZ before this call.';
  let report = null;
  if (!isSizeFailure(cause.rule)) {
    report = argReport(
      env,
      call,
      bufferArg,
      `it is the memory pointer in a memory/length pair with ${length}, but ${buffer} does not describe verifier-readable memory for the requested length`,
      'Pass a stack, map, context, or other verifier-known memory pointer, and keep the paired length within that object.',
    );
  } else if (sminIsNegative(size.scalar)) {
    report = argReport(
      env,
      call,
      argno,
      `the memory size in ${length} may be negative because its signed minimum is ${big(size, sminNumber(size.scalar), 'smin')}`,
      bound,
    );
  } else {
    report = argReport(
      env,
      call,
      argno,
      `the memory size in ${length} may reach ${big(size, umaxNumber(size.scalar), 'umax')} bytes, but variable memory accesses must stay below ${MAX_VAR_SIZE} bytes`,
      bound,
    );
  }
  env.fail(R.memoryPair, [buffer, length], report, cause.errno);
}

/** A bound as the log prints it: exact beyond 2^53 too. */
function big(reg: Reg, approx: number, which: 'smin' | 'umax'): string {
  return Number.isSafeInteger(approx) ? String(approx) : String(view(reg.scalar)[which]);
}
