/** Keys that step through a pasted log while its pane has the focus, as they step through the walk elsewhere. */
const MOVES: Readonly<Record<string, (step: number, last: number) => number>> = {
  ArrowRight: (step) => step + 1,
  F10: (step) => step + 1,
  ArrowLeft: (step) => step - 1,
  F9: (step) => step - 1,
  Home: () => 0,
  End: (_, last) => last,
  // A log ends where the verifier gave up.
  f: (_, last) => last,
};

/** The step of the log that keys lead to, null if they mean nothing to it. */
export function stepByKeys(keys: string, step: number, steps: number): number | null {
  const move = MOVES[keys];
  return move === undefined || steps === 0 ? null : Math.min(Math.max(move(step, steps - 1), 0), steps - 1);
}
