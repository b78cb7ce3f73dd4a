/**
 * Packed types of registers, helper arguments and helper results.
 *
 * A type is one small integer: the base type in the low {@link BASE_TYPE_BITS} bits, flags above. The
 * kernel's order is kept in both halves, but its 8 base bits are 5 here, so that every type with any flag
 * stays below 2^26 and is a small integer in V8. Three families of base types share the space, as in the
 * kernel: register types, argument types (`ARG_*`) and result types (`RET_*`).
 */
export const BASE_TYPE_BITS = 5;
export const BASE_TYPE_MASK = (1 << BASE_TYPE_BITS) - 1;

// --- what a register holds (enum bpf_reg_type) ---------------------------------------------------------

/** Nothing was written to this register. */
export const NOT_INIT = 0;
/** A number. */
export const SCALAR_VALUE = 1;
/** The program's context. */
export const PTR_TO_CTX = 2;
/** A `struct bpf_map` itself, not its contents. */
export const CONST_PTR_TO_MAP = 3;
/** An element's value. */
export const PTR_TO_MAP_VALUE = 4;
/** An element's key, in callbacks. */
export const PTR_TO_MAP_KEY = 5;
/** A frame of the program's stack, offset from its frame pointer. */
export const PTR_TO_STACK = 6;
/** Metadata in front of the packet. */
export const PTR_TO_PACKET_META = 7;
/** Packet data. */
export const PTR_TO_PACKET = 8;
/** End of packet data. */
export const PTR_TO_PACKET_END = 9;
/** The flow dissector's keys. */
export const PTR_TO_FLOW_KEYS = 10;
/** `struct bpf_sock`, full socket. */
export const PTR_TO_SOCKET = 11;
/** `struct bpf_sock`, the part that all sockets have. */
export const PTR_TO_SOCK_COMMON = 12;
/** `struct bpf_tcp_sock`. */
export const PTR_TO_TCP_SOCK = 13;
/** Writable buffer of a raw tracepoint. */
export const PTR_TO_TP_BUFFER = 14;
/** `struct bpf_xdp_sock`. */
export const PTR_TO_XDP_SOCK = 15;
/**
 * An object of a BTF type. Without flags it may be NULL or stale at run time although the verifier lets it be
 * read (faults are caught); trust is a matter of flags.
 */
export const PTR_TO_BTF_ID = 16;
/** Memory of known size. */
export const PTR_TO_MEM = 17;
/** Memory of an arena. */
export const PTR_TO_ARENA = 18;
/** A read-only or read-write buffer whose size is checked at attach time. */
export const PTR_TO_BUF = 19;
/** A function of the program, for callbacks. */
export const PTR_TO_FUNC = 20;
/** An instruction of the program, from an instruction array. */
export const PTR_TO_INSN = 21;
/** A dynptr that a callback received. */
export const CONST_PTR_TO_DYNPTR = 22;
/** How many register types there are. */
export const REG_TYPE_COUNT = 23;

// --- flags (enum bpf_type_flag) ------------------------------------------------------------------------

