import { useEffect, useMemo, useRef, useState } from 'react';
import type { VerifyResult } from '../../worker/protocol.ts';
import type { GraphView } from '../../worker/protocol/graph.ts';
import { usePlayground } from '../shell/context.ts';
import type { Drawing } from './GraphSvg.tsx';
import { createLayouts } from './layout-client.ts';
import { shapesOf } from './shape.ts';

/** A function of a run as a graph; null until it is known. */
export function useGraph(run: number | null, subprog: number | null): GraphView | null {
  const playground = usePlayground();
  const [known, setKnown] = useState<{ readonly run: number; readonly graph: GraphView } | null>(null);
  useEffect(() => {
    if (run === null || subprog === null) return;
    let current = true;
    playground
      .ask((worker) => worker.graph(run, subprog))
      .then(
        (graph) => current && setKnown({ run, graph }),
        // The run was replaced: the next one's graph takes its place.
        () => undefined,
      );
    return () => {
      current = false;
    };
  }, [playground, run, subprog]);
  return known !== null && known.run === run && known.graph.subprog === subprog ? known.graph : null;
}

interface Laid {
  readonly of: GraphView;
  readonly drawing: Drawing | null;
  readonly trouble: string | null;
}

/** Lays a graph out; the last drawing stays until the next one is there. */
export function useDrawing(graph: GraphView | null, result: VerifyResult | null) {
  const [laid, setLaid] = useState<Laid | null>(null);
  const layouts = useRef<ReturnType<typeof createLayouts> | null>(null);
  useEffect(
    () => () => {
      layouts.current?.dispose();
      layouts.current = null;
    },
    [],
  );
  const shapes = useMemo(
    () => (graph === null || result === null ? [] : shapesOf(graph, result)),
    [graph, result],
  );
  useEffect(() => {
    if (graph === null || shapes.length === 0) return;
    const placeOf = new Map(shapes.map(({ id }, i) => [id, i]));
    let current = true;
    layouts.current ??= createLayouts();
    layouts.current
      .lay({
        nodes: shapes.map(({ width, height }) => ({ width, height })),
        edges: graph.edges.map(({ from, to, kind }) => ({
          from: placeOf.get(from)!,
          to: placeOf.get(to)!,
          weight: kind === 'fall' ? 3 : 1,
        })),
      })
      .then(
        (layout) => {
          if (current && layout !== null)
            setLaid({ of: graph, drawing: { shapes, edges: graph.edges, layout }, trouble: null });
        },
        (reason: unknown) => {
          if (current)
            setLaid({
              of: graph,
              drawing: null,
              trouble: reason instanceof Error ? reason.message : String(reason),
            });
        },
      );
    return () => {
      current = false;
    };
  }, [graph, shapes]);
  return {
    drawing: graph === null ? null : (laid?.drawing ?? null),
    trouble: laid !== null && laid.of === graph ? laid.trouble : null,
    pending: graph !== null && laid?.of !== graph,
  };
}
