import { constLo, isConst } from '../../domain/inspect.ts';
import { BTF_KIND_STRUCT } from '../../btf/btf.ts';
import { skipModifiers } from '../../btf/walk.ts';
import { CONST_PTR_TO_MAP, PTR_TO_CTX, PTR_TO_STACK, SCALAR_VALUE, baseType } from '../../kernel/types.ts';
import { isHelperCall } from '../../isa/flow.ts';
import { IterExt } from '../../state/reg.ts';
import { STACK_DYNPTR, STACK_ITER, byteType } from '../../state/slot.ts';
import { callee, culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import type { Candidate } from './fix.ts';
import { freeStack, keepingRegisters, stackAt } from './inserted-call.ts';
import { keepContext } from './packet.ts';
import { irqFlags } from './regions.ts';

/** Calls that give a trusted object of a struct without arguments. */
const GIVERS: Readonly<Record<string, string>> = { task_struct: 'bpf_get_current_task_btf' };

/** Passes the context where it is asked for. */
export function* passContext(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  if (regno < 1 || regno > 5 || !/expected=.*\bctx\b/.test(c.result.message)) return;
  const editor = editorOf(c);
  const { regs } = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const title = `Pass the context in r${regno}`;
  const has = regs.findIndex((reg) => baseType(reg.type) === PTR_TO_CTX);
  if (has >= 0) yield { title, edits: [editor.before(c.insn, [`r${regno} = r${has}`])] };
  const keeper = has >= 0 ? null : keepContext(c);
  if (keeper !== null)
    yield { title, edits: [keeper.edit, editor.before(c.insn, [`r${regno} = r${keeper.regno}`])] };
}

/** The struct that an argument of the called function points to, empty if nothing says. */
function wantedStruct(c: WalkedCase, regno: number): string {
  const { insns, refs } = c.program;
  const ref = refs.get(c.insn);
  if (ref?.kind === 'kfunc') {
    const meta = c.env.facts.kfuncs.get(c.insn);
    const param = meta?.proto.params.at(regno - 1);
    if (meta === undefined || param === undefined) return '';
    const pointer = skipModifiers(meta.btf, param.type);
    const struct = skipModifiers(meta.btf, pointer.type);
    return struct.kind === BTF_KIND_STRUCT ? struct.name : '';
  }
  if (!isHelperCall(insns, c.insn)) return '';
  return c.model.helper(insns.imm[c.insn], c.env.traits)?.argBtf[regno - 1] ?? '';
}

/** Passes an object of the struct that is asked for, from the call that gives one. */
export function* passObject(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  if (regno < 1 || regno > 5) return;
  const giver = GIVERS[wantedStruct(c, regno)] as string | undefined;
  if (giver === undefined) return;
  const kept = keepingRegisters(c, c.insn, [`call ${giver}`, `r${regno} = r0`], (1 << regno) | 1);
  if (kept === null) return;
  yield {
    title: `Pass the result of ${giver} in r${regno}`,
    edits: [editorOf(c).before(c.insn, kept)],
  };
}

/** Bytes of the stack that are passed at most. */
const MOST = 128;

/** Passes zeroed memory of the stack where nothing, or no memory, was passed. */
export function* passMemory(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  if (regno < 1 || regno > 5 || callee(c, c.insn) === '') return;
  const { regs } = c.trace.mirrorAt(c.step).frames.at(-1)!;
  if (regs[regno].type !== SCALAR_VALUE) return;
  const next = regs[regno + 1];
  const known = isConst(next.scalar) && next.type === SCALAR_VALUE ? constLo(next.scalar) : 0;
  const size = known > 0 && known <= MOST ? Math.ceil(known / 8) * 8 : 8;
  const [first] = freeStack(c, c.insn, 1);
  const base = first - size + 8;
  if (first === undefined || base < -512) return;
  const zeroes = Array.from({ length: size / 8 }, (_, i) => `*(u64 *)(${stackAt(base + i * 8)}) = 0`);
  yield {
    title: `Pass ${size} bytes of the stack in r${regno}`,
    edits: [editorOf(c).before(c.insn, [...zeroes, `r${regno} = r10`, `r${regno} += ${base}`])],
  };
}

/** Passes the beginning of a dynptr that lies on the stack. */
export function* passDynptr(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  if (regno < 1 || regno > 5) return;
  const { stack } = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const editor = editorOf(c);
  for (let spi = 1; spi < stack.length; spi++) {
    if (byteType(stack[spi].types, 0) !== STACK_DYNPTR || byteType(stack[spi - 1].types, 0) !== STACK_DYNPTR)
      continue;
    const off = -8 * (spi + 1);
    yield {
      kind: 'dynptr',
      title: `Pass the dynptr at fp${off} in r${regno}`,
      edits: [editor.before(c.insn, [`r${regno} = r10`, `r${regno} += ${off}`])],
    };
  }
}

/** Passes an iterator that lies on the stack. */
export function* passIterator(c: WalkedCase): Iterable<Candidate> {
  const regno = Math.max(culprit(c), 1);
  const { stack } = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const editor = editorOf(c);
  for (let spi = 0; spi < stack.length; spi++) {
    if (byteType(stack[spi].types, 0) !== STACK_ITER || !(stack[spi].reg.ext instanceof IterExt)) continue;
    const off = -8 * (spi + 1);
    yield {
      kind: 'iterator',
      title: `Pass the iterator at fp${off} in r${regno}`,
      edits: [editor.before(c.insn, [`r${regno} = r10`, `r${regno} += ${off}`])],
    };
  }
}

const RINGBUF = 27;

/** Makes the dynptr that is passed first: of a record in the ring buffer that the text declares. */
export function* makeDynptr(c: WalkedCase): Iterable<Candidate> {
  const regno = culprit(c);
  const map = c.program.maps.find(({ type }) => type === RINGBUF);
  if (regno < 1 || regno > 5 || map === undefined) return;
  const reg = c.trace.mirrorAt(c.step).frames.at(-1)!.regs[regno];
  if (baseType(reg.type) !== PTR_TO_STACK || !isConst(reg.scalar)) return;
  const lines = [
    `r1 = ${map.name} ll`,
    'r2 = 8',
    'r3 = 0',
    'r4 = r10',
    `r4 += ${constLo(reg.scalar)}`,
    'call bpf_ringbuf_reserve_dynptr',
  ];
  const kept = keepingRegisters(c, c.insn, lines, 1);
  if (kept !== null)
    yield {
      title: `Make the dynptr first, with bpf_ringbuf_reserve_dynptr on ${map.name}`,
      edits: [editorOf(c).before(c.insn, kept)],
    };
}

/** Passes another map of the text, one that the helper takes. */
export function* passOtherMap(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  const { regs } = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const regno = [1, 2, 3, 4, 5].find((r) => baseType(regs[r].type) === CONST_PTR_TO_MAP);
  if (name === '' || regno === undefined) return;
  for (const map of c.program.maps)
    yield {
      kind: 'map',
      title: `Pass ${map.name}, which ${name} takes`,
      edits: [editorOf(c).before(c.insn, [`r${regno} = ${map.name} ll`])],
    };
}

/** Passes a saved interrupt flag that is still to be restored: the newest is restored first. */
export function* passIrqFlag(c: WalkedCase): Iterable<Candidate> {
  const regno = Math.max(culprit(c), 1);
  const editor = editorOf(c);
  for (const off of irqFlags(c))
    yield {
      kind: 'irq flag',
      title: `Restore the flag at fp${off} here: the last saved goes first`,
      edits: [editor.before(c.insn, [`r${regno} = r10`, `r${regno} += ${off}`])],
    };
}
