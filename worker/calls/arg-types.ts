import { constNumber } from '../domain/scalar.ts';
import {
  ARG_CONST_ALLOC_SIZE_OR_ZERO,
  ARG_CONST_MAP_PTR,
  ARG_KPTR_XCHG_DEST,
  ARG_MEM_SIZE,
  ARG_MEM_SIZE_OR_ZERO,
  ARG_PTR_TO_BTF_ID,
  ARG_PTR_TO_BTF_ID_SOCK_COMMON,
  ARG_PTR_TO_CONST_STR,
  ARG_PTR_TO_CTX,
  ARG_PTR_TO_DYNPTR,
  ARG_PTR_TO_FUNC,
  ARG_PTR_TO_MAP_KEY,
  ARG_PTR_TO_MAP_VALUE,
  ARG_PTR_TO_MEM,
  ARG_PTR_TO_PERCPU_BTF_ID,
  ARG_PTR_TO_RINGBUF_MEM,
  ARG_PTR_TO_SOCKET,
  ARG_PTR_TO_SOCK_COMMON,
  ARG_PTR_TO_SPIN_LOCK,
  ARG_PTR_TO_STACK,
  ARG_PTR_TO_TIMER,
  ARG_SCALAR,
  ARG_TYPE_COUNT,
  baseType,
  CONST_PTR_TO_DYNPTR,
  CONST_PTR_TO_MAP,
  DYNPTR_TYPE_FLAG_MASK,
  MEM_ALLOC,
  MEM_PERCPU,
  MEM_RCU,
  MEM_RDONLY,
  MEM_RINGBUF,
  NON_OWN_REF,
  OBJ_RELEASE,
  PTR_MAYBE_NULL,
  PTR_TO_BTF_ID,
  PTR_TO_BUF,
  PTR_TO_CTX,
  PTR_TO_FUNC,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_PACKET,
  PTR_TO_PACKET_META,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_STACK,
  PTR_TO_TCP_SOCK,
  PTR_TO_XDP_SOCK,
  PTR_TRUSTED,
  regTypeStr,
  SCALAR_VALUE,
  typeMayBeNull,
} from '../kernel/types.ts';
import { BTF_KIND_STRUCT } from '../btf/btf.ts';
import { mapKptrMatchType } from '../memory/kptr-field.ts';
import { checkPtrOffReg } from '../memory/pointer-offset.ts';
import { argName, regOf, type Argno } from '../state/argno.ts';
import type { CallMeta } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import type { BtfRef, Reg } from '../state/reg.ts';
import { idsMatch } from './btf-match.ts';
import {
  BPF_FUNC_kptr_xchg,
  BPF_FUNC_sk_release,
  BPF_FUNC_spin_lock,
  BPF_FUNC_spin_unlock,
} from './helper-ids.ts';
import { callArgReport } from './reports.ts';
import { callRules as R } from './rules.ts';

/** Register types that an argument accepts, in the order in which the log lists them. */
interface Accepts {
  readonly types: readonly number[];
  /** Struct in the kernel's BTF that pointers to types must match unless the prototype names one. */
  readonly struct?: string;
}

const MEM: Accepts = {
  types: [
    PTR_TO_STACK,
    PTR_TO_PACKET,
    PTR_TO_PACKET_META,
    PTR_TO_MAP_KEY,
    PTR_TO_MAP_VALUE,
    PTR_TO_MEM,
    PTR_TO_MEM | MEM_RINGBUF,
    PTR_TO_BUF,
    PTR_TO_BTF_ID | PTR_TRUSTED,
    PTR_TO_CTX,
  ],
};
const SCALAR: Accepts = { types: [SCALAR_VALUE] };
const SOCKS = [PTR_TO_SOCK_COMMON, PTR_TO_SOCKET, PTR_TO_TCP_SOCK, PTR_TO_XDP_SOCK];
const MAP_VALUE: Accepts = { types: [PTR_TO_MAP_VALUE] };

