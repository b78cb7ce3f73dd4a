import { BTF_KIND_INT, BTF_KIND_PTR, type Btf, type BtfType } from '../btf/btf.ts';
import { kindName } from '../btf/format.ts';
import { isAnyEnum, isStructOrUnion, skipModifiers } from '../btf/walk.ts';
import { reject, type Context } from './context.ts';
import { MAX_FUNC_ARGS } from './kfunc-args.ts';
import { cfgRules } from './rules.ts';

const MAX_ARG_SIZE = 16;

/** Size of a value of that type when it is passed or returned; 0 for void, -1 if it cannot be. */
function valueSize(btf: Btf, id: number): { readonly size: number; readonly type: BtfType } {
  const type = skipModifiers(btf, id);
  if (id === 0) return { size: 0, type };
  if (type.kind === BTF_KIND_PTR) return { size: 8, type };
  if (type.kind === BTF_KIND_INT || isAnyEnum(type) || isStructOrUnion(type)) return { size: type.size, type };
  return { size: -1, type };
}

/**
 * Refuses prototypes that a trampoline or a direct call cannot serve (kernel: btf_distill_func_proto).
 * Returns the size of the result in bytes.
 */
export function checkFuncModel(ctx: Pick<Context, 'messages'>, btf: Btf, proto: BtfType, name: string): number {
  const { params } = proto;
  if (params.length > MAX_FUNC_ARGS) reject(ctx, cfgRules.protoArgs, [name, params.length]);
  const result = valueSize(btf, proto.type);
  if (result.size < 0 || isStructOrUnion(result.type)) reject(ctx, cfgRules.protoReturn, [name, kindName(result.type)]);
  for (const [i, param] of params.entries()) {
    if (i === params.length - 1 && param.type === 0) reject(ctx, cfgRules.protoVariadic, [name]);
    const { size, type } = valueSize(btf, param.type);
    if (size < 0 || size > MAX_ARG_SIZE) reject(ctx, cfgRules.protoArgType, [name, i, kindName(type)]);
    if (size === 0) reject(ctx, cfgRules.protoVoidArg, [name]);
  }
  return result.size;
}
