import { layout } from '../shell/layout.ts';
import type { ThemeChoice } from '../shell/layout.ts';

export type Theme = 'light' | 'dark';

const darkSystem = matchMedia('(prefers-color-scheme: dark)');

function resolve(choice: ThemeChoice): Theme {
  if (choice !== 'system') return choice;
  return darkSystem.matches ? 'dark' : 'light';
}

/** The theme in force. */
export function currentTheme(): Theme {
  return resolve(layout.getState().theme);
}

/** Sets the theme on the document and tells the listener now and whenever it changes; returns what ends that. */
export function followTheme(listener: (theme: Theme) => void): () => void {
  const apply = (): void => {
    const theme = currentTheme();
    document.documentElement.dataset['theme'] = theme;
    listener(theme);
  };
  apply();
  darkSystem.addEventListener('change', apply);
  const unsubscribe = layout.subscribe((state, before) => {
    if (state.theme !== before.theme) apply();
  });
  return () => {
    darkSystem.removeEventListener('change', apply);
    unsubscribe();
  };
}

/** The other theme than the one in force; `system` when that is what the system asks for. */
export function toggleTheme(): void {
  const other: Theme = currentTheme() === 'dark' ? 'light' : 'dark';
  layout.setState({ theme: resolve('system') === other ? 'system' : other });
}
