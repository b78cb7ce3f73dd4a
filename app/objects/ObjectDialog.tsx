import { useEffect, useMemo, useRef, useState } from 'react';
import { useStore } from 'zustand';
import type { ObjectProgramView, ObjectVerdict } from '../../worker/protocol/objects.ts';
import { usePlayground } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';
import { VirtualList } from '../ui/VirtualList.tsx';
import { openProgram } from './open.ts';
import { ProgramRow } from './ProgramRow.tsx';
import { openedObject } from './store.ts';
import { useVerdicts } from './use-verdicts.ts';

const ROW = 52;
/** Border and padding of the list. */
const FRAME = 5;
/** Rows that the dialog grows to. */
const SHOWN = 9;
/** With so many programs a list needs a filter. */
const MANY = 8;

const matches = ({ name, section }: ObjectProgramView, query: string): boolean =>
  `${name} ${section}`.toLowerCase().includes(query.trim().toLowerCase());

/** How many are refused, once something is known. */
function summary(verdicts: ReadonlyMap<string, ObjectVerdict>, all: number): string {
  if (verdicts.size === 0) return '';
  const rejected = [...verdicts.values()].filter((v) => v.verdict === 'rejected').length;
  const soFar = verdicts.size < all ? ' so far' : '';
  return `, ${rejected === 0 ? 'none of them' : rejected} rejected${soFar}`;
}

/** The programs of a compiled object, to take one. */
export function ObjectDialog({ onClose }: { readonly onClose: () => void }) {
  const playground = usePlayground();
  const object = useStore(openedObject, (state) => state.object);
  const dialog = useRef<HTMLDialogElement>(null);
  const verdicts = useVerdicts(object);
  const [query, setQuery] = useState('');
  const [at, setAt] = useState(0);
  const found = useMemo(
    () => (object?.programs ?? []).filter((program) => matches(program, query)),
    [object, query],
  );
  useEffect(() => {
    dialog.current?.showModal();
    // the list, not the button that closes it
    dialog.current?.querySelector<HTMLElement>('[role="listbox"]')?.focus();
  }, []);
  if (object === null) return null;

  const take = (index: number): void => {
    const program = found.at(index);
    if (program === undefined) return;
    dialog.current?.close();
    void openProgram(playground, object, program.name);
  };

  return (
    <dialog ref={dialog} className="object" aria-label={`Programs of ${object.fileName}`} onClose={onClose}>
      <div className="dialog-head">
        <h2>{object.fileName}</h2>
        <Button icon="cross" title="Close" onClick={() => dialog.current?.close()} />
      </div>
      <p className="faint" role="status">
        {object.programs.length} programs{summary(verdicts, object.programs.length)}. The menu of programs
        leads back here.
      </p>
      {object.programs.length > MANY && (
        <input
          type="search"
          aria-label="Filter programs"
          placeholder="Filter by name or section"
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') take(at);
          }}
        />
      )}
      <div
        className="object-list"
        style={{ height: `min(60vh, ${Math.min(found.length, SHOWN) * ROW + FRAME}px)` }}
      >
        <VirtualList
          label={`Programs of ${object.fileName}`}
          count={found.length}
          rowHeight={ROW}
          reveal={at}
          active={found.length === 0 ? null : at}
          onActive={setAt}
          onTake={take}
          rowId={(index) => `object-program-${index}`}
          row={(index) => {
            const program = found[index];
            return (
              <div
                key={program.name}
                id={`object-program-${index}`}
                role="option"
                aria-selected={index === at}
                className="object-program"
                style={{ height: ROW }}
                onClick={() => take(index)}
              >
                <ProgramRow program={program} verdict={verdicts.get(program.name)} />
              </div>
            );
          }}
        />
      </div>
      {found.length === 0 && (
        <p className="empty" role="status">
          No program of this object is called that.
        </p>
      )}
    </dialog>
  );
}
