import { also, join, judged, type Says } from '../../testing/cases.ts';
import { END } from '../../testing/scenes.ts';

/** The slots of an iterator, a second one, and of a buffer. */
const IT = -8;
const INNER = -16;

const make = (at = IT): string => `call bpf_get_current_task_btf\nr2 = r0\nr1 = r10\nr1 += ${at}\nr3 = 0\ncall bpf_iter_task_vma_new`;
const call = (what: string, at = IT): string => `r1 = r10\nr1 += ${at}\ncall bpf_iter_task_vma_${what}`;
/** A helper that may sleep, and fault. */
const COPY = `*(u64 *)(r10 - 24) = 0\nr1 = r10\nr1 += -24\nr2 = 8\nr3 = 0\ncall bpf_copy_from_user`;

const says = (errno: number, message: string): Says => ({ why: 'what the proposal’s rules say (its cases beyond the selftests)', errno, message });
const accepted = says(0, '');
const NOFAULT = says(22, 'sleepable helper bpf_copy_from_user#148 in nofault region');

const SLEEPABLE = '.prog fentry.s/__x64_sys_getpgid\n.semantics kf-spin-lock, kf-forbid-fault';

const SELFTESTS = judged(SLEEPABLE, [
  ['a loop that only reads (not sleepable)', 'series_fault/plain_loop', `.prog raw_tp/sys_enter\n${make()}\nloop: ${call('next')}\nif r0 == 0 goto done\nr7 = *(u64 *)(r0 + 0)\nr7 = *(u64 *)(r0 + 8)\ngoto loop\ndone: ${call('destroy')}\n${END}`],
  ['release and copy in a loop', 'series_fault/release_each_turn', `${make()}\nr9 = 0\nloop: ${call('next')}\nif r0 == 0 goto done\nif r9 > 1000 goto done\nr9 += 1\nr7 = *(u64 *)(r0 + 0)\n${call('release')}\n${COPY}\ngoto loop\ndone: ${call('destroy')}\n${END}`],
  ['two nested loops on one task', says(0, ''), `${make()}\n${call('next')}\nif r0 == 0 goto done\n${make(INNER)}\n${call('next', INNER)}\nif r0 == 0 goto inner\nr7 = *(u64 *)(r0 + 0)\ninner: ${call('destroy', INNER)}\ndone: ${call('destroy')}\n${END}`],
  ['to sleep without release', 'series_fault/sleep_while_held', `${make()}\n${call('next')}\nif r0 == 0 goto done\nr7 = *(u64 *)(r0 + 0)\n${COPY}\ndone: ${call('destroy')}\n${END}`],
  ['a VMA after its release', 'series_fault/read_after_release', `${make()}\n${call('next')}\nif r0 == 0 goto done\nr6 = r0\n${call('release')}\nr7 = *(u64 *)(r6 + 8)\ndone: ${call('destroy')}\n${END}`],
  ['release, then sleep', 'series_fault/release_sleep_break', `${make()}\n${call('next')}\nif r0 == 0 goto done\nr7 = *(u64 *)(r0 + 0)\n${call('release')}\n${COPY}\ndone: ${call('destroy')}\n${END}`],
  ['released twice', 'series_fault/released_twice', `${make()}\n${call('next')}\nif r0 == 0 goto done\n${call('release')}\n${call('release')}\ndone: ${call('destroy')}\n${END}`],
  ['released without a next', says(22, 'no acquired reference to release'), `${make()}\n${call('release')}\n${call('destroy')}\n${END}`],
  ['nested, only the inner released', 'series_fault/nested_inner_released', `${make()}\n${call('next')}\nif r0 == 0 goto done\n${make(INNER)}\n${call('next', INNER)}\nif r0 == 0 goto inner\n${call('release', INNER)}\n${COPY}\ninner: ${call('destroy', INNER)}\ndone: ${call('destroy')}\n${END}`],
]);

