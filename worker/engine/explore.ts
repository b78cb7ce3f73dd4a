import { AUX_JMP_POINT, AUX_NOSPEC, AUX_NOSPEC_RESULT, AUX_PRUNE_POINT, AUX_SEEN } from '../cfg/facts.ts';
import { EACCES, EINVAL, EPERM } from '../failure/errno.ts';
import { Rejection } from '../failure/rule.ts';
import * as op from '../isa/opcodes.ts';
import type { LogWriter } from '../log/writer.ts';
import { pushHistory } from '../precision/history.ts';
import type { Env } from '../state/env.ts';
import { NO_ENTRY } from '../state/history.ts';
import { PATH_END, UPDATED } from '../state/step.ts';
import { Compactor } from './compact.ts';
import { closeBranches } from './path-end.ts';
import { searchRules } from './rules.ts';
import type { SccVisits } from './scc.ts';
import { stepInsn } from './step.ts';
import { isStateVisited } from './visited.ts';

/** Instructions that may be walked (kernel: BPF_COMPLEXITY_LIMIT_INSNS). */
export const INSN_LIMIT = 1_000_000;
/** How often a long walk looks up, in instructions. */
const PULSE = 1 << 13;

/** The walk was stopped from outside. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/**
 * Walks every path from `env.insnIdx` on, depth first, until none is left (kernel: do_check). Rejects by throwing.
 */
export class Explorer {
  private prevInsn = -1;
  /** The next instruction is the first after another path, or after a return. */
  private newPath = false;
  /** An instruction is being judged: what fails now on a speculative path only ends that path. */
  private stepping = false;
  /** Number of processed instructions at which the walk looks up next. */
  private nextPulse: number;
  private readonly compactor: Compactor;

  constructor(
    private readonly env: Env,
    private readonly visits: SccVisits,
    private readonly log: LogWriter | null,
  ) {
    this.nextPulse = env.stats.insnProcessed + PULSE;
    this.compactor = new Compactor(env, visits);
  }

  /** Walks on; false: it only looked up after a few thousand instructions and is to be called again. */
  run(): boolean {
    for (;;) {
      try {
        return this.walk();
      } catch (error) {
        if (!this.stepping || !(error instanceof Rejection) || !this.env.cur.speculative || !isRecoverable(error.errno)) throw error;
        // keep processors from getting here by guesswork
        const { facts, cur } = this.env;
        facts.flags[cur.insnIdx] |= AUX_NOSPEC;
        facts.aluState[cur.insnIdx] = 0;
        if (!this.endPath()) return true;
      }
    }
  }

  private walk(): boolean {
    const { env, log } = this;
    const { insns, facts, stats } = env;
    const { code } = insns;
    const { flags } = facts;
    const count = insns.length;
    for (;;) {
      this.stepping = false;
      if (stats.insnProcessed >= this.nextPulse) {
        this.nextPulse = stats.insnProcessed + PULSE;
        this.compactor.check();
        return false;
      }
      env.curHist = NO_ENTRY;
      env.prevInsnIdx = this.prevInsn;
      const pc = env.insnIdx;
      if (pc >= count) env.fail(searchRules.outOfProgram, [pc, count]);
      const processed = ++stats.insnProcessed;
      if (processed > INSN_LIMIT) env.fail(searchRules.tooLarge, [processed]);
      const state = env.cur;
      state.lastInsnIdx = this.prevInsn;
      state.insnIdx = pc;
      if (env.obs !== null && env.obs.wantsWrites && !state.speculative && this.prevInsn >= 0) this.recordBranch(pc);

      const aux = flags[pc];
      if (aux & AUX_PRUNE_POINT && isStateVisited(env, this.visits, pc)) {
        if (log !== null) log.safe(state, this.prevInsn, this.newPath);
        if (!this.endPath()) return true;
        continue;
      }
      if (aux & AUX_JMP_POINT) pushHistory(env, state, 0, 0, 0, null);
      if (log !== null) {
        log.insn(state, this.prevInsn, this.newPath, processed - 1);
        if (log.level === 2) this.newPath = false;
      }
      if (env.obs !== null && env.obs.wantsSteps) env.obs.step(state, this.prevInsn);
      if (!state.speculative) flags[pc] |= AUX_SEEN;
      this.prevInsn = pc;
      if (state.speculative && aux & AUX_NOSPEC) {
        if (!this.endPath()) return true;
        continue;
      }

      this.stepping = true;
      const step = stepInsn(env, pc);
      this.stepping = false;
      if (step === PATH_END) {
        this.visits.checkEnd(env, env.cur);
        if (!this.endPath()) return true;
        continue;
      }
      if (step !== UPDATED) env.insnIdx++;
      else if (code[pc] === op.OP_EXIT) this.newPath = true;
      if (env.cur.speculative && flags[pc] & AUX_NOSPEC_RESULT && !this.endPath()) return true;
    }
  }

  /** Leaves the current path and takes up the one put aside last; false if there is none (kernel: process_bpf_exit). */
  private endPath(): boolean {
    const { env } = this;
    this.stepping = false;
    env.scratchAll();
    closeBranches(env, env.cur);
    const next = env.pending;
    if (next === null) {
      if (env.obs !== null) env.obs.popped(null);
      return false;
    }
    env.pending = next.next;
    env.pendingCount--;
    env.cur = next.state;
    env.insnIdx = next.insnIdx;
    this.prevInsn = next.prevInsnIdx;
    this.newPath = true;
    if (env.obs !== null) env.obs.popped(next.state);
    return true;
  }

  /** Tells which way a conditional jump was left; a jump to the next instruction has only one. */
  private recordBranch(pc: number): void {
    const { insns, obs } = this.env;
    const prev = this.prevInsn;
    const code = insns.code[prev];
    const cls = code & 7;
    if (cls !== op.BPF_JMP && cls !== op.BPF_JMP32) return;
    const operation = code & 0xf0;
    if (operation === op.BPF_JA || operation === op.BPF_CALL || operation === op.BPF_EXIT || operation > op.BPF_JCOND) return;
    const taken = prev + insns.off[prev] + 1;
    if (taken === prev + 1) return;
    if (pc === taken) obs!.branch(prev, true);
    else if (pc === prev + 1) obs!.branch(prev, false);
  }
}

function isRecoverable(errno: number): boolean {
  return errno === EPERM || errno === EACCES || errno === EINVAL;
}
