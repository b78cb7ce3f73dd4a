import { BTF_KIND_PTR, type Btf, type BtfType } from '../../btf/btf.ts';
import { kindName } from '../../btf/format.ts';
import { isStructOrUnion, isStructPtr, isVoid, resolveSize, skipModifiers } from '../../btf/walk.ts';
import { isScalarStruct, isScalarType } from '../../cfg/kfunc-args.ts';
import {
  FAMILY_OBJ_NEW,
  FAMILY_PERCPU_OBJ_NEW,
  FAMILY_REFCOUNT_ACQUIRE,
  FAMILY_RES_LOCK,
} from '../../kernel/families.ts';
import {
  KF_bpf_cast_to_kern_ctx,
  KF_bpf_dynptr_slice,
  KF_bpf_dynptr_slice_rdwr,
  KF_bpf_get_kmem_cache,
  KF_bpf_rdonly_cast,
  KF_bpf_session_cookie,
} from '../../kernel/generated/special-kfuncs.ts';
import {
  KF_ACQUIRE,
  KF_FORBID_FAULT,
  KF_ITER_NEXT,
  KF_RCU_PROTECTED,
  KF_RET_NULL,
} from '../../kernel/kfunc-flags.ts';
import {
  dynptrTypeFlag,
  MEM_ALLOC,
  MEM_PERCPU,
  MEM_RCU,
  MEM_RDONLY,
  PTR_MAYBE_NULL,
  PTR_TO_BTF_ID,
  PTR_TO_MEM,
  PTR_TRUSTED,
  PTR_UNTRUSTED,
} from '../../kernel/types.ts';
import { WRITE } from '../../memory/access.ts';
import { mayAccessPacket } from '../../memory/packet.ts';
import { BPF_RES_SPIN_LOCK, BPF_SPIN_LOCK } from '../../btf/fields.ts';
import type { Env } from '../../state/env.ts';
import { constZeroReg, unknownReg } from '../../state/marks.ts';
import { hasField, regRecord } from '../../state/record.ts';
import { acquireReference } from '../../state/refs.ts';
import { BtfRef, NOT_INIT_REG, pointerReg, withId, withParent, withType, type Reg } from '../../state/reg.ts';
import { graphNodeReg, nonOwning } from '../callback-setup.ts';
import type { KfuncCall } from './call.ts';
import { setAcquired } from './iter-args.ts';
import { kfuncRules as R } from './rules.ts';

/** Bytes of a per-CPU object at most (kernel: BPF_GLOBAL_PERCPU_MA_MAX_SIZE). */
const PERCPU_OBJECT_MAX = 512;

/** Sets R0 to what the call returns (kernel: the return part of check_kfunc_call). */
export function setKfuncResult(env: Env, call: KfuncCall): void {
  const { btf, proto } = call.func;
  const t = skipModifiers(btf, proto.type);
  const flags = call.kfunc.flags;
  const makesObject = FAMILY_OBJ_NEW | FAMILY_PERCPU_OBJ_NEW | FAMILY_REFCOUNT_ACQUIRE;
  if (flags & KF_ACQUIRE && !isStructPtr(btf, t) && !(call.kfunc.families & makesObject))
    env.fail(R.acquireReturn);

  if (isScalarType(t)) {
    // a lock that could not be taken is a path of its own
    env.setReg(0, call.kfunc.families & FAMILY_RES_LOCK ? constZeroReg(env) : unknownReg(env));
    return;
  }
  if (t.kind !== BTF_KIND_PTR) {
    env.setReg(0, NOT_INIT_REG);
    return;
  }
  const target = skipModifiers(btf, t.type);
  let reg = specialResult(env, call, target) ?? plainResult(env, call, btf, target);
  if (flags & KF_RET_NULL && !call.meta.argOwningRef) {
    reg = withId(withType(reg, reg.type | PTR_MAYBE_NULL), env.newId());
  }
  const isNode = target.name === 'bpf_rb_node' || target.name === 'bpf_list_node';
  if (flags & KF_ACQUIRE) {
    // neither the flag nor references that iterators remember are known to 7.3
    const { forbidsFault } = env.model;
    const id = acquireReference(env, call.pc, 0, forbidsFault && (flags & KF_FORBID_FAULT) !== 0);
    reg = withId(reg, id);
    if (forbidsFault && flags & KF_ITER_NEXT) setAcquired(env, call.meta.iterFrameno, call.meta.iterSpi, id);
  } else if (isNode && isKernelNode(env, call, target)) reg = nonOwning(env, reg);
  if (reg.id === 0 && hasField(regRecord(env, reg), BPF_SPIN_LOCK | BPF_RES_SPIN_LOCK))
    reg = withId(reg, env.newId());
  env.setReg(0, reg);
}

/** List and tree nodes count as such in the kernel's own kfuncs. */
function isKernelNode(env: Env, call: KfuncCall, target: BtfType): boolean {
  return call.func.btf === env.model.btf() && isStructOrUnion(target);
}

