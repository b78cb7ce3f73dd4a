/** What a kfunc flag means, in a few words. */
export const FLAG_WORDS: Readonly<Record<string, string>> = {
  KF_ACQUIRE: 'returns a reference that must be released',
  KF_RELEASE: 'releases the reference it is given',
  KF_RET_NULL: 'may return NULL',
  KF_SLEEPABLE: 'may sleep',
  KF_DESTRUCTIVE: 'needs CAP_SYS_BOOT',
  KF_RCU: 'takes RCU-protected pointers',
  KF_ITER_NEW: 'creates an iterator',
  KF_ITER_NEXT: 'advances an iterator',
  KF_ITER_DESTROY: 'ends an iterator',
  KF_RCU_PROTECTED: 'only in an RCU section',
  KF_FASTCALL: 'keeps scratch registers',
  KF_ARENA_RET: 'returns an arena pointer',
  KF_ARENA_ARG1: 'first argument is an arena pointer',
  KF_ARENA_ARG2: 'second argument is an arena pointer',
  KF_IMPLICIT_ARGS: 'the kernel adds arguments',
  KF_SPINLOCK_SAFE: 'may be called while a lock is held',
  KF_PERFMON: 'needs CAP_PERFMON',
  KF_FORBID_FAULT: 'what it acquires forbids faults while held',
};

/** Flags that people ask about; the others are shown when set or on request. */
export const USUAL_FLAGS: ReadonlySet<string> = new Set([
  'KF_ACQUIRE',
  'KF_RELEASE',
  'KF_RET_NULL',
  'KF_SLEEPABLE',
  'KF_SPINLOCK_SAFE',
  'KF_FORBID_FAULT',
]);
