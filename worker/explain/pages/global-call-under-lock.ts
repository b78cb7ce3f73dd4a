import { makeStatic } from '../fixes/flags.ts';
import { moveCallOut } from '../fixes/move-call.ts';
import type { RulePage } from '../page.ts';

export const globalCallUnderLock: RulePage = {
  rules: ['call.globalUnderLock'],
  title: 'A global function may not be called while a lock is held',
  explanation:
    'Global functions are verified once, on their own, for any arguments. What one does is therefore not known at the call, and under a lock it might do what is forbidden there. A static function is walked at every call, with the lock held, and may be called.',
  rationale: 'The price of verifying a function only once is that its callers may assume nothing about it.',
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
        r1 = 1
        call twice
        r1 = r6
        r1 += val.lock
        call bpf_spin_unlock
out:    r0 = 0
        exit
.func global int twice(int x)
twice:  r0 = r1
        r0 += r1
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
        r1 = 1
        call twice
        r1 = r6
        r1 += val.lock
        call bpf_spin_unlock
out:    r0 = 0
        exit
.func int twice(int x)
twice:  r0 = r1
        r0 += r1
        exit
`,
  related: ['lock.callUnderLock', 'call.sleepableGlobal'],
  fixes: [makeStatic, moveCallOut],
};
