import { NOT_INIT, dynptrTypeStr, iterStateStr } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { DYNPTR_FIRST_SLOT, IterExt, type Reg } from '../state/reg.ts';
import { STACK_DYNPTR, STACK_INVALID, STACK_ITER, STACK_POISON, STACK_SPILL, byteType } from '../state/slot.ts';
import type { State } from '../state/state.ts';
import { formatReg } from './reg-text.ts';

const SLOT_CHARS = '?rm0difp';
/** Everything is shown. */
const ALL = -1;

/** One frame of a state as the log shows it: ` R1=ctx() R10=fp0`, without the newline (kernel: print_verifier_state). */
export function formatState(state: State, frameno: number): string {
  return frameText(state, frameno, ALL, ALL, ALL);
}

/** As {@link formatState}, but only registers and slots that changed since the last such line. */
export function formatScratched(env: Env, state: State, frameno: number): string {
  return frameText(state, frameno, env.scratchedRegs, env.scratchedSlotsLo, env.scratchedSlotsHi);
}

function frameText(state: State, index: number, regs: number, slotsLo: number, slotsHi: number): string {
  const frame = state.frames[index];
  let text = frame.frameno !== 0 ? ` frame${frame.frameno}:` : '';
  for (let i = 0; i < 11; i++) {
    const reg = frame.regs[i];
    if (reg.type === NOT_INIT || ((regs >> i) & 1) === 0) continue;
    text += ` R${i}=${formatReg(reg, frame.frameno)}`;
  }
  const stack = frame.stack;
  for (let i = 0; i < stack.length; i++) {
    if (((i < 32 ? slotsLo >>> i : slotsHi >>> (i - 32)) & 1) === 0) continue;
    const types = stack[i].types;
    let chars = '';
    let valid = false;
    let spillAt = 8;
    for (let j = 0; j < 8; j++) {
      const type = byteType(types, j);
      if (type !== STACK_INVALID && type !== STACK_POISON) valid = true;
      if (type === STACK_SPILL && spillAt === 8) spillAt = j;
      chars += SLOT_CHARS[type];
    }
    if (!valid) continue;
    switch (types >> 21) {
      case STACK_SPILL:
        text += ` fp${-(i + 1) * 8}=${chars.slice(0, spillAt)}${formatReg(stack[i].reg, frame.frameno)}`;
        break;
      case STACK_DYNPTR: {
        // two slots; the second one read is the first of the object
        i++;
        text += ` fp${-(i + 1) * 8}=dynptr_${dynptrText(stack[i].reg)}`;
        break;
      }
      case STACK_ITER: {
        const { id, ext } = stack[i].reg;
        if (id === 0 || !(ext instanceof IterExt)) break;
        const name = ext.btf.type(ext.id).name.slice('bpf_iter_'.length);
        text += ` fp${-(i + 1) * 8}=iter_${name}(id=${id},state=${iterStateStr(ext.state)},depth=${ext.depth})`;
        break;
      }
      default:
        text += ` fp${-(i + 1) * 8}=${chars}`;
    }
  }
  if (state.refs.length !== 0 && state.refs[0].id !== 0) {
    text += ' refs=' + state.refs.filter((r) => r.id !== 0).map((r) => r.id).join(',');
  }
  if (frame.inCallbackFn) text += ' cb';
  if (frame.inAsyncCallbackFn) text += ' async_cb';
  return text;
}

function dynptrText(reg: Reg): string {
  const ids = [];
  if (reg.id !== 0) ids.push(`id=${reg.id}`);
  if (reg.parentId !== 0) ids.push(`parent_id=${reg.parentId}`);
  return `${dynptrTypeStr(reg.num & ~DYNPTR_FIRST_SLOT)}(${ids.join(',')})`;
}
