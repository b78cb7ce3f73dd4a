import type { Playground } from '../playground/playground.ts';
import type { Action } from './action.ts';
import { ACTIONS } from './actions.ts';

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

/** Runs the action that the keys mean, if they mean one of these here. */
export function handleKey(
  event: KeyboardEvent,
  playground: Playground,
  actions: readonly Action[] = ACTIONS,
): void {
  if (event.defaultPrevented) return;
  const keys = keysOf(event);
  const found = actions.find((row) => row.keys.includes(keys));
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
