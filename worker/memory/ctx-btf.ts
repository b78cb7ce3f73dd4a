import { BTF_KIND_PTR, BTF_KIND_STRUCT, type Btf, type BtfType } from '../btf/btf.ts';
import { kindName, nameOrAnon } from '../btf/format.ts';
import { paramHasSuffix } from '../btf/match.ts';
import {
  isAnyEnum,
  isSmallInt,
  isStructOrUnion,
  isStructPtr,
  skipModifiers,
  walkTypeTags,
} from '../btf/walk.ts';
import { inFunctionSet } from '../kernel/facts.ts';
import { RAW_TP_ARG_ERR, RAW_TP_ARG_NULL, rawTracepointArg } from '../kernel/trust.ts';
import {
  BPF_LSM_CGROUP,
  BPF_LSM_MAC,
  BPF_MODIFY_RETURN,
  BPF_PROG_TYPE_LSM,
  BPF_PROG_TYPE_STRUCT_OPS,
  BPF_PROG_TYPE_TRACING,
  BPF_TRACE_FEXIT,
  BPF_TRACE_FSESSION,
  BPF_TRACE_ITER,
  BPF_TRACE_RAW_TP,
} from '../kernel/uapi.ts';
import {
  MEM_PERCPU,
  MEM_USER,
  PTR_MAYBE_NULL,
  PTR_TO_ARENA,
  PTR_TO_BTF_ID,
  PTR_TO_BUF,
  PTR_TRUSTED,
  SCALAR_VALUE,
  baseType,
  typeHasUnsafeModifiers,
} from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { MAX_FUNC_ARGS, MAX_FUNC_REG_ARGS, READ, type Access } from './kinds.ts';

/** What a field of a ctx that is described by a function prototype yields. */
export interface TypedField {
  readonly regType: number;
  readonly btf: Btf | null;
  readonly btfId: number;
  /** Reference that the program holds on it from the start, else 0. */
  readonly refId: number;
  readonly isRetval: boolean;
}

const SCALAR_FIELD: TypedField = { regType: SCALAR_VALUE, btf: null, btfId: 0, refId: 0, isRetval: false };
const RETVAL_FIELD: TypedField = { ...SCALAR_FIELD, isRetval: true };

/** Attach types whose ctx ends with what the function returned. */
const SEES_RETVAL: ReadonlySet<number> = new Set([
  BPF_LSM_MAC,
  BPF_LSM_CGROUP,
  BPF_TRACE_FEXIT,
  BPF_TRACE_FSESSION,
]);

const CTX_TAGS: ReadonlyMap<string, number> = new Map([
  ['user', MEM_USER],
  ['percpu', MEM_PERCPU],
]);

/**
 * An access to the ctx of a program whose arguments are those of a kernel function, tracepoint, hook or struct_ops
 * member. Null: invalid, and the log says why.
 */
export function typedCtxAccess(env: Env, off: number, size: number, access: Access): TypedField | null {
  const { progType, structOps } = env.traits;
  // LSM hooks leave these checks to the arguments.
  if (progType !== BPF_PROG_TYPE_LSM) {
    if (
      structOps !== null &&
      structOps.type === 'Qdisc_ops' &&
      structOps.member === 'enqueue' &&
      access === READ
    ) {
      const toFree = qdiscToFree(env, off);
      if (toFree !== null) return toFree;
    }
    if (off < 0 || off >= 8 * MAX_FUNC_ARGS || access !== READ || off % size !== 0) return null;
  }
  const field = argument(env, off, size);
  if (field === null || structOps === null || structOps.type !== 'tcp_congestion_ops') return field;
  return asTcpSock(env, field);
}

/** Congestion control is about TCP sockets, whatever the prototype says (kernel: bpf_tcp_ca_is_valid_access). */
function asTcpSock(env: Env, field: TypedField): TypedField {
  if (baseType(field.regType) !== PTR_TO_BTF_ID || typeHasUnsafeModifiers(field.regType)) return field;
  const btf = env.model.btf();
  if (field.btfId !== btf.find('sock', BTF_KIND_STRUCT)) return field;
  return { ...field, btfId: btf.find('tcp_sock', BTF_KIND_STRUCT) };
}

/** The list of packets to free that a queueing discipline is given (kernel: bpf_qdisc_is_valid_access). */
function qdiscToFree(env: Env, off: number): TypedField | null {
  const target = env.attach;
  if (target === null || argumentIndex(target.btf, target.proto, off) !== 2) return null;
  return {
    regType: PTR_TO_BTF_ID | PTR_TRUSTED,
    btf: target.btf,
    btfId: target.btf.find('bpf_sk_buff_ptr', BTF_KIND_STRUCT),
    refId: 0,
    isRetval: false,
  };
}

/** Are pointer arguments valid as the kernel hands them out? (kernel: prog_args_trusted) */
function argsTrusted(env: Env): boolean {
  const { progType, attachType, attachName } = env.traits;
  switch (progType) {
    case BPF_PROG_TYPE_TRACING:
      return attachType === BPF_TRACE_RAW_TP || attachType === BPF_TRACE_ITER;
    case BPF_PROG_TYPE_LSM:
      return !inFunctionSet('untrusted_lsm_hooks', attachName);
    case BPF_PROG_TYPE_STRUCT_OPS:
      return true;
    default:
      return false;
  }
}

function slotSize(t: BtfType): number {
  return t.kind === BTF_KIND_PTR ? 8 : (t.size + 7) & ~7;
}

