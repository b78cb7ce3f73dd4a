import { isConditionalJump } from '../isa/flow.ts';
import * as op from '../isa/opcodes.ts';
import { NOT_INIT } from '../kernel/types.ts';
import type {
  FrameLiveness,
  LivenessRow,
  PrecisionDescent,
  PrecisionMark,
  PrecisionQueries,
} from '../protocol/precision.ts';
import { CHANGE_REG, CHANGE_SLOT, keyFrame, keyKind, keyNo } from '../trace/changes.ts';
import { lifeAt, slotLives } from '../trace/live.ts';
import { keptBefore, marksBy, marksOf } from '../trace/marks.ts';
import { PrecisionWitness, type Descent } from '../trace/precision-witness.ts';
import { replay } from './replay.ts';
import { NoSuchRun, type RunAccess } from './run-access.ts';
import { llvmPrinter } from './views/insns.ts';
import { functionName } from './views/names.ts';
import { calleeOf, type StepSource } from './views/step.ts';
import { isBlank, regText, slotText } from './views/values.ts';

/** Marks named at once. */
const NAMED = 100;

function markView(source: StepSource, mark: number): PrecisionMark {
  const { trace } = source;
  const { steps, checkpoints, keys } = trace.marks;
  const key = keys[mark];
  const keptStep = trace.checkpointStep(checkpoints[mark]);
  const byStep = Math.max(steps[mark], 0);
  const no = keyNo(key);
  const name =
    keyKind(key) === CHANGE_REG
      ? `R${no}`
      : keyKind(key) === CHANGE_SLOT
        ? `fp-${(no + 1) * 8}`
        : `arg${no + 6}`;
  const calls = (source.env?.facts.subprogs.length ?? 1) > 1;
  return {
    mark,
    name: calls ? `frame ${keyFrame(key)}: ${name}` : name,
    keptStep,
    byStep,
    byInsn: trace.insnAt(byStep),
    byText: llvmPrinter(source)(trace.insnAt(byStep)),
  };
}

function liveness(source: StepSource, step: number): FrameLiveness[] {
  const { trace, env } = source;
  if (env === null) return [];
  const now = trace.mirrorAt(step);
  const life = lifeAt(env, now, trace.insnAt(step));
  return now.frames.map((frame, f) => {
    const live: LivenessRow[] = [];
    const dead: LivenessRow[] = [];
    frame.regs.forEach((reg, r) => {
      if (reg.type !== NOT_INIT)
        ((life[f].regs >> r) & 1 ? live : dead).push({ name: `R${r}`, text: regText(reg, f) });
    });
    frame.stack.forEach((slot, spi) => {
      if (!isBlank(slot))
        (slotLives(life[f], spi) ? live : dead).push({
          name: `fp-${(spi + 1) * 8}`,
          text: slotText(slot, f),
        });
    });
    return { frameno: f, subprog: functionName(source, frame.facts.subprogno), live, dead };
  });
}

/** Why an instruction asks for the exact value of something, in words. */
function causeOf(source: StepSource, { cause, insn }: Descent): string {
  if (cause === 'pruned')
    return 'The path was pruned here, and the state that covers it relied on the value: so this path relies on it too.';
  if (cause === 'loop')
    return 'The loop closed here, and the state that covers this one turned out to rely on the value: so the way round relies on it too.';
  const { insns } = source.program;
  const code = insns.code[insn];
  const cls = code & 7;
  if (isConditionalJump(code)) return 'The jump was decided by the value: only one way could be taken.';
  if ((cls === op.BPF_JMP || cls === op.BPF_JMP32) && (code & 0xf0) === op.BPF_CALL) {
    const callee = calleeOf(source, insn);
    return `${callee === '' ? 'The call' : callee} takes a size or a constant from it, or checks it.`;
  }
  if ((cls === op.BPF_JMP || cls === op.BPF_JMP32) && (code & 0xf0) === op.BPF_EXIT)
    return 'The returned value is checked.';
  if (cls === op.BPF_ALU64 || cls === op.BPF_ALU) return 'A pointer is moved by the value.';
  return 'The access goes to a place, or stores a value, that depends on it.';
}

/** Precision and liveness. */
export function precisionQueries({ runOf, sourceOf, patiently }: RunAccess): PrecisionQueries {
  return {
    async precision(id, step) {
      const source = await sourceOf(runOf(id));
      const { trace } = source;
      if (!Number.isInteger(step) || step < 0 || step >= trace.length)
        throw new NoSuchRun(`run ${id} has no step ${step}`);
      const serial = keptBefore(trace, step);
      const { from, to } = marksBy(trace, step);
      return {
        step,
        keptStep: serial === 0 ? -1 : trace.checkpointStep(serial),
        precise: [...marksOf(trace, serial)].map((mark) => markView(source, mark)),
        asked: {
          total: to - from,
          marks: Array.from({ length: Math.min(to - from, NAMED) }, (_, i) => markView(source, from + i)),
        },
        frames: liveness(source, step),
      };
    },

    async descent(id, mark): Promise<PrecisionDescent | null> {
      const run = runOf(id);
      const source = await sourceOf(run);
      const { trace } = source;
      if (!Number.isInteger(mark) || mark < 0 || mark >= trace.marks.steps.length)
        throw new NoSuchRun(`run ${id} has no mark ${mark}`);
      const found = await patiently(run, async (listen) => {
        const witness = new PrecisionWitness(trace, mark);
        return (await replay(run.reading!, witness, listen)) === null ? null : { descent: witness.found };
      });
      const { descent } = found;
      if (descent === null) return null;
      const llvm = llvmPrinter(source);
      const key = trace.marks.keys[mark];
      return {
        mark: markView(source, mark),
        cause: causeOf(source, descent),
        step: descent.step,
        insn: descent.insn,
        wanted: descent.wanted,
        hops: descent.hops.map((hop) => ({ ...hop, text: llvm(hop.insn) })),
        gaveUp: descent.gaveUp,
        coverStep: descent.cover === 0 ? -1 : trace.checkpointStep(descent.cover),
        coverMark:
          descent.cover === 0
            ? null
            : ([...marksOf(trace, descent.cover)].find(
                (other) => trace.marks.keys[other] === key && other !== mark,
              ) ?? null),
      };
    },
  };
}
