import type { RuleNotes } from './note.ts';

const SPECTRE =
  'A CPU runs ahead with guesses: it may add the wrong number to the pointer before it notices, and leave traces of what it read. For programs without privileges the kernel must be able to mask the arithmetic.';
const POINTERS =
  'The verifier must know at any time what a pointer points to and how far it is from the beginning.';
const LEAK = 'Addresses of the kernel tell an attacker where to aim.';

/** The search itself. */
export const SEARCH_NOTES: RuleNotes = {
  infiniteLoop: [
    'This loop would go round for ever',
    'The verifier came back to an instruction in the same state as before: the next round will be the same again.',
    'A program that does not end would take the CPU away.',
  ],
  tooLarge: [
    'The program is too large to verify',
    'A million instructions were walked without reaching the end of all paths. Loops count each of their rounds, and branches multiply.',
    'The kernel’s work must be bounded.',
    ['search.tooManyJumps', 'search.infiniteLoop'],
  ],
  tooManyJumps: [
    'Too many branches wait to be walked',
    'At 8192 branches in a row the other way was put aside to be walked later; there is no room for more.',
    'Each of them is a copy of the whole state.',
    ['search.tooLarge'],
  ],
  tooManyAsyncJumps: [
    'Too many callbacks wait to be walked',
    'Timer and work callbacks are walked later, and too many wait.',
    'Each of them is a copy of the whole state.',
    ['search.tooManyJumps'],
  ],
  endsInLoop: [
    'The verifier lost count of a loop',
    'A walk left a loop that it had not entered. This is a fault of the kernel’s own bookkeeping, reported as such.',
    'A verifier that is not sure of itself refuses.',
  ],
  outOfProgram: [
    'The walk left the program',
    'This is a fault of the verifier’s own bookkeeping, reported as such.',
    'A verifier that is not sure of itself refuses.',
  ],
};

export const LOCK_NOTES: RuleNotes = {
  callUnderLock: [
    'This may not be called while a lock is held',
    'While a bpf_spin_lock is held only a few functions may be called.',
    'Everybody else who wants the lock waits meanwhile.',
  ],
};

export const LD_ABS_NOTES: RuleNotes = {
  programType: [
    'These packet loads are for socket programs',
    'r0 = skb[…] exists in socket filters, tc and cgroup_skb programs only; others read packets through pointers.',
    'The instruction takes the packet from a struct that only these programs have.',
  ],
  inCallback: [
    'Packet load in a callback',
    'r0 = skb[…] leaves the program when the packet is too short, which a callback cannot.',
    'The helper that called the callback would never be returned to.',
    ['after.ldAbsInCallback'],
  ],
  notSkb: [
    'The packet load needs the ctx in r6',
    'r0 = skb[…] reads the packet of the skb in r6: copy the ctx there first (r6 = r1).',
    'The instruction takes its packet from r6, whatever is in it.',
  ],
};

export const GOTOX_NOTES: RuleNotes = {
  notInsn: [
    'The jump’s target is no instruction',
    'gotox takes an address that was loaded from a jump table (a map of type INSN_ARRAY).',
    'Anything else would be a jump to anywhere.',
    ['gotox.outside'],
  ],
  minTooBig: [
    'The place in the jump table is too far off',
    'The smallest index that is possible does not fit 32 bits.',
    'The verifier walks each entry that the index may select.',
  ],
  maxTooBig: [
    'The place in the jump table is too far off',
    'The largest index that is possible does not fit 32 bits: bound it first.',
    'The verifier walks each entry that the index may select.',
  ],
  outside: [
    'The index may be outside of the jump table',
    'What is known of the index allows for entries before the first or behind the last one. Compare it with the number of entries first.',
    'The jump would go to whatever lies behind the table.',
    ['gotox.notInsn', 'memory.max-outside'],
  ],
};

