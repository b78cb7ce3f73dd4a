import type { RuleNotes } from './note.ts';

const OLD = 'Old stack contents belong to whoever ran before, and may hold addresses.';
const SPECTRE =
  'A CPU that runs ahead with a wrong guess would access another slot, and leave traces of what it read.';

/** Reads and writes of the stack. */
export const STACK_NOTES: RuleNotes = {
  'corrupt-spilled-pointer': [
    'Part of a saved pointer is overwritten',
    'A pointer lies in this stack slot, and fewer than 8 bytes of it are written.',
    'A program without privileges could build an address of its own out of the rest.',
  ],
  'spill-size': [
    'A pointer is saved in fewer than 8 bytes',
    'Pointers are stored on the stack whole: *(u64 *)(r10 - 8) = r1.',
    'Part of an address is no pointer any more, but tells of it.',
    ['stack.fill-size'],
  ],
  'spill-to-caller': [
    'A pointer to the own stack is stored in the caller’s',
    'A function may not leave a pointer to its own frame in the frame of its caller.',
    'When the function returns, the frame is gone and the pointer dangles.',
    ['call.returnsStack'],
  ],
  'var-write-spilled': [
    'A write to somewhere on the stack may hit a saved pointer',
    'The offset is not constant, and a pointer lies in the range that it may reach.',
    'Afterwards nobody knows whether the pointer is still there.',
  ],
  'var-write-uninit': [
    'A write to somewhere on the stack, part of which was never written',
    'Without privileges the whole range that a variable offset may reach must have been written before.',
    OLD,
  ],
  'fill-size': [
    'A saved pointer is read in part',
    'A pointer lies in this slot; it must be read back whole: r1 = *(u64 *)(r10 - 8).',
    'Part of an address is no pointer any more, but tells of it.',
    ['stack.spill-size'],
  ],
  'read-poisoned': [
    'A slot is read that nobody was thought to read',
    'The analysis of which slots are read later found this one dead, so that its content was dropped.',
    'It would be a fault of that analysis: the verifier refuses rather than guess.',
    ['stack.range-poisoned'],
  ],
  'read-uninit': [
    'This part of the stack was never written',
    'Bytes of the stack may be read only after they were written on this path.',
    OLD,
  ],
  'leak-spilled-pointer': [
    'A saved pointer is read as a number',
    'Without privileges a pointer that lies on the stack can only be read back as a pointer.',
    'Its address would become known.',
  ],
  'helper-var-off': [
    'A stack buffer at a variable offset',
    'Without privileges the buffer that a helper gets must be at a constant offset.',
    SPECTRE,
  ],
  unbounded: [
    'The offset from the frame pointer has no bounds',
    'The stack has 512 bytes; the offset must be bounded before it is added to r10.',
    'The access could be anywhere.',
    ['stack.var-out-of-bounds'],
  ],
  'out-of-bounds': [
    'Outside of the stack',
    'The stack is the 512 bytes below r10: offsets from -512 to -1.',
    'What lies beyond belongs to the caller or to others.',
    ['after.subprogStack'],
  ],
  'var-out-of-bounds': [
    'The variable offset may leave the stack',
    'The stack is the 512 bytes below r10; what is known of the offset allows for more.',
    'What lies beyond belongs to the caller or to others.',
    ['stack.unbounded'],
  ],
  'zero-sized-read': [
    'A buffer of length zero',
    'The function wants at least one byte of the stack.',
    'It was not written to cope with nothing.',
    ['memory.size-zero'],
  ],
  'var-off-unpriv': [
    'A variable offset into the stack',
    'Without privileges offsets from r10 must be constant.',
    SPECTRE,
    ['alu.variableStack'],
  ],
  'allocated-too-small': [
    'The verifier’s record of the stack is too small',
    'This is a fault of the verifier’s own bookkeeping, reported as such.',
    'A verifier that is not sure of itself refuses.',
  ],
  'range-poisoned': [
    'A buffer with a slot that nobody was thought to read',
    'The analysis of which slots are read later found a slot of this buffer dead, so that its content was dropped.',
    'It would be a fault of that analysis: the verifier refuses rather than guess.',
    ['stack.read-poisoned'],
  ],
  'range-uninit': [
    'Part of the buffer was never written',
    'The function reads the buffer on the stack; all its bytes must be written before, padding included.',
    OLD,
  ],
  'range-uninit-var': [
    'Part of the buffer was never written',
    'The buffer lies at a variable offset; all bytes that it may cover must be written before.',
    OLD,
  ],
};

/** Arguments on the stack. */
export const STACK_ARG_NOTES: RuleNotes = {
  'write-too-far': [
    'Too many on-stack arguments',
    'Arguments beyond the fifth are stored through r11; there is room for seven.',
    'The space for them is laid out before the program runs.',
  ],
  'load-after-store': [
    'On-stack arguments are read too late',
    'A function must read its own on-stack arguments before it stores arguments for others or calls anything.',
    'Both live in the same place.',
  ],
  'read-too-far': [
    'An on-stack argument that was not passed',
    'The function’s caller did not pass so many arguments.',
    'What lies there belongs to others.',
  ],
  uninit: [
    'An on-stack argument was not stored',
    'The called function takes more arguments than were prepared: store them through r11 first.',
    'It would read what somebody else left there.',
  ],
};

/** Dynptrs, iterators and irq flags. */
export const STACK_OBJECT_NOTES: RuleNotes = {
  misplaced: [
    'The object on the stack is not where it must be',
    'Dynptrs, iterators and irq flags lie on the stack, aligned to 8 bytes, at a constant offset.',
    'The verifier keeps their state with the slot.',
    ['call.dynptrExpectsStack', 'kfunc.iterPointer'],
  ],
  'overwrites-dynptr': [
    'A dynptr that holds a reference is overwritten',
    'Release what the dynptr refers to (submit or discard the record) before its slot is used for something else.',
    'What it refers to could never be released.',
    ['context.referenceLeak'],
  ],
  'irq-class': [
    'Interrupts are restored by the wrong function',
    'What bpf_local_irq_save saved is restored by bpf_local_irq_restore; what bpf_res_spin_lock_irqsave saved by its unlock.',
    'The second also gives a lock back.',
  ],
  'irq-order': [
    'Interrupts are restored out of order',
    'Saved flags are restored in reverse order: the last one saved first.',
    'Restoring an outer flag would enable interrupts inside the inner section.',
    ['context.unlockOutOfOrder'],
  ],
};