/** The pointer may be NULL. */
export const PTR_MAYBE_NULL = 1 << 5;
/** Memory that may only be read; on an argument: read-only memory will do. */
export const MEM_RDONLY = 1 << 6;
/** A record reserved in a ring buffer. */
export const MEM_RINGBUF = 1 << 7;
/** User-space address. */
export const MEM_USER = 1 << 8;
/** Per-CPU memory: reached through bpf_per_cpu_ptr or bpf_this_cpu_ptr only. */
export const MEM_PERCPU = 1 << 9;
/** The argument is released by the call. */
export const OBJ_RELEASE = 1 << 10;
/** Readable with caught faults, never to be handed to the kernel. */
export const PTR_UNTRUSTED = 1 << 11;
/** The argument's memory need not be initialised. */
export const MEM_UNINIT = 1 << 12;
/** The dynptr's data is the program's own memory. */
export const DYNPTR_TYPE_LOCAL = 1 << 13;
/** The dynptr's data is a ring buffer record. */
export const DYNPTR_TYPE_RINGBUF = 1 << 14;
/** The argument's size is known from the prototype. */
export const MEM_FIXED_SIZE = 1 << 15;
/** An object of the program's own type, from bpf_obj_new. */
export const MEM_ALLOC = 1 << 16;
/** Valid as the kernel handed it out. */
export const PTR_TRUSTED = 1 << 17;
/** Valid within an RCU section. */
export const MEM_RCU = 1 << 18;
/** A non-owning reference to a graph node. */
export const NON_OWN_REF = 1 << 19;
/** The dynptr's data is an skb. */
export const DYNPTR_TYPE_SKB = 1 << 20;
/** The dynptr's data is an xdp_buff. */
export const DYNPTR_TYPE_XDP = 1 << 21;
/** The argument's memory must be aligned (with MEM_FIXED_SIZE). */
export const MEM_ALIGNED = 1 << 22;
/** The argument's memory is written. */
export const MEM_WRITE = 1 << 23;
/** The dynptr's data is an skb's metadata. */
export const DYNPTR_TYPE_SKB_META = 1 << 24;
/** The dynptr's data is a file. */
export const DYNPTR_TYPE_FILE = 1 << 25;
export const DYNPTR_TYPE_FLAG_MASK =
  DYNPTR_TYPE_LOCAL |
  DYNPTR_TYPE_RINGBUF |
  DYNPTR_TYPE_SKB |
  DYNPTR_TYPE_XDP |
  DYNPTR_TYPE_SKB_META |
  DYNPTR_TYPE_FILE;
/** Flags that say a pointer may be handed to the kernel (BPF_REG_TRUSTED_MODIFIERS). */
export const REG_TRUSTED_MODIFIERS = MEM_ALLOC | PTR_TRUSTED | NON_OWN_REF;

export const PTR_TO_MAP_VALUE_OR_NULL = PTR_TO_MAP_VALUE | PTR_MAYBE_NULL;
export const PTR_TO_SOCKET_OR_NULL = PTR_TO_SOCKET | PTR_MAYBE_NULL;
export const PTR_TO_SOCK_COMMON_OR_NULL = PTR_TO_SOCK_COMMON | PTR_MAYBE_NULL;
export const PTR_TO_TCP_SOCK_OR_NULL = PTR_TO_TCP_SOCK | PTR_MAYBE_NULL;
export const PTR_TO_BTF_ID_OR_NULL = PTR_TO_BTF_ID | PTR_MAYBE_NULL;

// --- what a helper's argument must be (enum bpf_arg_type) ----------------------------------------------

export const ARG_DONTCARE = 0;
export const ARG_CONST_MAP_PTR = 1;
export const ARG_PTR_TO_MAP_KEY = 2;
export const ARG_PTR_TO_MAP_VALUE = 3;
export const ARG_PTR_TO_MEM = 4;
export const ARG_PTR_TO_ARENA = 5;
export const ARG_MEM_SIZE = 6;
export const ARG_MEM_SIZE_OR_ZERO = 7;
export const ARG_PTR_TO_CTX = 8;
export const ARG_ANYTHING = 9;
export const ARG_SCALAR = 10;
export const ARG_PTR_TO_SPIN_LOCK = 11;
export const ARG_PTR_TO_SOCK_COMMON = 12;
export const ARG_PTR_TO_SOCKET = 13;
export const ARG_PTR_TO_BTF_ID = 14;
export const ARG_PTR_TO_RINGBUF_MEM = 15;
export const ARG_CONST_ALLOC_SIZE_OR_ZERO = 16;
export const ARG_PTR_TO_BTF_ID_SOCK_COMMON = 17;
export const ARG_PTR_TO_PERCPU_BTF_ID = 18;
export const ARG_PTR_TO_FUNC = 19;
export const ARG_PTR_TO_STACK = 20;
export const ARG_PTR_TO_CONST_STR = 21;
export const ARG_PTR_TO_TIMER = 22;
export const ARG_KPTR_XCHG_DEST = 23;
export const ARG_PTR_TO_DYNPTR = 24;
/** How many argument types there are. */
export const ARG_TYPE_COUNT = 25;

