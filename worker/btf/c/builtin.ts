import { BTF_INT_BOOL, BTF_INT_SIGNED } from '../build.ts';
import type { CType } from './types.ts';

const int = (name: string, size: number, encoding = 0): CType => ({ kind: 'int', name, size, encoding });

/** C's own arithmetic types, by the words that spell them in any order (sorted), as clang names them in BTF. */
export const BASE_TYPES: ReadonlyMap<string, CType> = new Map<string, CType>(
  (
    [
      ['void', { kind: 'void' }],
      ['_Bool', int('_Bool', 1, BTF_INT_BOOL)],
      ['char', int('char', 1, BTF_INT_SIGNED)],
      ['char signed', int('signed char', 1, BTF_INT_SIGNED)],
      ['char unsigned', int('unsigned char', 1)],
      ['short', int('short', 2, BTF_INT_SIGNED)],
      ['short unsigned', int('unsigned short', 2)],
      ['int', int('int', 4, BTF_INT_SIGNED)],
      ['signed', int('int', 4, BTF_INT_SIGNED)],
      ['unsigned', int('unsigned int', 4)],
      ['long', int('long', 8, BTF_INT_SIGNED)],
      ['long unsigned', int('unsigned long', 8)],
      ['long long', int('long long', 8, BTF_INT_SIGNED)],
      ['long long unsigned', int('unsigned long long', 8)],
      ['__int128', int('__int128', 16, BTF_INT_SIGNED)],
      ['__int128 unsigned', int('unsigned __int128', 16)],
      ['float', { kind: 'float', name: 'float', size: 4 }],
      ['double', { kind: 'float', name: 'double', size: 8 }],
    ] as [string, CType][]
  ).map(([words, type]) => [words, type]),
);

/** Words that {@link BASE_TYPES} is made of. */
export const BASE_WORDS = new Set(['void', '_Bool', 'char', 'short', 'int', 'long', 'signed', 'unsigned', '__int128', 'float', 'double', '__signed__', '__u128', '__s128']);

/** Typedefs that BPF people take for granted: name, and the name or words that it stands for. */
const TYPEDEFS: readonly (readonly [string, string])[] = [
  ['bool', '_Bool'],
  ['__u8', 'char unsigned'],
  ['__u16', 'short unsigned'],
  ['__u32', 'unsigned'],
  ['__u64', 'long long unsigned'],
  ['__s8', 'char signed'],
  ['__s16', 'short'],
  ['__s32', 'int'],
  ['__s64', 'long long'],
  ['u8', '__u8'],
  ['u16', '__u16'],
  ['u32', '__u32'],
  ['u64', '__u64'],
  ['s8', '__s8'],
  ['s16', '__s16'],
  ['s32', '__s32'],
  ['s64', '__s64'],
  ['uint8_t', '__u8'],
  ['uint16_t', '__u16'],
  ['uint32_t', '__u32'],
  ['uint64_t', '__u64'],
  ['int8_t', '__s8'],
  ['int16_t', '__s16'],
  ['int32_t', '__s32'],
  ['int64_t', '__s64'],
  ['__le16', '__u16'],
  ['__le32', '__u32'],
  ['__le64', '__u64'],
  ['__be16', '__u16'],
  ['__be32', '__u32'],
  ['__be64', '__u64'],
  ['__sum16', '__u16'],
  ['__wsum', '__u32'],
  ['size_t', 'long unsigned'],
  ['ssize_t', 'long'],
  ['pid_t', 'int'],
];

/** The predefined typedefs, by name. */
export const PREDEFINED_TYPEDEFS: ReadonlyMap<string, CType> = (() => {
  const map = new Map<string, CType>();
  for (const [name, target] of TYPEDEFS) {
    const of = map.get(target) ?? BASE_TYPES.get(target)!;
    map.set(name, { kind: 'typedef', name, of, declTags: [] });
  }
  return map;
})();

const opaque = (name: string, words: number): readonly [string, string] => [
  name,
  `struct ${name} { __u64 __opaque[${words}]; } __attribute__((aligned(8)));`,
];

/**
 * Structs of the BPF interface whose layout programs rely on; a text that names one has its definition without
 * writing it.
 */
export const PREDEFINED_STRUCTS: ReadonlyMap<string, string> = new Map([
  ['bpf_spin_lock', 'struct bpf_spin_lock { __u32 val; };'],
  ['bpf_res_spin_lock', 'struct bpf_res_spin_lock { __u32 val; };'],
  ['bpf_refcount', 'struct bpf_refcount { __u32 __opaque[1]; } __attribute__((aligned(4)));'],
  opaque('bpf_timer', 2),
  opaque('bpf_wq', 2),
  opaque('bpf_task_work', 1),
  opaque('bpf_dynptr', 2),
  opaque('bpf_list_head', 2),
  opaque('bpf_list_node', 3),
  opaque('bpf_rb_root', 2),
  opaque('bpf_rb_node', 4),
  opaque('bpf_iter_num', 1),
  opaque('bpf_iter_bits', 2),
  opaque('bpf_iter_css', 3),
  opaque('bpf_iter_css_task', 1),
  opaque('bpf_iter_task', 3),
  opaque('bpf_iter_task_vma', 1),
  opaque('bpf_iter_kmem_cache', 1),
  opaque('bpf_iter_dmabuf', 1),
  opaque('bpf_iter_scx_dsq', 6),
]);
