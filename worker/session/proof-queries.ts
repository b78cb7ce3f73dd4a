import { AUX_PRUNE_POINT } from '../cfg/facts.ts';
import type { EarlierState, Proof, ProofQueries, PruneMoment } from '../protocol/proof.ts';
import { momentOfPruning, prunedAfter, SearchWitness, type Moment } from '../trace/search-witness.ts';
import type { Path, Trace } from '../trace/trace.ts';
import { replay } from './replay.ts';
import { NoSuchRun, type RunAccess } from './run-access.ts';
import { llvmPrinter } from './views/insns.ts';
import { earlierState } from './views/proof.ts';
import type { StepSource } from './views/step.ts';

/** Earlier states shown of one moment. */
const SHOWN = 40;
/** Covered paths named at once. */
const NAMED = 50;

interface Seen {
  readonly serial: number;
  readonly state: Omit<EarlierState, 'step' | 'visit'>;
}

/** What was asked last, by walk: going back and forth between two steps costs nothing. */
const KEPT = 8;

/** Why paths end where they do. */
export function proofQueries({ runOf, sourceOf, patiently }: RunAccess): ProofQueries {
  const known = new WeakMap<Trace, Map<number, Proof>>();

  return {
    async pruning(id, from, direction) {
      const { prevPruned, nextPruned } = prunedAround((await sourceOf(runOf(id))).trace, from);
      return direction === 1 ? nextPruned : prevPruned;
    },

    async proof(id, step) {
      const run = runOf(id);
      const source = await sourceOf(run);
      const { trace } = source;
      const asked = askedAt(source, id, step);
      const kept = known.get(trace) ?? new Map<number, Proof>();
      known.set(trace, kept);
      const before = kept.get(step);
      if (before !== undefined) return before;

      const seen = new Map<Moment, Seen[]>(asked.map(({ at }) => [at, []]));
      const left = new Map<Moment, number>();
      if (seen.size !== 0) {
        await patiently(run, (listen) => {
          for (const list of seen.values()) list.length = 0;
          left.clear();
          const witness = new SearchWitness(new Set(seen.keys()), (moment, old, cur, comparison) => {
            const list = seen.get(moment)!;
            if (list.length < SHOWN || comparison.covered)
              list.push({ serial: old.serial, state: earlierState(old, cur, comparison) });
            else left.set(moment, (left.get(moment) ?? 0) + 1);
          });
          return replay(run.reading!, witness, listen);
        });
      }
      const proof = proofOf(source, step, asked, ({ at, insn }) => ({
        earlier: withSteps(source, insn, seen.get(at)!),
        leftOut: left.get(at) ?? 0,
      }));
      kept.set(step, proof);
      if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
      return proof;
    },

    async proofOutline(id, step) {
      const source = await sourceOf(runOf(id));
      return proofOf(source, step, askedAt(source, id, step), () => ({ earlier: null, leftOut: 0 }));
    },
  };
}

/** A moment that is asked about, and what the trace says of it by itself. */
interface Asked extends Pick<PruneMoment, 'kind' | 'insn' | 'path' | 'loop'> {
  readonly at: Moment;
}

const isPrunePoint = ({ env, trace }: StepSource, step: number): boolean =>
  (env!.facts.flags[trace.insnAt(step)] & AUX_PRUNE_POINT) !== 0;

/** The moments at a step: paths that end behind it, and how it was come to. @throws NoSuchRun without that step. */
function askedAt(source: StepSource, id: number, step: number): Asked[] {
  const { trace, env } = source;
  if (!Number.isInteger(step) || step < 0 || step >= trace.length || env === null)
    throw new NoSuchRun(`run ${id} has no step ${step}`);
  const asked: Asked[] = prunedAfter(trace, step).map((path) => {
    const { endInsn, loop } = trace.paths[path];
    return { at: momentOfPruning(trace, path), kind: 'pruned', insn: endInsn, path: path + 1, loop };
  });
  if (isPrunePoint(source, step))
    asked.push({ at: trace.processedAt(step), kind: 'kept', insn: trace.insnAt(step), path: 0, loop: false });
  return asked;
}

function proofOf(
  source: StepSource,
  step: number,
  asked: readonly Asked[],
  compared: (asked: Asked) => Pick<PruneMoment, 'earlier' | 'leftOut'>,
): Proof {
  const { trace } = source;
  const llvm = llvmPrinter(source);
  const serial = trace.checkpointAt(step);
  return {
    step,
    prunePoint: isPrunePoint(source, step),
    checkpoint: serial !== 0,
    moments: asked.map((one) => {
      const { kind, insn, path, loop } = one;
      return { kind, insn, path, loop, text: llvm(insn), ...compared(one) };
    }),
    covers: coveredBy(trace, serial),
    ...prunedAround(trace, step),
  };
}

function withSteps({ trace }: StepSource, insn: number, seen: readonly Seen[]): EarlierState[] {
  const steps = seen.map(({ serial }) => trace.checkpointStep(serial));
  const wanted = new Set(steps);
  const visits = new Map<number, number>();
  let visit = 0;
  for (let step = 0, found = 0; step < trace.length && found < wanted.size; step++) {
    if (trace.insns[step] !== insn) continue;
    visit++;
    if (wanted.has(step)) {
      visits.set(step, visit);
      found++;
    }
  }
  return seen.map(({ state }, i) => ({ ...state, step: steps[i], visit: visits.get(steps[i]) ?? 0 }));
}

/** The last step of a path; of one that was pruned at once, the fork that it left. */
const lastStep = (path: Path): number => (path.start < path.stop ? path.stop - 1 : path.parentStep);

function prunedAround({ paths }: Trace, step: number): Pick<Proof, 'prevPruned' | 'nextPruned'> {
  let prevPruned: number | null = null;
  let nextPruned: number | null = null;
  for (const path of paths) {
    if (path.end !== 'pruned') continue;
    const at = lastStep(path);
    if (at < step && (prevPruned === null || at > prevPruned)) prevPruned = at;
    if (at > step && (nextPruned === null || at < nextPruned)) nextPruned = at;
  }
  return { prevPruned, nextPruned };
}

function coveredBy({ paths }: Trace, serial: number): Proof['covers'] {
  const steps: number[] = [];
  let total = 0;
  if (serial === 0) return { total, steps };
  for (const path of paths) {
    if (path.coveredBy !== serial) continue;
    total++;
    if (steps.length < NAMED) steps.push(lastStep(path));
  }
  return { total, steps };
}
