import type { monaco } from './monaco.ts';

/** Keys that change nothing by themselves. */
const MODIFIERS: ReadonlySet<string> = new Set(['Shift', 'Control', 'Alt', 'Meta', 'CapsLock']);

/**
 * When Tab leaves the editor instead of indenting: for somebody who came in by Tab until another key is pressed there, and
 * after an Escape that had nothing to close. `onFree` is told of the latter. Returns what ends it.
 */
export function letTabOut(
  host: HTMLElement,
  editor: monaco.editor.IStandaloneCodeEditor,
  onFree: () => void,
): () => void {
  let free = false;
  /** The last key pressed anywhere was Tab, and no pointer since. */
  let tabbing = false;

  const onAnyKey = ({ key }: KeyboardEvent): void => {
    if (!MODIFIERS.has(key)) tabbing = key === 'Tab';
  };
  const onPointer = (): void => {
    tabbing = false;
    free = false;
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Tab' && free && !event.ctrlKey && !event.altKey && !event.metaKey)
      // The browser moves the focus, as long as the editor does not see the key.
      event.stopImmediatePropagation();
    else if (!MODIFIERS.has(event.key)) free = false;
  };
  const onEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented) return;
    free = true;
    onFree();
  };
  const focus = editor.onDidFocusEditorText(() => (free = tabbing));

  addEventListener('keydown', onAnyKey, { capture: true });
  addEventListener('pointerdown', onPointer, { capture: true });
  host.addEventListener('keydown', onKey, { capture: true });
  host.addEventListener('keydown', onEscape);
  return () => {
    focus.dispose();
    removeEventListener('keydown', onAnyKey, { capture: true });
    removeEventListener('pointerdown', onPointer, { capture: true });
    host.removeEventListener('keydown', onKey, { capture: true });
    host.removeEventListener('keydown', onEscape);
  };
}
