import { BTF_KIND_FUNC, BTF_KIND_PTR, type BtfType } from '../btf/btf.ts';
import { skipModifiers } from '../btf/walk.ts';
import * as op from '../isa/opcodes.ts';
import { KF_ACQUIRE, KF_ITER_DESTROY, KF_ITER_NEW, KF_ITER_NEXT, KF_RELEASE, KF_RET_NULL } from '../kernel/kfunc-flags.ts';
import type { Kfunc } from '../kernel/kfuncs.ts';
import { block, type Action } from './actions.ts';
import { Label } from './emitter.ts';
import { KFUNC_RELEASES, useObject } from './helper-actions.ts';
import { NONE, SCALAR, type Kind, type Scene } from './scene.ts';
import { world } from './world.ts';

/** A parameter of a kfunc, as far as the generator looks at it. */
interface Param {
  readonly name: string;
  /** Struct pointed to, `void` or `mem` for other pointers, null for numbers. */
  readonly points: string | null;
}

interface Prototype {
  readonly params: readonly Param[];
  /** Struct that the result points to, `mem` for other pointers, `int`, or `void`. */
  readonly result: string;
}

const prototypes = new Map<string, Prototype | null>();

function prototype(s: Scene, name: string): Prototype | null {
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
      return to.name !== '' && to.members.length !== 0 ? to.name : type.type === 0 ? 'void' : to.name === '' ? 'void' : to.members.length === 0 && to.size > 0 ? 'mem' : to.name;
    };
    known = {
      params: proto.params.map((p) => ({ name: p.name, points: pointee(skipModifiers(btf, p.type)) })),
      result: proto.type === 0 ? 'void' : (pointee(skipModifiers(btf, proto.type)) ?? 'int'),
    };
  }
  prototypes.set(name, known);
  return known;
}

const allowed = new Map<string, readonly Kfunc[]>();

function available(s: Scene): readonly Kfunc[] {
  const { model, traits } = s.setting;
  const key = JSON.stringify(traits);
  let known = allowed.get(key);
  if (known === undefined) {
    known = model.kfuncs().filter((k) => k.module === null && model.kfuncAllowed(k, traits) && prototype(s, k.name) !== null && !/arena|struct_ops|bpf_throw|crypto|stream|key|verify|fentry|modify_return|test|_ct_|xfrm|_fou_|flowtable|rdonly_cast|bbr|dctcp|cubictcp/.test(k.name));
    allowed.set(key, known);
  }
  return known;
}

function stackPointer(s: Scene, reg: number, off: number): void {
  s.e.mov(reg, 10);
  s.e.aluImm(op.BPF_ADD, reg, off);
}

const SINKS: Readonly<Record<string, string>> = {
  task_struct: 'bpf_task_release',
  cgroup: 'bpf_cgroup_release',
  bpf_cpumask: 'bpf_cpumask_release',
  file: 'bpf_put_file',
  mem_cgroup: 'bpf_put_mem_cgroup',
};

/** Slots on the stack of an iterator's state, by its struct. */
function iterSlots(s: Scene, struct: string): number {
  const btf = s.setting.model.btf();
  const id = btf.find(struct, 4);
  return id === 0 ? 1 : Math.max(1, btf.type(id).size >> 3);
}

const callKfunc: Action = (s) => {
  const all = available(s);
  if (all.length === 0) return false;
  const interesting = all.filter((k) => /task|cgroup|cpumask|dynptr|obj_|refcount|rcu|preempt|irq|file|xdp|skb|ct_|from_|cast|iter_num|get_|put_/.test(k.name));
  return kfunc(s, interesting.length !== 0 && s.r.chance(0.7) ? s.r.pick(interesting) : s.r.pick(all));
};