/**
 * Which parameter lies at an offset of the ctx: their number is that of the result, more is none. An offset below the
 * ctx counts as one far beyond it (kernel: btf_ctx_arg_idx).
 */
function argumentIndex(btf: Btf, proto: BtfType | null, signedOff: number): number {
  const off = signedOff >>> 0;
  if (proto === null) return Math.floor(off / 8);
  let end = 0;
  const { params } = proto;
  for (let i = 0; i < params.length; i++) {
    end += slotSize(skipModifiers(btf, params[i].type));
    if (off < end) return i;
  }
  end += slotSize(skipModifiers(btf, proto.type));
  return off < end ? params.length : params.length + 1;
}

/** The field at `off` by the prototype of what the program attaches to (kernel: btf_ctx_access). */
function argument(env: Env, off: number, size: number): TypedField | null {
  const target = env.attach;
  if (target === null) throw new Error('a context with types, and nothing to attach to');
  const { btf, proto, name } = target;
  const { attachType } = env.traits;
  if (off % 8 !== 0) {
    env.say("func '%s' offset %d is not multiple of 8\n", name, off);
    return null;
  }
  const arg = argumentIndex(btf, proto, off);
  let params = proto === null ? null : proto.params;
  // A tracepoint's prototype begins with the data of the one who registered it.
  if (params !== null && attachType === BPF_TRACE_RAW_TP) params = params.slice(1);
  const count = params === null ? MAX_FUNC_REG_ARGS : params.length;
  let isRetval = false;
  let t: BtfType;
  if (arg > count || (arg === count && !SEES_RETVAL.has(attachType) && attachType !== BPF_MODIFY_RETURN)) {
    env.say("func '%s' doesn't have %d-th argument\n", name, arg + 1);
    return null;
  }
  if (arg === count) {
    isRetval = attachType === BPF_LSM_MAC;
    if (proto === null) return attachType === BPF_MODIFY_RETURN ? null : scalar(isRetval);
    if (attachType === BPF_MODIFY_RETURN) {
      t = skipModifiers(btf, proto.type);
      if (!isSmallInt(t)) {
        env.say('ret type %s not allowed for fmod_ret\n', kindName(t));
        return null;
      }
    } else {
      t = btf.type(proto.type);
    }
  } else {
    if (params === null) return SCALAR_FIELD;
    t = btf.type(params[arg].type);
  }

  t = skipModifiers(btf, t.id);
  if (isSmallInt(t) || isAnyEnum(t) || isStructOrUnion(t)) return scalar(isRetval);
  if (t.kind !== BTF_KIND_PTR) {
    env.say(
      "func '%s' arg%d '%s' has type %s. Only pointer access is allowed\n",
      name,
      arg,
      nameOrAnon(t.name),
      kindName(t),
    );
    return null;
  }
  if (size !== 8) {
    env.say("func '%s' size %d must be 8\n", name, size);
    return null;
  }
  const declared = target.ctxArgs.find((a) => a.offset === off);
  if (declared !== undefined) {
    const base = baseType(declared.regType);
    if (base === PTR_TO_ARENA || (base === PTR_TO_BUF && declared.regType & PTR_MAYBE_NULL)) {
      return { ...SCALAR_FIELD, regType: declared.regType, isRetval };
    }
  }
  // Pointers to anything but structs are numbers: nobody knows how far they reach.
  if (!isStructPtr(btf, t)) return scalar(isRetval);
  if (declared !== undefined) {
    if (declared.btfId === 0) {
      env.say('invalid btf_id for context argument offset %u\n', off);
      return null;
    }
    return {
      regType: declared.regType,
      btf: declared.btf ?? env.model.btf(),
      btfId: declared.btfId,
      refId: declared.refId,
      isRetval,
    };
  }

  let regType = PTR_TO_BTF_ID;
  if (argsTrusted(env)) regType |= PTR_TRUSTED;
  if (params !== null && arg < params.length && paramHasSuffix(params[arg], '__nullable'))
    regType |= PTR_MAYBE_NULL;
  let mayBeError = false;
  if (attachType === BPF_TRACE_RAW_TP) {
    const known = rawTracepointArg(name, arg);
    if (known === null) {
      if (btf.base !== null) regType |= PTR_MAYBE_NULL;
    } else {
      if (known & RAW_TP_ARG_NULL) regType |= PTR_MAYBE_NULL;
      mayBeError = (known & RAW_TP_ARG_ERR) !== 0;
    }
  }
  const tags = walkTypeTags(btf, t, CTX_TAGS);
  if (tags === null) {
    env.say("func '%s' arg%d type %s has multiple type tags\n", name, arg, kindName(t));
    return null;
  }
  const pointee = tags.target;
  if (!isStructOrUnion(pointee)) {
    env.say("func '%s' arg%d type %s is not a struct\n", name, arg, kindName(pointee));
    return null;
  }
  env.say(
    "func '%s' arg%d has btf_id %d type %s '%s'\n",
    name,
    arg,
    pointee.id,
    kindName(pointee),
    nameOrAnon(pointee.name),
  );
  if (mayBeError) {
    env.say('marking pointer arg%d as scalar as it may encode error', arg);
    return scalar(isRetval);
  }
  return { regType: regType | tags.flags, btf, btfId: pointee.id, refId: 0, isRetval };
}

function scalar(isRetval: boolean): TypedField {
  return isRetval ? RETVAL_FIELD : SCALAR_FIELD;
}
