import type { Pane } from './layout.ts';

/** What the panes are called. */
export const PANE_TITLES: Readonly<Record<Pane, string>> = {
  lesson: 'Lesson',
  code: 'Code',
  walk: 'Walk',
  why: 'Why',
  whatif: 'What if',
  paths: 'Paths',
  proof: 'Pruning',
  precision: 'Precision',
  visits: 'Visits',
  graph: 'Graph',
  watch: 'Watch',
  kfuncs: 'Kfuncs',
  pasted: 'Pasted log',
  source: 'Source',
  log: 'Log',
};
