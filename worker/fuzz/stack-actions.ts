import * as op from '../isa/opcodes.ts';
import { access, atomicOn, SIZES } from './access.ts';
import type { Action, ActionTable } from './action.ts';
import { NONE, SCALAR } from './scene.ts';

const spill: Action = (s) => {
  const { r, e } = s;
  const reg = r.below(10);
  const kind = s.kinds[reg];
  if (kind.k === 'none') return false;
  const off = -8 * r.between(1, 10);
  const held = s.stack.get(off);
  if ((held === 'dynptr' || held === 'iter' || held === 'irq') && r.chance(0.9)) return false;
  if (kind.k === 'scalar' && r.chance(0.4)) {
    const size = r.pick(SIZES);
    e.store(size, 10, off + (r.chance(0.7) ? 0 : 8 - size), reg);
    s.stack.set(off, size === 8 ? kind : s.stack.has(off) ? 'bytes' : 'bytes');
    if (size !== 8 && r.chance(0.5)) e.load(size, reg, 10, off);
    if (size !== 8) s.stack.delete(off);
  } else {
    e.store(8, 10, off, reg);
    s.stack.set(off, kind.k === 'object' && kind.owned ? { ...kind, owned: false } : kind);
  }
  return true;
};

const fill: Action = (s) => {
  const { r, e } = s;
  const slots = [...s.stack].filter(([, kind]) => kind !== 'dynptr' && kind !== 'iter' && kind !== 'irq');
  if (slots.length === 0) return false;
  const [off, kind] = r.pick(slots);
  const reg = s.target();
  if (s.pinned.has(reg)) return false;
  if (kind === 'bytes' || typeof kind === 'string' || (kind.k === 'scalar' && r.chance(0.4))) {
    const size = r.pick(SIZES);
    const at = off + r.below(8 / size) * size;
    if (r.chance(0.15) && size !== 8) e.emit(op.BPF_LDX | op.BPF_MEMSX | op.sizeField(size), reg, 10, at);
    else e.load(size, reg, 10, at);
    s.kinds[reg] = SCALAR;
  } else {
    e.load(8, reg, 10, off);
    s.kinds[reg] = kind;
  }
  return true;
};

const variableStack: Action = (s) => {
  const { r, e } = s;
  const slots = r.between(1, 4);
  const low = s.stackArea(slots * 8, r.chance(0.8));
  const index = s.target();
  if (s.pinned.has(index)) return false;
  s.unknown(index);
  const size = r.pick(SIZES);
  s.bound(index, r.chance(0.9) ? slots * 8 - size : slots * 8);
  if (r.chance(0.5)) {
    e.aluImm(op.BPF_AND, index, ~(size - 1));
  }
  const at = s.keeper();
  if (at === index || s.pinned.has(at)) return false;
  e.mov(at, 10);
  if (r.chance(0.5)) {
    e.aluImm(op.BPF_ADD, at, low);
    e.alu(op.BPF_ADD, at, index);
  } else {
    e.alu(op.BPF_ADD, at, index);
    e.aluImm(op.BPF_ADD, at, low);
  }
  if (r.chance(0.5)) e.load(size, index, at, 0);
  else if (r.chance(0.5)) e.storeImm(size, at, 0, r.below(3));
  else e.store(size, at, 0, index);
  s.kinds[at] = NONE;
  s.kinds[index] = SCALAR;
  return true;
};

/** Memory of this or a calling frame through a pointer in a register. */
const pointedStack: Action = (s) => {
  const { r, e } = s;
  const reg = s.find((kind) => kind.k === 'fp', true);
  if (reg === null || reg === 10) return false;
  const size = r.pick(SIZES);
  const off = r.chance(0.9) ? r.below(8 / size) * size : r.between(-8, 8);
  if (r.chance(0.4)) {
    const held = r.pick([0, 1, 2, 6, 7, 8, 9]);
    const kind = s.kinds[held];
    if (kind.k === 'none' || held === reg) return access(s, reg, off, size);
    e.store(8, reg, 0, held);
    if (r.chance(0.6)) {
      const to = s.target();
      if (s.pinned.has(to) || to === reg) return true;
      e.load(8, to, reg, 0);
      s.kinds[to] = kind.k === 'object' && kind.owned ? { ...kind, owned: false } : kind;
    }
    return true;
  }
  return access(s, reg, off, size);
};

const atomic: Action = (s) => {
  const value = s.find((kind) => kind.k === 'value' && !kind.nullable);
  if (value !== null && s.r.chance(0.5)) atomicOn(s, value, s.r.below(3) * 8);
  else {
    const off = s.stackArea(8, s.r.chance(0.9));
    atomicOn(s, 10, off);
  }
  return true;
};

export const STACK_ACTIONS: ActionTable = [
  [6, spill],
  [5, fill],
  [3, variableStack],
  [4, pointedStack],
  [3, atomic],
];
