import { BTF_KIND_STRUCT } from '../../btf/btf.ts';
import { MEM_RDONLY, PTR_MAYBE_NULL, PTR_TO_BTF_ID, PTR_TO_BUF, PTR_TRUSTED } from '../../kernel/types.ts';
import type { KernelModel } from '../../kernel/model.ts';
import type { CtxArg } from './target.ts';

const OBJECT = PTR_TO_BTF_ID | PTR_MAYBE_NULL;
const TRUSTED = OBJECT | PTR_TRUSTED;
const BUFFER = PTR_TO_BUF | PTR_MAYBE_NULL;

/** Iterator targets of the kernel and the members of their ctx that are more than plain fields: name, type, struct. */
const ITERATORS: Readonly<Record<string, readonly (readonly [member: string, regType: number, struct: string | null])[]>> = {
  netlink: [['sk', OBJECT, 'netlink_sock']],
  ipv6_route: [['rt', OBJECT, 'fib6_info']],
  sockmap: [
    ['key', BUFFER | MEM_RDONLY, null],
    ['sk', OBJECT, 'sock'],
  ],
  bpf_sk_storage_map: [
    ['sk', OBJECT, 'sock'],
    ['value', BUFFER, null],
  ],
  unix: [['unix_sk', OBJECT, 'unix_sock']],
  tcp: [['sk_common', TRUSTED, 'sock_common']],
  udp: [['udp_sk', TRUSTED, 'udp_sock']],
  ksym: [['ksym', OBJECT, 'kallsym_iter']],
  bpf_prog: [['prog', OBJECT, 'bpf_prog']],
  cgroup: [['cgroup', TRUSTED, 'cgroup']],
  kmem_cache: [['s', TRUSTED, 'kmem_cache']],
  task: [['task', TRUSTED, 'task_struct']],
  task_file: [
    ['task', OBJECT, 'task_struct'],
    ['file', OBJECT, 'file'],
  ],
  task_vma: [
    ['task', OBJECT, 'task_struct'],
    ['vma', OBJECT, 'vm_area_struct'],
  ],
  bpf_map: [['map', TRUSTED, 'bpf_map']],
  bpf_map_elem: [
    ['key', BUFFER | MEM_RDONLY, null],
    ['value', BUFFER, null],
  ],
  bpf_link: [['link', OBJECT, 'bpf_link']],
  dmabuf: [['dmabuf', OBJECT, 'dma_buf']],
};

const PREFIX = 'bpf_iter_';

/** Special arguments of an iterator program, null if the function is no iterator target (kernel: bpf_iter_prog_supported). */
export function iteratorArgs(model: KernelModel, funcName: string): CtxArg[] | null {
  if (!funcName.startsWith(PREFIX)) return null;
  const target = funcName.slice(PREFIX.length);
  const rows = Object.hasOwn(ITERATORS, target) ? ITERATORS[target] : null;
  if (rows === null) return null;
  const btf = model.btf();
  const ctx = btf.type(btf.find(`bpf_iter__${target}`, BTF_KIND_STRUCT));
  return rows.map(([name, regType, struct]) => {
    // Pointers are wrapped in unnamed unions that align them.
    const member = ctx.members.find((m) => m.name === name || (m.name === '' && btf.type(m.type).members.some((inner) => inner.name === name)));
    if (member === undefined) throw new Error(`struct bpf_iter__${target} has no member ${name}`);
    return {
      offset: member.bitOffset / 8,
      regType,
      btf: struct === null ? null : btf,
      btfId: struct === null ? 0 : btf.find(struct, BTF_KIND_STRUCT),
      refcounted: false,
    };
  });
}
