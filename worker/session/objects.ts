import { ObjectError } from '../object/error.ts';
import type { KernelTypes } from '../kernel/load.ts';
import { openObject } from '../object/open.ts';
import type { CompiledObject, ObjectProgram } from '../object/open.ts';
import { objectText } from '../object/text.ts';
import type { ObjectQueries, ObjectVerdict } from '../protocol/objects.ts';
import { read } from './reading.ts';
import { runRecorded } from './record.ts';
import type { Listener } from './record.ts';
import type { RunAccess } from './run-access.ts';

/** Answers for an object that cannot be read; rethrows any other error. */
function refusal(error: unknown): { readonly ok: false; readonly message: string } {
  if (error instanceof ObjectError) return { ok: false, message: error.message };
  throw error;
}

/** What the page asks of compiled objects. */
export function objectQueries({ kernel, aside }: Pick<RunAccess, 'kernel' | 'aside'>): ObjectQueries {
  return {
    objectPrograms(bytes, fileName) {
      try {
        const { programs } = openObject(bytes, fileName);
        return Promise.resolve({
          ok: true,
          programs: programs.map(({ func, section }) => ({ name: func.name, section, insns: func.count })),
        });
      } catch (error) {
        return Promise.resolve(refusal(error));
      }
    },
    async objectText(bytes, fileName, name) {
      const types = await kernel.load('released');
      try {
        const object = openObject(bytes, fileName);
        const chosen = object.programs.find((p) => p.func.name === name);
        if (chosen === undefined) return { ok: false, message: `The object has no program ${name}.` };
        return { ok: true, ...objectText(object, chosen, fileName, types) };
      } catch (error) {
        return refusal(error);
      }
    },
    async objectVerdicts(bytes, fileName, onVerdict) {
      const types = await kernel.load('released');
      const object = openObject(bytes, fileName);
      for (const chosen of object.programs) {
        const verdict = await aside((listen) => verdictOf(object, chosen, fileName, types, kernel, listen));
        if (verdict === null || !(await onVerdict(verdict))) return;
      }
    },
  };
}

/** Programs that take longer are not waited for: there may be many more. */
const PATIENCE_INSNS = 100_000;

async function verdictOf(
  object: CompiledObject,
  chosen: ObjectProgram,
  fileName: string,
  types: KernelTypes,
  kernel: RunAccess['kernel'],
  listen: Listener,
): Promise<ObjectVerdict | null> {
  const program = chosen.func.name;
  let source: string;
  try {
    ({ source } = objectText(object, chosen, fileName, types));
  } catch (error) {
    return { program, verdict: 'bad-input', message: refusal(error).message };
  }
  const reading = await read({ source, semantics: null, kfuncFlags: {}, trace: false }, kernel);
  if (reading.program === null) {
    const first = reading.text.problems.find((p) => p.severity === 'error');
    return { program, verdict: 'bad-input', message: first?.message ?? '' };
  }
  let isLong = false;
  const recorded = await runRecorded(reading.program, reading.model, false, (insns) => {
    isLong = insns > PATIENCE_INSNS;
    return isLong || listen(insns);
  });
  if (recorded === null) return isLong ? { program, verdict: 'long', message: '' } : null;
  const { verdict, message } = recorded.outcome;
  return { program, verdict, message: verdict === 'accepted' ? '' : message.trimEnd() };
}
