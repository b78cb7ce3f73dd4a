import type { HelperProto } from '../kernel/helpers.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { markRegUnknown } from '../state/marks.ts';
import type { Reg } from '../state/reg.ts';
import { READ, WRITE, type Access } from './kinds.ts';
import { checkMemRegion } from './mem-region.ts';
import { isPointerValue } from './argument.ts';
import { MEMORY_RULES, PACKET_RULES } from './rules.ts';

/** Program types (BPF_PROG_TYPE_*) that read packets directly: with `write`, that write them too. */
const DIRECT_ACCESS: ReadonlyMap<number, { readonly write: boolean }> = new Map([
  [10, { write: false }], // LWT_IN
  [11, { write: false }], // LWT_OUT
  [19, { write: false }], // LWT_SEG6LOCAL
  [21, { write: false }], // SK_REUSEPORT
  [22, { write: false }], // FLOW_DISSECTOR
  [8, { write: false }], // CGROUP_SKB
  [3, { write: true }], // SCHED_CLS
  [4, { write: true }], // SCHED_ACT
  [6, { write: true }], // XDP
  [12, { write: true }], // LWT_XMIT
  [14, { write: true }], // SK_SKB
  [16, { write: true }], // SK_MSG
  [25, { write: true }], // CGROUP_SOCKOPT
]);
const CGROUP_SOCKOPT = 25;

/** Do programs of a type read (or write) packet data directly? */
export function touchesPackets(progType: number, access: Access): boolean {
  const row = DIRECT_ACCESS.get(progType);
  return row !== undefined && (access !== WRITE || row.write);
}

/**
 * May the program touch packet data itself, or with `fn` through this helper (kernel: may_access_direct_pkt_data)?
 * A direct access makes the packet writable where it has to be made so.
 */
export function mayAccessPacket(env: Env, fn: HelperProto | null, access: Access): boolean {
  if (!touchesPackets(env.traits.progType, access)) return false;
  if (env.traits.progType === CGROUP_SOCKOPT) {
    if (access === WRITE) env.seenDirectWrite = true;
    return true;
  }
  if (fn !== null) return fn.pktAccess;
  env.seenDirectWrite = true;
  return true;
}

/** Do the bytes lie within what was compared with the packet's end? (kernel: check_packet_access) */
export function checkPacketRange(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  zeroAllowed: boolean,
): void {
  if (reg.num < 0) env.fail(PACKET_RULES.outside, [argName(argno)]);
  checkMemRegion(env, reg, argno, off, size, reg.num, zeroAllowed);
}

/** Loads and stores of packet data and metadata. */
export function checkPacketAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
): void {
  if (access === WRITE) {
    if (!mayAccessPacket(env, null, WRITE)) env.fail(PACKET_RULES['read-only']);
    if (valueRegno >= 0 && isPointerValue(env, env.reg(valueRegno)))
      env.fail(MEMORY_RULES['leaks-into-packet'], [valueRegno]);
  }
  checkPacketRange(env, reg, argno, off, size, false);
  if (access === READ && valueRegno >= 0) markRegUnknown(env, valueRegno);
}