const FURTHER = judged(SLEEPABLE, [
  ['a break while held, then sleep after destroy', accepted, `${make()}\n${call('next')}\nif r0 == 0 goto done\nr7 = *(u64 *)(r0 + 0)\ndone: ${call('destroy')}\n${COPY}\n${END}`],
  ['ended by NULL, then sleep before destroy', 'series_fault/drained_then_sleep', `${make()}\n${call('next')}\nif r0 == 0 goto none\n${call('destroy')}\n${END}\nnone: ${COPY}\n${call('destroy')}\n${END}`],
  ['next twice and one destroy', accepted, `${make()}\n${call('next')}\nif r0 == 0 goto done\n${call('next')}\ndone: ${call('destroy')}\n${END}`],
  ['next twice, the old VMA', 'series_fault/next_twice_old_ptr', `${make()}\n${call('next')}\nif r0 == 0 goto done\nr6 = r0\n${call('next')}\nif r0 == 0 goto done\nr7 = *(u64 *)(r6 + 0)\ndone: ${call('destroy')}\n${END}`],
  ['nested, the outer released, the inner held', NOFAULT, `${make()}\n${call('next')}\nif r0 == 0 goto done\n${make(INNER)}\n${call('next', INNER)}\nif r0 == 0 goto inner\n${call('release')}\n${COPY}\ninner: ${call('destroy', INNER)}\ndone: ${call('destroy')}\n${END}`],
  ['nested, both released', accepted, `${make()}\n${call('next')}\nif r0 == 0 goto done\n${make(INNER)}\n${call('next', INNER)}\nif r0 == 0 goto inner\n${call('release')}\n${call('release', INNER)}\n${COPY}\ninner: ${call('destroy', INNER)}\ndone: ${call('destroy')}\n${END}`],
  ['released on one branch only', 'series_fault/release_one_branch', `${make()}\n${call('next')}\nif r0 == 0 goto done\nr7 = *(u64 *)(r0 + 0)\nif r7 == 0 goto join\n${call('release')}\njoin: ${COPY}\ndone: ${call('destroy')}\n${END}`],
  ['released, then another turn sleeps too early', 'series_fault/release_then_loop_sleep', `${make()}\n${call('next')}\nif r0 == 0 goto done\n${call('release')}\n${COPY}\n${call('next')}\nif r0 == 0 goto done\n${COPY}\ndone: ${call('destroy')}\n${END}`],
  ['a sleepable kfunc while held', 'series_fault/sleepable_kfunc_held', `${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = r10\nr1 += -24\nr2 = 8\nr3 = 0\nr4 = 0\ncall bpf_copy_from_user_str\ndone: ${call('destroy')}\n${END}`],
  ['a global function that sleeps, while held', says(22, 'sleepable global function f() called in nofault region'), `.func main\n${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = 0\ncall f\ndone: ${call('destroy')}\n${END}\n.func global int f(int a)\n${COPY}\n${END}`],
  ['a global function that does not, while held', 'series_fault/global_calm_held', `.func main\n${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = 0\ncall f\ndone: ${call('destroy')}\n${END}\n.func global int f(int a)\n${END}`],
  ['a static function releases for its caller', 'series_fault/static_release', `.func main\n${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = r10\nr1 += ${IT}\ncall f\n${COPY}\ndone: ${call('destroy')}\n${END}\n.func int f(struct bpf_iter_task_vma *it)\ncall bpf_iter_task_vma_release\n${END}`],
  ['held, and in an RCU section', says(22, 'sleepable helper bpf_copy_from_user#148 in rcu_read_lock region'), `${make()}\n${call('next')}\nif r0 == 0 goto done\ncall bpf_rcu_read_lock\n${COPY}\ncall bpf_rcu_read_unlock\ndone: ${call('destroy')}\n${END}`],
  ['held, and not to be preempted', 'series_fault/held_in_preempt', `${make()}\n${call('next')}\nif r0 == 0 goto done\ncall bpf_preempt_disable\n${COPY}\ncall bpf_preempt_enable\ndone: ${call('destroy')}\n${END}`],
  ['held, and interrupts off', says(22, 'sleepable helper bpf_copy_from_user#148 in IRQ-disabled region'), `${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = r10\nr1 += -32\ncall bpf_local_irq_save\n${COPY}\nr1 = r10\nr1 += -32\ncall bpf_local_irq_restore\ndone: ${call('destroy')}\n${END}`],
  ['a program that cannot sleep, held', 'series_fault/nonsleepable_prog_held', `.prog fentry/__x64_sys_getpgid\n${make()}\n${call('next')}\nif r0 == 0 goto done\n${COPY}\ndone: ${call('destroy')}\n${END}`],
  ['a program that cannot sleep, released', 'series_fault/nonsleepable_prog_released', `.prog fentry/__x64_sys_getpgid\n${make()}\n${call('next')}\nif r0 == 0 goto done\n${call('release')}\n${COPY}\ndone: ${call('destroy')}\n${END}`],
  ['release with NULL', { why: 'as 7.3.4 says it of every iterator kfunc, before it looks at the kind of pointer', errno: 13, message: 'Possibly NULL pointer passed to trusted R1' }, `${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = 0\ncall bpf_iter_task_vma_release\ndone: ${call('destroy')}\n${END}`],
  ['release with a number', says(22, 'R1 expected pointer to an iterator on stack'), `${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = 5\ncall bpf_iter_task_vma_release\ndone: ${call('destroy')}\n${END}`, also({ 'r1 = 5\n': `r1 = r10\nr1 += ${IT}\n` })],
  ['release with a map value', says(22, 'R1 expected pointer to an iterator on stack'), `.c\nint counter;\n.endc\n${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = counter ll\ncall bpf_iter_task_vma_release\ndone: ${call('destroy')}\n${END}`],
  ['release of what is no iterator', says(22, 'expected an initialized iter_task_vma as R1'), `*(u64 *)(r10 - 8) = 0\n${call('release')}\n${END}`],
  ['release of an iterator that is not there', 'series_fault/release_uninit_it', `r1 = r10\nr1 += -8\ncall bpf_iter_task_vma_release\n${END}`],
  ['release of an iterator of another kind', says(22, 'expected an initialized iter_task_vma as R1'), `r1 = r10\nr1 += -8\nr2 = 0\nr3 = 3\ncall bpf_iter_num_new\n${call('release')}\nr1 = r10\nr1 += -8\ncall bpf_iter_num_destroy\n${END}`],
  ['release when the loop has ended', 'series_fault/release_in_drained', `${make()}\n${call('next')}\nif r0 != 0 goto done\n${call('release')}\ndone: ${call('destroy')}\n${END}`],
  ['exit without destroy', says(22, 'Unreleased reference id='), `${make()}\n${call('next')}\n${END}`],
  ['a VMA after destroy', 'series_fault/destroy_then_use', `${make()}\n${call('next')}\nr6 = r0\nif r0 == 0 goto done\ndone: ${call('destroy')}\nr8 = *(u64 *)(r6 + 0)\n${END}`.replace('if r0 == 0 goto done\ndone: ', 'if r0 == 0 goto none\n').replace(`\n${END}`, `\n${END}\nnone: ${call('destroy')}\n${END}`)],
  ['a spilled VMA after its release is a number', 'series_fault/spilled_vma_after_release', `${make()}\n${call('next')}\nif r0 == 0 goto done\n*(u64 *)(r10 - 40) = r0\n${call('release')}\nr7 = *(u64 *)(r10 - 40)\ndone: ${call('destroy')}\n${END}`],
  ['what was walked from a VMA stays usable', accepted, `${make()}\n${call('next')}\nif r0 == 0 goto done\nr6 = *(u64 *)(r0 + 16)\nif r6 == 0 goto done\n${call('release')}\nr7 = *(u32 *)(r6 + 0)\ndone: ${call('destroy')}\n${END}`],
  ['a loop that releases before the next turn', 'series_fault/use_before_release_ok', `${make()}\n${call('next')}\nif r0 == 0 goto done\nr7 = 0\nloop: r1 = *(u64 *)(r0 + 0)\nr7 = *(u64 *)(r0 + 8)\n${call('release')}\n${call('next')}\nif r0 != 0 goto loop\ndone: ${call('destroy')}\n${END}`],
  ['a static function that releases on some turns', 'series_fault/held_across_static_call', `.func main\n${make()}\nloop: ${call('next')}\nif r0 == 0 goto done\nr1 = *(u64 *)(r0 + 0)\nr1 &= 1\nif r1 == 0 goto loop\nr1 = r10\nr1 += ${IT}\ncall f\ngoto loop\ndone: ${call('destroy')}\n${END}\n.func int f(struct bpf_iter_task_vma *it)\ncall bpf_iter_task_vma_release\n${END}`],
  ['a turn that sleeps before it releases', NOFAULT, `${make()}\nr9 = 0\nloop: ${call('next')}\nif r0 == 0 goto done\nif r9 == 0 goto first\n${COPY}\nfirst: ${call('release')}\nr9 = 1\ngoto loop\ndone: ${call('destroy')}\n${END}`],
  ['what one branch released, the other still holds, with a checkpoint where they meet', NOFAULT, `.flags test_state_freq\n${make()}\n${call('next')}\nif r0 == 0 goto done\nr7 = *(u64 *)(r0 + 0)\nif r7 == 0 goto join\n${call('release')}\nr0 = 0\njoin: r0 = 0\nr7 = 0\n${COPY}\ndone: ${call('destroy')}\n${END}`],
  ['next when the loop has ended', accepted, `${make()}\n${call('next')}\nif r0 != 0 goto done\n${call('next')}\nif r0 != 0 goto never\n${COPY}\ndone: ${call('destroy')}\n${END}\nnever: r0 = r1\nexit`],
  ['a global function that calls what sleeps, while held', says(22, 'sleepable global function f() called in nofault region'), `.func main\n${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = 0\ncall f\ndone: ${call('destroy')}\n${END}\n.func global int f(int a)\ncall g\n${END}\n.func int g(void)\n${COPY}\n${END}`],
  ['a global function with a sleepable kfunc, while held', says(22, 'sleepable global function f() called in nofault region'), `.func main\n${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = 0\ncall f\ndone: ${call('destroy')}\n${END}\n.func global int f(int a)\nr1 = r10\nr1 += -24\nr2 = 8\nr3 = 0\nr4 = 0\ncall bpf_copy_from_user_str\n${END}`],
  ['a static function sleeps while its caller holds', NOFAULT, `.func main\n${make()}\n${call('next')}\nif r0 == 0 goto done\ncall f\ndone: ${call('destroy')}\n${END}\n.func int f(void)\n${COPY}\n${END}`],
  ['a sleepable kfunc, held, in a program that cannot sleep', says(13, 'program must be sleepable to call sleepable kfunc bpf_copy_from_user_str'), `.prog fentry/__x64_sys_getpgid\n${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = r10\nr1 += -24\nr2 = 8\nr3 = 0\nr4 = 0\ncall bpf_copy_from_user_str\ndone: ${call('destroy')}\n${END}`],
  ['held, and in an RCU section, before a sleepable kfunc', says(13, 'kernel func bpf_copy_from_user_str is sleepable within rcu_read_lock region'), `${make()}\n${call('next')}\nif r0 == 0 goto done\ncall bpf_rcu_read_lock\nr1 = r10\nr1 += -24\nr2 = 8\nr3 = 0\nr4 = 0\ncall bpf_copy_from_user_str\ncall bpf_rcu_read_unlock\ndone: ${call('destroy')}\n${END}`],
  ['release with a map', says(22, 'R1 expected pointer to an iterator on stack'), `.c\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, long); } m SEC(".maps");\n.endc\n${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = m ll\ncall bpf_iter_task_vma_release\ndone: ${call('destroy')}\n${END}`],
  ['release with the VMA itself', says(22, 'R1 expected pointer to an iterator on stack'), `${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = r0\ncall bpf_iter_task_vma_release\ndone: ${call('destroy')}\n${END}`],
  ['a release whose argument is of no iterator’s type', says(22, 'expected valid iter pointer as R1'), `.c\nextern void let_go(struct task_struct *it__iter) __ksym __kf_flags(KF_RELEASE);\n.endc\n${make()}\n${call('next')}\nif r0 == 0 goto done\nr1 = r10\nr1 += ${IT}\ncall let_go\ndone: ${call('destroy')}\n${END}`],
  ['exit without destroy, the VMA held', says(22, 'Unreleased reference id='), `${make()}\n${call('next')}\nif r0 == 0 goto done\n${END}\ndone: ${call('destroy')}\n${END}`],
  ['a VMA after the next next', says(13, "R6 invalid mem access 'scalar'"), `${make()}\n${call('next')}\nif r0 == 0 goto done\nr6 = r0\n${call('release')}\n${call('next')}\nif r0 == 0 goto done\nr7 = *(u64 *)(r6 + 0)\ndone: ${call('destroy')}\n${END}`],
  ['sleep between new and next', 'series_fault/sleep_between_new_and_next', `${make()}\n${COPY}\n${call('next')}\n${call('destroy')}\n${END}`],
]);

