import * as Comlink from 'comlink';
import type { StoreApi } from 'zustand/vanilla';
import type { Progress, SeekTarget, StepView, VerifyRequest, VerifyResult } from '../../worker/protocol.ts';
import type { Doc } from '../drafts/drafts.ts';
import type { VerifierClient } from '../verifier/client.ts';
import { createCursor } from './cursor.ts';
import type { Follow, Move } from './cursor.ts';
import { isCurrent } from './state.ts';
import type { Run, State } from './state.ts';
import { createTiming } from './timing.ts';
import { spokenStep, spokenVerdict } from './verdict-words.ts';

/** Keys of one frame count as one; small programs answer while the key goes up. */
const QUICK_MS = 4;
/** After a run that took longer than this, typing must pause before the next. */
const SETTLE_MS = 120;

/** What is shown when there is no run. */
const NOTHING = { latest: null, run: null, step: null, explanation: null, comparison: null } as const;

function requestFor({ source, semantics, kfuncFlags }: Doc): VerifyRequest {
  return { source, semantics, kfuncFlags, trace: true };
}

/** Runs of the document in the store, and the cursor over the newest one's steps. `onMoved` is told of each step shown. */
export function createRuns(store: StoreApi<State>, client: VerifierClient, onMoved: () => void) {
  const { getState: get, setState: set } = store;
  /** Numbers the requests: an answer to any but the newest is dropped. */
  let ticket = 0;
  let follow: Follow = { kind: 'verdict' };
  const timing = createTiming();
  let lastMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function release(run: number): void {
    // A run that is already gone is as good as released.
    client.ask((worker) => worker.release(run)).catch(() => undefined);
  }

  function broken(reason: unknown): void {
    cursor.reset(null);
    set({
      phase: { kind: 'broken', message: reason instanceof Error ? reason.message : String(reason) },
      ...NOTHING,
    });
  }

  function cancelled(): void {
    const { run } = get();
    if (run !== null) release(run.result.run);
    cursor.reset(null);
    set({ phase: { kind: 'cancelled' }, ...NOTHING, announcement: 'Verification cancelled' });
  }

  async function verify(): Promise<void> {
    clearTimeout(timer);
    const mine = ++ticket;
    const { doc } = get();
    const since = performance.now();
    set({ phase: { kind: 'verifying', progress: null, since } });
    const onProgress = (progress: Progress): void => {
      if (mine === ticket) set({ phase: { kind: 'verifying', progress, since } });
    };
    try {
      const result = await client.run((worker) => worker.verify(requestFor(doc), Comlink.proxy(onProgress)));
      if (result === null) {
        if (mine === ticket) cancelled();
        return;
      }
      lastMs = performance.now() - since;
      await arrived(doc, result, mine);
    } catch (reason) {
      if (mine === ticket) broken(reason);
    }
  }

  async function arrived(doc: Doc, result: VerifyResult, mine: number): Promise<void> {
    if (mine !== ticket) return release(result.run);
    const { run: before, latest, opened, announcement } = get();
    const same = latest?.result.message === result.message && latest.result.verdict === result.verdict;
    const said = {
      phase: { kind: 'idle' },
      latest: { doc, opened, result },
      announcement: same ? announcement : spokenVerdict(result),
    } as const;
    if (result.verdict === 'bad-input') {
      release(result.run);
      const outlived = before !== null && before.opened !== opened;
      if (outlived) {
        release(before.result.run);
        cursor.reset(null);
      }
      set(outlived ? { ...NOTHING, ...said } : said);
      timing.verdict();
      return;
    }
    const wanted = firstMove(result);
    // The verdict and the step that it is about are shown together.
    const step = wanted === null ? null : await client.ask((worker) => worker.seek(result.run, 0, wanted));
    if (mine !== ticket) return release(result.run);
    cursor.reset(step);
    set({ ...said, run: said.latest, step, explanation: same ? get().explanation : null });
    timing.verdict();
    if (before !== null) release(before.result.run);
    void explain(said.latest);
    if (get().comparing) void compare();
  }

  /** Reasons may take longer than the verdict: fixes are verified before they are offered. */
  async function explain(run: Run): Promise<void> {
    try {
      const explanation = await client.ask((worker) => worker.explain(run.result.run));
      if (get().run === run) set({ explanation });
    } catch (reason) {
      if (get().run === run) broken(reason);
    }
  }

  function firstMove(result: VerifyResult): SeekTarget | null {
    if (result.stats.steps === 0) return null;
    if (follow.kind === 'step') return { to: 'step', step: Math.min(follow.step, result.stats.steps - 1) };
    return result.verdict === 'accepted' ? { to: 'first' } : { to: 'failure' };
  }

  /** Against what the store says, or the kernel as released: no switches, no changed flags. */
  async function compare(): Promise<void> {
    const { run, doc, against } = get();
    if (run === null || !isCurrent(get())) return;
    const mine = ticket;
    const other: VerifyRequest = against?.(doc) ?? { ...requestFor(doc), semantics: [], kfuncFlags: {} };
    try {
      const result = await client.run((worker) => worker.compare(other, requestFor(doc)));
      if (result === null) return;
      if (mine === ticket && get().comparing && get().against === against) {
        forgetComparison();
        set({ comparison: { of: run, result } });
      } else for (const { run: unused } of [result.left, result.right]) release(unused);
    } catch (reason) {
      if (mine === ticket) broken(reason);
    }
  }

  /** The runs of a comparison are kept for questions about it, until the next. */
  function forgetComparison(): void {
    const { comparison } = get();
    if (comparison === null) return;
    set({ comparison: null });
    release(comparison.result.left.run);
    release(comparison.result.right.run);
  }

  const cursor = createCursor(
    async (from, target) => {
      const { run } = get();
      if (run === null || run.result.stats.steps === 0) return null;
      const { result } = run;
      const clamped: SeekTarget =
        target.to === 'step' ? { to: 'step', step: Math.min(target.step, result.stats.steps - 1) } : target;
      const view = await client.ask((worker) => worker.seek(result.run, from, clamped));
      return get().run === run ? view : null;
    },
    (view: StepView) => {
      const insn = get().run?.result.insns.find((row) => row.index === view.insn)?.kernel ?? '';
      // A move that leads nowhere is said, too.
      const still = view.step === get().step?.step;
      if (follow.kind === 'step') follow = { kind: 'step', step: view.step };
      set({ step: view, announcement: spokenStep(view, insn, still) });
      onMoved();
    },
    broken,
  );

  return {
    verify: (): void => void verify(),
    /** Verifies soon: the person is typing. */
    schedule(): void {
      timing.typed();
      clearTimeout(timer);
      timer = setTimeout(() => void verify(), lastMs < SETTLE_MS ? QUICK_MS : SETTLE_MS);
    },
    compare: (): void => void compare(),
    forgetComparison,
    move(to: Move): void {
      follow = to.to === 'failure' ? { kind: 'verdict' } : { kind: 'step', step: get().step?.step ?? 0 };
      cursor.move(to);
    },
    /** Where to stand after the next run: at a step, or (null) at the failure if there is one. */
    standAt(step: number | null): void {
      follow = step === null ? { kind: 'verdict' } : { kind: 'step', step };
    },
    /** The step that the person chose to look at, null if the page chose. */
    chosenStep: (): number | null => (follow.kind === 'step' ? (get().step?.step ?? null) : null),
    cancel: (): void => client.cancel(),
    /** Asks what the verifier knows of; also its first sign of life. */
    greet: (): Promise<void> =>
      client
        .ask((worker) => worker.about())
        .then(
          (about) => set({ about }),
          (reason: unknown) => broken(reason),
        ),
    restart: (): void => client.restart(),
  };
}

export type Runs = ReturnType<typeof createRuns>;
