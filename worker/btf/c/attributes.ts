/** What attributes and libbpf's macros say about a declaration. */
export interface Attributes {
  /** Type tags waiting for the next pointer. */
  typeTags: string[];
  declTags: string[];
  section: string | null;
  ksym: boolean;
  kconfig: boolean;
  weak: boolean;
  hidden: boolean;
  packed: boolean;
  /** `aligned(n)`; 0: not said. */
  align: number;
  /** `__kf_flags(…)`; null: not said. */
  kfuncFlags: number | null;
}

export function noAttributes(): Attributes {
  return {
    typeTags: [],
    declTags: [],
    section: null,
    ksym: false,
    kconfig: false,
    weak: false,
    hidden: false,
    packed: false,
    align: 0,
    kfuncFlags: null,
  };
}

type Effect = (a: Attributes) => void;

const typeTag =
  (tag: string): Effect =>
  (a) =>
    a.typeTags.push(tag);
const declTag =
  (tag: string): Effect =>
  (a) =>
    a.declTags.push(tag);
const nothing: Effect = () => undefined;

/** Words without arguments that stand for attributes. */
export const ATTRIBUTE_WORDS: ReadonlyMap<string, Effect> = new Map([
  ['__kptr', typeTag('kptr')],
  ['__kptr_untrusted', typeTag('kptr_untrusted')],
  ['__percpu_kptr', typeTag('percpu_kptr')],
  ['__uptr', typeTag('uptr')],
  ['__rcu', typeTag('rcu')],
  ['__user', typeTag('user')],
  ['__percpu', typeTag('percpu')],
  ['__arena', typeTag('arena')],
  ['__arg_ctx', declTag('arg:ctx')],
  ['__arg_nonnull', declTag('arg:nonnull')],
  ['__arg_nullable', declTag('arg:nullable')],
  ['__arg_trusted', declTag('arg:trusted')],
  ['__arg_untrusted', declTag('arg:untrusted')],
  ['__arg_arena', declTag('arg:arena')],
  ['__ksym', (a) => (a.ksym = true)],
  ['__kconfig', (a) => (a.kconfig = true)],
  ['__weak', (a) => (a.weak = true)],
  ['__hidden', (a) => (a.hidden = true)],
  ['__packed', (a) => (a.packed = true)],
  ['__always_inline', nothing],
  ['__noinline', nothing],
  ['noinline', nothing],
  ['inline', nothing],
  ['__inline', nothing],
  ['__used', nothing],
  ['__unused', nothing],
  ['__bpf_fastcall', nothing],
]);

/** Attributes inside `__attribute__((…))` that take no argument and change something. */
export const PLAIN_ATTRIBUTES: ReadonlyMap<string, Effect> = new Map([
  ['packed', (a: Attributes) => (a.packed = true)],
  ['weak', (a: Attributes) => (a.weak = true)],
]);

/** Attributes that are known to make no difference to types or programs. */
export const HARMLESS_ATTRIBUTES = new Set([
  'used',
  'unused',
  'noinline',
  'always_inline',
  'preserve_access_index',
  'bpf_fastcall',
  'gnu_inline',
  'nonnull',
]);
