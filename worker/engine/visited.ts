import { AUX_CALLS_CALLBACK, AUX_FORCE_CHECKPOINT, AUX_ITER_NEXT, AUX_JMP_POINT } from '../cfg/facts.ts';
import { formatKernel } from '../failure/format.ts';
import { Rejection } from '../failure/rule.ts';
import { constNumber } from '../domain/scalar.ts';
import { OP_MAY_GOTO } from '../isa/opcodes.ts';
import { pushHistory } from '../precision/history.ts';
import type { Env } from '../state/env.ts';
import { NO_ENTRY } from '../state/history.ts';
import { Checkpoint, exploredBucket } from '../state/explored.ts';
import { ITER_ACTIVE, IterExt } from '../state/reg.ts';
import type { State } from '../state/state.ts';
import { cleanState, clearSingularIds, forgetPrecision } from './clean.ts';
import { propagatePrecision } from './propagate.ts';
import { EXACT, NOT_EXACT, RANGE_WITHIN } from './reg-safe.ts';
import { searchRules } from './rules.ts';
import { addBackedge, isUnsettled, updatePeakStates, type SccVisits } from './scc.ts';
import { iteratorsMoved, maybeLooping, statesEqual } from './states-equal.ts';

/** Histories longer than this end in a checkpoint. */
const LONG_HISTORY = 40;
/** Checkpoints per instruction that unprivileged programs get. */
const UNPRIVILEGED_STATES = 64;

/**
 * At a prune point: is the current state covered by one that was seen here? If not it may become a checkpoint itself
 * (kernel: bpf_is_state_visited). True: the path need not be followed further.
 */
export function isStateVisited(env: Env, visits: SccVisits, insnIdx: number): boolean {
  const cur = env.cur;
  const stats = env.stats;
  const flags = env.facts.flags[insnIdx];
  const forced = (flags & AUX_FORCE_CHECKPOINT) !== 0;
  const mustAdd = env.testStateFreq || forced || cur.historyLength > LONG_HISTORY;
  let add = mustAdd || (stats.jmpsProcessed - stats.prevJmpsProcessed >= 2 && stats.insnProcessed - stats.prevInsnProcessed >= 8);

  cleanState(env, cur);

  const bucket = exploredBucket(env, insnIdx);
  let seen = 0;
  for (let i = bucket.length - 1; i >= 0; i--) {
    const known = bucket[i];
    const old = known.state;
    seen++;
    if (old.insnIdx !== insnIdx) continue;
    if (env.obs !== null && env.obs.wantsSearch) env.obs.considered(old, cur);

    if (old.branches !== 0) {
      // the path is in a loop, or the state is one of another path that is still being explored
      if (loopConverges(env, old, cur, insnIdx, flags)) {
        prune(env, known, cur, insnIdx, true);
        return true;
      }
      if (!mustAdd && stats.jmpsProcessed - stats.prevJmpsProcessed < 20 && stats.insnProcessed - stats.prevInsnProcessed < 100) add = false;
    } else {
      const loop = isUnsettled(old);
      if (statesEqual(env, old, cur, loop ? RANGE_WITHIN : NOT_EXACT)) {
        prune(env, known, cur, insnIdx, loop);
        return true;
      }
    }

    if (add) known.missCnt++;
    const patience = forced && old.branches > 0 ? 64 : 3;
    if (known.missCnt > known.hitCnt * patience + patience) {
      // unlikely to be of use
      bucket.splice(i, 1);
      known.inFreeList = true;
      stats.freeListSize++;
      stats.exploredStates--;
      maybeFree(env, known);
    }
  }
  if (stats.maxStatesPerInsn < seen) stats.maxStatesPerInsn = seen;
  if (!env.caps.bpfCapable && seen > UNPRIVILEGED_STATES) return false;
  if (add) addCheckpoint(env, visits, bucket, insnIdx);
  return false;
}

/** A checkpoint that is no longer compared with is dropped once nothing refers to it. */
export function maybeFree(env: Env, known: Checkpoint): void {
  if (!known.inFreeList || known.state.branches !== 0 || isUnsettled(known.state)) return;
  known.inFreeList = false;
  env.stats.freeListSize--;
}

