import type { ThemeChoice } from '../shell/layout.ts';

/** How the page stands inside of another one: `?embed`, `?embed=edit`, `&theme=light|dark`. */
export interface EmbedParams {
  readonly editable: boolean;
  /** `system`: as the reader's system asks for. */
  readonly theme: ThemeChoice;
}

/** Reads the query of an address; null for the whole playground. */
export function embedParams(search: string): EmbedParams | null {
  const query = new URLSearchParams(search);
  const embed = query.get('embed');
  if (embed === null) return null;
  const theme = query.get('theme');
  return { editable: embed === 'edit', theme: theme === 'light' || theme === 'dark' ? theme : 'system' };
}

/** How this page was opened. */
export const EMBED: EmbedParams | null =
  typeof location === 'undefined' ? null : embedParams(location.search);
