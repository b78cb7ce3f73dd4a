import Markdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { targetOf } from './pages.ts';
import type { PageId } from './pages.ts';

interface Props {
  /** Markdown; HTML in it is text. */
  readonly text: string;
  readonly onPage: (id: PageId) => void;
}

/** Markdown as the page shows it: links within the documentation stay here, those to the web leave. */
export function Prose({ text, onPage }: Props) {
  return (
    <Markdown
      remarkPlugins={[remarkGfm]}
      components={{
        a: ({ href, children }) => {
          const target = targetOf(href ?? '');
          switch (target.kind) {
            case 'web':
              return (
                <a href={target.url} target="_blank" rel="noreferrer">
                  {children}
                </a>
              );
            case 'page':
              return (
                <button type="button" className="page-link" onClick={() => onPage(target.id)}>
                  {children}
                </button>
              );
            case 'file':
              // The source is not served with the page; its path is what a reader looks for in the repository.
              return <span title={target.path}>{children}</span>;
          }
        },
        // A wide block must be reachable to be scrolled.
        pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
        table: ({ children }) => (
          <div className="table-frame" tabIndex={0} role="group" aria-label="Table">
            <table>{children}</table>
          </div>
        ),
      }}
    >
      {text}
    </Markdown>
  );
}
