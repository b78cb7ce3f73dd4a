import { useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { predict } from '../predict/predict.ts';
import { useVerdictHidden } from '../predict/use-predict.ts';
import { Prose } from '../reference/Prose.tsx';
import { useApp, usePlayground } from '../shell/context.ts';
import { openDialog } from '../shell/dialogs.ts';
import { layout, showPane } from '../shell/layout.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { openLesson } from './actions.ts';
import { judge } from './judge.ts';
import type { Lesson, Quiz } from './lesson.ts';
import { progress } from './progress.ts';
import { useLesson, useLessonRows } from './use-lesson.ts';

const showReference = (): void => openDialog('reference');

function Checks({ lesson, passed }: { readonly lesson: Lesson; readonly passed: readonly boolean[] | null }) {
  return (
    <ul className="lesson-checks">
      {lesson.checks.map(({ text, words }, i) => (
        <li key={text} className={passed?.[i] === true ? 'holds' : ''}>
          <Icon name={passed?.[i] === true ? 'check' : 'gap'} />
          <span>{words}</span>
          <span className="visually-hidden">: {passed?.[i] === true ? 'done' : 'not yet'}</span>
        </li>
      ))}
    </ul>
  );
}

function Hints({ hints }: { readonly hints: readonly string[] }) {
  const [shown, setShown] = useState(0);
  return (
    <>
      {hints.slice(0, shown).map((hint) => (
        <div key={hint} className="lesson-hint">
          <Prose text={hint} onPage={showReference} />
        </div>
      ))}
      {shown < hints.length && (
        <Button icon="why" tone="plain" onClick={() => setShown(shown + 1)}>
          {shown === 0 ? 'Hint' : 'Another hint'}
        </Button>
      )}
    </>
  );
}

function Question({ id, quiz }: { readonly id: string; readonly quiz: Quiz }) {
  const answer = useStore(progress.store, (state) => state.answers[id]);
  const given = answer === undefined ? undefined : quiz.options[answer];
  return (
    <fieldset className="lesson-quiz">
      <legend>{quiz.question}</legend>
      {quiz.options.map(({ text }, i) => (
        <label key={text}>
          <input
            type="radio"
            name={`quiz-${id}`}
            checked={answer === i}
            onChange={() => progress.answer(id, i)}
          />
          <span>{text}</span>
        </label>
      ))}
      <p role="status" className={given?.right === true ? 'right' : 'wrong'}>
        {given?.reply}
      </p>
    </fieldset>
  );
}

/** Guessing first is the best exercise; a lesson offers it. */
function PredictSwitch() {
  const on = useStore(predict.store, (state) => state.on);
  return (
    <Button
      icon="guess"
      tone="plain"
      pressed={on}
      title="Guess each verdict and step (Alt+G)"
      onClick={predict.toggle}
    >
      Predict
    </Button>
  );
}

function Solution({ id, lesson }: { readonly id: string; readonly lesson: Lesson }) {
  const playground = usePlayground();
  const [open, setOpen] = useState(false);
  return (
    <div className="lesson-solution">
      <div className="lesson-buttons">
        <Button
          icon="restart"
          tone="plain"
          title="Put the program back as it was"
          onClick={() => playground.rewrite(lesson.start.source)}
        >
          Start over
        </Button>
        <Button
          icon={open ? 'up' : 'down'}
          tone="plain"
          onClick={() => {
            if (!open) progress.show(id);
            setOpen(!open);
          }}
        >
          {open ? 'Hide the solution' : 'Show a solution'}
        </Button>
        <PredictSwitch />
      </div>
      {open && (
        <>
          <pre tabIndex={0} aria-label="Solution">
            {lesson.solution.source}
          </pre>
          <Button
            icon="pencil"
            tone="plain"
            onClick={() => {
              playground.rewrite(lesson.solution.source);
              showPane('lesson');
            }}
          >
            Put it into the editor
          </Button>
        </>
      )}
    </div>
  );
}

function Body({ id, lesson }: { readonly id: string; readonly lesson: Lesson }) {
  const playground = usePlayground();
  const rows = useLessonRows();
  const latest = useApp((state) => state.latest);
  const opened = useApp((state) => state.opened);
  const about = useApp((state) => state.about);
  const answer = useStore(progress.store, (state) => state.answers[id]);
  const guessing = useVerdictHidden();
  const passed = guessing ? null : judge(lesson, { latest, opened, about }, answer);
  const count = passed?.filter(Boolean).length ?? 0;
  const all = passed !== null && count === passed.length;
  useEffect(() => {
    if (all) progress.solve(id);
  }, [all, id]);
  const next = rows[rows.findIndex((row) => row.id === id) + 1];
  return (
    <>
      <h2>{lesson.title}</h2>
      <Prose text={lesson.text} onPage={showReference} />
      {lesson.quiz !== null && <Question id={id} quiz={lesson.quiz} />}
      <section className="lesson-task" aria-label="Task">
        <h3>Task</h3>
        <Prose text={lesson.task} onPage={showReference} />
        <Checks lesson={lesson} passed={passed} />
        <p className="visually-hidden" role="status">
          {all ? 'Solved.' : `${count} of ${lesson.checks.length} conditions hold.`}
        </p>
      </section>
      {all ? (
        <section className="lesson-solved" aria-label="Solved">
          <h3>
            <Icon name="check" /> Solved
          </h3>
          <Prose text={lesson.after} onPage={showReference} />
          {next === undefined ? (
            <p>This was the last lesson. The reference and the examples go on from here.</p>
          ) : (
            <Button icon="forward" tone="strong" onClick={() => void openLesson(playground, next.id)}>
              {`Next: ${next.title}`}
            </Button>
          )}
        </section>
      ) : (
        <Hints hints={lesson.hints} />
      )}
      <Solution id={id} lesson={lesson} />
    </>
  );
}

/** The lesson that the document belongs to: text, task, how far the program fulfils it. */
export function LessonPanel() {
  const playground = usePlayground();
  const id = useApp((state) => state.lesson);
  const rows = useLessonRows();
  const lesson = useLesson(id);
  const solved = useStore(progress.store, (state) => id !== null && state.solved.includes(id));
  const at = rows.findIndex((row) => row.id === id);
  const [prev, next] = [rows[at - 1], rows[at + 1]];
  return (
    <div className="lesson" data-pane="lesson" tabIndex={-1} role="region" aria-label="Lesson text">
      <div className="lesson-head">
        <span className="faint">
          {at >= 0 && `${rows[at]!.group} · ${at + 1} of ${rows.length}`}
          {solved && <span className="tag ok">solved</span>}
        </span>
        <Button
          icon="back"
          title="Previous lesson (Alt+K)"
          disabled={prev === undefined}
          onClick={() => prev !== undefined && void openLesson(playground, prev.id)}
        />
        <Button icon="list" title="All lessons (Alt+L)" onClick={() => openDialog('lessons')} />
        <Button
          icon="forward"
          title="Next lesson (Alt+J)"
          disabled={next === undefined}
          onClick={() => next !== undefined && void openLesson(playground, next.id)}
        />
        <span className="lesson-hide">
          <Button
            icon="cross"
            title="Hide the lesson"
            onClick={() => layout.setState({ lessonOpen: false })}
          />
        </span>
      </div>
      <div className="lesson-body" key={id}>
        {lesson === null || id === null ? (
          <p className="faint">Loading the lesson …</p>
        ) : (
          <Body id={id} lesson={lesson} />
        )}
      </div>
    </div>
  );
}
