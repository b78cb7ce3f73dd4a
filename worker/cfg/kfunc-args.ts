import { BTF_KIND_ARRAY, BTF_KIND_INT, BTF_KIND_PTR, BTF_KIND_STRUCT, type Btf, type BtfParam, type BtfType } from '../btf/btf.ts';
import { paramHasSuffix, typesAreSame } from '../btf/match.ts';
import { kindName } from '../btf/format.ts';
import { isAnyEnum, isStructOrUnion, isVoid, resolveFuncPtr, skipModifiers } from '../btf/walk.ts';
import { KF_IMPLICIT_ARGS, KF_ITER_MASK } from '../kernel/kfunc-flags.ts';
import type { Kfunc } from '../kernel/kfuncs.ts';
import * as special from '../kernel/generated/special-kfuncs.ts';
import { say } from '../failure/messages.ts';
import { reject, type Context } from './context.ts';
import { isProgCtxType } from './ctx-type.ts';
import { cfgRules } from './rules.ts';

/** What an argument of a kfunc is, as its BTF and its name's suffixes say (kernel: enum kfunc_ptr_arg_type). */
export type KfuncArgKind =
  | 'const-mem-size'
  | 'mem-size'
  | 'const'
  | 'const-alloc-size-or-zero'
  | 'anything'
  | 'ctx'
  | 'alloc-obj'
  | 'refcounted-kptr'
  | 'dynptr'
  | 'iter'
  | 'list-head'
  | 'list-node'
  | 'btf-id'
  | 'mem'
  | 'callback'
  | 'rb-root'
  | 'rb-node'
  | 'const-str'
  | 'const-map'
  | 'timer'
  | 'workqueue'
  | 'irq-flag'
  | 'res-spin-lock'
  | 'task-work'
  | 'arena';

export interface KfuncArg {
  readonly kind: KfuncArgKind;
  /** NULL will do. */
  readonly nullable: boolean;
  /** `mem` whose size is that of the type pointed to, rather than the next argument's value. */
  readonly fixedSize: boolean;
}

/** By position; null for arguments that the verifier does not look at (`__ign`, implicit ones, the program itself). */
export type KfuncArgKinds = readonly (KfuncArg | null)[];

/** Arguments of a function at most, and those that travel in registers. */
export const MAX_FUNC_ARGS = 12;
export const MAX_FUNC_REG_ARGS = 5;

/** An integer or an enum (kernel: btf_type_is_scalar). */
export function isScalarType(t: BtfType): boolean {
  return t.kind === BTF_KIND_INT || isAnyEnum(t);
}

/** Is the parameter a pointer to that struct of the kernel (kernel: __is_kfunc_ptr_arg_type)? */
export function pointsToKernelStruct(ctx: Pick<Context, 'model'>, btf: Btf, param: BtfParam, struct: string): boolean {
  const t = skipModifiers(btf, param.type);
  if (t.kind !== BTF_KIND_PTR) return false;
  const target = skipModifiers(btf, t.type);
  // Invented kfuncs speak of the kernel's structs by name.
  if (btf.name === '') return target.name === struct;
  const kernel = ctx.model.btf();
  const id = kernel.find(struct, BTF_KIND_STRUCT);
  return id !== 0 && typesAreSame(btf, target.id, kernel, id);
}

/** What the kinds of arguments depend on beside the prototype. `arena`: null if the program has none. */
export interface ArgScene extends Pick<Context, 'model' | 'traits' | 'messages'> {
  readonly arena: object | null;
}

/** Kinds by suffix or struct in the order in which they are looked for; a row fits by the first that is true. */
type Probe = (ctx: ArgScene, call: Call, index: number) => boolean;
interface Call {
  readonly btf: Btf;
  readonly kfunc: Kfunc | null;
  readonly params: readonly BtfParam[];
}
const suffix =
  (text: string): Probe =>
  (_ctx, call, i) =>
    paramHasSuffix(call.params[i], text);
const struct =
  (name: string): Probe =>
  (ctx, call, i) =>
    pointsToKernelStruct(ctx, call.btf, call.params[i], name);

const CTX_KFUNCS: ReadonlySet<number> = new Set([special.KF_bpf_cast_to_kern_ctx, special.KF_bpf_session_is_return, special.KF_bpf_session_cookie]);

const POINTER_KINDS: readonly (readonly [KfuncArgKind, Probe])[] = [
  ['ctx', (_ctx, call) => CTX_KFUNCS.has(call.kfunc?.special ?? 0)],
  ['ctx', (ctx, call, i) => isProgCtxType(ctx.model, call.btf, skipModifiers(call.btf, call.params[i].type), ctx.traits.progType)],
  ['alloc-obj', suffix('__alloc')],
  ['refcounted-kptr', suffix('__refcounted_kptr')],
  ['dynptr', struct('bpf_dynptr')],
  ['iter', (_ctx, call, i) => isIterArg(call, i)],
  ['list-head', struct('bpf_list_head')],
  ['list-node', struct('bpf_list_node')],
  ['rb-root', struct('bpf_rb_root')],
  ['rb-node', struct('bpf_rb_node')],
  ['const-str', suffix('__str')],
  ['const-map', suffix('__const_map')],
  ['btf-id', suffix('__map')],
  ['workqueue', struct('bpf_wq')],
  ['timer', struct('bpf_timer')],
  ['task-work', struct('bpf_task_work')],
  ['irq-flag', suffix('__irq_flag')],
  ['res-spin-lock', struct('bpf_res_spin_lock')],
  ['callback', (_ctx, call, i) => resolveFuncPtr(call.btf, call.params[i].type) !== null],
  ['arena', suffix('__arena__nullable')],
  ['arena', suffix('__arena')],
];

