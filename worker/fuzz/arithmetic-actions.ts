import * as op from '../isa/opcodes.ts';
import { SIZES } from './access.ts';
import type { Action, ActionTable } from './action.ts';
import { NONE, SCALAR } from './scene.ts';

const OPERATIONS = [
  op.BPF_ADD,
  op.BPF_SUB,
  op.BPF_MUL,
  op.BPF_DIV,
  op.BPF_OR,
  op.BPF_AND,
  op.BPF_LSH,
  op.BPF_RSH,
  op.BPF_MOD,
  op.BPF_XOR,
  op.BPF_ARSH,
];

const arithmetic: Action = (s) => {
  const { r, e } = s;
  const reg = s.scalar();
  if (s.pinned.has(reg)) return false;
  const wide = r.chance(0.6);
  const kind = r.below(12);
  if (kind === 0) e.emit((wide ? op.BPF_ALU64 : op.BPF_ALU) | op.BPF_NEG, reg);
  else if (kind === 1)
    e.emit(
      r.pick([op.BPF_ALU | op.BPF_END, op.BPF_ALU | op.BPF_END | op.BPF_TO_BE, op.BPF_ALU64 | op.BPF_END]),
      reg,
      0,
      0,
      r.pick([16, 32, 64]),
    );
  else if (kind === 2)
    e.emit(
      wide ? op.OP_MOV64_X : op.BPF_ALU | op.BPF_MOV | op.BPF_X,
      reg,
      s.scalar(),
      r.pick(wide ? [8, 16, 32] : [8, 16]),
    );
  else if (kind === 3) {
    const to = s.target();
    if (wide || r.chance(0.5)) e.mov(to, reg);
    else e.emit(op.BPF_ALU | op.BPF_MOV | op.BPF_X, to, reg);
    s.kinds[to] = SCALAR;
  } else {
    const operation = r.pick(OPERATIONS);
    const shift = operation === op.BPF_LSH || operation === op.BPF_RSH || operation === op.BPF_ARSH;
    const sign = (operation === op.BPF_DIV || operation === op.BPF_MOD) && r.chance(0.4) ? 1 : 0;
    const base = (wide ? op.BPF_ALU64 : op.BPF_ALU) | operation;
    if (r.chance(0.4)) e.emit(base | op.BPF_X, reg, s.scalar(), sign);
    else {
      let imm = shift ? r.below(wide ? 64 : 32) : s.immediate();
      if (imm === 0 && (operation === op.BPF_DIV || operation === op.BPF_MOD) && r.chance(0.95)) imm = 3;
      e.emit(base, reg, 0, sign, imm);
    }
  }
  s.kinds[reg] = SCALAR;
  return true;
};

const constant: Action = (s) => {
  s.constant(s.target());
  return true;
};

const move: Action = (s) => {
  const from = s.r.below(11);
  const kind = s.kinds[from];
  if (kind.k === 'none' && s.r.chance(0.97)) return false;
  const to = s.r.chance(0.5) ? s.keeper() : s.target();
  if (to === from || s.pinned.has(to)) return false;
  s.e.mov(to, from);
  s.kinds[to] = kind.k === 'object' && kind.owned ? { ...kind, owned: false } : kind;
  return true;
};

/** Arithmetic on pointers, right or not. */
const pointerArithmetic: Action = (s) => {
  const { r, e } = s;
  const reg = s.find((kind) => kind.k !== 'none' && kind.k !== 'scalar', true);
  if (reg === null || reg === 10 || s.pinned.has(reg)) return false;
  const kind = s.kinds[reg];
  if (kind.k === 'ctx' && r.chance(0.9)) return false;
  const to = r.chance(0.6) ? s.keeper() : reg;
  if (s.pinned.has(to)) return false;
  if (to !== reg) e.mov(to, reg);
  const wide = r.chance(0.98);
  if (r.chance(0.8)) {
    const by = r.pick([1, 2, 4, 8, 16, -1, -8, 0]);
    e.aluImm(r.chance(0.95) ? op.BPF_ADD : r.pick(OPERATIONS), to, by, wide);
    s.kinds[to] =
      kind.k === 'value'
        ? { ...kind, off: kind.off + by }
        : kind.k === 'pkt'
          ? { k: 'pkt', range: kind.range - by }
          : NONE;
  } else {
    const other = r.chance(0.7) ? s.scalar() : r.below(11);
    e.alu(r.pick([op.BPF_ADD, op.BPF_ADD, op.BPF_SUB]), to, other, wide);
    s.kinds[to] = NONE;
  }
  return true;
};

/** Something that is likely wrong. */
const mischief: Action = (s) => {
  const { r, e } = s;
  switch (r.below(8)) {
    case 0:
      e.load(r.pick(SIZES), s.target(), r.below(11), r.between(-16, 16));
      return true;
    case 1:
      e.store(r.pick(SIZES), r.below(11), r.between(-16, 16), r.below(11));
      return true;
    case 2:
      e.mov(r.below(10), r.below(11));
      return true;
    case 3:
      e.load(8, s.target(), 10, r.between(-600, 8));
      return true;
    case 4:
      e.storeImm(8, 10, r.between(-520, 8), 1);
      return true;
    case 5:
      e.emit(op.BPF_JMP | op.BPF_X | op.BPF_JEQ, r.below(11), r.below(11), 0);
      return true;
    case 6:
      e.helper(r.between(0, 212));
      return true;
    default:
      e.alu(r.pick(OPERATIONS), r.below(10), r.below(11));
      return true;
  }
};

export const ARITHMETIC_ACTIONS: ActionTable = [
  [14, arithmetic],
  [4, constant],
  [5, move],
  [2, pointerArithmetic],
  [0.3, mischief],
];
