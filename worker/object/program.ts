import type { KernelTypes } from '../kernel/load.ts';
import type { Program } from '../program/program.ts';
import { loadedAs } from './attach.ts';
import type { SectionInfo } from './btf-ext.ts';
import { coreRelocator } from './core/relocate.ts';
import { linkCode } from './link.ts';
import type { LinkedCode, Piece } from './link.ts';
import type { CompiledObject, ObjectProgram } from './open.ts';
import { resolveReferences } from './references.ts';

/** One program of an object, as libbpf would hand it to a kernel. */
export interface ExtractedProgram {
  readonly program: Program;
  /** Sentences: what the kernel does not have, and what could not be known. */
  readonly notes: readonly string[];
  /** What stands in the place of an instruction that could not be fitted, by instruction. */
  readonly remarks: ReadonlyMap<number, string>;
  /** By their first instruction, whether types say them or not. */
  readonly functionNames: ReadonlyMap<number, string>;
}

/** The kernel keeps 15 characters of a program's name. */
const NAME_MAX = 15;
/** So many of the things that a kernel lacks are named. */
const NAMED_MAX = 5;

/** Links and relocates a program for a kernel with these types. Throws {@link ObjectError} where libbpf would give up. */
export function extractProgram(
  object: CompiledObject,
  chosen: ObjectProgram,
  kernel: KernelTypes,
): ExtractedProgram {
  const code = linkCode(object, chosen);
  const remarks = new Map<number, string>();
  const missing = fitToKernel(object, code, kernel, remarks);
  const { maps, refs, notes } = resolveReferences(object, code, kernel, remarks);
  const as = loadedAs(object, chosen, kernel);
  const program: Program = {
    name: chosen.func.name.slice(0, NAME_MAX),
    section: chosen.section,
    progType: as.progType,
    attachType: as.attachType,
    flags: as.flags,
    license: object.license,
    privileged: true,
    insns: code.insns,
    refs,
    maps,
    btf: object.btf,
    ...sourceInfo(object, code),
    attach: as.attach,
    semantics: [],
    invented: [],
    kfuncFlags: new Map(),
  };
  return {
    program,
    notes: [...byteOrder(object), ...missing, ...as.notes, ...notes],
    remarks,
    functionNames: new Map(code.pieces.map(({ func, at }) => [at, func.name])),
  };
}

function byteOrder({ elf }: CompiledObject): string[] {
  return elf.littleEndian
    ? []
    : [
        'The object is big-endian and the kernel here is not: data and conversions of byte order mean something else than where it runs.',
      ];
}

/** Applies the CO-RE relocations of a program; says what the kernel lacks. */
function fitToKernel(
  { btf, ext }: CompiledObject,
  { insns, pieces }: LinkedCode,
  kernel: KernelTypes,
  remarks: Map<number, string>,
): string[] {
  if (btf === null) return [];
  const relocator = coreRelocator(btf, kernel);
  const missing = new Set<string>();
  for (const { func, section, at } of pieces) {
    for (const relocation of inside(ext.get(section.name)?.relocations ?? [], func, (r) => r.insn)) {
      const i = at + relocation.insn - func.start;
      const lost = relocator.apply(insns, i, relocation);
      if (lost === null) continue;
      missing.add(lost);
      remarks.set(i, `this kernel has no ${lost}`);
    }
  }
  if (missing.size === 0) return [];
  const names = [...missing].slice(0, NAMED_MAX).join(', ');
  const more = missing.size > NAMED_MAX ? ` and ${missing.size - NAMED_MAX} more` : '';
  return [
    `This kernel does not have ${names}${more}: where the program uses it stands the invalid call that libbpf writes there.`,
  ];
}

/** Rows of a section, which ascend by instruction, that belong to a function. */
function inside<T>(
  rows: readonly T[],
  { start, count }: Piece['func'],
  insn: (row: T) => number,
): readonly T[] {
  const from = firstFrom(rows, start, insn);
  return rows.slice(from, firstFrom(rows, start + count, insn));
}

/** Index of the first row that is not before an instruction. */
function firstFrom<T>(rows: readonly T[], limit: number, insn: (row: T) => number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (insn(rows[middle]) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Functions and source lines of the whole program. All or nothing, as libbpf has it: a function without them means that none has. */
function sourceInfo({ ext }: CompiledObject, { pieces }: LinkedCode): Pick<Program, 'funcInfo' | 'lineInfo'> {
  const rows = <K extends 'funcs' | 'lines'>(key: K): SectionInfo[K][number][] => {
    const all: SectionInfo[K][number][] = [];
    for (const { func, section, at } of pieces) {
      const own = inside<SectionInfo[K][number]>(ext.get(section.name)?.[key] ?? [], func, (row) => row[0]);
      if (own.length === 0) return [];
      all.push(
        ...own.map((row) => [row[0] - func.start + at, ...row.slice(1)] as unknown as SectionInfo[K][number]),
      );
    }
    return all;
  };
  return { funcInfo: rows('funcs'), lineInfo: rows('lines') };
}
