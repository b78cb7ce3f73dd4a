import * as op from '../isa/opcodes.ts';
import { STACK_ARGS, TRACKED_SLOTS, type ArgState } from './arg-flow.ts';
import type { FlowStates } from './arg-analysis.ts';
import type { ArgTrack } from './arg-tracks.ts';
import { sameTrack } from './arg-tracks.ts';
import type { Context } from './context.ts';
import { alignment, numbered } from './dumps.ts';
import type { Subprog } from './facts.ts';
import type { FuncInstance, StackLiveness } from './stack-liveness.ts';
import { isEmpty, maskText } from './stack-mask.ts';

/** What fits the kernel's buffer for such a text. */
const TEXT_MAX = 319;

const slotName = (slot: number): string => `fp${-8 * (slot + 1)}`;

function subprogTitle(subprog: Subprog): string {
  return `subprog#${subprog.index}${subprog.name === '' ? '' : ` ${subprog.name}`}`.slice(0, TEXT_MAX);
}

/** Registers, on-stack arguments and stack slots under the names of the log, in its order. */
function* tracked(state: ArgState, regs: number): Generator<readonly [string, ArgTrack]> {
  for (let r = 0; r < regs; r++) yield [`r${r}`, state.regs[r]];
  for (let a = 0; a < STACK_ARGS; a++) yield [`sa${a}`, state.regs[op.MAX_BPF_REG + a]];
  for (let slot = 0; slot < TRACKED_SLOTS; slot++) yield [slotName(slot), state.stack[slot]];
}

/** The line that says what an instruction did to the tracks, if it did anything (kernel: arg_track_log). */
export function logTransfer(ctx: Context, i: number, before: ArgState, after: ArgState): void {
  if (before === after || (before.regs === after.regs && before.stack === after.stack)) return;
  let line = '';
  const old = tracked(before, op.MAX_BPF_REG);
  for (const [name, track] of tracked(after, op.MAX_BPF_REG)) {
    const was = old.next().value![1] as ArgTrack;
    if (!sameTrack(was, track)) line += `\t${name}: ${was.toString()} -> ${track.toString()}`;
  }
  if (line !== '') ctx.messages.text(`${numbered(i, ctx.print(i))}${line}\n`);
}

export function logJoin(ctx: Context, from: number, to: number, name: string, old: ArgTrack, now: ArgTrack, joined: ArgTrack): void {
  ctx.messages.text(`arg JOIN insn ${from} -> ${to} ${name}: ${old.toString()} + ${now.toString()} => ${joined.toString()}\n`);
}

/** The listing of a function with the stack pointers at loads, stores and calls (kernel: print_subprog_arg_access). */
export function dumpArgAccess(ctx: Context, subprog: Subprog, states: FlowStates): void {
  if (ctx.messages.level !== 2) return;
  const { insns, messages } = ctx;
  messages.text(`${subprogTitle(subprog)}:\n`);
  for (let i = subprog.start; i < subprog.end; i++) {
    const code = insns.code[i];
    const state = states[i - subprog.start];
    let note = '';
    const cls = op.classOf(code);
    if (state !== undefined && (cls === op.BPF_LDX || cls === op.BPF_STX || code === op.OP_CALL))
      for (const [name, track] of tracked(state, op.BPF_REG_FP)) if (track.isFp) note += ` ${name}=${track.toString()}`;
    messages.text(`${numbered(i, ctx.print(i))}${note === '' ? '' : ` //${note}`}\n`);
    if (code === op.OP_LD_IMM64) i++;
  }
}

/** The listings of slots read and overwritten, of all instances (kernel: print_instances). */
export function dumpInstances(ctx: Context, liveness: StackLiveness): void {
  if (ctx.messages.level !== 2) return;
  for (const instance of liveness.sorted()) dumpInstance(ctx, instance);
}

function dumpInstance(ctx: Context, instance: FuncInstance): void {
  const { insns, messages } = ctx;
  const { subprog, depth, callsite } = instance;
  messages.text(`stack use/def ${subprogTitle(subprog)} (d${depth},cs${callsite}):\n`);
  for (let i = subprog.start; i < subprog.end; i++) {
    const text = numbered(i, ctx.print(i));
    const use = setsText(instance, i, 'mayRead');
    const def = setsText(instance, i, 'mustWrite');
    const notes = (use === '' ? '' : ` use: ${use}`) + (def === '' ? '' : ` def: ${def}`);
    messages.text(`${text}${notes === '' ? '' : `${alignment(text.length)};${notes}`}\n`);
    if (insns.code[i] === op.OP_LD_IMM64) i++;
  }
}

function setsText(instance: FuncInstance, i: number, which: 'mayRead' | 'mustWrite'): string {
  let text = '';
  for (let frame = instance.depth; frame >= 0; frame--) {
    const words = instance.frames[frame]?.[which];
    const at = instance.at(i);
    if (words !== undefined && !isEmpty(words, at)) text += maskText(words, at, frame, text === '');
  }
  return text;
}
