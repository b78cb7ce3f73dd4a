import glossary from '../../docs/glossary.md?raw';
import kfuncCall from '../../docs/kfunc-call.md?raw';
import objects from '../../docs/objects.md?raw';
import programText from '../../docs/program-text.md?raw';
import watches from '../../docs/watches.md?raw';

export type PageId = 'program-text' | 'objects' | 'kfunc-call' | 'watches' | 'glossary';

/** A page of the project's documentation that the playground shows too. */
export interface ReferencePage {
  readonly id: PageId;
  /** Markdown, with its own heading. */
  readonly text: string;
}

export const PAGES: readonly ReferencePage[] = [
  { id: 'program-text', text: programText },
  { id: 'objects', text: objects },
  { id: 'kfunc-call', text: kfuncCall },
  { id: 'watches', text: watches },
  { id: 'glossary', text: glossary },
];

/** What a link of the documentation leads to. */
export type Target =
  | { readonly kind: 'page'; readonly id: PageId }
  | { readonly kind: 'web'; readonly url: string }
  /** A file of the source tree, named from its root. */
  | { readonly kind: 'file'; readonly path: string };

/** Reads the target of a link in a page under `docs/`. */
export function targetOf(href: string): Target {
  if (/^https?:\/\//.test(href)) return { kind: 'web', url: href };
  const page = PAGES.find(({ id }) => href.replace(/#.*$/, '') === `${id}.md`);
  if (page !== undefined) return { kind: 'page', id: page.id };
  return { kind: 'file', path: href.startsWith('../') ? href.slice(3) : `docs/${href}` };
}