const ACCEPTS: readonly (Accepts | null)[] = (() => {
  const rows = new Array<Accepts | null>(ARG_TYPE_COUNT).fill(null);
  rows[ARG_PTR_TO_MAP_KEY] = MEM;
  rows[ARG_PTR_TO_MAP_VALUE] = MEM;
  rows[ARG_MEM_SIZE] = SCALAR;
  rows[ARG_MEM_SIZE_OR_ZERO] = SCALAR;
  rows[ARG_CONST_ALLOC_SIZE_OR_ZERO] = SCALAR;
  rows[ARG_SCALAR] = SCALAR;
  rows[ARG_CONST_MAP_PTR] = { types: [CONST_PTR_TO_MAP] };
  rows[ARG_PTR_TO_CTX] = { types: [PTR_TO_CTX] };
  rows[ARG_PTR_TO_SOCK_COMMON] = { types: SOCKS };
  rows[ARG_PTR_TO_BTF_ID_SOCK_COMMON] = {
    types: [...SOCKS, PTR_TO_BTF_ID, PTR_TO_BTF_ID | PTR_TRUSTED],
    struct: 'sock_common',
  };
  rows[ARG_PTR_TO_SOCKET] = { types: [PTR_TO_SOCKET] };
  rows[ARG_PTR_TO_BTF_ID] = { types: [PTR_TO_BTF_ID, PTR_TO_BTF_ID | PTR_TRUSTED, PTR_TO_BTF_ID | MEM_RCU] };
  rows[ARG_PTR_TO_SPIN_LOCK] = { types: [PTR_TO_MAP_VALUE, PTR_TO_BTF_ID | MEM_ALLOC] };
  rows[ARG_PTR_TO_MEM] = MEM;
  rows[ARG_PTR_TO_RINGBUF_MEM] = { types: [PTR_TO_MEM | MEM_RINGBUF] };
  rows[ARG_PTR_TO_PERCPU_BTF_ID] = {
    types: [
      PTR_TO_BTF_ID | MEM_PERCPU,
      PTR_TO_BTF_ID | MEM_PERCPU | MEM_RCU,
      PTR_TO_BTF_ID | MEM_PERCPU | PTR_TRUSTED,
    ],
  };
  rows[ARG_PTR_TO_FUNC] = { types: [PTR_TO_FUNC] };
  rows[ARG_PTR_TO_STACK] = { types: [PTR_TO_STACK] };
  rows[ARG_PTR_TO_CONST_STR] = MAP_VALUE;
  rows[ARG_PTR_TO_TIMER] = MAP_VALUE;
  rows[ARG_KPTR_XCHG_DEST] = {
    types: [
      PTR_TO_MAP_VALUE,
      PTR_TO_BTF_ID | MEM_ALLOC,
      PTR_TO_BTF_ID | MEM_ALLOC | NON_OWN_REF,
      PTR_TO_BTF_ID | MEM_ALLOC | NON_OWN_REF | MEM_RCU,
    ],
  };
  rows[ARG_PTR_TO_DYNPTR] = { types: [PTR_TO_STACK, CONST_PTR_TO_DYNPTR] };
  return rows;
})();

/** Kinds of objects that a type can be matched for; the kernel calls any other a bug of its own (one that programs reach). */
const MATCHED: ReadonlySet<number> = new Set([
  ...[0, PTR_TRUSTED, PTR_TRUSTED | PTR_MAYBE_NULL, MEM_RCU, PTR_MAYBE_NULL, PTR_MAYBE_NULL | MEM_RCU].map((f) => PTR_TO_BTF_ID | f),
  ...[0, MEM_PERCPU, NON_OWN_REF, NON_OWN_REF | MEM_RCU].map((f) => PTR_TO_BTF_ID | MEM_ALLOC | f),
  ...[0, MEM_RCU, PTR_TRUSTED].map((f) => PTR_TO_BTF_ID | MEM_PERCPU | f),
]);

/** The pointee that a PTR_TO_BTF_ID argument must have: a struct of the kernel by name, or a type id. */
export type ExpectedType = string | number | null;

function expectedId(env: Env, expected: ExpectedType): number {
  if (typeof expected === 'number') return expected;
  return expected === null ? 0 : env.model.btf().find(expected, BTF_KIND_STRUCT);
}

/**
 * Does the register's type fit the argument's (kernel: check_reg_type)? `expected`: the struct that the prototype
 * names, null if it names none.
 */
