import { UNKNOWN, ZERO, type Scalar } from '../domain/scalar.ts';
import type { Btf } from '../btf/btf.ts';
import type { MapInfo } from './map-info.ts';

/** Points into BTF: PTR_TO_BTF_ID's pointee. */
export class BtfRef {
  constructor(
    readonly btf: Btf,
    readonly id: number,
  ) {}
}

/** First slot of an open-coded iterator (kernel: `reg->iter`). */
export class IterExt {
  constructor(
    readonly btf: Btf,
    /** BTF id of `struct bpf_iter_<type>`. */
    readonly id: number,
    /** ITER_INVALID for slots other than the first. */
    readonly state: number,
    readonly depth: number,
    /** Reference that the last `_next` acquired and not yet released, 0 if none (kf-forbid-fault). */
    readonly acquiredId: number,
  ) {}
}

export const ITER_INVALID = 0;
export const ITER_ACTIVE = 1;
export const ITER_DRAINED = 2;

/** Kernel: `reg->irq.kfunc_class`. */
export const IRQ_NATIVE_KFUNC = 0;
export const IRQ_LOCK_KFUNC = 1;

/** What a register's type needs beside the value; see {@link Reg.ext}. */
export type Ext = MapInfo | BtfRef | IterExt | null;

/** Links between scalars: `r2 = r1 + delta` in 64 or in 32 bits (kernel: BPF_ADD_CONST64/32 in `id`). */
export const LINK_NONE = 0;
export const LINK_ADD64 = 1;
export const LINK_ADD32 = 2;

/**
 * The abstract value of one register or spilled register (kernel: `struct bpf_reg_state`). Immutable:
 * states share them, comparing starts with `===`.
 */
export class Reg {
  constructor(
    /** Base type and flags, see `kernel/types.ts`. */
    readonly type: number,
    /** The value of a scalar; for pointers the offset from the object's start (kernel: var_off, r64, r32). */
    readonly scalar: Scalar,
    /** Identity: linked scalars, same packet offset, same map value, owned reference … 0 if none. */
    readonly id: number,
    readonly link: number,
    /** Constant distance from the scalar with the same id; meaningful if `link` is not LINK_NONE. */
    readonly delta: number,
    /** Identity of the object that this one derives from and dies with; 0 if none. */
    readonly parentId: number,
    /** Tells inner-map lookups apart; 0 otherwise. */
    readonly mapUid: number,
    /**
     * One number by type: PTR_TO_PACKET* `range` (may be negative: -1 AT_PKT_END, -2 BEYOND_PKT_END),
     * PTR_TO_STACK `frameno`, PTR_TO_MEM `mem_size`, PTR_TO_FUNC `subprogno`, dynptrs the dynptr type
     * (plus DYNPTR_FIRST_SLOT for the first stack slot), irq flags the kfunc class.
     */
    readonly num: number,
    /** One object by type: MapInfo (map pointers, keys, values, PTR_TO_INSN), BtfRef (PTR_TO_BTF_ID), IterExt. */
    readonly ext: Ext,
    /** A scalar whose exact value safety depends on; imprecise ones compare equal when states are pruned. */
    readonly precise: boolean,
  ) {}

  /** The arena was compacted: the value is the same, its handle another one. For nobody but who compacts. */
  moveScalar(moved: (old: Scalar) => Scalar): void {
    (this as { scalar: Scalar }).scalar = moved(this.scalar);
  }
}

/** Bit in `num` of a dynptr's first stack slot; the low bits are the dynptr type. */
export const DYNPTR_FIRST_SLOT = 0x100;

/** Kernel: NOT_INIT. Texts may speak of its offset: nothing is known of it. */
export const NOT_INIT_REG = new Reg(0, UNKNOWN, 0, LINK_NONE, 0, 0, 0, 0, null, false);
/** An unknown, imprecise scalar. */
export const UNKNOWN_REG = new Reg(1, UNKNOWN, 0, LINK_NONE, 0, 0, 0, 0, null, false);
/** An unknown scalar as unprivileged programs get it: always precise. */
export const UNKNOWN_PRECISE_REG = new Reg(1, UNKNOWN, 0, LINK_NONE, 0, 0, 0, 0, null, true);

/** A scalar without identity. */
export function scalarReg(scalar: Scalar, precise = false): Reg {
  return new Reg(1, scalar, 0, LINK_NONE, 0, 0, 0, 0, null, precise);
}

/** A pointer of `type` with offset 0 and no identity. */
export function pointerReg(type: number, num = 0, ext: Ext = null, id = 0, parentId = 0): Reg {
  return new Reg(type, ZERO, id, LINK_NONE, 0, parentId, 0, num, ext, false);
}

/** Are both the same in every field, the handle of the value included? */
export function sameReg(a: Reg, b: Reg): boolean {
  return (
    a === b ||
    (a.scalar === b.scalar &&
      a.id === b.id &&
      a.type === b.type &&
      a.link === b.link &&
      a.delta === b.delta &&
      a.parentId === b.parentId &&
      a.mapUid === b.mapUid &&
      a.num === b.num &&
      a.ext === b.ext &&
      a.precise === b.precise)
  );
}

/** Copies with one thing changed; each returns the same object when nothing changes. */
export function withScalar(r: Reg, scalar: Scalar): Reg {
  return r.scalar === scalar ? r : new Reg(r.type, scalar, r.id, r.link, r.delta, r.parentId, r.mapUid, r.num, r.ext, r.precise);
}
export function withType(r: Reg, type: number): Reg {
  return r.type === type ? r : new Reg(type, r.scalar, r.id, r.link, r.delta, r.parentId, r.mapUid, r.num, r.ext, r.precise);
}
export function withId(r: Reg, id: number, link = LINK_NONE, delta = 0): Reg {
  return r.id === id && r.link === link && r.delta === delta
    ? r
    : new Reg(r.type, r.scalar, id, link, delta, r.parentId, r.mapUid, r.num, r.ext, r.precise);
}
/** Value and identity at once. */
export function withValue(r: Reg, scalar: Scalar, id: number, link: number, delta: number): Reg {
  return r.scalar === scalar && r.id === id && r.link === link && r.delta === delta
    ? r
    : new Reg(r.type, scalar, id, link, delta, r.parentId, r.mapUid, r.num, r.ext, r.precise);
}
export function withParent(r: Reg, parentId: number): Reg {
  return r.parentId === parentId ? r : new Reg(r.type, r.scalar, r.id, r.link, r.delta, parentId, r.mapUid, r.num, r.ext, r.precise);
}
export function withNum(r: Reg, num: number): Reg {
  return r.num === num ? r : new Reg(r.type, r.scalar, r.id, r.link, r.delta, r.parentId, r.mapUid, num, r.ext, r.precise);
}
export function withExt(r: Reg, ext: Ext): Reg {
  return r.ext === ext ? r : new Reg(r.type, r.scalar, r.id, r.link, r.delta, r.parentId, r.mapUid, r.num, ext, r.precise);
}
export function withMapUid(r: Reg, mapUid: number): Reg {
  return r.mapUid === mapUid ? r : new Reg(r.type, r.scalar, r.id, r.link, r.delta, r.parentId, mapUid, r.num, r.ext, r.precise);
}
export function withPrecise(r: Reg, precise: boolean): Reg {
  return r.precise === precise ? r : new Reg(r.type, r.scalar, r.id, r.link, r.delta, r.parentId, r.mapUid, r.num, r.ext, precise);
}
