import type { RulePage } from '../page.ts';

export const lockNotHeld: RulePage = {
  rules: ['kfunc.lockNotHeld', 'kfunc.heldElsewhere'],
  title: 'The lock of this list or tree must be held',
  explanation:
    'Lists and trees (bpf_list_head, bpf_rb_root) are changed and searched only while the bpf_spin_lock in the same map value, section or object is held. Take it right before, give it back right after; what was found in the tree may be used only in between.',
  rationale: 'Two CPUs that change a list at once leave pointers that lead anywhere.',
  failing: `.prog   tc
.c
struct node { struct bpf_rb_node link; long key; };
private(A) struct bpf_spin_lock glock;
private(A) struct bpf_rb_root groot __contains(node, link);
.endc
main:   r1 = groot ll
        call bpf_rbtree_first
        r0 = 0
        exit
`,
  fixed: `.prog   tc
.c
struct node { struct bpf_rb_node link; long key; };
private(A) struct bpf_spin_lock glock;
private(A) struct bpf_rb_root groot __contains(node, link);
.endc
main:   r1 = glock ll
        call bpf_spin_lock
        r1 = groot ll
        call bpf_rbtree_first
        r1 = glock ll
        call bpf_spin_unlock
        r0 = 0
        exit
`,
  related: ['context.insideSpinLock', 'context.unlockWithoutLock', 'kfunc.rbNodeKind', 'lock.callUnderLock'],
  fixes: [],
};
