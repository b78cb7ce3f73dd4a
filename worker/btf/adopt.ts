import type { Btf, BtfType } from './btf.ts';
import { BTF_KIND_FWD, BTF_KIND_STRUCT, BTF_KIND_UNION } from './btf.ts';

const adopted = new WeakMap<Btf, { readonly kernel: Btf; readonly view: Btf }>();

/**
 * A program's types as a module of the kernel would have them: split BTF on the kernel's, in which structs and unions
 * that the kernel knows by name are the kernel's. That holds for those that the program leaves open or empty, or that have
 * the same size; others that happen to share a name stay the program's own.
 */
export function asModule(program: Btf, kernel: Btf): Btf {
  const known = adopted.get(program);
  if (known !== undefined && known.kernel === kernel) return known.view;
  const view = build(program, kernel);
  adopted.set(program, { kernel, view });
  return view;
}

/** Id of a program's type in {@link asModule}, whether the kernel has it or not. */
export function moduleTypeId(program: Btf, kernel: Btf, id: number): number {
  return id === 0 ? 0 : kernelId(program, kernel, id) || kernel.nextId - 1 + id;
}

/** The kernel's struct for one of the program's; 0 if there is none. */
function kernelId(program: Btf, kernel: Btf, id: number): number {
  const t = program.type(id);
  const kind = t.kind === BTF_KIND_FWD ? (t.kindFlag ? BTF_KIND_UNION : BTF_KIND_STRUCT) : t.kind;
  if ((kind !== BTF_KIND_STRUCT && kind !== BTF_KIND_UNION) || t.name === '') return 0;
  const found = kernel.find(t.name, kind);
  if (found === 0) return 0;
  return t.size === 0 || t.size === kernel.type(found).size ? found : 0;
}

function build(program: Btf, kernel: Btf): Btf {
  const firstId = kernel.nextId;
  const types = new Map<number, BtfType>();
  const there = (id: number): number => moduleTypeId(program, kernel, id);
  const own = (id: number): number => id - firstId + 1;

  const translate = (id: number): BtfType => {
    const t = program.type(own(id));
    return {
      ...t,
      id,
      type: there(t.type),
      members: t.members.map((m) => ({ ...m, type: there(m.type) })),
      params: t.params.map((p) => ({ ...p, type: there(p.type) })),
      array: t.array === null ? null : { ...t.array, elem: there(t.array.elem), index: there(t.array.index) },
      vars: t.vars.map((v) => ({ ...v, type: there(v.type) })),
    };
  };

  return {
    name: 'invented',
    base: kernel,
    bytes: program.bytes,
    firstId,
    nextId: firstId - 1 + program.nextId,
    stringEnd: program.stringEnd,
    type(id) {
      if (id < firstId) return kernel.type(id);
      let t = types.get(id);
      if (t === undefined) types.set(id, (t = translate(id)));
      return t;
    },
    find(name, kind) {
      return kernel.find(name, kind) || there(program.find(name, kind));
    },
    startingWith: (prefix, kind) => program.startingWith(prefix, kind).map((id) => id + firstId - 1),
    string: (offset) => program.string(offset),
    declTags: (id) => (id < firstId ? kernel.declTags(id) : program.declTags(own(id))),
  };
}
