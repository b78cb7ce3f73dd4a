import * as op from '../isa/opcodes.ts';
import { ctxIsTyped, ctxSize, CTX_READ, CTX_WRITE } from '../kernel/ctx.ts';
import * as t from '../kernel/types.ts';
import { Label } from './emitter.ts';
import { LOWEST, NONE, SCALAR, type Kind, type Scene } from './scene.ts';

/** Emits something; false if there was nothing to do it with. */
export type Action = (s: Scene) => boolean;

const OPERATIONS = [op.BPF_ADD, op.BPF_SUB, op.BPF_MUL, op.BPF_DIV, op.BPF_OR, op.BPF_AND, op.BPF_LSH, op.BPF_RSH, op.BPF_MOD, op.BPF_XOR, op.BPF_ARSH];
const SIZES = [1, 2, 4, 8] as const;

const arithmetic: Action = (s) => {
  const { r, e } = s;
  const reg = s.scalar();
  if (s.pinned.has(reg)) return false;
  const wide = r.chance(0.6);
  const kind = r.below(12);
  if (kind === 0) e.emit((wide ? op.BPF_ALU64 : op.BPF_ALU) | op.BPF_NEG, reg);
  else if (kind === 1) e.emit(r.pick([op.BPF_ALU | op.BPF_END, op.BPF_ALU | op.BPF_END | op.BPF_TO_BE, op.BPF_ALU64 | op.BPF_END]), reg, 0, 0, r.pick([16, 32, 64]));
  else if (kind === 2) e.emit(wide ? op.OP_MOV64_X : op.BPF_ALU | op.BPF_MOV | op.BPF_X, reg, s.scalar(), r.pick(wide ? [8, 16, 32] : [8, 16]));
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

// --- stack --------------------------------------------------------------------------------------------------

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

const ATOMIC_OPS = [op.BPF_ADD, op.BPF_OR, op.BPF_AND, op.BPF_XOR];
/** An atomic operation on memory at `base + off`. */
function atomicOn(s: Scene, base: number, off: number): void {
  const { r, e } = s;
  const reg = s.scalar();
  const size = r.chance(0.5) ? 8 : 4;
  const kind = r.below(7);
  const narrow = r.pick(SIZES);
  if (kind === 5) {
    e.emit(op.BPF_STX | op.BPF_ATOMIC | op.sizeField(narrow), reg, base, off, op.BPF_LOAD_ACQ);
    s.kinds[reg] = SCALAR;
  } else if (kind === 6) e.emit(op.BPF_STX | op.BPF_ATOMIC | op.sizeField(narrow), base, reg, off, op.BPF_STORE_REL);
  else {
    if (kind === 4) s.constant(0);
    const imm = kind === 4 ? op.BPF_CMPXCHG : kind === 3 ? op.BPF_XCHG : r.pick(ATOMIC_OPS) | (r.chance(0.5) ? op.BPF_FETCH : 0);
    e.emit(op.BPF_STX | op.BPF_ATOMIC | op.sizeField(size), base, reg, off, imm);
  }
}

const atomic: Action = (s) => {
  const value = s.find((kind) => kind.k === 'value' && !kind.nullable);
  if (value !== null && s.r.chance(0.5)) atomicOn(s, value, s.r.below(3) * 8);
  else {
    const off = s.stackArea(8, s.r.chance(0.9));
    atomicOn(s, 10, off);
  }
  return true;
};

// --- maps ---------------------------------------------------------------------------------------------------

const LOOKUP = 1;

export function lookUp(s: Scene, map = s.someMap((m) => m.keySize !== 0 && m.maxEntries !== 0 && ([1, 2, 5, 6, 9, 11, 12, 13].includes(m.type) || s.r.chance(0.08)) && (!s.setting.traits.sleepable || m.type !== 11))): boolean {
  if (map === null) return false;
  const { r, e } = s;
  const key = s.stackArea(map.keySize, r.chance(0.97));
  e.mov(2, 10);
  e.aluImm(op.BPF_ADD, 2, key);
  e.map(1, s.mapIndex(map));
  e.helper(LOOKUP);
  const inner = map.inner !== undefined;
  s.clobber(inner ? { k: 'object', what: 'inner', nullable: true, owned: false, size: 0 } : { k: 'value', map, off: 0, nullable: true });
  if (map.type === 15 || map.type === 18) s.kinds[0] = { k: 'object', what: 'sock', nullable: true, owned: true, size: 0 };
  return true;
}

const lookupAction: Action = (s) => {
  if (!lookUp(s)) return false;
  const keep = s.keeper();
  const kind = s.kinds[0];
  if (s.r.chance(0.7) && keep !== 0) {
    s.e.mov(keep, 0);
    s.kinds[keep] = kind;
    if (kind.k === 'object') s.kinds[0] = { ...kind, owned: false };
  }
  const reg = s.r.chance(0.7) && keep !== 0 ? keep : 0;
  if (s.r.chance(0.85)) s.ifNotNull(reg, () => block(s, s.r.between(1, 4)));
  return true;
};

const directValue: Action = (s) => {
  const map = s.someMap((m) => m.type === 2 && (m.maxEntries === 1 || s.r.chance(0.03)));
  if (map === null) return false;
  const reg = s.keeper();
  if (s.pinned.has(reg)) return false;
  const off = s.r.chance(0.7) ? 0 : s.r.between(0, map.valueSize - (s.r.chance(0.05) ? 0 : 1));
  s.e.mapValue(reg, s.mapIndex(map), off);
  s.kinds[reg] = { k: 'value', map, off, nullable: false };
  return true;
};

const valueAccess: Action = (s) => {
  const { r } = s;
  const reg = s.find((kind) => kind.k === 'value' && (!kind.nullable || r.chance(0.03)));
  if (reg === null) return false;
  const kind = s.kinds[reg];
  if (kind.k !== 'value') return false;
  const size = r.pick(SIZES);
  const room = kind.map.valueSize - kind.off - size;
  let off = r.between(0, Math.max(0, room));
  if (r.chance(0.8)) off -= off % size;
  if (r.chance(0.04)) off = room + r.between(-1, 2);
  return access(s, reg, off, size);
};

/** A load, store or atomic. */
function access(s: Scene, base: number, off: number, size: 1 | 2 | 4 | 8): boolean {
  const { r, e } = s;
  const way = r.below(10);
  if (way < 5) {
    const to = s.target();
    if (s.pinned.has(to)) return false;
    if (way === 4 && size !== 8) e.emit(op.BPF_LDX | op.BPF_MEMSX | op.sizeField(size), to, base, off);
    else e.load(size, to, base, off);
    s.kinds[to] = SCALAR;
  } else if (way < 7) e.storeImm(size, base, off, s.immediate());
  else if (way < 9) e.store(size, base, off, s.scalar());
  else atomicOn(s, base, off);
  return true;
}

/** Pointer plus bounded number. */
const variableAccess: Action = (s) => {
  const { r, e } = s;
  const reg = s.find((kind) => (kind.k === 'value' && !kind.nullable) || (kind.k === 'object' && kind.what === 'mem' && !kind.nullable));
  if (reg === null) return false;
  const kind = s.kinds[reg];
  const room = kind.k === 'value' ? kind.map.valueSize - kind.off : kind.k === 'object' ? kind.size : 0;
  const size = r.pick(SIZES);
  const index = s.target();
  if (index === reg || s.pinned.has(index)) return false;
  s.unknown(index);
  s.bound(index, Math.max(0, room - size + (r.chance(0.1) ? 1 : 0)));
  const at = s.keeper();
  if (at === reg || at === index || s.pinned.has(at)) return false;
  e.mov(at, reg);
  e.alu(r.chance(0.9) ? op.BPF_ADD : op.BPF_SUB, at, index);
  s.kinds[at] = NONE;
  s.kinds[index] = SCALAR;
  return access(s, at, r.chance(0.9) ? 0 : r.between(-2, 2), size);
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
    s.kinds[to] = kind.k === 'value' ? { ...kind, off: kind.off + by } : kind.k === 'pkt' ? { k: 'pkt', range: kind.range - by } : NONE;
  } else {
    const other = r.chance(0.7) ? s.scalar() : r.below(11);
    e.alu(r.pick([op.BPF_ADD, op.BPF_ADD, op.BPF_SUB]), to, other, wide);
    s.kinds[to] = NONE;
  }
  return true;
};

