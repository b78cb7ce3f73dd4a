import type { KernelTypes } from '../kernel/load.ts';
import { createKernelModel } from '../kernel/model.ts';
import { printProgram } from '../program/text/print.ts';
import type { PrintedProgram } from '../program/text/print.ts';
import type { CompiledObject, ObjectProgram } from './open.ts';
import { extractProgram } from './program.ts';

/**
 * A program of an object as one program text, with what there is to say about it as comments at its head.
 * Throws {@link ObjectError} where libbpf would give up.
 */
export function objectText(
  object: CompiledObject,
  chosen: ObjectProgram,
  fileName: string,
  types: KernelTypes,
): PrintedProgram {
  const { program, notes, ...extras } = extractProgram(object, chosen, types);
  const printed = printProgram(program, createKernelModel({ types }), extras);
  const all = [...notes, ...printed.notes];
  const head = [`${chosen.func.name} of ${fileName}`, ...all].map(
    (line) => `// ${line.replaceAll(/\s+/g, ' ')}\n`,
  );
  return { source: head.join('') + printed.source, notes: all };
}
