import type { Playground } from '../playground/playground.ts';
import type { Action } from './action.ts';
import { ACTIONS } from './actions.ts';
import { actInPane } from './own-keys.ts';

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

const MOVES = /^(?:Shift\+)?(?:Arrow\w+|Home|End)$/;
const LETTERS = /^(?:Shift\+)?.$/;

/** Controls that one types into, and dialogs, which keep all plain keys to themselves. */
const TYPING =
  'input:not([type="range"], [type="checkbox"]), textarea, select, [contenteditable="true"], .monaco-editor, dialog';
/** Controls that arrows move about in. */
const MOVED_IN = '[role="listbox"], [role="separator"], [role="tablist"]';

/** Are the keys meant for the control that has the focus? */
function belongTo(control: Element, keys: string): boolean {
  if (MOVES.test(keys)) return control.closest(`${TYPING}, ${MOVED_IN}`) !== null;
  return LETTERS.test(keys) && control.closest(TYPING) !== null;
}

/** Runs the action that the keys mean, if they mean one of these here. */
export function handleKey(
  event: KeyboardEvent,
  playground: Playground,
  actions: readonly Action[] = ACTIONS,
): void {
  if (event.defaultPrevented) return;
  const keys = keysOf(event);
  if (
    event.target instanceof Element &&
    event.target.closest(TYPING) === null &&
    actInPane(event.target, keys)
  ) {
    event.preventDefault();
    return;
  }
  const found = actions.find((row) => row.keys.includes(keys));
  if (found === undefined) return;
  if (event.target instanceof Element && belongTo(event.target, keys)) return;
  event.preventDefault();
  const dialog = event.target instanceof Element ? event.target.closest('dialog') : null;
  // What is asked for from within a dialog would happen unseen behind it: it goes first.
  dialog?.close();
  queueMicrotask(() => found.run(playground));
}

/** Function keys and chords with Ctrl or Alt. */
const CHORD = /^(?:(?:Ctrl|Alt)\+.*|(?:Shift\+)?F\d+)$/;

/**
 * The same before the editor has seen the key, for those that act everywhere: the editor has uses of its own for some of
 * them. To be called while the event is on its way down.
 */
export function handleChord(event: KeyboardEvent, playground: Playground): void {
  const { target } = event;
  if (!(target instanceof Element) || target.closest('.monaco-editor') === null) return;
  // Its search has switches of its own.
  if (target.closest('.find-widget') !== null || !CHORD.test(keysOf(event))) return;
  handleKey(event, playground);
  if (event.defaultPrevented) event.stopImmediatePropagation();
}

const KEY_SIGNS: Readonly<Record<string, string>> = { ArrowRight: '→', ArrowLeft: '←' };

/** `Shift →` for people. */
export function keysText(keys: string): string {
  return keys
    .split(/\+(?=.)/)
    .map((key) => KEY_SIGNS[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(' ');
}