/** A reference that is no iterator's forbids faulting too. */
const PLAIN_REFERENCES = judged(
  `${SLEEPABLE}
.c
extern struct task_struct *hold_task(int pid) __ksym __kf_flags(KF_ACQUIRE | KF_RET_NULL | KF_FORBID_FAULT);
extern void let_go(struct task_struct *p) __ksym __kf_flags(KF_RELEASE);
.endc`,
  [
    ['NULL was acquired: sleeping is allowed', accepted, `r1 = 1\ncall hold_task\nif r0 != 0 goto held\n${COPY}\n${END}\nheld: r1 = r0\ncall let_go\n${END}`],
    ['held: sleeping is not', NOFAULT, `r1 = 1\ncall hold_task\nif r0 == 0 goto out\nr6 = r0\n${COPY}\nr1 = r6\ncall let_go\nout: ${END}`],
    ['released: it is again', accepted, `r1 = 1\ncall hold_task\nif r0 == 0 goto out\nr1 = r0\ncall let_go\n${COPY}\nout: ${END}`],
    ['put into a map: sleeping is allowed', accepted, `.c\nstruct slot { struct task_struct __kptr *task; };\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct slot); } slots SEC(".maps");\n.endc\n*(u64 *)(r10 - 8) = 0\nr2 = r10\nr2 += -8\nr1 = slots ll\ncall bpf_map_lookup_elem\nif r0 == 0 goto out\nr7 = r0\nr1 = 1\ncall hold_task\nif r0 == 0 goto out\nr1 = r7\nr2 = r0\ncall bpf_kptr_xchg\nif r0 == 0 goto gone\nr1 = r0\ncall bpf_task_release\ngone: ${COPY}\nout: ${END}`],
    ['two held, one released', NOFAULT, `r1 = 1\ncall hold_task\nif r0 == 0 goto out\nr6 = r0\nr1 = 2\ncall hold_task\nif r0 == 0 goto one\nr1 = r0\ncall let_go\n${COPY}\none: r1 = r6\ncall let_go\nout: ${END}`],
    ['both released', accepted, `r1 = 1\ncall hold_task\nif r0 == 0 goto out\nr6 = r0\nr1 = 2\ncall hold_task\nif r0 == 0 goto one\nr1 = r0\ncall let_go\none: r1 = r6\ncall let_go\n${COPY}\nout: ${END}`],
    ['the flag without KF_ACQUIRE', accepted, `.c\nextern struct task_struct *glance(int pid) __ksym __kf_flags(KF_RET_NULL | KF_FORBID_FAULT);\n.endc\nr1 = 1\ncall glance\nif r0 == 0 goto out\n${COPY}\nout: ${END}`],
    ['before the test for NULL it counts as held', NOFAULT, `r1 = 1\ncall hold_task\nr6 = r0\n${COPY}\nif r6 == 0 goto out\nr1 = r6\ncall let_go\nout: ${END}`],
  ],
);

