import { EACCES, EBADF, EINVAL, ENOTSUPP, EOPNOTSUPP, ERANGE } from '../failure/errno.ts';
import { NotModelled } from '../failure/rule.ts';
import { illegal } from '../isa/legality.ts';
import * as op from '../isa/opcodes.ts';
import { PTR_TO_FUNC } from '../kernel/types.ts';
import { insnArrayEntries } from '../program/insn-array.ts';
import type { MapInfo } from '../state/map-info.ts';
import { BPF_MAP_TYPE_ARENA, BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_INSN_ARRAY, BPF_MAP_TYPE_PERCPU_ARRAY } from '../kernel/uapi.ts';
import { reject, type Context } from './context.ts';
import { resolveKsym } from './ksyms.ts';
import { checkMapCompatibility } from './map-compat.ts';
import { cfgRules } from './rules.ts';

/** Most maps that a program may use. */
const MAX_USED_MAPS = 64;

/**
 * Checks the encoding of every instruction and resolves what wide loads refer to: maps, kernel symbols and
 * functions (kernel: check_and_resolve_insns). Both happen in one pass over the program, so the first defect in
 * program order is the one that is reported.
 */
export function resolveInsns(ctx: Context): void {
  const { insns, facts } = ctx;
  for (let i = 0; i < insns.length; i++) {
    ctx.at = i;
    const defect = illegal(insns, i);
    if (defect !== null) reject(ctx, defect.rule, defect.args);
    if (insns.code[i] !== op.OP_LD_IMM64) continue;
    switch (insns.src[i]) {
      case op.BPF_PSEUDO_BTF_ID:
        resolveKsym(ctx, i);
        break;
      case op.BPF_PSEUDO_FUNC:
        facts.ptrType[i] = PTR_TO_FUNC;
        break;
      case op.BPF_PSEUDO_MAP_FD:
      case op.BPF_PSEUDO_MAP_VALUE:
      case op.BPF_PSEUDO_MAP_IDX:
      case op.BPF_PSEUDO_MAP_IDX_VALUE:
        resolveMap(ctx, i);
        break;
    }
    i++; // its second slot
  }
  ctx.at = null;
}

function resolveMap(ctx: Context, i: number): void {
  const { insns, program } = ctx;
  const kind = insns.src[i];
  const ref = program.refs.get(i);
  if (ref === undefined || ref.kind !== 'map') {
    if (kind === op.BPF_PSEUDO_MAP_IDX || kind === op.BPF_PSEUDO_MAP_IDX_VALUE) reject(ctx, cfgRules.mapIdxNoArray);
    reject(ctx, cfgRules.mapFd, [insns.imm[i]], null, isStandardFd(insns.imm[i]) ? EINVAL : EBADF);
  }
  const map = ctx.maps[ref.map];
  const index = useMap(ctx, map);
  const value = kind === op.BPF_PSEUDO_MAP_VALUE || kind === op.BPF_PSEUDO_MAP_IDX_VALUE;
  const off = value ? insns.imm[i + 1] >>> 0 : 0;
  if (value) checkDirectValue(ctx, map, off);
  ctx.facts.mapRefs.set(i, { map, index, value, off });
}

/** File descriptors 0..2 are open in any process, but are no maps. */
const isStandardFd = (fd: number): boolean => fd >= 0 && fd <= 2;

/** Position of a map among those that the program uses, adding it at its first use (kernel: __add_used_map). */
function useMap(ctx: Context, map: MapInfo): number {
  const known = ctx.usedMaps.indexOf(map);
  if (known !== -1) return known;
  if (ctx.usedMaps.length >= MAX_USED_MAPS) reject(ctx, cfgRules.tooManyMaps, [MAX_USED_MAPS]);
  checkMapCompatibility(ctx, map);
  ctx.usedMaps.push(map);
  if (map.type === BPF_MAP_TYPE_INSN_ARRAY && !insnArrayFits(ctx, map)) reject(ctx, cfgRules.insnArrayInit);
  return ctx.usedMaps.length - 1;
}

/**
 * Entries of an instruction array map: instruction indexes. Its `data` holds all entries, not only that of
 * key 0; without data the contents are unknown.
 */
export function insnArrayTargets(map: MapInfo): number[] {
  const entries = insnArrayEntries(map.def.data, map.maxEntries);
  if (entries === null) throw new NotModelled(`unknown contents of instruction array ${map.name}`);
  return entries;
}

function insnArrayFits(ctx: Context, map: MapInfo): boolean {
  if (!map.frozen) return false;
  const { insns } = ctx;
  return insnArrayTargets(map).every((at) => at < insns.length && (at === 0 || insns.code[at - 1] !== op.OP_LD_IMM64));
}

/** Errno of a direct reference to a map's value at `off` (kernel: map_direct_value_addr), 0 if it is good. */
export function directValueError(map: MapInfo, off: number): number {
  switch (map.type) {
    case BPF_MAP_TYPE_ARRAY:
      if (map.maxEntries !== 1) return ENOTSUPP;
      return off >= map.valueSize ? EINVAL : 0;
    case BPF_MAP_TYPE_PERCPU_ARRAY:
      if (map.maxEntries !== 1) return EOPNOTSUPP;
      return off >= map.valueSize ? EINVAL : 0;
    case BPF_MAP_TYPE_ARENA:
      return off >= map.maxEntries * 4096 ? ERANGE : 0;
    case BPF_MAP_TYPE_INSN_ARRAY:
      return off % 8 !== 0 || off / 8 >= map.maxEntries ? EACCES : 0;
    default:
      return -1;
  }
}

function checkDirectValue(ctx: Context, map: MapInfo, off: number): void {
  const errno = directValueError(map, off);
  if (errno === -1) reject(ctx, cfgRules.noDirectValue);
  if (errno !== 0) reject(ctx, cfgRules.directValue, [map.valueSize, off], null, errno);
}
