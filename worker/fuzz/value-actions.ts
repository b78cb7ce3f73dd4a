import * as op from '../isa/opcodes.ts';
import { access, SIZES } from './access.ts';
import type { Action, ActionTable } from './action.ts';
import { block } from './block.ts';
import { NONE, SCALAR, type Scene } from './scene.ts';

const LOOKUP = 1;

export function lookUp(
  s: Scene,
  map = s.someMap(
    (m) =>
      m.keySize !== 0 &&
      m.maxEntries !== 0 &&
      ([1, 2, 5, 6, 9, 11, 12, 13].includes(m.type) || s.r.chance(0.08)) &&
      (!s.setting.traits.sleepable || m.type !== 11),
  ),
): boolean {
  if (map === null) return false;
  const { r, e } = s;
  const key = s.stackArea(map.keySize, r.chance(0.97));
  e.mov(2, 10);
  e.aluImm(op.BPF_ADD, 2, key);
  e.map(1, s.mapIndex(map));
  e.helper(LOOKUP);
  const inner = map.inner !== undefined;
  s.clobber(
    inner
      ? { k: 'object', what: 'inner', nullable: true, owned: false, size: 0 }
      : { k: 'value', map, off: 0, nullable: true },
  );
  if (map.type === 15 || map.type === 18)
    s.kinds[0] = { k: 'object', what: 'sock', nullable: true, owned: true, size: 0 };
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

/** Pointer plus bounded number. */
const variableAccess: Action = (s) => {
  const { r, e } = s;
  const reg = s.find(
    (kind) =>
      (kind.k === 'value' && !kind.nullable) ||
      (kind.k === 'object' && kind.what === 'mem' && !kind.nullable),
  );
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

const objectAccess: Action = (s) => {
  const { r } = s;
  // structs of the kernel differ between builds
  const reg = s.find(
    (kind) => kind.k === 'object' && !kind.nullable && /^(elem|obj_|mem$|ringbuf$|.*sock)/.test(kind.what),
  );
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

export const VALUE_ACTIONS: ActionTable = [
  [5, lookupAction],
  [2, directValue],
  [8, valueAccess],
  [5, variableAccess],
  [3, objectAccess],
  [3, nullCheck],
];
