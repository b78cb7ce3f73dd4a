import { verify, type Outcome } from '../engine/verify.ts';
import { isWideSecond, readsOf } from './reads.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { Program } from '../program/program.ts';
import { IdleObserver } from '../state/idle-observer.ts';
import type { Reg } from '../state/reg.ts';
import type { State } from '../state/state.ts';
import { regContains } from './contains.ts';
import { run, type CallFrame, type Inputs } from './interpreter.ts';
import { Unknown, Violation } from './machine.ts';

/** The states of a walk by instruction and call chain. */
class States extends IdleObserver {
  override readonly wantsSteps = true;
  readonly byPlace = new Map<string, Reg[][]>();
  pruneCount = 0;
  override step(state: State): void {
    if (state.speculative) return;
    const key = placeOf(state.insnIdx, state.frames);
    let list = this.byPlace.get(key);
    if (list === undefined) this.byPlace.set(key, (list = []));
    list.push(state.top().regs.slice());
  }
  override pruned(): void {
    this.pruneCount++;
  }
}

const placeOf = (pc: number, frames: readonly { readonly callsite: number }[]): string =>
  `${pc}/${frames.map((f) => f.callsite).join('/')}`;

export interface Soundness {
  readonly outcome: Outcome;
  /** Runs that reached an exit, and runs that left what the machine knows. */
  readonly finished: number;
  readonly left: number;
  readonly steps: number;
  /** What went wrong in some run; null if nothing did. */
  readonly violation: string | null;
}

/**
 * Verifies a program and, if it is accepted, runs it: every register that an instruction reads must hold a value that
 * one of the walk's states at this place allows, all registers together. Where paths were cut short because of what does
 * not matter for safety (imprecise numbers), only programs whose numbers are always precise can be compared.
 */
export function checkSoundness(
  program: Program,
  model: KernelModel,
  inputs: () => Inputs,
  runs: number,
): Soundness {
  const states = new States();
  const outcome = verify(program, model, { level: 0, observers: [states] });
  const result = { outcome, finished: 0, left: 0, steps: 0, violation: null as string | null };
  if (outcome.verdict !== 'accepted' || outcome.env === null) return result;
  const comparable = !program.privileged || states.pruneCount === 0;
  // the pre-passes decide jumps whose outcome is constant: what these compare is then dead
  const { traits, insns } = outcome.env;
  const watch = (pc: number, frames: readonly CallFrame[]): void => {
    result.steps++;
    if (!comparable || isWideSecond(insns, pc)) return;
    const known = states.byPlace.get(placeOf(pc, frames));
    if (known === undefined) throw new Violation(`the walk never came to ${placeOf(pc, frames)}`);
    const { regs } = frames[frames.length - 1];
    const reads = readsOf(insns, pc).filter((regno) => regs[regno] !== null);
    if (!known.some((abstract) => reads.every((regno) => regContains(abstract[regno], regs[regno]!)))) {
      throw new Violation(
        `at ${pc}: ${reads.map((regno) => `r${regno} = ${regs[regno]!.region?.kind ?? ''} ${BigInt.asIntN(64, regs[regno]!.bits)}`).join(', ')} is in none of ${known.length} states`,
      );
    }
  };
  for (let i = 0; i < runs && result.violation === null; i++) {
    try {
      run(program, traits, inputs(), watch);
      result.finished++;
    } catch (error) {
      if (error instanceof Violation) result.violation = error.message;
      else if (error instanceof Unknown) result.left++;
      else throw error;
    }
  }
  return result;
}
