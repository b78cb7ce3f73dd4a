const isSpace = (c: number): boolean => c === 32 || (c >= 9 && c <= 13);
const isPunct = (c: number): boolean =>
  (c >= 33 && c <= 47) || (c >= 58 && c <= 64) || (c >= 91 && c <= 96) || (c >= 123 && c <= 126);
const isDigit = (c: number): boolean => c >= 48 && c <= 57;
const code = (s: string): number => s.charCodeAt(0);
const PERCENT = code('%');
const FLAGS = new Set([...'0+- '].map(code));
/** Pointer formats of one letter after `%p`. */
const POINTERS = new Set([...'KxsSB'].map(code));
const INTEGERS = new Set([...'diuxX'].map(code));

/**
 * Is it a format string that the printing helpers take for `args` arguments (kernel: bpf_bprintf_prepare)? The bytes
 * do not include the terminating zero.
 */
export function isFormatString(fmt: Uint8Array, args: number): boolean {
  const at = (i: number): number => (i < fmt.length ? fmt[i] : 0);
  /** What may follow a string or pointer conversion. */
  const ends = (c: number): boolean => c === 0 || isSpace(c) || isPunct(c);
  let used = 0;
  for (let i = 0; i < fmt.length; i++) {
    const c = at(i);
    // control characters are refused, bytes of UTF-8 are not
    if (c < 0x80 && !isSpace(c) && (c < 32 || c === 127)) return false;
    if (c !== PERCENT) continue;
    if (at(i + 1) === PERCENT) {
      i++;
      continue;
    }
    if (used >= args) return false;
    i++;
    if (at(i) >= 0x80) return false;
    while (FLAGS.has(at(i))) i++;
    while (isDigit(at(i))) i++;
    if (at(i) === code('p')) {
      const kind = at(i + 1);
      if (!ends(kind)) {
        if ((kind === code('k') || kind === code('u')) && at(i + 2) === code('s')) {
          i += 2;
          if (!ends(at(i + 1))) return false;
        } else if (POINTERS.has(kind)) i++;
        else if (
          (kind === code('i') || kind === code('I')) &&
          (at(i + 2) === code('4') || at(i + 2) === code('6'))
        )
          i += 2;
        else return false;
      }
    } else if (at(i) === code('s')) {
      if (!ends(at(i + 1))) return false;
    } else if (at(i) !== code('c')) {
      for (let longs = 0; longs < 2 && at(i) === code('l'); longs++) i++;
      if (!INTEGERS.has(at(i))) return false;
    }
    used++;
  }
  return true;
}
