import type { Btf, BtfType } from '../btf/btf.ts';
import { BTF_KIND_FUNC, BTF_KIND_FUNC_PROTO, BTF_KIND_FWD, BTF_KIND_INT, BTF_KIND_PTR, BTF_KIND_STRUCT, BTF_KIND_TYPEDEF, BTF_KIND_UNION } from '../btf/btf.ts';
import { kindName, nameOrAnon } from '../btf/format.ts';
import { essentialName } from '../btf/match.ts';
import { isAnyEnum, isModifier, isVoid, resolveSize, skipModifiers, walkTypeTags } from '../btf/walk.ts';
import { EFAULT, EINVAL, ENOENT, EOPNOTSUPP, ESRCH } from '../failure/errno.ts';
import { fail, type Messages } from '../failure/messages.ts';
import { defineRules, type Rule } from '../failure/rule.ts';
import type { Arg } from '../failure/format.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { ProgTraits } from '../kernel/prog-traits.ts';
import {
  ARG_ANYTHING,
  ARG_PTR_TO_ARENA,
  ARG_PTR_TO_BTF_ID,
  ARG_PTR_TO_CTX,
  ARG_PTR_TO_DYNPTR,
  ARG_PTR_TO_MEM,
  MEM_RDONLY,
  PTR_MAYBE_NULL,
  PTR_TRUSTED,
  PTR_UNTRUSTED,
} from '../kernel/types.ts';
import * as u from '../kernel/uapi.ts';
import type { Program } from '../program/program.ts';
import type { Subprog, SubprogArg } from './facts.ts';

const MAX_FUNC_ARGS = 12;
const MAX_REG_ARGS = 5;

const rules = defineRules('prototype', {
  globalNeedsBtf: { text: 'Global functions need valid BTF\n', errno: EFAULT },
  staticWithoutBtf: { text: '', errno: EINVAL },
  notFunc: { text: "BTF of func#%d doesn't point to KIND_FUNC\n", errno: EFAULT },
  invalidType: { text: 'Invalid type of function %s()\n', errno: EFAULT },
  tooManyParams: { text: 'kernel supports at most %d parameters, function %s has %d\n', errno: EFAULT },
  globalStackArgs: { text: 'global function %s has %d > %d args, stack args not supported\n', errno: EINVAL },
  globalReturn: { text: 'Global function %s() return value not void or scalar. Only those are supported.\n', errno: EOPNOTSUPP },
  staticReturn: { text: '', errno: EOPNOTSUPP },
  staticTag: { text: 'arg#%d type tag is not supported in static functions\n', errno: EOPNOTSUPP },
  unknownTag: { text: 'arg#%d has unsupported set of tags\n', errno: EOPNOTSUPP },
  multipleTypeTags: { text: 'function signature member has multiple type tags\n', errno: EINVAL },
  tagCombination: { text: 'arg#%d has invalid combination of tags\n', errno: EINVAL },
  untrustedCombination: { text: 'arg#%d untrusted cannot be combined with any other tags\n', errno: EINVAL },
  arenaCombination: { text: 'arg#%d arena cannot be combined with any other tags\n', errno: EINVAL },
  unnamed: { text: "arg#%d reference type('%s %s') candidate matching error: %d\n", errno: EINVAL },
  ambiguous: { text: "arg#%d reference type('%s %s') is ambiguous\n", errno: ESRCH },
  noMatch: { text: "arg#%d reference type('%s %s') has no matches\n", errno: ENOENT },
  moduleType: { text: "arg#%d reference type('%s %s') points to kernel module type (unsupported)\n", errno: EOPNOTSUPP },
  untrustedType: { text: "arg#%d has type %s '%s', but only struct or primitive types are allowed\n", errno: EINVAL },
  unknownSize: { text: "arg#%d reference type('%s %s') size cannot be determined: %d\n", errno: EINVAL },
  tagOnNonPointer: { text: 'arg#%d has pointer tag, but is not a pointer type\n', errno: EINVAL },
  unsupported: { text: 'Arg#%d type %s in %s() is not supported yet.\n', errno: EINVAL },
  staticUnsupported: { text: '', errno: EINVAL },
  ctxUnnamed: { text: "arg#%d type doesn't have a name\n", errno: EINVAL },
  ctxVoid: { text: 'arg#%d should be void pointer\n', errno: EINVAL },
  ctxStruct: { text: 'arg#%d should be `struct %s *`\n', errno: EINVAL },
});

/** What reading a prototype needs of a verification run. */
export interface PrototypeContext {
  readonly program: Program;
  readonly model: KernelModel;
  readonly messages: Messages;
  readonly traits: ProgTraits;
}

