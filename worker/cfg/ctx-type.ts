import { BTF_KIND_TYPEDEF, type Btf, type BtfType } from '../btf/btf.ts';
import { isModifier, isStructOrUnion, skipModifiers } from '../btf/walk.ts';
import type { KernelModel } from '../kernel/model.ts';
import { BPF_PROG_TYPE_KPROBE } from '../kernel/uapi.ts';

/** Types of the kernel that a program may name instead of the ctx type it is shown (kernel: btf_is_projection_of). */
const BEHIND: ReadonlyMap<string, string> = new Map([
  ['__sk_buff', 'sk_buff'],
  ['xdp_md', 'xdp_buff'],
]);
/** A typedef: programs may also name the struct behind it. */
const USER_PT_REGS = 'bpf_user_pt_regs_t';
const PT_REGS = 'pt_regs';

/** Name of the struct or typedef that programs of a type have as ctx; empty if it is not a named one. */
export function ctxTypeName(model: KernelModel, progType: number): string {
  const type = model.progType(progType)?.ctxType ?? '';
  if (type.startsWith('struct ')) return type.slice('struct '.length);
  return type === USER_PT_REGS ? type : '';
}

/** Is that pointer type the ctx of programs of this type, as far as names go (kernel: btf_is_prog_ctx_type)? */
export function isProgCtxType(model: KernelModel, btf: Btf, pointer: BtfType, progType: number): boolean {
  if (progType === BPF_PROG_TYPE_KPROBE && pointsToTypedef(btf, pointer, USER_PT_REGS)) return true;
  const target = skipModifiers(btf, pointer.type);
  if (!isStructOrUnion(target)) return false;
  const ctx = ctxTypeName(model, progType);
  if (ctx === '') return false;
  return target.name === ctx || target.name === BEHIND.get(ctx) || (ctx === USER_PT_REGS && target.name === PT_REGS);
}

/** Does the pointer lead, through qualifiers only, to a typedef of that name? */
export function pointsToTypedef(btf: Btf, pointer: BtfType, name: string): boolean {
  let t = btf.type(pointer.type);
  while (isModifier(t) && t.kind !== BTF_KIND_TYPEDEF) t = btf.type(t.type);
  return t.kind === BTF_KIND_TYPEDEF && t.name === name;
}
