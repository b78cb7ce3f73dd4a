import { typeName } from '../btf/format.ts';
import { nestedTypeIsTrusted } from '../btf/match.ts';
import { WALK_PERCPU, WALK_RCU, WALK_UNTRUSTED, WALK_USER, structAccess } from '../btf/struct-access.ts';
import { constNumber, isConst } from '../domain/scalar.ts';
import { hasStructWrites, structWrite } from '../kernel/struct-writes.ts';
import {
  MEM_ALLOC,
  MEM_PERCPU,
  MEM_RCU,
  MEM_RDONLY,
  MEM_USER,
  PTR_MAYBE_NULL,
  PTR_TO_BTF_ID,
  PTR_TO_MEM,
  PTR_TRUSTED,
  PTR_UNTRUSTED,
  REG_TRUSTED_MODIFIERS,
  SCALAR_VALUE,
  typeIsNonOwningRef,
  typeIsPtrAllocObj,
} from '../kernel/types.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { markBtfLdReg } from '../state/marks.ts';
import { isReferenced } from '../state/refs.ts';
import type { BtfRef, Reg } from '../state/reg.ts';
import { inRcuCs } from '../state/regions.ts';
import { tnumText } from './bounds.ts';
import { READ, WRITE, type Access } from './kinds.ts';
import { isKernelBtf } from './kptr-field.ts';
import { mayFaultOnDeref } from './pointer-offset.ts';
import { OBJECT_RULES } from './rules.ts';
import { isRcuReg, isTrustedReg } from './trust.ts';

export { isRcuReg, isTrustedReg } from './trust.ts';

/** Loads and stores of kernel objects and of objects that the program allocated (kernel: check_ptr_to_btf_access). */
export function checkBtfObjectAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
): void {
  const { btf, id } = reg.ext as BtfRef;
  const { name } = btf.type(id);
  const { type, scalar } = reg;
  const ofKernel = isKernelBtf(btf);
  if (!env.caps.allowPtrLeaks) env.fail(OBJECT_RULES.unprivileged, [name]);
  if (!env.gplCompatible && ofKernel) env.fail(OBJECT_RULES['not-gpl'], [name]);
  if (!isConst(scalar)) env.fail(OBJECT_RULES['var-off'], [argName(argno), name, off, tnumText(scalar)]);
  const at = (off + constNumber(scalar)) | 0;
  if (at < 0) env.fail(OBJECT_RULES.negative, [argName(argno), name, at]);
  if (type & MEM_USER) env.fail(OBJECT_RULES.user, [argName(argno), name, at]);
  if (type & MEM_PERCPU) env.fail(OBJECT_RULES.percpu, [argName(argno), name, at]);
  const mayFault = mayFaultOnDeref(type);
  if (access !== READ && mayFault) env.fail(OBJECT_RULES['read-only']);

  const alloc = (type & MEM_ALLOC) !== 0;
  if (access === WRITE && !alloc && hasStructWrites(env.traits)) {
    storeToKernelStruct(env, name, argno, at, size);
    return;
  }
  if (access !== READ && !typeIsPtrAllocObj(type)) env.fail(OBJECT_RULES['read-only']);
  if (alloc && !mayFault && !typeIsNonOwningRef(type) && (type & MEM_RCU) === 0 && !isReferenced(env, reg)) {
    throw new Error(`an allocated ${typeName(btf, id)} without a reference`);
  }
  const record = alloc && !ofKernel ? (env.structRecords.get(id) ?? null) : null;
  const found = structAccess(btf, id, at, size, alloc, record);
  if (found.kind === 'error') env.fail(found.rule, found.args);
  if (access !== READ || valueRegno < 0) return;
  switch (found.kind) {
    case 'scalar':
      markBtfLdReg(env, valueRegno, SCALAR_VALUE, null, 0, 0);
      return;
    case 'ptr-untrusted':
      markBtfLdReg(env, valueRegno, PTR_TO_MEM, null, 0, MEM_RDONLY | PTR_UNTRUSTED);
      return;
    case 'ptr': {
      const flags = loadedFlags(env, reg, found.typeId, found.flags, found.field);
      markBtfLdReg(env, valueRegno, PTR_TO_BTF_ID, btf, found.typeId, flags);
    }
  }
}

/** The flags that type tags on the way give a pointer. */
export function walkFlags(walked: number): number {
  return (
    (walked & WALK_USER ? MEM_USER : 0) |
    (walked & WALK_PERCPU ? MEM_PERCPU : 0) |
    (walked & WALK_RCU ? MEM_RCU : 0) |
    (walked & WALK_UNTRUSTED ? PTR_UNTRUSTED : 0)
  );
}

/**
 * Trust of a pointer loaded from `field` of the object. By default what is reached from a trusted pointer is not
 * trusted, unless the field is known to keep it so, fully or within an RCU section.
 */
function loadedFlags(env: Env, reg: Reg, typeId: number, walked: number, field: string): number {
  if (reg.type & PTR_UNTRUSTED) return PTR_UNTRUSTED;
  const flags = walkFlags(walked);
  if (!isTrustedReg(env, reg) && !isRcuReg(reg)) return withoutTrust(flags);
  const { btf, id } = reg.ext as BtfRef;
  const listed = (suffix: string): boolean => nestedTypeIsTrusted(btf, id, field, typeId, suffix);
  if (listed('__safe_trusted')) return flags | PTR_TRUSTED;
  if (listed('__safe_trusted_or_null')) return flags | PTR_TRUSTED | PTR_MAYBE_NULL;
  if (!inRcuCs(env) || reg.type & PTR_MAYBE_NULL) return PTR_UNTRUSTED;
  if (listed('__safe_rcu')) return flags | MEM_RCU;
  const orNull = listed('__safe_rcu_or_null');
  if (flags & MEM_RCU || orNull) {
    const rcu = flags | MEM_RCU | PTR_MAYBE_NULL;
    return orNull ? rcu & ~PTR_UNTRUSTED : rcu;
  }
  if (flags & (MEM_PERCPU | MEM_USER)) return flags;
  return withoutTrust(flags);
}

function withoutTrust(flags: number): number {
  return flags & ~(REG_TRUSTED_MODIFIERS | MEM_RCU);
}

/** Some programs may write some fields of some kernel structs (kernel: ops->btf_struct_access). */
function storeToKernelStruct(env: Env, struct: string, argno: Argno, off: number, size: number): void {
  const verdict = structWrite(env.traits, struct, off, size);
  if (verdict.ok) return;
  if (env.messages.level !== 0) env.messages.text(verdict.text);
  env.fail(OBJECT_RULES['cannot-write'], [argName(argno), struct, off, size]);
}
