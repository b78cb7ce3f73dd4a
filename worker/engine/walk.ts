import type { Subprog, SubprogArg } from '../cfg/facts.ts';
import { prepareFuncArgs } from '../cfg/func-args.ts';
import { returnsVoid } from '../calls/subprog-args.ts';
import { Rejection } from '../failure/rule.ts';
import {
  ARG_ANYTHING,
  ARG_PTR_TO_ARENA,
  ARG_PTR_TO_BTF_ID,
  ARG_PTR_TO_CTX,
  ARG_PTR_TO_DYNPTR,
  ARG_PTR_TO_MEM,
  BPF_DYNPTR_TYPE_LOCAL,
  CONST_PTR_TO_DYNPTR,
  MEM_RDONLY,
  PTR_MAYBE_NULL,
  PTR_TO_BTF_ID,
  PTR_TO_CTX,
  PTR_TO_MEM,
  PTR_TRUSTED,
  PTR_UNTRUSTED,
  baseType,
} from '../kernel/types.ts';
import { BPF_PROG_TYPE_EXT, BPF_PROG_TYPE_STRUCT_OPS } from '../kernel/uapi.ts';
import type { LogWriter } from '../log/writer.ts';
import type { Env } from '../state/env.ts';
import type { Frame } from '../state/frame.ts';
import { unknownReg } from '../state/marks.ts';
import { newFrame } from '../state/pending.ts';
import { acquireReference } from '../state/refs.ts';
import { BtfRef, DYNPTR_FIRST_SLOT, pointerReg, type Reg } from '../state/reg.ts';
import { State } from '../state/state.ts';
import { Explorer } from './explore.ts';
import { exitRules } from './rules.ts';
import { SccVisits } from './scc.ts';

/** A walk that looks up every few thousand instructions: it yields how many it has processed. */
export type Walk = Generator<number, void, void>;

/** Walks the main program and then every global function that was called, until no call is left unverified. */
export function* walkProgram(env: Env, log: LogWriter | null): Walk {
  yield* walkFunction(env, env.facts.subprogs[0], env.traits.sleepable, log);
  if (env.program.funcInfo.length !== 0) yield* walkGlobals(env, log);
}

/**
 * Verifies called global functions for any arguments that match their prototypes, each in the contexts it was called
 * in (kernel: do_check_subprogs).
 */
function* walkGlobals(env: Env, log: LogWriter | null): Walk {
  const { subprogs, exceptionCallbackSubprog } = env.facts;
  if (exceptionCallbackSubprog !== 0) subprogs[exceptionCallbackSubprog].called[env.traits.sleepable ? 1 : 0] = true;
  for (let again = true; again; ) {
    again = false;
    for (const sub of subprogs) {
      if (sub.index === 0 || !sub.isGlobal) continue;
      for (const context of [0, 1]) {
        if (!sub.called[context] || sub.verified[context]) continue;
        env.insnIdx = sub.start;
        yield* walkFunction(env, sub, context === 1, log);
        env.say("Func#%d ('%s') is safe for any args that match its prototype\n", sub.index, sub.name);
        sub.verified[context] = true;
        again = true;
      }
    }
  }
}

/** Walks one function from its entry (kernel: do_check_common). */
function* walkFunction(env: Env, sub: Subprog, sleepable: boolean, log: LogWriter | null): Walk {
  env.passCnt++;
  const frame = newFrame(env, -1, 0, sub.index);
  const state = new State([frame]);
  state.inSleepable = sleepable;
  state.firstInsnIdx = sub.start;
  env.cur = state;
  env.pending = null;
  env.pendingCount = 0;
  env.explored = new Array<undefined>(env.insns.length);
  if (env.obs !== null) env.obs.begin(sub.index, state);

  const extension = env.program.progType === BPF_PROG_TYPE_EXT;
  if (sub.index !== 0 || extension) enterByPrototype(env, sub, frame, extension);
  else enterMain(env, sub, frame);
  if (sub.index === 0 && env.program.progType === BPF_PROG_TYPE_STRUCT_OPS && env.attach !== null) {
    for (const arg of env.attach.ctxArgs) arg.refId = arg.refcounted ? acquireReference(env, 0, 0) : 0;
  }
  frame.mayHavePrecise = frame.regs.some((r) => r.precise);
  const explorer = new Explorer(env, new SccVisits(), log);
  while (!explorer.run()) yield env.stats.insnProcessed;
  if (log !== null) log.walkDone();
}

/** The main program gets its ctx; a prototype that says otherwise is not believed. */
function enterMain(env: Env, sub: Subprog, frame: Frame): void {
  if (env.program.funcInfo.length !== 0) {
    let reliable = false;
    try {
      prepareFuncArgs(env, sub);
      reliable = sub.argCnt === 1 && sub.args[0].type === ARG_PTR_TO_CTX;
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
    }
    if (!reliable) {
      sub.unreliable = true;
      sub.argCnt = 1;
      sub.stackArgCnt = 0;
    }
  }
  frame.regs[1] = pointerReg(PTR_TO_CTX);
}

function enterByPrototype(env: Env, sub: Subprog, frame: Frame, extension: boolean): void {
  env.say('Validating %s() func#%d...\n', sub.name, sub.index);
  prepareFuncArgs(env, sub);
  if (sub.isExceptionCb) {
    frame.inExceptionCallbackFn = true;
    if (returnsVoid(env, sub)) env.fail(exitRules.exceptionVoid);
    if (sub.argCnt !== 1 || sub.args[0].type !== ARG_ANYTHING) env.fail(exitRules.exceptionArgs);
  }
  for (let i = 0; i < Math.min(sub.argCnt, 5); i++) frame.regs[i + 1] = argumentReg(env, sub.args[i]);
  if (extension && sub.argCnt > 5) env.fail(exitRules.extArgs, [5]);
}

/** What a function may assume of an argument. */
function argumentReg(env: Env, arg: SubprogArg): Reg {
  const { type } = arg;
  if (type === ARG_PTR_TO_CTX) return pointerReg(PTR_TO_CTX);
  if (type === ARG_ANYTHING) return unknownReg(env);
  if (type === ARG_PTR_TO_DYNPTR) return pointerReg(CONST_PTR_TO_DYNPTR, BPF_DYNPTR_TYPE_LOCAL | DYNPTR_FIRST_SLOT, null, env.newId());
  switch (baseType(type)) {
    case ARG_PTR_TO_MEM: {
      const id = type & PTR_MAYBE_NULL ? env.newId() : 0;
      return pointerReg(PTR_TO_MEM | (type & (PTR_MAYBE_NULL | PTR_UNTRUSTED | MEM_RDONLY)), arg.memSize, null, id);
    }
    case ARG_PTR_TO_BTF_ID: {
      const flags = type & (PTR_MAYBE_NULL | PTR_UNTRUSTED | PTR_TRUSTED);
      return pointerReg(PTR_TO_BTF_ID | flags, 0, new BtfRef(env.model.btf(), arg.btfId), env.newId());
    }
    case ARG_PTR_TO_ARENA:
      // callers may pass a number as well
      return unknownReg(env);
    default:
      throw new Error(`argument type ${type} of a global function`);
  }
}
