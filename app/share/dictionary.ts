/**
 * What programs are mostly made of, so that short programs pack into short links. Each version is frozen for ever:
 * a link names the version it was packed with. To improve it, add a version; never edit one.
 * The commonest text stands last, where references to it are cheapest.
 */
const VERSION_1 = `.prog struct_ops/.prog xdp.prog socket.prog kprobe.prog raw_tp/sys_enter.prog tp_btf/task_newtask.prog cgroup_skb/egress
.prog lsm.s/file_open.prog syscall.prog fentry.s/.prog tc
.license GPL
.semantics kf-spin-lock-before
.semantics kf-spin-lock
.semantics kf-forbid-fault
.unprivileged
.flags strict_alignment
.c
#define __ksym
struct bpf_list_head head __contains(node_data, node);
struct bpf_rb_root root __contains(node_data, node);
struct bpf_rb_node node; struct bpf_list_node node; struct bpf_refcount ref; struct bpf_timer timer; struct bpf_wq work;
struct task_struct __kptr *task; struct task_struct __kptr_untrusted *
enum { union { typedef unsigned long long u64; typedef unsigned int u32; const char *name static volatile
extern void bpf_rcu_read_lock(void) __ksym;
extern void bpf_rcu_read_unlock(void) __ksym;
extern void bpf_preempt_disable(void) __ksym;
extern void bpf_preempt_enable(void) __ksym;
extern void bpf_local_irq_save(unsigned long *flags) __ksym;
extern void bpf_local_irq_restore(unsigned long *flags) __ksym;
extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern struct task_struct *bpf_task_from_pid(int pid) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
extern int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end) __ksym;
extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym;
extern void bpf_iter_num_destroy(struct bpf_iter_num *it) __ksym;
extern int bpf_iter_task_vma_new(struct bpf_iter_task_vma *it, struct task_struct *task, u64 addr) __ksym;
extern struct vm_area_struct *bpf_iter_task_vma_next(struct bpf_iter_task_vma *it) __ksym;
extern void bpf_iter_task_vma_release(struct bpf_iter_task_vma *it__iter) __ksym;
extern void bpf_iter_task_vma_destroy(struct bpf_iter_task_vma *it) __ksym;
extern int bpf_copy_from_user_str(void *dst, u32 dst__sz, const void *unsafe_ptr__ign, u64 flags) __ksym;
__kf_flags(KF_ACQUIRE | KF_RET_NULL | KF_RELEASE | KF_SLEEPABLE | KF_RCU | KF_SPIN_LOCK | KF_SPINLOCK_SAFE | KF_FORBID_FAULT)
struct {
	__uint(type, BPF_MAP_TYPE_HASH); __uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct val);
} m SEC(".maps");
struct val { int cnt; struct bpf_spin_lock lock; };
.endc
.func helper global
.func helper static
call bpf_get_current_task_btf
call bpf_probe_read_kernel
call bpf_ringbuf_reserve
call bpf_ringbuf_submit
call bpf_get_prandom_u32
call bpf_ktime_get_ns
call bpf_copy_from_user
call bpf_map_update_elem
call bpf_spin_unlock
call bpf_spin_lock
call bpf_map_lookup_elem
w0 = w1 += &= |= ^= <<= s>>= may_goto lock *(u8 *)(r1 + *(u16 *)(r2 + *(s32 *)(
if r1 s> r2 goto if r0 != 0 goto loop
if r0 == 0 goto out
*(u32 *)(r10 - 4) = 0
*(u64 *)(r10 - 8) = r1
r9 = r0
r8 = r0
r7 = r0
r6 = r0
r1 = r6
r1 = *(u64 *)(r6 + 0)
r0 = *(u32 *)(r0 + 0)
r3 = r10
r3 += -24
r2 = r10
r2 += -4
r1 = r10
r1 += -16
r1 = m ll
loop:
out:
r0 = 0
exit
`;

const encoder = new TextEncoder();

/** Dictionaries by link version. */
export const DICTIONARIES: ReadonlyMap<number, Uint8Array> = new Map([[1, encoder.encode(VERSION_1)]]);

/** The version that new links are packed with. */
export const NEWEST = 1;
