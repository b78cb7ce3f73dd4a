/** Random choices that depend on a seed alone (xorshift128; good enough to pick programs, not for anything else). */
export interface Random {
  /** An integer in [0, n). */
  below(n: number): number;
  /** An integer in [lo, hi]. */
  between(lo: number, hi: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Picks by weight; weights are not negative and not all 0. */
  weighted<T>(items: readonly (readonly [weight: number, item: T])[]): T;
  /** 32 random bits as a signed integer. */
  int32(): number;
}

export function random(seed: number): Random {
  let [a, b, c, d] = [seed | 0, 0x9e3779b9 | 0, (seed * 0x85ebca6b) | 0, 0x2545f491];
  const int32 = (): number => {
    const t = a ^ (a << 11);
    a = b;
    b = c;
    c = d;
    d = d ^ (d >>> 19) ^ t ^ (t >>> 8);
    return d | 0;
  };
  for (let i = 0; i < 20; i++) int32();
  const below = (n: number): number => (int32() >>> 0) % n;
  return {
    below,
    between: (lo, hi) => lo + below(hi - lo + 1),
    chance: (p) => (int32() >>> 0) / 0x1_0000_0000 < p,
    pick: (items) => items[below(items.length)],
    weighted(items) {
      let at = ((int32() >>> 0) / 0x1_0000_0000) * items.reduce((sum, [weight]) => sum + weight, 0);
      for (const [weight, item] of items) if ((at -= weight) < 0) return item;
      return items[items.length - 1][1];
    },
    int32,
  };
}
