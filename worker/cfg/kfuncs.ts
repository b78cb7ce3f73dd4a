import { asModule, moduleTypeId } from '../btf/adopt.ts';
import { BTF_KIND_FUNC, BTF_KIND_FUNC_PROTO, BTF_KIND_VAR, type Btf, type BtfType } from '../btf/btf.ts';
import type { Arg } from '../failure/format.ts';
import { say, SILENT } from '../failure/messages.ts';
import { NotModelled, Rejection, type Rule } from '../failure/rule.ts';
import { isKfuncCall } from '../isa/flow.ts';
import type { Insns } from '../isa/insns.ts';
import { KF_IMPLICIT_ARGS } from '../kernel/kfunc-flags.ts';
import type { Kfunc } from '../kernel/kfuncs.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { ProgTraits } from '../kernel/prog-traits.ts';
import type { Program } from '../program/program.ts';
import { reject, typeOrNull, type Context } from './context.ts';
import type { KfuncMeta } from './facts.ts';
import { checkFuncModel } from './func-model.ts';
import { kfuncArgKinds } from './kfunc-args.ts';
import { cfgRules } from './rules.ts';
import { rejectCalls } from './subprogs.ts';

const MAX_KFUNCS = 256;
const IMPL = '_impl';
/** Metadata of a received packet, which only the driver knows. */
const DEVICE_BOUND: ReadonlySet<string> = new Set(['bpf_xdp_metadata_rx_timestamp', 'bpf_xdp_metadata_rx_hash', 'bpf_xdp_metadata_rx_vlan_tag']);

/** Does the kfunc speak of a device that the program is not bound to? Refused before the walk. */
export function lacksDevice(kfunc: Kfunc, traits: ProgTraits): boolean {
  return DEVICE_BOUND.has(kfunc.name) && !traits.devBound;
}

/**
 * Writes the ids of the kernel's types into instructions that name kernel functions and variables, as a loader
 * does. Calls into modules get the position of the module in the result as their `off`; entry 0 is the kernel.
 */
export function linkKernelRefs(insns: Insns, program: Program, model: KernelModel): (string | null)[] {
  const modules: (string | null)[] = [null];
  for (const [i, ref] of program.refs) {
    if (ref.kind === 'map') continue;
    if (ref.kind === 'ksym') {
      const btf = containerOf(model, ref.module, i);
      insns.imm[i] = findOrThrow(btf, ref.name, ref.symbol === 'func' ? BTF_KIND_FUNC : BTF_KIND_VAR, i);
      continue;
    }
    const invented = inventedId(program, model, ref.name, ref.module);
    if (invented !== 0) {
      insns.imm[i] = invented;
      continue;
    }
    const btf = containerOf(model, ref.module, i);
    insns.imm[i] = findOrThrow(btf, ref.name, BTF_KIND_FUNC, i);
    if (ref.module === null) continue;
    let position = modules.indexOf(ref.module);
    if (position === -1) position = modules.push(ref.module) - 1;
    insns.off[i] = position;
  }
  return modules;
}

function inventedId(program: Program, model: KernelModel, name: string, module: string | null): number {
  if (program.invented.length === 0) return 0;
  return model.kfunc(name, module)?.inventedTypeId ?? 0;
}

function containerOf(model: KernelModel, module: string | null, i: number): Btf {
  const btf = module === null ? model.btf() : model.moduleBtf(module);
  if (btf === null) throw new NotModelled(`types of module ${module}`, i);
  return btf;
}

function findOrThrow(btf: Btf, name: string, kind: number, i: number): number {
  const id = btf.find(name, kind);
  if (id === 0) throw new NotModelled(`kernel symbol ${name}, which is not among the types of ${btf.name}`, i);
  return id;
}

/** Looks up every kfunc that is called, once (kernel: add_kfuncs). */
export function addKfuncs(ctx: Context): void {
  const { insns, facts } = ctx;
  for (let i = 0; i < insns.length; i++) {
    if (!isKfuncCall(insns, i)) continue;
    ctx.at = i;
    if (!ctx.caps.bpfCapable) rejectCalls(ctx, i, 'kfunc');
    if (!ctx.traits.gpl) reject(ctx, cfgRules.kfuncLicense);
    if (insns.imm[i] === 0 && insns.off[i] === 0) continue; // may yet turn out to be dead code
    const key = keyOf(insns, i);
    let meta = ctx.kfuncTable.get(key);
    if (meta === undefined) {
      if (ctx.kfuncTable.size === MAX_KFUNCS) reject(ctx, cfgRules.kfuncTooMany);
      meta = addKfunc(ctx, i);
      ctx.kfuncTable.set(key, meta);
    }
    facts.kfuncs.set(i, meta);
  }
  ctx.at = null;
  ctx.kfuncsKnown = true;
}

/**
 * The kfunc that instruction `i` calls, or null after the log was told why there is none (kernel:
 * fetch_kfunc_meta). Only calls of function 0 are without: they are refused when the walk reaches them.
 */