function kfunc(s: Scene, k: Kfunc): boolean {
  const { r, e } = s;
  const proto = prototype(s, k.name);
  if (proto === null || (k.flags & (KF_ITER_NEW | KF_ITER_NEXT | KF_ITER_DESTROY)) !== 0) return false;
  if (/list_|rbtree|spin|obj_|percpu|refcount|rcu_read|preempt|irq|wq_|task_work/.test(k.name) && r.chance(0.8)) return false;
  let memory = 8;
  let released: number | null = null;
  let made: number | null = null;
  const notes: { size: number } = { size: 8 };
  for (const [i, param] of proto.params.slice(0, 5).entries()) {
    const reg = i + 1;
    if (/__ign$|__prog$/.test(param.name) && r.chance(0.7)) {
      e.movImm(reg, 0);
      continue;
    }
    if (param.points === null) {
      if (/__sz$|__szk$/.test(param.name)) e.movImm(reg, r.weighted([[6, notes.size], [1, r.between(0, notes.size)], [0.4, notes.size + 1]]));
      else {
        const from = s.find((kind) => kind.k === 'scalar');
        if (from !== null && r.chance(0.3)) e.mov(reg, from);
        else e.movImm(reg, r.weighted([[6, r.below(4)], [1, s.immediate()]]));
      }
      continue;
    }
    if (/__nullable$|__opt$/.test(param.name) && r.chance(0.4)) {
      e.movImm(reg, 0);
      notes.size = 8;
      continue;
    }
    if (param.points === 'bpf_dynptr') {
      if (/__uninit$/.test(param.name)) {
        made = s.objectSlots(2);
        stackPointer(s, reg, made);
      } else {
        const slots = [...s.stack].filter(([, held]) => held === 'dynptr').map(([off]) => off).sort((a, b) => a - b);
        if (slots.length === 0 && r.chance(0.95)) return false;
        stackPointer(s, reg, slots.length === 0 ? -16 : slots[0]);
      }
      continue;
    }
    if (/^(void|mem)$/.test(param.points) || (proto.params[i + 1] !== undefined && /__szk?$/.test(proto.params[i + 1].name))) {
      memory = r.pick([8, 16, 24]);
      notes.size = memory;
      if (/__str$/.test(param.name)) {
        const map = s.someMap((m) => m.name === 'rodata');
        if (map !== null) e.mapValue(reg, s.mapIndex(map), 0);
        continue;
      }
      stackPointer(s, reg, s.stackArea(memory, r.chance(0.95)));
      continue;
    }
    const struct = param.points;
    const from = s.find((kind) => kind.k === 'object' && (kind.what === struct || (struct === 'cpumask' && kind.what === 'bpf_cpumask')) && (!kind.nullable || r.chance(0.05)));
    const ctx = /^(__sk_buff|xdp_md|sk_buff)$/.test(struct) ? s.find((kind) => kind.k === 'ctx') : null;
    if (from !== null && r.chance(0.97)) {
      e.mov(reg, from);
      if ((k.flags & KF_RELEASE) !== 0 && i === 0) released = from;
    } else if (ctx !== null) e.mov(reg, ctx);
    // the size of CPU masks differs between builds of the kernel
    else if (r.chance(0.9) || struct.includes('cpumask')) return false;
    else if (r.chance(0.5)) stackPointer(s, reg, s.stackArea(16, true));
    else e.mov(reg, r.pick([6, 10]));
  }
  e.kfunc(k.name);
  if (released !== null) {
    const gone = s.kinds[released];
    for (let i = 0; i < 10; i++) if (s.kinds[i] === gone) s.kinds[i] = NONE;
  }
  if (made !== null) s.setSlots(made, 2, 'dynptr');
  const acquired = (k.flags & KF_ACQUIRE) !== 0;
  const sink = SINKS[proto.result];
  if (acquired && sink !== undefined) KFUNC_RELEASES.set(proto.result, sink);
  const nullable = (k.flags & KF_RET_NULL) !== 0;
  const result: Kind =
    proto.result === 'void' ? NONE : proto.result === 'int' ? SCALAR : { k: 'object', what: proto.result, nullable, owned: acquired, size: /^(mem|void)$/.test(proto.result) ? notes.size : 0 };
  s.clobber(proto.result === 'void' && k.name.includes('slice') ? { k: 'object', what: 'mem', nullable, owned: false, size: notes.size } : result);
  const kept = s.kinds[0];
  if (kept.k === 'object') {
    const keep = s.keeper();
    if (keep !== 0 && !s.pinned.has(keep)) {
      e.mov(keep, 0);
      s.kinds[keep] = kept;
      s.kinds[0] = { ...kept, owned: false };
      if (r.chance(0.9)) useObject(s, keep);
    }
  }
  return true;
}