const CTX = 1;
const NONNULL = 2;
const TRUSTED = 4;
const UNTRUSTED = 8;
const NULLABLE = 16;
const ARENA = 32;
const DECL_TAGS = new Map([
  ['ctx', CTX],
  ['trusted', TRUSTED],
  ['untrusted', UNTRUSTED],
  ['nonnull', NONNULL],
  ['nullable', NULLABLE],
  ['arena', ARENA],
]);
const TYPE_TAGS = new Map([['arena', ARENA]]);

/**
 * What the BTF prototype of a function and its argument tags promise, kept in `sub.args` (kernel:
 * btf_prepare_func_args). Rejects prototypes that cannot be used; callers decide whether that matters.
 */
export function prepareFuncArgs(ctx: PrototypeContext, sub: Subprog): void {
  if (sub.argsCached) return;
  const no = (rule: Rule, args: readonly Arg[] = []): never => fail(ctx.messages, rule, args);
  const row = ctx.program.funcInfo[sub.index];
  const btf = ctx.program.btf;
  if (row === undefined || btf === null) throw new Error(`function ${sub.index} has no func_info`);
  const global = sub.isGlobal;
  if (row[1] === 0) no(global ? rules.globalNeedsBtf : rules.staticWithoutBtf);
  const func = btf.type(row[1]);
  if (func.kind !== BTF_KIND_FUNC) no(rules.notFunc, [sub.index]);
  const name = func.name;
  if (sub.unreliable) throw new Error(`the prototype of ${name}() is known to be unreliable`);
  const proto = btf.type(func.type);
  if (proto.kind !== BTF_KIND_FUNC_PROTO) no(rules.invalidType, [name]);
  const params = proto.params;
  sub.argCnt = params.length;
  if (params.length > MAX_FUNC_ARGS) no(rules.tooManyParams, [MAX_FUNC_ARGS, name, params.length]);
  if (params.length > MAX_REG_ARGS) {
    sub.stackArgCnt = params.length - MAX_REG_ARGS;
    if (global) no(rules.globalStackArgs, [name, params.length, MAX_REG_ARGS]);
  }
  checkReturn(ctx, btf, proto, sub, name);
  const args: SubprogArg[] = [];
  // filled as far as it goes: a prototype that turns out wrong leaves what was read
  sub.args = args;
  params.forEach((param, i) => args.push(argument(ctx, btf, func, sub, i, param.type)));
  sub.argsCached = true;
}

function checkReturn(ctx: PrototypeContext, btf: Btf, proto: BtfType, sub: Subprog, name: string): void {
  const refuse = (rule: Rule): never => {
    if (sub.isGlobal) return fail(ctx.messages, rules.globalReturn, [name], null, rule.errno);
    return fail(ctx.messages, rules.staticReturn, [], null, rule.errno);
  };
  let tags = 0;
  const type = skipModifiers(btf, proto.type);
  if (type.kind === BTF_KIND_PTR) {
    const walk = walkTypeTags(btf, type, TYPE_TAGS);
    if (walk === null) {
      if (ctx.messages.level !== 0) ctx.messages.text(rules.multipleTypeTags.text);
      return refuse(rules.multipleTypeTags);
    }
    tags = walk.flags;
  }
  if (sub.index !== 0 && tags & ARENA && type.kind === BTF_KIND_PTR) return;
  if (isVoid(type) || type.kind === BTF_KIND_INT || isAnyEnum(type)) return;
  refuse(rules.globalReturn);
}

function argument(ctx: PrototypeContext, btf: Btf, func: BtfType, sub: Subprog, i: number, typeId: number): SubprogArg {
  const no = (rule: Rule, args: readonly Arg[] = [i]): never => fail(ctx.messages, rule, args);
  const tags = tagsOf(ctx, btf, func, sub, i, typeId);
  const t = skipModifiers(btf, typeId);
  if (t.kind === BTF_KIND_PTR) {
    const pointer = pointerArgument(ctx, btf, sub, i, t, tags);
    if (pointer !== null) return pointer;
  }
  if (tags !== 0) no(rules.tagOnNonPointer);
  if (t.kind === BTF_KIND_INT || isAnyEnum(t)) return { type: ARG_ANYTHING, memSize: 0, btfId: 0 };
  if (!sub.isGlobal) no(rules.staticUnsupported, []);
  return no(rules.unsupported, [i, kindName(t), func.name]);
}

