import type { RuleNotes } from './note.ts';

const LEAK = 'Addresses of the kernel tell an attacker where to aim, and others can read this memory.';

/** Memory of all kinds. */
export const MEMORY_NOTES: RuleNotes = {
  'negative-min': [
    'The offset may be negative',
    'What is known of the offset allows for values below zero. An unsigned comparison, a mask, or a check for >= 0 rules them out.',
    'The access would be before the beginning of the memory.',
    ['memory.min-outside', 'memory.unbounded'],
  ],
  'min-outside': [
    'The access is outside of the memory',
    'Even at the smallest offset that is possible the access is outside.',
    'It would read or write the kernel’s other data.',
    ['memory.max-outside'],
  ],
  unbounded: [
    'The offset has no upper bound',
    'Nothing keeps the offset below the end of the memory: compare it with the size, or mask it.',
    'It would read or write the kernel’s other data.',
    ['memory.max-outside'],
  ],
  'max-outside': [
    'The access may reach beyond the end',
    'At the largest offset that is possible the access ends behind the memory.',
    'It would read or write the kernel’s other data.',
    ['memory.min-outside', 'memory.unbounded'],
  ],
  misaligned: [
    'The access is not aligned',
    'Here the address must be a multiple of the access’s size: pointers on the stack, ctx fields and (with strict alignment) everything else.',
    'Some CPUs cannot do it, and a saved pointer must be in one slot.',
    ['memory.misaligned-packet'],
  ],
  'misaligned-packet': [
    'The access into the packet is not aligned',
    'With strict alignment, the packet’s start counts as 2 bytes off a multiple of 4 (after the Ethernet header IP is aligned).',
    'Some CPUs cannot do it.',
    ['memory.misaligned'],
  ],
  'invalid-access': [
    'This is not a pointer that may be followed',
    'Memory is accessed through pointers whose target is known; this register holds something else.',
    'A wild or NULL pointer in the kernel is a crash or a hole.',
  ],
  'cannot-write': [
    'This memory is read-only',
    'The pointer may be read through, not written through: read-only map, string, or memory that a helper or kfunc lent for reading.',
    'Others rely on it not to change.',
  ],
  'leaks-into-mem': [
    'A pointer is stored in memory that others read',
    'Without privileges, pointers cannot be stored where they can be read as numbers.',
    LEAK,
    ['memory.leaks-into-map'],
  ],
  'leaks-into-map': [
    'A pointer is stored in a map',
    'User space reads maps. Only fields marked __kptr may hold pointers.',
    LEAK,
    ['kptr.type'],
  ],
  'leaks-into-ctx': [
    'A pointer is stored in the ctx',
    'The ctx is read by the kernel and by other programs.',
    LEAK,
  ],
  'leaks-into-packet': ['A pointer is stored in the packet', 'The packet goes out to the network.', LEAK],
  'leaks-into-flow-keys': [
    'A pointer is stored in the flow keys',
    'The kernel reads the flow keys as numbers.',
    LEAK,
  ],
  'untrusted-unpriv': [
    'Reading this needs privileges',
    'Untrusted memory of the kernel is read by programs with CAP_PERFMON only.',
    'It may hold anything.',
  ],
  'var-off': [
    'A variable offset where only constants are allowed',
    'The ctx and some objects are accessed at constant offsets only: their fields are rewritten one by one.',
    'For an offset that is not known, nobody could say which field is meant.',
    ['memory.modified-pointer', 'ctx.invalid-access'],
  ],
  'negative-off': [
    'A negative offset',
    'The pointer was moved before the beginning of the object.',
    'What lies there is something else.',
    ['memory.modified-pointer'],
  ],
  'modified-pointer': [
    'The pointer was moved',
    'Pointers of this kind must be used as they were given: use the offset of the load or store instead of adding to the register.',
    'Accesses to these objects are rewritten field by field, counted from the unmodified pointer.',
    ['memory.var-off'],
  ],
  'different-pointers': [
    'One instruction, two kinds of pointer',
    'On one path this load or store is through one kind of pointer, on another path through another kind that needs other machine code.',
    'There is one machine code for all paths. Give each path its own instruction.',
    ['alu.arenaMixed'],
  ],
  'not-memory': [
    'Memory was expected',
    'The argument must be a pointer to memory that the function may read or write; this register holds something else.',
    'The function follows the pointer without asking.',
    ['call.wrongType'],
  ],
  'size-negative': [
    'The size may be negative',
    'The register that says how many bytes may be below zero: declare it unsigned, mask it, or check it.',
    'As an unsigned number it would be huge.',
    ['memory.size-unbounded'],
  ],
  'size-zero': [
    'The size may be zero',
    'The function wants at least one byte.',
    'It was not written to cope with nothing.',
    ['stack.zero-sized-read', 'memory.size-negative'],
  ],
  'size-unbounded': [
    'The size has no upper bound',
    'Nothing keeps the size below that of the buffer: mask it or compare it first.',
    'The function would read or write beyond the buffer.',
    ['memory.size-negative'],
  ],
  'size-too-large': [
    'The size is larger than any memory',
    'Sizes are limited to 512 MB.',
    'The verifier’s own arithmetic would overflow.',
  ],
  'buffer-var-off': [
    'A variable offset into this buffer',
    'This buffer is accessed at constant offsets only.',
    'Its length is known only when the program is attached, from the largest constant offset.',
  ],
  'buffer-negative': [
    'Before the beginning of the buffer',
    'The offset is negative.',
    'What lies there is something else.',
  ],
  'flow-keys-var-off': [
    'A variable offset into the flow keys',
    'Flow keys are accessed at constant offsets only.',
    'They are a small struct of fixed fields.',
  ],
  'flow-keys': [
    'Outside of the flow keys',
    'The access is beyond struct bpf_flow_keys.',
    'What lies there is something else.',
  ],
  socket: [
    'Not a field of the socket',
    'Sockets are read through a fixed set of fields; this offset and size is none of them, or it is written.',
    'Accesses are translated to the kernel’s own struct, field by field.',
    ['ctx.invalid-access'],
  ],
};
