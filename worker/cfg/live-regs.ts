import { callMasks, def32, readsWrites } from '../isa/flow.ts';
import * as op from '../isa/opcodes.ts';
import { callSummary } from './call-summary.ts';
import type { Context } from './context.ts';
import { alignment } from './dumps.ts';
import { AUX_ZEXT_DST } from './facts.ts';
import { MAX_FUNC_REG_ARGS } from './kfunc-args.ts';
import { BPF_F_NO_USER_CONV } from './map-flags.ts';
import { successors } from './successors.ts';

const low = (mask: number): number => mask & 0xffff;
const high = (mask: number): number => mask >>> 16;

/** Registers that each instruction reads and writes, as `[use, def]` per instruction; see isa's `RegMasks`. */
export function registerUses(ctx: Context): { readonly use: Int32Array; readonly def: Int32Array } {
  const { insns } = ctx;
  const use = new Int32Array(insns.length);
  const def = new Int32Array(insns.length);
  for (let i = 0; i < insns.length; i++) {
    let masks = readsWrites(insns, i);
    if (insns.code[i] === op.OP_CALL) {
      const summary = callSummary(ctx, i);
      if (summary !== null) masks = callMasks(Math.min(summary.params, MAX_FUNC_REG_ARGS));
    }
    use[i] = masks.use;
    def[i] = masks.def;
  }
  return { use, def };
}

/**
 * Which registers may still be read before they are written, per instruction, into `facts.liveRegs`; and which
 * 32-bit results are later read as 64 bits, as AUX_ZEXT_DST (kernel: bpf_compute_live_registers). Lower and upper
 * halves flow apart.
 */
export function computeLiveRegs(ctx: Context, { use, def }: { readonly use: Int32Array; readonly def: Int32Array }): void {
  const { facts, insns } = ctx;
  const n = insns.length;
  const liveIn = new Int32Array(n);
  const liveOut = new Int32Array(n);
  let changed = true;
  while (changed) {
    changed = false;
    for (const i of facts.postorder) {
      let out = 0;
      for (const next of successors(facts, i)) out |= liveIn[next];
      const into = (out & ~def[i]) | use[i];
      if (out === liveOut[i] && into === liveIn[i]) continue;
      liveOut[i] = out;
      liveIn[i] = into;
      changed = true;
    }
  }
  const noUserConv = ctx.arena !== null && (ctx.arena.flags & BPF_F_NO_USER_CONV) !== 0;
  for (let i = 0; i < n; i++) {
    facts.liveRegs[i] = low(liveIn[i]) | high(liveIn[i]);
    const narrow = def32(insns, i, noUserConv);
    if (narrow >= 0 && high(liveOut[i]) & (1 << narrow)) facts.flags[i] |= AUX_ZEXT_DST;
  }
  if (ctx.messages.level === 2) dumpLiveRegs(ctx);
}

function dumpLiveRegs(ctx: Context): void {
  const { facts, insns, messages } = ctx;
  messages.text('Live regs before insn:\n');
  for (let i = 0; i < insns.length; i++) {
    let line = facts.scc[i] !== 0 ? `${String(facts.scc[i]).padStart(3)} ` : '    ';
    line += `${String(i).padStart(3)}: `;
    for (let r = 0; r < 10; r++) line += facts.liveRegs[i] & (1 << r) ? String(r) : '.';
    const text = ctx.print(i);
    line += ` ${text}`;
    if (facts.flags[i] & AUX_ZEXT_DST) line += `${alignment(text.length)}; zext`;
    messages.text(`${line}\n`);
    if (insns.code[i] === op.OP_LD_IMM64) i++;
  }
}
