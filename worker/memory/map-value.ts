import {
  BPF_KPTR,
  BPF_KPTR_PERCPU,
  BPF_KPTR_REF,
  BPF_KPTR_UNREF,
  BPF_UPTR,
  fieldKindName,
  findField,
} from '../btf/fields.ts';
import {
  addConst,
  constLo,
  constNumber,
  constant,
  isConst,
  sminNumber,
  umaxNumber,
  view,
  type Scalar,
} from '../domain/scalar.ts';
import { ENOTSUPP } from '../failure/errno.ts';
import {
  BPF_MAP_TYPE_INSN_ARRAY,
  BPF_MAP_TYPE_PERCPU_ARRAY,
  MAP_DIRECT_VALUE,
  mapTraits,
} from '../kernel/map-types.ts';
import { PTR_TO_INSN, SCALAR_VALUE } from '../kernel/types.ts';
import type { Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import { markRegUnknown } from '../state/marks.ts';
import { LINK_NONE, Reg, withScalar, withType } from '../state/reg.ts';
import { checkMapKptrAccess } from './kptr-field.ts';
import { READ, WRITE, type Access, type AccessSource } from './kinds.ts';
import { checkMemRegion } from './mem-region.ts';
import { isPointerValue } from './argument.ts';
import { MAP_RULES, MEMORY_RULES } from './rules.ts';

/** Map flags that limit what programs may do. */
export const BPF_F_RDONLY_PROG = 1 << 7;
export const BPF_F_WRONLY_PROG = 1 << 8;

/** Fields that loads and stores of their exact width may reach. */
const POINTER_FIELDS = BPF_KPTR_UNREF | BPF_KPTR_REF | BPF_KPTR_PERCPU | BPF_UPTR;

/** Do the map's flags let programs do this? (kernel: check_map_access_type) */
export function checkMapAccessType(env: Env, reg: Reg, off: number, size: number, access: Access): void {
  const map = reg.ext as MapInfo;
  const forbidding = access === WRITE ? BPF_F_RDONLY_PROG : BPF_F_WRONLY_PROG;
  if ((map.flags & (BPF_F_RDONLY_PROG | BPF_F_WRONLY_PROG)) === 0) return;
  // Both at once cannot be; read-only is looked at first.
  const has = map.flags & BPF_F_RDONLY_PROG ? BPF_F_RDONLY_PROG : BPF_F_WRONLY_PROG;
  if (has !== forbidding) return;
  const rule = access === WRITE ? MAP_RULES['write-forbidden'] : MAP_RULES['read-forbidden'];
  env.fail(rule, [map.valueSize, view(reg.scalar).smin + BigInt(off), size]);
}

/** Bytes reachable from a pointer to the map's value: the whole array for arrays of instructions. */
function mapMemSize(map: MapInfo): number {
  return map.type === BPF_MAP_TYPE_INSN_ARRAY ? map.maxEntries * 8 : map.valueSize;
}

/**
 * May bytes of a map's value be touched: are they inside, and clear of the special fields (kernel: check_map_access)?
 */
export function checkMapAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  zeroAllowed: boolean,
  source: AccessSource,
): void {
  const map = reg.ext as MapInfo;
  checkMemRegion(env, reg, argno, off, size, mapMemSize(map), zeroAllowed);
  if (map.record === null) return;
  const first = sminNumber(reg.scalar) + off;
  const end = umaxNumber(reg.scalar) + off + size;
  for (const field of map.record.fields) {
    if (first >= field.offset + field.size || field.offset >= end) continue;
    const name = fieldKindName(field.kind);
    if ((field.kind & POINTER_FIELDS) === 0) env.fail(MAP_RULES['field-direct'], [name]);
    if (source !== 'direct') env.fail(MAP_RULES['field-by-helper'], [name]);
    if (!isConst(reg.scalar)) env.fail(MAP_RULES['field-var-off'], [name]);
    const at = off + constNumber(reg.scalar);
    if (field.offset !== at) env.fail(MAP_RULES['field-misaligned'], [name, field.offset, BigInt(at)]);
    if (size !== 8) env.fail(MAP_RULES['field-size'], [name]);
  }
}

