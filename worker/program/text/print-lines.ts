import type { Btf } from '../../btf/btf.ts';
import type { Program } from '../program.ts';

/** Comments with the C source of an instruction, where it changes; null where it stays. */
export function cSourceLines(
  program: Program,
  btf: Btf,
  starts: ReadonlySet<number>,
): (slot: number) => string | null {
  const rows = new Map<number, string>();
  let last = '';
  for (const [slot, fileOff, lineOff, lineCol] of program.lineInfo) {
    if (fileOff >= btf.stringEnd || lineOff >= btf.stringEnd) continue;
    const text = btf
      .string(lineOff)
      .trim()
      .replaceAll(/[\r\n]+/g, ' ');
    const file = btf.string(fileOff).split('/').at(-1)!.replace(/[\s:]/g, '_');
    const row = `; ${text}${file === '' ? '' : ` @ ${file}:${lineCol >>> 10}`}`;
    if (row === last && !starts.has(slot)) continue;
    last = row;
    rows.set(slot, row);
  }
  return (slot) => rows.get(slot) ?? null;
}