// --- ctx and packet -----------------------------------------------------------------------------------------

const valid = new Map<string, readonly (readonly [off: number, size: 1 | 2 | 4 | 8, mode: number, type: number])[]>();

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
  const pointers = fields.filter(([, , mode, type]) => mode === CTX_READ && t.baseType(type) !== t.SCALAR_VALUE);
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
  const pointers = ctxFields(s).filter(([, , mode, type]) => mode === CTX_READ && t.typeIsPktPointerAny(t.baseType(type)));
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
  const probe = r.pick([1, 2, 3, 4, 5, 7, 8, 9].filter((i) => !s.pinned.has(i) && i !== data && i !== end && i !== ctx));
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
  const beyondOnJump = swapped ? comparison === op.BPF_JLT || comparison === op.BPF_JLE : comparison === op.BPF_JGT || comparison === op.BPF_JGE;
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
  return access(s, reg, Math.max(0, r.between(0, kind.range - size)) + (r.chance(0.05) ? r.between(-1, 3) : 0), size);
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

const objectAccess: Action = (s) => {
  const { r } = s;
  // structs of the kernel differ between builds
  const reg = s.find((kind) => kind.k === 'object' && !kind.nullable && /^(elem|obj_|mem$|ringbuf$|.*sock)/.test(kind.what));
  if (reg === null) return false;
  const kind = s.kinds[reg];
  if (kind.k !== 'object') return false;
  const size = r.pick(SIZES);
  const room = kind.size === 0 ? 64 : kind.size;
  const off = Math.max(0, r.between(0, room - size));
  if (r.chance(0.7)) {
    const to = s.target();
    if (s.pinned.has(to)) return false;
    s.e.load(size, to, reg, off - (off % size));
    s.kinds[to] = SCALAR;
    return true;
  }
  return access(s, reg, off, size);
};

