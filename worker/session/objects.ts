import { ObjectError } from '../object/error.ts';
import { openObject } from '../object/open.ts';
import { objectText } from '../object/text.ts';
import type { ObjectQueries } from '../protocol/objects.ts';
import type { RunAccess } from './run-access.ts';

/** Answers for an object that cannot be read; rethrows any other error. */
function refusal(error: unknown): { readonly ok: false; readonly message: string } {
  if (error instanceof ObjectError) return { ok: false, message: error.message };
  throw error;
}

/** What the page asks of compiled objects. */
export function objectQueries({ kernel }: Pick<RunAccess, 'kernel'>): ObjectQueries {
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
  };
}
