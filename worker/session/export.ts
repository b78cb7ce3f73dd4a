import { disassemble } from '../asm/disassemble.ts';
import { printHex } from '../asm/hex.ts';
import { printMacros } from '../asm/print-macros.ts';
import { ObjectError } from '../object/error.ts';
import { writeObject } from '../object/write/write.ts';
import { writeBundle } from '../program/bundle.ts';
import type { Program } from '../program/program.ts';
import type { ExportForm, ExportQueries } from '../protocol/export.ts';
import type { Reading } from './reading.ts';
import type { RunAccess } from './run-access.ts';

type Printer = (program: Program, reading: Reading) => string;

const PRINTERS: Readonly<Record<ExportForm, Printer>> = {
  llvm: (program, { text, model }) => {
    const functions = new Map(text.outline.functions.map((f) => [f.start, f.name]));
    const named = (i: number): string | null => {
      const ref = program.refs.get(i);
      if (ref === undefined) return null;
      const name = ref.kind === 'map' ? (program.maps[ref.map]?.name ?? null) : ref.name;
      const offset = program.insns.imm[i + 1] ?? 0;
      return name === null || offset === 0 ? name : `${name}+${offset}`;
    };
    return disassemble(program.insns, {
      helper: (id) => model.helperRow(id)?.name ?? null,
      kfunc: (i) => named(i),
      symbol: named,
      func: (slot) => functions.get(slot) ?? null,
    });
  },
  macros: (program, { model }) =>
    printMacros(program.insns, { helper: (id) => model.helperRow(id)?.name ?? null }),
  hex: (program) => printHex(program.insns, 'bytes'),
  xxd: (program) => printHex(program.insns, 'xxd'),
  bundle: (program) => `${writeBundle(program.name, program)}\n`,
};

/** A run's program in the forms of other tools. */
export function exportQueries({ runOf, kernel }: RunAccess): ExportQueries {
  return {
    exportAs(id, form) {
      const { reading } = runOf(id);
      return Promise.resolve(
        reading === null || reading.program === null ? null : PRINTERS[form](reading.program, reading),
      );
    },
    async exportObject(id) {
      const program = runOf(id).reading?.program ?? null;
      if (program === null) return null;
      const types = await kernel.load('released');
      try {
        return { ok: true, ...writeObject(program, types) };
      } catch (error) {
        if (error instanceof ObjectError) return { ok: false, message: error.message };
        throw error;
      }
    },
  };
}