/** A region between two calls without arguments. */
const region =
  (enter: string, leave: string): Action =>
  (s) => {
    if (s.depth > 4) return false;
    s.e.kfunc(enter);
    s.clobber(NONE);
    block(s, s.r.between(0, 3));
    if (s.r.chance(0.95)) {
      s.e.kfunc(leave);
      s.clobber(NONE);
    }
    return true;
  };

const irqRegion: Action = (s) => {
  if (s.depth > 4) return false;
  const off = s.objectSlots(1);
  const call = (name: string): void => {
    stackPointer(s, 1, off);
    s.e.kfunc(name);
    s.clobber(NONE);
  };
  call('bpf_local_irq_save');
  s.setSlots(off, 1, 'irq');
  block(s, s.r.between(0, 3));
  if (s.r.chance(0.95)) call('bpf_local_irq_restore');
  s.setSlots(off, 1, null);
  return true;
};

/** A value of a map with a field, by lookup or directly, in a register of its own. */
function fieldValue(s: Scene, field: string): readonly [reg: number, off: number] | null {
  const known = s.find((kind) => kind.k === 'value' && !kind.nullable && kind.off === 0 && (kind.map.fields ?? []).some(([f]) => f === field));
  if (known !== null && s.r.chance(0.8)) {
    const kind = s.kinds[known];
    return [known, kind.k === 'value' ? (kind.map.fields?.find(([f]) => f === field)?.[1] ?? 0) : 0];
  }
  const map = s.someMap((m) => m.type === 2 && m.maxEntries === 1 && (m.fields ?? []).some(([f]) => f === field));
  if (map === null) return null;
  const reg = s.keeper();
  if (reg === 0 || s.pinned.has(reg)) return null;
  s.e.mapValue(reg, s.mapIndex(map), 0);
  s.kinds[reg] = { k: 'value', map, off: 0, nullable: false };
  return [reg, map.fields?.find(([f]) => f === field)?.[1] ?? 0];
}

const resLock: Action = (s) => {
  const { r, e } = s;
  const found = fieldValue(s, 'res');
  if (found === null) return false;
  const [reg, off] = found;
  const irq = r.chance(0.3);
  const slot = s.objectSlots(1);
  const call = (name: string): void => {
    e.mov(1, reg);
    e.aluImm(op.BPF_ADD, 1, off);
    if (irq) stackPointer(s, 2, slot);
    e.kfunc(irq ? `${name}_irq${name.includes('unlock') ? 'restore' : 'save'}` : name);
    s.clobber(name.includes('unlock') ? NONE : SCALAR);
  };
  const pinned = s.pinned.has(reg);
  s.pinned.add(reg);
  call('bpf_res_spin_lock');
  const skip = new Label();
  e.jump(op.BPF_JMP | op.BPF_JNE, skip, 0, 0, 0);
  const before = [...s.kinds];
  if (irq) s.setSlots(slot, 1, 'irq');
  block(s, r.between(0, 2));
  if (r.chance(0.95)) call('bpf_res_spin_unlock');
  s.setSlots(slot, 1, null);
  e.place(skip);
  s.merge(before);
  if (!pinned) s.pinned.delete(reg);
  return true;
};