function tagsOf(ctx: PrototypeContext, btf: Btf, func: BtfType, sub: Subprog, i: number, typeId: number): number {
  let tags = 0;
  for (const [tag, component] of btf.declTags(func.id)) {
    if (component !== i || !tag.startsWith('arg:')) continue;
    if (!sub.isGlobal) fail(ctx.messages, rules.staticTag, [i]);
    const bit = DECL_TAGS.get(tag.slice(4));
    if (bit === undefined) fail(ctx.messages, rules.unknownTag, [i]);
    tags |= bit;
  }
  const t = skipModifiers(btf, typeId);
  if (t.kind !== BTF_KIND_PTR) return tags;
  const walk = walkTypeTags(btf, t, TYPE_TAGS);
  if (walk === null) fail(ctx.messages, rules.multipleTypeTags);
  return tags | walk.flags;
}

/** Null: a static function's pointer that says nothing. */
function pointerArgument(ctx: PrototypeContext, btf: Btf, sub: Subprog, i: number, t: BtfType, tags: number): SubprogArg | null {
  const no = (rule: Rule, args: readonly Arg[] = [i]): never => fail(ctx.messages, rule, args);
  const result = (type: number, memSize = 0, btfId = 0): SubprogArg => ({ type, memSize, btfId });
  if (tags & CTX || isProgCtxType(ctx, btf, t)) {
    if (tags & ~CTX) no(rules.tagCombination);
    if (tags & CTX) checkCtxType(ctx, btf, t, i);
    return result(ARG_PTR_TO_CTX);
  }
  if (isDynptrPtr(btf, t)) {
    if (tags !== 0) no(rules.tagCombination);
    return result(ARG_PTR_TO_DYNPTR);
  }
  if (tags & TRUSTED) {
    if (tags & NONNULL) no(rules.tagCombination);
    const id = kernelType(ctx, btf, t, i);
    return result(ARG_PTR_TO_BTF_ID | PTR_TRUSTED | (tags & NULLABLE ? PTR_MAYBE_NULL : 0), 0, id);
  }
  if (tags & UNTRUSTED) {
    if (tags & ~UNTRUSTED) no(rules.untrustedCombination);
    const target = skipModifiers(btf, t.type);
    if (isVoid(target) || target.kind === BTF_KIND_INT || isAnyEnum(target)) return result(ARG_PTR_TO_MEM | MEM_RDONLY | PTR_UNTRUSTED);
    const id = kernelType(ctx, btf, t, i);
    const kernel = ctx.model.btf().type(id);
    if (kernel.kind !== BTF_KIND_STRUCT && kernel.kind !== BTF_KIND_UNION) no(rules.untrustedType, [i, kindName(kernel), nameOrAnon(t.name)]);
    return result(ARG_PTR_TO_BTF_ID | PTR_UNTRUSTED, 0, id);
  }
  if (tags & ARENA) {
    if (tags & ~ARENA) no(rules.arenaCombination);
    return result(ARG_PTR_TO_ARENA);
  }
  if (!sub.isGlobal) return null;
  if (tags & NULLABLE) no(rules.tagCombination);
  const target = skipModifiers(btf, t.type);
  const size = resolveSize(btf, target.id);
  if (size === null) return no(rules.unknownSize, [i, kindName(target), isVoid(target) ? '' : target.name, -EINVAL]);
  return result(ARG_PTR_TO_MEM | (tags & NONNULL ? 0 : PTR_MAYBE_NULL), size.size);
}

/** The one type of the kernel's with the name, whatever its flavour, and kind of what the argument points to (kernel: btf_get_ptr_to_btf_id). */
function kernelType(ctx: PrototypeContext, btf: Btf, t: BtfType, i: number): number {
  const target = skipModifiers(btf, t.type);
  if (target.name === '') fail(ctx.messages, rules.unnamed, [i, kindName(target), '(anon)', -EINVAL]);
  const name = essentialName(target.name);
  const candidates = (types: Btf): number[] =>
    types.startingWith(name, target.kind).filter((id) => essentialName(types.type(id).name) === name);
  const own = candidates(ctx.model.btf());
  // modules are asked only where the kernel itself has no such type
  const found = own.length !== 0 ? own : loadedModules(ctx.model).flatMap(candidates);
  const args = [i, kindName(target), target.name];
  if (found.length === 0) fail(ctx.messages, rules.noMatch, args);
  if (found.length > 1) fail(ctx.messages, rules.ambiguous, args);
  if (own.length === 0) fail(ctx.messages, rules.moduleType, args);
  return own[0];
}

/** Types of the modules whose kfuncs the model knows. */
function loadedModules(model: KernelModel): Btf[] {
  const names = new Set(model.kfuncs().map((kfunc) => kfunc.module));
  return [...names].flatMap((name) => (name === null ? [] : (model.moduleBtf(name) ?? [])));
}

