/**
 * The words of watches. Every table row carries the sentence that completion and the help show: a word that is not here
 * does not exist.
 */
export interface WordRow {
  readonly name: string;
  readonly means: string;
}

/** Numbers that a state or its place in the walk has. Steps, paths and visits count from 1, as the page shows them. */
export const QUANTITIES = [
  { name: 'insn', means: 'number of the instruction that is about to be walked' },
  { name: 'line', means: 'its line in the program text' },
  {
    name: 'frame',
    means: 'number of the innermost frame: 0 in the program itself, 1 in a function it calls',
  },
  { name: 'refs', means: 'references held' },
  { name: 'locks', means: 'locks held' },
  { name: 'rcu', means: 'RCU read sections that are open' },
  { name: 'preempt', means: 'how often preemption was disabled' },
  { name: 'irq', means: 'saved interrupt flags' },
  { name: 'nofault', means: 'held references that forbid faulting' },
  { name: 'step', means: 'number of the step, from 1' },
  { name: 'path', means: 'number of the path, from 1' },
  { name: 'visit', means: 'how often the walk has come to this instruction, from 1' },
] as const satisfies readonly WordRow[];
export type Quantity = (typeof QUANTITIES)[number]['name'];

/** Numbers that a register or spilled register has; of pointers they speak of the offset. */
export const ATTRIBUTES = [
  { name: 'umin', means: 'smallest value, unsigned' },
  { name: 'umax', means: 'largest value, unsigned' },
  { name: 'smin', means: 'smallest value, signed' },
  { name: 'smax', means: 'largest value, signed' },
  { name: 'umin32', means: 'smallest value of the lower half, unsigned' },
  { name: 'umax32', means: 'largest value of the lower half, unsigned' },
  { name: 'smin32', means: 'smallest value of the lower half, signed' },
  { name: 'smax32', means: 'largest value of the lower half, signed' },
  { name: 'id', means: 'its id: what it shares with registers of the same value or object; 0 if none' },
  { name: 'range', means: 'bytes of the packet known to be readable from the pointer' },
] as const satisfies readonly WordRow[];
export type Attribute = (typeof ATTRIBUTES)[number]['name'];

/** What can be held, in the words of the lanes beside the code. */
export const HELD = [
  { name: 'lock', means: 'a lock' },
  { name: 'ref', means: 'a reference' },
  { name: 'rcu', means: 'an RCU read section' },
  { name: 'preempt', means: 'preemption, disabled' },
  { name: 'irq', means: 'interrupts, disabled' },
  { name: 'nofault', means: 'something that forbids faulting' },
] as const satisfies readonly WordRow[];
export type HeldWord = (typeof HELD)[number]['name'];

/** What a place can be, beside the types of registers. */
export const QUALITIES = [
  { name: 'uninit', means: 'not written yet, or no longer readable' },
  { name: 'pointer', means: 'any pointer, also one that may be NULL' },
  { name: 'nullable', means: 'a pointer that may be NULL' },
  { name: 'known', means: 'a number of which every bit is known' },
  { name: 'unknown', means: 'a number of which nothing is known' },
  { name: 'precise', means: 'a number whose exact value something relied on' },
  { name: 'spill', means: 'a stack slot that holds a spilled register' },
  { name: 'misc', means: 'a stack slot of bytes of which nothing is known' },
  { name: 'zero', means: 'a stack slot of zero bytes' },
  { name: 'dynptr', means: 'a stack slot of a dynptr' },
  { name: 'iter', means: 'a stack slot of an iterator' },
] as const satisfies readonly WordRow[];
export type Quality = (typeof QUALITIES)[number]['name'];

/** How paths end. */
export const ENDS = [
  { name: 'ends', means: 'the last step of a path, however it ends' },
  { name: 'exits', means: 'the last step of a path that leaves the program' },
  {
    name: 'pruned',
    means: 'the last step of a path that was not walked on, since a state that covers it is safe',
  },
  { name: 'rejected', means: 'the step at which the verifier rejects' },
  { name: 'dead', means: 'the last step of a path that turned out to be impossible' },
  { name: 'begins', means: 'the first step of a path' },
] as const satisfies readonly WordRow[];
export type PathWord = (typeof ENDS)[number]['name'];

/** Verbs and joints. */
export const WORDS = [
  { name: 'becomes', means: '`r1 becomes scalar`: it is one now and was none at the step before' },
  { name: 'is', means: '`r1 is scalar`, `r1 is not scalar`' },
  { name: 'changes', means: '`r1 changes`, `refs changes`: the step before changed it' },
  { name: 'held', means: '`lock held`' },
  { name: 'calls', means: '`calls bpf_spin_lock`: the instruction calls that function' },
  { name: 'path', means: '`path pruned`, `path exits`; also the number of the path' },
  { name: 'speculative', means: 'the walk follows what the processor may speculate' },
  { name: 'and', means: 'both hold' },
  { name: 'or', means: 'at least one holds' },
  { name: 'not', means: 'it does not hold' },
] as const satisfies readonly WordRow[];

/** The row of a table with a name. */
export function rowOf<R extends WordRow>(table: readonly R[], name: string): R | undefined {
  return table.find((row) => row.name === name);
}
