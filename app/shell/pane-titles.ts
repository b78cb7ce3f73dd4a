import type { Pane } from './layout.ts';

/** What the panes are called. */
export const PANE_TITLES: Readonly<Record<Pane, string>> = {
  lesson: 'Lesson',
  code: 'Code',
  walk: 'Walk',
  why: 'Why',
  whatif: 'What if',
  kfuncs: 'Kfuncs',
  paths: 'Paths',
  proof: 'Pruning',
  precision: 'Precision',
  visits: 'Visits',
  graph: 'Graph',
  watch: 'Watch',
  source: 'Source',
  pasted: 'Pasted log',
  log: 'Log',
};
