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
    [0],
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
  "a loop that releases before the next turn": [
    [0],
  ],
  "a static function that releases on some turns": [
    [0],
  ],
  "a turn that sleeps before it releases": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "what one branch released, the other still holds, with a checkpoint where they meet": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "next when the loop has ended": [
    [0],
  ],
  "a global function that calls what sleeps, while held": [
    [22,"call.sleepableGlobal","sleepable global function f() called in nofault region"],
  ],
  "a global function with a sleepable kfunc, while held": [
    [22,"call.sleepableGlobal","sleepable global function f() called in nofault region"],
  ],
  "a static function sleeps while its caller holds": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "a sleepable kfunc, held, in a program that cannot sleep": [
    [13,"kfunc.programNotSleepable","program must be sleepable to call sleepable kfunc bpf_copy_from_user_str"],
  ],
  "held, and in an RCU section, before a sleepable kfunc": [
    [13,"kfunc.sleepableWithin","kernel func bpf_copy_from_user_str is sleepable within rcu_read_lock region"],
  ],
  "release with a map": [
    [22,"kfunc.iterPointer","R1 expected pointer to an iterator on stack"],
  ],
  "release with the VMA itself": [
    [22,"kfunc.iterPointer","R1 expected pointer to an iterator on stack"],
  ],
  "a release whose argument is of no iterator’s type": [
    [22,"kfunc.iterType","expected valid iter pointer as R1"],
  ],
  "exit without destroy, the VMA held": [
    [22,"context.referenceLeak","Unreleased reference id=1 alloc_insn=5"],
  ],
  "a VMA after the next next": [
    [13,"memory.invalid-access","R6 invalid mem access 'scalar'"],
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
  "put into a map: sleeping is allowed": [
    [0],
  ],
  "two held, one released": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "both released": [
    [0],
  ],
  "the flag without KF_ACQUIRE": [
    [0],
  ],
  "before the test for NULL it counts as held": [
    [22,"call.sleepableHelper","sleepable helper bpf_copy_from_user#148 in nofault region"],
  ],
  "7.3 lets the loop sleep": [
    [0],
  ],
  "7.3 does not release through an iterator": [
    [22,"kfunc.releaseUnreferenced","release kfunc let_go expects referenced PTR_TO_BTF_ID passed to R1"],
  ],
  "7.3 does not remember what a next acquired": [
    [22,"context.referenceLeak","Unreleased reference id=3 alloc_insn=8"],
  ],
  "7.3 does not know the flag": [
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
  "a map’s lock and its value": [
    [0],
  ],
  "a helper under a map’s lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "a kfunc without the flag under a map’s lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "an RCU section under a map’s lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "an exit under a lock": [
    [22,"context.insideSpinLock","BPF_EXIT instruction in main prog cannot be used inside bpf_spin_lock-ed region"],
  ],
  "the lock once more": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "a reference that is taken under a lock": [
    [22,"lock.callUnderLock","function calls are not allowed while holding a lock"],
  ],
  "a global function under a lock": [
    [22,"call.globalUnderLock","global function calls are not allowed while holding a lock,\nuse static function instead"],
  ],
  "before: a global function under a lock": [
    [22,"call.globalUnderLock","global function calls are not allowed while holding a lock,\nuse static function instead"],
  ],
  "before: a function of the program": [
    [0],
  ],
  "before: bpf_kptr_xchg aside, no helper": [
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
