import { predict } from '../predict/predict.ts';
import type { Move } from '../playground/cursor.ts';
import type { Action } from '../shell/action.ts';

const step = (id: string, title: string, keys: readonly string[], to: Move): Action => ({
  id,
  title,
  group: 'Walk',
  keys,
  run: (playground) => playground.move(to),
});

/** Ways through the walk. */
export const WALK_ACTIONS: readonly Action[] = [
  // In predict mode a step is asked about before it is taken.
  { id: 'step', title: 'Step', group: 'Walk', keys: ['ArrowRight', 'F10'], run: predict.step },
  step('step-back', 'Step back', ['ArrowLeft', 'F9'], { to: 'prev' }),
  step('next-branch', 'Next branch', ['Shift+ArrowRight', 'Shift+F10'], { to: 'next-branch' }),
  step('prev-branch', 'Previous branch', ['Shift+ArrowLeft', 'Shift+F9'], { to: 'prev-branch' }),
  step('next-visit', 'Next visit of this instruction', ['n'], { to: 'next-visit' }),
  step('prev-visit', 'Previous visit of this instruction', ['p'], { to: 'prev-visit' }),
  step('next-path', 'Next path', [']'], { to: 'next-path' }),
  step('prev-path', 'Previous path', ['['], { to: 'prev-path' }),
  step('first', 'First step', ['Home'], { to: 'first' }),
  step('last', 'Last step', ['End'], { to: 'last' }),
  step('failure', 'To the failure', ['f', 'Ctrl+Enter'], { to: 'failure' }),
];
