import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { EditorPane } from '../editor/EditorPane.tsx';
import { LogPanel } from '../log/LogPanel.tsx';
import { usePredictGuard } from '../predict/use-predict.ts';
import { Button } from '../ui/Button.tsx';
import { keepFocus } from '../ui/keep-focus.ts';
import { Splitter } from '../ui/Splitter.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import type { Tab } from '../ui/Tabs.tsx';
import { WalkPanel } from '../walk/WalkPanel.tsx';
import { useApp, useLayout, usePlayground } from './context.ts';
import { Dialogs } from './Dialogs.tsx';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { handleChord, handleKey } from './keys.ts';
import { layout, LOWER_PANES, showPane } from './layout.ts';
import type { LowerPane, Pane } from './layout.ts';
import { Notices } from './Notices.tsx';
import { PANE_TITLES } from './pane-titles.ts';
import { PANES, useBadges } from './panes.tsx';
import { TopBar } from './TopBar.tsx';

/** Comes with the reader of Markdown, when a lesson is opened. */
const LessonPanel = lazy(async () => ({ default: (await import('../lessons/LessonPanel.tsx')).LessonPanel }));

const NARROW = '(max-width: 860px)';

function useNarrow(): boolean {
  const [narrow, setNarrow] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const changed = (): void => setNarrow(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  return narrow;
}

const clamp = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

function useLowerTabs(): Tab<LowerPane>[] {
  const badges = useBadges();
  return LOWER_PANES.map((id) => ({
    id,
    title: PANE_TITLES[id],
    icon: PANES[id].icon,
    ...(badges[id] === undefined ? {} : { badge: badges[id] }),
  }));
}

function Lower() {
  const lower = useLayout((state) => state.lower);
  const tall = useLayout((state) => state.lowerTall);
  const tabs = useLowerTabs();
  return (
    <section className="pane lower" aria-label="Explanation">
      <div className="pane-tabs-row">
        <Tabs
          label="Explanation"
          className="pane-tabs"
          tabs={tabs}
          selected={lower}
          onSelect={(id) => layout.setState({ lower: id })}
          panelId={(id) => `panel-${id}`}
        />
        <Button
          icon={tall ? 'down' : 'up'}
          title={tall ? 'Show the walk again' : 'Use the whole column'}
          onClick={() => layout.setState({ lowerTall: !tall })}
        />
      </div>
      <div
        id={`panel-${lower}`}
        role="tabpanel"
        aria-labelledby={`tab-pane-tabs-${lower}`}
        className="pane-body scrolls"
        tabIndex={0}
        data-pane={lower}
      >
        <ErrorBoundary what={PANE_TITLES[lower]} key={lower}>
          <Suspense fallback={<p className="empty">Loading …</p>}>{PANES[lower].view()}</Suspense>
        </ErrorBoundary>
      </div>
    </section>
  );
}

function LogToggle() {
  const open = useLayout((state) => state.logOpen);
  return (
    <button
      type="button"
      className="pane-head"
      aria-expanded={open}
      onClick={() => layout.setState({ logOpen: !open })}
    >
      <span className={`chevron${open ? ' open' : ''}`} aria-hidden="true" />
      Verifier log
    </button>
  );
}

function LogSection() {
  const open = useLayout((state) => state.logOpen);
  const height = useLayout((state) => state.logHeight);
  return (
    <>
      {open && (
        <Splitter
          label="Height of the log"
          orientation="horizontal"
          value={100 - (height / innerHeight) * 100}
          onDrag={(delta) =>
            layout.setState({ logHeight: clamp(layout.getState().logHeight - delta, 90, innerHeight * 0.7) })
          }
        />
      )}
      <section className="pane log-pane" aria-label="Log" style={open ? { height } : undefined}>
        {open ? (
          <ErrorBoundary what="The log">
            <LogPanel head={<LogToggle />} />
          </ErrorBoundary>
        ) : (
          <LogToggle />
        )}
      </section>
    </>
  );
}

/** A lesson's text, or the strip that brings it back. */
function LessonColumn() {
  const lesson = useApp((state) => state.lesson);
  const open = useLayout((state) => state.lessonOpen);
  if (lesson === null) return null;
  if (!open)
    return (
      <button type="button" className="lesson-strip" onClick={() => layout.setState({ lessonOpen: true })}>
        Lesson
      </button>
    );
  return (
    <aside className="column lesson-column" aria-label="Lesson">
      <div className="pane lesson-pane">
        <ErrorBoundary what="The lesson" key={lesson}>
          <Suspense fallback={<p className="empty">Loading …</p>}>
            <LessonPanel />
          </Suspense>
        </ErrorBoundary>
      </div>
    </aside>
  );
}

function Wide() {
  const main = useRef<HTMLElement>(null);
  const right = useRef<HTMLDivElement>(null);
  const editorShare = useLayout((state) => state.editorShare);
  const walkShare = useLayout((state) => state.walkShare);
  const lowerTall = useLayout((state) => state.lowerTall);
  return (
    <main
      ref={main}
      className="wide"
      style={{ '--editor': editorShare, '--walk': walkShare } as React.CSSProperties}
    >
      <LessonColumn />
      <div className="column left">
        <section className="pane code-pane" aria-label="Program">
          <EditorPane />
        </section>
        <LogSection />
      </div>
      <Splitter
        label="Width of the editor"
        orientation="vertical"
        value={editorShare * 100}
        onDrag={(delta) =>
          layout.setState({
            editorShare: clamp(
              layout.getState().editorShare + delta / (main.current?.clientWidth ?? 1),
              0.25,
              0.75,
            ),
          })
        }
      />
      <div ref={right} className="column right">
        {!lowerTall && (
          <>
            <section className="pane walk-pane" aria-label="Walk">
              <ErrorBoundary what="The walk">
                <WalkPanel />
              </ErrorBoundary>
            </section>
            <Splitter
              label="Height of the walk"
              orientation="horizontal"
              value={walkShare * 100}
              onDrag={(delta) =>
                layout.setState({
                  walkShare: clamp(
                    layout.getState().walkShare + delta / (right.current?.clientHeight ?? 1),
                    0.2,
                    0.85,
                  ),
                })
              }
            />
          </>
        )}
        <Lower />
      </div>
    </main>
  );
}

function Narrow() {
  const wanted = useLayout((state) => state.phone);
  const lesson = useApp((state) => state.lesson);
  const selected = wanted === 'lesson' && lesson === null ? 'code' : wanted;
  const tabs: readonly Tab<Pane>[] = [
    ...(lesson === null ? [] : [{ id: 'lesson', title: PANE_TITLES.lesson, icon: 'lesson' } as const]),
    { id: 'code', title: PANE_TITLES.code, icon: 'code' },
    { id: 'walk', title: PANE_TITLES.walk, icon: 'steps' },
    ...useLowerTabs(),
    { id: 'log', title: PANE_TITLES.log, icon: 'log' },
  ];
  return (
    <>
      <main className="narrow">
        <div
          id={`panel-${selected}`}
          role="tabpanel"
          aria-labelledby={`tab-phone-tabs-${selected}`}
          className={`phone-panel phone-${selected}`}
          tabIndex={-1}
          data-pane={selected in PANES ? selected : undefined}
        >
          <ErrorBoundary what="This pane" key={selected}>
            <Suspense fallback={<p className="empty">Loading …</p>}>
              {selected === 'lesson' ? (
                <LessonPanel />
              ) : selected === 'code' ? (
                <EditorPane />
              ) : selected === 'walk' ? (
                <WalkPanel />
              ) : selected === 'log' ? (
                <LogPanel />
              ) : (
                PANES[selected].view()
              )}
            </Suspense>
          </ErrorBoundary>
        </div>
      </main>
      <nav aria-label="Panes">
        <Tabs
          label="Panes"
          className="phone-tabs"
          tabs={tabs}
          selected={selected}
          onSelect={showPane}
          panelId={(id) => `panel-${id}`}
        />
      </nav>
    </>
  );
}

/** The whole page. */
export function App() {
  const playground = usePlayground();
  const narrow = useNarrow();
  const hidden = usePredictGuard();
  const announcement = useApp((state) => state.announcement);

  useEffect(() => {
    const onChord = (event: KeyboardEvent): void => handleChord(event, playground);
    const onKey = (event: KeyboardEvent): void => handleKey(event, playground);
    addEventListener('keydown', onChord, { capture: true });
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onChord, { capture: true });
      removeEventListener('keydown', onKey);
    };
  }, [playground]);
  useEffect(() => keepFocus(), []);

  return (
    <>
      <TopBar />
      {narrow ? <Narrow /> : <Wide />}
      <Notices />
      <Dialogs />
      <p className="visually-hidden" role="status" aria-live="polite">
        {hidden ? 'Guess the verdict: accepted or rejected?' : announcement}
      </p>
      <div className="drop-hint" aria-hidden="true">
        Drop a program, a compiled object, a verifier log, a disassembly or a bundle
      </div>
    </>
  );
}
