import { isZero, umaxNumber } from '../domain/scalar.ts';
import { BPF_JGE, BPF_JGT, BPF_JLE, BPF_JLT } from '../isa/opcodes.ts';
import { PTR_TO_PACKET, PTR_TO_PACKET_END, PTR_TO_PACKET_META } from '../kernel/types.ts';
import { mapRegs, setFrameReg } from '../state/mutate.ts';
import { withNum, type Reg } from '../state/reg.ts';
import type { State } from '../state/state.ts';

/** Largest offset into a packet that can be proven. */
const MAX_PACKET_OFF = 0xffff;
/** `range` of a pointer known to be at the packet's end, or at least a byte behind it. */
export const AT_PKT_END = -1;
export const BEYOND_PKT_END = -2;

/**
 * What a comparison `pkt op end` proves, per operation: on which way the pointer is within the packet (`jump`: when the
 * jump is taken), whether the bound itself is excluded there, and whether on the other way the pointer is behind the end.
 */
interface Proof {
  readonly insideOnJump: boolean;
  readonly open: boolean;
}

/** `pkt > end`: within on the fall-through, up to the pointer; on the jump at least a byte behind. */
const PROOFS = new Map<number, Proof>([
  [BPF_JGT, { insideOnJump: false, open: false }],
  [BPF_JLT, { insideOnJump: true, open: true }],
  [BPF_JGE, { insideOnJump: false, open: true }],
  [BPF_JLE, { insideOnJump: true, open: false }],
]);

const MIRRORED = new Map<number, number>([
  [BPF_JGT, BPF_JLT],
  [BPF_JLT, BPF_JGT],
  [BPF_JGE, BPF_JLE],
  [BPF_JLE, BPF_JGE],
]);

/** A packet pointer as the context gave it. */
function isInitial(reg: Reg, type: number): boolean {
  return reg.type === type && reg.id === 0 && isZero(reg.scalar);
}

/** Is this a pointer compared with the end of what it points into? */
function isBounded(ptr: Reg, end: Reg): boolean {
  if (ptr.type === PTR_TO_PACKET) return end.type === PTR_TO_PACKET_END;
  return ptr.type === PTR_TO_PACKET_META && isInitial(end, PTR_TO_PACKET);
}

/**
 * A comparison of a packet pointer with the packet's end: the pointers of the same origin gain range on the way where
 * the pointer is within (kernel: try_match_pkt_pointers). False if it is no such comparison.
 */
export function matchPacketPointers(op: number, a: Reg, b: Reg, aRegno: number, bRegno: number, fallThrough: State, jump: State): boolean {
  let proof = PROOFS.get(op);
  if (proof === undefined) return false;
  let ptr = a;
  let regno = aRegno;
  if (!isBounded(a, b)) {
    if (!isBounded(b, a)) return false;
    proof = PROOFS.get(MIRRORED.get(op)!)!;
    ptr = b;
    regno = bRegno;
  }
  const inside = proof.insideOnJump ? jump : fallThrough;
  const outside = proof.insideOnJump ? fallThrough : jump;
  extendRange(inside, ptr, proof.open);
  // where the pointer is not within: behind the end, or at it too if the bound itself was excluded
  markEnd(outside, regno, !proof.open);
  return true;
}

/** Bytes in front of the pointer are part of the packet (kernel: find_good_pkt_pointers). */
function extendRange(state: State, ptr: Reg, open: boolean): void {
  const reach = umaxNumber(ptr.scalar);
  if ((reach === 0 && open) || reach > MAX_PACKET_OFF) return;
  const range = open ? reach + 1 : reach;
  mapRegs(state, (reg) => (reg.type === ptr.type && reg.id === ptr.id && reg.num < range ? withNum(reg, range) : reg));
}

function markEnd(state: State, regno: number, beyond: boolean): void {
  const reg = state.top().regs[regno];
  if (reg.type === PTR_TO_PACKET) setFrameReg(state, state.curframe, regno, withNum(reg, beyond ? BEYOND_PKT_END : AT_PKT_END));
}

/** Decides a comparison with a packet's end from an earlier one: 1 taken, 0 not, -1 unknown (kernel: is_pkt_ptr_branch_taken). */
export function decidePacketEnd(op: number, a: Reg, b: Reg): 1 | 0 | -1 {
  let ptr = a;
  let as = op;
  if (b.type !== PTR_TO_PACKET_END) {
    if (a.type !== PTR_TO_PACKET_END) return -1;
    ptr = b;
    as = MIRRORED.get(op) ?? op;
  }
  if (ptr.num >= 0) return -1;
  if (as === BPF_JLE || as === BPF_JGT) return ptr.num === BEYOND_PKT_END ? (as === BPF_JGT ? 1 : 0) : -1;
  if (as === BPF_JLT || as === BPF_JGE) return as === BPF_JGE ? 1 : 0;
  return -1;
}
