import type { RuleNotes } from './note.ts';

const BTF =
  'Reads of kernel objects are checked against the struct’s definition, so that they cannot go beyond the object or reinterpret a pointer.';

/** Map keys and values. */
export const MAP_NOTES: RuleNotes = {
  'key-write': [
    'A key cannot be changed',
    'Callbacks and iterators get a pointer to the element’s key, for reading.',
    'A hash map finds its elements by their keys.',
  ],
  'write-forbidden': [
    'The map is read-only for programs',
    'The map was made with BPF_F_RDONLY_PROG (.rodata is such a map), or frozen.',
    'Others, the verifier among them, rely on its contents not to change.',
    ['map.read-forbidden', 'call.writeIntoMap'],
  ],
  'read-forbidden': [
    'The map is write-only for programs',
    'The map was made with BPF_F_WRONLY_PROG.',
    'Whoever made it does not want programs to read it.',
    ['map.write-forbidden'],
  ],
  'field-by-helper': [
    'A helper would overwrite a special field',
    'The buffer that is passed covers a lock, timer, kptr, list or tree in the map’s value.',
    'These fields hold state and pointers of the kernel.',
    ['map.field-direct'],
  ],
  'field-var-off': [
    'A variable offset near a special field',
    'A kptr in a map’s value must be accessed at a constant offset.',
    'The verifier must know which field it is.',
  ],
  'field-misaligned': [
    'Not the whole field',
    'A kptr must be accessed at its own offset.',
    'Half a pointer is none.',
  ],
  'field-size': ['Not the whole field', 'A kptr must be accessed as 8 bytes.', 'Half a pointer is none.'],
  'field-direct': [
    'A special field is read or written directly',
    'Locks, timers, lists, trees and the like in a map’s value are used through their functions only.',
    'They hold state and pointers of the kernel.',
    ['map.field-by-helper'],
  ],
  'insn-array-read': [
    'Not a whole entry of the jump table',
    'Entries of a map of type INSN_ARRAY are read as 8 bytes.',
    'An entry is the address of an instruction.',
    ['gotox.notInsn'],
  ],
  'constant-unreadable': [
    'A constant that cannot be read',
    'The verifier reads constants out of frozen maps with one element only.',
    'Only those have a value at a fixed place.',
  ],
  'no-type': [
    'Maps of this type cannot be looked into',
    'A map pointer is followed as the struct that the map’s type has in the kernel; this type has none that programs may read.',
    'What cannot be checked is not read.',
  ],
  'object-negative': [
    'Before the beginning of the map object',
    'The offset into the map’s own struct is negative.',
    'What lies there is something else.',
  ],
  'object-read-only': [
    'The map object is only read',
    'Programs may read fields of the map’s own struct, not write them.',
    'It belongs to the kernel.',
  ],
};

/** Kernel pointers in map values. */
export const KPTR_NOTES: RuleNotes = {
  mode: [
    'A kptr is accessed in a strange way',
    'A field marked __kptr is loaded and stored by plain 8-byte instructions, not by atomic ones.',
    'It holds a pointer that others may take out at the same time.',
  ],
  'store-ref': [
    'A referenced kptr is overwritten',
    'What a __kptr field holds is owned by it: exchange it with bpf_kptr_xchg, which gives the old one back to be released.',
    'What was there would never be released.',
    ['call.kptrUnreferenced'],
  ],
  'store-uptr': [
    'A uptr is overwritten',
    'Fields marked __uptr are set by user space only.',
    'They point to pinned user memory.',
  ],
  'store-imm': [
    'A number other than 0 is stored as a pointer',
    'A kptr field may be cleared with 0, nothing else.',
    'Any other number is a wild pointer.',
  ],
  class: [
    'A kptr is accessed in a strange way',
    'A field marked __kptr is accessed by loads and stores only.',
    'It holds a pointer that others may take out at the same time.',
  ],
  type: [
    'The wrong type for this kptr',
    'The field may hold a pointer to its own type only, at offset 0, unmodified.',
    'Whoever takes it out follows it as that type.',
    ['kptr.type-unref', 'call.wrongBtfType'],
  ],
  'type-unref': [
    'The wrong type for this kptr',
    'An untrusted kptr field may hold a pointer to its own type only.',
    'Whoever takes it out reads it as that type.',
    ['kptr.type'],
  ],
};

export const PACKET_NOTES: RuleNotes = {
  outside: [
    'The packet may be too short',
    'The bytes of a packet may be accessed up to where it was compared with data_end on this path.',
    'What lies behind the packet belongs to others.',
  ],
  'read-only': [
    'The packet is read-only here',
    'Programs of this type may read the packet but not write it (or only after bpf_skb_pull_data and the like made it writable).',
    'The packet may be shared with others.',
  ],
};

