import type { GraphEdge } from '../../worker/protocol/graph.ts';
import { count, plural } from '../playground/verdict-words.ts';
import type { Layout } from './layout.ts';
import { CHAR, HEAD, LINE, PAD } from './shape.ts';
import type { BlockLine, Shape } from './shape.ts';
import { boundsOf, overlap, pathData } from './view.ts';
import type { Box } from './view.ts';

/** A function, laid out. */
export interface Drawing {
  readonly shapes: readonly Shape[];
  readonly edges: readonly GraphEdge[];
  readonly layout: Layout;
}

/** What is marked in it. */
export interface Marks {
  /** The instruction where the walk stands, and the one that was rejected. */
  readonly insn: number | null;
  readonly failed: number | null;
  /** Names of functions, by number. */
  readonly names: ReadonlyMap<number, string>;
}

const ARROWS = ['fall', 'taken', 'goto', 'table', 'back'] as const;

export const arrowOf = (edge: GraphEdge): (typeof ARROWS)[number] => (edge.back ? 'back' : edge.kind);

/** How often something was walked, as a share of the most walked, by orders of magnitude. */
const heatOf = (visits: number, most: number): number =>
  visits === 0 ? 0 : 0.15 + 0.85 * (Math.log1p(visits) / Math.log1p(Math.max(most, 1)));

function Line({
  line,
  y,
  width,
  marks,
}: {
  readonly line: BlockLine;
  readonly y: number;
  readonly width: number;
  readonly marks: Marks;
}) {
  const first = line.insns[0]!;
  const here = marks.insn !== null && line.insns.includes(marks.insn);
  const failed = marks.failed !== null && line.insns.includes(marks.failed);
  return (
    <g className="graph-line" data-insn={first}>
      {(here || failed) && (
        <rect
          className={failed ? 'graph-failed' : 'graph-here'}
          x={7}
          y={y - LINE + 4}
          width={width - 9}
          height={LINE}
        />
      )}
      {line.prunePoint && (
        <path className="graph-prune" d={`M${PAD - 2} ${y - 4}l3 -3.4l3 3.4l-3 3.4z`}>
          <title>Prune point: states are kept and compared here</title>
        </path>
      )}
      {line.insns.length === 1 && (
        <text className="graph-number" x={PAD + 5 * CHAR} y={y} textAnchor="end">
          {first}
        </text>
      )}
      <text className={line.insns.length === 1 ? 'graph-text' : 'graph-more'} x={PAD + 6 * CHAR} y={y}>
        {line.text}
      </text>
    </g>
  );
}

function Block({
  shape,
  at,
  most,
  selected,
  detailed,
  marks,
  label,
}: {
  readonly shape: Shape;
  readonly at: { readonly x: number; readonly y: number };
  readonly most: number;
  readonly selected: boolean;
  readonly detailed: boolean;
  readonly marks: Marks;
  readonly label: string;
}) {
  const { id, width, height, visits, scc, insns } = shape;
  const current = marks.insn !== null && insns.includes(marks.insn);
  const failed = marks.failed !== null && insns.includes(marks.failed);
  const called = [...new Set(shape.lines.flatMap((line) => (line.calls >= 0 ? [line.calls] : [])))];
  const state = `${current ? ' current' : ''}${failed ? ' failed' : ''}${selected ? ' selected' : ''}${visits === 0 ? ' unvisited' : ''}${scc === 0 ? '' : ' loop'}`;
  return (
    <svg x={at.x} y={at.y} width={width} height={height} overflow="visible" role="presentation">
      <g
        id={`block-${id}`}
        role="option"
        aria-selected={selected}
        aria-current={current ? 'step' : undefined}
        aria-label={label}
        className={`graph-block${state}`}
        data-block={id}
      >
        <rect className="graph-box" width={width} height={height} rx={6} />
        <rect className="graph-heat" width={6} height={height} rx={3} opacity={heatOf(visits, most)} />
        {detailed ? (
          <>
            <text className="graph-visits" x={PAD} y={HEAD - 6}>
              {visits === 0 ? 'not walked' : `${count(visits)}×`}
              {scc !== 0 ? ` · loop ${scc}` : ''}
            </text>
            {called.length > 0 && (
              <g data-subprog={called[0]} className="graph-call">
                <text x={width - PAD} y={HEAD - 6} textAnchor="end">
                  → {marks.names.get(called[0]!) ?? 'function'}()
                  {called.length > 1 ? ` +${called.length - 1}` : ''}
                </text>
              </g>
            )}
            {shape.lines.map((line, i) => (
              <Line
                key={line.insns[0]}
                line={line}
                y={HEAD + i * LINE + LINE - 4}
                width={width}
                marks={marks}
              />
            ))}
          </>
        ) : (
          scc !== 0 && (
            <rect className="graph-loop" x={10} y={height / 2 - 3} width={width - 20} height={6} rx={3} />
          )
        )}
      </g>
    </svg>
  );
}

