import { showRules } from '../rules/rule-dialog.ts';
import type { Action } from '../shell/action.ts';
import { toggleAllSteps } from './why-view.ts';

/** What concerns reasons and rules. */
export const WHY_ACTIONS: readonly Action[] = [
  {
    id: 'why-all-steps',
    title: 'Reasons: all steps, or those that matter',
    group: 'Panes',
    keys: ['a'],
    run: toggleAllSteps,
  },
  {
    id: 'rules',
    title: 'Rules: look one up, or paste a message',
    group: 'Panes',
    keys: ['Alt+u'],
    run: () => showRules(),
  },
];
