import {
  KF_ACQUIRE,
  KF_FORBID_FAULT,
  KF_RELEASE,
  KF_RET_NULL,
  KF_SPIN_LOCK,
  KF_ITER_NEXT,
} from './kfunc-flags.ts';

/** What a set of semantics changes in the tables: flags of kfuncs and kfuncs that 7.3 does not have. */
export interface Overlay {
  /** Kfunc name → flags that replace the kernel's. */
  readonly flags: ReadonlyMap<string, number>;
  /** Kfuncs added: name, flags, hooks. */
  readonly added: readonly {
    readonly name: string;
    readonly flags: number;
    readonly hooks: readonly string[];
  }[];
}

/** The split of task_vma iteration: acquiring forbids faulting, a release of its own ends that. */
export const FORBID_FAULT_OVERLAY: Overlay = {
  flags: new Map([['bpf_iter_task_vma_next', KF_ACQUIRE | KF_RET_NULL | KF_ITER_NEXT | KF_FORBID_FAULT]]),
  added: [{ name: 'bpf_iter_task_vma_release', flags: KF_RELEASE, hooks: ['COMMON'] }],
};

/** Kfuncs of the UFQ block scheduler, which came with KF_SPIN_LOCK. */
export const UFQ_OVERLAY: Overlay = {
  flags: new Map(),
  added: [
    { name: 'bpf_request_acquire', flags: KF_ACQUIRE | KF_RET_NULL, hooks: ['STRUCT_OPS', 'SYSCALL'] },
    { name: 'bpf_request_release', flags: KF_RELEASE, hooks: ['STRUCT_OPS', 'SYSCALL'] },
    { name: 'bpf_request_bio_try_merge', flags: KF_SPIN_LOCK, hooks: ['STRUCT_OPS', 'SYSCALL'] },
    { name: 'bpf_request_try_merge', flags: KF_SPIN_LOCK, hooks: ['STRUCT_OPS', 'SYSCALL'] },
  ],
};
