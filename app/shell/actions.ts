import type { Playground } from '../playground/playground.ts';
import type { Move } from '../playground/cursor.ts';
import { toggleTheme } from '../theme/theme.ts';
import { layout, showPane } from './layout.ts';

/** Something a person can do from the keyboard. */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly group: 'Walk' | 'Panes' | 'Program';
  /**
   * Keys as `Shift+ArrowRight`. Plain keys act only outside of text fields and the editor; function keys and chords with
   * Ctrl (⌘) or Alt act everywhere.
   */
  readonly keys: readonly string[];
  readonly run: (playground: Playground) => void;
}

const step = (id: string, title: string, keys: readonly string[], to: Move): Action => ({
  id,
  title,
  group: 'Walk',
  keys,
  run: (playground) => playground.move(to),
});

/** Moves the keyboard's focus to a pane's first control. */
function focusPane(pane: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-pane="${pane}"]`)?.focus());
}

export const ACTIONS: readonly Action[] = [
  step('step', 'Step', ['ArrowRight', 'F10'], { to: 'next' }),
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
  {
    id: 'walk',
    title: 'Walk',
    group: 'Panes',
    keys: ['Alt+2'],
    run: () => (showPane('walk'), focusPane('walk')),
  },
  {
    id: 'why',
    title: 'Why',
    group: 'Panes',
    keys: ['Alt+3'],
    run: () => (showPane('why'), focusPane('why')),
  },
  {
    id: 'whatif',
    title: 'What if',
    group: 'Panes',
    keys: ['Alt+4'],
    run: () => (showPane('whatif'), focusPane('whatif')),
  },
  {
    id: 'log',
    title: 'Log',
    group: 'Panes',
    keys: ['Alt+5'],
    run: () => (showPane('log'), focusPane('log')),
  },
  {
    id: 'log-level',
    title: 'Log level 1 or 2',
    group: 'Panes',
    keys: ['l'],
    run: () => layout.setState({ logLevel: layout.getState().logLevel === 1 ? 2 : 1 }),
  },
  { id: 'theme', title: 'Light or dark', group: 'Panes', keys: ['t'], run: toggleTheme },
  {
    id: 'cancel',
    title: 'Cancel the verification',
    group: 'Program',
    keys: ['Alt+c'],
    run: (playground) => playground.cancel(),
  },
];

/** An action by its id. */
export function action(id: string): Action {
  const found = ACTIONS.find((row) => row.id === id);
  if (found === undefined) throw new Error(`no action ${id}`);
  return found;
}

/** `Shift+ArrowRight` for an event. */
export function keysOf(event: KeyboardEvent): string {
  const chord = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey ? 'Shift' : '',
  ];
  // With Alt, some layouts produce another character; the physical key says what was meant.
  const digit = event.altKey ? /^(?:Digit|Key)(.)$/.exec(event.code)?.[1]?.toLowerCase() : undefined;
  return [...chord.filter((name) => name !== ''), digit ?? event.key].join('+');
}

const PLAIN = /^(?:Shift\+)?(?:.|Arrow\w+|Home|End)$/;

/** Controls that use plain keys themselves. */
const TYPING =
  'input:not([type="range"], [type="checkbox"]), textarea, select, [contenteditable="true"], .monaco-editor, [role="listbox"], [role="separator"], [role="tablist"], dialog';

/** Runs the action that the keys mean, if they mean one here. */
export function handleKey(event: KeyboardEvent, playground: Playground): void {
  if (event.defaultPrevented) return;
  const keys = keysOf(event);
  const found = ACTIONS.find((row) => row.keys.includes(keys));
  if (found === undefined) return;
  if (PLAIN.test(keys) && event.target instanceof Element && event.target.closest(TYPING) !== null) return;
  event.preventDefault();
  found.run(playground);
}

const KEY_SIGNS: Readonly<Record<string, string>> = { ArrowRight: '→', ArrowLeft: '←' };

/** `Shift →` for people. */
export function keysText(keys: string): string {
  return keys
    .split('+')
    .map((key) => KEY_SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(' ');
}
