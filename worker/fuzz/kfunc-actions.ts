import type { Kfunc } from '../kernel/kfuncs.ts';
import {
  KF_ACQUIRE,
  KF_ITER_DESTROY,
  KF_ITER_NEW,
  KF_ITER_NEXT,
  KF_RELEASE,
  KF_RET_NULL,
} from '../kernel/kfunc-flags.ts';
import type { Action, ActionTable } from './action.ts';
import { Label } from './emitter.ts';
import { stackPointer } from './field-value.ts';
import { KFUNC_RELEASES, useObject } from './helper-actions.ts';
import { prototype, SINKS } from './kfunc-prototypes.ts';
import { NONE, SCALAR, type Kind, type Scene } from './scene.ts';

/** Kfuncs that need more than arguments, or that not every kernel has. */
const SPECIAL = /arena|bpf_throw|rdonly_cast|kern_ctx/;
const VARYING =
  /arena|struct_ops|bpf_throw|crypto|stream|key|verify|fentry|modify_return|test|_ct_|xfrm|_fou_|flowtable|rdonly_cast|bbr|dctcp|cubictcp/;

const allowed = new Map<string, readonly Kfunc[]>();

function available(s: Scene): readonly Kfunc[] {
  const { model, traits } = s.setting;
  const key = JSON.stringify([traits, s.setting.structs]);
  let known = allowed.get(key);
  if (known === undefined) {
    known = model
      .kfuncs()
      .filter(
        (k) =>
          k.module === null &&
          model.kfuncAllowed(k, traits) &&
          prototype(s, k.name) !== null &&
          !(s.setting.structs ? SPECIAL : VARYING).test(k.name),
      );
    allowed.set(key, known);
  }
  return known;
}

const callKfunc: Action = (s) => {
  const all = available(s);
  if (all.length === 0) return false;
  const interesting = all.filter((k) =>
    /task|cgroup|cpumask|dynptr|obj_|refcount|rcu|preempt|irq|file|xdp|skb|ct_|from_|cast|iter_num|get_|put_/.test(
      k.name,
    ),
  );
  return kfunc(s, interesting.length !== 0 && s.r.chance(0.7) ? s.r.pick(interesting) : s.r.pick(all));
};

function kfunc(s: Scene, k: Kfunc): boolean {
  const { r, e } = s;
  const proto = prototype(s, k.name);
  if (proto === null || (k.flags & (KF_ITER_NEW | KF_ITER_NEXT | KF_ITER_DESTROY)) !== 0) return false;
  if (
    /list_|rbtree|spin|obj_|percpu|refcount|rcu_read|preempt|irq|wq_|task_work/.test(k.name) &&
    r.chance(0.8)
  )
    return false;
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
      if (/__sz$|__szk$/.test(param.name))
        e.movImm(
          reg,
          r.weighted([
            [6, notes.size],
            [1, r.between(0, notes.size)],
            [0.4, notes.size + 1],
          ]),
        );
      else {
        const from = s.find((kind) => kind.k === 'scalar');
        if (from !== null && r.chance(0.3)) e.mov(reg, from);
        else
          e.movImm(
            reg,
            r.weighted([
              [6, r.below(4)],
              [1, s.immediate()],
            ]),
          );
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
        const slots = [...s.stack]
          .filter(([, held]) => held === 'dynptr')
          .map(([off]) => off)
          .sort((a, b) => a - b);
        if (slots.length === 0 && r.chance(0.95)) return false;
        stackPointer(s, reg, slots.length === 0 ? -16 : slots[0]);
      }
      continue;
    }
    if (
      /^(void|mem)$/.test(param.points) ||
      (proto.params[i + 1] !== undefined && /__szk?$/.test(proto.params[i + 1].name))
    ) {
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
    const from = s.find(
      (kind) =>
        kind.k === 'object' &&
        (kind.what === struct || (struct === 'cpumask' && kind.what === 'bpf_cpumask')) &&
        (!kind.nullable || r.chance(0.05)),
    );
    const ctx = /^(__sk_buff|xdp_md|sk_buff)$/.test(struct) ? s.find((kind) => kind.k === 'ctx') : null;
    if (from !== null && r.chance(0.97)) {
      e.mov(reg, from);
      if ((k.flags & KF_RELEASE) !== 0 && i === 0) released = from;
    } else if (ctx !== null) e.mov(reg, ctx);
    // the size of CPU masks differs between builds of the kernel
    else if (r.chance(0.9) || (struct.includes('cpumask') && !s.setting.structs)) return false;
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
    proto.result === 'void'
      ? NONE
      : proto.result === 'int'
        ? SCALAR
        : {
            k: 'object',
            what: proto.result,
            nullable,
            owned: acquired,
            size: /^(mem|void)$/.test(proto.result) ? notes.size : 0,
          };
  s.clobber(
    proto.result === 'void' && k.name.includes('slice')
      ? { k: 'object', what: 'mem', nullable, owned: false, size: notes.size }
      : result,
  );
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

export const KFUNC_ACTIONS: ActionTable = [
  [14, callKfunc],
  [2, currentTask],
  [1, throws],
];
