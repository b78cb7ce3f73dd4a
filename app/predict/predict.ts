import { createStore } from 'zustand/vanilla';
import { deviceStorage } from '../drafts/storage.ts';
import type { Playground } from '../playground/playground.ts';
import type { State } from '../playground/state.ts';
import type { Doc } from '../drafts/drafts.ts';
import { questionFor } from './questions.ts';
import type { Question, Subject } from './questions.ts';

/** How well somebody predicts. */
export interface Score {
  readonly right: number;
  readonly asked: number;
  readonly streak: number;
  readonly best: number;
}

export interface Predict {
  readonly on: boolean;
  readonly subject: Subject;
  readonly score: Score;
  /** The document whose verdict may be seen: it was guessed, or nobody wanted to. */
  readonly revealed: Doc | null;
  /** The question that waits for an answer, and the step it is about. */
  readonly pending: { readonly run: number; readonly step: number; readonly question: Question } | null;
  /** What came of the last answer. */
  readonly reply: { readonly right: boolean; readonly words: string } | null;
}

const KEY = 'bpf-playground.predict';
const NO_SCORE: Score = { right: 0, asked: 0, streak: 0, best: 0 };

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;

/** A kept score, or an empty one. */
export function readScore(text: string | null): Score {
  try {
    const kept = JSON.parse(text ?? '{}') as Record<keyof Score, unknown>;
    const { right, asked, streak, best } = kept;
    return isCount(right) && isCount(asked) && isCount(streak) && isCount(best) && right <= asked
      ? { right, asked, streak, best }
      : NO_SCORE;
  } catch {
    return NO_SCORE;
  }
}

/** The score after an answer. */
export function scored({ right, asked, streak, best }: Score, good: boolean): Score {
  const now = good ? streak + 1 : 0;
  return { right: right + (good ? 1 : 0), asked: asked + 1, streak: now, best: Math.max(best, now) };
}

/** Must the verdict of the newest run still be guessed? A text that is no program has no verdict to guess. */
export function isVerdictHidden(predict: Predict, { latest }: Pick<State, 'latest'>): boolean {
  const verdict = latest?.result.verdict;
  return predict.on && predict.revealed !== latest?.doc && (verdict === 'accepted' || verdict === 'rejected');
}

/** The learner's side of the page: guess first, then see. */
export function createPredict(storage: Storage) {
  const store = createStore<Predict>(() => ({
    on: false,
    subject: 'changed',
    score: readScore(storage.getItem(KEY)),
    revealed: null,
    pending: null,
    reply: null,
  }));
  const { getState: get, setState: set } = store;

  function count(good: boolean): void {
    const score = scored(get().score, good);
    set({ score });
    try {
      storage.setItem(KEY, JSON.stringify(score));
    } catch {
      // Without storage the score lasts as long as the page.
    }
  }

  /** Takes the step, or asks about it first. */
  async function step(playground: Playground): Promise<void> {
    const state = playground.store.getState();
    const { run, step: at } = state;
    const { pending, on } = get();
    if (!on || run === null || at === null) return playground.move({ to: 'next' });
    if (isVerdictHidden(get(), state)) return;
    if (pending !== null && pending.step === at.step && pending.run === run.result.run) {
      // Asked again without an answer: it is passed over.
      set({ pending: null, reply: null });
      return playground.move({ to: 'next' });
    }
    try {
      const outlook = await playground.ask((worker) => worker.outlook(run.result.run, at.step));
      const now = playground.store.getState();
      if (now.run !== run || now.step !== at) return;
      const insnAt = (index: number | undefined) => run.result.insns.find((row) => row.index === index);
      const insn = insnAt(at.insn);
      const question =
        insn === undefined ? null : questionFor(at, insn, outlook, insnAt(outlook.next?.insn), get().subject);
      if (question === null) {
        set({ pending: null, reply: null });
        return playground.move({ to: 'next' });
      }
      set({ pending: { run: run.result.run, step: at.step, question }, reply: null });
    } catch {
      // The run went away while it was asked about; the next press is about the new one.
      set({ pending: null });
    }
  }

  return {
    store,
    step: (playground: Playground): void => void step(playground),
    answer(playground: Playground, option: number): void {
      const { pending } = get();
      if (pending === null || option >= pending.question.options.length) return;
      const { options, answer } = pending.question;
      const good = option === answer;
      count(good);
      const words = good ? `Right: ${options[answer]!}` : `It is: ${options[answer]!}`;
      set({ pending: null, reply: { right: good, words } });
      playground.move({ to: 'next' });
    },
    /** Before a run is looked at: will it be accepted? */
    guess({ store: page }: Playground, verdict: 'accepted' | 'rejected'): void {
      const state = page.getState();
      if (state.latest === null || !isVerdictHidden(get(), state)) return;
      const good = state.latest.result.verdict === verdict;
      count(good);
      const words = good ? 'Right, as you said.' : `You said ${verdict}.`;
      set({ revealed: state.latest.doc, reply: { right: good, words } });
    },
    reveal({ store: page }: Playground): void {
      set({ revealed: page.getState().latest?.doc ?? null, reply: null });
    },
    toggle: (): void => set({ on: !get().on, pending: null, reply: null, revealed: null }),
    ask: (subject: Subject): void => set({ subject, pending: null }),
    /** The cursor went elsewhere: a question about another step waits no longer. */
    moved(run: number | null, at: number | null): void {
      const { pending } = get();
      if (pending !== null && (pending.run !== run || pending.step !== at)) set({ pending: null });
    },
    forget: (): void => {
      set({ score: NO_SCORE, reply: null });
      storage.removeItem(KEY);
    },
  };
}

export const predict = createPredict(deviceStorage());