export function checkRegType(
  env: Env,
  reg: Reg,
  argno: Argno,
  argType: number,
  expected: ExpectedType,
  meta: CallMeta,
  callName: string,
): void {
  const accepts = ACCEPTS[baseType(argType)];
  if (accepts === null || accepts === undefined) throw new Error(`unsupported arg type ${argType}`);
  // flags that the argument allows do not count when types are compared
  let type = reg.type;
  if (argType & MEM_RDONLY) type &= ~MEM_RDONLY;
  if (argType & PTR_MAYBE_NULL) type &= ~PTR_MAYBE_NULL;
  if (baseType(argType) === ARG_PTR_TO_MEM) type &= ~DYNPTR_TYPE_FLAG_MASK;
  // allocated objects may be the source of bpf_kptr_xchg
  if (meta.funcId === BPF_FUNC_kptr_xchg && type & MEM_ALLOC && regOf(argno) === 2)
    type &= ~(MEM_ALLOC | MEM_PERCPU);

  if (!accepts.types.includes(type)) {
    const accepted = accepts.types.map(regTypeStr).join(', ');
    const actual = regTypeStr(reg.type);
    env.fail(
      R.wrongType,
      [argName(argno), actual, accepted],
      callArgReport(
        env,
        argno,
        callName,
        `it has type ${actual}, but this argument accepts ${accepted}`,
        'Pass a value with one of the accepted pointer or scalar types for this call.',
      ),
    );
  }
  if (baseType(reg.type) !== PTR_TO_BTF_ID) return;
  if (accepts === MEM) {
    if (argType & MEM_RDONLY) return;
    env.fail(R.mayWriteMemory, [env.model.helperName(meta.funcId), argName(argno), regTypeStr(reg.type)]);
  }
  if (!MATCHED.has(reg.type)) env.fail(R.unmatchedObject);
  if (reg.type & MEM_ALLOC) checkAllocatedObject(env, reg, argno, meta);
  else if (!(reg.type & MEM_PERCPU))
    checkKernelObject(env, reg, argno, argType, expected ?? accepts.struct ?? null, meta, callName);
}

/** A pointer into kernel memory must point to the type that the prototype names. */
function checkKernelObject(
  env: Env,
  reg: Reg,
  argno: Argno,
  argType: number,
  expected: ExpectedType,
  meta: CallMeta,
  callName: string,
): void {
  if (typeMayBeNull(reg.type) && (!typeMayBeNull(argType) || argType & OBJ_RELEASE)) {
    env.fail(
      R.possiblyNullHelper,
      [argName(argno)],
      callArgReport(
        env,
        argno,
        callName,
        'the pointer may be NULL, but this call requires a non-NULL pointer',
        'Add a NULL check and make the call only on the non-NULL path.',
      ),
    );
  }
  if (meta.funcId === BPF_FUNC_kptr_xchg) {
    mapKptrMatchType(env, meta.kptrField!, reg, regOf(argno));
    return;
  }
  checkPtrOffReg(env, reg, argno, true);
  const { btf, id } = reg.ext as BtfRef;
  const needed = env.model.btf();
  const neededId = expectedId(env, expected);
  // sock_release takes every kind of socket: all begin with struct sock_common
  const strict = (argType & OBJ_RELEASE) !== 0 && meta.funcId !== BPF_FUNC_sk_release;
  if (
    !idsMatch(env, btf, id, constNumber(reg.scalar), needed, neededId, strict, (reg.type & MEM_ALLOC) === 0)
  ) {
    env.fail(R.wrongBtfType, [argName(argno), btf.type(id).name, needed.type(neededId).name]);
  }
}

/** Objects of the program's own: only locks and kptr exchange take them. */
function checkAllocatedObject(env: Env, reg: Reg, argno: Argno, meta: CallMeta): void {
  const { funcId } = meta;
  if (funcId !== BPF_FUNC_spin_lock && funcId !== BPF_FUNC_spin_unlock && funcId !== BPF_FUNC_kptr_xchg) {
    throw new Error(`helper ${funcId} was given an allocated object`);
  }
  if (funcId === BPF_FUNC_kptr_xchg && regOf(argno) === 2) mapKptrMatchType(env, meta.kptrField!, reg, 2);
}
