import { KF_ACQUIRE } from '../../kernel/kfunc-flags.ts';
import { PTR_MAYBE_NULL } from '../../kernel/types.ts';
import type { Env } from '../../state/env.ts';
import { findPrevEntry, sameCallsites } from '../../state/explored.ts';
import { constZeroReg } from '../../state/marks.ts';
import { setFrameReg, setSlot } from '../../state/mutate.ts';
import { pushState } from '../../state/pending.ts';
import { ITER_ACTIVE, ITER_DRAINED, IterExt, withExt, withType } from '../../state/reg.ts';
import { Slot } from '../../state/slot.ts';
import type { State } from '../../state/state.ts';
import { widenImpreciseScalars } from '../widen.ts';
import type { KfuncCall } from './call.ts';
import { releaseAcquired } from './iter-args.ts';

/** Rewrites the iterator in its stack slot. */
function setIter(state: State, frameno: number, spi: number, change: (iter: IterExt) => IterExt): void {
  const slot = state.frames[frameno].stack[spi];
  setSlot(state, frameno, spi, new Slot(slot.types, withExt(slot.reg, change(slot.reg.ext as IterExt))));
}

/**
 * A call of `_next`: on the current path the iterator is at its end and R0 is NULL; a path on which it yields another
 * element is put aside, with the scalars that changed since the last iteration widened (kernel:
 * process_iter_next_call). What an acquiring `_next` took goes back when there is no element.
 */
export function iterNext(env: Env, call: KfuncCall): void {
  const { iterFrameno: frameno, iterSpi: spi } = call.meta;
  const cur = env.cur;
  const iter = cur.frames[frameno].stack[spi].reg.ext as IterExt;
  if (iter.state !== ITER_ACTIVE && iter.state !== ITER_DRAINED)
    throw new Error(`iterator state ${iter.state} at _next`);
  if (iter.state === ITER_ACTIVE) {
    // the call is a checkpoint, so that the parent stopped right here
    const { parent } = cur;
    if (parent === null || parent.insnIdx !== call.pc || !sameCallsites(parent, cur))
      throw new Error('iterator _next without a checkpoint');
    const previous = findPrevEntry(env, parent, call.pc);
    const more = pushState(env, call.pc + 1, call.pc, false);
    setIter(more, frameno, spi, (it) => new IterExt(it.btf, it.id, ITER_ACTIVE, it.depth + 1, it.acquiredId));
    if (previous !== null) widenImpreciseScalars(env, previous, more);
    const r0 = more.top().regs[0];
    setFrameReg(more, more.curframe, 0, withType(r0, r0.type & ~PTR_MAYBE_NULL));
  }
  if (call.kfunc.flags & KF_ACQUIRE) releaseAcquired(env, frameno, spi);
  setIter(env.cur, frameno, spi, (it) => new IterExt(it.btf, it.id, ITER_DRAINED, it.depth, it.acquiredId));
  env.setReg(0, constZeroReg(env));
}
