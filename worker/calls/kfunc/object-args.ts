import { BTF_KIND_STRUCT, type Btf, type BtfType } from '../../btf/btf.ts';
import { kindName } from '../../btf/format.ts';
import { isNocastAlias } from '../../btf/match.ts';
import { shownTypeName } from '../../btf/show-name.ts';
import { resolveSize, skipModifiers } from '../../btf/walk.ts';
import { isScalarStruct } from '../../cfg/kfunc-args.ts';
import { constNumber } from '../../domain/scalar.ts';
import { Rejection } from '../../failure/rule.ts';
import { KF_RCU, KF_RELEASE } from '../../kernel/kfunc-flags.ts';
import { FAMILY_OBJ_DROP, FAMILY_PERCPU_OBJ_DROP } from '../../kernel/families.ts';
import { plainTypeName } from '../../kernel/plain-types.ts';
import {
  baseType,
  CONST_PTR_TO_MAP,
  MEM_ALLOC,
  MEM_PERCPU,
  PTR_TO_BTF_ID,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_TCP_SOCK,
  regTypeStr,
  typeHasUnsafeModifiers,
  typeIsNonOwningRef,
  typeIsPtrAllocObj,
} from '../../kernel/types.ts';
import { READ, WRITE } from '../../memory/access.ts';
import { checkMemReg, isKnownMemory } from '../../memory/helper-mem.ts';
import { isRcuReg, isTrustedReg } from '../../memory/btf-object.ts';
import { argName, type Argno } from '../../state/argno.ts';
import type { Env } from '../../state/env.ts';
import { regRecord } from '../../state/record.ts';
import { isReferenced } from '../../state/refs.ts';
import type { BtfRef, Reg } from '../../state/reg.ts';
import { idsMatch } from '../btf-match.ts';
import { argReport, itIs, type KfuncCall } from './call.ts';
import { kfuncRules as R } from './rules.ts';

/** Register types that stand for a kernel object without being PTR_TO_BTF_ID, and its struct (kernel: reg2btf_ids). */
const STANDS_FOR: readonly (readonly [number, string])[] = [
  [PTR_TO_SOCKET, 'sock'],
  [PTR_TO_SOCK_COMMON, 'sock_common'],
  [PTR_TO_TCP_SOCK, 'tcp_sock'],
  [CONST_PTR_TO_MAP, 'bpf_map'],
];

/** What an argument is declared to point to. */
interface Pointee {
  readonly btf: Btf;
  readonly type: BtfType;
}

function pointee(env: Env, call: KfuncCall, index: number): Pointee {
  const { btf } = call.func;
  const param = call.params[index];
  if (param.name.endsWith('__map')) {
    const kernel = env.model.btf();
    return { btf: kernel, type: kernel.type(kernel.find('bpf_map', BTF_KIND_STRUCT)) };
  }
  return { btf, type: skipModifiers(btf, skipModifiers(btf, param.type).type) };
}

/** A pointer to a kernel object: trusted unless the kfunc is content with RCU, and of the right type. */
export function checkBtfId(env: Env, call: KfuncCall, reg: Reg, argno: Argno, index: number): void {
  const base = baseType(reg.type);
  const target = pointee(env, call, index);
  const expected = (): string => shownTypeName(target.btf, target.type.id);
  if (base === PTR_TO_BTF_ID || STANDS_FOR.some(([type]) => type === base)) {
    if (!isTrustedReg(env, reg) || typeHasUnsafeModifiers(reg.type))
      requireRcu(env, call, reg, argno, expected);
    matchStruct(env, call, reg, argno, target);
    return;
  }
  if (!isScalarStruct(env, target.btf, target.type, 0)) {
    const alias = STANDS_FOR.find(
      ([, struct]) => struct === target.type.name && target.btf.base === null && target.btf.name !== '',
    );
    env.fail(
      R.wrongPointer,
      [
        argName(argno),
        regTypeStr(reg.type),
        kindName(target.type),
        target.type.name,
        alias === undefined ? '' : ` or ${regTypeStr(alias[0])}`,
      ],
      argReport(
        env,
        call,
        argno,
        `the kfunc expects a pointer to ${expected()}, but this argument is ${plainTypeName(reg.type)} and cannot be used as that kernel object pointer`,
        'Pass a verifier-tracked pointer to the expected kernel object type, not a pointer to stack storage or another memory buffer.',
      ),
    );
  }
  // a struct of numbers may as well be the program's own memory
  checkSizedMem(env, call, reg, argno, index);
}

function requireRcu(env: Env, call: KfuncCall, reg: Reg, argno: Argno, expected: () => string): void {
  if (!(call.kfunc.flags & KF_RCU)) {
    env.fail(
      R.notTrusted,
      [argName(argno)],
      argReport(
        env,
        call,
        argno,
        `the kfunc requires a trusted or resource-owning pointer to ${expected()}, but ${itIs(argno, reg)}`,
        'Pass a pointer acquired from a verifier-tracked source, or call this kfunc only inside the required protection if it accepts RCU pointers.',
      ),
    );
  }
  if (!isRcuReg(reg)) {
    env.fail(
      R.notRcu,
      [argName(argno)],
      argReport(
        env,
        call,
        argno,
        `the kfunc requires an RCU-protected pointer to ${expected()}, but ${itIs(argno, reg)}`,
        'Use this kfunc with a pointer that is valid in an RCU read lock region.',
      ),
    );
  }
}

