import { BTF_KIND_STRUCT } from '../../btf/btf.ts';
import { isStructOrUnion, skipModifiers } from '../../btf/walk.ts';
import type { KernelModel } from '../../kernel/model.ts';

/**
 * The kernel's own type behind a program type's context, e.g. `struct sk_buff` for `__sk_buff` (kernel:
 * get_kern_ctx_btf_id). The kernel keeps them as members of `struct bpf_ctx_convert`.
 */
export function kernCtxType(
  model: Pick<KernelModel, 'btf' | 'progType'>,
  progType: number,
): { readonly id: number; readonly isStruct: boolean } {
  const btf = model.btf();
  const name = `BPF_PROG_TYPE_${model.progType(progType)?.name.toUpperCase()}_kern`;
  const member = btf.type(btf.find('bpf_ctx_convert', BTF_KIND_STRUCT)).members.find((m) => m.name === name);
  if (member === undefined) throw new Error(`the kernel has no context type ${name}`);
  return { id: member.type, isStruct: isStructOrUnion(skipModifiers(btf, member.type)) };
}
