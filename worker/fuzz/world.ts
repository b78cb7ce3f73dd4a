import { btfBuilder, BTF_GLOBAL, BTF_INT_SIGNED, BTF_STATIC } from '../btf/build.ts';
import * as uapi from '../kernel/uapi.ts';

/** A map that generated programs may use, with what is in its values. */
export interface WorldMap {
  readonly name: string;
  readonly type: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly maxEntries: number;
  readonly flags?: number;
  readonly valueType?: string;
  readonly keyType?: string;
  readonly inner?: string;
  readonly frozen?: boolean;
  readonly data?: string;
  /** Special fields of the value: name and offset. */
  readonly fields?: readonly (readonly [field: string, offset: number])[];
  /** Only where the kernel's types are known. */
  readonly kfunc?: boolean;
}

/** Types of the program and ids of those that are referred to by name. */
export interface World {
  readonly base64: string;
  readonly types: ReadonlyMap<string, number>;
}

let made: World | null = null;

/** The types that all generated programs share: so the kernel needs to load them once. */
export function world(): World {
  return (made ??= build());
}

function build(): World {
  const b = btfBuilder();
  const types = new Map<string, number>();
  const named = (name: string, id: number): number => {
    types.set(name, id);
    return id;
  };
  const int = named('int', b.int('int', 4, BTF_INT_SIGNED));
  const u32 = named('u32', b.int('unsigned int', 4, 0));
  const u64 = named('u64', b.int('unsigned long long', 8, 0));
  const char = b.int('char', 1, BTF_INT_SIGNED);
  const struct = (
    name: string,
    size: number,
    members: readonly (readonly [string, number, number])[],
  ): number => {
    const id = b.reserveStruct();
    b.defineStruct(
      id,
      name,
      false,
      size,
      members.map(([member, type, offset]) => ({ name: member, type, bitOffset: offset * 8, bitSize: 0 })),
    );
    return named(name, id);
  };
  const opaque = (name: string, words: number): number =>
    struct(name, words * 8, [['__opaque', b.array(u64, u32, words), 0]]);
  const lock = struct('bpf_spin_lock', 4, [['val', u32, 0]]);
  const resLock = struct('bpf_res_spin_lock', 4, [['val', u32, 0]]);
  const timer = opaque('bpf_timer', 2);
  const wq = opaque('bpf_wq', 2);
  const listHead = opaque('bpf_list_head', 2);
  const listNode = opaque('bpf_list_node', 3);
  const rbRoot = opaque('bpf_rb_root', 2);
  const rbNode = opaque('bpf_rb_node', 4);
  const refcount = struct('bpf_refcount', 4, [['__opaque', b.array(u32, u32, 1), 0]]);
  struct('val_plain', 64, [['a', b.array(u64, u32, 8), 0]]);
  struct('val_lock', 24, [
    ['data', u64, 0],
    ['lock', lock, 8],
    ['n', u32, 12],
    ['more', u64, 16],
  ]);
  struct('val_res', 24, [
    ['data', u64, 0],
    ['lock', resLock, 8],
    ['n', u32, 12],
    ['more', u64, 16],
  ]);
  struct('val_timer', 32, [
    ['data', u64, 0],
    ['timer', timer, 8],
    ['more', u64, 24],
  ]);
  struct('val_wq', 32, [
    ['data', u64, 0],
    ['wq', wq, 8],
    ['more', u64, 24],
  ]);
  const task = struct('task_struct', 4, [['x', u32, 0]]);
  const cgroup = struct('cgroup', 4, [['x', u32, 0]]);
  const cpumask = struct('bpf_cpumask', 4, [['x', u32, 0]]);
  const kptr = (type: number, tag = 'kptr'): number => b.ptr(b.typeTag(tag, type));
  struct('val_kptr', 32, [
    ['task', kptr(task), 0],
    ['cgrp', kptr(cgroup), 8],
    ['mask', kptr(cpumask), 16],
    ['loose', kptr(task, 'kptr_untrusted'), 24],
  ]);
  struct('elem', 40, [
    ['data', u64, 0],
    ['list', listNode, 8],
    ['tail', u64, 32],
  ]);
  struct('elem_tree', 48, [
    ['data', u64, 0],
    ['rb', rbNode, 8],
    ['tail', u64, 40],
  ]);
  struct('elem_ref', 80, [
    ['data', u64, 0],
    ['list', listNode, 8],
    ['rb', rbNode, 32],
    ['ref', refcount, 64],
    ['n', u32, 68],
    ['tail', u64, 72],
  ]);
  struct('obj_plain', 16, [
    ['x', u64, 0],
    ['y', u64, 8],
  ]);
  const graph = struct('val_graph', 48, [
    ['lock', lock, 0],
    ['n', u32, 4],
    ['head', listHead, 8],
    ['root', rbRoot, 24],
    ['data', u64, 40],
  ]);
  b.declTag('contains:elem:list', graph, 2);
  b.declTag('contains:elem_tree:rb', graph, 3);
  const graphRef = struct('val_graph_ref', 48, [
    ['lock', lock, 0],
    ['n', u32, 4],
    ['head', listHead, 8],
    ['root', rbRoot, 24],
    ['data', u64, 40],
  ]);
  b.declTag('contains:elem_ref:list', graphRef, 2);
  b.declTag('contains:elem_ref:rb', graphRef, 3);

  const proto = (result: number, ...params: (readonly [string, number])[]): number =>
    b.funcProto(
      result,
      params.map(([name, type]) => ({ name, type })),
    );
  const voidPtr = b.ptr(0);
  const skb = b.ptr(struct('__sk_buff', 4, [['len', u32, 0]]));
  const xdp = b.ptr(struct('xdp_md', 4, [['data', u32, 0]]));
  const memory = b.ptr(types.get('val_plain') ?? 0);
  const main = proto(int, ['ctx', voidPtr]);
  named('main', b.func('main_prog', main, BTF_GLOBAL));
  named('static1', b.func('static1', proto(int, ['a', u64]), BTF_STATIC));
  named('static2', b.func('static2', proto(u64, ['a', u64], ['b', voidPtr]), BTF_STATIC));
  named(
    'static5',
    b.func(
      'static5',
      proto(u64, ['a', u64], ['b', voidPtr], ['c', u64], ['d', voidPtr], ['e', u64]),
      BTF_STATIC,
    ),
  );
  named(
    'static8',
    b.func(
      'static8',
      proto(
        u64,
        ['a', u64],
        ['b', voidPtr],
        ['c', u64],
        ['d', u64],
        ['e', u64],
        ['f', u64],
        ['g', voidPtr],
        ['h', u64],
      ),
      BTF_STATIC,
    ),
  );
  named(
    'callback',
    b.func(
      'callback',
      proto(int, ['a', voidPtr], ['b', voidPtr], ['c', voidPtr], ['d', voidPtr]),
      BTF_STATIC,
    ),
  );
  named('global_scalars', b.func('global_scalars', proto(int, ['a', u64], ['b', int]), BTF_GLOBAL));
  named('global_mem', b.func('global_mem', proto(int, ['p', memory], ['n', u32]), BTF_GLOBAL));
  const nonnull = b.func('global_nonnull', proto(int, ['p', memory]), BTF_GLOBAL);
  b.declTag('arg:nonnull', nonnull, 0);
  named('global_nonnull', nonnull);
  named('global_void', b.func('global_void', proto(0, ['a', u64]), BTF_GLOBAL));
  named('global_skb', b.func('global_skb', proto(int, ['ctx', skb]), BTF_GLOBAL));
  named('global_xdp', b.func('global_xdp', proto(int, ['ctx', xdp]), BTF_GLOBAL));
  const tagged = b.func('global_ctx', proto(int, ['ctx', voidPtr]), BTF_GLOBAL);
  b.declTag('arg:ctx', tagged, 0);
  named('global_ctx', tagged);
  named('global_string', b.func('global_string', proto(int, ['s', b.ptr(char)]), BTF_GLOBAL));
  named(
    'less',
    b.func('less', proto(b.int('_Bool', 1, 4), ['a', b.ptr(rbNode)], ['b', b.ptr(rbNode)]), BTF_STATIC),
  );
  const btf = b.finish();
  let binary = '';
  for (const byte of btf.bytes) binary += String.fromCharCode(byte);
  return { base64: 'base64:' + btoa(binary), types };
}

