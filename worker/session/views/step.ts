import { isConditionalJump, jumpTarget } from '../../isa/flow.ts';
import type { FrameView, LineRange, RegView, StepView } from '../../protocol.ts';
import { NOT_INIT } from '../../kernel/types.ts';
import { NOT_INIT_REG, type Reg } from '../../state/reg.ts';
import { INVALID_SLOT, type Slot } from '../../state/slot.ts';
import { CHANGE_ARGS, CHANGE_REG, CHANGE_SLOT, changeKey } from '../../trace/changes.ts';
import type { MirrorFrame } from '../../trace/mirror.ts';
import { lifeAt, slotLives, type FrameLife } from '../../trace/live.ts';
import { EVENT_LOST, type Trace } from '../../trace/trace.ts';
import { changesInWords } from './changes.ts';
import { heldViews } from './held.ts';
import { llvmPrinter, type Shown } from './insns.ts';
import { isBlank, regText, scalarView, slotText, slotType, typeText } from './values.ts';
import { whyMoved } from './moved.ts';
import { whyReg, whySlot, type Cause } from './why.ts';

/** What a view of a step is made from. */
export interface StepSource extends Shown {
  readonly trace: Trace;
  /** Lines of a step in each log; null: that log says nothing of it, or was not written yet. */
  logLines(step: number): { readonly level1: LineRange | null; readonly level2: LineRange | null };
}

/** Name of what an instruction calls, empty if it calls nothing by name. */
export function calleeOf({ program, model, text }: Shown, insn: number): string {
  const { insns } = program;
  if (insn < 0 || (insns.code[insn] & 0xf7) !== 0x85) return '';
  const ref = program.refs.get(insn);
  if (ref !== undefined && ref.kind === 'kfunc') return ref.name;
  if (insns.src[insn] === 0) return model.helperRow(insns.imm[insn])?.name ?? '';
  if (insns.src[insn] === 1) return text.outline.functions.find((f) => f.start === insn + 1 + insns.imm[insn])?.name ?? '';
  return '';
}

/** Everything about a step; the step must be on record. */
export function stepView(source: StepSource, step: number): StepView {
  const { trace } = source;
  const insn = trace.insnAt(step);
  const previous = trace.before(step);
  const now = trace.mirrorAt(step);
  const before = previous < 0 ? null : trace.mirrorAt(previous);
  const cause = causeOf(source, previous, insn);
  const losses = lossesOf(trace, previous);
  const precise = new Set(trace.preciseAt(step).map((mark) => mark.key));
  const life = source.env === null ? null : lifeAt(source.env, now, insn);
  const frames = now.frames.map((frame, f) => frameView(source, frame, f, before?.frames[f] ?? null, cause, losses, precise, life?.[f] ?? null));
  const path = trace.pathOf(step);
  return {
    step,
    insn,
    prevInsn: previous < 0 ? -1 : trace.insnAt(previous),
    path: path.index,
    speculative: now.context.speculative,
    frames,
    held: heldViews(trace, step, now),
    changes: changesInWords(source, step, previous, before, now, frames, cause),
    log: source.logLines(step),
    visit: trace.visitOf(step),
    visits: trace.visits[insn],
    end: step === path.stop - 1 ? path.end : null,
  };
}

function causeOf(source: StepSource, previous: number, insn: number): Cause {
  const { insns } = source.program;
  const at = previous < 0 ? -1 : source.trace.insnAt(previous);
  if (at < 0) return { insns, insn: -1, text: '', callee: '', taken: null };
  const taken = isConditionalJump(insns.code[at]) ? jumpTarget(insns, at) === insn : null;
  return { insns, insn: at, text: llvmPrinter(source)(at), callee: calleeOf(source, at), taken };
}

