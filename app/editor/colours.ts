import type { Theme } from '../theme/theme.ts';
import { monaco } from './monaco.ts';

/** Colours of the text; the page's own are in `theme/tokens.css`, and these go with them. */
interface Palette {
  readonly base: 'vs' | 'vs-dark';
  readonly surface: string;
  readonly ink: string;
  readonly faint: string;
  readonly line: string;
  readonly selection: string;
  readonly accent: string;
  readonly raised: string;
  readonly tokens: Readonly<Record<string, string>>;
}

const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    base: 'vs',
    surface: '#fffefb',
    ink: '#1c1d22',
    faint: '#666a73',
    line: '#e0ddd4',
    selection: '#d9defa',
    accent: '#3a4bc8',
    raised: '#ffffff',
    tokens: {
      comment: '6b6f63',
      directive: '8a3d86',
      label: '8a5300',
      target: '8a5300',
      register: '1c4fa3',
      control: 'a02c46',
      keyword: 'a02c46',
      function: '0a6672',
      type: '4c6a1f',
      number: '9a4a12',
      constant: '9a4a12',
      string: '4c6a1f',
      annotation: '8a3d86',
      operator: '565a64',
      identifier: '1c1d22',
    },
  },
  dark: {
    base: 'vs-dark',
    surface: '#191b20',
    ink: '#e8e6e1',
    faint: '#8d929d',
    line: '#2c3038',
    selection: '#333b6b',
    accent: '#9aa8ff',
    raised: '#22252c',
    tokens: {
      comment: '8b9080',
      directive: 'd9a0e0',
      label: 'e9b45a',
      target: 'e9b45a',
      register: '8db8f5',
      control: 'f59ab0',
      keyword: 'f59ab0',
      function: '6fcbd2',
      type: 'b3cf82',
      number: 'efa878',
      constant: 'efa878',
      string: 'b3cf82',
      annotation: 'd9a0e0',
      operator: 'a9adb7',
      identifier: 'e8e6e1',
    },
  },
};

/** Monaco's name of a theme. */
export const editorTheme = (theme: Theme): string => `playground-${theme}`;

/** Defines both themes. */
export function defineThemes(): void {
  for (const theme of ['light', 'dark'] as const) {
    const p = PALETTES[theme];
    monaco.editor.defineTheme(editorTheme(theme), {
      base: p.base,
      inherit: true,
      rules: Object.entries(p.tokens).map(([token, foreground]) => ({
        token,
        foreground,
        ...(token === 'comment' ? { fontStyle: 'italic' } : {}),
      })),
      colors: {
        'editor.background': p.surface,
        'editor.foreground': p.ink,
        'editorLineNumber.foreground': p.faint,
        'editorLineNumber.activeForeground': p.ink,
        'editor.lineHighlightBackground': '#00000000',
        'editor.lineHighlightBorder': '#00000000',
        'editor.selectionBackground': p.selection,
        'editorCursor.foreground': p.accent,
        'editorIndentGuide.background1': p.line,
        'editorWidget.background': p.raised,
        'editorWidget.border': p.line,
        'editorHoverWidget.background': p.raised,
        'editorHoverWidget.border': p.line,
        'editorSuggestWidget.background': p.raised,
        'editorSuggestWidget.border': p.line,
        'editorSuggestWidget.selectedBackground': p.selection,
        'editorSuggestWidget.selectedForeground': p.ink,
        'editorSuggestWidget.highlightForeground': p.accent,
        'editorSuggestWidget.focusHighlightForeground': p.accent,
        'editorGutter.foldingControlForeground': p.faint,
        focusBorder: p.accent,
      },
    });
  }
}
