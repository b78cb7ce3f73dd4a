import { useCallback, useMemo, useState } from 'react';
import { fileName, saveFile } from '../files/save.ts';
import { count } from '../playground/verdict-words.ts';
import { useApp, usePlayground } from '../shell/context.ts';
import { Nothing } from '../shell/Nothing.tsx';
import { Button } from '../ui/Button.tsx';
import { GraphWindow, ZOOM_STEP } from './GraphWindow.tsx';
import type { Look } from './GraphWindow.tsx';
import type { Drawing, Marks } from './GraphSvg.tsx';
import { pngOf, svgOf } from './picture.tsx';
import { blockOf, neighbourhood, restrict } from './shape.ts';
import { useDrawing, useGraph } from './use-graph.ts';

/** Functions of more blocks than this are shown in part: layouts of more take long and cannot be read anyway. */
const WHOLE = 250;
/** Blocks of a part, at first and at most. */
const PART = 60;
const PART_MOST = 240;

const LEGEND = [
  ['edge-fall', 'goes on'],
  ['edge-taken', 'branch taken'],
  ['edge-goto', 'goto'],
  ['edge-table', 'jump table'],
  ['edge-back', 'back'],
] as const;

function Legend({ drawing }: { readonly drawing: Drawing }) {
  const kinds = new Set<string>(drawing.edges.map((edge) => `edge-${edge.back ? 'back' : edge.kind}`));
  return (
    <ul className="graph-legend" aria-label="What the lines mean">
      {LEGEND.filter(([kind]) => kinds.has(kind)).map(([kind, words]) => (
        <li key={kind}>
          <svg viewBox="0 0 22 10" aria-hidden="true" className={`graph-edge ${kind}`}>
            <path d="M1 5H20" />
          </svg>
          {words}
        </li>
      ))}
      {drawing.shapes.some(({ scc }) => scc !== 0) && <li>tinted: in a loop</li>}
      <li>dashed: never walked</li>
      <li>
        <svg viewBox="0 0 22 10" aria-hidden="true">
          <path className="graph-prune" d="M8 5l3 -3.4l3 3.4l-3 3.4z" />
        </svg>
        prune point: states are compared here
      </li>
      <li>bar at the left: how often it was walked</li>
    </ul>
  );
}

