import { E2BIG, EFAULT, EINVAL, ELOOP, ENOENT } from '../failure/errno.ts';
import { BTF_KIND_STRUCT } from './btf.ts';
import type { Btf } from './btf.ts';
import {
  BPF_GRAPH_NODE,
  BPF_GRAPH_ROOT,
  BPF_KPTR,
  BPF_KPTR_PERCPU,
  BPF_KPTR_REF,
  BPF_LIST_HEAD,
  BPF_REFCOUNT,
  BPF_RES_SPIN_LOCK,
  BPF_SPIN_LOCK,
  BPF_TASK_WORK,
  BPF_TIMER,
  BPF_UPTR,
  BPF_WORKQUEUE,
  FIELD_ROW_OF,
  OBJECT_FIELDS,
} from './field-kinds.ts';
import { findFields, findKptr, refuse, refused } from './find-fields.ts';
import type { Found, Refusal } from './find-fields.ts';

export * from './field-kinds.ts';

const EEXIST = 17;
const PAGE_SIZE = 4096;
const OWNERSHIP_DEPTH_MAX = 8;

/** A special field of a map value or allocated object. */
export interface BtfField {
  /** One of BPF_SPIN_LOCK … */
  readonly kind: number;
  /** Bytes from the start of the value. */
  readonly offset: number;
  readonly size: number;
  /** Kptrs and uptrs: the type pointed to, in the kernel's BTF if it has one of that name, else in the program's. */
  readonly kptr: {
    readonly btf: Btf;
    readonly typeId: number;
    /** BTF id (in `btf`) of the destructor that referenced kptrs of a kernel type need, else 0. */
    readonly dtorId: number;
  } | null;
  /** List heads and tree roots: what they contain and where its node lies. */
  readonly graphRoot: {
    readonly btf: Btf;
    readonly valueBtfId: number;
    readonly nodeOffset: number;
    /** The special fields of the contained struct. */
    readonly valueRecord: BtfRecord;
  } | null;
}

/** Special fields of a value, sorted by offset; offsets of the unique ones are -1 where there is none. */
export interface BtfRecord {
  readonly fields: readonly BtfField[];
  /** Union of the kinds. */
  readonly fieldMask: number;
  readonly spinLockOff: number;
  readonly resSpinLockOff: number;
  readonly timerOff: number;
  readonly wqOff: number;
  readonly refcountOff: number;
  readonly taskWorkOff: number;
}

/** Kernel knowledge that kptrs need; given by the kernel model. */
export interface KernelTypes {
  /** First type of that name and kind in vmlinux, else in a module; null if there is none (bpf_find_btf_id). */
  find(name: string, kind: number): { readonly btf: Btf; readonly id: number } | null;
  /** Destructor registered for a kernel type, or 0 (btf_find_dtor_kfunc). */
  dtor(btf: Btf, typeId: number): number;
}

/** Fields of a value (null: none), or why the kernel refuses it: `errno` of the system call, `what` in our words. */
export type FieldsResult =
  | { readonly ok: true; readonly record: BtfRecord | null }
  | { readonly ok: false; readonly errno: number; readonly what: string };

/** Fields of every struct that has some, by type id, or why BTF_LOAD refuses the BTF. */
export type StructMetas =
  | { readonly ok: true; readonly records: ReadonlyMap<number, BtfRecord> }
  | { readonly ok: false; readonly errno: number; readonly what: string };

function resolveKptr(btf: Btf, found: Found, kernel: KernelTypes): NonNullable<BtfField['kptr']> | Refusal {
  const t = btf.type(found.typeId);
  const known = kernel.find(t.name, t.kind);
  if (known === null) return { btf, typeId: found.typeId, dtorId: 0 };
  if (found.kind !== BPF_KPTR_REF) return { btf: known.btf, typeId: known.id, dtorId: 0 };
  const dtorId = kernel.dtor(known.btf, known.id);
  if (dtorId === 0) return refuse(ENOENT, `struct ${t.name} has no destructor, so it cannot be a referenced kptr`);
  return { btf: known.btf, typeId: known.id, dtorId };
}

