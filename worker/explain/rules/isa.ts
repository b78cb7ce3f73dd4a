import type { RuleNotes } from './note.ts';

const RESERVED =
  'Fields that mean nothing today may mean something tomorrow. If they could hold anything, old programs would change their meaning with a new kernel.';
const JIT =
  'Every instruction is turned into machine code; there is no meaning that an unknown one could be given.';

/** Instructions as such, looked at one by one before anything else. */
export const ISA_NOTES: RuleNotes = {
  register: [
    'A register that does not exist',
    'An instruction names a register above r10 (r11 only where on-stack arguments are passed). Programs have r0 to r9, and r10 as frame pointer.',
    JIT,
  ],
  wideLoad: [
    'Half of a wide load is missing or wrong',
    'r1 = … ll takes two slots. The second must be all zero but for its immediate; here it is not, or something else stands there.',
    'The second half holds the upper 32 bits of the constant and is never executed: were it an instruction too, a jump could land in it.',
    ['cfg.lastInsnWide', 'cfg.jumpIntoWide'],
  ],
  wideLoadReserved: [
    'A wide load with bits that must be zero',
    'The offset of a wide load must be 0, and a load of a map, variable or function must leave the fields alone that its kind does not use.',
    RESERVED,
  ],
  wideLoadKind: [
    'An unknown kind of wide load',
    'The source register of a wide load says what is loaded: 0 a number, 1 a map, 2 a place in a map’s value, 3 a kernel variable, 4 a function, 5 and 6 a map by its index. Here it is something else.',
    JIT,
  ],
  unknownOpcode: [
    'No such instruction',
    'The opcode byte is not one that this kernel has. Often it is data taken for code, a newer instruction set than the kernel’s, or a size that an operation does not come in.',
    JIT,
  ],
  neg: [
    'Negation with bits that must be zero',
    'r1 = -r1 has neither a source register nor an immediate nor an offset; one of them is set.',
    RESERVED,
  ],
  end: [
    'A byte swap that does not exist',
    'Byte swaps take 16, 32 or 64 as immediate and nothing else. The unconditional swap (bswap) exists in 64-bit form only.',
    RESERVED,
  ],
  mov: [
    'A move with bits that must be zero',
    'A move has either a source register or an immediate, and an offset only for sign extension (8, 16, 32) or address space casts.',
    RESERVED,
  ],
  cast: [
    'An address space cast that does not exist',
    'addr_space_cast turns arena pointers (1) into user pointers (0) or back; no other pair of spaces exists.',
    'Only arenas have two addresses for one byte.',
    ['alu.castWithoutArena'],
  ],
  alu: [
    'Arithmetic with bits that must be zero',
    'The instruction takes a register or an immediate, not both; its offset may be 1 for signed division and remainder only.',
    RESERVED,
  ],
  ldx: [
    'A load with bits that must be zero',
    'A load from memory has no immediate; here it is not 0.',
    RESERVED,
  ],
  stx: [
    'A store with bits that must be zero',
    'A store of a register has no immediate unless it is an atomic operation.',
    RESERVED,
  ],
  st: ['A store with bits that must be zero', 'A store of a constant has no source register.', RESERVED],
  ldAbsInd: [
    'A packet load with bits that must be zero',
    'The old packet loads take an immediate (and r0 = skb[…r1…] a register); offset and destination must be 0, and 8 bytes cannot be loaded at once.',
    RESERVED,
  ],
  call: [
    'A call with bits that must be zero',
    'Calls have no destination register; the source register says what is called: 0 a helper, 1 a function of the program, 2 a kfunc. The offset is for kfuncs of modules only.',
    RESERVED,
  ],
  ja: [
    'A goto with bits that must be zero',
    'An unconditional jump has no registers; goto uses the offset, gotol the immediate, and the other must be 0.',
    RESERVED,
  ],
  jaX: [
    'An indirect jump with bits that must be zero',
    'gotox has a destination register and nothing else.',
    RESERVED,
  ],
  exit: ['An exit with bits that must be zero', 'exit has no operands at all.', RESERVED],
  mayGoto: [
    'may_goto that is not one',
    'The immediate of this jump must be 0 (may_goto) and its registers, too.',
    RESERVED,
  ],
  jump: [
    'A conditional jump with bits that must be zero',
    'A comparison is with a register or with an immediate, not both.',
    RESERVED,
  ],
  atomicSize: [
    'An atomic operation of a size that does not exist',
    'Atomic arithmetic works on 4 or 8 bytes; loads with acquire and stores with release also on 1 and 2.',
    'Other sizes have no atomic machine instruction.',
    ['atomic.size'],
  ],
  atomicOpcode: [
    'No such atomic operation',
    'The immediate of an atomic instruction says which it is: add, or, and, xor (with or without fetch), xchg, cmpxchg, load_acquire, store_release. It is none of these.',
    JIT,
    ['atomic.opcode'],
  ],
};
