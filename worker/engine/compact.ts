import { arenaCompact, arenaUsage, type Scalar } from '../domain/scalar.ts';
import type { Env } from '../state/env.ts';
import type { Frame } from '../state/frame.ts';
import type { Reg } from '../state/reg.ts';
import type { State } from '../state/state.ts';
import type { SccVisits } from './scc.ts';

/** Part of the arena that may be in use before it is looked through for what is still needed. */
const FULL = 0.75;

/**
 * Makes room in the arena during long walks: between two instructions, when most of it is in use, keeps the values that
 * states and observers still refer to.
 */
export class Compactor {
  /** Values in use at which the next look is due. */
  private due = arenaUsage().capacity * FULL;

  constructor(
    private readonly env: Env,
    private readonly visits: SccVisits,
  ) {}

  /** To be called every few thousand instructions; cheap unless there is need. */
  check(): void {
    if (arenaUsage().used < this.due) return;
    this.env.forgetSharedRegs();
    const live = liveRegs(this.env, this.visits);
    const moved = arenaCompact(scalarsOf(live), this.env.arenaFloor);
    for (const reg of live) reg.moveScalar(moved);
    // if much is needed, the rest is halved each time instead of looking through it all over again
    const { used, capacity } = arenaUsage();
    this.due = Math.max(capacity * FULL, used + (capacity - used) / 2);
  }
}

function* scalarsOf(regs: ReadonlySet<Reg>): Generator<Scalar> {
  for (const reg of regs) yield reg.scalar;
}

/** Every register value that can still be asked for. */
function liveRegs(env: Env, visits: SccVisits): ReadonlySet<Reg> {
  const regs = new Set<Reg>();
  const states = new Set<State>();
  const frames = new Set<Frame>();
  const keep = (reg: Reg): void => void regs.add(reg);
  const keepFrame = (frame: Frame): void => {
    if (frames.has(frame)) return;
    frames.add(frame);
    frame.regs.forEach(keep);
    for (const slot of frame.stack) keep(slot.reg);
    frame.stackArgs.forEach(keep);
  };
  // a state is followed to those that it continues, whether or not they can still be compared with
  const keepState = (from: State | null): void => {
    for (let state = from; state !== null && !states.has(state); state = state.parent) {
      states.add(state);
      state.frames.forEach(keepFrame);
      keepState(state.equalState);
    }
  };
  keepState(env.cur);
  for (let pending = env.pending; pending !== null; pending = pending.next) keepState(pending.state);
  for (const bucket of env.explored) for (const known of bucket ?? []) keepState(known.state);
  for (const visit of visits.all()) {
    keepState(visit.entry);
    visit.backedges.forEach(keepState);
  }
  env.obs?.eachReg(keep);
  return regs;
}