function isDynptrPtr(btf: Btf, t: BtfType): boolean {
  const target = skipModifiers(btf, t.type);
  const structLike = target.kind === BTF_KIND_STRUCT || target.kind === BTF_KIND_UNION || (target.kind === BTF_KIND_FWD && !target.kindFlag);
  return structLike && target.name === 'bpf_dynptr';
}

/** The C type of the program type's ctx: a struct's name, or the name of another kind of type. */
function ctxTypeName(ctx: PrototypeContext): { readonly name: string; readonly struct: boolean } {
  const text = ctx.model.progType(ctx.traits.progType)?.ctxType ?? '';
  return text.startsWith('struct ') ? { name: text.slice(7), struct: true } : { name: text, struct: false };
}

function behindQualifiers(btf: Btf, t: BtfType): BtfType {
  while (isModifier(t) && t.kind !== BTF_KIND_TYPEDEF) t = btf.type(t.type);
  return t;
}

/** Does the argument point to this program type's ctx (kernel: btf_is_prog_ctx_type)? */
export function isProgCtxType(ctx: PrototypeContext, btf: Btf, pointer: BtfType): boolean {
  const t = btf.type(pointer.type);
  const prog = ctx.traits.progType;
  if (prog === u.BPF_PROG_TYPE_KPROBE) {
    const named = behindQualifiers(btf, t);
    if (named.kind === BTF_KIND_TYPEDEF && named.name === 'bpf_user_pt_regs_t') return true;
  }
  const target = skipModifiers(btf, pointer.type);
  if (target.kind !== BTF_KIND_STRUCT && target.kind !== BTF_KIND_UNION) return false;
  const { name, struct } = ctxTypeName(ctx);
  if (name === 'void *' || name === '') return false;
  if ((name === '__sk_buff' && target.name === 'sk_buff') || (name === 'xdp_md' && target.name === 'xdp_buff')) return true;
  if (name === target.name) return true;
  // a typedef of a struct of another name
  return !struct && name === 'bpf_user_pt_regs_t' && target.name === 'pt_regs';
}

/** An argument tagged as ctx must look like it (kernel: btf_validate_prog_ctx_type). */
function checkCtxType(ctx: PrototypeContext, btf: Btf, pointer: BtfType, i: number): void {
  const { progType, attachType } = ctx.traits;
  const t = btf.type(pointer.type);
  if (progType === u.BPF_PROG_TYPE_KPROBE || progType === u.BPF_PROG_TYPE_PERF_EVENT) {
    const named = behindQualifiers(btf, t);
    if (named.kind === BTF_KIND_TYPEDEF && named.name === 'bpf_user_pt_regs_t') return;
  }
  const target = skipModifiers(btf, pointer.type);
  if (isVoid(target)) return;
  if (target.name === '') fail(ctx.messages, rules.ctxUnnamed, [i]);
  const struct = target.kind === BTF_KIND_STRUCT;
  const u64 = target.kind === BTF_KIND_INT && target.size === 8;
  switch (progType) {
    case u.BPF_PROG_TYPE_KPROBE:
    case u.BPF_PROG_TYPE_PERF_EVENT:
      if (struct && target.name === 'pt_regs') return;
      break;
    case u.BPF_PROG_TYPE_RAW_TRACEPOINT:
    case u.BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE:
    case u.BPF_PROG_TYPE_LSM:
    case u.BPF_PROG_TYPE_STRUCT_OPS:
      if (u64) return;
      break;
    case u.BPF_PROG_TYPE_TRACING:
      if (attachType === u.BPF_TRACE_RAW_TP && (u64 || (struct && target.name === 'bpf_raw_tracepoint_args'))) return;
      if (attachType === u.BPF_TRACE_ITER && struct && target.name.startsWith('bpf_iter__')) return;
      if (u64 && TRAMPOLINE_TYPES.has(attachType)) return;
      break;
    case u.BPF_PROG_TYPE_TRACEPOINT:
    case u.BPF_PROG_TYPE_SYSCALL:
    case u.BPF_PROG_TYPE_EXT:
      return;
  }
  const want = ctxTypeName(ctx);
  const name = want.name === 'bpf_user_pt_regs_t' ? 'pt_regs' : want.name;
  if (!want.struct && want.name !== 'bpf_user_pt_regs_t') fail(ctx.messages, rules.ctxVoid, [i]);
  if (!struct || target.name !== name) fail(ctx.messages, rules.ctxStruct, [i, name]);
}

const TRAMPOLINE_TYPES: ReadonlySet<number> = new Set([u.BPF_TRACE_FENTRY, u.BPF_TRACE_FEXIT, u.BPF_MODIFY_RETURN, u.BPF_TRACE_FSESSION]);