export const ARG_PTR_TO_UNINIT_MEM = ARG_PTR_TO_MEM | MEM_UNINIT | MEM_WRITE;
export const ARG_PTR_TO_FIXED_SIZE_MEM = ARG_PTR_TO_MEM | MEM_FIXED_SIZE;

// --- what a helper returns (enum bpf_return_type) ------------------------------------------------------

export const RET_INTEGER = 0;
export const RET_VOID = 1;
export const RET_PTR_TO_MAP_VALUE = 2;
export const RET_PTR_TO_SOCKET = 3;
export const RET_PTR_TO_TCP_SOCK = 4;
export const RET_PTR_TO_SOCK_COMMON = 5;
export const RET_PTR_TO_MEM = 6;
export const RET_PTR_TO_MEM_OR_BTF_ID = 7;
export const RET_PTR_TO_BTF_ID = 8;

// --- dynptrs and iterators -----------------------------------------------------------------------------

export const BPF_DYNPTR_TYPE_INVALID = 0;
export const BPF_DYNPTR_TYPE_LOCAL = 1;
export const BPF_DYNPTR_TYPE_RINGBUF = 2;
export const BPF_DYNPTR_TYPE_SKB = 3;
export const BPF_DYNPTR_TYPE_XDP = 4;
export const BPF_DYNPTR_TYPE_SKB_META = 5;
export const BPF_DYNPTR_TYPE_FILE = 6;

export const BPF_ITER_STATE_INVALID = 0;
export const BPF_ITER_STATE_ACTIVE = 1;
export const BPF_ITER_STATE_DRAINED = 2;

// --- questions -----------------------------------------------------------------------------------------

/** The base type, flags removed. */
export function baseType(type: number): number {
  return type & BASE_TYPE_MASK;
}

/** The flags, base type removed. */
export function typeFlag(type: number): number {
  return type & ~BASE_TYPE_MASK;
}

/** May the pointer be NULL as far as its type says? */
export function typeMayBeNull(type: number): boolean {
  return (type & PTR_MAYBE_NULL) !== 0;
}

/** Is it any pointer (neither unwritten nor a number)? */
export function typeIsPtr(type: number): boolean {
  return (type & BASE_TYPE_MASK) > SCALAR_VALUE;
}

/** Packet data or packet metadata. */
export function typeIsPktPointer(type: number): boolean {
  const base = type & BASE_TYPE_MASK;
  return base === PTR_TO_PACKET || base === PTR_TO_PACKET_META;
}

/** Anything that belongs to the packet, its end included. */
export function typeIsPktPointerAny(type: number): boolean {
  const base = type & BASE_TYPE_MASK;
  return base >= PTR_TO_PACKET_META && base <= PTR_TO_PACKET_END;
}

/** One of the socket types that have a ctx-like layout of their own; flags are not ignored. */
export function typeIsSkPointer(type: number): boolean {
  return (
    type === PTR_TO_SOCKET ||
    type === PTR_TO_SOCK_COMMON ||
    type === PTR_TO_TCP_SOCK ||
    type === PTR_TO_XDP_SOCK
  );
}

/** A map, or a pointer to its key or value. */
export function typeIsMapPtr(type: number): boolean {
  const base = type & BASE_TYPE_MASK;
  return base === CONST_PTR_TO_MAP || base === PTR_TO_MAP_VALUE || base === PTR_TO_MAP_KEY;
}

export function typeIsRdonlyMem(type: number): boolean {
  return (type & MEM_RDONLY) !== 0;
}

/** An object of the program's own type, allocated and not merely peeked at. */
export function typeIsPtrAllocObj(type: number): boolean {
  return (type & BASE_TYPE_MASK) === PTR_TO_BTF_ID && (type & (MEM_ALLOC | PTR_UNTRUSTED)) === MEM_ALLOC;
}

/** A non-owning reference to a graph node. */
export function typeIsNonOwningRef(type: number): boolean {
  return typeIsPtrAllocObj(type) && (type & NON_OWN_REF) !== 0;
}

/** Is there any flag other than {@link REG_TRUSTED_MODIFIERS}? Such a pointer is not trusted by its type. */
export function typeHasUnsafeModifiers(type: number): boolean {
  return (typeFlag(type) & ~REG_TRUSTED_MODIFIERS) !== 0;
}

