import { usePlayground } from '../shell/context.ts';
import { shareAsMarkdown, shareEmbed, shareProgram } from '../shell/share.ts';
import { Button } from '../ui/Button.tsx';
import { Icon } from '../ui/Icon.tsx';
import { Popover } from '../ui/Popover.tsx';
import type { Playground } from '../playground/playground.ts';

const WAYS: readonly {
  readonly title: string;
  readonly sentence: string;
  readonly run: (playground: Playground) => void;
}[] = [
  { title: 'Link', sentence: 'Program, settings and the selected step are in it.', run: shareProgram },
  {
    title: 'Markdown',
    sentence: 'The link with a caption: title, verdict, message, kernel.',
    run: shareAsMarkdown,
  },
  { title: 'Embed code', sentence: 'HTML that shows the program as a card in an article.', run: shareEmbed },
];

/** Copies a link; the arrow beside it offers the other forms. */
export function ShareMenu() {
  const playground = usePlayground();
  return (
    <div className="share-group">
      <Button
        icon="share"
        tone="strong"
        title="Copy a link to this program and step"
        onClick={() => shareProgram(playground)}
      >
        Share
      </Button>
      <Popover
        className="share-more"
        title="Ways to share"
        label={
          <>
            <Icon name="down" />
            <span className="visually-hidden">More ways to share</span>
          </>
        }
      >
        {(close) => (
          <div className="share-menu">
            {WAYS.map(({ title, sentence, run }) => (
              <button
                key={title}
                type="button"
                onClick={() => {
                  run(playground);
                  close();
                }}
              >
                <span className="menu-title">{title}</span>
                <span className="menu-sentence">{sentence}</span>
              </button>
            ))}
          </div>
        )}
      </Popover>
    </div>
  );
}
