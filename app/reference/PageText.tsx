import { PAGES } from './pages.ts';
import type { PageId } from './pages.ts';
import { Prose } from './Prose.tsx';

interface Props {
  readonly id: PageId;
  readonly onPage: (id: PageId) => void;
}

/** One page. Loaded when the reference is first opened, with the reader of Markdown. */
export function PageText({ id, onPage }: Props) {
  return <Prose text={PAGES.find((row) => row.id === id)!.text} onPage={onPage} />;
}
