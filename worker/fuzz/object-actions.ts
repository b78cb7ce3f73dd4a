import * as op from '../isa/opcodes.ts';
import type { Action, ActionTable } from './action.ts';
import { block } from './block.ts';
import { Label } from './emitter.ts';
import { fieldValue } from './field-value.ts';
import { KFUNC_RELEASES, useObject } from './helper-actions.ts';
import { SINKS } from './kfunc-prototypes.ts';
import { NONE, SCALAR, type Scene } from './scene.ts';
import { world } from './world.ts';

/** Allocates an object of the program's types. */
function allocate(s: Scene, struct: string): void {
  s.e.wide(1, world().types.get(struct) ?? 0, 0);
  s.e.movImm(2, 0);
  s.e.kfunc('bpf_obj_new_impl');
  s.clobber({
    k: 'object',
    what: struct,
    nullable: true,
    owned: true,
    size: struct === 'obj_plain' ? 16 : 72,
  });
}

function drop(s: Scene, reg: number): void {
  s.e.mov(1, reg);
  s.e.movImm(2, 0);
  s.e.kfunc('bpf_obj_drop_impl');
  s.clobber(NONE);
}

const objects: Action = (s) => {
  const { r, e } = s;
  const struct = r.pick(['obj_plain', 'elem', 'elem_tree', 'elem_ref']);
  allocate(s, struct);
  const keep = s.keeper();
  if (keep === 0 || s.pinned.has(keep)) return true;
  e.mov(keep, 0);
  s.kinds[keep] = { k: 'object', what: struct, nullable: true, owned: true, size: 16 };
  s.kinds[0] = NONE;
  const body = (): void => {
    s.pinned.add(keep);
    if (struct === 'elem_ref' && r.chance(0.3)) {
      e.mov(1, keep);
      e.movImm(2, 0);
      e.kfunc('bpf_refcount_acquire_impl');
      s.clobber({ k: 'object', what: struct, nullable: true, owned: true, size: 16 });
      if (r.chance(0.8)) {
        const skip = new Label();
        if (r.chance(0.5)) e.jump(op.BPF_JMP | op.BPF_JEQ, skip, 0, 0, 0);
        drop(s, 0);
        e.place(skip);
      }
    }
    block(s, r.between(0, 2));
    if (struct !== 'obj_plain' && r.chance(0.7)) insert(s, keep, struct);
    else if (r.chance(0.95)) drop(s, keep);
    s.pinned.delete(keep);
    s.kinds[keep] = NONE;
  };
  s.ifNotNull(keep, body);
  s.kinds[keep] = NONE;
  return true;
};

