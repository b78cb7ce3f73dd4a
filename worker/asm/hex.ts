import type { Insns } from '../isa/insns.ts';

export type HexStyle = 'bytes' | 'c-array' | 'xxd';

/**
 * The program's bytes as text: `bytes` one slot a line (`b7 00 …`), `c-array` the same with `0x` and commas,
 * `xxd` sixteen bytes a line with offsets. Ends with a newline unless empty.
 */
export function printHex(insns: Insns, style: HexStyle = 'bytes'): string {
  const bytes = [...insns.toBytes()];
  const perLine = style === 'xxd' ? 16 : 8;
  let text = '';
  for (let at = 0; at < bytes.length; at += perLine)
    text += line(bytes.slice(at, at + perLine), at, style) + '\n';
  return text;
}

const hex2 = (b: number): string => b.toString(16).padStart(2, '0');

function line(bytes: readonly number[], at: number, style: HexStyle): string {
  if (style === 'bytes') return bytes.map(hex2).join(' ');
  if (style === 'c-array') return bytes.map((b) => `0x${hex2(b)},`).join(' ');
  const pairs: string[] = [];
  for (let k = 0; k < bytes.length; k += 2)
    pairs.push(
      bytes
        .slice(k, k + 2)
        .map(hex2)
        .join(''),
    );
  const ascii = bytes.map((b) => (b >= 0x20 && b < 0x7f ? String.fromCharCode(b) : '.')).join('');
  return `${at.toString(16).padStart(8, '0')}: ${pairs.join(' ').padEnd(39)}  ${ascii}`;
}
