import { isConditionalJump } from '../isa/flow.ts';
import * as op from '../isa/opcodes.ts';
import type { Facts } from './facts.ts';
import { computePostorder } from './postorder.ts';

const COMPARE: ReadonlyMap<number, (a: bigint, b: bigint) => boolean> = new Map([
  [op.BPF_JEQ, (a, b) => a === b],
  [op.BPF_JNE, (a, b) => a !== b],
  [op.BPF_JGT, (a, b) => a > b],
  [op.BPF_JGE, (a, b) => a >= b],
  [op.BPF_JLT, (a, b) => a < b],
  [op.BPF_JLE, (a, b) => a <= b],
  [op.BPF_JSGT, (a, b) => BigInt.asIntN(64, a) > BigInt.asIntN(64, b)],
  [op.BPF_JSGE, (a, b) => BigInt.asIntN(64, a) >= BigInt.asIntN(64, b)],
  [op.BPF_JSLT, (a, b) => BigInt.asIntN(64, a) < BigInt.asIntN(64, b)],
  [op.BPF_JSLE, (a, b) => BigInt.asIntN(64, a) <= BigInt.asIntN(64, b)],
  [op.BPF_JSET, (a, b) => (a & b) !== 0n],
]);

/**
 * Turns conditional jumps whose outcome the constant registers decide into plain jumps, so that liveness does
 * not flow through dead code (kernel: bpf_prune_dead_branches). Changes `facts.insns`, and its post-order then.
 */
export function pruneDeadBranches(facts: Facts): void {
  const { insns } = facts;
  let changed = false;
  for (let i = 0; i < insns.length; i++) {
    const code = insns.code[i];
    if (!isConditionalJump(code)) continue;
    const dst = constantAt(facts, i, insns.dst[i]);
    const src = op.sourceOf(code) === op.BPF_K ? BigInt.asUintN(64, BigInt(insns.imm[i])) : constantAt(facts, i, insns.src[i]);
    if (dst === null || src === null) continue;
    const narrow = op.classOf(code) === op.BPF_JMP32;
    const taken = COMPARE.get(op.opOf(code))!(narrow ? low32(dst) : dst, narrow ? low32(src) : src);
    insns.set(i, op.OP_JA, 0, 0, taken ? insns.off[i] : 0, 0);
    changed = true;
  }
  if (changed) computePostorder(facts);
}

/** Sign-extended, which keeps both orders within 32 bits. */
const low32 = (value: bigint): bigint => BigInt.asUintN(64, BigInt.asIntN(32, value));

function constantAt(facts: Facts, i: number, reg: number): bigint | null {
  return reg < 10 && facts.constMask[i] & (1 << reg) ? BigInt(facts.constVals[10 * i + reg]) : null;
}
