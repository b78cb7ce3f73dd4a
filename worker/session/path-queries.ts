import type { PathQueries, PathTreeState } from '../protocol/paths.ts';
import type { PathRows } from '../trace/path-rows.ts';
import type { Trace } from '../trace/trace.ts';
import type { RunAccess } from './run-access.ts';
import { layOut, pathWindow } from './views/paths.ts';

/** Windows of the tree of paths. A tree that was laid out is kept as long as it is asked for the same way. */
export function pathQueries({ runOf, sourceOf }: RunAccess): PathQueries {
  const kept = new WeakMap<Trace, { readonly state: string; readonly rows: PathRows }>();
  return {
    async paths(id, asked: PathTreeState, from, to, node) {
      const source = await sourceOf(runOf(id));
      const state = JSON.stringify(asked);
      let laid = kept.get(source.trace);
      if (laid?.state !== state) kept.set(source.trace, (laid = { state, rows: layOut(source, asked) }));
      return pathWindow(source, laid.rows, from, to, node);
    },
  };
}
