import type { GraphQueries } from '../protocol/graph.ts';
import { edgeWalks, flowGraph, type EdgeWalks } from '../trace/flow-graph.ts';
import { traceCache } from './analysis.ts';
import { NoSuchRun, type RunAccess } from './run-access.ts';

/** The program's functions as graphs. */
export function graphQueries(access: RunAccess): GraphQueries {
  const cache = traceCache<EdgeWalks>(1);
  return {
    async graph(id, number) {
      const run = access.runOf(id);
      const program = run.reading?.program ?? null;
      const subprog = run.result.subprogs.find(({ index }) => index === number);
      if (program === null || subprog === undefined)
        throw new NoSuchRun(`run ${id} has no function ${number}`);
      const recorded = await access.recordingOf(run);
      const trace = recorded?.trace ?? null;
      // the program as it was given: the verifier's own copy has branches folded whose outcome is plain
      const { insns } = program;
      const walks =
        trace === null || trace.length === 0
          ? null
          : (cache.get(trace, '') ?? cache.set(trace, '', edgeWalks(insns, trace)));
      const tables = recorded?.env?.facts.jumpTables ?? new Map<number, readonly number[]>();
      const { blocks, edges } = flowGraph(insns, subprog.start, subprog.end, tables, walks);
      const subprogAt = (start: number): number =>
        run.result.subprogs.find((sub) => sub.start === start)?.index ?? -1;
      return {
        subprog: number,
        blocks: blocks.map((block) => ({
          insns: block.insns,
          calls: block.calls.map(({ insn, target }) => ({ insn, subprog: subprogAt(target) })),
        })),
        edges,
      };
    },
  };
}
