import { callRules as R } from './rules.ts';
import { BTF_KIND_STRUCT } from '../btf/btf.ts';
import { BPF_KPTR_PERCPU, BPF_RES_SPIN_LOCK, BPF_SPIN_LOCK } from '../btf/fields.ts';
import { isStructOrUnion, isVoid, resolveSize, skipModifiers } from '../btf/walk.ts';
import type { HelperProto } from '../kernel/helpers.ts';
import {
  CONST_PTR_TO_MAP,
  MEM_ALLOC,
  MEM_PERCPU,
  MEM_RCU,
  MEM_RDONLY,
  PTR_MAYBE_NULL,
  PTR_TO_BTF_ID,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_TCP_SOCK,
  PTR_TO_XDP_SOCK,
  RET_INTEGER,
  RET_PTR_TO_BTF_ID,
  RET_PTR_TO_MAP_VALUE,
  RET_PTR_TO_MEM,
  RET_PTR_TO_MEM_OR_BTF_ID,
  RET_PTR_TO_SOCKET,
  RET_PTR_TO_SOCK_COMMON,
  RET_PTR_TO_TCP_SOCK,
  RET_VOID,
  baseType,
  typeFlag,
  typeMayBeNull,
} from '../kernel/types.ts';
import { BPF_MAP_TYPE_SOCKHASH, BPF_MAP_TYPE_SOCKMAP, BPF_MAP_TYPE_XSKMAP } from '../kernel/uapi.ts';
import type { CallMeta } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import { unknownReg } from '../state/marks.ts';
import { hasField } from '../state/record.ts';
import {
  BtfRef,
  NOT_INIT_REG,
  type Reg,
  pointerReg,
  withExt,
  withId,
  withMapUid,
  withType,
} from '../state/reg.ts';
import { canElideNullness } from './const-args.ts';
import * as F from './helper-ids.ts';

/** What the prototype says of R0 (kernel: the return part of check_helper_call). */
export function helperResult(
  env: Env,
  id: number,
  fn: HelperProto,
  meta: CallMeta,
  percpuObject: boolean,
): Reg {
  const flags = typeFlag(fn.ret);
  let reg: Reg;
  switch (baseType(fn.ret)) {
    case RET_INTEGER:
      return unknownReg(env);
    case RET_VOID:
      return NOT_INIT_REG;
    case RET_PTR_TO_MAP_VALUE:
      reg = mapValueResult(env, id, flags, meta);
      break;
    case RET_PTR_TO_SOCKET:
      reg = pointerReg(PTR_TO_SOCKET | flags);
      break;
    case RET_PTR_TO_SOCK_COMMON:
      reg = pointerReg(PTR_TO_SOCK_COMMON | flags);
      break;
    case RET_PTR_TO_TCP_SOCK:
      reg = pointerReg(PTR_TO_TCP_SOCK | flags);
      break;
    case RET_PTR_TO_MEM:
      reg = pointerReg(PTR_TO_MEM | flags, meta.retMemSize);
      break;
    case RET_PTR_TO_MEM_OR_BTF_ID:
      reg = memOrObjectResult(env, flags, meta, percpuObject);
      break;
    case RET_PTR_TO_BTF_ID:
      reg = objectResult(env, id, fn, flags, meta);
      break;
    default:
      return env.fail(R.unknownReturnType, [baseType(fn.ret), env.model.helperName(id), id]);
  }
  return typeMayBeNull(reg.type) && reg.id === 0 ? withId(reg, env.newId()) : reg;
}

/** A map's value; what a lookup finds in a map of maps or sockets is not memory but the thing itself. */
function mapValueResult(env: Env, id: number, flags: number, meta: CallMeta): Reg {
  const map = meta.map;
  if (map === null) throw new Error('a map value is returned without a map');
  const known =
    id === F.BPF_FUNC_map_lookup_elem &&
    canElideNullness(map) &&
    meta.constMapKey >= 0 &&
    meta.constMapKey < map.maxEntries;
  const flag = known ? flags & ~PTR_MAYBE_NULL : flags;
  const identified = typeMayBeNull(flag) || hasField(map.record, BPF_SPIN_LOCK | BPF_RES_SPIN_LOCK);
  const reg = withMapUid(
    pointerReg(PTR_TO_MAP_VALUE | flag, 0, map, identified ? env.newId() : 0),
    meta.mapUid,
  );
  const maybeNull = flag & PTR_MAYBE_NULL;
  if (map.inner !== null)
    return withMapUid(withExt(withType(reg, CONST_PTR_TO_MAP | maybeNull), map.inner), reg.id);
  if (map.type === BPF_MAP_TYPE_XSKMAP) return asSocket(reg, PTR_TO_XDP_SOCK | maybeNull);
  if (map.type === BPF_MAP_TYPE_SOCKMAP || map.type === BPF_MAP_TYPE_SOCKHASH)
    return asSocket(reg, PTR_TO_SOCKET | maybeNull);
  return reg;
}

/** The map that a socket was found in stays with it: states whose sockets come from different places are not equal. */
function asSocket(reg: Reg, type: number): Reg {
  return withMapUid(withType(reg, type), 0);
}

/** A per-CPU variable: a struct is an object, anything else is memory. */
function memOrObjectResult(env: Env, flags: number, meta: CallMeta, percpuObject: boolean): Reg {
  const btf = meta.retBtf!;
  const t = skipModifiers(btf, meta.retBtfId);
  if (!isStructOrUnion(t)) {
    const resolved = resolveSize(btf, t.id);
    if (resolved === null || isVoid(t)) return env.fail(R.unresolvedSize, [t.name, -22]);
    return pointerReg(PTR_TO_MEM | flags, resolved.size);
  }
  const ref = new BtfRef(btf, meta.retBtfId);
  if (percpuObject) return pointerReg(PTR_TO_BTF_ID | MEM_ALLOC | MEM_RCU, 0, ref);
  return pointerReg(PTR_TO_BTF_ID | (flags & ~MEM_RDONLY), 0, ref);
}

function objectResult(env: Env, id: number, fn: HelperProto, flags: number, meta: CallMeta): Reg {
  let type = PTR_TO_BTF_ID | flags;
  if (id === F.BPF_FUNC_kptr_xchg) {
    const field = meta.kptrField!;
    const { btf, typeId } = field.kptr!;
    if (btf === env.program.btf) type |= MEM_ALLOC | (field.kind === BPF_KPTR_PERCPU ? MEM_PERCPU : 0);
    return pointerReg(type, 0, new BtfRef(btf, typeId));
  }
  const btf = env.model.btf();
  const typeId = fn.retBtf === null ? 0 : btf.find(fn.retBtf, BTF_KIND_STRUCT);
  if (typeId === 0) return env.fail(R.invalidReturnType, [RET_PTR_TO_BTF_ID, env.model.helperName(id), id]);
  return pointerReg(type, 0, new BtfRef(btf, typeId));
}