/** Offset of the node that links the contained struct, or why it is none. */
function graphNode(btf: Btf, found: Found): number | Refusal {
  const wanted = found.kind === BPF_LIST_HEAD ? 'bpf_list_node' : 'bpf_rb_node';
  const value = btf.type(found.valueBtfId);
  const named = value.members.filter((m) => m.name === found.nodeName);
  if (named.length === 0) return refuse(ENOENT, `struct ${value.name} has no member ${found.nodeName}`);
  if (named.length > 1) return refuse(EINVAL, `struct ${value.name} has two members ${found.nodeName}`);
  const t = btf.type(named[0].type);
  if (t.kind !== BTF_KIND_STRUCT || t.name !== wanted) return refuse(EINVAL, `${value.name}.${found.nodeName} is no ${wanted}`);
  const offset = named[0].bitOffset / 8;
  if (offset % 8 !== 0) return refuse(EINVAL, `${value.name}.${found.nodeName} is not aligned`);
  return offset;
}

/** A record whose graph roots do not know their contained struct's record yet. */
interface Draft {
  readonly record: BtfRecord;
  /** Completes the graph roots, checks uptrs (btf_check_and_fixup_fields). */
  fixup(records: ReadonlyMap<number, BtfRecord>): Refusal | null;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Finds and checks the fields, without what needs other structs' records (btf_parse_fields). */
function draftFields(btf: Btf, typeId: number, mask: number, valueSize: number, kernel: KernelTypes): Draft | Refusal | null {
  const found = findFields(btf, typeId, mask);
  if (refused(found)) return found;
  if (found.length === 0) return null;

  const fields: Mutable<BtfField>[] = [];
  const at = (kind: number): number => fields.find((f) => f.kind === kind)?.offset ?? -1;
  const roots: { field: Mutable<BtfField>; valueBtfId: number; nodeOffset: number }[] = [];
  let end = 0;
  let fieldMask = 0;
  for (const f of found) {
    const { size } = FIELD_ROW_OF.get(f.kind)!;
    if (f.offset + size > valueSize) return refuse(EFAULT, 'a field reaches beyond the value');
    if (f.offset < end) return refuse(EEXIST, 'two special fields overlap');
    end = f.offset + size;
    fieldMask |= f.kind;
    const field: Mutable<BtfField> = { kind: f.kind, offset: f.offset, size, kptr: null, graphRoot: null };
    if ((f.kind & (BPF_KPTR | BPF_UPTR)) !== 0) {
      const kptr = resolveKptr(btf, f, kernel);
      if ('errno' in kptr) return kptr;
      field.kptr = kptr;
    } else if ((f.kind & BPF_GRAPH_ROOT) !== 0) {
      const nodeOffset = graphNode(btf, f);
      if (typeof nodeOffset !== 'number') return nodeOffset;
      roots.push({ field, valueBtfId: f.valueBtfId, nodeOffset });
    }
    fields.push(field);
  }
  const record: BtfRecord = {
    fields,
    fieldMask,
    spinLockOff: at(BPF_SPIN_LOCK),
    resSpinLockOff: at(BPF_RES_SPIN_LOCK),
    timerOff: at(BPF_TIMER),
    wqOff: at(BPF_WORKQUEUE),
    refcountOff: at(BPF_REFCOUNT),
    taskWorkOff: at(BPF_TASK_WORK),
  };
  if (record.spinLockOff >= 0 && record.resSpinLockOff >= 0) return refuse(EINVAL, 'both a bpf_spin_lock and a bpf_res_spin_lock');
  if ((fieldMask & BPF_GRAPH_ROOT) !== 0 && record.spinLockOff < 0 && record.resSpinLockOff < 0) {
    return refuse(EINVAL, 'a list head or tree root needs a bpf_spin_lock beside it');
  }
  if (record.refcountOff < 0 && (fieldMask & BPF_GRAPH_NODE) === BPF_GRAPH_NODE) {
    return refuse(EINVAL, 'an object with a list node and a tree node needs a bpf_refcount');
  }
  fields.sort((a, b) => a.offset - b.offset);
  const fixup = (records: ReadonlyMap<number, BtfRecord>): Refusal | null => {
    for (const { field, valueBtfId, nodeOffset } of roots) {
      const valueRecord = records.get(valueBtfId);
      if (valueRecord === undefined) return refuse(EFAULT, 'the contained struct has no special fields');
      field.graphRoot = { btf, valueBtfId, nodeOffset, valueRecord };
    }
    for (const { kind, kptr } of fields) {
      if (kind !== BPF_UPTR || kptr === null) continue;
      if (kptr.btf !== btf) return refuse(EINVAL, 'a uptr cannot point to a kernel struct');
      const { size } = btf.type(kptr.typeId);
      if (size === 0) return refuse(EINVAL, 'a uptr must point to a struct with a size');
      if (size > PAGE_SIZE) return refuse(E2BIG, 'a uptr can pin one page only');
    }
    return null;
  };
  return { record, fixup };
}

/** Structs whose presence among a struct's direct members makes it an allocated object with fields. */
const OBJECT_MARKERS = ['bpf_spin_lock', 'bpf_list_head', 'bpf_list_node', 'bpf_rb_root', 'bpf_rb_node', 'bpf_refcount'];

/**
 * Special fields of the structs of a program's BTF, as computed when the kernel loads it
 * (btf_parse_struct_metas and what follows). A refusal means that BTF_LOAD fails.
 */
export function structMetas(btf: Btf, kernel: KernelTypes): StructMetas {
  const markers = new Set<number>();
  for (const name of OBJECT_MARKERS) {
    const id = btf.find(name, BTF_KIND_STRUCT);
    if (id !== 0) markers.add(id);
  }
  for (let id = 1; id < btf.nextId; id++) {
    const kptr = findKptr(btf, btf.type(id), 0, BPF_KPTR);
    if (kptr !== null && !('errno' in kptr)) markers.add(id);
  }
  const records = new Map<number, BtfRecord>();
  if (markers.size === 0) return { ok: true, records };
  const drafts: Draft[] = [];
  for (let id = 1; id < btf.nextId; id++) {
    const t = btf.type(id);
    if (t.kind !== BTF_KIND_STRUCT || !t.members.some((m) => markers.has(m.type))) continue;
    const draft = draftFields(btf, id, OBJECT_FIELDS, t.size, kernel);
    if (draft === null) return { ok: false, ...refuse(EFAULT, `struct ${t.name}: its special fields are misplaced`) };
    if ('errno' in draft) return { ok: false, errno: draft.errno, what: `struct ${t.name}: ${draft.what}` };
    drafts.push(draft);
    records.set(id, draft.record);
  }
  for (const draft of drafts) {
    const refusal = draft.fixup(records);
    if (refusal !== null) return { ok: false, ...refusal };
  }
  if (ownershipTooDeep(btf, records)) {
    return { ok: false, ...refuse(ELOOP, `objects own objects more than ${OWNERSHIP_DEPTH_MAX} deep, or in a cycle`) };
  }
  return { ok: true, records };
}

/** Dropping an object drops what it owns; the kernel bounds that recursion (btf_check_ownership_depth). */
function ownershipTooDeep(btf: Btf, records: ReadonlyMap<number, BtfRecord>): boolean {
  const depths = new Map<number, number>();
  const depthOf = (id: number, left: number): number => {
    if (left === 0) return Infinity;
    const known = depths.get(id);
    if (known !== undefined) return known > left ? Infinity : known;
    let deepest = 0;
    for (const field of records.get(id)!.fields) {
      let owned = 0;
      if (field.graphRoot !== null) owned = field.graphRoot.valueBtfId;
      else if ((field.kind === BPF_KPTR_REF || field.kind === BPF_KPTR_PERCPU) && field.kptr!.btf === btf) owned = field.kptr!.typeId;
      if (owned !== 0 && records.has(owned)) deepest = Math.max(deepest, depthOf(owned, left - 1));
    }
    const depth = deepest + 1;
    if (depth !== Infinity) depths.set(id, depth);
    return depth > left ? Infinity : depth;
  };
  return [...records.keys()].some((id) => depthOf(id, OWNERSHIP_DEPTH_MAX) === Infinity);
}

/**
 * Special fields of a type (a map value's struct or a data section), `valueSize` bytes long. `mask`: the kinds to
 * look for, {@link MAP_VALUE_FIELDS} or {@link OBJECT_FIELDS}. `records`: those of the program's structs.
 */
export function parseFields(
  btf: Btf,
  typeId: number,
  mask: number,
  valueSize: number,
  kernel: KernelTypes,
  records: ReadonlyMap<number, BtfRecord>,
): FieldsResult {
  const draft = draftFields(btf, typeId, mask, valueSize, kernel);
  if (draft === null) return { ok: true, record: null };
  const refusal = 'errno' in draft ? draft : draft.fixup(records);
  if (refusal !== null) return { ok: false, ...refusal };
  return { ok: true, record: (draft as Draft).record };
}

/** The field at an exact offset whose kind is in `mask`, or null (btf_record_find). */
export function findField(record: BtfRecord | null, offset: number, mask: number): BtfField | null {
  return record?.fields.find((f) => f.offset === offset && (f.kind & mask) !== 0) ?? null;
}
