import type { Point } from './layout.ts';

/** What is in sight: the point of the graph in the left upper corner, and how large a unit of it is. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Point, Size {}

const SMALLEST = 0.04;
const LARGEST = 2.5;

/** Everything in sight, not larger than life. */
export function fit(graph: Size, window: Size): View {
  const scale = Math.min(
    Math.max(Math.min(window.width / graph.width, window.height / graph.height), SMALLEST),
    1,
  );
  return {
    scale,
    x: -(window.width / scale - graph.width) / 2,
    y: graph.height * scale < window.height ? -(window.height / scale - graph.height) / 2 : 0,
  };
}

/** Larger or smaller around a point of the window. */
export function zoom(view: View, factor: number, at: Point): View {
  const scale = Math.min(Math.max(view.scale * factor, SMALLEST), LARGEST);
  return {
    scale,
    x: view.x + at.x / view.scale - at.x / scale,
    y: view.y + at.y / view.scale - at.y / scale,
  };
}

export function pan(view: View, by: Point): View {
  return { ...view, x: view.x - by.x / view.scale, y: view.y - by.y / view.scale };
}

/** The part of the graph that a window shows. */
export function inSight(view: View, window: Size): Box {
  return { x: view.x, y: view.y, width: window.width / view.scale, height: window.height / view.scale };
}

export function overlap(a: Box, b: Box): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Brings a box into sight: unchanged if it is, else with the box in the middle, at a size one can read. */
export function reveal(view: View, box: Box, window: Size): View {
  const sight = inSight(view, window);
  const inside =
    box.x >= sight.x &&
    box.y >= sight.y &&
    box.x + box.width <= sight.x + sight.width &&
    box.y + box.height <= sight.y + sight.height;
  if (inside) return view;
  const { scale } = view;
  const top =
    box.height * scale > window.height ? box.y - 20 : box.y + box.height / 2 - window.height / scale / 2;
  return { scale, x: box.x + box.width / 2 - window.width / scale / 2, y: top };
}

/** A graph that fits only below this size begins with the part where the walk stands. */
const COMFORTABLE = 0.6;
/** Size at which such a part is shown at least. */
const LEGIBLE = 0.8;
/** Room left around a graph. */
const MARGIN = 16;

/** The same view, as far as it can be had without empty room beside a graph that is larger than the window. */
export function within(view: View, graph: Size, window: Size): View {
  const along = (at: number, room: number, size: number): number => {
    const seen = room / view.scale;
    const most = size - seen + MARGIN;
    return most < -MARGIN ? -(seen - size) / 2 : Math.min(Math.max(at, -MARGIN), most);
  };
  return {
    scale: view.scale,
    x: along(view.x, window.width, graph.width),
    y: along(view.y, window.height, graph.height),
  };
}

/** Where a look at a graph begins: with all of it if that can be read, else around a box, as wide as the window. */
export function begin(graph: Size, window: Size, at: Box | undefined): View {
  const all = fit(graph, window);
  if (all.scale >= COMFORTABLE || at === undefined) return all;
  const scale = Math.min(Math.max(window.width / (graph.width + 2 * MARGIN), LEGIBLE), 1);
  return within(reveal({ scale, x: -1e9, y: 0 }, at, window), graph, window);
}

export type Direction = 'up' | 'down' | 'left' | 'right';

/** The nearest box in a direction: up and down by rows, left and right within them. -1 if there is none. */
export function nearest(boxes: readonly Box[], from: number, to: Direction): number {
  const middle = (box: Box): Point => ({ x: box.x + box.width / 2, y: box.y + box.height / 2 });
  const start = middle(boxes[from]!);
  let best = -1;
  let least = Infinity;
  boxes.forEach((box, i) => {
    if (i === from) return;
    const { x, y } = middle(box);
    const [along, across] =
      to === 'up'
        ? [start.y - y, x - start.x]
        : to === 'down'
          ? [y - start.y, x - start.x]
          : to === 'left'
            ? [start.x - x, y - start.y]
            : [x - start.x, y - start.y];
    if (along <= 1) return;
    const distance = along + (to === 'up' || to === 'down' ? 0.5 : 2) * Math.abs(across);
    if (distance < least) [best, least] = [i, distance];
  });
  return best;
}

/** Bounds of a way through points. */
export function boundsOf(points: readonly Point[]): Box {
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x + 1, height: Math.max(...ys) - y + 1 };
}

/** A smooth path through points. */
export function pathData(points: readonly Point[]): string {
  const round = (n: number): number => Math.round(n * 10) / 10;
  const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`;
  const first = points[0];
  if (first === undefined) return '';
  let data = `M${at(first)}`;
  for (let i = 1; i < points.length - 1; i++) {
    const [here, next] = [points[i]!, points[i + 1]!];
    const end = i === points.length - 2 ? next : { x: (here.x + next.x) / 2, y: (here.y + next.y) / 2 };
    data += `Q${at(here)} ${at(end)}`;
  }
  if (points.length === 2) data += `L${at(points[1]!)}`;
  return data;
}
