import { useMemo, useRef, useState } from 'react';
import { isLessonDraft } from '../drafts/drafts.ts';
import type { Draft } from '../drafts/drafts.ts';
import type { Example } from '../examples/examples.ts';
import { FILE_INPUT } from '../import/actions.ts';
import { openFile } from '../import/import.ts';
import { ObjectButton } from '../objects/ObjectButton.tsx';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Popover } from '../ui/Popover.tsx';
import { beginProgram } from './actions.ts';
import { useApp, usePlayground } from './context.ts';
import { openDialog } from './dialogs.ts';

function grouped(examples: readonly Example[]): [string, Example[]][] {
  const groups = new Map<string, Example[]>();
  for (const example of examples) groups.set(example.group, [...(groups.get(example.group) ?? []), example]);
  return [...groups];
}

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Drafts shown before one asks for all. */
const RECENT = 4;

function firstWords(draft: Draft): string {
  const line = draft.doc.source
    .split('\n')
    .find((text) => /\S/.test(text) && !/^\s*(?:\.license|\.c\b|\/\/)/.test(text));
  return (line ?? '').trim().slice(0, 60);
}

function Drafts({ close }: { readonly close: () => void }) {
  const playground = usePlayground();
  const every = useApp((state) => state.drafts);
  const drafts = useMemo(() => every.filter((draft) => !isLessonDraft(draft)), [every]);
  const current = useApp((state) => state.draft);
  const [all, setAll] = useState(false);
  if (drafts.length === 0) return null;
  return (
    <section>
      <h3>Your drafts</h3>
      <ul>
        {drafts.slice(0, all ? undefined : RECENT).map((draft) => (
          <li key={draft.id} className="menu-row">
            <button
              type="button"
              aria-current={draft.id === current ? 'true' : undefined}
              onClick={() => {
                playground.openDraft(draft.id);
                close();
              }}
            >
              <span className="menu-title">{draft.title}</span>
              <span className="menu-sentence">
                {WHEN.format(draft.at)} · <code>{firstWords(draft)}</code>
              </span>
            </button>
            {draft.id !== current && (
              <Button
                icon="trash"
                title={`Delete the draft “${draft.title}”`}
                onClick={() => playground.removeDraft(draft.id)}
              />
            )}
          </li>
        ))}
      </ul>
      {drafts.length > RECENT && !all && (
        <Button icon="down" onClick={() => setAll(true)}>
          All {drafts.length} drafts
        </Button>
      )}
    </section>
  );
}

/** The program's name; giving it one makes it a draft. */
function Name() {
  const playground = usePlayground();
  const title = useApp((state) => state.title);
  const [text, setText] = useState(title);
  const [named, setNamed] = useState(title);
  if (named !== title) {
    setNamed(title);
    setText(title);
  }
  return (
    <label className="program-name">
      Name
      <input
        type="text"
        maxLength={80}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => playground.rename(text)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') playground.rename(text);
        }}
      />
    </label>
  );
}

/** Everything that can be opened: examples, drafts, files, a new program. */
export function ProgramMenu() {
  const playground = usePlayground();
  const title = useApp((state) => state.title);
  const edited = useApp((state) => state.draft !== null);
  const examples = useApp((state) => state.examples);
  const file = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={file}
        id={FILE_INPUT}
        type="file"
        hidden
        aria-label="Open a file"
        accept=".bpf,.s,.asm,.txt,.log,.jsonl,.json,.o,text/plain"
        onChange={(event) => {
          const chosen = event.currentTarget.files?.[0];
          if (chosen !== undefined) void openFile(playground, chosen);
          event.currentTarget.value = '';
        }}
      />
      <Popover
        className="program-button"
        title="Programs"
        label={
          <>
            <span className="program-title">{title}</span>
            {edited && <span className="program-edited">draft</span>}
            <Icon name="down" />
          </>
        }
      >
        {(close) => (
          <div className="program-menu">
            <h2 className="visually-hidden">Programs</h2>
            <div className="program-actions">
              <Button
                icon="plus"
                tone="plain"
                onClick={() => {
                  close();
                  beginProgram(playground);
                }}
              >
                New program
              </Button>
              <Button
                icon="file"
                tone="plain"
                onClick={() => {
                  file.current?.click();
                  close();
                }}
              >
                Open a file
              </Button>
              <ObjectButton close={close} />
              <Button
                icon="download"
                tone="plain"
                onClick={() => {
                  close();
                  openDialog('export');
                }}
              >
                Export
              </Button>
              <Button
                icon="lesson"
                tone="plain"
                onClick={() => {
                  close();
                  openDialog('lessons');
                }}
              >
                Lessons
              </Button>
            </div>
            <Name />
            <Drafts close={close} />
            {grouped(examples).map(([group, rows]) => (
              <section key={group}>
                <h3>{group}</h3>
                <ul>
                  {rows.map((example) => (
                    <li key={example.id} className="menu-row">
                      <button
                        type="button"
                        onClick={() => {
                          void playground.openExample(example);
                          close();
                        }}
                      >
                        <span className="menu-title">{example.title}</span>
                        <span className="menu-sentence">{example.sentence}</span>
                      </button>
                    </li>
                  ))}
                </ul>
              </section>
            ))}
          </div>
        )}
      </Popover>
    </>
  );
}
