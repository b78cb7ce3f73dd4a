import { removeCall } from '../fixes/move-call.ts';
import { lockFirst } from '../fixes/unlock.ts';
import type { RulePage } from '../page.ts';

export const unlockWithoutLock: RulePage = {
  rules: ['context.unlockWithoutLock'],
  title: 'No lock is held on this path',
  explanation: 'An unlock needs a lock that was taken before it, on every path that comes here.',
  rationale: 'Unlocking what somebody else holds would let two CPUs change the same data.',
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
out:    r0 = 0
        exit
`,
  related: ['context.insideSpinLock', 'context.unlockDifferent'],
  fixes: [lockFirst, removeCall],
};
