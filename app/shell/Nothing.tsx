import type { ReactNode } from 'react';
import type { State } from '../playground/state.ts';
import { useApp } from './context.ts';

/** Why there is no walk to look at. */
function whyNothing({ phase, latest }: State): string {
  if (phase.kind === 'cancelled') return 'The verification was cancelled.';
  if (phase.kind === 'broken') return 'The verifier stopped.';
  if (phase.kind !== 'idle' || latest === null) return 'The program is being verified.';
  return latest.result.verdict === 'bad-input'
    ? 'The text is not a program yet.'
    : 'The verifier decided before it walked an instruction.';
}

/** In the place of what needs a walk, where there is none: why, and what that means here. */
export function Nothing({ children }: { readonly children: ReactNode }) {
  const why = useApp(whyNothing);
  return (
    <p className="empty">
      {why} {children}
    </p>
  );
}