export const EXIT_NOTES: RuleNotes = {
  leaksAddress: [
    'A pointer is returned',
    'r0 is what the program returns, and it is a pointer of the kernel.',
    LEAK,
    ['exit.notKnown', 'call.leaksAddress'],
  ],
  notKnown: [
    'What is returned is no number',
    'r0 must be a number here; it is a pointer, or was never set.',
    'The caller takes the value as it is and acts on it.',
    ['call.valueOutOfRange'],
  ],
  notScalar: [
    'A global function returns something else than a number',
    'r0 must be a number when a global function ends.',
    'Callers know only its prototype, and take r0 for a number.',
    ['prototype.globalReturn'],
  ],
  exceptionVoid: [
    'The exception callback returns nothing',
    'It must return an int: what the program returns when it throws.',
    'The kernel takes its result for the program’s.',
  ],
  exceptionArgs: [
    'The exception callback has the wrong arguments',
    'It takes exactly one number: the cookie that bpf_throw was given.',
    'The kernel passes nothing else.',
  ],
  extArgs: [
    'The function to replace has too many arguments',
    'freplace programs of functions with more than five arguments are not supported.',
    'Further arguments travel on the stack.',
  ],
};

/** Arithmetic. */
export const ALU_NOTES: RuleNotes = {
  divByZero: [
    'Division by the constant zero',
    'The divisor is the constant 0. (Division by a register that happens to be 0 is defined: the result is 0, the remainder the dividend.)',
    'It is surely a mistake, and machine code for it may trap.',
  ],
  invalidShift: [
    'A shift by more than the width',
    'Constants to shift by must be smaller than 64 (32 for w registers).',
    'CPUs disagree on what such a shift does.',
  ],
  pointerProhibited: [
    'Arithmetic that pointers do not have',
    'Of a pointer only sums and differences with numbers can be taken; this operation is another one (a negation, a byte swap, 32-bit arithmetic …).',
    POINTERS,
    ['alu.operator', 'alu.bitwise'],
  ],
  pointerWithPointer: [
    'Arithmetic between two pointers',
    'Two pointers can only be subtracted from each other (with privileges), and both must be packet pointers or of the same kind.',
    'The result would be neither a valid address nor a number that says anything.',
    ['alu.subtractFromScalar'],
  ],
  signExtendPointer: [
    'Sign extension of a pointer',
    'r1 = (s8)r2 and the like take a part of r2, which is a pointer here.',
    'A part of an address is no pointer any more, but tells of it.',
    ['alu.partialCopy'],
  ],
  partialCopy: [
    'Half of a pointer is copied',
    'w1 = w2 copies the lower 32 bits of r2, which is a pointer here. Use r1 = r2.',
    'Half of an address is no pointer any more, but tells of it.',
    ['alu.pointer32'],
  ],
  castWithoutArena: [
    'An address space cast without an arena',
    'The program uses no arena, so there is nothing to cast between.',
    'The instruction adds the arena’s base address.',
  ],
  arenaMixed: [
    'An instruction that sometimes works on arena pointers',
    'On one path the register is an arena pointer, on another it is not.',
    'The machine code for arena pointers differs, and there is one for all paths.',
    ['memory.different-pointers'],
  ],
  invariants: [
    'The verifier contradicts itself',
    'What is known of a value in its different forms does not fit together; with reg_invariants this is an error.',
    'It would be a fault of the verifier.',
  ],
  pointer32: [
    '32-bit arithmetic on a pointer',
    'w registers hold 32 bits; pointers have 64. Use the r form.',
    'The upper half of the address would be lost.',
    ['alu.partialCopy'],
  ],
  nullable: [
    'Arithmetic on a pointer that may be NULL',
    'The pointer was not compared with NULL yet. Do that first, then add.',
    'NULL plus an offset is not NULL: a later check would not notice.',
    ['memory.invalid-access'],
  ],
  kindProhibited: [
    'Arithmetic on a pointer of this kind',
    'Some pointers cannot be moved: to maps, sockets, the end of the packet, and functions.',
    'They mean one object as a whole, and are only passed on or compared.',
    ['alu.offsetConstant'],
  ],
  offsetConstant: [
    'The constant moves the pointer too far',
    'The number is larger than any object (more than 512 MB).',
    'Offsets that large would overflow the verifier’s own arithmetic.',
    ['alu.offsetUnbounded', 'alu.pointerOffset'],
  ],
  offsetUnbounded: [
    'The number that moves the pointer has no lower bound',
    'The register that is added may be anything, also a huge negative number. Bound it first: use an unsigned comparison, or mask it with &=.',
    'Offsets that large would overflow the verifier’s own arithmetic.',
    ['alu.offsetConstant', 'memory.negative-min'],
  ],
  offsetOutOfBounds: [
    'The number moves the pointer too far',
    'The range of what is added goes beyond 512 MB.',
    'Offsets that large would overflow the verifier’s own arithmetic.',
    ['alu.offsetUnbounded'],
  ],
  pointerOffset: [
    'The pointer’s offset became too large',
    'The sum of what was added to the pointer goes beyond 512 MB.',
    'Offsets that large would overflow the verifier’s own arithmetic.',
    ['alu.offsetConstant'],
  ],
  subtractFromScalar: [
    'A pointer is subtracted from a number',
    'A number minus a pointer is neither.',
    'The result would tell of the address.',
    ['alu.pointerWithPointer'],
  ],
  subtractFromStack: [
    'Subtraction from the frame pointer',
    'Without privileges a number cannot be subtracted from a stack pointer: add a negative constant.',
    SPECTRE,
  ],
  bitwise: [
    'Bit operations on a pointer',
    '&, | and ^ work on numbers only. To align a pointer, align the offset before it is added.',
    POINTERS,
    ['alu.operator'],
  ],
  operator: [
    'Arithmetic that pointers do not have',
    'Pointers can be moved by + and -; they cannot be multiplied, divided or shifted.',
    POINTERS,
    ['alu.bitwise'],
  ],
  mixedBounds: [
    'The number may be positive or negative',
    'Without privileges the number that is added must be known to have one sign.',
    SPECTRE,
    ['alu.differentPaths'],
  ],
  unsupportedType: [
    'Arithmetic on this pointer needs privileges',
    'Without privileges only stack and map value pointers can be moved by numbers that are not constant.',
    SPECTRE,
  ],
  differentPaths: [
    'The arithmetic is not the same on all paths',
    'Without privileges the same instruction must move the same kind of pointer in the same direction on all paths.',
    `${SPECTRE} There is one mask for all paths.`,
    ['alu.mixedBounds'],
  ],
  beyondBounds: [
    'The arithmetic may leave the object',
    'Without privileges the sum itself must stay inside of the object, not only the access.',
    SPECTRE,
    ['alu.mapValueOutOfRange', 'alu.stackOutOfRange'],
  ],
  notPushed: [
    'No room to verify the wrong guess',
    'The path that a CPU would take by mistake could not be put aside.',
    SPECTRE,
  ],
  variableStack: [
    'A stack pointer with a variable offset',
    'Without privileges the offset from r10 must be constant.',
    SPECTRE,
    ['stack.var-off-unpriv'],
  ],
  stackOutOfRange: [
    'The stack pointer leaves the stack',
    'Without privileges the pointer itself must stay within the 512 bytes below r10.',
    SPECTRE,
    ['alu.beyondBounds'],
  ],
  mapValueOutOfRange: [
    'The pointer leaves the map’s value',
    'Without privileges the pointer itself must stay inside of the value, not only the access.',
    SPECTRE,
    ['alu.beyondBounds'],
  ],
};

export const BRANCH_NOTES: RuleNotes = {
  pointerComparison: [
    'A pointer is compared with a number',
    'Without privileges a pointer can be compared with NULL only, and packet pointers with data_end.',
    'By comparing with number after number a program would find the address out.',
    ['exit.leaksAddress'],
  ],
};

export const LD_IMM_NOTES: RuleNotes = {
  noFuncInfo: [
    'A callback without types',
    'To take a function’s address the program must carry func_info.',
    'The callback is checked by its prototype.',
  ],
  callbackNotStatic: [
    'The callback is global',
    'Functions whose address is taken must be static.',
    'Callbacks are walked with the arguments that the helper gives them; global functions are not.',
  ],
  callbackIsMain: [
    'The main function as callback',
    'The main function’s address cannot be taken.',
    'It expects the ctx and its own stack.',
  ],
};
