import { useRef } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';

interface Props {
  readonly label: string;
  readonly orientation: 'vertical' | 'horizontal';
  /** 0 to 100. */
  readonly value: number;
  /** Called with the movement in px along the axis. */
  readonly onDrag: (delta: number) => void;
}

const KEY_STEP = 24;

/** A border between two panes that can be dragged, or moved with the arrow keys. */
export function Splitter({ label, orientation, value, onDrag }: Props) {
  const last = useRef(0);
  const axis = (event: PointerEvent): number => (orientation === 'vertical' ? event.clientX : event.clientY);
  const onKeyDown = (event: KeyboardEvent): void => {
    const back = orientation === 'vertical' ? 'ArrowLeft' : 'ArrowUp';
    const on = orientation === 'vertical' ? 'ArrowRight' : 'ArrowDown';
    if (event.key !== back && event.key !== on) return;
    event.preventDefault();
    onDrag(event.key === on ? KEY_STEP : -KEY_STEP);
  };
  return (
    <div
      className={`splitter ${orientation}`}
      role="separator"
      aria-label={label}
      aria-orientation={orientation}
      aria-valuenow={Math.round(value)}
      aria-valuemin={0}
      aria-valuemax={100}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.preventDefault();
        last.current = axis(event);
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
        onDrag(axis(event) - last.current);
        last.current = axis(event);
      }}
    />
  );
}