/** Puts an object into a list or tree under the lock, takes one out again perhaps. */
function insert(s: Scene, object: number, struct: string): void {
  const { r, e } = s;
  const other = r.chance(0.03);
  const map = s.someMap((m) => m.name === ((struct === 'elem_ref') !== other ? 'graph_ref' : 'graph'));
  if (map === null) return;
  const reg = [7, 8, 9, 6].find((i) => i !== object && !s.pinned.has(i)) ?? 0;
  e.mapValue(reg, s.mapIndex(map), 0);
  s.kinds[reg] = { k: 'value', map, off: 0, nullable: false };
  const lock = (id: number): void => {
    e.mov(1, reg);
    if (r.chance(0.99)) e.helper(id);
    s.clobber(NONE);
  };
  const argument = (i: number, from: number, off: number): void => {
    e.mov(i, from);
    e.aluImm(op.BPF_ADD, i, off);
  };
  lock(93);
  const tree = struct === 'elem_tree' || (struct === 'elem_ref' && r.chance(0.5)) || r.chance(0.02);
  const node = struct === 'elem_ref' && tree ? 32 : 8;
  if (tree) {
    argument(1, reg, 24);
    argument(2, object, node);
    const label = new Label();
    e.func(3, label);
    s.pending.push({
      label,
      typeName: 'less',
      args: [
        { k: 'object', what: 'rb', nullable: false, owned: false, size: 16 },
        { k: 'object', what: 'rb', nullable: false, owned: false, size: 16 },
      ],
      returns: 'less',
      depth: s.callDepth + 1,
    });
    e.movImm(4, 0);
    e.movImm(5, 0);
    e.kfunc('bpf_rbtree_add_impl');
  } else {
    argument(1, reg, 8);
    argument(2, object, node);
    e.movImm(3, 0);
    e.movImm(4, 0);
    e.kfunc(r.chance(0.5) ? 'bpf_list_push_front_impl' : 'bpf_list_push_back_impl');
  }
  s.clobber(SCALAR);
  if (r.chance(0.3)) e.load(8, 1, object, 0);
  if (r.chance(0.4)) {
    argument(1, reg, tree ? 24 : 8);
    const peek = r.chance(0.3);
    e.kfunc(
      tree
        ? peek
          ? 'bpf_rbtree_root'
          : 'bpf_rbtree_first'
        : peek
          ? 'bpf_list_front'
          : r.pick(['bpf_list_pop_front', 'bpf_list_pop_back']),
    );
    s.clobber(NONE);
    const skip = new Label();
    e.jump(op.BPF_JMP | op.BPF_JEQ, skip, 0, 0, 0);
    if (tree && r.chance(0.7)) {
      argument(1, reg, 24);
      e.mov(2, 0);
      e.kfunc('bpf_rbtree_remove');
      s.clobber(NONE);
      if (r.chance(0.7)) e.jump(op.BPF_JMP | op.BPF_JEQ, skip, 0, 0, 0);
    }
    e.mov(object, 0);
    lock(94);
    if (r.chance(0.9)) {
      argument(1, object, -node);
      e.movImm(2, 0);
      e.kfunc('bpf_obj_drop_impl');
    }
    const end = new Label();
    e.jump(op.OP_JA, end);
    e.place(skip);
    if (r.chance(0.95)) lock(94);
    e.place(end);
  } else if (r.chance(0.95)) lock(94);
  s.clobber(NONE);
}

const kptrSwap: Action = (s) => {
  const { r, e } = s;
  const found = fieldValue(s, 'kptr');
  if (found === null) return false;
  const [reg] = found;
  const struct = r.pick(['task_struct', 'cgroup', 'bpf_cpumask']);
  const off = { task_struct: 0, cgroup: 8, bpf_cpumask: 16 }[struct] ?? 0;
  const owned = s.find((kind) => kind.k === 'object' && kind.owned && kind.what === struct && !kind.nullable);
  if (owned !== null) e.mov(2, owned);
  else e.movImm(2, 0);
  e.mov(1, reg);
  e.aluImm(op.BPF_ADD, 1, off);
  e.helper(194);
  if (owned !== null) s.kinds[owned] = NONE;
  KFUNC_RELEASES.set(struct, SINKS[struct]);
  s.clobber({ k: 'object', what: struct, nullable: true, owned: true, size: 0 });
  const keep = s.keeper();
  if (keep === 0 || s.pinned.has(keep)) return true;
  e.mov(keep, 0);
  s.kinds[keep] = s.kinds[0];
  s.kinds[0] = NONE;
  useObject(s, keep);
  return true;
};

/** Loads a kptr and uses it under RCU. */
const kptrLoad: Action = (s) => {
  const { r, e } = s;
  const found = fieldValue(s, 'kptr');
  if (found === null) return false;
  const struct = r.pick(['task_struct', 'cgroup', 'bpf_cpumask']);
  const to = s.keeper();
  if (to === 0 || to === found[0] || s.pinned.has(to)) return false;
  e.load(8, to, found[0], { task_struct: 0, cgroup: 8, bpf_cpumask: 16 }[struct] ?? 0);
  s.kinds[to] = { k: 'object', what: struct, nullable: true, owned: false, size: 0 };
  return true;
};

export const OBJECT_ACTIONS: ActionTable = [
  [7, objects],
  [3, kptrSwap],
  [3, kptrLoad],
];
