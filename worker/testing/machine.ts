/** Values and memory of the concrete machine that tests run programs on. */

const U64 = (1n << 64n) - 1n;

/** A piece of memory that pointers point into; `origin` is the index of the byte that offset 0 means. */
export interface Region {
  readonly kind: 'stack' | 'value' | 'packet' | 'ctx' | 'map';
  /** Stack: the frame's number; value and map: the map's index in the program; else 0. */
  readonly owner: number;
  readonly origin: number;
  readonly bytes: Uint8Array;
  /** Whole pointers in memory, by index of their first byte. */
  readonly pointers: Map<number, Value>;
}

/** A register: a number if `region` is null, else the offset into a region (as a 64-bit two's complement number). */
export interface Value {
  readonly region: Region | null;
  readonly bits: bigint;
}

export const number = (bits: bigint): Value => ({ region: null, bits: BigInt.asUintN(64, bits) });
export const pointer = (region: Region, offset: bigint): Value => ({
  region,
  bits: BigInt.asUintN(64, offset),
});
export const offsetOf = (value: Value): number => Number(BigInt.asIntN(64, value.bits));

export function region(kind: Region['kind'], owner: number, size: number, origin = 0): Region {
  return { kind, owner, origin, bytes: new Uint8Array(size), pointers: new Map() };
}

/** The run cannot go on: something the machine does not know. Says nothing about the program. */
export class Unknown extends Error {
  override readonly name = 'Unknown';
}

/** The program did what an accepted program must never do. */
export class Violation extends Error {
  override readonly name = 'Violation';
}

/** Reads `size` bytes, little-endian. Throws {@link Violation} outside of the region. */
export function read(at: Value, off: number, size: number): Value {
  const where = place(at, off, size, 'read');
  const memory = regionOf(at);
  const whole = memory.pointers.get(where);
  if (whole !== undefined && size === 8) return whole;
  for (const known of memory.pointers.keys())
    if (known < where + size && known + 8 > where)
      throw new Unknown('part of a pointer is a number of this boot');
  let bits = 0n;
  for (let i = size - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(memory.bytes[where + i]);
  return number(bits);
}

/** Writes the low `size` bytes of a value. */
export function write(at: Value, off: number, size: number, value: Value): void {
  const where = place(at, off, size, 'write');
  const memory = regionOf(at);
  for (const known of [...memory.pointers.keys()])
    if (known < where + size && known + 8 > where) memory.pointers.delete(known);
  if (value.region !== null) {
    if (size !== 8) throw new Unknown('part of a pointer is a number of this boot');
    memory.pointers.set(where, value);
    return;
  }
  for (let i = 0; i < size; i++) memory.bytes[where + i] = Number((value.bits >> BigInt(8 * i)) & 0xffn);
}

function regionOf(at: Value): Region {
  if (at.region === null) throw new Violation(`memory access through the number ${at.bits}`);
  return at.region;
}

function place(at: Value, off: number, size: number, what: string): number {
  const memory = regionOf(at);
  const where = memory.origin + offsetOf(at) + off;
  if (where < 0 || where + size > memory.bytes.length)
    throw new Violation(
      `${what} of ${size} bytes at ${offsetOf(at) + off} of ${memory.kind}, which has ${memory.bytes.length - memory.origin}`,
    );
  return where;
}

const asS = (bits: number, v: bigint): bigint => BigInt.asIntN(bits, v);
const asU = (bits: number, v: bigint): bigint => BigInt.asUintN(bits, v);

/** Arithmetic as the instruction set defines it, on 32 or 64 bits; the result is zero-extended. `signed`: division. */
export function calculate(operation: number, bits: 32 | 64, a: bigint, b: bigint, signed: boolean): bigint {
  const [x, y] = [asU(bits, a), asU(bits, b)];
  const shift = y & BigInt(bits - 1);
  switch (operation) {
    case 0x00:
      return asU(bits, x + y);
    case 0x10:
      return asU(bits, x - y);
    case 0x20:
      return asU(bits, x * y);
    case 0x30:
      if (y === 0n) return 0n;
      return asU(bits, signed ? asS(bits, x) / asS(bits, y) : x / y);
    case 0x40:
      return x | y;
    case 0x50:
      return x & y;
    case 0x60:
      return asU(bits, x << shift);
    case 0x70:
      return x >> shift;
    case 0x80:
      return asU(bits, -x);
    case 0x90:
      if (y === 0n) return x;
      return asU(bits, signed ? asS(bits, x) % asS(bits, y) : x % y);
    case 0xa0:
      return x ^ y;
    case 0xc0:
      return asU(bits, asS(bits, x) >> shift);
    default:
      throw new Unknown(`operation ${operation}`);
  }
}

/** Does the comparison hold? */
export function holds(operation: number, bits: 32 | 64, a: bigint, b: bigint): boolean {
  const [x, y, sx, sy] = [asU(bits, a), asU(bits, b), asS(bits, a), asS(bits, b)];
  switch (operation) {
    case 0x10:
      return x === y;
    case 0x20:
      return x > y;
    case 0x30:
      return x >= y;
    case 0x40:
      return (x & y) !== 0n;
    case 0x50:
      return x !== y;
    case 0x60:
      return sx > sy;
    case 0x70:
      return sx >= sy;
    case 0xa0:
      return x < y;
    case 0xb0:
      return x <= y;
    case 0xc0:
      return sx < sy;
    case 0xd0:
      return sx <= sy;
    default:
      throw new Unknown(`comparison ${operation}`);
  }
}

/** Reverses the order of the low `bits` bits' bytes, or only cuts (`swap` false). */
export function swapBytes(value: bigint, bits: number, swap: boolean): bigint {
  let v = asU(bits, value);
  if (!swap) return v;
  let out = 0n;
  for (let i = 0; i < bits; i += 8) {
    out = (out << 8n) | (v & 0xffn);
    v >>= 8n;
  }
  return out;
}

export { U64 };
