/** Kinds of special fields, with the kernel's bits (enum btf_field_type). */
export const BPF_SPIN_LOCK = 1 << 0;
export const BPF_TIMER = 1 << 1;
export const BPF_KPTR_UNREF = 1 << 2;
export const BPF_KPTR_REF = 1 << 3;
export const BPF_KPTR_PERCPU = 1 << 4;
export const BPF_KPTR = BPF_KPTR_UNREF | BPF_KPTR_REF | BPF_KPTR_PERCPU;
export const BPF_LIST_HEAD = 1 << 5;
export const BPF_LIST_NODE = 1 << 6;
export const BPF_RB_ROOT = 1 << 7;
export const BPF_RB_NODE = 1 << 8;
export const BPF_GRAPH_NODE = BPF_RB_NODE | BPF_LIST_NODE;
export const BPF_GRAPH_ROOT = BPF_RB_ROOT | BPF_LIST_HEAD;
export const BPF_REFCOUNT = 1 << 9;
export const BPF_WORKQUEUE = 1 << 10;
export const BPF_UPTR = 1 << 11;
export const BPF_RES_SPIN_LOCK = 1 << 12;
export const BPF_TASK_WORK = 1 << 13;

/** Fields that a map value may have. */
export const MAP_VALUE_FIELDS =
  BPF_SPIN_LOCK |
  BPF_RES_SPIN_LOCK |
  BPF_TIMER |
  BPF_KPTR |
  BPF_LIST_HEAD |
  BPF_RB_ROOT |
  BPF_REFCOUNT |
  BPF_WORKQUEUE |
  BPF_UPTR |
  BPF_TASK_WORK;
/** Fields that an allocated object may have. */
export const OBJECT_FIELDS =
  BPF_SPIN_LOCK | BPF_RES_SPIN_LOCK | BPF_GRAPH_ROOT | BPF_GRAPH_NODE | BPF_REFCOUNT | BPF_KPTR;

/** How the kernel recognises and lays out a kind of field. */
export interface FieldRow {
  readonly kind: number;
  /** Struct name that makes a member this field, or null (kptrs go by type tag). */
  readonly struct: string | null;
  /** The kernel's word for it in messages. */
  readonly word: string;
  readonly size: number;
  readonly align: number;
  /** At most one per value. */
  readonly unique: boolean;
  /** May be an element of an array. */
  readonly repeats: boolean;
}

/** Sizes and alignments are those of x86-64; order is that of the kernel's search. */
const FIELD_ROWS: readonly FieldRow[] = [
  { kind: BPF_SPIN_LOCK, struct: 'bpf_spin_lock', word: 'bpf_spin_lock', size: 4, align: 4, unique: true, repeats: false },
  { kind: BPF_RES_SPIN_LOCK, struct: 'bpf_res_spin_lock', word: 'bpf_res_spin_lock', size: 4, align: 4, unique: true, repeats: false },
  { kind: BPF_TIMER, struct: 'bpf_timer', word: 'bpf_timer', size: 16, align: 8, unique: true, repeats: false },
  { kind: BPF_WORKQUEUE, struct: 'bpf_wq', word: 'bpf_wq', size: 16, align: 8, unique: true, repeats: false },
  { kind: BPF_TASK_WORK, struct: 'bpf_task_work', word: 'bpf_task_work', size: 8, align: 8, unique: true, repeats: false },
  { kind: BPF_LIST_HEAD, struct: 'bpf_list_head', word: 'bpf_list_head', size: 16, align: 8, unique: false, repeats: true },
  { kind: BPF_LIST_NODE, struct: 'bpf_list_node', word: 'bpf_list_node', size: 24, align: 8, unique: false, repeats: false },
  { kind: BPF_RB_ROOT, struct: 'bpf_rb_root', word: 'bpf_rb_root', size: 16, align: 8, unique: false, repeats: true },
  { kind: BPF_RB_NODE, struct: 'bpf_rb_node', word: 'bpf_rb_node', size: 32, align: 8, unique: false, repeats: false },
  { kind: BPF_REFCOUNT, struct: 'bpf_refcount', word: 'bpf_refcount', size: 4, align: 4, unique: true, repeats: false },
  { kind: BPF_KPTR_UNREF, struct: null, word: 'kptr', size: 8, align: 8, unique: false, repeats: true },
  { kind: BPF_KPTR_REF, struct: null, word: 'kptr', size: 8, align: 8, unique: false, repeats: true },
  { kind: BPF_KPTR_PERCPU, struct: null, word: 'percpu_kptr', size: 8, align: 8, unique: false, repeats: true },
  { kind: BPF_UPTR, struct: null, word: 'uptr', size: 8, align: 8, unique: false, repeats: true },
];
/** Rows by kind. */
export const FIELD_ROW_OF = new Map(FIELD_ROWS.map((row) => [row.kind, row]));
/** Row of every kptr before its tag is known. */
export const KPTR_ROW = FIELD_ROW_OF.get(BPF_KPTR_REF)!;
/** Rows by struct name. */
export const FIELD_ROW_BY_STRUCT = new Map(FIELD_ROWS.filter((row) => row.struct !== null).map((row) => [row.struct, row]));

/** Kptr kinds by type tag. */
export const KPTR_TAGS: ReadonlyMap<string, number> = new Map([
  ['kptr_untrusted', BPF_KPTR_UNREF],
  ['kptr', BPF_KPTR_REF],
  ['percpu_kptr', BPF_KPTR_PERCPU],
  ['uptr', BPF_UPTR],
]);

/** The kernel's word for a field kind in messages (btf_field_type_name). */
export function fieldKindName(kind: number): string {
  return FIELD_ROW_OF.get(kind)?.word ?? 'unknown';
}

