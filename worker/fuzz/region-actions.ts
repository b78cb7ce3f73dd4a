import * as op from '../isa/opcodes.ts';
import type { Action, ActionTable } from './action.ts';
import { block } from './block.ts';
import { Label } from './emitter.ts';
import { fieldValue, stackPointer } from './field-value.ts';
import { NONE, SCALAR } from './scene.ts';

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

export const REGION_ACTIONS: ActionTable = [
  [3, region('bpf_rcu_read_lock', 'bpf_rcu_read_unlock')],
  [2, region('bpf_preempt_disable', 'bpf_preempt_enable')],
  [3, irqRegion],
  [4, resLock],
];