/** Results that single kfuncs define; null: as the prototype says (kernel: check_special_kfunc). */
function specialResult(env: Env, call: KfuncCall, target: BtfType): Reg | null {
  if (call.func.btf !== env.model.btf()) return null;
  const { meta, kfunc } = call;
  if (kfunc.families & (FAMILY_OBJ_NEW | FAMILY_PERCPU_OBJ_NEW)) return newObject(env, call);
  if (kfunc.families & FAMILY_REFCOUNT_ACQUIRE)
    return pointerReg(PTR_TO_BTF_ID | MEM_ALLOC, 0, new BtfRef(meta.argBtf!, meta.argBtfId));
  if (target.name === 'bpf_list_node') return graphNodeReg(meta.listHead!.graphRoot!);
  if (target.name === 'bpf_rb_node') return graphNodeReg(meta.rbtreeRoot!.graphRoot!);
  switch (kfunc.special) {
    case KF_bpf_cast_to_kern_ctx:
      return pointerReg(PTR_TO_BTF_ID | PTR_TRUSTED, 0, new BtfRef(call.func.btf, meta.retBtfId));
    case KF_bpf_rdonly_cast:
      return rdonlyCast(env, call);
    case KF_bpf_dynptr_slice:
    case KF_bpf_dynptr_slice_rdwr:
      return dynptrSlice(env, call);
    default:
      return null;
  }
}

/** An object of one of the program's own structs, by BTF id. */
function newObject(env: Env, call: KfuncCall): Reg {
  const value = call.meta.constantValue;
  if (value > 0xffffffffn) env.fail(R.localTypeRange);
  const { btf, funcInfo, lineInfo } = env.program;
  // types that neither functions nor lines refer to are not the program's (kernel: bpf_prepare_btf_info)
  if (btf === null || (funcInfo.length === 0 && lineInfo.length === 0)) return env.fail(R.localTypeBtf);
  const id = Number(value);
  const t = id < btf.nextId ? btf.type(id) : null;
  if (t === null || !isStructOrUnion(t)) return env.fail(R.localTypeStruct);
  if (!(call.kfunc.families & FAMILY_PERCPU_OBJ_NEW))
    return pointerReg(PTR_TO_BTF_ID | MEM_ALLOC, 0, new BtfRef(btf, id));
  if (t.size > PERCPU_OBJECT_MAX) env.fail(R.percpuTooLarge, [t.size, PERCPU_OBJECT_MAX]);
  if (!isScalarStruct(env, btf, t, 0)) env.fail(R.percpuScalars);
  if (env.structRecords.has(id)) env.fail(R.percpuSpecial);
  return pointerReg(PTR_TO_BTF_ID | MEM_ALLOC | MEM_PERCPU, 0, new BtfRef(btf, id));
}

/** bpf_rdonly_cast: any pointer as one to a kernel struct, or as plain memory, readable with caught faults. */
function rdonlyCast(env: Env, call: KfuncCall): Reg {
  const { btf } = call.func;
  const value = call.meta.constantValue;
  if (value >= BigInt(btf.nextId)) env.fail(R.castUnknown, [value]);
  const t = btf.type(Number(value));
  if (isStructOrUnion(t)) return pointerReg(PTR_TO_BTF_ID | PTR_UNTRUSTED, 0, new BtfRef(btf, t.id));
  if (isVoid(t)) return pointerReg(PTR_TO_MEM | MEM_RDONLY | PTR_UNTRUSTED);
  return env.fail(R.castType);
}

/** A view of a dynptr's data that dies with the dynptr. */
function dynptrSlice(env: Env, call: KfuncCall): Reg {
  const { meta } = call;
  if (!meta.constantFound) throw new Error('a dynptr slice without a constant size');
  let type = PTR_TO_MEM | dynptrTypeFlag(meta.dynptrType);
  if (call.kfunc.special === KF_bpf_dynptr_slice) type |= MEM_RDONLY;
  else if (!mayAccessPacket(env, null, WRITE)) env.fail(R.packetWrites);
  if (meta.dynptrId === 0) throw new Error('a dynptr slice of an unknown dynptr');
  return withParent(pointerReg(type, Number(BigInt.asUintN(32, meta.constantValue))), meta.dynptrId);
}

/** A pointer as the prototype declares it: an object of the kernel, or memory of a known size. */
function plainResult(env: Env, call: KfuncCall, btf: Btf, target: BtfType): Reg {
  const { meta, kfunc } = call;
  if (isVoid(target)) return unknownReg(env);
  if (!isStructOrUnion(target)) {
    if (!meta.retMemFound) {
      const resolved = resolveSize(btf, target.id);
      if (resolved === null) return env.fail(R.returnType, [call.func.name, kindName(target), target.name]);
      meta.retMemSize = resolved.size;
      meta.r0Rdonly = kfunc.special !== KF_bpf_session_cookie;
    }
    let type = PTR_TO_MEM | (meta.r0Rdonly ? MEM_RDONLY : 0);
    if (kfunc.flags & KF_RCU_PROTECTED) type |= MEM_RCU;
    // it is gone with the object that it belongs to
    if (meta.refObj.id !== 0 && meta.refObj.count > 1)
      throw new Error(`${call.func.name} has more than one referenced argument`);
    return withParent(pointerReg(type, meta.retMemSize), meta.refObj.id);
  }
  let flag = PTR_TRUSTED;
  if (kfunc.special === KF_bpf_get_kmem_cache) flag = PTR_UNTRUSTED;
  else if (kfunc.flags & KF_RCU_PROTECTED || (kfunc.flags & KF_ITER_NEXT && iterIsRcu(env, call)))
    flag = MEM_RCU;
  return pointerReg(PTR_TO_BTF_ID | flag, 0, new BtfRef(btf, target.id));
}

/** Was the iterator made under RCU protection, so that its elements are protected too? */
function iterIsRcu(env: Env, call: KfuncCall): boolean {
  return (env.cur.frames[call.meta.iterFrameno].stack[call.meta.iterSpi].reg.type & MEM_RCU) !== 0;
}
