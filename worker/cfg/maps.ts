import type { Btf } from '../btf/btf.ts';
import { BTF_KIND_FUNC } from '../btf/btf.ts';
import { MAP_VALUE_FIELDS, parseFields, structMetas, type BtfRecord, type KernelTypes } from '../btf/fields.ts';
import { typeIdSize } from '../btf/walk.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { MapDef, Program } from '../program/program.ts';
import type { MapInfo } from '../state/map-info.ts';
import { BPF_MAP_TYPE_DEVMAP, BPF_MAP_TYPE_DEVMAP_HASH, BPF_MAP_TYPE_INSN_ARRAY } from '../kernel/uapi.ts';
import { inferInsnArrays } from './insn-arrays.ts';
import { whyNotCreated } from '../program/map-create.ts';
import { BPF_F_RDONLY_PROG } from './map-flags.ts';

/** The kernel would not create this map, so no program could refer to it: bad input, not a verdict. */
export class MapRefused extends Error {
  override readonly name = 'MapRefused';
  constructor(
    readonly map: string,
    readonly why: string,
  ) {
    super(`map ${map} cannot be created: ${why}`);
  }
}

/** Modules whose types may be named by kptrs and kfuncs. */
const MODULES = ['bpf_testmod'];

/** Destructors of kernel types that referenced kptrs may hold (register_btf_id_dtor_kfuncs). */
const DESTRUCTORS: ReadonlyMap<string, string> = new Map([
  ['task_struct', 'bpf_task_release_dtor'],
  ['cgroup', 'bpf_cgroup_release_dtor'],
  ['bpf_cpumask', 'bpf_cpumask_release_dtor'],
  ['bpf_crypto_ctx', 'bpf_crypto_ctx_release_dtor'],
  ['bpf_ksock', 'bpf_ksock_release_dtor'],
  ['sk_buff', 'bpf_kfree_skb_dtor'],
  ['prog_test_ref_kfunc', 'bpf_kfunc_call_test_release_dtor'],
  ['prog_test_member', 'bpf_kfunc_call_memb_release_dtor'],
  ['bpf_testmod_ctx', 'bpf_testmod_ctx_release_dtor'],
]);

/** The kernel's types as the search for special fields asks for them. */
export function kernelTypes(model: KernelModel): KernelTypes {
  return {
    find(name, kind) {
      for (const btf of containers(model)) {
        const id = btf.find(name, kind);
        if (id !== 0) return { btf: owner(btf, id), id };
      }
      return null;
    },
    dtor(btf, typeId) {
      const destructor = DESTRUCTORS.get(btf.type(typeId).name);
      return destructor === undefined ? 0 : btf.find(destructor, BTF_KIND_FUNC);
    },
  };
}

function* containers(model: KernelModel): Generator<Btf> {
  yield model.btf();
  for (const name of MODULES) {
    const btf = model.moduleBtf(name);
    if (btf !== null) yield btf;
  }
}

function owner(btf: Btf, id: number): Btf {
  return btf.base !== null && id < btf.base.nextId ? btf.base : btf;
}

const metas = new WeakMap<Btf, ReadonlyMap<number, BtfRecord>>();

/** Special fields of every struct of a program's BTF that has some, by type id (kernel: btf_parse_struct_metas). */
export function structRecords(btf: Btf, model: KernelModel): ReadonlyMap<number, BtfRecord> {
  let records = metas.get(btf);
  if (records === undefined) {
    const found = structMetas(btf, kernelTypes(model));
    if (!found.ok) throw new MapRefused('', `the program's BTF is refused: ${found.what}`);
    metas.set(btf, (records = found.records));
  }
  return records;
}

/** Lookups in these yield the kernel's own data: map creation sets BPF_F_RDONLY_PROG. */
const CREATED_READONLY: ReadonlySet<number> = new Set([BPF_MAP_TYPE_DEVMAP, BPF_MAP_TYPE_DEVMAP_HASH, BPF_MAP_TYPE_INSN_ARRAY]);

/** The program's maps as the verifier sees them. Throws {@link MapRefused} for what map creation would refuse. */
export function buildMaps(program: Program, model: KernelModel): MapInfo[] {
  const inferred = inferInsnArrays(program, program.insns);
  const built = new Map<number, MapInfo>();
  const build = (index: number): MapInfo => {
    const known = built.get(index);
    if (known !== undefined) return known;
    const given = program.maps[index];
    if (given === undefined) throw new MapRefused(`#${index}`, 'there is no such map');
    const contents = inferred.get(index);
    const def = contents === undefined ? given : { ...given, data: contents };
    if (def.inner === index) throw new MapRefused(def.name, 'it contains itself');
    const why = whyNotCreated(def);
    if (why !== null) throw new MapRefused(def.name, why);
    const btf = def.keyTypeId !== 0 || def.valueTypeId !== 0 ? program.btf : null;
    const map: MapInfo = {
      index,
      def,
      name: def.name,
      type: def.type,
      keySize: def.keySize,
      valueSize: def.valueSize,
      maxEntries: def.maxEntries,
      flags: CREATED_READONLY.has(def.type) ? def.flags | BPF_F_RDONLY_PROG : def.flags,
      frozen: def.frozen,
      btf,
      record: btf === null ? null : recordOf(def, btf, model),
      inner: def.inner === null ? null : templateOf(build(def.inner)),
    };
    built.set(index, map);
    return map;
  };
  return program.maps.map((_, i) => build(i));
}

/** What an outer map keeps of the map that its inner ones are like: neither its name nor its contents (kernel: bpf_map_meta_alloc). */
function templateOf(map: MapInfo): MapInfo {
  return { ...map, name: '', frozen: false };
}

function recordOf(def: MapDef, btf: Btf, model: KernelModel): BtfRecord | null {
  if (def.valueTypeId === 0) return null;
  const value = typeIdSize(btf, def.valueTypeId);
  if (value === null) throw new MapRefused(def.name, `its value type ${def.valueTypeId} has no size`);
  const found = parseFields(btf, value.id, MAP_VALUE_FIELDS, def.valueSize, kernelTypes(model), structRecords(btf, model));
  // Values that are not as they should be are taken as ordinary ones: map creation forgets what it found.
  return found.ok ? found.record : null;
}
