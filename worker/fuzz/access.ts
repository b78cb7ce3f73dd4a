import * as op from '../isa/opcodes.ts';
import { SCALAR, type Scene } from './scene.ts';

export const SIZES = [1, 2, 4, 8] as const;

const ATOMIC_OPS = [op.BPF_ADD, op.BPF_OR, op.BPF_AND, op.BPF_XOR];
/** An atomic operation on memory at `base + off`. */
export function atomicOn(s: Scene, base: number, off: number): void {
  const { r, e } = s;
  const reg = s.scalar();
  const size = r.chance(0.5) ? 8 : 4;
  const kind = r.below(7);
  const narrow = r.pick(SIZES);
  if (kind === 5) {
    e.emit(op.BPF_STX | op.BPF_ATOMIC | op.sizeField(narrow), reg, base, off, op.BPF_LOAD_ACQ);
    s.kinds[reg] = SCALAR;
  } else if (kind === 6)
    e.emit(op.BPF_STX | op.BPF_ATOMIC | op.sizeField(narrow), base, reg, off, op.BPF_STORE_REL);
  else {
    if (kind === 4) s.constant(0);
    const imm =
      kind === 4
        ? op.BPF_CMPXCHG
        : kind === 3
          ? op.BPF_XCHG
          : r.pick(ATOMIC_OPS) | (r.chance(0.5) ? op.BPF_FETCH : 0);
    e.emit(op.BPF_STX | op.BPF_ATOMIC | op.sizeField(size), base, reg, off, imm);
  }
}

/** A load, store or atomic. */
export function access(s: Scene, base: number, off: number, size: 1 | 2 | 4 | 8): boolean {
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