/** Under the rules of 7.3 as it is, the same iterator holds nothing. */
const RELEASED_KERNEL = judged('.prog fentry.s/__x64_sys_getpgid', [
  ['7.3 lets the loop sleep', { why: 'Linux 7.3 copies the VMA', errno: 0, message: '' }, `${make()}\n${call('next')}\nif r0 == 0 goto done\n${COPY}\ndone: ${call('destroy')}\n${END}`],
  ['7.3 does not release through an iterator', { why: 'Linux 7.3 asks for an acquired pointer, whatever the argument is called', errno: 22, message: 'release kfunc let_go expects referenced PTR_TO_BTF_ID passed to R1' }, `.c\nextern void let_go(struct bpf_iter_task_vma *it__iter) __ksym __kf_flags(KF_RELEASE);\n.endc\n${make()}\nr1 = r10\nr1 += ${IT}\ncall let_go\n${call('destroy')}\n${END}`],
  ['7.3 does not remember what a next acquired', { why: 'Linux 7.3 has no place for it: what was acquired is not given back when there is no element', errno: 22, message: 'Unreleased reference id=' }, `.kfunc bpf_iter_task_vma_next KF_ITER_NEXT | KF_ACQUIRE | KF_RET_NULL\n${make()}\n${call('next')}\nif r0 != 0 goto out\n${call('destroy')}\n${END}\nout: ${call('destroy')}\n${END}`],
  ['7.3 does not know the flag', { why: 'nothing in Linux 7.3 reads bit 19', errno: 0, message: '' }, `.c\nextern struct task_struct *hold_task(int pid) __ksym __kf_flags(KF_ACQUIRE | KF_RET_NULL | KF_FORBID_FAULT);\nextern void let_go(struct task_struct *p) __ksym __kf_flags(KF_RELEASE);\n.endc\nr1 = 1\ncall hold_task\nif r0 == 0 goto out\nr6 = r0\n${COPY}\nr1 = r6\ncall let_go\nout: ${END}`],
]);

