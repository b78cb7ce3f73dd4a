import * as op from '../isa/opcodes.ts';
import { callSummary } from './call-summary.ts';
import type { Context } from './context.ts';
import { AUX_FASTCALL_PATTERN, AUX_JUMP_TARGET, type Subprog } from './facts.ts';

const SPILL = op.BPF_STX | op.BPF_MEM | op.BPF_DW;
const FILL = op.BPF_LDX | op.BPF_MEM | op.BPF_DW;
/** R0..R5, which calls may destroy. */
const CALLER_SAVED = 0x3f;
const CALLER_SAVED_COUNT = 6;

/**
 * Finds calls whose surviving registers are spilled right before and filled right after at the lowest slots of the
 * function: pairs that can be dropped where the callee keeps those registers (kernel: mark_fastcall_patterns).
 */
export function markFastcallPatterns(ctx: Context): void {
  const { facts, insns } = ctx;
  for (const subprog of facts.subprogs) {
    let lowest = 0;
    for (let i = subprog.start; i < subprog.end; i++) if (insns.code[i] === SPILL && insns.dst[i] === op.BPF_REG_FP) lowest = Math.min(lowest, insns.off[i]);
    for (let i = subprog.start; i < subprog.end; i++) if (insns.code[i] === op.OP_CALL) markPattern(ctx, subprog, i, lowest);
  }
}

function markPattern(ctx: Context, subprog: Subprog, call: number, lowest: number): void {
  const summary = callSummary(ctx, call);
  if (summary === null) return;
  const { facts, insns } = ctx;
  const isTarget = (i: number): boolean => (facts.flags[i] & AUX_JUMP_TARGET) !== 0;
  const clobbered = ((1 << (summary.params + 1)) - 1) & ~(summary.isVoid ? 1 : 0);
  let expected = ~clobbered & CALLER_SAVED;
  let off = lowest;
  let pairs = 0;
  for (; pairs < CALLER_SAVED_COUNT; pairs++, off += 8) {
    const spill = call - pairs - 1;
    const fill = call + pairs + 1;
    if (spill < 0 || fill >= insns.length) break;
    // The pattern runs as a whole: only its first spill may be jumped to.
    if (isTarget(spill + 1) || isTarget(fill)) break;
    if (insns.code[spill] !== SPILL || insns.code[fill] !== FILL) break;
    if (insns.dst[spill] !== op.BPF_REG_FP || insns.src[fill] !== op.BPF_REG_FP) break;
    const reg = insns.src[spill];
    if (reg !== insns.dst[fill] || (expected & (1 << reg)) === 0) break;
    if (insns.off[spill] !== off || insns.off[fill] !== off) break;
    expected &= ~(1 << reg);
    facts.flags[spill] |= AUX_FASTCALL_PATTERN;
    facts.flags[fill] |= AUX_FASTCALL_PATTERN;
  }
  if (pairs === 0) return;
  if (summary.fastcall) facts.fastcallSpills[call] = pairs;
  else subprog.keepFastcallStack = true;
  subprog.fastcallStackOff = Math.min(subprog.fastcallStackOff, off);
}
