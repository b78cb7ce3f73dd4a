import {
  BPF_GRAPH_NODE,
  BPF_KPTR_PERCPU,
  BPF_KPTR_REF,
  BPF_KPTR_UNREF,
  BPF_UPTR,
  type BtfField,
} from '../btf/fields.ts';
import { BTF_KIND_STRUCT, type Btf } from '../btf/btf.ts';
import { structIdsMatch } from '../btf/match.ts';
import { constNumber } from '../domain/scalar.ts';
import { BPF_LDX, BPF_MEM, BPF_ST, BPF_STX, classOf, modeOf } from '../isa/opcodes.ts';
import { inFunctionSet } from '../kernel/facts.ts';
import {
  MEM_ALLOC,
  MEM_PERCPU,
  MEM_RCU,
  NON_OWN_REF,
  PTR_MAYBE_NULL,
  PTR_TO_BTF_ID,
  PTR_TO_MEM,
  PTR_TRUSTED,
  PTR_UNTRUSTED,
  baseType,
  regTypeStr,
  typeFlag,
} from '../kernel/types.ts';
import { markChainPrecision } from '../precision/chain.ts';
import type { Env } from '../state/env.ts';
import { markBtfLdReg } from '../state/marks.ts';
import { hasField } from '../state/record.ts';
import { pointerReg, type BtfRef, type Reg } from '../state/reg.ts';
import { inRcuCs } from '../state/regions.ts';
import { isNull } from './argument.ts';
import { checkPtrOffReg } from './pointer-offset.ts';
import { KPTR_RULES } from './rules.ts';

type KptrField = BtfField & { readonly kptr: NonNullable<BtfField['kptr']> };

/** Is it the kernel's or a module's BTF, not a program's? */
export function isKernelBtf(btf: Btf): boolean {
  return btf.name !== '';
}

/** Loads and stores of a pointer field of a map value, at its place and of its width (kernel: check_map_kptr_access). */
export function checkMapKptrAccess(env: Env, valueRegno: number, insnIdx: number, field: BtfField): void {
  const code = env.insns.code[insnIdx];
  const class_ = classOf(code);
  if (modeOf(code) !== BPF_MEM) env.fail(KPTR_RULES.mode);
  if (class_ !== BPF_LDX) {
    if (field.kind === BPF_KPTR_REF || field.kind === BPF_KPTR_PERCPU) env.fail(KPTR_RULES['store-ref']);
    if (field.kind === BPF_UPTR) env.fail(KPTR_RULES['store-uptr']);
  }
  switch (class_) {
    case BPF_LDX:
      loadKptr(env, valueRegno, field as KptrField);
      return;
    case BPF_STX: {
      const value = env.reg(valueRegno);
      // Only a zero may be stored as a number: another scalar must not be pruned against this state.
      if (isNull(value)) markChainPrecision(env, valueRegno);
      else mapKptrMatchType(env, field, value, valueRegno);
      return;
    }
    case BPF_ST:
      if (env.insns.imm[insnIdx] !== 0) env.fail(KPTR_RULES['store-imm'], [field.offset]);
      return;
    default:
      env.fail(KPTR_RULES.class);
  }
}

function loadKptr(env: Env, valueRegno: number, field: KptrField): void {
  const { btf, typeId } = field.kptr;
  if (field.kind === BPF_UPTR) {
    env.setReg(valueRegno, pointerReg(PTR_TO_MEM | PTR_MAYBE_NULL, btf.type(typeId).size, null, env.newId()));
    return;
  }
  markBtfLdReg(env, valueRegno, PTR_TO_BTF_ID, btf, typeId, loadedKptrFlags(env, field));
}

/** Trust of a pointer loaded from a kptr field (kernel: btf_ld_kptr_type). */
function loadedKptrFlags(env: Env, field: KptrField): number {
  const { btf, typeId } = field.kptr;
  const rcuSafe =
    field.kind === BPF_KPTR_PERCPU || (field.kind === BPF_KPTR_REF && rcuProtectedObject(env, btf, typeId));
  if (!rcuSafe || !inRcuCs(env)) return PTR_MAYBE_NULL | PTR_UNTRUSTED;
  let flags = PTR_MAYBE_NULL | MEM_RCU;
  if (field.kind === BPF_KPTR_PERCPU) flags |= MEM_PERCPU;
  else if (!isKernelBtf(btf)) flags |= MEM_ALLOC;
  if (!isKernelBtf(btf) && hasField(env.structRecords.get(typeId) ?? null, BPF_GRAPH_NODE))
    flags |= NON_OWN_REF;
  return flags;
}

/** Does RCU keep objects of this type alive? All of the program's own do. */
export function rcuProtectedObject(env: Env, btf: Btf, typeId: number): boolean {
  if (!isKernelBtf(btf)) return true;
  const { name } = btf.type(typeId);
  return inFunctionSet('rcu_protected_types', name) && env.model.btf().find(name, BTF_KIND_STRUCT) === typeId;
}

/** May a register's pointer be kept in a kptr field: do type and trust fit? (kernel: map_kptr_match_type) */
export function mapKptrMatchType(env: Env, field: BtfField, reg: Reg, regno: number): void {
  const { btf, typeId } = (field as KptrField).kptr;
  if (baseType(reg.type) !== PTR_TO_BTF_ID) refuse(env, field as KptrField, reg, regno, '');
  const pointee = reg.ext as BtfRef;
  let allowed: number;
  if (isKernelBtf(pointee.btf)) {
    allowed = PTR_MAYBE_NULL | PTR_TRUSTED | MEM_RCU;
    if (field.kind === BPF_KPTR_UNREF) allowed |= PTR_UNTRUSTED;
  } else {
    allowed = PTR_MAYBE_NULL | MEM_ALLOC;
    if (field.kind === BPF_KPTR_PERCPU) allowed |= MEM_PERCPU;
  }
  if (typeFlag(reg.type) & ~allowed) refuse(env, field as KptrField, reg, regno, '');
  if ((field.kind === BPF_KPTR_PERCPU) !== ((reg.type & MEM_PERCPU) !== 0))
    refuse(env, field as KptrField, reg, regno, '');
  checkPtrOffReg(env, reg, regno, true);
  const { match, log } = structIdsMatch(
    pointee.btf,
    pointee.id,
    constNumber(reg.scalar),
    btf,
    typeId,
    field.kind !== BPF_KPTR_UNREF,
    (reg.type & MEM_ALLOC) === 0,
  );
  if (match) return;
  if (log !== null) env.say(log.rule.text, ...log.args);
  refuse(env, field as KptrField, reg, regno, pointee.btf.type(pointee.id).name);
}

function refuse(env: Env, field: KptrField, reg: Reg, regno: number, regName: string): never {
  const target = field.kptr.btf.type(field.kptr.typeId).name;
  const args = [regno, regTypeStr(reg.type), regName, regTypeStr(PTR_TO_BTF_ID), target];
  if (field.kind === BPF_KPTR_UNREF) {
    env.fail(KPTR_RULES['type-unref'], [...args, regTypeStr(PTR_TO_BTF_ID | PTR_UNTRUSTED), target]);
  }
  env.fail(KPTR_RULES.type, args);
}
