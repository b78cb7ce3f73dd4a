import * as op from '../isa/opcodes.ts';
import type { Action, ActionTable } from './action.ts';
import { block } from './block.ts';
import { Label } from './emitter.ts';
import { stackPointer } from './field-value.ts';
import { iterSlots, prototype } from './kfunc-prototypes.ts';
import { NONE, SCALAR } from './scene.ts';

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
      const from =
        param.points === null ? null : s.find((kind) => kind.k === 'object' && kind.what === param.points);
      if (from !== null) e.mov(i + 1, from);
      else if (
        param.points !== null &&
        !/__nullable/.test(param.name) &&
        param.points !== 'void' &&
        param.points !== 'mem' &&
        r.chance(0.9)
      )
        return false;
      else if (param.points === 'void' || param.points === 'mem')
        stackPointer(s, i + 1, s.stackArea(8, true));
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
  s.kinds[0] = {
    k: 'object',
    what: /^(void|mem)$/.test(result) ? 'mem' : result,
    nullable: false,
    owned: false,
    size: name === 'num' ? 4 : 8,
  };
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

export const ITERATOR_ACTIONS: ActionTable = [[7, iterator]];
