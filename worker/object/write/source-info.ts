import { BTF_MAGIC } from '../../btf/parse.ts';
import type { Program } from '../../program/program.ts';
import type { ExtendedBtf } from './extend-btf.ts';
import type { ProgramPiece } from './pieces.ts';

const HEADER = 32;
const INSN_SIZE = 8;

/**
 * `.BTF.ext` of a program whose first function lies in the first section and the others in the second; null if it has neither
 * functions nor lines on record.
 */
export function writeSourceInfo(
  { funcInfo, lineInfo }: Program,
  pieces: readonly ProgramPiece[],
  sections: readonly [string, string],
  types: ExtendedBtf,
): Uint8Array | null {
  if (funcInfo.length === 0) return null;
  const border = pieces[0].end;
  const part = (rows: readonly (readonly number[])[], words: number): number[] => {
    const out = [words * 4];
    sections.forEach((section, i) => {
      const own = rows.filter((row) => row[0] >= border === (i === 1));
      if (own.length === 0) return;
      out.push(types.string(section), own.length);
      for (const [insn, ...rest] of own) out.push((insn - (i === 0 ? 0 : border)) * INSN_SIZE, ...rest);
    });
    return out;
  };
  const funcs = part(funcInfo, 2);
  const lines = part(lineInfo, 4);
  const words = [...funcs, ...lines];
  const out = new Uint8Array(HEADER + words.length * 4);
  const view = new DataView(out.buffer);
  view.setUint16(0, BTF_MAGIC, true);
  out[2] = 1;
  const end = words.length * 4;
  [HEADER, 0, funcs.length * 4, funcs.length * 4, lines.length * 4, end, 0].forEach((n, i) =>
    view.setUint32(4 + 4 * i, n, true),
  );
  words.forEach((word, i) => view.setUint32(HEADER + 4 * i, word >>> 0, true));
  return out;
}
