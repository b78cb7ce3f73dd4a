import { readLogDocument } from '../asm/dialects/log-document.ts';
import type { LoggedWalk, PastedQueries } from '../protocol/pasted.ts';
import { convertText } from './editor/convert.ts';

/** Logs of other kernels, and the programs that they are of. */
export function pastedQueries(): PastedQueries {
  return {
    readLog: (text): Promise<LoggedWalk | null> => {
      const log = readLogDocument(text);
      if (log.steps.length === 0) return Promise.resolve(null);
      const program = convertText(text);
      return Promise.resolve({
        ...log,
        program: program === null ? null : { source: program.source, notes: program.notes },
      });
    },
  };
}