const HEX_TEXT = '25642025782025730a00000000000000';

/** The maps. */
export const MAPS: readonly WorldMap[] = [
  { name: 'array', type: uapi.BPF_MAP_TYPE_ARRAY, keySize: 4, valueSize: 48, maxEntries: 4 },
  { name: 'array1', type: uapi.BPF_MAP_TYPE_ARRAY, keySize: 4, valueSize: 16, maxEntries: 1 },
  { name: 'hash', type: uapi.BPF_MAP_TYPE_HASH, keySize: 8, valueSize: 8, maxEntries: 8 },
  { name: 'hash_wide', type: uapi.BPF_MAP_TYPE_HASH, keySize: 16, valueSize: 64, maxEntries: 8 },
  { name: 'hash_odd', type: uapi.BPF_MAP_TYPE_HASH, keySize: 5, valueSize: 11, maxEntries: 8 },
  { name: 'lru', type: uapi.BPF_MAP_TYPE_LRU_HASH, keySize: 4, valueSize: 32, maxEntries: 8 },
  { name: 'percpu', type: uapi.BPF_MAP_TYPE_PERCPU_ARRAY, keySize: 4, valueSize: 24, maxEntries: 2 },
  {
    name: 'rodata',
    type: uapi.BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: 16,
    maxEntries: 1,
    flags: 128,
    frozen: true,
    data: HEX_TEXT,
  },
  { name: 'rdonly', type: uapi.BPF_MAP_TYPE_ARRAY, keySize: 4, valueSize: 16, maxEntries: 2, flags: 128 },
  { name: 'wronly', type: uapi.BPF_MAP_TYPE_ARRAY, keySize: 4, valueSize: 16, maxEntries: 2, flags: 256 },
  { name: 'lpm', type: uapi.BPF_MAP_TYPE_LPM_TRIE, keySize: 8, valueSize: 8, maxEntries: 4, flags: 1 },
  { name: 'queue', type: uapi.BPF_MAP_TYPE_QUEUE, keySize: 0, valueSize: 16, maxEntries: 4 },
  { name: 'stack', type: uapi.BPF_MAP_TYPE_STACK, keySize: 0, valueSize: 8, maxEntries: 4 },
  { name: 'bloom', type: uapi.BPF_MAP_TYPE_BLOOM_FILTER, keySize: 0, valueSize: 8, maxEntries: 4 },
  { name: 'ringbuf', type: uapi.BPF_MAP_TYPE_RINGBUF, keySize: 0, valueSize: 0, maxEntries: 4096 },
  { name: 'user_ringbuf', type: uapi.BPF_MAP_TYPE_USER_RINGBUF, keySize: 0, valueSize: 0, maxEntries: 4096 },
  { name: 'progs', type: uapi.BPF_MAP_TYPE_PROG_ARRAY, keySize: 4, valueSize: 4, maxEntries: 4 },
  { name: 'perf', type: uapi.BPF_MAP_TYPE_PERF_EVENT_ARRAY, keySize: 4, valueSize: 4, maxEntries: 4 },
  { name: 'traces', type: uapi.BPF_MAP_TYPE_STACK_TRACE, keySize: 4, valueSize: 64, maxEntries: 4 },
  { name: 'sockmap', type: uapi.BPF_MAP_TYPE_SOCKMAP, keySize: 4, valueSize: 4, maxEntries: 4 },
  { name: 'sockhash', type: uapi.BPF_MAP_TYPE_SOCKHASH, keySize: 4, valueSize: 4, maxEntries: 4 },
  { name: 'xskmap', type: uapi.BPF_MAP_TYPE_XSKMAP, keySize: 4, valueSize: 4, maxEntries: 4 },
  { name: 'devmap', type: uapi.BPF_MAP_TYPE_DEVMAP, keySize: 4, valueSize: 4, maxEntries: 4 },
  { name: 'cpumap', type: uapi.BPF_MAP_TYPE_CPUMAP, keySize: 4, valueSize: 4, maxEntries: 4 },
  { name: 'cgroups', type: uapi.BPF_MAP_TYPE_CGROUP_ARRAY, keySize: 4, valueSize: 4, maxEntries: 4 },
  { name: 'reuseport', type: uapi.BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, keySize: 4, valueSize: 4, maxEntries: 4 },
  {
    name: 'outer',
    type: uapi.BPF_MAP_TYPE_ARRAY_OF_MAPS,
    keySize: 4,
    valueSize: 4,
    maxEntries: 2,
    inner: 'array',
  },
  {
    name: 'outer_hash',
    type: uapi.BPF_MAP_TYPE_HASH_OF_MAPS,
    keySize: 4,
    valueSize: 4,
    maxEntries: 2,
    inner: 'hash',
  },
  {
    name: 'sk_storage',
    type: uapi.BPF_MAP_TYPE_SK_STORAGE,
    keySize: 4,
    valueSize: 24,
    maxEntries: 0,
    flags: 1,
    keyType: 'int',
    valueType: 'val_lock',
    fields: [['lock', 8]],
  },
  {
    name: 'task_storage',
    type: uapi.BPF_MAP_TYPE_TASK_STORAGE,
    keySize: 4,
    valueSize: 64,
    maxEntries: 0,
    flags: 1,
    keyType: 'int',
    valueType: 'val_plain',
  },
  {
    name: 'locked',
    type: uapi.BPF_MAP_TYPE_HASH,
    keySize: 4,
    valueSize: 24,
    maxEntries: 4,
    keyType: 'int',
    valueType: 'val_lock',
    fields: [['lock', 8]],
  },
  {
    name: 'locked2',
    type: uapi.BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: 24,
    maxEntries: 1,
    keyType: 'int',
    valueType: 'val_lock',
    fields: [['lock', 8]],
  },
  {
    name: 'timers',
    type: uapi.BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: 32,
    maxEntries: 1,
    keyType: 'int',
    valueType: 'val_timer',
    fields: [['timer', 8]],
  },
  {
    name: 'res_locked',
    type: uapi.BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: 24,
    maxEntries: 1,
    keyType: 'int',
    valueType: 'val_res',
    fields: [['res', 8]],
    kfunc: true,
  },
  {
    name: 'works',
    type: uapi.BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: 32,
    maxEntries: 1,
    keyType: 'int',
    valueType: 'val_wq',
    fields: [['wq', 8]],
    kfunc: true,
  },
  {
    name: 'kptrs',
    type: uapi.BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: 32,
    maxEntries: 1,
    keyType: 'int',
    valueType: 'val_kptr',
    fields: [
      ['kptr', 0],
      ['kptr', 8],
      ['kptr', 16],
    ],
    kfunc: true,
  },
  {
    name: 'graph',
    type: uapi.BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: 48,
    maxEntries: 1,
    keyType: 'int',
    valueType: 'val_graph',
    fields: [
      ['lock', 0],
      ['head', 8],
      ['root', 24],
    ],
    kfunc: true,
  },
  {
    name: 'graph_ref',
    type: uapi.BPF_MAP_TYPE_ARRAY,
    keySize: 4,
    valueSize: 48,
    maxEntries: 1,
    keyType: 'int',
    valueType: 'val_graph_ref',
    fields: [
      ['lock', 0],
      ['head', 8],
      ['root', 24],
    ],
    kfunc: true,
  },
];

export function mapNamed(name: string): WorldMap {
  const map = MAPS.find((m) => m.name === name);
  if (map === undefined) throw new RangeError(`no map ${name}`);
  return map;
}
