import * as op from '../isa/opcodes.ts';
import type { Action, ActionTable } from './action.ts';
import { block } from './block.ts';
import { Label } from './emitter.ts';
import { NONE, SCALAR, type Kind } from './scene.ts';

const branch: Action = (s) => {
  if (s.depth > 3) return false;
  const { r, e } = s;
  const over = new Label();
  const reg = r.chance(0.95) ? s.scalar() : r.below(11);
  s.compare(reg, over);
  const before = [...s.kinds];
  const stack = new Map(s.stack);
  block(s, r.between(1, 3));
  const forget = (): void => {
    for (const [off, held] of [...s.stack]) if (stack.get(off) !== held) s.stack.delete(off);
  };
  if (r.chance(0.4)) {
    const end = new Label();
    e.goto(end, r.chance(0.15));
    e.place(over);
    const after = [...s.kinds];
    before.forEach((kind, i) => (s.kinds[i] = kind));
    forget();
    block(s, r.between(1, 3));
    s.merge(after);
    e.place(end);
  } else {
    e.place(over);
    s.merge(before);
  }
  forget();
  return true;
};

/** A loop with a counter, with may_goto, or with both; sometimes without an end. */
const loop: Action = (s) => {
  if (s.depth > 2) return false;
  const { r, e } = s;
  const counter = s.keeper();
  if (counter === 0 || s.pinned.has(counter)) return false;
  const kept = s.kinds[counter];
  if (kept.k === 'object' && kept.owned) return false;
  e.movImm(counter, 0);
  s.kinds[counter] = SCALAR;
  for (let i = 0; i <= 5; i++) s.kinds[i] = NONE;
  const [head, out] = [new Label(), new Label()];
  const before = [...s.kinds];
  e.place(head);
  const free = r.chance(0.3);
  if (free) e.jump(op.OP_MAY_GOTO, out);
  s.pinned.add(counter);
  block(s, r.between(1, 3));
  s.pinned.delete(counter);
  if (!free || r.chance(0.6)) e.aluImm(op.BPF_ADD, counter, r.pick([1, 1, 1, 2, 3]), r.chance(0.9));
  if (free && r.chance(0.5)) e.goto(head, r.chance(0.15));
  else
    e.jump(
      (r.chance(0.85) ? op.BPF_JMP : op.BPF_JMP32) |
        r.pick([op.BPF_JLT, op.BPF_JSLT, op.BPF_JNE, op.BPF_JLE]),
      head,
      counter,
      0,
      r.pick([2, 3, 6, 12, 30]),
    );
  e.place(out);
  s.merge(before);
  return true;
};

const subprogram: Action = (s) => {
  if (s.callDepth > 2 || s.pending.length > 3) return false;
  const { r, e } = s;
  const name = r.weighted<
    readonly [string, readonly ('scalar' | 'pointer' | 'ctx' | 'mem')[], 'scalar' | 'void']
  >([
    [3, ['static1', ['scalar'], 'scalar']],
    [3, ['static2', ['scalar', 'pointer'], 'scalar']],
    [1, ['static5', ['scalar', 'pointer', 'scalar', 'pointer', 'scalar'], 'scalar']],
    [
      0.7,
      [
        'static8',
        ['scalar', 'pointer', 'scalar', 'scalar', 'scalar', 'scalar', 'pointer', 'scalar'],
        'scalar',
      ],
    ],
    [2, ['global_scalars', ['scalar', 'scalar'], 'scalar']],
    [1, ['global_mem', ['mem', 'scalar'], 'scalar']],
    [1, ['global_nonnull', ['mem'], 'scalar']],
    [1, ['global_void', ['scalar'], 'void']],
    [1, ['global_ctx', ['ctx'], 'scalar']],
    [1, ['global_skb', ['ctx'], 'scalar']],
    [1, ['global_xdp', ['ctx'], 'scalar']],
  ]);
  const [typeName, shape, returns] = name;
  const args: Kind[] = [];
  const global = typeName.startsWith('global');
  for (const [i, want] of shape.entries()) {
    // arguments beyond the fifth go to the stack-argument area
    const reg = i < 5 ? i + 1 : 0;
    if (want === 'scalar') {
      const from = s.find((kind) => kind.k === 'scalar');
      if (from !== null && r.chance(0.6)) e.mov(reg, from);
      else s.constant(reg);
      args.push(SCALAR);
    } else if (want === 'ctx') {
      const from = s.find((kind) => kind.k === 'ctx');
      e.mov(reg, from ?? 10);
      args.push({ k: 'ctx' });
    } else if (want === 'mem') {
      const value = s.find((kind) => kind.k === 'value');
      if (value !== null && r.chance(0.5)) e.mov(reg, value);
      else {
        const off = s.stackArea(64, r.chance(0.9));
        e.mov(reg, 10);
        e.aluImm(op.BPF_ADD, reg, off);
      }
      args.push({
        k: 'object',
        what: 'mem',
        nullable: typeName !== 'global_nonnull',
        owned: false,
        size: 64,
      });
    } else {
      const from = s.find((kind) => kind.k !== 'none' && kind.k !== 'scalar');
      if (from !== null && r.chance(0.6)) {
        e.mov(reg, from);
        const kind = s.kinds[from];
        args.push(kind.k === 'object' ? { ...kind, owned: false } : kind);
      } else {
        const off = s.stackArea(8, true);
        e.mov(reg, 10);
        e.aluImm(op.BPF_ADD, reg, off);
        args.push({ k: 'fp', off });
      }
    }
    if (i >= 5 && r.chance(0.98)) {
      if (want === 'scalar' && r.chance(0.3)) e.storeImm(8, op.BPF_REG_PARAMS, -8 * (i - 4), r.below(8));
      else e.store(8, op.BPF_REG_PARAMS, -8 * (i - 4), reg);
      s.kinds[0] = NONE;
    }
  }
  const known = s.pending.find(
    (f) => f.typeName === typeName && f.depth > s.callDepth && (global || r.chance(0.5)),
  );
  if (known === undefined && global && s.pending.some((f) => f.typeName === typeName) && r.chance(0.95))
    return false;
  let label: Label;
  if (known !== undefined) label = known.label;
  else {
    label = new Label();
    s.pending.push({ label, typeName, args, returns, depth: s.callDepth + 1 });
  }
  e.call(label);
  s.clobber(returns === 'void' ? NONE : SCALAR);
  return true;
};

export const CONTROL_ACTIONS: ActionTable = [
  [8, branch],
  [3, loop],
  [4, subprogram],
];
