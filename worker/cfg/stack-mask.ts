/**
 * Sets of half slots of one frame's stack, four bytes each: half slot `h` covers fp - 4 * (h + 1) .. fp - 4 * h.
 * A set is four words of a shared Int32Array, one array per frame of a function instance and kind of set.
 */
export const MASK_WORDS = 4;
export const HALF_SLOTS = 128;
export const HALF_SLOT_BYTES = 4;

/** Adds half slots `from`..`to` (clipped to the stack) to the set at word `at`. */
export function addRange(words: Int32Array, at: number, from: number, to: number): void {
  const last = Math.min(to, HALF_SLOTS - 1);
  for (let h = from; h <= last; h++) words[at + (h >> 5)] |= 1 << (h & 31);
}

export function addAll(words: Int32Array, at: number): void {
  for (let w = 0; w < MASK_WORDS; w++) words[at + w] = -1;
}

export function addSet(words: Int32Array, at: number, from: Int32Array, fromAt: number): void {
  for (let w = 0; w < MASK_WORDS; w++) words[at + w] |= from[fromAt + w];
}

export function has(words: Int32Array, at: number, half: number): boolean {
  return (words[at + (half >> 5)] & (1 << (half & 31))) !== 0;
}

export function isEmpty(words: Int32Array, at: number): boolean {
  return (words[at] | words[at + 1] | words[at + 2] | words[at + 3]) === 0;
}

/** What fits the kernel's buffer for such a text. */
const TEXT_MAX = 319;

/**
 * As the log prints a set: `fp0-8 fp0-12h`, with `h` for half slots and `fp0-8..-32` for three or more whole slots
 * in a row (kernel: fmt_spis_mask). `first`: nothing was printed before it.
 */
export function maskText(words: Int32Array, at: number, frame: number, first: boolean): string {
  const whole = (spi: number): boolean => spi < HALF_SLOTS / 2 && has(words, at, 2 * spi) && has(words, at, 2 * spi + 1);
  let text = '';
  for (let spi = 0; spi < HALF_SLOTS / 2; spi++) {
    const low = has(words, at, 2 * spi);
    const high = has(words, at, 2 * spi + 1);
    if (!low && !high) continue;
    const offset = -8 * (spi + 1);
    text += `${first ? '' : ' '}fp${frame}`;
    first = false;
    if (!low || !high) text += `${offset + (low ? HALF_SLOT_BYTES : 0)}h`;
    else if (whole(spi + 1) && whole(spi + 2)) {
      while (whole(spi + 1)) spi++;
      text += `${offset}..${-8 * (spi + 1)}`;
    } else text += `${offset}`;
  }
  return text.slice(0, TEXT_MAX);
}