/** Does the object have the type, or begin with it (kernel: process_kf_arg_ptr_to_btf_id)? */
function matchStruct(env: Env, call: KfuncCall, reg: Reg, argno: Argno, target: Pointee): void {
  let btf: Btf;
  let id: number;
  if (baseType(reg.type) === PTR_TO_BTF_ID) ({ btf, id } = reg.ext as BtfRef);
  else {
    btf = env.model.btf();
    id = btf.find(STANDS_FOR.find(([type]) => type === baseType(reg.type))![1], BTF_KIND_STRUCT);
  }
  const strict =
    ((call.kfunc.flags & KF_RELEASE) !== 0 && isReferenced(env, reg)) ||
    isNocastAlias(btf, id, target.btf, target.type.id);
  const actual = skipModifiers(btf, id);
  const same = idsMatch(
    env,
    btf,
    actual.id,
    constNumber(reg.scalar),
    target.btf,
    target.type.id,
    strict,
    (reg.type & MEM_ALLOC) === 0,
  );
  // a projection such as __sk_buff cannot be used by the kfunc itself, so the real type will do
  if (same || isProjectionOf(target.type.name, actual.name)) return;
  env.fail(R.wrongStruct, [
    call.func.name,
    argName(argno),
    kindName(target.type),
    target.type.name,
    argName(argno),
    kindName(actual),
    actual.name,
  ]);
}

/** The uapi face of a kernel struct (kernel: btf_is_projection_of). */
function isProjectionOf(face: string, real: string): boolean {
  return (face === '__sk_buff' && real === 'sk_buff') || (face === 'xdp_md' && real === 'xdp_buff');
}

/** Memory of the size of the type pointed to, readable and writable. */
export function checkSizedMem(env: Env, call: KfuncCall, reg: Reg, argno: Argno, index: number): void {
  const target = pointee(env, call, index);
  const resolved = resolveSize(target.btf, target.type.id);
  if (resolved === null)
    env.fail(R.unknownSize, [argName(argno), kindName(target.type), target.type.name, -22]);
  try {
    checkMemReg(env, reg, argno, resolved.size, READ | WRITE, call.meta);
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    if (env.messages.level !== 0) {
      const expected = shownTypeName(target.btf, target.type.id);
      const plain = plainTypeName(reg.type);
      env.messages.report(
        isKnownMemory(reg)
          ? argReport(
              env,
              call,
              argno,
              `the kfunc expects ${resolved.size} bytes of memory for ${expected}, but the verifier cannot prove that ${plain} provides a readable and writable range of that size`,
              'Pass memory with at least the required number of accessible bytes and suitable read and write access.',
            )
          : argReport(
              env,
              call,
              argno,
              `the kfunc expects ${resolved.size} bytes of memory for ${expected}, but it is ${plain} and not verifier-known memory`,
              'Pass stack, map, context, or other verifier-known memory of the expected type and size, not an integer cast to a pointer.',
            ),
      );
    }
    throw error;
  }
}

/** `__alloc`: an object of the program that it owns, for bpf_obj_drop and bpf_percpu_obj_drop. */
export function checkAllocObj(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (reg.type === (PTR_TO_BTF_ID | MEM_ALLOC)) {
    if (!(call.kfunc.families & FAMILY_OBJ_DROP)) env.fail(R.objDropExpected, [argName(argno)]);
  } else if (reg.type === (PTR_TO_BTF_ID | MEM_ALLOC | MEM_PERCPU)) {
    if (!(call.kfunc.families & FAMILY_PERCPU_OBJ_DROP)) env.fail(R.percpuObjDropExpected, [argName(argno)]);
  } else {
    env.fail(
      R.notAllocated,
      [argName(argno)],
      argReport(
        env,
        call,
        argno,
        `the kfunc expects an allocated object pointer, but ${itIs(argno, reg)}`,
        'Pass a pointer returned by the matching BPF object allocation path.',
      ),
    );
  }
  if (!isReferenced(env, reg)) {
    env.fail(
      R.notOwned,
      [],
      argReport(
        env,
        call,
        argno,
        `the allocated object pointer in ${argName(argno)} must still carry verifier-tracked ownership, but this pointer no longer owns a live resource`,
        'Pass the owned object pointer before it is released or transferred.',
      ),
    );
  }
  if (call.kfunc.module === null) noteObject(call, reg);
}

function noteObject(call: KfuncCall, reg: Reg): void {
  const { btf, id } = reg.ext as BtfRef;
  call.meta.argBtf = btf;
  call.meta.argBtfId = id;
}

/** `__refcounted_kptr`: an object with a bpf_refcount, owned or borrowed. */
export function checkRefcounted(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (!typeIsPtrAllocObj(reg.type)) {
    env.fail(
      R.notRefcounted,
      [argName(argno)],
      argReport(
        env,
        call,
        argno,
        `the kfunc expects a pointer to a BPF-managed refcounted object, but ${itIs(argno, reg)}`,
        'Pass an owning or non-owning pointer to a BPF-managed object containing a bpf_refcount field.',
      ),
    );
  }
  if (!typeIsNonOwningRef(reg.type) && isReferenced(env, reg)) call.meta.argOwningRef = true;
  if ((regRecord(env, reg)?.refcountOff ?? -1) < 0) env.fail(R.noRefcount, [argName(argno)]);
  noteObject(call, reg);
}
