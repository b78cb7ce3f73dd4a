import type { Btf, BtfType } from '../btf/btf.ts';
import type { BtfField } from '../btf/fields.ts';
import type { HelperProto } from '../kernel/helpers.ts';
import type { Kfunc } from '../kernel/kfuncs.ts';
import type { MapInfo } from './map-info.ts';

/** The referenced object that a call is about (kernel: struct ref_obj_desc). */
export class RefObj {
  id = 0;
  parentId = 0;
  /** How many referenced arguments there were. */
  count = 0;
}

/** What the checks of one call's arguments find out for each other and for its result (kernel: struct bpf_call_arg_meta). */
export class CallMeta {
  /** BTF that the kfunc's prototype is in. */
  btf: Btf | null = null;
  /** Helper id or kfunc's BTF id. */
  funcId = 0;
  fn: HelperProto | null = null;
  kfunc: Kfunc | null = null;
  funcName = '';
  funcProto: BtfType | null = null;
  kfuncFlags = 0;
  /** Register that the call releases, 0 if none. */
  releaseRegno = 0;
  retBtf: Btf | null = null;
  retBtfId = 0;
  /** Function that the callback argument names. */
  subprogno = 0;
  map: MapInfo | null = null;
  mapUid = 0;
  /** The last dynptr argument. */
  dynptrType = 0;
  dynptrId = 0;
  dynptrParentId = 0;
  readonly refObj = new RefObj();
  /** Size of the memory returned, from a constant argument. */
  retMemSize = 0;
  retMemFound = false;
  r0Rdonly = false;
  /** The constant argument of a kfunc. */
  constantValue = 0n;
  constantFound = false;
  /** Types of allocated objects for the kfuncs that make, drop or count them. */
  argBtf: Btf | null = null;
  argBtfId = 0;
  argOwningRef = false;
  argProg = false;
  listHead: BtfField | null = null;
  rbtreeRoot: BtfField | null = null;
  iterSpi = 0;
  iterFrameno = 0;
  /** Upper bound of the size argument. */
  msizeMax = 0;
  /** Constant map key, -1 if unknown. */
  constMapKey = -1;
  kptrField: BtfField | null = null;
  /** Register of the memory that the call fills and that need not be initialised, 0 if none; and its size in bytes. */
  rawMemRegno = 0;
  rawMemSize = 0;
}
