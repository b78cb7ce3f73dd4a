import { useEffect, useState } from 'react';
import type { Comparison } from '../../worker/protocol.ts';
import { count, plural } from '../playground/verdict-words.ts';
import { usePlayground } from '../shell/context.ts';
import { VirtualList } from '../ui/VirtualList.tsx';
import { diffLogs, type DiffLine } from './log-diff.ts';

/** Lines of each log that are compared. */
const MOST = 6000;
const ROW = 19;
const SIGNS = { same: ' ', left: '−', right: '+' } as const;
const SAYS = { same: '', left: 'only compared with: ', right: 'only as set here: ' } as const;

interface Known {
  readonly of: Comparison;
  readonly level: 1 | 2;
  readonly lines: readonly DiffLine[] | null;
  readonly cut: boolean;
}

/** What the two logs do not have in common. */
export function LogDiff({ comparison }: { readonly comparison: Comparison }) {
  const playground = usePlayground();
  const [level, setLevel] = useState<1 | 2>(2);
  const [known, setKnown] = useState<Known | null>(null);
  const [active, setActive] = useState<number | null>(null);

  useEffect(() => {
    let wanted = true;
    const read = (run: number) => playground.ask((worker) => worker.log(run, level, 0, MOST));
    Promise.all([read(comparison.left.run), read(comparison.right.run)]).then(
      ([left, right]) => {
        if (!wanted) return;
        const texts = (log: typeof left): string[] => log.lines.map((line) => line.text);
        setKnown({
          of: comparison,
          level,
          lines: diffLogs(texts(left), texts(right)),
          cut: Math.max(left.total, right.total) > MOST,
        });
      },
      // the runs were released: a newer comparison is on its way
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [playground, comparison, level]);

  const lines = known?.of === comparison && known.level === level ? known.lines : undefined;
  return (
    <div className="log-diff">
      <div className="log-diff-bar" role="group" aria-label="Level of the logs">
        {([1, 2] as const).map((one) => (
          <button key={one} type="button" aria-pressed={level === one} onClick={() => setLevel(one)}>
            Level {one}
          </button>
        ))}
        {known?.cut === true && <span className="faint">the first {count(MOST)} lines</span>}
      </div>
      {lines === undefined && <p className="faint">Comparing the logs …</p>}
      {lines === null && <p className="faint">The logs differ too much to be compared line by line.</p>}
      {lines?.length === 0 && <p className="faint">Both logs are the same, line by line.</p>}
      {lines !== undefined && lines !== null && lines.length > 0 && (
        <div className="log-diff-lines" style={{ height: Math.min(lines.length, 16) * ROW + 2 }}>
          <VirtualList
            label="Difference of the logs"
            count={lines.length}
            rowHeight={ROW}
            reveal={null}
            active={active}
            onActive={setActive}
            onTake={setActive}
            rowId={(index) => `log-diff-${index}`}
            row={(index) => {
              const line = lines[index]!;
              return (
                <div
                  key={index}
                  id={`log-diff-${index}`}
                  role="option"
                  aria-selected={index === active}
                  className={`log-line diff-${line.kind}${index === active ? ' active' : ''}`}
                >
                  {line.kind === 'gap' ? (
                    `⋯ ${plural(line.lines, 'line')} that both have`
                  ) : (
                    <>
                      <span aria-hidden="true">{SIGNS[line.kind]} </span>
                      <span className="visually-hidden">{SAYS[line.kind]}</span>
                      {line.text}
                    </>
                  )}
                </div>
              );
            }}
          />
        </div>
      )}
    </div>
  );
}
