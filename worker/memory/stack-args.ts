import { constantS32 } from '../domain/scalar.ts';
import { NOT_INIT } from '../kernel/types.ts';
import { pushHistory } from '../precision/history.ts';
import type { Env } from '../state/env.ts';
import { locate, recordWrite } from '../state/events.ts';
import { HIST_STACK_ARG } from '../state/history.ts';
import { NOT_INIT_REG, scalarReg } from '../state/reg.ts';
import { MAX_FUNC_ARGS, MAX_FUNC_REG_ARGS } from './kinds.ts';
import { STACK_ARG_RULES } from './rules.ts';

/**
 * Stores an outgoing argument at r11 + `off` (-8 is the sixth): register `valueRegno`, or with -1 the instruction's
 * immediate (kernel: check_stack_arg_write).
 */
export function checkStackArgWrite(env: Env, off: number, valueRegno: number): void {
  const slot = (-off >> 3) - 1;
  const most = MAX_FUNC_ARGS - MAX_FUNC_REG_ARGS;
  if (slot >= most) env.fail(STACK_ARG_RULES['write-too-far'], [off, most]);
  const frameno = env.cur.frames.length - 1;
  const frame = env.cur.writable(frameno);
  const args = frame.stackArgs.slice();
  while (args.length <= slot) args.push(NOT_INIT_REG);
  const subprog = env.subprog();
  if (subprog.maxOutStackArgCnt < slot + 1) subprog.maxOutStackArgCnt = slot + 1;
  const before = args[slot];
  const imm = env.insns.imm[env.insnIdx];
  const after = valueRegno >= 0 ? frame.regs[valueRegno] : scalarReg(constantS32(imm));
  args[slot] = after;
  frame.stackArgs = args;
  if (after.precise) frame.mayHavePrecise = true;
  if (env.obs !== null) {
    const origin = valueRegno >= 0 ? locate(env, frameno, 'reg', valueRegno) : null;
    recordWrite(env, frameno, 'stack-arg', slot, before, after, 'write', origin);
  }
  frame.noStackArgLoad = true;
  pushHistory(env, env.cur, HIST_STACK_ARG, slot, 0, null);
}

/** Loads an incoming argument from r11 + `off` (8 is the sixth) into a register (kernel: check_stack_arg_read). */
export function checkStackArgRead(env: Env, off: number, dstRegno: number): void {
  const slot = (off >> 3) - 1;
  const frameno = env.cur.frames.length - 1;
  if (env.frame().noStackArgLoad) env.fail(STACK_ARG_RULES['load-after-store']);
  const incoming = Math.max(env.subprog().argCnt - MAX_FUNC_REG_ARGS, 0);
  if (slot + 1 > incoming) env.fail(STACK_ARG_RULES['read-too-far'], [off, incoming * 8]);
  const arg = env.cur.frames[frameno - 1].stackArgs[slot];
  const before = env.reg(dstRegno);
  env.setReg(dstRegno, arg);
  if (env.obs !== null)
    recordWrite(
      env,
      frameno,
      'reg',
      dstRegno,
      before,
      arg,
      'write',
      locate(env, frameno - 1, 'stack-arg', slot),
    );
  pushHistory(env, env.cur, HIST_STACK_ARG, slot, 0, null);
}

/** A call needs `nargs` arguments: are those beyond the fifth there? `names`: the parameters', where known. */
export function checkOutgoingStackArgs(
  env: Env,
  nargs: number,
  callee: string,
  names: readonly { readonly name: string }[] | null,
): void {
  const { stackArgs } = env.frame();
  for (let i = MAX_FUNC_REG_ARGS; i < nargs; i++) {
    const slot = i - MAX_FUNC_REG_ARGS;
    if (slot < stackArgs.length && stackArgs[slot].type !== NOT_INIT) continue;
    const argName = names?.[i]?.name ?? '';
    env.fail(STACK_ARG_RULES.uninit, [nargs, slot + 1], {
      kind: 'stack-arg-uninit',
      insn: env.insnIdx,
      nargs,
      slot,
      callee,
      argName,
    });
  }
}

export { markArgPrecision } from '../precision/chain.ts';
