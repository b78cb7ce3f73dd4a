/** What a message template takes in place of its conversions. */
export type Arg = number | bigint | string;

const CONVERSION = /%(%|[-+ #0]*\d*(?:ll|l|h|z)?[dusxXc])/g;

/**
 * Fills a kernel message template: the subset of vsnprintf that the verifier's texts use
 * (`%d %u %s %c %x %#x %lld %llu %llx %#llx`, `+`, `0` and width). Negative values under `u`/`x` wrap to
 * 32 bits, or to 64 with `ll`/`l`/`z`.
 */
export function formatKernel(template: string, args: readonly Arg[] = []): string {
  let next = 0;
  return template.replace(CONVERSION, (_whole, spec: string) => {
    if (spec === '%') return '%';
    if (next >= args.length) throw new Error(`message template lacks an argument: ${template}`);
    return convert(spec, args[next++]);
  });
}

function convert(spec: string, arg: Arg): string {
  const kind = spec[spec.length - 1];
  const flags = /^[-+ #0]*/.exec(spec)![0];
  const width = Number(/\d*(?=(?:ll|l|h|z)?[a-zA-Z]$)/.exec(spec.slice(flags.length))?.[0] || 0);
  const wide = /(ll|l|z)/.test(spec);
  let text: string;
  if (kind === 's') text = String(arg);
  else if (kind === 'c') text = typeof arg === 'number' ? String.fromCharCode(arg) : String(arg);
  else {
    const value = typeof arg === 'bigint' ? arg : BigInt(arg);
    const bits = wide ? 64 : 32;
    if (kind === 'd') {
      const signed = BigInt.asIntN(bits, value);
      text = (signed >= 0n && flags.includes('+') ? '+' : '') + signed.toString();
    } else {
      const unsigned = BigInt.asUintN(bits, value);
      if (kind === 'u') text = unsigned.toString();
      else {
        text = unsigned.toString(16);
        if (kind === 'X') text = text.toUpperCase();
        if (flags.includes('#')) text = '0x' + text;
      }
    }
  }
  if (text.length >= width) return text;
  if (flags.includes('-')) return text.padEnd(width);
  return flags.includes('0') && kind !== 's' ? text.padStart(width, '0') : text.padStart(width);
}
