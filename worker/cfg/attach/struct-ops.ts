import { BTF_KIND_FUNC, BTF_KIND_STRUCT, type Btf, type BtfType } from '../../btf/btf.ts';
import { paramHasSuffix } from '../../btf/match.ts';
import { isStructOrUnion, resolveFuncPtr, resolvePtr, resolveSize, skipModifiers } from '../../btf/walk.ts';
import { EINVAL } from '../../failure/errno.ts';
import { NotModelled } from '../../failure/rule.ts';
import { structOpsMemberAllowed, structOpsType } from '../../kernel/struct-ops.ts';
import { PTR_MAYBE_NULL, PTR_TO_ARENA, PTR_TO_BTF_ID, PTR_TRUSTED } from '../../kernel/types.ts';
import { reject, type Context } from '../context.ts';
import { attachRules } from '../rules.ts';
import type { AttachTarget, CtxArg } from './target.ts';

/** Checks a struct_ops program's member and finds its prototype (kernel: check_struct_ops_btf_id). */
export function structOpsTarget(ctx: Context): AttachTarget {
  const { attach, attachType: index } = ctx.program;
  if (!ctx.traits.gpl) reject(ctx, attachRules.structOpsLicense);
  if (attach === null) reject(ctx, attachRules.structOpsNoId);
  if (attach.kind === 'prog') throw new Error('a struct_ops program that attaches to a program passed the checks of loading');
  const btf = attach.module === null ? ctx.model.btf() : ctx.model.moduleBtf(attach.module);
  if (btf === null) throw new NotModelled(`types of module ${attach.module}`);
  const id = btf.find(attach.name, BTF_KIND_STRUCT);
  const row = structOpsType(attach.name);
  if (id === 0 || row === null) reject(ctx, attachRules.structOpsStruct, [id]);
  const struct = btf.type(id);
  if (index >= struct.members.length) reject(ctx, attachRules.structOpsIndex, [index, row.name]);
  const member = struct.members[index];
  const proto = resolveFuncPtr(btf, member.type);
  if (proto === null) reject(ctx, attachRules.structOpsMember, [member.name, index, row.name]);
  if (!row.members.has(member.name)) reject(ctx, attachRules.structOpsUnsupported, [member.name, row.name]);
  if (!structOpsMemberAllowed(row, member.name, ctx.traits.sleepable)) reject(ctx, attachRules.structOpsUnsupported, [member.name, row.name], null, EINVAL);
  const ctxArgs = stubArgs(btf, `${row.name}__${member.name}`, proto);
  if (ctxArgs.some((arg) => arg.regType === PTR_TO_ARENA) && ctx.arena === null) reject(ctx, attachRules.structOpsArena, [member.name]);
  const owned = ctxArgs.some((arg) => arg.refcounted);
  if (owned && ctx.facts.subprogs.some((s) => s.hasTailCall)) reject(ctx, attachRules.structOpsTailCall);
  return { btf, btfId: id, proto, name: member.name, isTracepoint: false, ctxArgs, structOps: row, privateStack: row.privateStack.has(member.name) };
}

/** Suffixes of a stub's parameters, with the type that such an argument gets; the first that fits. */
const SUFFIXES: readonly { readonly suffix: string; readonly regType: number; readonly refcounted: boolean }[] = [
  { suffix: '__arena__nullable', regType: PTR_TO_ARENA, refcounted: false },
  { suffix: '__arena', regType: PTR_TO_ARENA, refcounted: false },
  { suffix: '__nullable', regType: PTR_TO_BTF_ID | PTR_TRUSTED | PTR_MAYBE_NULL, refcounted: false },
  { suffix: '__ref', regType: PTR_TO_BTF_ID | PTR_TRUSTED, refcounted: true },
];

/** Arguments that the kernel's stub of the member marks by the names of its parameters (kernel: prepare_arg_info). */
function stubArgs(btf: Btf, stub: string, proto: BtfType): CtxArg[] {
  const id = btf.find(stub, BTF_KIND_FUNC);
  if (id === 0) return [];
  const params = btf.type(btf.type(id).type).params;
  const args: CtxArg[] = [];
  let offset = 0;
  for (const [i, param] of params.entries()) {
    const row = SUFFIXES.find(({ suffix }) => paramHasSuffix(param, suffix));
    const pointed = resolvePtr(btf, proto.params[i].type);
    if (row !== undefined && pointed !== null && (row.regType === PTR_TO_ARENA || isStructOrUnion(pointed)))
      args.push({ offset, regType: row.regType, btf, btfId: pointed.id, refcounted: row.refcounted });
    offset += slotBytes(btf, proto.params[i].type);
  }
  return args;
}

/** Bytes that an argument takes in the ctx. */
function slotBytes(btf: Btf, type: number): number {
  const size = resolveSize(btf, skipModifiers(btf, type).id)?.size ?? 8;
  return Math.ceil(size / 8) * 8;
}

/** The struct_ops member of a program as the kernel model asks for it, null if it has none. */
export function structOpsMember(ctx: Pick<Context, 'program' | 'model'>): { readonly type: string; readonly member: string; readonly offset: number } | null {
  const { attach, attachType } = ctx.program;
  if (attach?.kind !== 'struct') return null;
  const btf = attach.module === null ? ctx.model.btf() : ctx.model.moduleBtf(attach.module);
  const id = btf?.find(attach.name, BTF_KIND_STRUCT) ?? 0;
  const member = id === 0 ? undefined : btf!.type(id).members[attachType];
  return member === undefined ? null : { type: attach.name, member: member.name, offset: member.bitOffset >> 3 };
}
