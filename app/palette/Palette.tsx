import { useEffect, useMemo, useRef, useState } from 'react';
import { usePlayground } from '../shell/context.ts';
import { keysText } from '../shell/keys.ts';
import { entriesOf } from './entries.ts';
import { find } from './find.ts';
import type { Entry } from './find.ts';

const optionId = (index: number): string => `palette-option-${index}`;

/** Finds anything that can be done or opened by its name. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const playground = usePlayground();
  const dialog = useRef<HTMLDialogElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const entries = useMemo(() => entriesOf(playground), [playground]);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(() => find(entries, query), [entries, query]);
  useEffect(() => dialog.current?.showModal(), []);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: 'nearest' });
  }, [at, found]);

  // The dialog goes first: what is chosen may move the focus or open another one.
  const choose = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    dialog.current?.close();
    queueMicrotask(entry.run);
  };
  const onKey = (event: React.KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const by = moves[event.key];
    if (by !== undefined) {
      event.preventDefault();
      setAt(Math.min(Math.max(at + by, 0), found.length - 1));
    } else if (event.key === 'Enter') {
      event.preventDefault();
      choose(found[at]);
    }
  };

  return (
    <dialog ref={dialog} className="palette" aria-label="Find an action or a program" onClose={onClose}>
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found.length > 0 ? optionId(at) : undefined}
        aria-autocomplete="list"
        aria-label="Find"
        placeholder="What would you like to do?"
        autoComplete="off"
        spellCheck={false}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKey}
      />
      <ul ref={list} id="palette-list" role="listbox" aria-label="Found">
        {found.map((entry, index) => (
          <li
            key={entry.id}
            id={optionId(index)}
            role="option"
            aria-selected={index === at}
            onPointerMove={() => setAt(index)}
            onClick={() => choose(entry)}
          >
            <span className="palette-title">{entry.title}</span>
            <span className="palette-detail">{entry.detail}</span>
            <span className="palette-group">{entry.group}</span>
            {entry.keys[0] !== undefined && <kbd>{keysText(entry.keys[0])}</kbd>}
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p className="empty" role="status">
          Nothing is called that.
        </p>
      )}
    </dialog>
  );
}
