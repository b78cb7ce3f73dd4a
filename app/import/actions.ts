import type { Action } from '../shell/action.ts';

/** The file chooser that stands on the page unseen. */
export const FILE_INPUT = 'open-a-file';

export const IMPORT_ACTIONS: readonly Action[] = [
  {
    id: 'open-file',
    title: 'Open a file: a program, a compiled object, a log or a dump',
    group: 'Program',
    keys: ['Ctrl+o'],
    run: () => document.getElementById(FILE_INPUT)?.click(),
  },
];
