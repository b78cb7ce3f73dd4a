import { lazy } from 'react';
import type { ReactNode } from 'react';
import { useStore } from 'zustand';
import type { IconName } from '../ui/Icon.tsx';
import { stops } from '../watch/stops.ts';
import { WhatIfPanel } from '../whatif/WhatIfPanel.tsx';
import { WhyPanel } from '../why/WhyPanel.tsx';
import { useApp } from './context.ts';
import type { LowerPane } from './layout.ts';

const GraphPane = lazy(async () => ({ default: (await import('../graph/GraphPane.tsx')).GraphPane }));
const KfuncsPane = lazy(async () => ({ default: (await import('../kfuncs/KfuncsPane.tsx')).KfuncsPane }));
const PastedPane = lazy(async () => ({ default: (await import('../pasted/PastedPane.tsx')).PastedPane }));
const PathsPane = lazy(async () => ({ default: (await import('../paths/PathsPane.tsx')).PathsPane }));
const PrecisionPane = lazy(async () => ({
  default: (await import('../precision/PrecisionPane.tsx')).PrecisionPane,
}));
const ProofPane = lazy(async () => ({ default: (await import('../proof/ProofPane.tsx')).ProofPane }));
const SourcePane = lazy(async () => ({ default: (await import('../source/SourcePane.tsx')).SourcePane }));
const VisitsPane = lazy(async () => ({ default: (await import('../visits/VisitsPane.tsx')).VisitsPane }));
const WatchPane = lazy(async () => ({ default: (await import('../watch/WatchPane.tsx')).WatchPane }));

interface PaneRow {
  readonly icon: IconName;
  readonly view: () => ReactNode;
}

/** What can stand under the walk. A further view is a row here, in `LOWER_PANES` and in `PANE_TITLES`. */
export const PANES: Readonly<Record<LowerPane, PaneRow>> = {
  why: { icon: 'why', view: () => <WhyPanel /> },
  whatif: { icon: 'flip', view: () => <WhatIfPanel /> },
  kfuncs: { icon: 'list', view: () => <KfuncsPane /> },
  paths: { icon: 'branch', view: () => <PathsPane /> },
  proof: { icon: 'prune', view: () => <ProofPane /> },
  precision: { icon: 'target', view: () => <PrecisionPane /> },
  visits: { icon: 'table', view: () => <VisitsPane /> },
  graph: { icon: 'graph', view: () => <GraphPane /> },
  watch: { icon: 'eye', view: () => <WatchPane /> },
  source: { icon: 'file', view: () => <SourcePane /> },
  pasted: { icon: 'copy', view: () => <PastedPane /> },
};

/** Things to notice on the tabs: how many what-ifs are set, and how many stops. */
export function useBadges(): Readonly<Partial<Record<LowerPane, string>>> {
  const changed = useApp(
    (state) => Object.keys(state.doc.kfuncFlags).length + (state.doc.semantics === null ? 0 : 1),
  );
  const set = useStore(stops, (state) => state.lines.length + state.watches.filter(({ on }) => on).length);
  return {
    ...(changed === 0 ? {} : { whatif: String(changed) }),
    ...(set === 0 ? {} : { watch: String(set) }),
  };
}
