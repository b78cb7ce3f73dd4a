import { Graph, layout } from '@dagrejs/dagre';

/** What is to be laid out: sizes of the nodes, and edges as pairs of their positions in `nodes`. */
export interface LayoutRequest {
  readonly id: number;
  readonly nodes: readonly { readonly width: number; readonly height: number }[];
  readonly edges: readonly { readonly from: number; readonly to: number; readonly weight: number }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything stands: left upper corners of the nodes, way points of the edges, in the order of the request. */
export interface Layout {
  readonly id: number;
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Point[];
  readonly edges: readonly (readonly Point[])[];
}

/** Beyond this many nodes a quicker way of ranking is used. */
const MANY = 120;

/** How far an edge from a node to itself stands out. */
const LOOP = 20;

/** Lays a function out from top to bottom. */
export function layOut({ id, nodes, edges }: LayoutRequest): Layout {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: 'TB',
    ranksep: 34,
    nodesep: 26,
    edgesep: 14,
    marginx: 16,
    marginy: 16,
    ranker: nodes.length > MANY ? 'longest-path' : 'network-simplex',
  });
  nodes.forEach(({ width, height }, i) => graph.setNode(String(i), { width, height }));
  edges.forEach(({ from, to, weight }, i) => {
    if (from !== to) graph.setEdge(String(from), String(to), { weight, minlen: 1 }, String(i));
  });
  layout(graph);
  const size = graph.graph() as { readonly width?: number; readonly height?: number };
  return {
    id,
    width: size.width ?? 0,
    height: size.height ?? 0,
    nodes: nodes.map(({ width, height }, i) => {
      const { x, y } = graph.node(String(i)) as Point;
      return { x: x - width / 2, y: y - height / 2 };
    }),
    edges: edges.map(({ from, to }, i) => {
      if (from === to) return loopBeside(graph.node(String(from)) as Point, nodes[from]!);
      const { points } = graph.edge(String(from), String(to), String(i)) as {
        readonly points?: readonly Point[];
      };
      return (points ?? []).map(({ x, y }) => ({ x, y }));
    }),
  };
}

/** The way of an edge from a node to itself, out at its right side and in again above. */
function loopBeside(
  { x, y }: Point,
  { width, height }: { readonly width: number; readonly height: number },
): Point[] {
  const right = x + width / 2;
  const reach = Math.min(height, 40) / 2;
  return [
    { x: right, y: y + reach * 0.8 },
    { x: right + LOOP, y: y + reach * 0.8 },
    { x: right + LOOP, y: y - reach * 0.8 },
    { x: right, y: y - reach * 0.8 },
  ];
}
