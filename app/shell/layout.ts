import { createStore } from 'zustand/vanilla';

/** Panes beside or, on a phone, behind the tabs. */
export type Pane = 'code' | 'walk' | 'why' | 'whatif' | 'log';
/** What stands under the walk on a wide screen. */
export type LowerPane = 'why' | 'whatif';
export type ThemeChoice = 'system' | 'light' | 'dark';

/** How the page is arranged; kept on this device, apart from the programs. */
export interface Layout {
  readonly theme: ThemeChoice;
  /** Share of the width that the editor takes, 0 to 1. */
  readonly editorShare: number;
  /** Share of the right column's height that the walk takes. */
  readonly walkShare: number;
  /** Height of the log in px. */
  readonly logHeight: number;
  readonly logOpen: boolean;
  readonly logLevel: 1 | 2;
  readonly lower: LowerPane;
  /** The pane that a phone shows. */
  readonly phone: Pane;
}

const KEY = 'bpf-playground.layout';
const INITIAL: Layout = {
  theme: 'system',
  editorShare: 0.52,
  walkShare: 0.58,
  logHeight: 210,
  logOpen: true,
  logLevel: 2,
  lower: 'why',
  phone: 'code',
};

function stored(): Partial<Layout> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Layout>;
  } catch {
    return {};
  }
}

export const layout = createStore<Layout>(() => ({ ...INITIAL, ...stored() }));

layout.subscribe((state) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // Without storage the arrangement lasts as long as the page.
  }
});

/** Brings a pane into view, on a phone and on a wide screen. */
export function showPane(pane: Pane): void {
  layout.setState({
    phone: pane,
    ...(pane === 'why' || pane === 'whatif' ? { lower: pane } : {}),
    ...(pane === 'log' ? { logOpen: true } : {}),
  });
}