/** Is a dynptr of this kind backed by a reference that must be released? */
export function dynptrTypeReferenced(type: number): boolean {
  return type === BPF_DYNPTR_TYPE_RINGBUF || type === BPF_DYNPTR_TYPE_FILE;
}

/** The dynptr kind that an argument's flags name. */
export function argToDynptrType(argType: number): number {
  switch (argType & DYNPTR_TYPE_FLAG_MASK) {
    case DYNPTR_TYPE_LOCAL:
      return BPF_DYNPTR_TYPE_LOCAL;
    case DYNPTR_TYPE_RINGBUF:
      return BPF_DYNPTR_TYPE_RINGBUF;
    case DYNPTR_TYPE_SKB:
      return BPF_DYNPTR_TYPE_SKB;
    case DYNPTR_TYPE_XDP:
      return BPF_DYNPTR_TYPE_XDP;
    case DYNPTR_TYPE_SKB_META:
      return BPF_DYNPTR_TYPE_SKB_META;
    case DYNPTR_TYPE_FILE:
      return BPF_DYNPTR_TYPE_FILE;
    default:
      return BPF_DYNPTR_TYPE_INVALID;
  }
}

const DYNPTR_FLAGS = [
  0,
  DYNPTR_TYPE_LOCAL,
  DYNPTR_TYPE_RINGBUF,
  DYNPTR_TYPE_SKB,
  DYNPTR_TYPE_XDP,
  DYNPTR_TYPE_SKB_META,
  DYNPTR_TYPE_FILE,
];

/** The argument flag of a dynptr kind. */
export function dynptrTypeFlag(type: number): number {
  return DYNPTR_FLAGS[type];
}

// --- names in the log ----------------------------------------------------------------------------------

const REG_TYPE_NAMES: readonly string[] = [
  '?',
  'scalar',
  'ctx',
  'map_ptr',
  'map_value',
  'map_key',
  'fp',
  'pkt_meta',
  'pkt',
  'pkt_end',
  'flow_keys',
  'sock',
  'sock_common',
  'tcp_sock',
  'tp_buffer',
  'xdp_sock',
  'ptr_',
  'mem',
  'arena',
  'buf',
  'func',
  'insn',
  'dynptr_ptr',
];

const REG_FLAG_NAMES: readonly (readonly [number, string])[] = [
  [MEM_RDONLY, 'rdonly_'],
  [MEM_RINGBUF, 'ringbuf_'],
  [MEM_USER, 'user_'],
  [MEM_PERCPU, 'percpu_'],
  [MEM_RCU, 'rcu_'],
  [PTR_UNTRUSTED, 'untrusted_'],
  [PTR_TRUSTED, 'trusted_'],
];

/** Names of the base types of registers, `?` for uninitialised ones, and what may stand before them. */
export const BASE_TYPE_NAMES: readonly string[] = REG_TYPE_NAMES;
export const REG_TYPE_PREFIXES: readonly string[] = REG_FLAG_NAMES.map(([, name]) => name);

/** The name of a register type as the log prints it, e.g. `trusted_ptr_or_null_`. */
export function regTypeStr(type: number): string {
  const base = baseType(type);
  let text = '';
  for (const [flag, name] of REG_FLAG_NAMES) if (type & flag) text += name;
  // the kernel formats the prefix into 64 bytes
  text = text.slice(0, 63) + REG_TYPE_NAMES[base];
  if (type & PTR_MAYBE_NULL) text += base === PTR_TO_BTF_ID ? 'or_null_' : '_or_null';
  return text;
}

const DYNPTR_NAMES: readonly string[] = ['<invalid>', 'local', 'ringbuf', 'skb', 'xdp', 'skb_meta', 'file'];

/** The name of a dynptr kind as the log prints it. */
export function dynptrTypeStr(type: number): string {
  return DYNPTR_NAMES[type] ?? '<unknown>';
}

const ITER_STATE_NAMES: readonly string[] = ['<invalid>', 'active', 'drained'];

/** The name of an iterator's state as the log prints it. */
export function iterStateStr(state: number): string {
  return ITER_STATE_NAMES[state] ?? '<unknown>';
}
