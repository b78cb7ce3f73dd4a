import { ObjectError } from '../object/error.ts';
import { openObject } from '../object/open.ts';
import type { ObjectProgram } from '../object/open.ts';
import { objectText } from '../object/text.ts';
import { loadTypes } from './kernel-types.ts';
import { UsageError } from './usage.ts';

/**
 * One program of a compiled object as program text; remarks go to standard error. Throws {@link UsageError} for objects that cannot
 * be read, and where `chosen` leaves open which program is meant.
 */
export async function textOfObject(
  file: string,
  bytes: Uint8Array,
  chosen: string | undefined,
  dir: string,
): Promise<string> {
  const types = await loadTypes(dir, 'released');
  if (types === null)
    throw new UsageError(
      `the kernel's types are needed to load an object, and they are not in ${dir}; --kernel or BPF_KERNEL name their directory`,
    );
  try {
    const object = openObject(bytes, file);
    const { source, notes } = objectText(
      object,
      choose(file, object.programs, chosen),
      file.split('/').at(-1)!,
      types,
    );
    for (const note of notes) console.error(`${file}: ${note}`);
    return source;
  } catch (error) {
    if (error instanceof ObjectError) throw new UsageError(`${file}: ${error.message}`);
    throw error;
  }
}

function choose(file: string, programs: readonly ObjectProgram[], chosen: string | undefined): ObjectProgram {
  const found =
    programs.find(({ func }) => func.name === chosen) ?? (programs.length === 1 ? programs[0] : null);
  if (found !== null && (chosen === undefined || found.func.name === chosen)) return found;
  const width = Math.max(...programs.map(({ func }) => func.name.length));
  const list = programs.map(({ func, section }) => `  ${func.name.padEnd(width)}  ${section}`).join('\n');
  throw new UsageError(
    `${chosen === undefined ? `${file} has ${programs.length} programs; --program names one` : `${file} has no program ${chosen}`}:\n${list}`,
  );
}