export function fetchKfunc(ctx: Context, i: number): KfuncMeta | null {
  const known = ctx.facts.kfuncs.get(i);
  if (known !== undefined) return known;
  const found = lookUp(ctx, i);
  if (!('rule' in found)) throw new Error(`kfunc at ${i} was not added`);
  say(ctx.messages, found.rule.text, ...found.args);
  return null;
}

const keyOf = (insns: Insns, i: number): string => `${insns.imm[i]}:${insns.off[i]}`;

interface Lookup {
  readonly btf: Btf;
  readonly id: number;
  readonly name: string;
  readonly proto: BtfType;
  readonly kfunc: Kfunc | null;
}

interface Missing {
  readonly rule: Rule;
  readonly args: readonly Arg[];
}

function lookUp(ctx: Context, i: number): Lookup | Missing {
  const id = ctx.insns.imm[i];
  const off = ctx.insns.off[i];
  if (id <= 0) return { rule: cfgRules.kfuncId, args: [id] };
  if (off < 0) return { rule: cfgRules.kfuncNegativeOffset, args: [] };
  const ref = ctx.program.refs.get(i);
  if (ref?.kind === 'kfunc') {
    const kfunc = ctx.model.kfunc(ref.name, ref.module);
    if (kfunc !== null && kfunc.inventedTypeId !== 0 && ctx.program.btf !== null) {
      // without the kernel's types its structs are strangers
      const kernel = ctx.model.hasBtf ? ctx.model.btf() : null;
      const btf = kernel === null ? ctx.program.btf : asModule(ctx.program.btf, kernel);
      const here = kernel === null ? kfunc.inventedTypeId : moduleTypeId(ctx.program.btf, kernel, kfunc.inventedTypeId);
      const func = btf.type(here);
      return { btf, id: here, name: func.name, proto: btf.type(func.type), kfunc };
    }
  }
  const module = ctx.kfuncModules[off];
  if (module === undefined) return { rule: cfgRules.kfuncNoFdArray, args: [] };
  const btf = containerOf(ctx.model, module, i);
  const func = typeOrNull(btf, id);
  if (func === null || func.kind !== BTF_KIND_FUNC) return { rule: cfgRules.kfuncNotFunction, args: [id] };
  const kfunc = ctx.model.kfunc(func.name, module);
  const proto = realProto(btf, func, kfunc);
  if (proto === 'no impl') return { rule: cfgRules.kfuncImplMissing, args: [func.name + IMPL, id] };
  if (proto === null || proto.kind !== BTF_KIND_FUNC_PROTO) return { rule: cfgRules.kfuncProto, args: [id] };
  return { btf, id, name: func.name, proto, kfunc };
}

/** The prototype that calls are checked with: that of the `_impl` twin for kfuncs with implicit arguments. */
function realProto(btf: Btf, func: BtfType, kfunc: Kfunc | null): BtfType | null | 'no impl' {
  if (kfunc === null || !(kfunc.flags & KF_IMPLICIT_ARGS)) return typeOrNull(btf, func.type);
  const impl = btf.find(func.name + IMPL, BTF_KIND_FUNC);
  return impl === 0 ? 'no impl' : btf.type(btf.type(impl).type);
}

/** Why every program that calls a kfunc is refused for its prototype; null: its prototype is fine. `btf` has its FUNC `id`. */
export function prototypeRefusal(model: KernelModel, traits: ProgTraits, btf: Btf, id: number, kfunc: Kfunc): Rejection | null {
  const func = btf.type(id);
  const proto = realProto(btf, func, kfunc);
  if (proto === null || proto === 'no impl') return null;
  const scene = { model, traits, messages: SILENT, arena: {} };
  try {
    checkFuncModel(scene, btf, proto, func.name);
    kfuncArgKinds(scene, btf, id, proto, kfunc);
    return null;
  } catch (error) {
    if (error instanceof Rejection) return error;
    throw error;
  }
}

function addKfunc(ctx: Context, i: number): KfuncMeta {
  const found = lookUp(ctx, i);
  if ('rule' in found) return reject(ctx, found.rule, found.args);
  if (!hasAddress(ctx.model, found, ctx.kfuncModules[ctx.insns.off[i]] ?? null)) reject(ctx, cfgRules.kfuncNoAddress, [found.name]);
  if (found.kfunc !== null && lacksDevice(found.kfunc, ctx.traits)) reject(ctx, cfgRules.kfuncDevBound);
  checkFuncModel(ctx, found.btf, found.proto, found.name);
  return {
    ...found,
    allowed: found.kfunc !== null && ctx.model.kfuncAllowed(found.kfunc, ctx.traits),
    args: kfuncArgKinds(ctx, found.btf, found.id, found.proto, found.kfunc),
  };
}

/** `foo_impl` is only a prototype in the types, not a function, where `foo` is a kfunc with implicit arguments. */
function hasAddress(model: KernelModel, { name, kfunc }: Lookup, module: string | null): boolean {
  if (kfunc !== null || !name.endsWith(IMPL)) return true;
  const shown = model.kfunc(name.slice(0, -IMPL.length), module);
  return shown === null || (shown.flags & KF_IMPLICIT_ARGS) === 0;
}
