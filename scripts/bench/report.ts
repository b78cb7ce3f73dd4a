/** The middle value; of an even number the mean of the two in the middle, NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length === 0
    ? NaN
    : sorted.length % 2 === 1
      ? sorted[middle]
      : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** One program's numbers. */
export interface Row {
  readonly id: string;
  readonly insns: number;
  readonly expected: number | null;
  readonly errno: number;
  /** Milliseconds. */
  readonly first: number;
  readonly ours: number;
  readonly wall: number;
  readonly all: number;
  readonly kernel: number | null;
  readonly kernelInsns: number;
  readonly kernelErrno: number;
  /** The kernel's time by ours, per processed instruction: above 1 we are faster. */
  readonly ratio: number | null;
}

/** A row as scripts read it; times in microseconds. */
export function numbers(row: Row, traced: readonly { readonly cpu: number }[]): object {
  const counted = traced.length > 1 ? traced.slice(1) : traced;
  const usec = (ms: number): number => Math.round(ms * 1e4) / 10;
  return {
    id: row.id,
    insns: row.insns,
    usec: usec(row.ours),
    traceUsec: counted.length === 0 ? null : usec(median(counted.map((s) => s.cpu))),
    kernelUsec: row.kernel === null ? null : usec(row.kernel),
    ratio: row.ratio === null ? null : Math.round(row.ratio * 1000) / 1000,
  };
}
