import { constBigint, constNumber, isConst } from '../domain/scalar.ts';
import { PTR_TO_MAP_VALUE, PTR_TO_STACK, SCALAR_VALUE } from '../kernel/types.ts';
import { BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_INSN_ARRAY, BPF_MAP_TYPE_PERCPU_ARRAY } from '../kernel/uapi.ts';
import { checkMapAccess, mapDirectValue, mapIsReadonly } from '../memory/map-value.ts';
import { markArgPrecision } from '../memory/stack-args.ts';
import { markSlotPrecision } from '../precision/chain.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { CallMeta } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import type { Reg } from '../state/reg.ts';
import { byteType, isSpilledReg, STACK_SPILL, STACK_ZERO } from '../state/slot.ts';
import { callRules as R } from './rules.ts';

const BPF_F_INNER_MAP = 1 << 12;

/** A constant that says how much memory the call returns. */
export function processAllocSizeArg(env: Env, reg: Reg, argno: Argno, meta: CallMeta): void {
  if (meta.retMemFound) throw new Error('a call has two allocation sizes');
  if (!isConst(reg.scalar)) env.fail(R.notConst, [argName(argno)]);
  const size = constBigint(reg.scalar);
  if (size > 0xffffffffn) env.fail(R.allocationTooLarge, [argName(argno)]);
  markArgPrecision(env, argno);
  meta.retMemSize = Number(size);
  meta.retMemFound = true;
}

/** A zero-terminated string in a read-only map, as format strings must be (kernel: check_arg_const_str). */
export function checkConstStrArg(env: Env, reg: Reg, argno: Argno): void {
  if (reg.type !== PTR_TO_MAP_VALUE) env.fail(R.strDataLength);
  const map = reg.ext as MapInfo;
  if (map.type === BPF_MAP_TYPE_INSN_ARRAY) env.fail(R.strInsnArray, [argName(argno)]);
  if (map.type === BPF_MAP_TYPE_PERCPU_ARRAY) env.fail(R.strPercpuArray, [argName(argno)]);
  if (!mapIsReadonly(map)) env.fail(R.strNotReadonly, [argName(argno)]);
  if (!isConst(reg.scalar)) env.fail(R.strNotConstant, [argName(argno)]);
  if (map.type !== BPF_MAP_TYPE_ARRAY) env.fail(R.strNoDirectValue);
  const off = constNumber(reg.scalar);
  checkMapAccess(env, reg, argno, 0, map.valueSize - off, false, 'helper');
  if (map.maxEntries !== 1) env.fail(R.strDirectValue);
  if (constString(map, off) === null) env.fail(R.strNotTerminated);
}

/** The string at `off` of a read-only map's value, without its terminator; null if there is none. */
export function constString(map: MapInfo, off: number): Uint8Array | null {
  const data = mapDirectValue(map);
  const end = data.indexOf(0, off);
  return end < 0 ? null : data.subarray(off, end);
}

/** Can a lookup with a known key skip the NULL check? Arrays have all their elements. */
export function canElideNullness(map: MapInfo): boolean {
  if (map.flags & BPF_F_INNER_MAP) return false;
  return map.type === BPF_MAP_TYPE_ARRAY || map.type === BPF_MAP_TYPE_PERCPU_ARRAY;
}

/** The key on the stack if it is a known constant, marked precise; -1 if it is not known (kernel: get_constant_map_key). */
export function constantMapKey(env: Env, key: Reg, keySize: number): number {
  if (!env.caps.bpfCapable || key.type !== PTR_TO_STACK || !isConst(key.scalar)) return -1;
  const at = -constNumber(key.scalar) - 1;
  const spi = at >> 3;
  const first = at & 7;
  const slot = env.cur.frames[key.num].stack[spi];
  if (slot === undefined) return -1;
  let zeros = 0;
  for (let i = first; i >= 0 && byteType(slot.types, i) === STACK_ZERO; i--) zeros++;
  if (zeros >= keySize) return 0;
  if (!isSpilledReg(slot) || slot.reg.type !== SCALAR_VALUE) return -1;
  let spilled = 0;
  for (let i = first; i >= 0 && byteType(slot.types, i) === STACK_SPILL; i--) spilled++;
  if (spilled !== keySize || !isConst(slot.reg.scalar)) return -1;
  markSlotPrecision(env, key.num, spi);
  // a negative key is never below max_entries, nor is one above 2^53
  return constNumber(slot.reg.scalar);
}
