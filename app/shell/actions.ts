import { IMPORT_ACTIONS } from '../import/actions.ts';
import { KFUNC_ACTIONS } from '../kfuncs/actions.ts';
import { togglePresentation } from '../present/present.ts';
import { toggleTheme } from '../theme/theme.ts';
import { LESSON_ACTIONS } from '../lessons/actions.ts';
import { PROOF_ACTIONS } from '../proof/actions.ts';
import { OBJECT_ACTIONS } from '../objects/actions.ts';
import type { Playground } from '../playground/playground.ts';
import { PREDICT_ACTIONS } from '../predict/actions.ts';
import { WALK_ACTIONS } from '../walk/actions.ts';
import { WATCH_ACTIONS } from '../watch/actions.ts';
import { WHY_ACTIONS } from '../why/actions.ts';
import type { Action } from './action.ts';
import { focusPane } from './action.ts';
import { openDialog } from './dialogs.ts';
import { layout, LOWER_PANES, showPane } from './layout.ts';
import type { Pane } from './layout.ts';
import { PANE_TITLES } from './pane-titles.ts';
import { saveProgram, shareAsMarkdown, shareEmbed, shareProgram } from './share.ts';

/** Panes by digit; the log, which stands last, keeps the last digit however many there are. */
const FIRST_KEYS = ['walk', ...LOWER_PANES] as const satisfies readonly Pane[];
const LOG_DIGIT = 0;
/** Letters of some, for those that no digit is left for. */
const LETTERS: Readonly<Partial<Record<Pane, string>>> = { visits: 'v', graph: 'g', source: 'c' };

const toPane = (id: Pane, digit: number): Action => ({
  id,
  title: PANE_TITLES[id],
  group: 'Panes',
  keys: [...(digit <= 9 ? [`Alt+${digit}`] : []), ...(LETTERS[id] === undefined ? [] : [LETTERS[id]])],
  run: () => (showPane(id), focusPane(id)),
});

/** The lower pane takes the walk's place, and the focus if that was there; or gives it back. */
function toggleTall(): void {
  const { lowerTall, lower } = layout.getState();
  const inWalk = document.querySelector('.walk-pane :focus') !== null;
  layout.setState({ lowerTall: !lowerTall });
  if (inWalk) focusPane(lower);
}

/** A new program, with the caret in it. */
export function beginProgram(playground: Playground): void {
  playground.newProgram();
  showPane('code');
  playground.focusEditor();
}

/** What concerns the page as a whole. */
const PAGE_ACTIONS: readonly Action[] = [
  {
    id: 'editor',
    title: 'Editor',
    group: 'Panes',
    keys: ['Alt+1'],
    run: (playground) => {
      showPane('code');
      playground.focusEditor();
    },
  },
  ...FIRST_KEYS.map((id, index) => toPane(id, index + 2)),
  toPane('log', LOG_DIGIT),
  {
    id: 'lower-tall',
    title: 'Lower pane over the whole column, or back',
    group: 'Panes',
    keys: ['m'],
    run: toggleTall,
  },
  {
    id: 'log-level',
    title: 'Log level 1 or 2',
    group: 'Panes',
    keys: ['l'],
    run: () => layout.setState({ logLevel: layout.getState().logLevel === 1 ? 2 : 1 }),
  },
  {
    id: 'present',
    title: 'Presentation: large type, or back',
    group: 'Panes',
    keys: ['Alt+z'],
    run: togglePresentation,
  },
  { id: 'theme', title: 'Light or dark', group: 'Panes', keys: ['t'], run: toggleTheme },
  {
    id: 'cancel',
    title: 'Cancel the verification',
    group: 'Program',
    keys: ['Alt+c'],
    run: (playground) => playground.cancel(),
  },
  {
    id: 'reset-whatif',
    title: 'Take every what-if back',
    group: 'Program',
    keys: ['Alt+r'],
    run: (playground) => playground.resetWhatIf(),
  },
  {
    id: 'share',
    title: 'Copy a link to this program and step',
    group: 'Program',
    keys: ['Alt+s'],
    run: shareProgram,
  },
  {
    id: 'share-markdown',
    title: 'Copy the link as Markdown, with a caption',
    group: 'Program',
    keys: ['Alt+Shift+s'],
    run: shareAsMarkdown,
  },
  {
    id: 'share-embed',
    title: 'Copy HTML that embeds the program in an article',
    group: 'Program',
    keys: ['Alt+Shift+e'],
    run: shareEmbed,
  },
  {
    id: 'export',
    title: 'Export the program or its log',
    group: 'Program',
    keys: ['Alt+e'],
    run: () => openDialog('export'),
  },
  {
    id: 'save',
    title: 'Save the program as a file',
    group: 'Program',
    keys: ['Ctrl+s'],
    run: saveProgram,
  },
  {
    id: 'programs',
    title: 'Open another program',
    group: 'Program',
    keys: ['Alt+p'],
    run: () => document.querySelector<HTMLElement>('.program-button')?.click(),
  },
  {
    id: 'new-program',
    title: 'New program',
    group: 'Program',
    keys: ['Alt+n'],
    run: beginProgram,
  },
  {
    id: 'open-before',
    title: 'Undo opening: back to the program that was changed before',
    group: 'Program',
    keys: ['Alt+Shift+z'],
    run: (playground) => playground.openBefore(),
  },
  {
    id: 'palette',
    title: 'Find an action or a program by its name',
    group: 'Help',
    keys: ['F1', 'Ctrl+k', 'Ctrl+Shift+P'],
    run: () => openDialog('palette'),
  },
  {
    id: 'keyboard',
    title: 'Keyboard',
    group: 'Help',
    keys: ['?', 'Shift+?'],
    run: () => openDialog('keyboard'),
  },
  { id: 'reference', title: 'Reference', group: 'Help', keys: ['h'], run: () => openDialog('reference') },
];

/** Every action. A pane with actions of its own keeps them beside it and adds its table here. */
export const ACTIONS: readonly Action[] = [
  ...WALK_ACTIONS,
  ...PROOF_ACTIONS,
  ...WATCH_ACTIONS,
  ...WHY_ACTIONS,
  ...LESSON_ACTIONS,
  ...PREDICT_ACTIONS,
  ...KFUNC_ACTIONS,
  ...IMPORT_ACTIONS,
  ...OBJECT_ACTIONS,
  ...PAGE_ACTIONS,
];

/** An action by its id. */
export function action(id: string): Action {
  const found = ACTIONS.find((row) => row.id === id);
  if (found === undefined) throw new Error(`no action ${id}`);
  return found;
}
