import { BTF_KIND_DATASEC, BTF_KIND_FUNC, BTF_KIND_VAR, type Btf } from '../btf/btf.ts';
import { isStructOrUnion, resolveSize, skipModifiers } from '../btf/walk.ts';
import { MEM_PERCPU, MEM_RDONLY, PTR_TO_BTF_ID, PTR_TO_MEM } from '../kernel/types.ts';
import { NotModelled } from '../failure/rule.ts';
import { reject, typeOrNull, type Context } from './context.ts';
import { cfgRules } from './rules.ts';

const EINVAL_RESULT = -22;

/** Resolves a wide load of a kernel variable or function (kernel: check_pseudo_btf_id). */
export function resolveKsym(ctx: Context, i: number): void {
  const { insns, facts, program, model } = ctx;
  const ref = program.refs.get(i);
  const module = ref?.kind === 'ksym' ? ref.module : null;
  const btf = module === null ? model.btf() : model.moduleBtf(module);
  if (btf === null) throw new NotModelled(`types of module ${module}`, i);
  const id = insns.imm[i];
  const type = typeOrNull(btf, id);
  if (type === null) reject(ctx, cfgRules.ksymId, [id]);
  if (type.kind === BTF_KIND_FUNC) {
    facts.ksyms.set(i, { regType: PTR_TO_MEM | MEM_RDONLY, memSize: 0, btf: null, btfId: 0 });
    return;
  }
  if (type.kind !== BTF_KIND_VAR) reject(ctx, cfgRules.ksymKind, [id]);
  if (isPerCpu(btf, id)) {
    facts.ksyms.set(i, { regType: PTR_TO_BTF_ID | MEM_PERCPU, memSize: 0, btf, btfId: type.type });
    return;
  }
  const target = skipModifiers(btf, type.type);
  if (isStructOrUnion(target)) {
    facts.ksyms.set(i, { regType: PTR_TO_BTF_ID, memSize: 0, btf, btfId: type.type });
    return;
  }
  const size = resolveSize(btf, target.id);
  if (size === null) reject(ctx, cfgRules.ksymSize, [target.name, EINVAL_RESULT]);
  facts.ksyms.set(i, { regType: PTR_TO_MEM | MEM_RDONLY, memSize: size.size, btf: null, btfId: 0 });
}

const perCpu = new WeakMap<Btf, ReadonlySet<number>>();

/** Is the variable in its container's own `.data..percpu` section? */
function isPerCpu(btf: Btf, id: number): boolean {
  let ids = perCpu.get(btf);
  if (ids === undefined) {
    ids = new Set(ownSection(btf, '.data..percpu'));
    perCpu.set(btf, ids);
  }
  return ids.has(id);
}

/** Variables of a section of the container itself: a module's name lookup would find the kernel's section. */
function ownSection(btf: Btf, name: string): readonly number[] {
  if (btf.base === null) {
    const id = btf.find(name, BTF_KIND_DATASEC);
    return id === 0 ? [] : btf.type(id).vars.map((v) => v.type);
  }
  for (let id = btf.firstId; id < btf.nextId; id++) {
    const t = btf.type(id);
    if (t.kind === BTF_KIND_DATASEC && t.name === name) return t.vars.map((v) => v.type);
  }
  return [];
}
