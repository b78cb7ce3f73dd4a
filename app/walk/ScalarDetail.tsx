import type { ScalarView } from '../../worker/protocol.ts';
import { bitStates } from './bits.ts';

const RANGES: readonly {
  readonly name: string;
  readonly min: keyof ScalarView;
  readonly max: keyof ScalarView;
}[] = [
  { name: 'signed 64', min: 'smin', max: 'smax' },
  { name: 'unsigned 64', min: 'umin', max: 'umax' },
  { name: 'signed 32', min: 's32min', max: 's32max' },
  { name: 'unsigned 32', min: 'u32min', max: 'u32max' },
];

function spokenBits(scalar: ScalarView): string {
  return `Known bits: value ${scalar.value}, unknown where the mask ${scalar.mask} is set`;
}

/** What is known of a scalar: its ranges, and its bits one by one. */
export function ScalarDetail({ scalar }: { readonly scalar: ScalarView }) {
  const bits = bitStates(scalar.value, scalar.mask);
  return (
    <div className="scalar">
      {scalar.constant !== null && (
        <p>
          Known exactly: <code>{scalar.constant}</code>
        </p>
      )}
      <table className="ranges">
        <thead>
          <tr>
            <th scope="col">range</th>
            <th scope="col">from</th>
            <th scope="col">to</th>
          </tr>
        </thead>
        <tbody>
          {RANGES.map(({ name, min, max }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{scalar[min]}</td>
              <td>{scalar[max]}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="bits" role="img" aria-label={spokenBits(scalar)}>
        {bits.map((bit, index) => (
          <span key={63 - index} className={`bit bit-${bit === '?' ? 'unknown' : bit}`} />
        ))}
      </div>
      <p className="bits-legend faint" aria-hidden="true">
        bit 63 … 0 · <span className="bit bit-1" /> one <span className="bit bit-0" /> zero{' '}
        <span className="bit bit-unknown" /> unknown
      </p>
    </div>
  );
}
