import type { Action } from '../shell/action.ts';
import { openDialog } from '../shell/dialogs.ts';
import { openedObject } from './store.ts';

export const OBJECT_ACTIONS: readonly Action[] = [
  {
    id: 'object-programs',
    title: 'Another program of the compiled object',
    group: 'Program',
    keys: ['Alt+o'],
    run: (playground) => {
      if (openedObject.getState().object !== null) openDialog('object');
      else
        playground.notify(
          'info',
          'No compiled object is open. Drop a .bpf.o on the page, or open it from Programs.',
        );
    },
  },
];
