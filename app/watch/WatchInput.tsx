import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { useStore } from 'zustand';
import type { WatchSuggestion } from '../../worker/protocol/watch.ts';
import { useApp } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';
import { stops } from './stops.ts';
import { useReading } from './use-matches.ts';

/** Suggestions shown at once. */
const SHOWN = 12;

/** A field for a watch, with completion and with what is wrong so far. */
export function WatchInput({ onAdd }: { readonly onAdd: (text: string) => void }) {
  const run = useApp((state) => state.run?.result.run ?? null);
  const [text, setText] = useState('');
  const [caret, setCaret] = useState(0);
  const [open, setOpen] = useState(false);
  const [chosen, setChosen] = useState(-1);
  const field = useRef<HTMLInputElement>(null);
  const id = useId();
  const { check, suggestions } = useReading(text, caret, run);
  const writing = useStore(stops, (state) => state.writing);
  useEffect(() => {
    if (!writing) return;
    field.current?.focus();
    stops.setState({ writing: false });
  }, [writing]);
  const shown = open ? suggestions.slice(0, SHOWN) : [];
  const { problem = null, momentary = false } = check ?? {};

  const write = (next: string, at: number): void => {
    setText(next);
    setCaret(at);
    setChosen(-1);
  };
  const take = (suggestion: WatchSuggestion): void => {
    const next = `${text.slice(0, suggestion.from)}${suggestion.text} ${text.slice(suggestion.to).trimStart()}`;
    const at = suggestion.from + suggestion.text.length + 1;
    write(next, at);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(at, at);
    });
  };
  const add = (): void => {
    if (problem !== null || text.trim() === '') return;
    onAdd(text);
    write('', 0);
    setOpen(false);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const picked = shown[chosen];
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && suggestions.length > 0) {
      setOpen(true);
      const many = Math.min(suggestions.length, SHOWN);
      setChosen(event.key === 'ArrowDown' ? (chosen + 1) % many : (Math.max(chosen, 0) - 1 + many) % many);
    } else if (event.key === 'Enter') {
      if (picked === undefined) add();
      else take(picked);
    } else if (event.key === 'Tab' && picked !== undefined) take(picked);
    else if (event.key === 'Escape' && shown.length > 0) {
      setOpen(false);
      setChosen(-1);
    } else return;
    event.preventDefault();
  };

  // Half a word is no mistake as long as there is a way to end it.
  const said = text.trim() !== '' && problem !== null && suggestions.length === 0;
  return (
    <div className="watch-new">
      <div className="watch-field">
        <input
          ref={field}
          type="text"
          role="combobox"
          aria-label="New watch"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          aria-activedescendant={shown[chosen] === undefined ? undefined : `${id}-${chosen}`}
          aria-invalid={said}
          aria-describedby={`${id}-said`}
          placeholder="r1 becomes scalar"
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          value={text}
          onChange={(event) => {
            write(
              event.currentTarget.value,
              event.currentTarget.selectionStart ?? event.currentTarget.value.length,
            );
            setOpen(true);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart ?? 0)}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={onKeyDown}
        />
        <Button tone="plain" disabled={problem !== null || check === null} onClick={add}>
          Watch
        </Button>
        <ul
          id={`${id}-list`}
          role="listbox"
          aria-label="Suggestions"
          className="watch-suggestions"
          hidden={shown.length === 0}
        >
          {shown.map((suggestion, i) => (
            <li
              key={suggestion.text}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === chosen}
              // The field keeps the focus.
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(suggestion)}
            >
              <code>{suggestion.text}</code>
              <span className="faint">{suggestion.means}</span>
            </li>
          ))}
        </ul>
      </div>
      <p id={`${id}-said`} className="watch-said" aria-live="polite">
        {said ? (
          <>
            <code className="watch-problem">
              {text.slice(0, problem.from)}
              <mark>{text.slice(problem.from, problem.to) || ' '}</mark>
              {text.slice(problem.to)}
            </code>{' '}
            {problem.message}
          </>
        ) : text.trim() === '' || check === null || problem !== null ? (
          'Stops where a condition begins to hold: a register, what is held, the place. Enter adds it.'
        ) : momentary ? (
          'Matches at every step at which this happens.'
        ) : (
          'Matches where this begins to hold.'
        )}
      </p>
    </div>
  );
}