/**
 * Both states are on one path, or `old` is not explored to its end. True: iterators, callbacks and may_goto have come
 * to a round that adds nothing. Rejects what can only go round for ever.
 */
function loopConverges(env: Env, old: State, cur: State, insnIdx: number, flags: number): boolean {
  const top = old.top();
  // another entry into an asynchronous callback
  if (top.inAsyncCallbackFn && top.asyncEntryCnt !== cur.top().asyncEntryCnt) return false;
  if (flags & AUX_ITER_NEXT) return statesEqual(env, old, cur, RANGE_WITHIN) && iteratorIsActive(cur);
  if (env.insns.code[insnIdx] === OP_MAY_GOTO && old.mayGotoDepth !== cur.mayGotoDepth && statesEqual(env, old, cur, RANGE_WITHIN)) return true;
  if (flags & AUX_CALLS_CALLBACK) return statesEqual(env, old, cur, RANGE_WITHIN);
  if (
    maybeLooping(old, cur) &&
    statesEqual(env, old, cur, EXACT) &&
    !iteratorsMoved(old, cur) &&
    old.mayGotoDepth === cur.mayGotoDepth &&
    old.callbackUnrollDepth === cur.callbackUnrollDepth
  ) {
    rejectLoop(env, old, cur, insnIdx);
  }
  return false;
}

function rejectLoop(env: Env, old: State, cur: State, insnIdx: number): never {
  const message = formatKernel(searchRules.infiniteLoop.text, [insnIdx]);
  if (env.walk !== null) {
    env.messages.sourceLine(insnIdx, '; ');
    env.messages.text(message);
    env.messages.text('cur state:');
    env.walk.frame(cur, cur.curframe);
    env.messages.text('old state:');
    env.walk.frame(old, cur.curframe);
  }
  throw new Rejection(searchRules.infiniteLoop, [insnIdx], searchRules.infiniteLoop.errno, message);
}

/** R1 of a call of `_next` points at its iterator, which may have more elements. */
export function iteratorIsActive(cur: State): boolean {
  const reg = cur.top().regs[1];
  const spi = (-constNumber(reg.scalar) - 1) >> 3;
  const ext = cur.frames[reg.num].stack[spi].reg.ext;
  return ext instanceof IterExt && ext.state === ITER_ACTIVE;
}

function prune(env: Env, known: Checkpoint, cur: State, insnIdx: number, loop: boolean): void {
  known.hitCnt++;
  if (env.facts.flags[env.insnIdx] & AUX_JMP_POINT) pushHistory(env, cur, 0, 0, 0, null);
  propagatePrecision(env, known.state, cur);
  if (loop) {
    const edge = cur.copy();
    edge.equalState = known.state;
    edge.insnIdx = insnIdx;
    addBackedge(env, known.state, edge);
  }
  if (env.obs !== null) env.obs.pruned(cur, known.state, loop ? 'loop' : 'safe');
}

function addCheckpoint(env: Env, visits: SccVisits, bucket: Checkpoint[], insnIdx: number): void {
  const cur = env.cur;
  const stats = env.stats;
  stats.totalStates++;
  stats.exploredStates++;
  updatePeakStates(stats);
  stats.prevJmpsProcessed = stats.jmpsProcessed;
  stats.prevInsnProcessed = stats.insnProcessed;
  if (env.caps.bpfCapable) forgetPrecision(cur);
  clearSingularIds(cur);

  const state = cur.copy();
  state.insnIdx = insnIdx;
  state.serial = stats.totalStates;
  if (state.branches !== 1) throw new Error(`a checkpoint starts with ${state.branches} branches at ${insnIdx}`);
  const known = new Checkpoint(state);
  state.checkpoint = known;
  visits.enter(env, state);
  cur.parent = state;
  cur.firstInsnIdx = insnIdx;
  cur.dfsDepth = state.dfsDepth + 1;
  cur.history = NO_ENTRY;
  cur.historyLength = 0;
  bucket.push(known);
  if (env.obs !== null) env.obs.checkpoint(state);
}
