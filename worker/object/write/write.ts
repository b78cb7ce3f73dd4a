import {
  BTF_KIND_DATASEC,
  BTF_KIND_FUNC_PROTO,
  BTF_KIND_PTR,
  BTF_KIND_STRUCT,
  BTF_KIND_VAR,
} from '../../btf/btf.ts';
import { BTF_GLOBAL } from '../../btf/build.ts';
import type { KernelTypes } from '../../kernel/load.ts';
import type { Program } from '../../program/program.ts';
import { SHF_EXECINSTR, SHT_PROGBITS, STB_GLOBAL, STB_LOCAL, STT_FUNC, STT_OBJECT } from '../elf.ts';
import { SUBPROGRAMS } from '../functions.ts';
import { findKernelType } from '../kernel-types.ts';
import { writeCode } from './code.ts';
import { writeData } from './data.ts';
import { elfFile, R_BPF_64_ABS64 } from './elf-file.ts';
import type { NewSection, NewSymbol } from './elf-file.ts';
import { extendBtf } from './extend-btf.ts';
import type { ExtendedBtf } from './extend-btf.ts';
import { externTypes } from './extern-types.ts';
import { sectionAndNotes } from './load-options.ts';
import { piecesOf } from './pieces.ts';
import { writeSourceInfo } from './source-info.ts';

/** An object file, and what of the program it does not hold. */
export interface WrittenObject {
  readonly bytes: Uint8Array;
  readonly notes: readonly string[];
}

const SHF_WRITE = 1;
const SHF_ALLOC = 2;
const INSN_SIZE = 8;
const OPS_SECTION = '.struct_ops.link';

/** A section with bytes. */
export function section(name: string, data: Uint8Array, flags = 0): NewSection {
  return { name, type: SHT_PROGBITS, flags, data, size: data.length, relocations: [] };
}

/**
 * Writes a program as an object that libbpf loads: functions as they are called, maps, data, types, source lines, and what it takes
 * from the kernel by name. Throws {@link ObjectError} for programs that no object holds.
 */
export function writeObject(program: Program, kernel: KernelTypes): WrittenObject {
  const { section: name, notes } = sectionAndNotes(program);
  const pieces = piecesOf(program);
  const types = extendBtf(program.btf);
  const data = writeData(program);
  const main = section(name, new Uint8Array(pieces[0].end * INSN_SIZE), SHF_ALLOC | SHF_EXECINSTR);
  const text = section(
    SUBPROGRAMS,
    new Uint8Array((program.insns.length - pieces[0].end) * INSN_SIZE),
    SHF_ALLOC | SHF_EXECINSTR,
  );
  const functions = pieces.map((piece, i): NewSymbol => {
    const start = i === 0 ? 0 : piece.start - pieces[0].end;
    return {
      name: piece.name,
      type: STT_FUNC,
      bind: piece.global ? STB_GLOBAL : STB_LOCAL,
      section: i === 0 ? main : text,
      value: start * INSN_SIZE,
      size: (piece.end - piece.start) * INSN_SIZE,
    };
  });
  const code = writeCode(program, pieces, functions, data);
  const externs = externTypes(program.btf, types);
  for (const { name: symbol, kind } of code.externs)
    externs.declare(symbol, kind, findKernelType(kernel, kind, symbol));
  externs.finish();
  const license = section('license', new TextEncoder().encode(`${program.license}\0`), SHF_WRITE | SHF_ALLOC);
  const ops = writeOps(program, functions[0], types, kernel);
  const ext = writeSourceInfo(program, pieces, [name, SUBPROGRAMS], types);
  const sections = [
    main,
    ...(text.size > 0 ? [text] : []),
    ...data.sections,
    ...code.sections,
    license,
    ...ops.map((symbol) => symbol.section!),
    section('.BTF', types.finish()),
    ...(ext === null ? [] : [section('.BTF.ext', ext)]),
  ];
  return { bytes: elfFile(sections, [...functions, ...data.symbols, ...code.symbols, ...ops]), notes };
}

/** For a struct_ops program the variable that names it: a struct of the kernel's name with that one member. */
function writeOps(program: Program, main: NewSymbol, types: ExtendedBtf, kernel: KernelTypes): NewSymbol[] {
  const { attach, attachType } = program;
  if (attach?.kind !== 'struct') return [];
  const found = findKernelType(kernel, 'struct', attach.name, attach.module);
  const member = found?.btf.type(found.id).members.at(attachType)?.name;
  if (member === undefined) return [];
  const pointer = types.type('', BTF_KIND_PTR, 0, types.type('', BTF_KIND_FUNC_PROTO, 0, 0));
  const struct = types.type(attach.name, BTF_KIND_STRUCT, 1, 8, [types.string(member), pointer, 0]);
  const variable = types.type('ops', BTF_KIND_VAR, 0, struct, [BTF_GLOBAL]);
  types.type(OPS_SECTION, BTF_KIND_DATASEC, 1, 8, [variable, 0, 8]);
  const home = section(OPS_SECTION, new Uint8Array(8), SHF_WRITE | SHF_ALLOC);
  home.relocations.push({ offset: 0, type: R_BPF_64_ABS64, symbol: main });
  return [{ name: 'ops', type: STT_OBJECT, bind: STB_GLOBAL, section: home, value: 0, size: 8 }];
}
