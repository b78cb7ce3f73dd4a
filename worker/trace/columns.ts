const LARGE = 1 << 15;

/** A growing column of 32-bit integers. */
export class IntColumn {
  length = 0;
  private data: Int32Array;

  constructor(capacity = 1024) {
    this.data = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      // what is reserved and not written to costs no memory; what is copied costs time
      const next = new Int32Array(this.length * 4);
      next.set(this.data);
      this.data = next;
    }
    this.data[this.length++] = value;
  }

  at(index: number): number {
    return this.data[index];
  }

  set(index: number, value: number): void {
    this.data[index] = value;
  }

  /** The values so far; a view that the next `push` may make stale. */
  view(): Int32Array {
    return this.data.subarray(0, this.length);
  }

  /** Gives back what was reserved beyond the length; large columns only hold address space there, which costs nothing. */
  trim(): void {
    if (this.length < LARGE) this.data = this.data.slice(0, this.length);
  }
}

/** An ascending column of integers that mostly grow by one: only where they grow by more is written down. */
export class CounterColumn {
  /** Where a run of numbers that grow by one begins, the first of it, and their distance from the index. */
  private readonly starts = new IntColumn();
  private readonly firsts = new IntColumn();
  private readonly offsets = new IntColumn();
  private offset = NaN;

  /** Appends `value` at `index`, the length of the column. */
  set(index: number, value: number): void {
    if (value - index === this.offset) return;
    this.offset = value - index;
    this.starts.push(index);
    this.firsts.push(value);
    this.offsets.push(this.offset);
  }

  at(index: number): number {
    return index + this.offsets.at(lastAtMost(this.starts.view(), index));
  }

  /** Index of the last of the `length` values that is at most `value`, -1 if there is none. */
  lastAtMost(value: number, length: number): number {
    const run = lastAtMost(this.firsts.view(), value);
    if (run < 0) return -1;
    const end = run + 1 < this.starts.length ? this.starts.at(run + 1) : length;
    return Math.min(value - this.offsets.at(run), end - 1);
  }
}

const CHUNK_BITS = 14;
const CHUNK = 1 << CHUNK_BITS;

/** A growing column of objects that never copies what it has. */
export class ObjectColumn<T> {
  length = 0;
  private readonly chunks: T[][] = [];
  private last: T[] = [];

  push(value: T): void {
    if ((this.length & (CHUNK - 1)) === 0) this.chunks.push((this.last = []));
    this.last.push(value);
    this.length++;
  }

  at(index: number): T {
    return this.chunks[index >> CHUNK_BITS][index & (CHUNK - 1)];
  }
}

/** Position of the last value of an ascending column that is at most `value`, -1 if there is none. */
export function lastAtMost(column: Int32Array, value: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (column[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
