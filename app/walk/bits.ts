export type Bit = '0' | '1' | '?';

/** The 64 bits of a known-bits pair (hex text), highest first. Text that is not a number reads as unknown throughout. */
export function bitStates(value: string, mask: string): readonly Bit[] {
  let [known, unknown] = [0n, -1n];
  try {
    [known, unknown] = [BigInt(value), BigInt(mask)];
  } catch {
    // All unknown.
  }
  return Array.from({ length: 64 }, (_, i) => {
    const bit = 1n << BigInt(63 - i);
    if ((unknown & bit) !== 0n) return '?';
    return (known & bit) !== 0n ? '1' : '0';
  });
}
