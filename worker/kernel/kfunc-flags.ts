/** Flags of kfuncs, with the kernel's values. */
export const KF_ACQUIRE = 1 << 0;
export const KF_RELEASE = 1 << 1;
export const KF_RET_NULL = 1 << 2;
export const KF_SLEEPABLE = 1 << 5;
export const KF_DESTRUCTIVE = 1 << 6;
export const KF_RCU = 1 << 7;
export const KF_ITER_NEW = 1 << 8;
export const KF_ITER_NEXT = 1 << 9;
export const KF_ITER_DESTROY = 1 << 10;
export const KF_RCU_PROTECTED = 1 << 11;
export const KF_FASTCALL = 1 << 12;
export const KF_ARENA_RET = 1 << 13;
export const KF_ARENA_ARG1 = 1 << 14;
export const KF_ARENA_ARG2 = 1 << 15;
export const KF_IMPLICIT_ARGS = 1 << 16;
/** May run under bpf_spin_lock. Proposed as KF_SPIN_LOCK, landed under this name. */
export const KF_SPINLOCK_SAFE = 1 << 17;
export const KF_SPIN_LOCK = KF_SPINLOCK_SAFE;
export const KF_PERFMON = 1 << 18;
/** Proposed: a reference that forbids faulting while held. Its bit collides with KF_SPIN_LOCK's in the mails; 19 here. */
export const KF_FORBID_FAULT = 1 << 19;

export const KF_ITER_MASK = KF_ITER_NEW | KF_ITER_NEXT | KF_ITER_DESTROY;

/** Flag names in bit order, as `KF_…` without the prefix. */
export const KFUNC_FLAG_NAMES: readonly (readonly [number, string])[] = [
  [KF_ACQUIRE, 'ACQUIRE'],
  [KF_RELEASE, 'RELEASE'],
  [KF_RET_NULL, 'RET_NULL'],
  [KF_SLEEPABLE, 'SLEEPABLE'],
  [KF_DESTRUCTIVE, 'DESTRUCTIVE'],
  [KF_RCU, 'RCU'],
  [KF_ITER_NEW, 'ITER_NEW'],
  [KF_ITER_NEXT, 'ITER_NEXT'],
  [KF_ITER_DESTROY, 'ITER_DESTROY'],
  [KF_RCU_PROTECTED, 'RCU_PROTECTED'],
  [KF_FASTCALL, 'FASTCALL'],
  [KF_ARENA_RET, 'ARENA_RET'],
  [KF_ARENA_ARG1, 'ARENA_ARG1'],
  [KF_ARENA_ARG2, 'ARENA_ARG2'],
  [KF_IMPLICIT_ARGS, 'IMPLICIT_ARGS'],
  [KF_SPINLOCK_SAFE, 'SPINLOCK_SAFE'],
  [KF_PERFMON, 'PERFMON'],
  [KF_FORBID_FAULT, 'FORBID_FAULT'],
];

/** Other spellings that people write, with what they mean. */
const FLAG_ALIASES: ReadonlyMap<string, number> = new Map([['SPIN_LOCK', KF_SPIN_LOCK]]);

/** The bit of a flag by name, with or without `KF_`; 0 if there is no such flag. */
export function kfuncFlag(name: string): number {
  const bare = name.startsWith('KF_') ? name.slice(3) : name;
  for (const [bit, known] of KFUNC_FLAG_NAMES) if (known === bare) return bit;
  return FLAG_ALIASES.get(bare) ?? 0;
}

/** `KF_ACQUIRE | KF_RET_NULL`, or `0`. */
export function kfuncFlagsText(flags: number): string {
  const names = KFUNC_FLAG_NAMES.filter(([bit]) => flags & bit).map(([, name]) => `KF_${name}`);
  return names.join(' | ') || '0';
}
