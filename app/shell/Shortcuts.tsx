import { useEffect, useRef } from 'react';
import { Button } from '../ui/Button.tsx';
import { ACTION_GROUPS } from './action.ts';
import { ACTIONS } from './actions.ts';
import { keysText } from './keys.ts';

const EDITOR_KEYS = [
  ['Ctrl+Space', 'Complete'],
  ['Ctrl+.', 'Fixes for the problem under the cursor'],
  ['Alt+F8', 'Next problem'],
  ['F12', 'Go to the definition'],
  ['Shift+Alt+F', 'Format'],
  ['Esc Tab', 'Leave the editor'],
  ['Ctrl+M', 'Tab always leaves, or indents again'],
] as const;

/** Keys of those that have the focus, beside the arrows, Home, End and Enter that all of them know. */
const PANE_KEYS = [
  ['Esc', 'Close, or back to where one came from'],
  ['←→', 'Paths: close or open a fork'],
  ['*', 'Paths: open every fork beside this one'],
  ['+ -', 'Graph: zoom'],
  ['0', 'Graph: all of it, or where the walk stands'],
  ['←→', 'Pasted log: step'],
] as const;

function Group({
  title,
  rows,
}: {
  readonly title: string;
  readonly rows: readonly (readonly [string, string])[];
}) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {rows.map(([keys, words]) => (
          <div key={words}>
            <dt>{words}</dt>
            <dd>
              {keys.split(' ').map((alternative) => (
                <kbd key={alternative}>{keysText(alternative)}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** Every action that has keys. */
export function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const groups = ACTION_GROUPS.filter((group) =>
    ACTIONS.some((row) => row.group === group && row.keys.length > 0),
  );
  return (
    <dialog ref={dialog} className="shortcuts" aria-label="Keyboard" onClose={onClose}>
      <div className="dialog-head">
        <h2>Keyboard</h2>
        <Button icon="cross" title="Close" onClick={() => dialog.current?.close()} />
      </div>
      <div className="shortcut-groups">
        {groups.map((group) => (
          <Group
            key={group}
            title={group}
            rows={ACTIONS.filter((row) => row.group === group && row.keys.length > 0).map(
              (row) => [row.keys.join(' '), row.title] as const,
            )}
          />
        ))}
        <Group title="In the editor" rows={EDITOR_KEYS} />
        <Group title="In the pane with the focus" rows={PANE_KEYS} />
      </div>
      <p className="faint">Keys without Ctrl, Alt or F act outside of the editor and of fields.</p>
    </dialog>
  );
}
