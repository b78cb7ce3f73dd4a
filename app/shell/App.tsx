import { useEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { EditorPane } from '../editor/EditorPane.tsx';
import { LogPanel } from '../log/LogPanel.tsx';
import { Splitter } from '../ui/Splitter.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import type { Tab } from '../ui/Tabs.tsx';
import { WalkPanel } from '../walk/WalkPanel.tsx';
import { WhatIfPanel } from '../whatif/WhatIfPanel.tsx';
import { WhyPanel } from '../why/WhyPanel.tsx';
import { handleKey } from './actions.ts';
import { useApp, useLayout, usePlayground } from './context.ts';
import { ErrorBoundary } from './ErrorBoundary.tsx';
import { layout, showPane } from './layout.ts';
import type { LowerPane, Pane } from './layout.ts';
import { Notices } from './Notices.tsx';
import { TopBar } from './TopBar.tsx';

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

/** How many what-ifs are set, for the tab. */
function useWhatIfBadge(): string | undefined {
  const changed = useApp(
    (state) => Object.keys(state.doc.kfuncFlags).length + (state.doc.semantics === null ? 0 : 1),
  );
  return changed === 0 ? undefined : String(changed);
}

/** What can stand under the walk. A further view is a row here and in `LowerPane`. */
const LOWER: Readonly<
  Record<LowerPane, { readonly title: string; readonly icon: 'why' | 'flip'; readonly view: () => ReactNode }>
> = {
  why: { title: 'Why', icon: 'why', view: () => <WhyPanel /> },
  whatif: { title: 'What if', icon: 'flip', view: () => <WhatIfPanel /> },
};
const LOWER_IDS: readonly LowerPane[] = ['why', 'whatif'];

function Lower() {
  const lower = useLayout((state) => state.lower);
  const badge = useWhatIfBadge();
  const tabs = LOWER_IDS.map((id): Tab<LowerPane> => ({
    id,
    title: LOWER[id].title,
    icon: LOWER[id].icon,
    ...(id === 'whatif' && badge !== undefined ? { badge } : {}),
  }));
  return (
    <section className="pane lower" aria-label="Explanation">
      <Tabs
        label="Explanation"
        className="pane-tabs"
        tabs={tabs}
        selected={lower}
        onSelect={(id) => layout.setState({ lower: id })}
        panelId={(id) => `panel-${id}`}
      />
      <div
        id={`panel-${lower}`}
        role="tabpanel"
        aria-labelledby={`tab-pane-tabs-${lower}`}
        className="pane-body scrolls"
        tabIndex={0}
        data-pane={lower}
      >
        <ErrorBoundary what={LOWER[lower].title} key={lower}>
          {LOWER[lower].view()}
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

function Wide() {
  const main = useRef<HTMLElement>(null);
  const right = useRef<HTMLDivElement>(null);
  const editorShare = useLayout((state) => state.editorShare);
  const walkShare = useLayout((state) => state.walkShare);
  return (
    <main
      ref={main}
      className="wide"
      style={{ '--editor': editorShare, '--walk': walkShare } as React.CSSProperties}
    >
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
        <Lower />
      </div>
    </main>
  );
}

const PHONE_TABS: readonly Tab<Pane>[] = [
  { id: 'code', title: 'Code', icon: 'code' },
  { id: 'walk', title: 'Walk', icon: 'steps' },
  { id: 'why', title: 'Why', icon: 'why' },
  { id: 'whatif', title: 'What if', icon: 'flip' },
  { id: 'log', title: 'Log', icon: 'log' },
];

function Narrow() {
  const selected = useLayout((state) => state.phone);
  const badge = useWhatIfBadge();
  const tabs = PHONE_TABS.map((tab) =>
    tab.id === 'whatif' && badge !== undefined ? { ...tab, badge } : tab,
  );
  return (
    <>
      <main className="narrow">
        <div
          id={`panel-${selected}`}
          role="tabpanel"
          aria-labelledby={`tab-phone-tabs-${selected}`}
          className={`phone-panel phone-${selected}`}
          tabIndex={-1}
        >
          <ErrorBoundary what="This pane" key={selected}>
            {selected === 'code' && <EditorPane />}
            {selected === 'walk' && <WalkPanel />}
            {selected === 'why' && <WhyPanel />}
            {selected === 'whatif' && <WhatIfPanel />}
            {selected === 'log' && <LogPanel />}
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
  const announcement = useApp((state) => state.announcement);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => handleKey(event, playground);
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [playground]);

  return (
    <>
      <TopBar />
      {narrow ? <Narrow /> : <Wide />}
      <Notices />
      <p className="visually-hidden" role="status" aria-live="polite">
        {announcement}
      </p>
      <div className="drop-hint" aria-hidden="true">
        Drop a program, a verifier log, a disassembly or a bundle
      </div>
    </>
  );
}
