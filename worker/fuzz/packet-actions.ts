import * as op from '../isa/opcodes.ts';
import { ctxIsTyped, ctxSize, CTX_READ, CTX_WRITE } from '../kernel/ctx.ts';
import * as t from '../kernel/types.ts';
import { access, SIZES } from './access.ts';
import type { Action, ActionTable } from './action.ts';
import { block } from './block.ts';
import { Label } from './emitter.ts';
import { NONE, SCALAR, type Kind, type Scene } from './scene.ts';

const valid = new Map<
  string,
  readonly (readonly [off: number, size: 1 | 2 | 4 | 8, mode: number, type: number])[]
>();

function ctxFields(s: Scene): readonly (readonly [number, 1 | 2 | 4 | 8, number, number])[] {
  const { model, traits } = s.setting;
  const key = `${traits.progType}.${traits.attachType}.${traits.capBpf}`;
  let known = valid.get(key);
  if (known === undefined) {
    const fields: [number, 1 | 2 | 4 | 8, number, number][] = [];
    if (!ctxIsTyped(traits.progType)) {
      for (let off = 0; off < Math.min(ctxSize(traits.progType), 400); off++) {
        for (const size of SIZES) {
          for (const mode of [CTX_READ, CTX_WRITE]) {
            const field = model.ctxAccess(traits, off, size, mode);
            if (field !== null) fields.push([off, size, mode, field.regType]);
          }
        }
      }
    }
    valid.set(key, (known = fields));
  }
  return known;
}

/** What a loaded field of the ctx is. */
function fieldKind(type: number): Kind {
  const nullable = t.typeMayBeNull(type);
  const object = (what: string): Kind => ({ k: 'object', what, nullable, owned: false, size: 0 });
  switch (t.baseType(type)) {
    case t.PTR_TO_PACKET:
      return { k: 'pkt', range: 0 };
    case t.PTR_TO_PACKET_META:
      return { k: 'meta' };
    case t.PTR_TO_PACKET_END:
      return { k: 'end' };
    case t.PTR_TO_SOCK_COMMON:
      return object('sock_common');
    case t.PTR_TO_SOCKET:
      return object('sock');
    case t.SCALAR_VALUE:
      return SCALAR;
    default:
      return object('other');
  }
}

const ctxAccess: Action = (s) => {
  const { r, e } = s;
  const ctx = s.find((kind) => kind.k === 'ctx', true);
  const fields = ctxFields(s);
  if (ctx === null) return false;
  if (fields.length === 0 || r.chance(0.05)) {
    const size = r.pick(SIZES);
    return access(s, ctx, r.between(-4, 200), size);
  }
  const pointers = fields.filter(
    ([, , mode, type]) => mode === CTX_READ && t.baseType(type) !== t.SCALAR_VALUE,
  );
  const [off, size, mode, type] = pointers.length !== 0 && r.chance(0.4) ? r.pick(pointers) : r.pick(fields);
  if (mode === CTX_WRITE) {
    if (r.chance(0.5)) e.storeImm(size, ctx, off, s.immediate());
    else e.store(size, ctx, off, s.scalar());
    return true;
  }
  const kind = fieldKind(type);
  const to = kind.k === 'scalar' ? s.target() : s.keeper();
  if (s.pinned.has(to)) return false;
  e.load(size, to, ctx, off);
  s.kinds[to] = kind;
  return true;
};

