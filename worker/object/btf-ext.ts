import type { Btf } from '../btf/btf.ts';
import { BTF_MAGIC } from '../btf/parse.ts';
import { ObjectError } from './error.ts';

/** A CO-RE relocation as the compiler recorded it. */
export interface CoreRelocation {
  /** Instruction, in its section. */
  readonly insn: number;
  /** Root type in the object's BTF. */
  readonly typeId: number;
  /** `0:1:2`: indices of members and elements; `0` for relocations of types. */
  readonly access: string;
  /** A `bpf_core_relo_kind`. */
  readonly kind: number;
}

/** What `.BTF.ext` tells of a section's instructions. All lists ascend by instruction. */
export interface SectionInfo {
  /** Rows `[instruction, typeId]`. */
  readonly funcs: readonly (readonly [number, number])[];
  /** Rows `[instruction, fileNameOff, lineOff, lineCol]`. */
  readonly lines: readonly (readonly [number, number, number, number])[];
  readonly relocations: readonly CoreRelocation[];
}

/** Information by name of the section of code. */
export type BtfExt = ReadonlyMap<string, SectionInfo>;

const HEADER_MIN = 24;
const CORE_HEADER = 32;
const INSN_SIZE = 8;

/** The kinds of records: where the header says they lie, and how many words of a record are known. */
const PARTS = [
  { key: 'funcs', at: 8, words: 2 },
  { key: 'lines', at: 16, words: 4 },
  { key: 'relocations', at: 24, words: 4 },
] as const;

/** Reads `.BTF.ext`. Throws {@link ObjectError} where it contradicts itself or the types. */
export function readBtfExt(bytes: Uint8Array, btf: Btf, littleEndian: boolean): BtfExt {
  const bad = (what: string): ObjectError => new ObjectError(`The section .BTF.ext is damaged: ${what}.`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_MIN || view.getUint16(0, littleEndian) !== BTF_MAGIC)
    throw bad('it has no header');
  const u32 = (at: number): number => {
    if (at + 4 > bytes.length) throw bad('it ends too early');
    return view.getUint32(at, littleEndian);
  };
  const text = (offset: number): string => {
    if (offset >= btf.stringEnd) throw bad('a name lies outside of the strings');
    return btf.string(offset);
  };
  const header = u32(4);
  const found = new Map<string, Record<(typeof PARTS)[number]['key'], number[][]>>();
  for (const { key, at, words } of PARTS) {
    if (at === 24 && header < CORE_HEADER) continue;
    const start = header + u32(at);
    const end = start + u32(at + 4);
    if (end > bytes.length) throw bad(`its ${key} end outside of it`);
    if (start === end) continue;
    const size = u32(start);
    if (size < words * 4 || size % 4 !== 0) throw bad(`its ${key} have records of ${size} bytes`);
    for (let next = start + 4; next < end;) {
      const section = text(u32(next));
      const count = u32(next + 4);
      const first = next + 8;
      next = first + count * size;
      if (next > end) throw bad(`its ${key} are cut off`);
      const info = found.get(section) ?? { funcs: [], lines: [], relocations: [] };
      found.set(section, info);
      for (let row = first; row < next; row += size) {
        if (u32(row) % INSN_SIZE !== 0) throw bad('a record points between instructions');
        info[key].push(
          Array.from({ length: words }, (_, i) => (i === 0 ? u32(row) / INSN_SIZE : u32(row + 4 * i))),
        );
      }
    }
  }
  return new Map(
    [...found].map(([section, { funcs, lines, relocations }]) => [
      section,
      {
        funcs: sorted(funcs) as [number, number][],
        lines: sorted(lines) as [number, number, number, number][],
        relocations: sorted(relocations).map(([insn, typeId, access, kind]) => ({
          insn,
          typeId,
          access: text(access),
          kind,
        })),
      },
    ]),
  );
}

function sorted(rows: number[][]): number[][] {
  return rows.sort((a, b) => a[0] - b[0]);
}
