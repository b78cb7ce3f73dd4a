import { AUX_SEEN } from '../cfg/facts.ts';
import { stepHelperCall } from '../calls/helper-call.ts';
import { BPF_FUNC_kptr_xchg, BPF_FUNC_spin_unlock } from '../calls/helper-ids.ts';
import { kfuncRefusedUnderLock, stepKfuncCall } from '../calls/kfunc/kfunc-call.ts';
import { stepFuncCall } from '../calls/subprog-call.ts';
import * as op from '../isa/opcodes.ts';
import { stepAtomic } from '../memory/atomics.ts';
import { stepLoad, stepStore, stepStoreImm } from '../memory/load-store.ts';
import type { Env } from '../state/env.ts';
import { UPDATED, type Step } from '../state/step.ts';
import { stepAlu } from './alu.ts';
import { stepCondJmp } from './branch.ts';
import { stepExit } from './exit.ts';
import { stepGotox } from './gotox.ts';
import { stepLdImm } from './ld-imm.ts';
import { stepPacketLoad } from './packet-load.ts';
import { checkReturnCode } from './return-code.ts';
import { callRules } from './rules.ts';


/** Walks the instruction at `pc`: judges it in the current state and changes that to what holds after it (kernel: do_check_insn). */
export function stepInsn(env: Env, pc: number): Step {
  const code = env.insns.code[pc];
  switch (code & 7) {
    case op.BPF_ALU:
    case op.BPF_ALU64:
      return stepAlu(env, pc);
    case op.BPF_LDX:
      return stepLoad(env, pc);
    case op.BPF_STX:
      return (code & 0xe0) === op.BPF_ATOMIC ? stepAtomic(env, pc) : stepStore(env, pc);
    case op.BPF_ST:
      return stepStoreImm(env, pc);
    case op.BPF_LD:
      return (code & 0xe0) === op.BPF_IMM ? stepWideLoad(env, pc) : stepPacketLoad(env, pc);
    default:
      return stepJump(env, pc, code);
  }
}

function stepWideLoad(env: Env, pc: number): Step {
  stepLdImm(env, pc);
  if (!env.cur.speculative) env.facts.flags[pc + 1] |= AUX_SEEN;
  env.insnIdx = pc + 2;
  return UPDATED;
}

function stepJump(env: Env, pc: number, code: number): Step {
  env.stats.jmpsProcessed++;
  switch (code & 0xf0) {
    case op.BPF_CALL:
      return stepCall(env, pc);
    case op.BPF_EXIT:
      return stepExit(env);
    case op.BPF_JA:
      if (code & op.BPF_X) return stepGotox(env, pc);
      env.insnIdx = pc + 1 + ((code & 7) === op.BPF_JMP ? env.insns.off[pc] : env.insns.imm[pc]);
      return UPDATED;
    default:
      return stepCondJmp(env, pc);
  }
}

function stepCall(env: Env, pc: number): Step {
  const { insns } = env;
  const src = insns.src[pc];
  if (env.cur.activeLocks !== 0 && !callAllowedUnderLock(env, pc, src, insns.imm[pc])) {
    env.fail(callRules.callUnderLock, [], {
      kind: 'ctx-active',
      insn: pc,
      operation: 'function call',
      context: 'lock',
      suggestion: 'Release the BPF spin lock before making this call, or move the call outside the locked region.',
    });
  }
  env.scratchReg(0);
  // on-stack arguments are read before any call, or not at all
  if (env.subprog().argCnt > 5) env.cur.writable(env.cur.curframe).noStackArgLoad = true;
  if (src === op.BPF_PSEUDO_CALL) return stepFuncCall(env, pc);
  return src === op.BPF_PSEUDO_KFUNC_CALL ? stepKfuncCall(env, pc, (regno, name) => checkReturnCode(env, regno, name)) : stepHelperCall(env, pc);
}

function callAllowedUnderLock(env: Env, pc: number, src: number, imm: number): boolean {
  if (src === 0) return imm === BPF_FUNC_spin_unlock || imm === BPF_FUNC_kptr_xchg;
  return src !== op.BPF_PSEUDO_KFUNC_CALL || !kfuncRefusedUnderLock(env, pc);
}
