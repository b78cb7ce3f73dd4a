import { useEffect, useMemo } from 'react';
import { EditorPane } from '../editor/EditorPane.tsx';
import { verdictWord } from '../playground/verdict-words.ts';
import { packLink } from '../share/link.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { ErrorBoundary } from '../shell/ErrorBoundary.tsx';
import { handleKey } from '../shell/keys.ts';
import { Icon } from '../ui/Icon.tsx';
import { WALK_ACTIONS } from '../walk/actions.ts';
import { WalkPanel } from '../walk/WalkPanel.tsx';

/** The whole playground with this program at this step. */
function useWholeAddress(): string {
  const doc = useApp((state) => state.doc);
  const lesson = useApp((state) => state.lesson);
  const brought = useApp((state) => state.brought);
  const step = useApp((state) => state.step?.step ?? null);
  return useMemo(() => {
    const work = lesson === null ? {} : { lesson };
    const stops = brought === null ? {} : { stops: brought };
    return `${location.origin}${location.pathname}#${packLink({ ...doc, step, ...work, ...stops })}`;
  }, [doc, lesson, step, brought]);
}

function Verdict() {
  const result = useApp((state) => state.latest?.result);
  const problem = useApp((state) =>
    state.latest?.result.problems.find(({ severity }) => severity === 'error'),
  );
  if (result === undefined)
    return (
      <span className="pill">
        <Icon name="wait" /> Verifying
      </span>
    );
  const message = result.verdict === 'bad-input' && problem !== undefined ? problem.message : result.message;
  return (
    <div className={`embed-verdict verdict-${result.verdict}`}>
      <span className="pill">
        <Icon
          name={result.verdict === 'accepted' ? 'check' : result.verdict === 'rejected' ? 'cross' : 'gap'}
        />
        {verdictWord(result.verdict)}
      </span>
      <span className="verdict-message" title={message}>
        {message}
      </span>
    </div>
  );
}

/** A card for articles: the program, its verdict, the walk at the step that the link names. */
export function EmbedApp({ editable }: { readonly editable: boolean }) {
  const playground = usePlayground();
  const address = useWholeAddress();
  const title = useApp((state) => state.title);
  const announcement = useApp((state) => state.announcement);
  const notices = useApp((state) => state.notices);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => handleKey(event, playground, WALK_ACTIONS);
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [playground]);
  return (
    <div className="embed">
      <header className="embed-head">
        <h1 className="visually-hidden">BPF Verifier Playground: {title}</h1>
        <Verdict />
        <a href={address} target="_blank" rel="noopener">
          Open in the playground
          <Icon name="forward" />
        </a>
      </header>
      <main className="embed-body">
        <section className="embed-code" aria-label="Program">
          <EditorPane readOnly={!editable} />
        </section>
        <section className="embed-walk" aria-label="Walk">
          <ErrorBoundary what="The walk">
            <WalkPanel />
          </ErrorBoundary>
        </section>
      </main>
      {notices.map(({ id, text }) => (
        <p key={id} className="embed-notice" role="alert">
          {text}
        </p>
      ))}
      <p className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </p>
    </div>
  );
}
