import { place, ticks } from './number-line.ts';
import type { Axis, Range, Tick } from './number-line.ts';

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const power = (n: number): string => [...String(n)].map((digit) => SUPERSCRIPTS[Number(digit)]).join('');
const label = ({ power: n, negative }: Tick): string =>
  n === 0 ? '0' : `${negative ? '−' : ''}2${power(n)}`;

/** Ranges narrower than this are still seen, in percent. */
const LEAST = 1;

function Bar({
  range,
  axis,
  className,
}: {
  readonly range: Range;
  readonly axis: Axis;
  readonly className: string;
}) {
  const from = place(range.from, axis) * 100;
  const to = place(range.to, axis) * 100;
  const width = Math.max(to - from, LEAST);
  const left = Math.min(Math.max(from - (width - (to - from)) / 2, 0), 100 - width);
  return <span className={`line-bar ${className}`} style={{ left: `${left}%`, width: `${width}%` }} />;
}

/** A range on a line of all numbers of its width, and what it was before the last step. The table beside it has the figures. */
export function NumberLine({
  now,
  before,
  axis,
}: {
  readonly now: Range;
  readonly before: Range | null;
  readonly axis: Axis;
}) {
  return (
    <div className="number-line" aria-hidden="true">
      {ticks(axis).map((tick) => (
        <span key={tick.at} className="line-tick" style={{ left: `${tick.at * 100}%` }}>
          {label(tick)}
        </span>
      ))}
      <span className="line-axis" />
      {before !== null && <Bar range={before} axis={axis} className="before" />}
      <Bar range={now} axis={axis} className="now" />
    </div>
  );
}
