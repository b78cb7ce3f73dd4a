/** Prototype of a helper, as `struct bpf_func_proto` has it. Types are packed as in `types.ts`. */
export interface HelperProto {
  /** Name of the proto in the kernel, e.g. `bpf_get_stack_sleepable_proto`. */
  readonly proto: string;
  /** RET_* with flags. */
  readonly ret: number;
  /** Five ARG_* with flags, ARG_DONTCARE where there is no argument. */
  readonly args: readonly number[];
  /** Sizes for MEM_FIXED_SIZE arguments, else 0. */
  readonly argSizes: readonly number[];
  /** Struct names for ARG_PTR_TO_BTF_ID and the like; `*` where the map's or kptr's type decides; else null. */
  readonly argBtf: readonly (string | null)[];
  /** Struct name that RET_PTR_TO_BTF_ID returns; `*` where the call decides; else null. */
  readonly retBtf: string | null;
  readonly gplOnly: boolean;
  /** May it be given packet pointers? */
  readonly pktAccess: boolean;
  readonly mightSleep: boolean;
  readonly allowFastcall: boolean;
  /** Name of the kernel's `allowed` condition, if any. */
  readonly allowed: string | null;
}

/** What the verifier knows about a helper besides its prototype: the small sets it is in. */
export interface HelperRow {
  readonly id: number;
  /** `bpf_map_lookup_elem`. */
  readonly name: string;
  /** HELPER_* bits. */
  readonly traits: number;
}

/** Returns a reference that must be released (for map_lookup_elem: see {@link HELPER_ACQUIRES_FROM_SOCKMAP}). */
export const HELPER_ACQUIRE = 1 << 0;
/** Returns a reference if the map is a sockmap or sockhash. */
export const HELPER_ACQUIRES_FROM_SOCKMAP = 1 << 1;
/** Returns its argument under another type: result and argument share the reference. */
export const HELPER_PTR_CAST = 1 << 2;
/** Calls a callback before it returns. */
export const HELPER_SYNC_CALLBACK = 1 << 3;
/** Schedules a callback for later. */
export const HELPER_ASYNC_CALLBACK = 1 << 4;
/** Makes packet pointers invalid. */
export const HELPER_CHANGES_PKT_DATA = 1 << 5;
/** May be called while a lock is held. */
export const HELPER_ALLOWED_UNDER_LOCK = 1 << 6;
/** Becomes a few instructions instead of a call on x86-64 with a JIT; what makes it bpf_fastcall. */
export const HELPER_INLINED = 1 << 7;

/** Why a helper may not be called. */
export type HelperRefusal = 'unknown-id' | 'not-for-this-program' | 'gpl-only' | 'not-allowed';
