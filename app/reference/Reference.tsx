import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Button } from '../ui/Button.tsx';
import { Tabs } from '../ui/Tabs.tsx';
import type { PageId } from './pages.ts';

const PageText = lazy(async () => ({ default: (await import('./PageText.tsx')).PageText }));

/** Titles stand here, the texts come with `PageText` when they are wanted. */
const TABS: readonly { readonly id: PageId; readonly title: string }[] = [
  { id: 'program-text', title: 'Program text' },
  { id: 'objects', title: 'Compiled objects' },
  { id: 'kfunc-call', title: 'How a kfunc call is judged' },
  { id: 'watches', title: 'Watches' },
  { id: 'glossary', title: 'Words' },
];

/** The documentation inside of the page. */
export function Reference({ onClose }: { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const [id, setId] = useState<PageId>('program-text');
  useEffect(() => dialog.current?.showModal(), []);
  const show = (page: PageId): void => {
    setId(page);
    body.current?.scrollTo(0, 0);
  };
  return (
    <dialog ref={dialog} className="reference" aria-label="Reference" onClose={onClose}>
      <div className="dialog-head">
        <Tabs
          label="Pages"
          className="pane-tabs"
          tabs={TABS}
          selected={id}
          onSelect={show}
          panelId={() => 'reference-page'}
        />
        <Button icon="cross" title="Close" onClick={() => dialog.current?.close()} />
      </div>
      <div
        ref={body}
        id="reference-page"
        role="tabpanel"
        aria-labelledby={`tab-pane-tabs-${id}`}
        className="reference-page"
        tabIndex={0}
      >
        <Suspense fallback={<p className="faint">Loading the page …</p>}>
          <PageText id={id} onPage={show} />
        </Suspense>
      </div>
    </dialog>
  );
}