/** Allocates an object of the program's types. */
function allocate(s: Scene, struct: string): void {
  s.e.wide(1, world().types.get(struct) ?? 0, 0);
  s.e.movImm(2, 0);
  s.e.kfunc('bpf_obj_new_impl');
  s.clobber({ k: 'object', what: struct, nullable: true, owned: true, size: struct === 'obj_plain' ? 16 : 72 });
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
    s.pending.push({ label, typeName: 'less', args: [{ k: 'object', what: 'rb', nullable: false, owned: false, size: 16 }, { k: 'object', what: 'rb', nullable: false, owned: false, size: 16 }], returns: 'less', depth: s.callDepth + 1 });
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
    e.kfunc(tree ? (peek ? 'bpf_rbtree_root' : 'bpf_rbtree_first') : peek ? 'bpf_list_front' : r.pick(['bpf_list_pop_front', 'bpf_list_pop_back']));
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

/** Ends the program from wherever it is. */
const throws: Action = (s) => {
  const { r, e } = s;
  const skip = new Label();
  s.compare(s.scalar(), skip);
  e.movImm(1, r.below(3));
  e.kfunc('bpf_throw');
  if (r.chance(0.3)) e.movImm(0, 0);
  e.place(skip);
  s.clobber(NONE);
  return true;
};

const ITERATORS: readonly (readonly [weight: number, name: string])[] = [
  [10, 'num'],
  [3, 'task'],
  [3, 'css'],
  [2, 'bits'],
  [2, 'task_vma'],
  [2, 'css_task'],
  [1, 'kmem_cache'],
];

/** An open-coded loop. */
const iterator: Action = (s) => {
  if (s.depth > 3) return false;
  const { r, e } = s;
  const name = r.weighted(ITERATORS);
  const struct = `bpf_iter_${name}`;
  const proto = prototype(s, `${struct}_new`);
  if (proto === null) return false;
  const slots = iterSlots(s, struct);
  const off = s.objectSlots(slots);
  if (name === 'num') {
    stackPointer(s, 1, off);
    e.movImm(2, 0);
    e.movImm(3, r.pick([1, 3, 10, 1000]));
  } else {
    for (const [i, param] of proto.params.entries()) {
      if (i === 0) continue;
      const from = param.points === null ? null : s.find((kind) => kind.k === 'object' && kind.what === param.points);
      if (from !== null) e.mov(i + 1, from);
      else if (param.points !== null && !/__nullable/.test(param.name) && param.points !== 'void' && param.points !== 'mem' && r.chance(0.9)) return false;
      else if (param.points === 'void' || param.points === 'mem') stackPointer(s, i + 1, s.stackArea(8, true));
      else e.movImm(i + 1, r.below(3));
    }
    stackPointer(s, 1, off);
  }
  e.kfunc(`${struct}_new`);
  s.clobber(SCALAR);
  s.setSlots(off, slots, 'iter');
  const [head, out] = [new Label(), new Label()];
  for (let i = 0; i <= 5; i++) s.kinds[i] = NONE;
  const before = [...s.kinds];
  const loops = r.chance(0.9);
  e.place(head);
  stackPointer(s, 1, off);
  e.kfunc(`${struct}_next`);
  s.clobber(NONE);
  e.jump(op.BPF_JMP | op.BPF_JEQ, out, 0, 0, 0);
  const result = prototype(s, `${struct}_next`)?.result ?? 'mem';
  s.kinds[0] = { k: 'object', what: /^(void|mem)$/.test(result) ? 'mem' : result, nullable: false, owned: false, size: name === 'num' ? 4 : 8 };
  if (name === 'num' && r.chance(0.5)) {
    const reg = s.target();
    if (!s.pinned.has(reg)) {
      e.load(4, reg, 0, 0);
      s.kinds[reg] = SCALAR;
    }
  }
  block(s, r.between(0, 3));
  if (loops) e.jump(op.OP_JA, head);
  e.place(out);
  s.merge(before);
  for (let i = 0; i <= 5; i++) s.kinds[i] = NONE;
  if (r.chance(0.95)) {
    stackPointer(s, 1, off);
    e.kfunc(`${struct}_destroy`);
    s.clobber(NONE);
  }
  s.setSlots(off, slots, null);
  return true;
};

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

const currentTask: Action = (s) => {
  const { e } = s;
  e.helper(158);
  s.clobber({ k: 'object', what: 'task_struct', nullable: false, owned: false, size: 0 });
  const keep = s.keeper();
  if (keep !== 0 && !s.pinned.has(keep)) {
    e.mov(keep, 0);
    s.kinds[keep] = s.kinds[0];
  }
  return true;
};

/** Actions with kernel functions. */
export function kfuncActions(): readonly (readonly [number, Action])[] {
  return [
    [14, callKfunc],
    [3, region('bpf_rcu_read_lock', 'bpf_rcu_read_unlock')],
    [2, region('bpf_preempt_disable', 'bpf_preempt_enable')],
    [3, irqRegion],
    [4, resLock],
    [7, objects],
    [7, iterator],
    [3, kptrSwap],
    [3, kptrLoad],
    [2, currentTask],
    [1, throws],
  ];
}