const SERIES = '.semantics kf-spin-lock, kf-forbid-fault';
const LOCKS = `.prog tc
.c
struct guarded { long a; struct bpf_spin_lock lock; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct guarded); } m SEC(".maps");
private(A) struct bpf_spin_lock one;
private(B) struct bpf_res_spin_lock strong;
.endc`;
const under = (inside: string): string => `r1 = one ll\ncall bpf_spin_lock\n${inside}\nr1 = one ll\ncall bpf_spin_unlock\n${END}`;
const underStrong = (inside: string): string => `r1 = strong ll\ncall bpf_res_spin_lock\nif r0 != 0 goto out\n${inside}\nr1 = strong ll\ncall bpf_res_spin_unlock\nout: ${END}`;
/** With r7 = a value of `m`, inside its lock. */
const locked = (inside: string): string => `${SERIES}\n*(u32 *)(r10 - 4) = 0\nr2 = r10\nr2 += -4\nr1 = m ll\ncall bpf_map_lookup_elem\nr7 = r0\nif r7 == 0 goto out\nr1 = r7\nr1 += guarded.lock\ncall bpf_spin_lock\n${inside}\nr1 = r7\nr1 += guarded.lock\ncall bpf_spin_unlock\nout: ${END}`;
const SAFE_OF_MODULE = 'r1 = 42\ncall bpf_testmod_test_mod_kfunc';
const UNSAFE_OF_MODULE = 'call bpf_kfunc_trigger_ctx_check';
const NUM = 'r1 = r10\nr1 += -8\nr2 = 0\nr3 = 3\ncall bpf_iter_num_new\nr1 = r10\nr1 += -8\ncall bpf_iter_num_destroy';
const NO_CALLS = says(22, 'function calls are not allowed while holding a lock');
const BEFORE: Says = { ...NO_CALLS, why: 'before the proposal, kfuncs of modules were never allowed under a lock' };
const before = (text: string): string => `.semantics kf-spin-lock-before\n${text}`;

