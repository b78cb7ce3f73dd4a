import type { Action } from '../shell/action.ts';
import { predict } from './predict.ts';

const ORDINALS = ['First', 'Second', 'Third', 'Fourth'] as const;

/** Guessing before seeing. */
export const PREDICT_ACTIONS: readonly Action[] = [
  {
    id: 'predict',
    title: 'Predict mode: guess before each step and run',
    group: 'Learn',
    keys: ['Alt+g'],
    run: predict.toggle,
  },
  {
    id: 'guess-accepted',
    title: 'Guess: accepted',
    group: 'Learn',
    keys: ['Alt+y'],
    run: (playground) => predict.guess(playground, 'accepted'),
  },
  {
    id: 'guess-rejected',
    title: 'Guess: rejected',
    group: 'Learn',
    keys: ['Alt+x'],
    run: (playground) => predict.guess(playground, 'rejected'),
  },
  ...ORDINALS.map((word, option): Action => ({
    id: `answer-${option + 1}`,
    title: `${word} answer`,
    group: 'Learn',
    keys: [String(option + 1)],
    run: (playground) => predict.answer(playground, option),
  })),
];
