// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../../testing/cases.ts';

export const RECORDED: Recorded = {
  "a loop that only reads (not sleepable)": [
    [0],
  ],
  "release and copy in a loop": [
    [0],
  ],
  "two nested loops on one task": [
    [0],
  ],
  "to sleep without release": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "a VMA after its release": [
    [13,"memory.invalid-access","R6 invalid mem access 'scalar'"],
  ],
  "release, then sleep": [
    [0],
  ],
  "released twice": [
    [22,"kfunc.noAcquired","no acquired reference to release"],
  ],
  "released without a next": [
    [22,"kfunc.noAcquired","no acquired reference to release"],
  ],
  "nested, only the inner released": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "a break while held, then sleep after destroy": [
    [0],
  ],
  "ended by NULL, then sleep before destroy": [
    [0],
  ],
  "next twice and one destroy": [
    [0],
  ],
  "next twice, the old VMA": [
    [13,"memory.invalid-access","R6 invalid mem access 'scalar'"],
  ],
  "nested, the outer released, the inner held": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "nested, both released": [
    [0],
  ],
  "released on one branch only": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "released, then another turn sleeps too early": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "a sleepable kfunc while held": [
    [13,"kfunc.sleepableWithin","kernel func bpf_copy_from_user_str is sleepable within nofault region"],
  ],
  "a global function that sleeps, while held": [
    [22,"call.sleepableGlobal","sleepable global function f() called in nofault region"],
  ],
  "a global function that does not, while held": [
    [0],
  ],
  "a static function releases for its caller": [
    [0],
  ],
  "held, and in an RCU section": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in rcu_read_lock region"],
  ],
  "held, and not to be preempted": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in non-preemptible region"],
  ],
  "held, and interrupts off": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in IRQ-disabled region"],
  ],
  "a program that cannot sleep, held": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "a program that cannot sleep, released": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in non-sleepable prog"],
  ],
  "release with NULL": [
    [13,"kfunc.possiblyNull","Possibly NULL pointer passed to trusted R1"],
  ],
  "release with a number": [
    [22,"kfunc.iterPointer","R1 expected pointer to an iterator on stack"],
  ],
  "release with a map value": [
    [22,"kfunc.iterPointer","R1 expected pointer to an iterator on stack"],
  ],
  "release of what is no iterator": [
    [22,"kfunc.iterUninitialized","expected an initialized iter_task_vma as R1"],
  ],
  "release of an iterator that is not there": [
    [22,"kfunc.iterUninitialized","expected an initialized iter_task_vma as R1"],
  ],
  "release of an iterator of another kind": [
    [22,"kfunc.iterUninitialized","expected an initialized iter_task_vma as R1"],
  ],
  "release when the loop has ended": [
    [22,"kfunc.noAcquired","no acquired reference to release"],
  ],
  "exit without destroy": [
    [22,"context.referenceLeak","Unreleased reference id=1 alloc_insn=5"],
  ],
  "a VMA after destroy": [
    [13,"memory.invalid-access","R6 invalid mem access 'scalar'"],
  ],
  "a spilled VMA after its release is a number": [
    [0],
  ],
  "what was walked from a VMA stays usable": [
    [0],
  ],
  "sleep between new and next": [
    [0],
  ],
  "NULL was acquired: sleeping is allowed": [
    [0],
  ],
  "held: sleeping is not": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "released: it is again": [
    [0],
  ],
  "before the test for NULL it counts as held": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "7.3 lets the loop sleep": [
    [0],
  ],
  "a module’s kfunc with the flag": [
    [0],
  ],
  "a module’s kfunc without it": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "a module’s kfunc with the flag, in the series’ kernel": [
    [0],
  ],
  "a module’s kfunc without it, in the series’ kernel": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "under a strong lock": [
    [0],
  ],
  "under a strong lock, without it": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "a function of the program": [
    [0],
  ],
  "an exception under a lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "interrupts off under a lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "before: a module’s kfunc with the flag": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "before: a module’s kfunc without it": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "before: under a strong lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "before: a family’s kfunc": [
    [0],
  ],
  "a family’s kfunc by its flag": [
    [0],
  ],
  "a family’s kfunc without the flag": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "before: flags do not count": [
    [0],
  ],
  "before: nor when they are given": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "a flag that is given": [
    [0],
  ],
  "an invented kfunc with the flag": [
    [0],
  ],
  "an invented kfunc without it": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "a sleepable kfunc with the flag": [
    [13,"kfunc.sleepableWithin","kernel func nap is sleepable within lock region"],
  ],
};
