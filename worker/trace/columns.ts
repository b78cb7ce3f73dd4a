/** A growing column of 32-bit integers. */
export class IntColumn {
  length = 0;
  private data: Int32Array;

  constructor(capacity = 1024) {
    this.data = new Int32Array(capacity);
  }

  push(value: number): void {
    if (this.length === this.data.length) {
      const next = new Int32Array(this.length * 2);
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

  /** Gives back what was reserved beyond the length. */
  trim(): void {
    this.data = this.data.slice(0, this.length);
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
