import { starts } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import type { Subprog } from '../../cfg/facts.ts';
import { functionAt, type FunctionPlace } from './functions.ts';
import { at, insnText, type PlaceCase, type PlaceCauses, type PlaceLink } from './place-case.ts';

/** Frames are counted in units of so many bytes. */
const FRAME_UNIT = 16;
/** What there is for all frames, and for those below a function that tail calls. */
export const STACK = 512;
export const TAIL_CALL_STACK = 256;

/** Bytes that a function's frame counts for. */
export const frameSize = ({ stackDepth }: Pick<Subprog, 'stackDepth'>): number =>
  Math.ceil(stackDepth / FRAME_UNIT) * FRAME_UNIT;

/** Each call of the chain, and the instruction that makes each frame as large as it is. */
export function callChain(c: PlaceCase): PlaceCauses {
  const facts = c.env?.facts;
  if (facts === undefined) return { links: [], missing: null };
  const links: PlaceLink[] = [];
  let sum = 0;
  for (const { subprog, call } of facts.refusedCalls) {
    const sub = facts.subprogs[subprog];
    const own = functionAt(c.functions, sub.start);
    if (call !== null) links.push(at(call, `${functionAt(c.functions, call).name} calls ${own.name}`));
    const size = frameSize(sub);
    sum += size;
    if (size === 0) continue;
    const deepest = deepestAccess(c, own);
    const together = sum === size ? '' : `, ${sum} together`;
    links.push(
      at(
        deepest?.insn ?? own.start,
        deepest === null
          ? `${own.name} uses ${size} bytes of stack${together}`
          : `${own.name} uses ${size} bytes of stack${together}: ${insnText(c, deepest.insn)} reaches ${-deepest.offset} bytes down`,
      ),
    );
  }
  return { links, missing: MISSING[c.result.rule ?? ''] ?? null };
}

const MISSING: Readonly<Record<string, string>> = {
  'after.combinedStack': `the frames of functions that are under way at once take at most ${STACK} bytes together`,
  'after.subprogStack': `each function takes at most ${STACK} bytes of stack`,
  'after.tailCallDepth': `the frames below a function that tail calls take less than ${TAIL_CALL_STACK} bytes together`,
  'after.callDepth': 'at most eight functions are under way at once; global ones begin to count anew',
  'after.tailCallStackArgs':
    'no function that takes arguments on the stack is under way when the program tail calls',
};

/** The instruction of a function that uses the lowest place of its frame, as far as its offset is written; null if none is. */
export function deepestAccess(
  { program: { insns } }: PlaceCase,
  { start, end }: FunctionPlace,
): { readonly insn: number; readonly offset: number } | null {
  let deepest: { insn: number; offset: number } | null = null;
  const copies = new Map<number, number>([[op.BPF_REG_FP, 0]]);
  const consider = (insn: number, offset: number): void => {
    if (offset < (deepest?.offset ?? 0)) deepest = { insn, offset };
  };
  for (const insn of starts(insns)) {
    if (insn < start || insn >= end) continue;
    const cls = op.classOf(insns.code[insn]);
    const [dst, src] = [insns.dst[insn], insns.src[insn]];
    if (cls === op.BPF_LDX) {
      const base = copies.get(src);
      if (base !== undefined) consider(insn, base + insns.off[insn]);
      copies.delete(dst);
    } else if (cls === op.BPF_ST || cls === op.BPF_STX) {
      const base = copies.get(dst);
      if (base !== undefined) consider(insn, base + insns.off[insn]);
    } else if (insns.code[insn] === (op.BPF_ALU64 | op.BPF_MOV | op.BPF_X) && copies.has(src))
      copies.set(dst, copies.get(src)!);
    else if (insns.code[insn] === (op.BPF_ALU64 | op.BPF_ADD | op.BPF_K) && copies.has(dst)) {
      const offset = copies.get(dst)! + insns.imm[insn];
      consider(insn, offset);
      copies.set(dst, offset);
    } else if (cls === op.BPF_ALU || cls === op.BPF_ALU64 || cls === op.BPF_LD) copies.delete(dst);
  }
  return deepest;
}

/** The functions of the chain that take arguments on the stack or pass them, and the tail calls. */
export function tailCallWithArguments(c: PlaceCase): PlaceCauses {
  const { insns } = c.program;
  const { links } = callChain(c);
  const more: PlaceLink[] = [];
  for (const insn of starts(insns)) {
    if (insns.dst[insn] === op.BPF_REG_PARAMS && insns.off[insn] < 0)
      more.push(at(insn, `${insnText(c, insn)} passes argument ${5 - insns.off[insn] / 8} on the stack`));
    if (insns.code[insn] === op.OP_CALL && insns.src[insn] === 0 && insns.imm[insn] === TAIL_CALL)
      more.push(
        at(insn, `${insnText(c, insn)} leaves the program for another, with all that is on the stack`),
      );
  }
  return { links: [...links, ...more], missing: MISSING['after.tailCallStackArgs'] };
}

/** Helper id of bpf_tail_call. */
const TAIL_CALL = 12;

/** The call that needs arguments on the stack, and the function that passes more than anybody takes. */
export function stackArguments(c: PlaceCase): PlaceCauses {
  const own = c.functions.at(Number(c.args[0]));
  const { insns } = c.program;
  if (own === undefined) return { links: [], missing: null };
  const links = [...starts(insns)]
    .filter(
      (insn) =>
        insn >= own.start && insn < own.end && insns.dst[insn] === op.BPF_REG_PARAMS && insns.off[insn] < 0,
    )
    .map((insn) => at(insn, `${insnText(c, insn)} passes argument ${5 - insns.off[insn] / 8}`));
  return {
    links,
    missing: `${own.name} passes ${Number(c.args[2])} arguments on the stack, which is what its calls take`,
  };
}
