import { also, cases, join } from '../../testing/cases.ts';
import { END } from '../../testing/scenes.ts';

/** Around a cast that leaves r3 to r5 as they are: r3 is kept in a slot that is taken out again, so two stacks of 256 bytes fit. */
const KEPT = `.prog tc
.func main
*(u64 *)(r10 - 256) = 0
call bpf_get_current_task_btf
r1 = r0
r2 = 0
r3 = 7
*(u64 *)(r10 - 264) = r3
call bpf_rdonly_cast
r3 = *(u64 *)(r10 - 264)
call f
${END}
.func int f(void)
r1 = 0
*(u64 *)(r10 - 256) = r1
${END}`;

const KERNEL = cases('.prog fentry.s/bpf_fentry_test1', [
  [
    'KF_FASTCALL: a register kept around a call',
    KEPT,
    { 'call bpf_rdonly_cast': 'r2 = 0\ncall bpf_rdonly_cast' },
    { '= r3\ncall': '= r3\nr0 = *(u64 *)(r10 - 264)\ncall' },
    also({ '*(u64 *)(r10 - 256) = 0\n': '' }),
  ],
  [
    'KF_DESTRUCTIVE: an argument is what fails, not the flag',
    `.prog fentry/bpf_fentry_test1\n${END}`,
    `.prog fentry/bpf_fentry_test1\nr1 = 0\ncall crash_kexec\n${END}`,
    `.prog fentry/bpf_fentry_test1\nr1 = 5\ncall crash_kexec\n${END}`,
  ],
  [
    'KF_PERFMON',
    `.c\nconst char word[4] = "abc";\n.endc\nr1 = word ll\ncall bpf_strlen\n${END}`,
    also({ 'r1 = word ll': 'r1 = 0' }),
    also({ 'r1 = word ll': 'r1 = 5' }),
    { '.c\n': '.unprivileged\n.c\n' },
  ],
  [
    'KF_IMPLICIT_ARGS: what the kernel adds is not passed',
    `.c\nconst char text[3] = "x\\n";\n.endc\nr1 = 1\nr2 = text ll\nr3 = r10\nr3 += -8\n*(u64 *)(r10 - 8) = 0\nr4 = 8\ncall bpf_stream_vprintk\n${END}`,
    { 'r4 = 8\n': '' },
    { 'r1 = 1\n': '' },
    { 'r2 = text ll': 'r2 = 0' },
  ],
]);

const ARENAS = cases(
  `.prog syscall
.c
struct { __uint(type, BPF_MAP_TYPE_ARENA); __uint(map_flags, BPF_F_MMAPABLE); __uint(max_entries, 4); __ulong(map_extra, 0x100000000000); } arena SEC(".maps");
private(A) struct bpf_spin_lock lock;
.endc`,
  [
    [
      'KF_ARENA_RET and KF_ARENA_ARG2: pages of an arena',
      `r1 = arena ll\nr2 = 0\nr3 = 1\nr4 = -1\nr5 = 0\ncall bpf_arena_alloc_pages\nr2 = r0\nr1 = arena ll\nr3 = 1\ncall bpf_arena_free_pages\n${END}`,
      also({ 'r2 = 0\n': 'r2 = 4096\n' }),
      { 'r5 = 0\n': '' },
      { 'r1 = arena ll\nr2 = 0': 'r1 = 0\nr2 = 0' },
      also({ 'r2 = r0': 'r2 = 5' }),
      also({
        'r1 = arena ll\nr2 = 0': 'r1 = lock ll\ncall bpf_spin_lock\nr1 = arena ll\nr2 = 0',
        'r2 = r0\n': 'r6 = r0\nr1 = lock ll\ncall bpf_spin_unlock\nr2 = r6\n',
      }),
    ],
    [
      'what an arena’s kfunc returns',
      `r1 = arena ll\nr2 = 0\nr3 = 1\nr4 = -1\nr5 = 0\ncall bpf_arena_alloc_pages\nr0 = addr_space_cast(r0, 0, 1)\n*(u64 *)(r0 + 0) = 1\n${END}`,
      { 'r0 = addr_space_cast(r0, 0, 1)\n': '' },
    ],
  ],
);

export const CASES = join(KERNEL, ARENAS);
