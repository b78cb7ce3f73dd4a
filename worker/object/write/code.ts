import {
  BPF_PSEUDO_CALL,
  BPF_PSEUDO_FUNC,
  BPF_PSEUDO_KFUNC_CALL,
  BPF_PSEUDO_MAP_FD,
  BPF_PSEUDO_MAP_VALUE,
} from '../../isa/opcodes.ts';
import { BPF_MAP_TYPE_INSN_ARRAY } from '../../kernel/map-types.ts';
import { insnArrayEntries } from '../../program/insn-array.ts';
import type { Program } from '../../program/program.ts';
import { SHT_PROGBITS, STB_GLOBAL, STB_LOCAL, STT_NOTYPE, STT_OBJECT, STT_SECTION } from '../elf.ts';
import { ObjectError } from '../error.ts';
import type { WrittenData } from './data.ts';
import { R_BPF_64_32, R_BPF_64_64 } from './elf-file.ts';
import type { NewSection, NewSymbol } from './elf-file.ts';
import type { ProgramPiece } from './pieces.ts';

/** What the instructions brought with them. */
export interface WrittenCode {
  /** Jump tables. */
  readonly sections: readonly NewSection[];
  readonly symbols: readonly NewSymbol[];
  /** What must be declared as the kernel's. */
  readonly externs: readonly { readonly name: string; readonly kind: 'func' | 'var' }[];
}

const INSN_SIZE = 8;
const ENTRY = 8;
const CALL = 0x85;
const WIDE_LOAD = 0x18;
const TABLES = '.jumptables';

/** Writes the instructions into the sections of their functions, what they refer to as relocations. */
export function writeCode(
  { insns: all, refs, maps }: Program,
  pieces: readonly ProgramPiece[],
  functions: readonly NewSymbol[],
  data: WrittenData,
): WrittenCode {
  const insns = all.toBytes();
  const bytes = new DataView(insns.buffer);
  const externs = new Map<string, { symbol: NewSymbol; kind: 'func' | 'var' }>();
  const tables = new Map<number, NewSymbol>();
  const tableBytes: number[] = [];

  const extern = (name: string, kind: 'func' | 'var'): NewSymbol => {
    const symbol = externs.get(name)?.symbol ?? {
      name,
      type: STT_NOTYPE,
      bind: STB_GLOBAL,
      section: null,
      value: 0,
      size: 0,
    };
    externs.set(name, { symbol, kind });
    return symbol;
  };
  /** Source and immediate as compilers leave them where a relocation stands. */
  const open = (i: number, src: number, imm: number): void => {
    insns[i * INSN_SIZE + 1] = (src << 4) | all.dst[i];
    bytes.setInt32(i * INSN_SIZE + 4, imm, true);
    if (all.code[i] === WIDE_LOAD) bytes.setInt32(i * INSN_SIZE + 12, 0, true);
  };
  const functionAt = (i: number, start: number): NewSymbol => {
    const at = pieces.findIndex((p) => p.start === start);
    if (at < 1)
      throw new ObjectError(
        `Instruction ${i} calls the program itself, or something that is no function: an object cannot say that.`,
      );
    return functions[at];
  };
  const table = (map: number, piece: number): NewSymbol => {
    const known = tables.get(map);
    if (known !== undefined) return known;
    const { start, end } = pieces[piece];
    const entries = insnArrayEntries(maps[map].data, maps[map].maxEntries) ?? [];
    if (entries.some((entry) => entry < start || entry >= end))
      throw new ObjectError(
        `The jump table ${maps[map].name} leads out of ${pieces[piece].name}: an object cannot say that.`,
      );
    const symbol = {
      name: `table_${map}`,
      type: STT_OBJECT,
      bind: STB_LOCAL,
      section: tableSection,
      value: tableBytes.length,
      size: entries.length * ENTRY,
    };
    for (const entry of entries) {
      const place = functions[piece].value + (entry - start) * INSN_SIZE;
      tableBytes.push(...[0, 8, 16, 24].map((shift) => (place >>> shift) & 255), 0, 0, 0, 0);
    }
    tables.set(map, symbol);
    return symbol;
  };
  const textSymbol: NewSymbol = {
    name: '',
    type: STT_SECTION,
    bind: STB_LOCAL,
    section: functions.at(-1)!.section,
    value: 0,
    size: 0,
  };
  /** Its bytes are known at the end. */
  const tableSection: { -readonly [K in keyof NewSection]: NewSection[K] } = {
    name: TABLES,
    type: SHT_PROGBITS,
    flags: 0,
    data: new Uint8Array(0),
    size: 0,
    relocations: [],
  };

  const mapSymbol = (i: number, map: number, piece: number): NewSymbol => {
    const offset = all.imm[i + 1];
    const declared = data.maps.get(map);
    const section = data.data.get(map);
    if (all.src[i] === BPF_PSEUDO_MAP_FD && declared !== undefined) {
      open(i, 0, 0);
      return declared;
    }
    if (all.src[i] === BPF_PSEUDO_MAP_VALUE && section !== undefined) {
      open(i, 0, offset);
      return section;
    }
    if (all.src[i] === BPF_PSEUDO_MAP_VALUE && maps[map].type === BPF_MAP_TYPE_INSN_ARRAY && offset === 0) {
      open(i, 0, 0);
      return table(map, piece);
    }
    throw new ObjectError(
      `Instruction ${i} refers to the map ${maps[map].name} in a way that an object cannot say.`,
    );
  };

  for (const [piece, { start, end }] of pieces.entries()) {
    const home = functions[piece];
    const relocate = (i: number, type: number, symbol: NewSymbol): void =>
      void home.section!.relocations.push({ offset: home.value + (i - start) * INSN_SIZE, type, symbol });
    for (let i = start; i < end; i++) {
      const ref = refs.get(i);
      if (ref?.kind === 'map') relocate(i, R_BPF_64_64, mapSymbol(i, ref.map, piece));
      else if (ref?.kind === 'ksym') {
        open(i, 0, 0);
        relocate(i, R_BPF_64_64, extern(ref.name, ref.symbol));
      } else if (ref?.kind === 'kfunc' && all.src[i] === BPF_PSEUDO_KFUNC_CALL) {
        open(i, BPF_PSEUDO_CALL, -1);
        relocate(i, R_BPF_64_32, extern(ref.name, 'func'));
      } else if (all.code[i] === CALL && all.src[i] === BPF_PSEUDO_CALL) {
        open(i, BPF_PSEUDO_CALL, -1);
        relocate(i, R_BPF_64_32, functionAt(i, i + 1 + all.imm[i]));
      } else if (all.code[i] === WIDE_LOAD && all.src[i] === BPF_PSEUDO_FUNC) {
        const target = functionAt(i, i + 1 + all.imm[i]);
        // of a static function libbpf takes the address by its section
        const isStatic = target.bind === STB_LOCAL;
        open(i, 0, isStatic ? target.value : 0);
        relocate(i, R_BPF_64_64, isStatic ? textSymbol : target);
      }
    }
    home.section!.data.set(insns.subarray(start * INSN_SIZE, end * INSN_SIZE), home.value);
  }
  tableSection.data = Uint8Array.from(tableBytes);
  tableSection.size = tableBytes.length;
  return {
    sections: tableBytes.length > 0 ? [tableSection] : [],
    symbols: [textSymbol, ...tables.values(), ...[...externs.values()].map((e) => e.symbol)],
    externs: [...externs].map(([name, { kind }]) => ({ name, kind })),
  };
}
