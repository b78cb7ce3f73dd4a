import { kfuncFlagged, semantics } from '../fixes/flags.ts';
import { moveCallOut, removeCall } from '../fixes/move-call.ts';
import type { RulePage } from '../page.ts';

export const callUnderLock: RulePage = {
  rules: ['lock.callUnderLock'],
  title: 'This may not be called while a lock is held',
  explanation:
    'While a bpf_spin_lock is held, a program may call bpf_spin_unlock, bpf_kptr_xchg, its own static functions, and kfuncs that have the flag KF_SPINLOCK_SAFE. No other helper, no kfunc without the flag, no second lock. Before there was the flag (kf-spin-lock-before), a list decided instead: kfuncs of a few families of the kernel’s own, never one of a module.',
  rationale:
    'Code under a spin lock keeps every other CPU that wants the lock waiting, possibly with interrupts off. A function that was not written for this could sleep, take the same lock again, or run for long: the machine would hang. A kfunc’s author says by the flag that it may run there.',
  failing: `.prog   tc
.c
struct val { int cnt; struct bpf_spin_lock lock; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r6 = r0
        r1 = r6
        r1 += val.lock
        call bpf_spin_lock
        call bpf_ktime_get_ns
        r1 = r6
        r1 += val.lock
        call bpf_spin_unlock
out:    r0 = 0
        exit
`,
  fixed: `.prog   tc
.c
struct val { int cnt; struct bpf_spin_lock lock; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:   *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r6 = r0
        r1 = r6
        r1 += val.lock
        call bpf_spin_lock
        r1 = r6
        r1 += val.lock
        call bpf_spin_unlock
        call bpf_ktime_get_ns
out:    r0 = 0
        exit
`,
  related: ['context.insideSpinLock', 'call.globalUnderLock', 'kfunc.sleepableWithin', 'kfunc.lockNotHeld'],
  fixes: [
    moveCallOut,
    semantics('kf-spin-lock-before', 'kf-spin-lock'),
    kfuncFlagged('KF_SPINLOCK_SAFE'),
    removeCall,
  ],
};