/** One function in basic blocks, with where the walk stands and how often it came by. */
export function GraphPane() {
  const playground = usePlayground();
  const result = useApp((state) => state.run?.result ?? null);
  const insn = useApp((state) => state.step?.insn ?? null);
  const title = useApp((state) => state.title);
  const run = result?.run ?? null;
  const [chosen, setChosen] = useState<{ readonly run: number; readonly subprog: number } | null>(null);
  const [selection, setSelection] = useState<{ readonly key: string; readonly block: number } | null>(null);
  const [part, setPart] = useState(PART);
  const [centre, setCentre] = useState<{ readonly key: string; readonly block: number } | null>(null);
  const [look, setLook] = useState<Look | null>(null);

  const subprogs = useMemo(() => result?.subprogs ?? [], [result]);
  const at = insn ?? result?.failedAt ?? 0;
  const walked =
    subprogs.find(({ start, end }) => at >= start && at < end)?.index ?? subprogs[0]?.index ?? null;
  const picked = chosen !== null && chosen.run === run ? chosen.subprog : null;
  const subprog = picked ?? walked;
  const key = `${run} ${subprog}`;
  const whole = useGraph(run, subprog);

  const large = whole !== null && whole.blocks.length > WHOLE;
  const here = whole === null ? -1 : blockOf(whole, at);
  // The part that is shown stays while the walk is in it.
  const around = useMemo(() => {
    if (whole === null || !large) return null;
    const first = whole.blocks[0]!.insns[0]!;
    const kept = centre !== null && centre.key === key ? centre.block : here >= 0 ? here : first;
    const set = neighbourhood(whole, kept, part);
    if (here < 0 || set.has(here)) return { centre: kept, set };
    return { centre: here, set: neighbourhood(whole, here, part) };
  }, [whole, large, centre, key, here, part]);
  if (around !== null && (centre === null || centre.key !== key || centre.block !== around.centre))
    setCentre({ key, block: around.centre });

  const graph = useMemo(
    () => (whole === null || around === null ? whole : restrict(whole, around.set)),
    [whole, around],
  );
  const { drawing, trouble, pending } = useDrawing(graph, result);
  const marks: Marks = useMemo(
    () => ({
      insn,
      failed: result !== null && result.verdict !== 'accepted' ? result.failedAt : null,
      names: new Map(subprogs.map(({ index, name }) => [index, name])),
    }),
    [insn, result, subprogs],
  );
  const selected = selection !== null && selection.key === key ? selection.block : null;
  const onReady = useCallback((ready: Look) => setLook(ready), []);

  if (result === null || subprog === null || result.insns.length === 0)
    return <Nothing>There is no graph to draw.</Nothing>;
  const name = marks.names.get(subprog) ?? 'program';
  const enter = (index: number): void => setChosen({ run: result.run, subprog: index });
  const save = (): { svg: string; file: string } | null => {
    if (drawing === null) return null;
    return { svg: svgOf(drawing, marks, `${title}: ${name}`), file: fileName(`${title} ${name}`) };
  };
  const savePng = async (): Promise<void> => {
    const saved = save();
    if (saved === null || drawing === null) return;
    try {
      saveFile(await pngOf(saved.svg, drawing.layout.width, drawing.layout.height), `${saved.file}.png`);
    } catch (reason) {
      playground.notify(
        'error',
        `The picture could not be made: ${reason instanceof Error ? reason.message : String(reason)}`,
      );
    }
  };
  return (
    <div className="graph">
      <div className="pane-bar">
        <h2 className="visually-hidden">Graph</h2>
        <label>
          <span className="visually-hidden">Function</span>
          <select
            value={picked ?? 'walk'}
            onChange={(event) => {
              const { value } = event.currentTarget;
              if (value === 'walk') setChosen(null);
              else enter(Number(value));
            }}
          >
            <option value="walk">{`where the walk is: ${marks.names.get(walked ?? 0) ?? ''}`}</option>
            {subprogs.map(({ index, name: option }) => (
              <option key={index} value={index}>
                {option}
              </option>
            ))}
          </select>
        </label>
        <span className="faint">{whole === null ? '…' : `${count(whole.blocks.length)} blocks`}</span>
        <span className="grow" />
        <Button title="Zoom out (−)" onClick={() => look?.zoomBy(1 / ZOOM_STEP)}>
          <span aria-hidden="true">−</span>
          <span className="visually-hidden">Zoom out</span>
        </Button>
        <Button title="Zoom in (+)" onClick={() => look?.zoomBy(ZOOM_STEP)}>
          <span aria-hidden="true">+</span>
          <span className="visually-hidden">Zoom in</span>
        </Button>
        <Button title="Show all of it, or again where the walk stands (0)" onClick={() => look?.fitAll()}>
          Fit
        </Button>
        <Button
          icon="download"
          title="Save as SVG"
          disabled={drawing === null}
          onClick={() => {
            const saved = save();
            if (saved !== null)
              saveFile(new Blob([saved.svg], { type: 'image/svg+xml' }), `${saved.file}.svg`);
          }}
        >
          SVG
        </Button>
        <Button
          icon="download"
          title="Save as PNG"
          disabled={drawing === null}
          onClick={() => void savePng()}
        >
          PNG
        </Button>
      </div>
      {large && around !== null && (
        <p className="graph-note">
          This function has {count(whole.blocks.length)} blocks, too many to draw at once. Shown are the{' '}
          {count(around.set.size)} nearest to instruction {around.centre}; the picture follows the walk.{' '}
          {part < PART_MOST && (
            <button
              type="button"
              className="step-link"
              onClick={() => setPart(Math.min(part * 2, PART_MOST))}
            >
              Show more
            </button>
          )}
        </p>
      )}
      {trouble !== null && (
        <p className="graph-note">
          {trouble}{' '}
          {part > PART && (
            <button type="button" className="step-link" onClick={() => setPart(PART)}>
              Show less
            </button>
          )}
        </p>
      )}
      <div className="graph-window" aria-busy={pending}>
        {drawing === null ? (
          <p className="empty">Laying the blocks out …</p>
        ) : (
          <GraphWindow
            label={`Blocks of ${name}`}
            drawing={drawing}
            marks={marks}
            selected={selected}
            onSelect={(block) => setSelection({ key, block })}
            onSeek={(to) => playground.move({ to: 'insn', insn: to })}
            onEnter={enter}
            onReady={onReady}
          />
        )}
      </div>
      {drawing !== null && <Legend drawing={drawing} />}
    </div>
  );
}