/** Loads and stores of map values. */
export function checkMapValueAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
  insnIdx: number,
  isLdsx: boolean,
): void {
  if (access === WRITE && valueRegno >= 0 && isPointerValue(env, env.reg(valueRegno))) {
    env.fail(MEMORY_RULES['leaks-into-map'], [valueRegno]);
  }
  checkMapAccessType(env, reg, off, size, access);
  checkMapAccess(env, reg, argno, off, size, false, 'direct');
  const map = reg.ext as MapInfo;
  if (map.record !== null && isConst(reg.scalar)) {
    const field = findField(map.record, off + constNumber(reg.scalar), BPF_KPTR | BPF_UPTR);
    if (field !== null) {
      checkMapKptrAccess(env, valueRegno, insnIdx, field);
      return;
    }
  }
  if (access === READ && valueRegno >= 0) loadMapValue(env, map, reg, off, size, valueRegno, isLdsx);
}

/** What a load of a map value yields (kernel: check_map_mem_read). */
function loadMapValue(
  env: Env,
  map: MapInfo,
  reg: Reg,
  off: number,
  size: number,
  valueRegno: number,
  isLdsx: boolean,
): void {
  if (map.type === BPF_MAP_TYPE_INSN_ARRAY) {
    if (size !== 8) env.fail(MAP_RULES['insn-array-read'], [size]);
    env.setReg(valueRegno, withType(withScalar(reg, addConst(reg.scalar, off)), PTR_TO_INSN));
    return;
  }
  if (
    (map.flags & BPF_F_RDONLY_PROG) !== 0 &&
    isConst(reg.scalar) &&
    map.type !== BPF_MAP_TYPE_PERCPU_ARRAY &&
    mapIsReadonly(map) &&
    mapTraits(map.type) & MAP_DIRECT_VALUE
  ) {
    const value = readConstant(env, map, (off + constLo(reg.scalar)) | 0, size, isLdsx);
    // precision is whatever the register had before: always, in unprivileged programs
    const precise = env.reg(valueRegno).precise || !env.caps.bpfCapable;
    env.setReg(valueRegno, new Reg(SCALAR_VALUE, value, 0, LINK_NONE, 0, 0, 0, 0, null, precise));
    return;
  }
  markRegUnknown(env, valueRegno);
}

/** Can nobody change the map's contents any more, neither programs nor user space? (kernel: bpf_map_is_rdonly) */
export function mapIsReadonly(map: MapInfo): boolean {
  return (map.flags & BPF_F_RDONLY_PROG) !== 0 && map.frozen;
}

/** The map's only value as user space left it: zeros if it was never set. */
export function mapDirectValue(map: MapInfo): Uint8Array {
  return map.def.data ?? new Uint8Array(map.valueSize);
}

/** Reads a constant out of a read-only map (kernel: bpf_map_direct_read). */
function readConstant(env: Env, map: MapInfo, off: number, size: number, isLdsx: boolean): Scalar {
  if (map.maxEntries !== 1) env.fail(MAP_RULES['constant-unreadable'], [], null, ENOTSUPP);
  const data = mapDirectValue(map);
  let lo = 0;
  let hi = 0;
  for (let i = Math.min(size, 4) - 1; i >= 0; i--) lo = (lo << 8) | (data[off + i] ?? 0);
  if (size === 8) for (let i = 7; i >= 4; i--) hi = (hi << 8) | (data[off + i] ?? 0);
  else if (isLdsx) {
    const up = 32 - 8 * size;
    lo = (lo << up) >> up;
    hi = lo >> 31;
  }
  return constant(lo, hi);
}
