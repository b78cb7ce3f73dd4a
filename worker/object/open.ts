import type { Btf } from '../btf/btf.ts';
import { checkBtf } from './check-btf.ts';
import { readBtfExt } from './btf-ext.ts';
import type { BtfExt } from './btf-ext.ts';
import { littleEndianBtf } from './byte-order.ts';
import { readElf } from './elf.ts';
import type { Elf } from './elf.ts';
import { ObjectError } from './error.ts';
import { readExterns } from './externs.ts';
import type { Extern } from './externs.ts';
import { fixBtf } from './fix-btf.ts';
import { readCode, SUBPROGRAMS } from './functions.ts';
import type { CodeSection, ObjectFunction } from './functions.ts';
import { layOutKconfig } from './kconfig.ts';
import type { KconfigMap } from './kconfig.ts';
import { readDeclaredMaps } from './maps.ts';
import type { DeclaredMap } from './maps.ts';
import { readBtf } from './read-btf.ts';

/** A compiled object, read and checked; nothing of it is linked or relocated yet. */
export interface CompiledObject {
  /** From the file's name; libbpf puts it before the names of data maps. */
  readonly name: string;
  readonly elf: Elf;
  /** Sizes and places filled in; null if it was compiled without `-g`. */
  readonly btf: Btf | null;
  readonly ext: BtfExt;
  readonly code: ReadonlyMap<number, CodeSection>;
  /** Entry points, in the order of the file. */
  readonly programs: readonly ObjectProgram[];
  readonly externs: ReadonlyMap<string, Extern>;
  readonly kconfig: KconfigMap | null;
  readonly maps: readonly DeclaredMap[];
  readonly license: string;
}

/** An entry point of an object. */
export interface ObjectProgram {
  readonly func: ObjectFunction;
  /** Without the question mark that keeps libbpf from loading it unasked. */
  readonly section: string;
}

/** Reads an object file. Throws {@link ObjectError} if it is none, or is damaged. */
export function openObject(bytes: Uint8Array, fileName: string): CompiledObject {
  const elf = readElf(bytes);
  const code = readCode(elf);
  const section = (name: string): Uint8Array | null =>
    elf.sections.find((s) => s.name === name && s.data.length > 0)?.data ?? null;
  if (section('maps') !== null)
    throw new ObjectError(
      'The object declares maps in a section «maps», as libbpf before 1.0 had them; declare them in SEC(".maps").',
    );
  const programs = [...code.values()]
    .filter((s) => s.name !== SUBPROGRAMS)
    .flatMap((s) => s.functions.map((func) => ({ func, section: s.name.replace(/^\?/, '') })));
  if (programs.length === 0) {
    const sub = [...code.values()].some((s) => s.functions.length > 0);
    throw new ObjectError(
      sub
        ? 'The object has functions but no program: an entry point needs SEC("…"), such as SEC("xdp").'
        : 'The object has no program in it.',
    );
  }
  const types = section('.BTF');
  const raw = types === null ? null : readBtf(elf.littleEndian ? types : littleEndianBtf(types));
  const declared = section('.BTF.ext');
  const externs = readExterns(elf, raw);
  const kconfig = raw === null ? null : layOutKconfig(externs.values(), raw);
  const btf = raw === null ? null : fixBtf(raw, elf, kconfig);
  if (btf !== null) checkBtf(btf, elf);
  if (btf === null && section('.maps') !== null)
    throw new ObjectError('The object has maps but no types (BTF) that say what they are; compile with -g.');
  return {
    name: objectName(fileName),
    elf,
    btf,
    ext: raw === null || declared === null ? new Map() : readBtfExt(declared, raw, elf.littleEndian),
    code,
    programs,
    externs,
    kconfig,
    maps: btf === null ? [] : readDeclaredMaps(btf),
    license: licenseOf(section('license')),
  };
}

/** `xdp_count.bpf.o` is `xdp_count`. */
function objectName(fileName: string): string {
  return (fileName.split('/').at(-1)!.split('.').at(0) ?? '').replace(/\W/g, '_');
}

/** Longer ones the kernel does not take. */
const LICENSE_MAX = 127;

function licenseOf(data: Uint8Array | null): string {
  if (data === null) return '';
  const end = data.indexOf(0);
  return new TextDecoder().decode(data.subarray(0, Math.min(end < 0 ? data.length : end, LICENSE_MAX)));
}