export const CTX_NOTES: RuleNotes = {
  'invalid-access': [
    'Not a field of the ctx',
    'The ctx is read and written through a fixed set of fields per program type; this offset and size is none of them.',
    'Accesses are translated to the kernel’s own structs, field by field.',
  ],
  released: [
    'The argument was released',
    'The ctx slot holds a reference that the program owned and gave back.',
    'The object may be gone.',
    ['kfunc.releaseUnreferenced'],
  ],
};

/** Objects with BTF types. */
export const OBJECT_NOTES: RuleNotes = {
  unprivileged: [
    'Reading kernel objects needs privileges',
    'Pointers into the kernel’s own structs are followed by programs with CAP_PERFMON only.',
    'They may hold secrets of anybody.',
  ],
  'not-gpl': [
    'Reading kernel objects is for GPL programs',
    'The program’s licence must be GPL compatible to follow pointers into the kernel’s own structs.',
    'These are internals of the kernel.',
    ['cfg.kfuncLicense'],
  ],
  'var-off': [
    'A variable offset into an object',
    'Fields of the kernel’s structs are accessed at constant offsets only.',
    BTF,
  ],
  negative: ['Before the beginning of the object', 'The offset is negative.', BTF],
  user: [
    'A pointer to user memory',
    'The field is marked __user: it is read with bpf_probe_read_user or bpf_copy_from_user.',
    'User space may have unmapped it.',
    ['object.percpu'],
  ],
  percpu: [
    'A per-CPU pointer',
    'The pointer must first be turned into that of one CPU: bpf_per_cpu_ptr or bpf_this_cpu_ptr.',
    'As it is, it is an offset and no address.',
    ['object.user'],
  ],
  'read-only': [
    'Objects of the kernel are only read',
    'Programs may not write into the kernel’s structs, save for a few fields in struct_ops programs.',
    'The kernel relies on its own data.',
    ['object.cannot-write'],
  ],
  'cannot-write': [
    'This field may not be written',
    'Of this struct only certain fields may be written by programs of this type.',
    'The kernel relies on the others.',
    ['object.read-only'],
  ],
};

export const BTF_NOTES: RuleNotes = {
  'not-a-struct': ['Not a struct', 'The pointer leads to something without fields.', BTF],
  'beyond-struct': [
    'Beyond the end of the struct',
    'Offset and size reach past the struct’s end.',
    BTF,
    ['btf.beyond-member'],
  ],
  'field-without-size': ['A field without a size', 'The field’s type has no size.', BTF],
  'partial-pointer': [
    'Part of a pointer field',
    'A pointer in a struct must be read whole: 8 bytes at its offset.',
    'Half an address is no pointer any more.',
    ['btf.beyond-member'],
  ],
  'multiple-type-tags': [
    'A field with several type tags',
    'The verifier knows fields with one tag (__user, __percpu, __rcu).',
    'Their combination has no meaning.',
  ],
  'beyond-member': [
    'Beyond the end of the field',
    'The access begins in this field and ends behind it. Read the fields one by one, or with bpf_probe_read_kernel.',
    BTF,
    ['btf.beyond-struct', 'btf.no-field'],
  ],
  'no-field': [
    'No field here',
    'The struct has no field at this offset (it is padding, or the kernel’s struct differs from the one that the program was compiled with).',
    BTF,
    ['btf.beyond-member'],
  ],
  'direct-field-access': [
    'This field is used through functions only',
    'Locks, refcounts, list and tree nodes of allocated objects are not read or written directly.',
    'They hold state of the kernel.',
    ['map.field-direct'],
  ],
};

export const ATOMIC_NOTES: RuleNotes = {
  size: [
    'An atomic operation of a size that does not exist',
    'Atomic arithmetic works on 4 or 8 bytes.',
    'Other sizes have no atomic machine instruction.',
    ['isa.atomicSize'],
  ],
  store: [
    'An atomic operation on this memory',
    'Atomic stores work on the stack, map values, arenas and allocated memory; not on the ctx, packets, sockets or flow keys.',
    'Accesses to those are translated field by field, or not atomic.',
    ['atomic.load'],
  ],
  load: [
    'An atomic load from this memory',
    'Loads with acquire work on the stack, map values, arenas and allocated memory; not on the ctx, packets, sockets or flow keys.',
    'Accesses to those are translated field by field, or not atomic.',
    ['atomic.store'],
  ],
  opcode: [
    'No such atomic operation',
    'The immediate of an atomic instruction says which it is; it is none that exists.',
    'There is no machine code for it.',
    ['isa.atomicOpcode'],
  ],
};
