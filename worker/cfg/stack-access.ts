import { BTF_KIND_PTR } from '../btf/btf.ts';
import { paramHasSuffix } from '../btf/match.ts';
import { resolveSize, skipModifiers } from '../btf/walk.ts';
import { isHelperCall } from '../isa/flow.ts';
import { KF_ITER_NEW } from '../kernel/kfunc-flags.ts';
import {
  ARG_CONST_MAP_PTR,
  ARG_MEM_SIZE,
  ARG_MEM_SIZE_OR_ZERO,
  ARG_PTR_TO_DYNPTR,
  ARG_PTR_TO_MAP_KEY,
  ARG_PTR_TO_MAP_VALUE,
  ARG_PTR_TO_MEM,
  ARG_PTR_TO_STACK,
  baseType,
  MEM_FIXED_SIZE,
  MEM_UNINIT,
} from '../kernel/types.ts';
import type { MapInfo } from '../state/map-info.ts';
import type { Context } from './context.ts';
import { pointsToKernelStruct } from './kfunc-args.ts';
import { fetchKfunc } from './kfuncs.ts';

/** Bytes that a callee reads (positive) or overwrites (negative) behind a pointer; null: it may read any number. */
export type AccessBytes = number | null;

const DYNPTR_SIZE = 16;
const MAX_BPF_STACK = 512;

/** What a helper or kfunc does behind its argument number `arg` (from 0) if that points to the stack. */
export function callAccessBytes(ctx: Context, i: number, arg: number): AccessBytes {
  return isHelperCall(ctx.insns, i) ? helperBytes(ctx, i, arg) : kfuncBytes(ctx, i, arg);
}

function constantReg(ctx: Context, i: number, reg: number): number | null {
  const { facts } = ctx;
  return facts.constMask[i] & (1 << reg) ? facts.constVals[10 * i + reg] : null;
}

/** kernel: bpf_helper_stack_access_bytes */
function helperBytes(ctx: Context, i: number, arg: number): AccessBytes {
  const proto = ctx.model.helper(ctx.insns.imm[i], ctx.traits);
  if (proto === null) return null;
  const type = proto.args[arg];
  const written = (size: number): number => (type & MEM_UNINIT ? -size : size);
  switch (baseType(type)) {
    case ARG_PTR_TO_MAP_KEY:
    case ARG_PTR_TO_MAP_VALUE: {
      const size = mapBytes(ctx, i, proto.args.slice(0, arg), baseType(type) === ARG_PTR_TO_MAP_KEY);
      return size === null ? null : written(size);
    }
    case ARG_PTR_TO_MEM: {
      if (type & MEM_FIXED_SIZE) return written(proto.argSizes[arg]);
      const next = baseType(proto.args[arg + 1] ?? 0);
      if (next !== ARG_MEM_SIZE && next !== ARG_MEM_SIZE_OR_ZERO) return null;
      const size = constantReg(ctx, i, arg + 2);
      if (size !== null) return written(size);
      return type & MEM_UNINIT ? 0 : MAX_BPF_STACK;
    }
    case ARG_PTR_TO_DYNPTR:
      return written(DYNPTR_SIZE);
    case ARG_PTR_TO_STACK:
      return 0; // the callback that gets it is looked at for itself
    default:
      return null;
  }
}

/** Size of a key or value of the map in an earlier argument; the largest of all maps if it is not known which. */
function mapBytes(ctx: Context, i: number, before: readonly number[], isKey: boolean): number | null {
  const sizeOf = (map: MapInfo): number => (isKey ? map.keySize : map.valueSize);
  const reg = before.findIndex((t) => baseType(t) === ARG_CONST_MAP_PTR) + 1;
  const { facts } = ctx;
  if (reg !== 0 && facts.constMapMask[i] & (1 << reg)) return sizeOf(ctx.usedMaps[facts.constVals[10 * i + reg]]);
  let largest = 0;
  for (const map of ctx.usedMaps) {
    largest = Math.max(largest, sizeOf(map));
    if (map.inner !== null) largest = Math.max(largest, sizeOf(map.inner));
  }
  return largest === 0 ? null : largest;
}

/** kernel: bpf_kfunc_stack_access_bytes */
function kfuncBytes(ctx: Context, i: number, arg: number): AccessBytes {
  const meta = fetchKfunc(ctx, i);
  if (meta === null || meta.kfunc === null || !meta.allowed) return null;
  const { btf, proto, kfunc } = meta;
  const param = proto.params[arg];
  if (param === undefined) return 0;
  const t = skipModifiers(btf, param.type);
  if (t.kind !== BTF_KIND_PTR) return 0;
  const written = (size: number): number => ((arg === 0 && kfunc.flags & KF_ITER_NEW) || paramHasSuffix(param, '__uninit') ? -size : size);
  if (pointsToKernelStruct(ctx, btf, param, 'bpf_dynptr')) return written(DYNPTR_SIZE);
  const next = proto.params[arg + 1];
  if (next !== undefined && (paramHasSuffix(next, '__sz') || paramHasSuffix(next, '__szk'))) {
    const size = constantReg(ctx, i, arg + 2);
    return size === null ? MAX_BPF_STACK : written(size);
  }
  const size = resolveSize(btf, skipModifiers(btf, t.type).id);
  return size === null ? null : written(size.size);
}