const SPIN_LOCK = judged(LOCKS, [
  ['a module’s kfunc with the flag', { why: 'the kernel’s own test of it', errno: 0, message: '' }, under(SAFE_OF_MODULE)],
  ['a module’s kfunc without it', 'kfunc_call_fail/kfunc_call_test_spin_lock_unsafe', under(UNSAFE_OF_MODULE)],
  ['a module’s kfunc with the flag, in the series’ kernel', 'series_lock/glock_mod_safe', `.semantics kf-spin-lock, kf-forbid-fault\n${under(SAFE_OF_MODULE)}`],
  ['a module’s kfunc without it, in the series’ kernel', 'series_lock/glock_mod_unsafe', `.semantics kf-spin-lock, kf-forbid-fault\n${under(UNSAFE_OF_MODULE)}`],
  ['under a strong lock', 'series_lock/rlock_mod_safe', `.semantics kf-spin-lock, kf-forbid-fault\n${underStrong(SAFE_OF_MODULE)}`],
  ['under a strong lock, without it', 'series_lock/rlock_unsafe', `.semantics kf-spin-lock, kf-forbid-fault\n${underStrong('call bpf_preempt_disable')}`],
  ['a map’s lock and its value', 'series_lock/map_lock_plain', locked('r1 = *(u64 *)(r7 + 0)\nr1 += 1\n*(u64 *)(r7 + 0) = r1')],
  ['a helper under a map’s lock', 'series_lock/map_lock_helper', locked('call bpf_get_prandom_u32\n*(u64 *)(r7 + 0) = r0')],
  ['a kfunc without the flag under a map’s lock', 'series_lock/map_lock_unsafe_kfunc', locked('call bpf_preempt_disable')],
  ['an RCU section under a map’s lock', 'series_lock/map_lock_rcu', locked('call bpf_rcu_read_lock')],
  ['an exit under a lock', 'series_lock/glock_exit', `${SERIES}\nr1 = one ll\ncall bpf_spin_lock\n${END}`],
  ['the lock once more', 'series_lock/glock_twice', `${SERIES}\n${under('r1 = one ll\ncall bpf_spin_lock')}`],
  ['a reference that is taken under a lock', 'series_lock/task_acquire_locked', `${SERIES}\n.prog fentry.s/bpf_fentry_test1\n.func main\ncall bpf_get_current_task_btf\nr6 = r0\nr1 = one ll\ncall bpf_spin_lock\nr1 = r6\ncall bpf_task_acquire\nr6 = r0\nr1 = one ll\ncall bpf_spin_unlock\nif r6 == 0 goto out\nr1 = r6\ncall bpf_task_release\nout: ${END}`],
  ['a global function under a lock', says(22, 'use static function instead'), `.func main\n${under('r1 = 0\ncall f')}\n.func global int f(int a)\n${END}`],
  ['before: a global function under a lock', says(22, 'use static function instead'), before(`.func main\n${under('r1 = 0\ncall f')}\n.func global int f(int a)\n${END}`)],
  ['before: a function of the program', says(0, ''), before(`.func main\n${under('call f')}\n.func int f(void)\n${END}`)],
  ['before: bpf_kptr_xchg aside, no helper', NO_CALLS, before(under('call bpf_get_prandom_u32'))],
  ['a function of the program', 'series_lock/glock_static_sub', `.semantics kf-spin-lock, kf-forbid-fault\n${under('call f')}\n.func int f(void)\n${END}`],
  ['an exception under a lock', 'series_lock/glock_throw', `.semantics kf-spin-lock, kf-forbid-fault\n${under('r1 = 0\ncall bpf_throw')}`],
  ['interrupts off under a lock', 'series_lock/glock_irq', `.semantics kf-spin-lock, kf-forbid-fault\n${under('r1 = r10\nr1 += -8\ncall bpf_local_irq_save')}`],
  ['before: a module’s kfunc with the flag', BEFORE, before(under(SAFE_OF_MODULE))],
  ['before: a module’s kfunc without it', BEFORE, before(under(UNSAFE_OF_MODULE))],
  ['before: under a strong lock', BEFORE, before(underStrong(SAFE_OF_MODULE))],
  ['before: a family’s kfunc', { why: 'iter_num is a family', errno: 0, message: '' }, before(under(NUM))],
  ['a family’s kfunc by its flag', { why: 'the families carry the flag', errno: 0, message: '' }, under(NUM)],
  ['a family’s kfunc without the flag', NO_CALLS, `.kfunc bpf_iter_num_new KF_ITER_NEW\n${under(NUM)}`],
  ['before: flags do not count', { why: 'families alone decide', errno: 0, message: '' }, before(`.kfunc bpf_iter_num_new KF_ITER_NEW\n${under(NUM)}`)],
  ['before: nor when they are given', BEFORE, before(`.kfunc bpf_preempt_disable KF_SPIN_LOCK\n${under('call bpf_preempt_disable\ncall bpf_preempt_enable')}`)],
  ['a flag that is given', says(0, ''), `.kfunc bpf_preempt_disable KF_SPIN_LOCK\n.kfunc bpf_preempt_enable KF_SPIN_LOCK\n${under('call bpf_preempt_disable\ncall bpf_preempt_enable')}`],
  ['an invented kfunc with the flag', says(0, ''), `.c\nextern void tick(int n) __ksym __kf_flags(KF_SPIN_LOCK);\n.endc\n${under('r1 = 1\ncall tick')}`],
  ['an invented kfunc without it', NO_CALLS, `.c\nextern void tick(int n) __ksym __kf_flags();\n.endc\n${under('r1 = 1\ncall tick')}`],
  ['a sleepable kfunc with the flag', says(13, 'kernel func nap is sleepable within lock region'), `.prog lsm.s/file_open\n.c\nextern void nap(int n) __ksym __kf_flags(KF_SPIN_LOCK | KF_SLEEPABLE);\n.endc\n${under('r1 = 1\ncall nap')}`],
]);

export const CASES = join(SELFTESTS, FURTHER, PLAIN_REFERENCES, RELEASED_KERNEL, SPIN_LOCK);
