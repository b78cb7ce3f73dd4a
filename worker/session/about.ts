import { KFUNC_FLAG_NAMES } from '../kernel/kfunc-flags.ts';
import { KERNEL_VERSION } from '../kernel/generated/version.ts';
import type { Semantics } from '../kernel/model.ts';
import type { About } from '../protocol.ts';

/** The switches in words, in the order to show them. */
export const SEMANTICS: readonly { readonly id: Semantics; readonly title: string; readonly sentence: string }[] = [
  {
    id: 'kf-spin-lock',
    title: 'KF_SPIN_LOCK (RFC v2)',
    sentence: 'Under a bpf_spin_lock a kfunc may be called if it has the flag, modules included; this is the proposal that became KF_SPINLOCK_SAFE in 7.3.',
  },
  {
    id: 'kf-spin-lock-before',
    title: 'Before KF_SPIN_LOCK',
    sentence: 'Under a bpf_spin_lock only a fixed list of the kernel’s own kfuncs may be called (lists, trees, iterators, arena); kfuncs of modules never.',
  },
  {
    id: 'kf-forbid-fault',
    title: 'KF_FORBID_FAULT (v5)',
    sentence: 'A reference may forbid faulting while it is held: the VMA of a task_vma iterator does, until bpf_iter_task_vma_release() gives it back.',
  },
];

/** What this verifier knows of. */
export function about(): About {
  return {
    kernel: KERNEL_VERSION,
    semantics: SEMANTICS,
    kfuncFlags: KFUNC_FLAG_NAMES.map(([bit, name]) => ({ bit, name: `KF_${name}` })),
  };
}
