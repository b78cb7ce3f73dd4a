/** Kinds of acquired references (kernel: enum ref_state_type, same bits). */
export const REF_PTR = 2;
export const REF_IRQ = 4;
export const REF_LOCK = 8;
export const REF_RES_LOCK = 16;
export const REF_RES_LOCK_IRQ = 32;
export const REF_LOCK_MASK = REF_LOCK | REF_RES_LOCK | REF_RES_LOCK_IRQ;

/** An acquired reference, lock or saved irq flag (kernel: struct bpf_reference_state). Immutable. */
export class Reference {
  constructor(
    readonly type: number,
    readonly id: number,
    /** Instruction that acquired it. */
    readonly insnIdx: number,
    /** REF_PTR: the reference this one depends on, 0 if none. */
    readonly parentId: number,
    /** Locks: the object that holds the lock (MapInfo or Btf), compared by identity on unlock. */
    readonly ptr: object | null,
    /** Faulting is forbidden while this reference is held (kf-forbid-fault). */
    readonly forbidFault: boolean,
  ) {}
}
