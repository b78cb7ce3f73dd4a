import { NotModelled } from '../../failure/rule.ts';
import { jumpTarget } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import { reject, type Context } from '../context.ts';
import { AUX_SEEN } from '../facts.ts';
import { afterRules } from '../rules.ts';
import { growthsOf, LOOPS, mostOfAny, PROLOGUE, type Growth } from './growth.ts';
import { keptInsns } from './kept.ts';

/** How far a jump of 16 bits goes, forward and back. */
const FORWARD = 0x7fff;
const BACK = 0x8000;

/** A jump with an offset of 16 bits. */
interface Jump {
  readonly at: number;
  readonly back: boolean;
  /** What it jumps over: instructions from..to-1. */
  readonly from: number;
  readonly to: number;
}

/**
 * An accepted program is written anew, with more instructions for some: jumps across them grow, and must stay within 16 bits (kernel:
 * bpf_patch_insn_data, for all passes after the walk). Rejects with the first instruction that cannot be written out, as the kernel finds it.
 *
 * Few programs have jumps as long as that. Where one of them has, and how long it gets depends on what is not known here, nothing is said.
 */
export function checkRewriting(ctx: Context): void {
  const jumps = longJumps(ctx);
  if (jumps.length === 0) return;
  const growths: Growth[] = [];
  const most = new Float64Array(ctx.insns.length + 1);
  for (let i = 0; i < ctx.insns.length; i++) {
    most[i + 1] = most[i];
    for (const growth of growthsOf(ctx, i)) {
      growths.push(growth);
      most[i + 1] += growth.most;
    }
  }
  const near = jumps.filter(
    (jump) => lengthOf(jump) + ownGrowth(ctx, jump) + most[jump.to] - most[jump.from] > limitOf(jump),
  );
  if (near.length === 0) return;
  const ordered = growths.sort((a, b) => a.pass - b.pass || a.at - b.at);
  const kept = ctx.caps.bpfCapable ? keptInsns(ctx) : null;
  const places = near.flatMap((jump) => firstTooMany(ctx, jump, ordered, kept) ?? []);
  if (places.length === 0) return;
  ctx.at = ordered[Math.min(...places)].at;
  reject(ctx, afterRules.notPatched, [ctx.at]);
}

/** Jumps that could reach their limit if all that they jump over grew as much as anything can. */
function longJumps({ insns, program }: Context): Jump[] {
  const long = (FORWARD - PROLOGUE) / (1 + mostOfAny(program));
  const jumps: Jump[] = [];
  for (let at = 0; at < insns.length; at++) {
    const off = insns.off[at];
    if (Math.abs(off) <= long || insns.code[at] === op.OP_GOTOL) continue;
    const target = jumpTarget(insns, at);
    if (target === null) continue;
    const back = target <= at;
    jumps.push({ at, back, from: back ? target : at + 1, to: back ? at : target });
  }
  return jumps;
}

const limitOf = (jump: Jump): number => (jump.back ? BACK : FORWARD);
/** The offset without its sign. */
const lengthOf = (jump: Jump): number => jump.to - jump.from + (jump.back ? 1 : 0);
/** A may_goto becomes several instructions, the second of which is the jump: by how much that lengthens it. */
const ownGrowth = ({ insns }: Context, jump: Jump): number =>
  insns.code[jump.at] !== op.OP_MAY_GOTO ? 0 : jump.back ? 1 : 5;

/** Which of the instructions in the order in which they are written out makes a jump too long: its place in that order, null if none does. */
function firstTooMany(
  ctx: Context,
  jump: Jump,
  ordered: readonly Growth[],
  kept: Uint8Array | null,
): number | null {
  const limit = limitOf(jump);
  let least = lengthOf(jump);
  let most = least + ownGrowth(ctx, jump);
  let removed = kept === null;
  for (const [place, growth] of ordered.entries()) {
    if (!removed && growth.pass !== LOOPS) {
      if (kept![jump.at] === 0) return null;
      const gone = removedFrom(kept!, jump);
      least -= gone;
      most -= gone;
      removed = true;
    }
    if (growth.at < jump.from || growth.at >= jump.to || (removed && kept?.[growth.at] === 0)) continue;
    // dead code of the unprivileged becomes a jump
    least += (ctx.facts.flags[growth.at] & AUX_SEEN) === 0 ? 0 : growth.least;
    most += growth.most;
    if (most <= limit) continue;
    if (least === most) return place;
    throw new NotModelled('how long a jump gets when the program is written out', jump.at);
  }
  return null;
}

function removedFrom(kept: Uint8Array, jump: Jump): number {
  let gone = 0;
  for (let i = jump.from; i < jump.to; i++) gone += 1 - kept[i];
  return gone;
}
