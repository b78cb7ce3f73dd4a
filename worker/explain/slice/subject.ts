import { isHelperCall, isKfuncCall } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import { baseType, CONST_PTR_TO_DYNPTR, PTR_TO_STACK } from '../../kernel/types.ts';
import { byteType, STACK_DYNPTR } from '../../state/slot.ts';
import { culprit, type WalkedCase } from '../context.ts';
import { reg, slot, stackSlot, type Place } from './place.ts';

/** What a rejection is about: registers and slots as of its step, the one that the rule names first. */
export function subjects(c: WalkedCase): Place[] {
  const { insns } = c.program;
  const rule = c.result.rule ?? '';
  const mirror = c.trace.mirrorAt(c.step);
  const depth = mirror.frames.length - 1;
  const code = insns.code[c.insn];
  const cls = code & 7;
  const found: Place[] = [];
  const add = (place: Place): void => {
    if (!found.some((one) => one.kind === place.kind && one.frame === place.frame && one.no === place.no))
      found.push(place);
  };
  const area = rule.split('.')[0];
  if (area === 'stack' || area === 'stack-object') for (const place of slots(c, depth)) add(place);
  const named = culprit(c);
  // arithmetic is about the number rather than the pointer
  if (area === 'alu' && (code & op.BPF_X) !== 0 && (cls === op.BPF_ALU64 || cls === op.BPF_ALU)) {
    const number = [insns.src[c.insn], insns.dst[c.insn]].find(
      (no) => mirror.frames[depth].regs[no].type === 1,
    );
    if (/unbounded|mixed|offset/i.test(rule) && number !== undefined) add(reg(depth, number));
  }
  if (named >= 0) add(reg(depth, named));
  for (const match of c.result.message.split('\n')[0].matchAll(/\bR(\d+)\b/g))
    if (Number(match[1]) <= 10) add(reg(depth, Number(match[1])));
  if (
    cls === op.BPF_ALU64 ||
    cls === op.BPF_ALU ||
    cls === op.BPF_JMP32 ||
    (cls === op.BPF_JMP && (code & 0xf0) !== op.BPF_CALL && (code & 0xf0) !== op.BPF_EXIT)
  ) {
    if (area === 'alu' || area === 'branch' || area === 'gotox') {
      add(reg(depth, insns.dst[c.insn]));
      if ((code & op.BPF_X) !== 0) add(reg(depth, insns.src[c.insn]));
    }
  }
  // a call of which no argument is named: those that it could be about
  if (
    found.length === 0 &&
    (isHelperCall(insns, c.insn) || isKfuncCall(insns, c.insn)) &&
    /^(btf|object|kptr|map|memory|call|kfunc|stack)$/.test(area)
  ) {
    const wantsStack = /dynptr|iter|irqFlag/i.test(rule);
    for (let no = 1; no <= 5; no++) {
      const value = mirror.frames[depth].regs[no];
      if (value.type > 1 && (!wantsStack || stackSlot(value, 0) !== null)) add(reg(depth, no));
    }
  }
  // objects on the stack are passed by their address
  if (/dynptr|iter|irqFlag|noAcquired/i.test(rule)) {
    for (const { kind, no } of [...found]) {
      const place = kind === 'reg' ? stackSlot(mirror.frames[depth].regs[no], 0) : null;
      if (place === null) continue;
      add(place);
      if (/dynptr/i.test(rule) && place.no > 0) add(slot(place.frame, place.no - 1));
    }
  }
  for (const [fits, no] of REGISTERS) if (fits.test(rule)) add(reg(depth, no));
  // a dynptr is written over, or begun where one is
  if (rule === 'stack-object.overwrites-dynptr') for (const place of dynptrs(c)) add(place);
  if (rule === 'call.dynptrInitialized')
    for (let no = 1; no <= 5; no++) {
      const { type } = mirror.frames[depth].regs[no];
      if (baseType(type) === PTR_TO_STACK || baseType(type) === CONST_PTR_TO_DYNPTR) add(reg(depth, no));
    }
  if (/^kfunc\.(localType|percpu(TooLarge|Scalars|Special))/.test(rule)) add(reg(depth, 1));
  if (/^kfunc\.cast/.test(rule)) add(reg(depth, 2));
  const memory = /^(memory|packet|ctx|map|object|kptr|atomic|btf|stack)$/.test(area);
  if (memory && cls === op.BPF_LDX) add(reg(depth, insns.src[c.insn]));
  if (memory && (cls === op.BPF_STX || cls === op.BPF_ST)) {
    add(reg(depth, insns.dst[c.insn]));
    if (cls === op.BPF_STX && /leak|type|corrupt/.test(rule)) add(reg(depth, insns.src[c.insn]));
  }
  // memory and its length are judged together
  if (memory && (isHelperCall(insns, c.insn) || isKfuncCall(insns, c.insn)) && named >= 1 && named < 5) {
    const next = mirror.frames[depth].regs[named + 1];
    if (next.type === 1) add(reg(depth, named + 1));
    const before = mirror.frames[depth].regs[named - 1];
    if (/size/.test(rule) && before.type !== 1 && before.type !== 0) add(reg(depth, named - 1));
  }
  return found;
}

/** Rules that are about one register, which their text does not name. */
const REGISTERS: readonly (readonly [rule: RegExp, regno: number])[] = [
  [/^call\.returnsStack$/, 0],
  [/^context\.lockMissing$|^call\.dynptrConstRelease$/, 1],
];

/** The stack slots that hold dynptrs. */
function dynptrs(c: WalkedCase): Place[] {
  const { frames } = c.trace.mirrorAt(c.step);
  return frames.flatMap(({ stack }, frame) =>
    [...stack].flatMap((held, no) => (byteType(held.types, 7) === STACK_DYNPTR ? [slot(frame, no)] : [])),
  );
}

/** Slots that a stack rule's text names, or that the refused access reaches. */
function slots(c: WalkedCase, depth: number): Place[] {
  const { insns } = c.program;
  const cls = insns.code[c.insn] & 7;
  const mirror = c.trace.mirrorAt(c.step);
  if (cls === op.BPF_LDX || cls === op.BPF_STX || cls === op.BPF_ST) {
    const base = mirror.frames[depth].regs[cls === op.BPF_LDX ? insns.src[c.insn] : insns.dst[c.insn]];
    const place = stackSlot(base, insns.off[c.insn]);
    return place === null ? [] : [place];
  }
  const off = /off[ =](-\d+)(?:\+(\d+))?/.exec(c.result.message);
  if (off === null) return [];
  const at = Number(off[1]) + Number(off[2] ?? 0);
  const named = culprit(c);
  const base = named >= 0 ? mirror.frames[depth].regs[named] : null;
  return at >= 0 ? [] : [slot(base?.type === 6 ? base.num : depth, Math.floor((-at - 1) / 8))];
}
