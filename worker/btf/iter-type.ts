import { BTF_KIND_PTR, type Btf, type BtfType } from './btf.ts';
import { isStructOrUnion, skipModifiers } from './walk.ts';

const PREFIX = 'bpf_iter_';

/** `num` for struct bpf_iter_num; `<invalid>` for no type (kernel: iter_type_str). */
export function iterTypeName(btf: Btf | null, id: number): string {
  return btf === null || id === 0 ? '<invalid>' : btf.type(id).name.slice(PREFIX.length);
}

/** The `struct bpf_iter_<type>` that a parameter points to, 0 if it points to something else (kernel: btf_check_iter_arg). */
export function iterTypeId(btf: Btf, proto: BtfType, index: number): number {
  const param = proto.params[index];
  if (param === undefined) return 0;
  const pointer = skipModifiers(btf, param.type);
  if (pointer.kind !== BTF_KIND_PTR) return 0;
  const struct = skipModifiers(btf, pointer.type);
  return isStructOrUnion(struct) && struct.name.startsWith(PREFIX) ? struct.id : 0;
}
