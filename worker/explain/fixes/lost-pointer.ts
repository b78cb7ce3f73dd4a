import { constLo, isConst } from '../../domain/inspect.ts';
import * as op from '../../isa/opcodes.ts';
import {
  NOT_INIT,
  PTR_TO_CTX,
  PTR_TO_PACKET,
  PTR_TO_PACKET_META,
  SCALAR_VALUE,
  baseType,
} from '../../kernel/types.ts';
import type { Reg } from '../../state/reg.ts';
import {
  STACK_DYNPTR,
  STACK_IRQ_FLAG,
  STACK_ITER,
  byteType,
  isSpilledReg,
  type Slot,
} from '../../state/slot.ts';
import { callee, culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { dataSlice } from '../slice/data.ts';
import { reg } from '../slice/place.ts';
import { subjects } from '../slice/subject.ts';
import { ownFunction, preparation, spareRegisters } from './code.ts';
import type { Candidate } from './fix.ts';
import { asBefore, frameOf, freeStack, keepingRegisters, moved, stackAt } from './inserted-call.ts';
import { DATA_FIELDS, keepContext, reach } from './packet.ts';
import { EXIT, waysOut } from './values.ts';

/** The step that took the refused pointer away, and what it was before. */
interface Loss {
  readonly step: number;
  readonly regno: number;
  readonly was: Reg;
}

function lossOf(c: WalkedCase): Loss | null {
  const { insns } = c.program;
  const named = culprit(c);
  const isLoad = (insns.code[c.insn] & 7) === op.BPF_LDX;
  const regno = named >= 0 ? named : isLoad ? insns.src[c.insn] : insns.dst[c.insn];
  const frame = frameOf(c);
  const loss = dataSlice(c, [reg(frame, regno)], c.step).find((origin) => origin.loses);
  if (loss === undefined || loss.place.kind !== 'reg') return null;
  const before = c.trace.mirrorAt(loss.step).frames.at(loss.place.frame);
  return before === undefined ? null : { step: loss.step, regno, was: before.regs[loss.place.no] };
}

/** Keeps in another place what a call takes from r1 to r5. */
export function* keepAcrossCall(c: WalkedCase): Iterable<Candidate> {
  const loss = lossOf(c);
  if (loss === null || loss.regno > 5) return;
  const call = c.trace.insnAt(loss.step);
  const name = callee(c, call);
  const { start, end } = ownFunction(c, c.insn);
  if (name === '' || call < start || call >= end || loss.was.type === NOT_INIT) return;
  const editor = editorOf(c);
  const [spare] = spareRegisters(c, call, [call]);
  const [place] = freeStack(c, c.insn, 1);
  const title = (where: string): string => `Keep r${loss.regno} in ${where} while ${name} is called`;
  if (spare !== undefined)
    yield {
      kind: 'keep',
      title: title(`r${spare}`),
      edits: [
        editor.before(call, [`r${spare} = r${loss.regno}`]),
        editor.before(c.insn, [`r${loss.regno} = r${spare}`]),
      ],
    };
  if (place !== undefined)
    yield {
      kind: 'keep',
      title: title(`${stackAt(place)} of the stack`),
      edits: [
        editor.before(call, [`*(u64 *)(${stackAt(place)}) = r${loss.regno}`]),
        editor.before(c.insn, [`r${loss.regno} = *(u64 *)(${stackAt(place)})`]),
      ],
    };
}

/** Does a slot hold what a store must not destroy: a pointer, or an object that calls made there? */
const isKept = (slot: Slot): boolean =>
  (isSpilledReg(slot) && slot.reg.type !== SCALAR_VALUE) ||
  [STACK_DYNPTR, STACK_ITER, STACK_IRQ_FLAG].includes(byteType(slot.types, 0));

/** Lets the store that hits a kept pointer go to another place of the stack. */
export function* storeElsewhere(c: WalkedCase): Iterable<Candidate> {
  const { insns } = c.program;
  const frame = frameOf(c);
  const named = culprit(c);
  const places = [...(named >= 0 ? [reg(frame, named)] : []), ...subjects(c)];
  const origins = dataSlice(c, places, c.step);
  const editor = editorOf(c);
  const [place] = freeStack(c, c.insn, 1);
  if (place === undefined) return;
  for (const origin of origins) {
    const insn = c.trace.insnAt(origin.step);
    const cls = insns.code[insn] & 7;
    const isStore = (cls === op.BPF_STX || cls === op.BPF_ST) && insns.dst[insn] === 10;
    if (!isStore || origin.place.kind !== 'slot') continue;
    const before = c.trace.mirrorAt(origin.step).frames.at(origin.place.frame)?.stack.at(origin.place.no);
    if (before === undefined || !isKept(before)) continue;
    const text = editor.textOf(insn).replace(/\(r10 - \d+\)/, `(${stackAt(place)})`);
    yield {
      title: `Write to another place of the stack than fp-${(origin.place.no + 1) * 8}, which is still needed: ${text}`,
      edits: [editor.replace(insn, text)],
    };
  }
}

/** Instructions behind the use that a loss may be moved past at most. */
const FURTHER = 8;

/** Moves what takes the pointer away, a call or a store, behind the use. */
export function* loseItLater(c: WalkedCase): Iterable<Candidate> {
  const loss = lossOf(c);
  if (loss === null) return;
  const editor = editorOf(c);
  const { insns } = c.program;
  const insn = c.trace.insnAt(loss.step);
  const { end } = ownFunction(c, c.insn);
  if (ownFunction(c, insn).end !== end || insn >= c.insn) return;
  const name = callee(c, insn);
  const block = name === '' ? [insn] : [...preparation(c, insn), insn];
  const lines = block.map((i) => editor.textOf(i));
  const cut = block.map((i) => editor.remove(i));
  const title = `${name === '' ? `Do ${editor.textOf(insn)}` : `Call ${name}`} after the use`;
  for (let place = c.insn, tries = 0; place < end && tries < FURTHER; place++, tries++) {
    const cls = insns.code[place] & 7;
    if ((cls === op.BPF_JMP || cls === op.BPF_JMP32) && callee(c, place) === '') return;
    yield { kind: 'later', title, edits: [...cut, editor.after(place, lines)] };
  }
}

/** Makes the pointer anew before the use, as it was made the first time. */
export function* loadAgain(c: WalkedCase): Iterable<Candidate> {
  const loss = lossOf(c);
  if (loss === null) return;
  const base = baseType(loss.was.type);
  if (base === PTR_TO_PACKET || base === PTR_TO_PACKET_META) yield* packetAgain(c, loss);
  else yield* callAgain(c, loss);
}

/** The same call again, with the same arguments, its result checked for NULL. */
function* callAgain(c: WalkedCase, loss: Loss): Iterable<Candidate> {
  const made = madeBy(c, loss);
  if (made < 0) return;
  const call = c.trace.insnAt(made);
  const now = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const then = c.trace.mirrorAt(made).frames.at(-1)!;
  const lines: string[] = [];
  for (let no = 1; no <= 5; no++) {
    if (((c.env.facts.liveRegs[call] >> no) & 1) === 0) continue;
    const line = asBefore(c, then.regs[no], no, made, now);
    if (line === null) return;
    lines.push(...line);
  }
  const editor = editorOf(c);
  const name = callee(c, call);
  const off = isConst(loss.was.scalar) ? constLo(loss.was.scalar) : 0;
  for (const { label, needsExit } of waysOut(c)) {
    const own = [
      ...lines,
      `call ${name}`,
      `if r0 == 0 goto ${label}`,
      ...(loss.regno === 0 ? [] : [`r${loss.regno} = r0`]),
      ...moved(loss.regno, off),
    ];
    const kept = keepingRegisters(c, c.insn, own, 1 << loss.regno);
    if (kept === null) return;
    const edits = [editor.before(c.insn, kept)];
    if (needsExit) edits.push(editor.append(EXIT(label)));
    yield { title: `Call ${name} again before the use`, edits };
  }
}

/** The step of the call whose result the pointer was, -1 if it came from elsewhere. */
function madeBy(c: WalkedCase, loss: Loss): number {
  let last = -1;
  for (const step of c.trace.way(loss.step)) {
    const frame = c.trace.mirrorAt(step).frames.at(frameOf(c));
    const isHere = frame?.regs.some((r) => r.id === loss.was.id && r.id !== 0) ?? false;
    if (!isHere && last >= 0) return callee(c, c.trace.insnAt(step)) === '' ? -1 : step;
    last = step;
  }
  return -1;
}

/** Loads the packet's pointers again, and compares with its end again. */
function* packetAgain(c: WalkedCase, loss: Loss): Iterable<Candidate> {
  const fields = DATA_FIELDS[c.program.progType] ?? DATA_FIELDS[0];
  const isMeta = baseType(loss.was.type) === PTR_TO_PACKET_META;
  const editor = editorOf(c);
  const live = c.env.facts.liveRegs[c.insn];
  const free = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter((r) => ((live >> r) & 1) === 0 && r !== loss.regno);
  const [a, b] = free;
  const length = reach(c) ?? 0;
  const frame = c.trace.mirrorAt(c.step).frames.at(-1)!;
  if (b === undefined || !isConst(loss.was.scalar)) return;
  const off = constLo(loss.was.scalar);
  const title = 'Load the packet’s pointers again and compare with its end';
  const lines = (ctx: number, label: string): string[] => [
    `r${a} = *(u32 *)(r${ctx} + ${isMeta ? fields.data : fields.end})`,
    `r${loss.regno} = *(u32 *)(r${ctx} + ${isMeta ? fields.meta : fields.data})`,
    ...moved(loss.regno, off),
    `r${b} = r${loss.regno}`,
    `r${b} += ${length}`,
    `if r${b} > r${a} goto ${label}`,
  ];
  const ctx = frame.regs.findIndex((r) => baseType(r.type) === PTR_TO_CTX);
  const keeper = ctx >= 0 ? null : keepContext(c, free.slice(0, 2));
  for (const { label, needsExit } of waysOut(c)) {
    const more = needsExit ? [editor.append(EXIT(label))] : [];
    if (ctx >= 0) yield { title, edits: [editor.before(c.insn, lines(ctx, label)), ...more] };
    else if (keeper !== null)
      yield {
        title: `${title}; r${keeper.regno} keeps the context`,
        edits: [keeper.edit, editor.before(c.insn, lines(keeper.regno, label)), ...more],
      };
  }
}