/** Change key → index of the reason for which the step lost the value. */
function lossesOf(trace: Trace, step: number): ReadonlyMap<number, number> {
  const losses = new Map<number, number>();
  if (step < 0) return losses;
  for (const event of trace.eventsOf(step)) if (event.kind >= EVENT_LOST) losses.set(event.data, event.kind - EVENT_LOST);
  return losses;
}

function frameView(
  { text, program, env }: StepSource,
  frame: MirrorFrame,
  f: number,
  before: MirrorFrame | null,
  cause: Cause,
  losses: ReadonlyMap<number, number>,
  precise: ReadonlySet<number>,
  life: FrameLife | null,
): FrameView {
  const same = before !== null && before.facts.id === frame.facts.id ? before : null;
  const loss = (kind: number, no: number): number => losses.get(changeKey(kind, f, no)) ?? -1;
  const regs: RegView[] = [];
  for (let r = 0; r < 11; r++) {
    const old = same?.regs[r] ?? NOT_INIT_REG;
    const reg = frame.regs[r];
    if (reg.type === NOT_INIT && old.type === NOT_INIT) continue;
    regs.push(regView(`R${r}`, reg, f, old, precise.has(changeKey(CHANGE_REG, f, r)), () => whyReg(cause, r, old, reg, loss(CHANGE_REG, r)), () => whyMoved(cause, r, old, reg), life === null || ((life.regs >> r) & 1) !== 0));
  }
  const stack: RegView[] = [];
  for (let spi = 0; spi < frame.stack.length; spi++) {
    const old = same?.stack[spi] ?? INVALID_SLOT;
    const slot = frame.stack[spi];
    if (isBlank(slot) && isBlank(old)) continue;
    stack.push(slotView(`fp-${(spi + 1) * 8}`, slot, f, old, precise.has(changeKey(CHANGE_SLOT, f, spi)), () => whySlot(cause, old, slot, loss(CHANGE_SLOT, spi)), () => whyMoved(cause, -1, old.reg, slot.reg), life === null || slotLives(life, spi)));
  }
  frame.args.forEach((reg, a) => {
    const old = same?.args[a] ?? NOT_INIT_REG;
    if (reg.type === NOT_INIT && old.type === NOT_INIT) return;
    stack.push(regView(`arg${a + 6}`, reg, f, old, precise.has(changeKey(CHANGE_ARGS, f, a)), () => 'stored', () => null, true));
  });
  const start = env?.facts.subprogs[frame.facts.subprogno]?.start ?? 0;
  const subprog = text.outline.functions.find((fn) => fn.start === start)?.name ?? env?.facts.subprogs[frame.facts.subprogno]?.name ?? program.name;
  return { frameno: f, subprog, callsite: frame.facts.callsite, regs, stack };
}

function regView(name: string, reg: Reg, f: number, old: Reg, precise: boolean, why: () => string, moved: () => string | null, live: boolean): RegView {
  const text = regText(reg, f);
  const before = regText(old, f);
  const changed = text !== before;
  return {
    name,
    text,
    type: typeText(reg),
    id: reg.id,
    parentId: reg.parentId,
    precise: precise || reg.precise,
    live,
    scalar: scalarView(reg),
    scalarBefore: changed ? scalarView(old) : null,
    moved: changed ? moved() : null,
    changed,
    before: changed ? before : null,
    why: changed ? why() : null,
  };
}

function slotView(name: string, slot: Slot, f: number, old: Slot, precise: boolean, why: () => string, moved: () => string | null, live: boolean): RegView {
  const text = slotText(slot, f);
  const before = slotText(old, f);
  const changed = text !== before;
  return {
    name,
    text,
    type: slotType(slot),
    id: slot.reg.id,
    parentId: slot.reg.parentId,
    precise: precise || slot.reg.precise,
    live,
    scalar: scalarView(slot.reg),
    scalarBefore: changed ? scalarView(old.reg) : null,
    moved: changed ? moved() : null,
    changed,
    before: changed ? before : null,
    why: changed ? why() : null,
  };
}

