import * as op from '../isa/opcodes.ts';
import type { Scene } from './scene.ts';

/** A value of a map with a field, by lookup or directly, in a register of its own. */
export function fieldValue(s: Scene, field: string): readonly [reg: number, off: number] | null {
  const known = s.find(
    (kind) =>
      kind.k === 'value' &&
      !kind.nullable &&
      kind.off === 0 &&
      (kind.map.fields ?? []).some(([f]) => f === field),
  );
  if (known !== null && s.r.chance(0.8)) {
    const kind = s.kinds[known];
    return [known, kind.k === 'value' ? (kind.map.fields?.find(([f]) => f === field)?.[1] ?? 0) : 0];
  }
  const map = s.someMap(
    (m) => m.type === 2 && m.maxEntries === 1 && (m.fields ?? []).some(([f]) => f === field),
  );
  if (map === null) return null;
  const reg = s.keeper();
  if (reg === 0 || s.pinned.has(reg)) return null;
  s.e.mapValue(reg, s.mapIndex(map), 0);
  s.kinds[reg] = { k: 'value', map, off: 0, nullable: false };
  return [reg, map.fields?.find(([f]) => f === field)?.[1] ?? 0];
}

/** Loads an address on the stack. */
export function stackPointer(s: Scene, reg: number, off: number): void {
  s.e.mov(reg, 10);
  s.e.aluImm(op.BPF_ADD, reg, off);
}