const nullCheck: Action = (s) => {
  const reg = s.find((kind) => (kind.k === 'value' || kind.k === 'object') && kind.nullable, true);
  if (reg === null) return false;
  s.ifNotNull(reg, () => block(s, s.r.between(1, 4)));
  return true;
};

// --- control flow -------------------------------------------------------------------------------------------

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
  else e.jump((r.chance(0.85) ? op.BPF_JMP : op.BPF_JMP32) | r.pick([op.BPF_JLT, op.BPF_JSLT, op.BPF_JNE, op.BPF_JLE]), head, counter, 0, r.pick([2, 3, 6, 12, 30]));
  e.place(out);
  s.merge(before);
  return true;
};

const subprogram: Action = (s) => {
  if (s.callDepth > 2 || s.pending.length > 3) return false;
  const { r, e } = s;
  const name = r.weighted<readonly [string, readonly ('scalar' | 'pointer' | 'ctx' | 'mem')[], 'scalar' | 'void']>([
    [3, ['static1', ['scalar'], 'scalar']],
    [3, ['static2', ['scalar', 'pointer'], 'scalar']],
    [1, ['static5', ['scalar', 'pointer', 'scalar', 'pointer', 'scalar'], 'scalar']],
    [0.7, ['static8', ['scalar', 'pointer', 'scalar', 'scalar', 'scalar', 'scalar', 'pointer', 'scalar'], 'scalar']],
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
      args.push({ k: 'object', what: 'mem', nullable: typeName !== 'global_nonnull', owned: false, size: 64 });
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
  const known = s.pending.find((f) => f.typeName === typeName && f.depth > s.callDepth && (global || r.chance(0.5)));
  if (known === undefined && global && s.pending.some((f) => f.typeName === typeName) && r.chance(0.95)) return false;
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

export const CORE_ACTIONS: readonly (readonly [number, Action])[] = [
  [14, arithmetic],
  [4, constant],
  [5, move],
  [6, spill],
  [5, fill],
  [3, variableStack],
  [4, pointedStack],
  [3, atomic],
  [5, lookupAction],
  [2, directValue],
  [8, valueAccess],
  [5, variableAccess],
  [2, pointerArithmetic],
  [4, ctxAccess],
  [4, packet],
  [5, packetAccess],
  [1, legacyLoad],
  [3, objectAccess],
  [3, nullCheck],
  [8, branch],
  [3, loop],
  [4, subprogram],
  [0.3, mischief],
];

let actions: readonly (readonly [number, Action])[] = CORE_ACTIONS;

/** Adds kinds of actions; called once, when a profile is chosen. */
export function useActions(more: readonly (readonly [number, Action])[]): void {
  actions = [...CORE_ACTIONS, ...more];
}

/** Leaves no trace of an action that finds itself impossible. */
function attempt(s: Scene, action: Action): boolean {
  const undo = s.e.checkpoint();
  const kinds = [...s.kinds];
  const stack = [...s.stack];
  const [pending, regions] = [s.pending.length, s.regions.length];
  if (action(s)) return true;
  undo();
  kinds.forEach((kind, i) => (s.kinds[i] = kind));
  s.stack.clear();
  for (const [off, held] of stack) s.stack.set(off, held);
  s.pending.length = pending;
  s.regions.length = regions;
  return false;
}

/** A few actions in a row. */
export function block(s: Scene, count: number): void {
  if (s.e.lines.length > 160) return;
  s.depth++;
  for (let i = 0; i < count; i++) {
    for (let tries = 0; tries < 8; tries++) if (attempt(s, s.r.weighted(actions))) break;
  }
  s.depth--;
}

export { LOWEST };
