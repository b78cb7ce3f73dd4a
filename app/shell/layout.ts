import { createStore } from 'zustand/vanilla';
import { EMBED } from '../embed/params.ts';

/** What stands under the walk on a wide screen; `panes.tsx` says what each is. */
export const LOWER_PANES = [
  'why',
  'whatif',
  'kfuncs',
  'paths',
  'proof',
  'precision',
  'visits',
  'graph',
  'watch',
  'source',
  'pasted',
] as const;
export type LowerPane = (typeof LOWER_PANES)[number];
/** Panes beside or, on a phone, behind the tabs. */
export type Pane = 'code' | 'walk' | 'log' | 'lesson' | LowerPane;
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
  /** The text of a lesson stands beside its program. */
  readonly lessonOpen: boolean;
  readonly logLevel: 1 | 2;
  readonly lower: LowerPane;
  /** The lower pane takes the walk's place as well. */
  readonly lowerTall: boolean;
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
  lessonOpen: true,
  logLevel: 2,
  lower: 'why',
  lowerTall: false,
  phone: 'code',
};

const isLower = (pane: unknown): pane is LowerPane => LOWER_PANES.includes(pane as LowerPane);

/** What was kept; panes that this version does not have are forgotten. */
function stored(): Partial<Layout> {
  try {
    const { lower, phone, ...rest } = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Layout>;
    return {
      ...rest,
      ...(isLower(lower) ? { lower } : {}),
      ...(isLower(phone) || phone === 'walk' || phone === 'log' ? { phone } : {}),
    };
  } catch {
    return {};
  }
}

export const layout = createStore<Layout>(() =>
  EMBED === null ? { ...INITIAL, ...stored() } : { ...INITIAL, theme: EMBED.theme },
);

layout.subscribe((state) => {
  // A card in an article does not arrange the playground.
  if (EMBED !== null) return;
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
    ...(isLower(pane) ? { lower: pane } : {}),
    ...(pane === 'walk' ? { lowerTall: false } : {}),
    ...(pane === 'log' ? { logOpen: true } : {}),
    ...(pane === 'lesson' ? { lessonOpen: true } : {}),
  });
}
