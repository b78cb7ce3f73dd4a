import type { Action } from '../shell/action.ts';
import { openDialog } from '../shell/dialogs.ts';
import { showPane } from '../shell/layout.ts';

/** Waits for the pane, which may have to be loaded first. */
function focusFind(tries = 40): void {
  const field = document.querySelector<HTMLElement>('[data-kfunc-find]');
  if (field !== null) field.focus();
  else if (tries > 0) setTimeout(() => focusFind(tries - 1), 50);
}

/** What can be done with the table of kfuncs from anywhere. */
export const KFUNC_ACTIONS: readonly Action[] = [
  {
    id: 'kfunc-find',
    title: 'Find a kfunc: may it be called here?',
    group: 'Explore',
    keys: ['k'],
    run: () => {
      showPane('kfuncs');
      focusFind();
    },
  },
  {
    id: 'kfunc-table',
    title: 'Table of kfuncs over the whole page',
    group: 'Explore',
    keys: ['Shift+K'],
    run: () => openDialog('kfuncs'),
  },
];
