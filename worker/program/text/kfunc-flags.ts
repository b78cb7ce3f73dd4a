import { bare, type CFunc, type CType } from '../../btf/c/types.ts';
import {
  KF_ACQUIRE,
  KF_FORBID_FAULT,
  KF_ITER_DESTROY,
  KF_ITER_MASK,
  KF_ITER_NEW,
  KF_ITER_NEXT,
  KF_RCU,
  KF_RCU_PROTECTED,
  KF_RELEASE,
  KF_RET_NULL,
  KF_SLEEPABLE,
  KF_SPIN_LOCK,
} from '../../kernel/kfunc-flags.ts';

/** What is known of a kfunc when its flags are weighed. */
export interface FlagSetting {
  readonly name: string;
  readonly flags: number;
  /** Null where only the flags are written (`.kfunc NAME FLAGS`). */
  readonly proto: CFunc | null;
  readonly semantics: readonly string[];
}

/** A combination of flags that contradicts itself or the prototype. */
interface Contradiction {
  readonly id: string;
  /** Flags that must all be there for the rule to be asked. */
  readonly flags: number;
  readonly holds: (s: FlagSetting) => boolean;
  readonly says: (s: FlagSetting) => string;
}

const always = (): boolean => true;
const unless = (test: (proto: CFunc) => boolean) => (s: FlagSetting) => s.proto !== null && !test(s.proto);
const oneBit = (flags: number): boolean => (flags & (flags - 1)) === 0;

/** What does not go together, and what the verifier makes of it (nothing in the kernel checks most of these). */
const CONTRADICTIONS: readonly Contradiction[] = [
  {
    id: 'iter-several',
    flags: 0,
    holds: (s) => (s.flags & KF_ITER_MASK) !== 0 && !oneBit(s.flags & KF_ITER_MASK),
    says: () => 'of KF_ITER_NEW, KF_ITER_NEXT and KF_ITER_DESTROY a kfunc has one; the kernel refuses to register others.',
  },
  {
    id: 'iter-name',
    flags: 0,
    holds: (s) => (s.flags & KF_ITER_MASK) !== 0 && oneBit(s.flags & KF_ITER_MASK) && s.proto !== null && s.name !== iterName(s.flags, s.proto),
    says: (s) => {
      const wanted = iterName(s.flags, s.proto!);
      return wanted === null
        ? 'the first argument of an iterator’s kfunc is a struct bpf_iter_<type> *; the kernel refuses to register others.'
        : `an iterator’s kfunc on this argument is called ${wanted}; the kernel refuses to register others.`;
    },
  },
  {
    id: 'iter-next-result',
    flags: KF_ITER_NEXT,
    holds: unless((p) => isPointer(p.result)),
    says: () => 'KF_ITER_NEXT needs a pointer as result: NULL is what ends the loop.',
  },
  {
    id: 'iter-next-null',
    flags: KF_ITER_NEXT,
    holds: (s) => (s.flags & KF_RET_NULL) === 0,
    says: () => 'KF_ITER_NEXT without KF_RET_NULL: the result is taken for non-NULL, and the end of the loop cannot be told.',
  },
  {
    id: 'acquire-result',
    flags: KF_ACQUIRE,
    holds: unless((p) => isPointer(p.result)),
    says: () => 'KF_ACQUIRE needs a pointer to a struct as result; every call will be rejected (“acquire kernel function does not return PTR_TO_BTF_ID”).',
  },
  {
    id: 'release-argument',
    flags: KF_RELEASE,
    holds: unless((p) => p.params.some((a) => isPointer(a.type))),
    says: () => 'KF_RELEASE on a kfunc without pointer arguments releases nothing.',
  },
  {
    id: 'forbid-fault-alone',
    flags: KF_FORBID_FAULT,
    holds: (s) => (s.flags & KF_ACQUIRE) === 0,
    says: () => 'KF_FORBID_FAULT marks the reference that KF_ACQUIRE makes; without KF_ACQUIRE it has no effect.',
  },
  {
    id: 'forbid-fault-semantics',
    flags: KF_FORBID_FAULT,
    holds: (s) => s.proto !== null && !s.semantics.includes('kf-forbid-fault'),
    says: () => 'KF_FORBID_FAULT has no effect in Linux 7.3: write .semantics kf-forbid-fault.',
  },
  {
    id: 'sleepable-under-lock',
    flags: KF_SLEEPABLE | KF_SPIN_LOCK,
    holds: always,
    says: () => 'KF_SPIN_LOCK lets the call pass under a lock, and KF_SLEEPABLE rejects it there at once (“is sleepable within lock region”).',
  },
  {
    id: 'sleepable-in-rcu',
    flags: KF_SLEEPABLE | KF_RCU_PROTECTED,
    holds: always,
    says: () => 'KF_RCU_PROTECTED demands an RCU section, and KF_SLEEPABLE forbids the call in one: it can never be called.',
  },
  {
    id: 'release-rcu',
    flags: KF_RELEASE | KF_RCU,
    holds: always,
    says: () => 'KF_RCU accepts pointers that nobody owns, but KF_RELEASE only takes owned ones; KF_RCU has no effect on the released argument.',
  },
];

/** Explains how the flags of a kfunc contradict each other or its prototype; empty if they do not. */
export function flagContradictions(setting: FlagSetting): readonly { readonly id: string; readonly message: string }[] {
  return CONTRADICTIONS.filter((c) => (setting.flags & c.flags) === c.flags && c.holds(setting)).map((c) => ({
    id: `text-kfunc-${c.id}`,
    message: `${setting.name}: ${c.says(setting)}`,
  }));
}

const isPointer = (type: CType): boolean => bare(type).kind === 'ptr';

/** The name that the kernel demands of an iterator's kfunc; null if its first argument is no iterator. */
function iterName(flags: number, proto: CFunc): string | null {
  const first = proto.params.length === 0 ? null : bare(proto.params[0].type);
  if (first === null || first.kind !== 'ptr') return null;
  const target = bare(first.to);
  if (target.kind !== 'struct' || !target.name.startsWith('bpf_iter_')) return null;
  const suffix = flags & KF_ITER_NEW ? 'new' : flags & KF_ITER_DESTROY ? 'destroy' : 'next';
  return `${target.name}_${suffix}`;
}