/** The iterator argument: the first of the three kfuncs of an iterator, else by its suffix (kernel: is_kfunc_arg_iter). */
function isIterArg(call: Call, index: number): boolean {
  if ((call.kfunc?.flags ?? 0) & KF_ITER_MASK) return index === 0;
  return paramHasSuffix(call.params[index], '__iter');
}

/** Is the parameter supplied by the kernel, being absent from the prototype that programs see (kernel: is_kfunc_arg_implicit)? */
function isImplicit(btf: Btf, funcId: number, kfunc: Kfunc | null, index: number): boolean {
  if (((kfunc?.flags ?? 0) & KF_IMPLICIT_ARGS) === 0) return false;
  return btf.type(btf.type(funcId).type).params.length <= index;
}

/** Kinds of a kfunc's arguments; rejects prototypes that the verifier cannot check (kernel: gen_kfunc_arg_proto). */
export function kfuncArgKinds(ctx: ArgScene, btf: Btf, funcId: number, proto: BtfType, kfunc: Kfunc | null): KfuncArgKinds {
  const { params } = proto;
  const name = btf.type(funcId).name;
  if (params.length > MAX_FUNC_ARGS) reject(ctx, cfgRules.kfuncArgs, [name, params.length, MAX_FUNC_ARGS]);
  const call: Call = { btf, kfunc, params };
  return params.map((param, i) => {
    if (pointsToKernelStruct(ctx, btf, param, 'bpf_prog_aux') || paramHasSuffix(param, '__ign') || isImplicit(btf, funcId, kfunc, i)) return null;
    return classify(ctx, call, i);
  });
}

function classify(ctx: ArgScene, call: Call, i: number): KfuncArg {
  const { btf, params } = call;
  const param = params[i];
  const t = skipModifiers(btf, param.type);
  if (isScalarType(t)) return { kind: scalarKind(param), nullable: false, fixedSize: false };
  const register = registerName(i);
  if (t.kind !== BTF_KIND_PTR) reject(ctx, cfgRules.kfuncArgType, [register, kindName(t)]);
  const target = skipModifiers(btf, t.type);
  const nullable = paramHasSuffix(param, '__nullable') || paramHasSuffix(param, '__arena');
  const known = POINTER_KINDS.find(([, fits]) => fits(ctx, call, i));
  if (known !== undefined) {
    if (known[0] === 'arena') {
      if (ctx.arena === null) reject(ctx, cfgRules.kfuncArgArena, [register]);
      if (i >= MAX_FUNC_REG_ARGS) reject(ctx, cfgRules.kfuncArgArenaStack, [register]);
    }
    return { kind: known[0], nullable, fixedSize: false };
  }
  const next = params[i + 1];
  if (next !== undefined && isScalarType(skipModifiers(btf, next.type)) && (paramHasSuffix(next, '__sz') || paramHasSuffix(next, '__szk'))) {
    if (!isVoid(target) && !isScalarType(target) && !isScalarStruct(ctx, btf, target, 0))
      reject(ctx, cfgRules.kfuncArgMemVoid, [register, kindName(target), nameOf(target)]);
    return { kind: 'mem', nullable, fixedSize: false };
  }
  if (isStructOrUnion(target)) return { kind: 'btf-id', nullable, fixedSize: false };
  if (!isScalarType(target) && !isScalarStruct(ctx, btf, target, 0)) reject(ctx, cfgRules.kfuncArgMem, [register, kindName(target), nameOf(target)]);
  return { kind: 'mem', nullable, fixedSize: true };
}

const registerName = (i: number): string => (i < MAX_FUNC_REG_ARGS ? `R${i + 1}` : `*(R11-${(i - MAX_FUNC_REG_ARGS + 1) * 8})`);
const nameOf = (t: BtfType): string => (isVoid(t) ? '' : t.name);

function scalarKind(param: BtfParam): KfuncArgKind {
  if (paramHasSuffix(param, '__k')) return 'const';
  if (paramHasSuffix(param, '__szk')) return 'const-mem-size';
  if (paramHasSuffix(param, '__sz')) return 'mem-size';
  if (param.name === 'rdonly_buf_size' || param.name === 'rdwr_buf_size') return 'const-alloc-size-or-zero';
  return 'anything';
}

const SCALAR_STRUCT_DEPTH = 3;

/** Is it a struct of scalars and arrays of them, a few levels deep (kernel: __btf_type_is_scalar_struct)? */
export function isScalarStruct(ctx: Pick<Context, 'messages'>, btf: Btf, t: BtfType, depth: number): boolean {
  if (!isStructOrUnion(t)) return false;
  return t.members.every((m) => {
    const member = skipModifiers(btf, m.type);
    if (isStructOrUnion(member)) {
      if (depth >= SCALAR_STRUCT_DEPTH) {
        say(ctx.messages, 'max struct nesting depth exceeded\n');
        return false;
      }
      return isScalarStruct(ctx, btf, member, depth + 1);
    }
    if (member.kind !== BTF_KIND_ARRAY) return isScalarType(member);
    return member.array!.count !== 0 && isScalarType(skipModifiers(btf, member.array!.elem));
  });
}
