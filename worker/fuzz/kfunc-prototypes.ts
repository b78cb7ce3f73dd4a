import { BTF_KIND_FUNC, BTF_KIND_PTR, BTF_KIND_STRUCT, type BtfType } from '../btf/btf.ts';
import { skipModifiers } from '../btf/walk.ts';
import type { Scene } from './scene.ts';

/** A parameter of a kfunc, as far as the generator looks at it. */
export interface Param {
  readonly name: string;
  /** Struct pointed to, `void` or `mem` for other pointers, null for numbers. */
  readonly points: string | null;
}

export interface Prototype {
  readonly params: readonly Param[];
  /** Struct that the result points to, `mem` for other pointers, `int`, or `void`. */
  readonly result: string;
}

const prototypes = new Map<string, Prototype | null>();

/** What a kfunc takes and gives; null if the kernel has none of this name. */
export function prototype(s: Scene, name: string): Prototype | null {
  let known = prototypes.get(name);
  if (known !== undefined) return known;
  const btf = s.setting.model.btf();
  const id = btf.find(name, BTF_KIND_FUNC);
  known = null;
  if (id !== 0) {
    const proto = btf.type(btf.type(id).type);
    const pointee = (type: BtfType): string | null => {
      if (type.kind !== BTF_KIND_PTR) return null;
      const to = skipModifiers(btf, type.type);
      return to.name !== '' && to.members.length !== 0
        ? to.name
        : type.type === 0
          ? 'void'
          : to.name === ''
            ? 'void'
            : to.members.length === 0 && to.size > 0
              ? 'mem'
              : to.name;
    };
    known = {
      params: proto.params.map((p) => ({ name: p.name, points: pointee(skipModifiers(btf, p.type)) })),
      result: proto.type === 0 ? 'void' : (pointee(skipModifiers(btf, proto.type)) ?? 'int'),
    };
  }
  prototypes.set(name, known);
  return known;
}

/** Slots on the stack of an iterator's state, by its struct. */
export function iterSlots(s: Scene, struct: string): number {
  const btf = s.setting.model.btf();
  const id = btf.find(struct, BTF_KIND_STRUCT);
  return id === 0 ? 1 : Math.max(1, btf.type(id).size >> 3);
}

/** Kfuncs that release objects of a type. */
export const SINKS: Readonly<Record<string, string>> = {
  task_struct: 'bpf_task_release',
  cgroup: 'bpf_cgroup_release',
  bpf_cpumask: 'bpf_cpumask_release',
  file: 'bpf_put_file',
  mem_cgroup: 'bpf_put_mem_cgroup',
};
