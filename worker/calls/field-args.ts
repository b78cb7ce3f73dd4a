import { constBigint, constNumber, isConst } from '../domain/scalar.ts';
import {
  BPF_KPTR,
  BPF_KPTR_PERCPU,
  BPF_KPTR_REF,
  BPF_TASK_WORK,
  BPF_TIMER,
  BPF_WORKQUEUE,
  fieldKindName,
  findField,
  type BtfRecord,
} from '../btf/fields.ts';
import { typeIsPtrAllocObj } from '../kernel/types.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { CallMeta } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import { hasField, regRecord } from '../state/record.ts';
import type { Reg } from '../state/reg.ts';
import { callRules as R } from './rules.ts';

/** Where the record has its one field of a kind that a map value may have once. */
function offsetOf(record: BtfRecord, kind: number): number {
  if (kind === BPF_TIMER) return record.timerOff;
  if (kind === BPF_WORKQUEUE) return record.wqOff;
  if (kind === BPF_TASK_WORK) return record.taskWorkOff;
  throw new Error(`field kind ${kind} is not looked up in map values`);
}

/** A pointer to a timer, workqueue or task_work within a map value (kernel: check_map_field_pointer). */
export function processMapFieldArg(env: Env, reg: Reg, argno: Argno, kind: number, meta: CallMeta): void {
  const map = reg.ext as MapInfo;
  const name = fieldKindName(kind);
  if (!isConst(reg.scalar)) env.fail(R.fieldVariableOffset, [argName(argno), name]);
  if (map.btf === null) env.fail(R.fieldMapWithoutBtf, [map.name, name]);
  if (map.record === null || !hasField(map.record, kind)) env.fail(R.fieldMissing, [map.name, name]);
  const off = offsetOf(map.record, kind);
  if (BigInt(off) !== constBigint(reg.scalar))
    env.fail(R.fieldWrongOffset, [constBigint(reg.scalar), name, off]);
  if (meta.map !== null) throw new Error(`two map pointers in a ${name} call`);
  meta.map = map;
  meta.mapUid = reg.mapUid;
}

/** The destination of bpf_kptr_xchg: a referenced kptr field (kernel: process_kptr_func). */
export function processKptrArg(env: Env, regno: number, meta: CallMeta): void {
  const reg = env.reg(regno);
  let record: BtfRecord | null;
  if (typeIsPtrAllocObj(reg.type)) record = regRecord(env, reg);
  else {
    const map = reg.ext as MapInfo;
    if (map.btf === null) env.fail(R.kptrMapWithoutBtf, [map.name]);
    record = map.record;
    meta.map = map;
  }
  if (!isConst(reg.scalar)) env.fail(R.kptrVariableOffset, [regno]);
  if (!hasField(record, BPF_KPTR)) env.fail(R.kptrMissing, [regno]);
  const off = constNumber(reg.scalar);
  const field = findField(record, off, BPF_KPTR);
  if (field === null) env.fail(R.kptrWrongOffset, [off]);
  if (field.kind !== BPF_KPTR_REF && field.kind !== BPF_KPTR_PERCPU) env.fail(R.kptrUnreferenced, [off]);
  meta.kptrField = field;
}
