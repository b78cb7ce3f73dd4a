import type { RegView, ScalarView } from '../../worker/protocol.ts';
import { bitStates } from './bits.ts';
import type { Axis, Range } from './number-line.ts';
import { NumberLine } from './NumberLine.tsx';

interface RangeRow {
  readonly name: string;
  readonly min: keyof ScalarView;
  readonly max: keyof ScalarView;
  readonly axis: Axis;
}

const RANGES: readonly RangeRow[] = [
  { name: 'signed 64', min: 'smin', max: 'smax', axis: { bits: 64, signed: true } },
  { name: 'unsigned 64', min: 'umin', max: 'umax', axis: { bits: 64, signed: false } },
  { name: 'signed 32', min: 's32min', max: 's32max', axis: { bits: 32, signed: true } },
  { name: 'unsigned 32', min: 'u32min', max: 'u32max', axis: { bits: 32, signed: false } },
];

const rangeOf = (scalar: ScalarView, { min, max }: RangeRow): Range => ({
  from: BigInt(scalar[min] ?? 0),
  to: BigInt(scalar[max] ?? 0),
});

function spokenBits(scalar: ScalarView): string {
  return `Known bits: value ${scalar.value}, unknown where the mask ${scalar.mask} is set`;
}

/** A bound, and what it was before the last step. */
function Bound({ now, before }: { readonly now: string | null; readonly before: string | null | undefined }) {
  if (before === undefined || before === now) return <>{now}</>;
  return (
    <>
      <del>{before}</del> <ins>{now}</ins>
    </>
  );
}

/** What is known of a scalar: its ranges on number lines, its bits one by one, and why they are others than before. */
export function ScalarDetail({ row }: { readonly row: RegView }) {
  const { scalar, scalarBefore: before, moved } = row;
  if (scalar === null) return null;
  // A number that is known and was known before has no range to look at.
  const drawn = scalar.constant === null || before !== null;
  const bits = bitStates(scalar.value, scalar.mask);
  const bitsBefore = before === null ? bits : bitStates(before.value, before.mask);
  return (
    <div className="scalar">
      {scalar.constant !== null && (
        <p>
          Known exactly: <code>{scalar.constant}</code>
        </p>
      )}
      {moved !== null && <p className="scalar-moved">{moved}</p>}
      <table className="ranges">
        <thead>
          <tr>
            <th scope="col">range</th>
            <th scope="col">from</th>
            <th scope="col">to</th>
          </tr>
        </thead>
        {RANGES.map((range) => (
          <tbody key={range.name}>
            <tr>
              <th scope="row">{range.name}</th>
              <td>
                <Bound now={scalar[range.min]} before={before?.[range.min]} />
              </td>
              <td>
                <Bound now={scalar[range.max]} before={before?.[range.max]} />
              </td>
            </tr>
            {drawn && (
              <tr>
                <td colSpan={3} className="range-line">
                  <NumberLine
                    now={rangeOf(scalar, range)}
                    before={before === null ? null : rangeOf(before, range)}
                    axis={range.axis}
                  />
                </td>
              </tr>
            )}
          </tbody>
        ))}
      </table>
      <div className="bits" role="img" aria-label={spokenBits(scalar)}>
        {bits.map((bit, index) => (
          <span
            key={63 - index}
            className={`bit bit-${bit === '?' ? 'unknown' : bit}${bit === bitsBefore[index] ? '' : ' learnt'}`}
          />
        ))}
      </div>
      <p className="bits-legend faint" aria-hidden="true">
        bit 63 … 0 · <span className="bit bit-1" /> one <span className="bit bit-0" /> zero{' '}
        <span className="bit bit-unknown" /> unknown
        {before !== null && (
          <>
            {' '}
            · <span className="bit bit-unknown learnt" /> changed · hollow bar: before this step
          </>
        )}
      </p>
    </div>
  );
}
