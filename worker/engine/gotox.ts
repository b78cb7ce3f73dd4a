import { AUX_INDIRECT_TARGET } from '../cfg/facts.ts';
import { jumpTargets } from '../cfg/jump-tables.ts';
import { view } from '../domain/scalar.ts';
import { PTR_TO_INSN, regTypeStr } from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import { pushState } from '../state/pending.ts';
import { UPDATED, type Step } from '../state/step.ts';
import { gotoxRules as R } from './rules.ts';

const ENTRY_BYTES = 8n;
const LIMIT = 0xffffffffn * ENTRY_BYTES;

/** Walks an indirect jump: to each target that the register's part of the jump table holds (kernel: check_indirect_jump). */
export function stepGotox(env: Env, pc: number): Step {
  const regno = env.insns.dst[pc];
  const reg = env.reg(regno);
  if (reg.type !== PTR_TO_INSN) env.fail(R.notInsn, [regno, regTypeStr(reg.type)]);
  const map = reg.ext as MapInfo;
  const { umin, umax } = view(reg.scalar);
  if (umin > LIMIT) env.fail(R.minTooBig, [regno, umin]);
  if (umax > LIMIT) env.fail(R.maxTooBig, [regno, umax]);
  const first = umin / ENTRY_BYTES;
  const last = umax / ENTRY_BYTES;
  if (last >= BigInt(map.maxEntries)) env.fail(R.outside, [regno, first, last, map.maxEntries]);

  const targets = jumpTargets(map, Number(first), Number(last));
  for (const target of targets) env.facts.flags[target] |= AUX_INDIRECT_TARGET;
  for (let i = 0; i < targets.length - 1; i++) pushState(env, targets[i], pc, env.cur.speculative);
  env.insnIdx = targets[targets.length - 1];
  return UPDATED;
}