function Arrows() {
  return (
    <defs>
      {ARROWS.map((kind) => (
        <marker
          key={kind}
          id={`arrow-${kind}`}
          viewBox="0 0 8 8"
          refX="7"
          refY="4"
          markerWidth="7"
          markerHeight="7"
          orient="auto-start-reverse"
        >
          <path className={`graph-arrow edge-${kind}`} d="M0 0.8L8 4L0 7.2z" />
        </marker>
      ))}
    </defs>
  );
}

/** What a block is, for those who do not see it. */
export function spokenBlock(shape: Shape, edges: readonly GraphEdge[], marks: Marks): string {
  const { insns, visits, scc } = shape;
  const last = insns.at(-1)!;
  const ways = edges.filter(({ from }) => from === shape.id);
  const where = insns.length === 1 ? `Instruction ${insns[0]}` : `Instructions ${insns[0]} to ${last}`;
  return [
    where,
    visits === 0 ? 'not walked' : plural(visits, 'visit'),
    ...(scc === 0 ? [] : [`in loop ${scc}`]),
    ...(marks.insn !== null && insns.includes(marks.insn) ? ['the walk stands here'] : []),
    ...(marks.failed !== null && insns.includes(marks.failed) ? ['rejected here'] : []),
    ways.length === 0
      ? 'leaves the function'
      : `leads to ${ways.map(({ to, kind }) => `${to}${kind === 'taken' ? ' if taken' : ''}`).join(' and ')}`,
  ].join(', ');
}

/** The content of the picture: `sight` is what is seen of it, null for all of it. */
export function GraphContent({
  drawing,
  marks,
  selected,
  sight,
  detailed,
}: {
  readonly drawing: Drawing;
  readonly marks: Marks;
  readonly selected: number | null;
  readonly sight: Box | null;
  readonly detailed: boolean;
}) {
  const { shapes, edges, layout } = drawing;
  const most = shapes.reduce((max, { visits }) => Math.max(max, visits), 0);
  return (
    <>
      <Arrows />
      <g aria-hidden="true">
        {edges.map((edge, i) => {
          const points = layout.edges[i]!;
          if (points.length === 0 || (sight !== null && !overlap(boundsOf(points), sight))) return null;
          const kind = arrowOf(edge);
          const middle = points[Math.floor(points.length / 2)]!;
          return (
            <g
              key={`${edge.from} ${edge.to} ${edge.kind}`}
              className={`graph-edge edge-${kind}${edge.walks === 0 ? ' never' : ''}`}
            >
              <path d={pathData(points)} markerEnd={`url(#arrow-${kind})`} />
              {detailed && edge.walks > 0 && (
                <text
                  x={middle.x + (edge.back ? -4 : 4)}
                  y={middle.y + 3}
                  textAnchor={edge.back ? 'end' : 'start'}
                >
                  {count(edge.walks)}
                </text>
              )}
            </g>
          );
        })}
      </g>
      {shapes.map((shape, i) => {
        const at = layout.nodes[i]!;
        if (sight !== null && !overlap({ ...at, width: shape.width, height: shape.height }, sight))
          return null;
        return (
          <Block
            key={shape.id}
            shape={shape}
            at={at}
            most={most}
            selected={shape.id === selected}
            detailed={detailed}
            marks={marks}
            label={spokenBlock(shape, edges, marks)}
          />
        );
      })}
    </>
  );
}