/** Loads data and data_end and compares them. */
const packet: Action = (s) => {
  const { r, e } = s;
  const ctx = s.find((kind) => kind.k === 'ctx');
  const pointers = ctxFields(s).filter(
    ([, , mode, type]) => mode === CTX_READ && t.typeIsPktPointerAny(t.baseType(type)),
  );
  if (ctx === null || pointers.length === 0) return false;
  const load = (base: number): number | null => {
    const field = pointers.find(([, , , type]) => t.baseType(type) === base);
    if (field === undefined) return null;
    const reg = r.pick([2, 3, 4, 5, 7, 8, 9].filter((i) => !s.pinned.has(i) && i !== ctx && i !== first));
    e.load(field[1], reg, ctx, field[0]);
    s.kinds[reg] = fieldKind(field[3]);
    return reg;
  };
  let first = -1;
  const meta = r.chance(0.2);
  const data = load(meta ? t.PTR_TO_PACKET_META : t.PTR_TO_PACKET);
  if (data === null) return false;
  first = data;
  const end = load(meta ? t.PTR_TO_PACKET : t.PTR_TO_PACKET_END);
  if (end === null) return false;
  const probe = r.pick(
    [1, 2, 3, 4, 5, 7, 8, 9].filter((i) => !s.pinned.has(i) && i !== data && i !== end && i !== ctx),
  );
  const size = r.pick([1, 2, 4, 8, 14, 20, 34, 64]);
  e.mov(probe, data);
  if (r.chance(0.25)) {
    const index = s.target();
    if (index !== data && index !== end && index !== probe && !s.pinned.has(index)) {
      s.unknown(index);
      s.bound(index, r.pick([15, 60, 255, 0xffff]));
      e.alu(op.BPF_ADD, probe, index);
      if (r.chance(0.6)) {
        e.mov(data, probe);
      }
    }
  }
  e.aluImm(op.BPF_ADD, probe, size);
  s.kinds[probe] = NONE;
  const skip = new Label();
  const before = [...s.kinds];
  const comparison = r.pick([op.BPF_JGT, op.BPF_JGE, op.BPF_JLT, op.BPF_JLE, op.BPF_JEQ, op.BPF_JNE]);
  const swapped = r.chance(0.4);
  const [a, b] = swapped ? [end, probe] : [probe, end];
  const beyondOnJump = swapped
    ? comparison === op.BPF_JLT || comparison === op.BPF_JLE
    : comparison === op.BPF_JGT || comparison === op.BPF_JGE;
  if (beyondOnJump || r.chance(0.2)) {
    e.jump(op.BPF_JMP | op.BPF_X | comparison, skip, a, b);
    s.kinds[data] = { k: 'pkt', range: size };
    block(s, r.between(1, 4));
  } else {
    const inside = new Label();
    e.jump(op.BPF_JMP | op.BPF_X | comparison, inside, a, b);
    e.jump(op.OP_JA, skip);
    e.place(inside);
    s.kinds[data] = { k: 'pkt', range: size };
    block(s, r.between(1, 4));
  }
  s.merge(before);
  e.place(skip);
  return true;
};

const packetAccess: Action = (s) => {
  const { r } = s;
  const reg = s.find((kind) => kind.k === 'pkt', true);
  if (reg === null) return false;
  const kind = s.kinds[reg];
  if (kind.k !== 'pkt') return false;
  const size = r.pick(SIZES);
  return access(
    s,
    reg,
    Math.max(0, r.between(0, kind.range - size)) + (r.chance(0.05) ? r.between(-1, 3) : 0),
    size,
  );
};

/** LD_ABS and LD_IND. */
const legacyLoad: Action = (s) => {
  const { r, e } = s;
  if (s.kinds[6].k !== 'ctx' && r.chance(0.95)) return false;
  if (![1, 3, 4, 8].includes(s.setting.traits.progType) && r.chance(0.95)) return false;
  const size = r.pick([op.BPF_B, op.BPF_H, op.BPF_W]);
  if (r.chance(0.5)) e.emit(op.BPF_LD | op.BPF_ABS | size, 0, 0, 0, r.below(64));
  else e.emit(op.BPF_LD | op.BPF_IND | size, 0, s.scalar(), 0, r.below(64));
  s.clobber(SCALAR);
  return true;
};

export const PACKET_ACTIONS: ActionTable = [
  [4, ctxAccess],
  [4, packet],
  [5, packetAccess],
  [1, legacyLoad],
];
