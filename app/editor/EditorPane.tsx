import { useEffect, useMemo, useRef, useState } from 'react';
import { useApp, usePlayground } from '../shell/context.ts';
import { LANE_LETTERS, LANE_WORDS, placeLanes, spokenLines } from './lanes.ts';

/** What the lanes beside the code mean, and in words where they run. */
function Legend() {
  const run = useApp((state) => state.run);
  const lanes = useMemo(() => (run === null ? [] : placeLanes(run.result)), [run]);
  if (lanes.length === 0) return null;
  return (
    <ul className="legend" aria-label="Regions beside the code">
      {lanes.map(({ span, bars }) => (
        <li key={`${span.kind} ${span.id} ${span.label}`} className={`lane-${span.kind}`}>
          <span className="lane-letter" aria-hidden="true">
            {LANE_LETTERS[span.kind]}
          </span>
          <span>
            {LANE_WORDS[span.kind]}
            {span.label !== '' && (
              <>
                {' '}
                <code>{span.label}</code>
              </>
            )}
            <span className="visually-hidden">, {spokenLines(bars)}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The editor; its code is fetched after the page has come up. */
export function EditorPane({ readOnly = false }: { readonly readOnly?: boolean }) {
  const playground = usePlayground();
  const host = useRef<HTMLDivElement>(null);
  const lanesHost = useRef<HTMLDivElement>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [ready, setReady] = useState(false);
  const source = useApp((state) => (ready ? '' : state.doc.source));

  useEffect(() => {
    let takeDown: (() => void) | null = null;
    let gone = false;
    import('./mount.ts').then(
      ({ mountEditor }) => {
        if (gone || host.current === null || lanesHost.current === null) return;
        takeDown = mountEditor(host.current, lanesHost.current, playground, readOnly);
        setReady(true);
      },
      (reason: unknown) => setTrouble(String(reason)),
    );
    return () => {
      gone = true;
      takeDown?.();
    };
  }, [playground, readOnly]);

  return (
    <div className="editor-pane">
      <div className="editor-row">
        <div ref={lanesHost} className="lanes" />
        <div ref={host} className="editor-host">
          {!ready && (
            <pre className="editor-waiting">
              {trouble === null ? source : `The editor could not be loaded: ${trouble}`}
            </pre>
          )}
        </div>
      </div>
      <Legend />
    </div>
  );
}
