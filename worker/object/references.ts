import {
  BPF_PSEUDO_BTF_ID,
  BPF_PSEUDO_FUNC,
  BPF_PSEUDO_KFUNC_CALL,
  BPF_PSEUDO_MAP_FD,
  BPF_PSEUDO_MAP_VALUE,
} from '../isa/opcodes.ts';
import type { KernelTypes } from '../kernel/load.ts';
import type { MapDef, Ref } from '../program/program.ts';
import type { ElfSymbol } from './elf.ts';
import { SHN_LORESERVE } from './elf.ts';
import { ObjectError } from './error.ts';
import type { Extern } from './externs.ts';
import { externFinder } from './find-externs.ts';
import { jumpTable } from './jump-tables.ts';
import type { LinkedCode, Piece } from './link.ts';
import { symbolsOf } from './link.ts';
import type { CompiledObject } from './open.ts';
import { programMaps } from './program-maps.ts';
import type { MapReference } from './program-maps.ts';

/** What a program's instructions refer to. */
export interface References {
  readonly maps: readonly MapDef[];
  readonly refs: ReadonlyMap<number, Ref>;
  /** Sentences about what could not be found. */
  readonly notes: readonly string[];
}

const CALL = 0x85;
const WIDE_LOAD = 0x18;
/** libbpf's call in the place of a kfunc that is not there, plus the extern's number. */
const MISSING_KFUNC = 2002000000;
/** Stands for addresses that only the running kernel knows. */
const SOME_ADDRESS = 0xffffffff81000000n;

/**
 * Fills in what instructions refer to beside functions: maps, variables, and what is the kernel's. Says in `remarks` what stands for
 * something that is not there.
 */
export function resolveReferences(
  object: CompiledObject,
  code: LinkedCode,
  kernel: KernelTypes,
  remarks: Map<number, string>,
): References {
  const { insns } = code;
  const maps = programMaps(object);
  const refs = new Map<number, Ref>();
  const notes = new Set<string>();
  const externs = externFinder(object, kernel, notes);

  const pointAt = (i: number, { map, valueOffset }: MapReference): void => {
    refs.set(i, { kind: 'map', map });
    insns.src[i] = valueOffset === null ? BPF_PSEUDO_MAP_FD : BPF_PSEUDO_MAP_VALUE;
    insns.imm[i] = 0;
    if (valueOffset !== null) insns.imm[i + 1] = valueOffset;
  };

  const call = (i: number, extern: Extern): void => {
    const { found, number } = externs.find(extern);
    if (found === null && extern.weak) {
      insns.set(i, CALL, 0, 0, 0, MISSING_KFUNC + number);
      remarks.set(i, `${extern.name}, which this kernel does not have`);
      return;
    }
    insns.set(i, CALL, 0, BPF_PSEUDO_KFUNC_CALL, 0, 0);
    refs.set(i, {
      kind: 'kfunc',
      name: found?.btf.type(found.id).name ?? extern.name,
      module: found?.module ?? null,
    });
  };

  const loadExtern = (i: number, extern: Extern): void => {
    const { found } = externs.find(extern);
    const isMissing = found === null && extern.weak;
    insns.src[i] = 0;
    [insns.imm[i], insns.imm[i + 1]] = [0, 0];
    if (extern.kind === 'config') return pointAt(i, maps.kconfig(object.kconfig!.offsets.get(extern.name)!));
    if (isMissing) {
      remarks.set(i, `${extern.name}, which this kernel does not have`);
      return;
    }
    if (extern.kind === 'address') {
      notes.add(
        `The address of ${extern.name} is known only in a running kernel; 0x${SOME_ADDRESS.toString(16)} stands for it.`,
      );
      insns.imm[i] = Number(BigInt.asIntN(32, SOME_ADDRESS));
      insns.imm[i + 1] = Number(BigInt.asIntN(32, SOME_ADDRESS >> 32n));
      remarks.set(i, `address of ${extern.name}`);
      return;
    }
    insns.src[i] = BPF_PSEUDO_BTF_ID;
    refs.set(i, {
      kind: 'ksym',
      name: found?.btf.type(found.id).name ?? extern.name,
      symbol: extern.kind,
      module: found?.module ?? null,
    });
  };

  const load = (i: number, symbol: ElfSymbol, piece: Piece): void => {
    const extern = symbol.section === 0 ? object.externs.get(symbol.name) : undefined;
    if (extern !== undefined) return loadExtern(i, extern);
    if (symbol.section === 0 || symbol.section >= SHN_LORESERVE)
      throw new ObjectError(
        `${piece.func.name} refers to ${symbol.name}, which is in no section of the object.`,
      );
    const table = jumpTable(object, code, piece, symbol);
    if (table !== null) {
      const map = maps.add(`table ${symbol.value}`, () => table);
      refs.set(i, { kind: 'map', map });
      insns.src[i] = BPF_PSEUDO_MAP_VALUE;
      [insns.imm[i], insns.off[i]] = [0, 0];
      return;
    }
    const isDeclaredMap = maps.reference(symbol.section, symbol.value)?.valueOffset === null;
    const place = symbol.value + (isDeclaredMap ? 0 : insns.imm[i]);
    const reference = maps.reference(symbol.section, place);
    if (reference === null)
      throw new ObjectError(
        `${piece.func.name} refers to ${symbol.name || 'something'} in section ${object.elf.sections[symbol.section].name}, which holds neither maps nor data.`,
      );
    pointAt(i, reference);
  };

  const symbols = new Map<number, ReadonlyMap<number, ElfSymbol>>();
  for (const piece of code.pieces) {
    const { func, at } = piece;
    let own = symbols.get(func.section);
    if (own === undefined) symbols.set(func.section, (own = symbolsOf(object, func.section)));
    for (let i = at; i < at + func.count; i++) {
      const symbol = own.get(func.start + i - at);
      if (symbol === undefined) continue;
      if (insns.code[i] === CALL) {
        const extern = symbol.section === 0 ? object.externs.get(symbol.name) : undefined;
        if (extern !== undefined) call(i, extern);
      } else if (insns.code[i] === WIDE_LOAD && i + 1 < insns.length) {
        if (insns.src[i] !== BPF_PSEUDO_FUNC || symbol.section === 0) load(i, symbol, piece);
      } else
        throw new ObjectError(
          `Instruction ${i - at} of ${func.name} cannot refer to ${symbol.name}: the object is damaged.`,
        );
    }
  }
  return { maps: maps.defs, refs, notes: [...notes] };
}
