import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';
import { GraphContent } from './GraphSvg.tsx';
import type { Drawing, Marks } from './GraphSvg.tsx';
import { begin, fit, inSight, nearest, pan, reveal, zoom } from './view.ts';
import type { Box, Direction, Size, View } from './view.ts';

/** Below this size texts cannot be read: blocks are drawn as boxes. */
const READABLE = 0.42;
/** One press of a zoom key. */
export const ZOOM_STEP = 1.3;
/** A pointer that moved further than this pans, and does not click. */
const SLACK = 4;

const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

interface Props {
  readonly label: string;
  readonly drawing: Drawing;
  readonly marks: Marks;
  readonly selected: number | null;
  readonly onSelect: (block: number) => void;
  readonly onSeek: (insn: number) => void;
  readonly onEnter: (subprog: number) => void;
  /** The window's own ways of looking, for the buttons outside. */
  readonly onReady: (look: Look) => void;
}

export interface Look {
  readonly zoomBy: (factor: number) => void;
  readonly fitAll: () => void;
}

/** The part of a graph that is in sight: dragged, zoomed, and walked with the arrow keys. */
export function GraphWindow({ label, drawing, marks, selected, onSelect, onSeek, onEnter, onReady }: Props) {
  const box = useRef<SVGSVGElement>(null);
  const [size, setSize] = useState<Size | null>(null);
  const [view, setView] = useState<View | null>(null);
  /** What the view was made for; once somebody has panned or zoomed, it is theirs. */
  const [made, setMade] = useState<{ readonly layout: Drawing['layout']; readonly size: Size } | null>(null);
  const [touched, setTouched] = useState(false);
  const pointers = useRef(new Map<number, { x: number; y: number }>());
  const dragged = useRef(0);
  const { layout, shapes } = drawing;

  useLayoutEffect(() => {
    const el = box.current;
    if (el === null) return;
    const measure = (): void => {
      if (el.clientWidth > 0) setSize({ width: el.clientWidth, height: el.clientHeight });
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(el);
    return () => observer.disconnect();
  }, []);

  const boxes: readonly Box[] = shapes.map(({ width, height }, i) => ({
    ...layout.nodes[i]!,
    width,
    height,
  }));
  const boxOf = (block: number | null): Box | undefined => boxes[shapes.findIndex(({ id }) => id === block)];
  const current =
    marks.insn === null ? null : (shapes.find(({ insns }) => insns.includes(marks.insn!))?.id ?? null);

  // Another graph begins where the walk stands, at a size that can be read; so does one in a window of another size.
  const [shownBlock, setShownBlock] = useState<number | null>(null);
  if (size !== null && (made?.layout !== layout || (made.size !== size && !touched))) {
    setMade({ layout, size });
    setTouched(false);
    setShownBlock(current);
    setView(begin(layout, size, boxOf(selected) ?? boxOf(current)));
  } else if (size !== null && shownBlock !== current) {
    // and follows it
    setShownBlock(current);
    const at = boxOf(current);
    if (at !== undefined && view !== null) setView(reveal(view, at, size));
  }
  const window = size ?? { width: 1, height: 1 };
  const seen = view ?? fit(layout, window);
  const look = useCallback((to: (now: View) => View) => {
    setTouched(true);
    setView((now) => (now === null ? now : to(now)));
  }, []);

  const zoomBy = useCallback(
    (factor: number) => {
      const { width, height } = size ?? { width: 0, height: 0 };
      look((now) => zoom(now, factor, { x: width / 2, y: height / 2 }));
    },
    [look, size],
  );
  // All of it; from there back to where the walk stands, which in a long graph is all that can be read.
  const home = useRef<View | null>(null);
  useEffect(() => {
    home.current = size === null ? null : begin(layout, size, boxOf(selected) ?? boxOf(current));
  });
  const fitAll = useCallback(() => {
    if (size === null) return;
    const all = fit(layout, size);
    look((now) => (now.scale === all.scale && now.y === all.y ? (home.current ?? all) : all));
  }, [look, layout, size]);
  useEffect(() => onReady({ zoomBy, fitAll }), [onReady, zoomBy, fitAll]);

  useEffect(() => {
    const el = box.current;
    if (el === null) return;
    // React listens passively; the page must not scroll or zoom instead.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault();
      const frame = el.getBoundingClientRect();
      const at = { x: event.clientX - frame.left, y: event.clientY - frame.top };
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      look((now) => {
        if (event.ctrlKey || event.metaKey) return zoom(now, Math.exp(-event.deltaY * unit * 0.01), at);
        return pan(now, { x: -event.deltaX * unit, y: -event.deltaY * unit });
      });
    };
    el.addEventListener('wheel', onWheel, { passive: false });
    return () => el.removeEventListener('wheel', onWheel);
  }, [look]);

  const onPointerMove = (event: PointerEvent): void => {
    const before = pointers.current.get(event.pointerId);
    if (before === undefined) return;
    const now = { x: event.clientX, y: event.clientY };
    const by = { x: now.x - before.x, y: now.y - before.y };
    dragged.current += Math.abs(by.x) + Math.abs(by.y);
    if (dragged.current > SLACK && !event.currentTarget.hasPointerCapture(event.pointerId))
      event.currentTarget.setPointerCapture(event.pointerId);
    const other = [...pointers.current].find(([id]) => id !== event.pointerId)?.[1];
    pointers.current.set(event.pointerId, now);
    if (other === undefined) {
      if (dragged.current > SLACK) look((view) => pan(view, by));
      return;
    }
    const distance = (a: { x: number; y: number }): number => Math.hypot(a.x - other.x, a.y - other.y);
    const frame = event.currentTarget.getBoundingClientRect();
    const middle = { x: (now.x + other.x) / 2 - frame.left, y: (now.y + other.y) / 2 - frame.top };
    look((view) =>
      zoom(pan(view, { x: by.x / 2, y: by.y / 2 }), distance(now) / Math.max(distance(before), 1), middle),
    );
  };
  const onPointerEnd = (event: PointerEvent): void => {
    pointers.current.delete(event.pointerId);
  };

  const select = (block: number): void => {
    onSelect(block);
    const at = boxOf(block);
    if (at !== undefined) look((view) => reveal(view, at, window));
  };

  const onClick = (event: React.MouseEvent): void => {
    if (dragged.current > SLACK || !(event.target instanceof Element)) return;
    const call = event.target.closest<SVGElement>('[data-subprog]');
    if (call !== null) return onEnter(Number(call.dataset['subprog']));
    const block = event.target.closest<SVGElement>('[data-block]');
    if (block === null) return;
    onSelect(Number(block.dataset['block']));
    const line = event.target.closest<SVGElement>('[data-insn]');
    onSeek(Number(line?.dataset['insn'] ?? block.dataset['block']));
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const direction = ARROWS[event.key];
    if (event.key === '+' || event.key === '=') zoomBy(ZOOM_STEP);
    else if (event.key === '-' || event.key === '_') zoomBy(1 / ZOOM_STEP);
    else if (event.key === '0') fitAll();
    else if (event.key === 'Enter' || event.key === ' ') {
      const block = selected ?? current;
      if (block !== null) onSeek(block);
    } else if (direction !== undefined) {
      const from = shapes.findIndex(({ id }) => id === (selected ?? current ?? shapes[0]?.id));
      const next = from < 0 ? 0 : nearest(boxes, from, direction);
      const shape = shapes[next];
      if (shape !== undefined) select(shape.id);
    } else return;
    event.preventDefault();
  };

  const chosen = selected ?? current;
  return (
    <svg
      ref={box}
      className="graph-svg"
      role="listbox"
      aria-label={label}
      aria-activedescendant={boxOf(chosen) === undefined ? undefined : `block-${chosen}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        if (pointers.current.size === 0) dragged.current = 0;
        pointers.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
      }}
      onPointerMove={onPointerMove}
      onPointerUp={onPointerEnd}
      onPointerCancel={onPointerEnd}
      onPointerLeave={onPointerEnd}
      onClick={onClick}
      data-scale={seen.scale.toFixed(2)}
    >
      <g role="presentation" transform={`scale(${seen.scale}) translate(${-seen.x} ${-seen.y})`}>
        <GraphContent
          drawing={drawing}
          marks={marks}
          selected={selected}
          sight={inSight(seen, window)}
          detailed={seen.scale >= READABLE}
        />
      </g>
    </svg>
  );
}
