import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand';
import { isLessonDraft, lessonDraft } from '../drafts/drafts.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { openLesson } from './actions.ts';
import type { LessonRow } from './lesson.ts';
import { progress } from './progress.ts';
import { useLessonRows } from './use-lesson.ts';

function grouped(rows: readonly LessonRow[]): [string, LessonRow[]][] {
  const groups = new Map<string, LessonRow[]>();
  for (const row of rows) groups.set(row.group, [...(groups.get(row.group) ?? []), row]);
  return [...groups];
}

/** Begins anew; asks once. What was written in the lessons stays. */
function Forget() {
  const [asked, setAsked] = useState(false);
  return (
    <Button
      icon="restart"
      onClick={() => {
        if (asked) progress.clear();
        setAsked(!asked);
      }}
    >
      {asked ? 'Really forget what is solved?' : 'Begin anew'}
    </Button>
  );
}

/** All lessons, with how far one is. */
export function LessonsDialog({ onClose }: { readonly onClose: () => void }) {
  const playground = usePlayground();
  const dialog = useRef<HTMLDialogElement>(null);
  const rows = useLessonRows();
  const { solved } = useStore(progress.store);
  const open = useApp((state) => state.lesson);
  const drafts = useApp((state) => state.drafts);
  useEffect(() => dialog.current?.showModal(), []);
  const started = new Set(drafts.filter(isLessonDraft).map(({ id }) => id));
  const done = rows.filter(({ id }) => solved.includes(id)).length;
  const next = rows.find(({ id }) => !solved.includes(id));

  const take = (id: string): void => {
    dialog.current?.close();
    void openLesson(playground, id);
  };
  const word = (id: string): string =>
    solved.includes(id) ? 'solved' : started.has(lessonDraft(id)) ? 'begun' : '';

  return (
    <dialog ref={dialog} className="lessons" aria-label="Lessons" onClose={onClose}>
      <div className="dialog-head">
        <h2>Lessons</h2>
        <Button icon="cross" title="Close" onClick={() => dialog.current?.close()} />
      </div>
      <div className="lessons-progress">
        <progress aria-label="Lessons solved" value={done} max={Math.max(rows.length, 1)} />
        <span>
          {done} of {rows.length} solved
        </span>
        {next !== undefined && (
          <button type="button" className="button strong" autoFocus onClick={() => take(next.id)}>
            {done === 0 ? 'Begin' : 'Go on'}
          </button>
        )}
        {done > 0 && <Forget />}
      </div>
      <div className="lessons-groups">
        {grouped(rows).map(([group, members]) => (
          <section key={group}>
            <h3>{group}</h3>
            <ol>
              {members.map((row) => (
                <li key={row.id}>
                  <button
                    type="button"
                    aria-current={row.id === open ? 'true' : undefined}
                    onClick={() => take(row.id)}
                  >
                    <span className={`lesson-mark ${word(row.id)}`}>
                      {word(row.id) === 'solved' && <Icon name="check" />}
                    </span>
                    <span>
                      <span className="menu-title">
                        {row.title}
                        {word(row.id) !== '' && <span className="visually-hidden">, {word(row.id)}</span>}
                      </span>
                      <span className="menu-sentence">{row.sentence}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ol>
          </section>
        ))}
      </div>
    </dialog>
  );
}
