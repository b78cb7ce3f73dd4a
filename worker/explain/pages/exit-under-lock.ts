import { leaveBefore } from '../fixes/unlock.ts';
import type { RulePage } from '../page.ts';

export const exitUnderLock: RulePage = {
  rules: ['context.insideSpinLock'],
  title: 'The lock is still held here',
  explanation:
    'Every path must give the lock back before it leaves the program, makes a tail call, loads from the packet the old way or throws an exception. On the path shown it does not.',
  rationale: 'Nobody else would ever get the lock again.',
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
        r1 = *(u32 *)(r6 + 0)
        if r1 == 0 goto out
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
        r1 = *(u32 *)(r6 + 0)
        if r1 == 0 goto unlock
unlock:
        r1 = r6
        r1 += val.lock
        call bpf_spin_unlock
out:    r0 = 0
        exit
`,
  related: ['context.unlockWithoutLock', 'lock.callUnderLock', 'context.insideRcu', 'context.insidePreempt'],
  fixes: [leaveBefore],
};
