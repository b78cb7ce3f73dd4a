import * as op from '../isa/opcodes.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { ProgTraits } from '../kernel/prog-traits.ts';
import { type Emitter, Label } from './emitter.ts';
import type { Random } from './random.ts';
import { MAPS, type WorldMap } from './world.ts';

/** What the generator believes a register or stack slot to hold. Beliefs only steer choices; they may be wrong. */
export type Kind =
  | { readonly k: 'none' }
  | { readonly k: 'scalar'; readonly max?: number }
  | { readonly k: 'ctx' }
  | { readonly k: 'fp'; readonly off: number }
  | { readonly k: 'map'; readonly map: WorldMap }
  | { readonly k: 'value'; readonly map: WorldMap; readonly off: number; readonly nullable: boolean }
  | { readonly k: 'pkt'; readonly range: number }
  | { readonly k: 'meta' }
  | { readonly k: 'end' }
  /** An object: `what` is a BTF struct, `sock`, `sock_common`, `tcp_sock`, `mem`, `ringbuf` …; `size` for memory. */
  | {
      readonly k: 'object';
      readonly what: string;
      readonly nullable: boolean;
      readonly owned: boolean;
      readonly size: number;
    };

export const NONE: Kind = { k: 'none' };
export const SCALAR: Kind = { k: 'scalar' };

/** What the program is. */
export interface Setting {
  readonly r: Random;
  readonly model: KernelModel;
  readonly traits: ProgTraits;
  readonly privileged: boolean;
  readonly kfuncs: boolean;
  /** The types are those of the kernel that is asked. */
  readonly structs: boolean;
}

/** A function that a program still has to define. */
export interface PendingFunction {
  readonly label: Label;
  readonly typeName: string;
  readonly args: readonly Kind[];
  /** What it may return. */
  readonly returns: 'scalar' | 'zero-one' | 'less' | 'void';
  readonly depth: number;
}

/** Types of programs that may not have locks and timers. */
const FIELDLESS: ReadonlySet<number> = new Set([1, 2, 5, 7, 17]);

export const LOWEST = -256;
const JUMPS = [
  op.BPF_JEQ,
  op.BPF_JNE,
  op.BPF_JGT,
  op.BPF_JGE,
  op.BPF_JLT,
  op.BPF_JLE,
  op.BPF_JSGT,
  op.BPF_JSGE,
  op.BPF_JSLT,
  op.BPF_JSLE,
  op.BPF_JSET,
];

/** One function under construction. */
export class Scene {
  readonly kinds: Kind[] = Array.from({ length: 11 }, () => NONE);
  /** Beliefs about aligned stack slots by offset. */
  readonly stack = new Map<number, Kind | 'bytes' | 'dynptr' | 'iter' | 'irq'>();
  /** Regions to leave before the end, innermost last; how to leave them. */
  readonly regions: (() => void)[] = [];
  /** Registers that must keep their values. */
  readonly pinned = new Set<number>();
  /** Nesting of blocks; bounds the size of a function. */
  depth = 0;

  constructor(
    readonly setting: Setting,
    readonly e: Emitter,
    readonly maps: WorldMap[],
    readonly pending: PendingFunction[],
    readonly callDepth: number,
  ) {
    this.kinds[10] = { k: 'fp', off: 0 };
  }
  get r(): Random {
    return this.setting.r;
  }

  /** A register of a kind, or null. Only r6-r9 and r0 unless `any`. */
  find(test: (kind: Kind) => boolean, any = false): number | null {
    const fit: number[] = [];
    for (let i = 0; i < 10; i++) if ((any || i === 0 || i >= 6) && test(this.kinds[i])) fit.push(i);
    return fit.length === 0 ? null : this.r.pick(fit);
  }
  /** A register to write to. */
  target(keep = true): number {
    const free = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].filter(
      (i) => !this.pinned.has(i) && !(keep && this.isPrecious(i)),
    );
    return free.length === 0 ? 0 : this.r.pick(free);
  }
  /** One of r6-r9 to keep something in. */
  keeper(): number {
    const free = [6, 7, 8, 9].filter((i) => !this.pinned.has(i) && !this.isPrecious(i));
    return free.length === 0
      ? this.r.pick([7, 8, 9].filter((i) => !this.pinned.has(i)).concat(0))
      : this.r.pick(free);
  }
  private isPrecious(i: number): boolean {
    const kind = this.kinds[i];
    return (
      (kind.k === 'object' && kind.owned) ||
      (kind.k === 'ctx' && this.kinds.filter((other) => other.k === 'ctx').length === 1)
    );
  }
  /** A register with a number in it. */
  scalar(): number {
    const known = this.find((kind) => kind.k === 'scalar', true);
    if (known !== null && this.r.chance(0.8)) return known;
    const reg = this.target();
    this.unknown(reg);
    return reg;
  }
  /** Puts a number that the verifier knows little of into a register. */
  unknown(reg: number): void {
    const ctx = this.find((kind) => kind.k === 'ctx');
    const value = this.find((kind) => kind.k === 'value' && !kind.nullable);
    const width = this.r.pick([1, 2, 4, 8] as const);
    if (value !== null && this.r.chance(0.4)) this.e.load(width, reg, value, 0);
    else if (ctx !== null && this.r.chance(0.3)) this.e.load(4, reg, ctx, 0);
    else this.constant(reg);
    this.kinds[reg] = SCALAR;
  }
  constant(reg: number): void {
    const r = this.r;
    if (r.chance(0.1)) this.e.wide(reg, r.int32(), r.pick([0, -1, 1, 0x7fffffff, -0x80000000, r.int32()]));
    else this.e.emit((r.chance(0.8) ? op.BPF_ALU64 : op.BPF_ALU) | op.BPF_MOV, reg, 0, 0, this.immediate());
    this.kinds[reg] = SCALAR;
  }
  immediate(): number {
    const r = this.r;
    return r.weighted([
      [5, r.below(9)],
      [3, r.between(-16, 64)],
      [
        2,
        r.pick([
          255,
          256,
          4095,
          65535,
          0x7fffffff,
          -0x80000000,
          -1,
          1 << 16,
          31,
          32,
          63,
          64,
          0x80,
          0x7f,
          0xff00,
        ]),
      ],
      [1, r.int32()],
    ]);
  }
  /** Limits a number to 0..max, one way or another. */
  bound(reg: number, max: number): void {
    const { e, r } = this;
    const way = r.below(5);
    const mask = max >= 0 ? (1 << (31 - Math.clz32(max + 1))) - 1 : 0;
    if (way === 0) e.aluImm(op.BPF_AND, reg, mask, r.chance(0.7));
    else if (way === 1) e.aluImm(op.BPF_MOD, reg, max + 1);
    else if (way === 2) {
      const skip = new Label();
      e.jump(op.BPF_JMP | op.BPF_JLE, skip, reg, 0, max);
      e.movImm(reg, r.between(0, Math.max(0, max)));
      e.place(skip);
    } else if (way === 3) {
      const skip = new Label();
      e.jump(op.BPF_JMP32 | op.BPF_JLE, skip, reg, 0, max);
      e.movImm(reg, 0);
      e.place(skip);
      if (r.chance(0.7)) e.emit(op.BPF_ALU | op.BPF_MOV | op.BPF_X, reg, reg);
    } else {
      const [low, high] = [new Label(), new Label()];
      e.jump(op.BPF_JMP | op.BPF_JSGE, low, reg, 0, 0);
      e.movImm(reg, 0);
      e.place(low);
      e.jump(op.BPF_JMP | op.BPF_JSLE, high, reg, 0, max);
      e.movImm(reg, max);
      e.place(high);
    }
    this.kinds[reg] = { k: 'scalar', max };
  }
  /** Index of a map in the program. */
  mapIndex(map: WorldMap): number {
    if (map.inner !== undefined) this.mapIndex(mapOf(map.inner));
    let at = this.maps.indexOf(map);
    if (at < 0) at = this.maps.push(map) - 1;
    return at;
  }
  someMap(test: (map: WorldMap) => boolean): WorldMap | null {
    const { kfuncs, traits } = this.setting;
    const fields = !FIELDLESS.has(traits.progType) || this.r.chance(0.05);
    const fit = MAPS.filter(
      (map) => (kfuncs || map.kfunc !== true) && (fields || map.fields === undefined) && test(map),
    );
    return fit.length === 0 ? null : this.r.pick(fit);
  }
  /** An aligned stack area of at least `size` bytes; writes to all of it if asked. Returns its lowest offset. */
  stackArea(size: number, init: boolean): number {
    const slots = Math.max(1, (size + 7) >> 3);
    const off = -8 * this.r.between(slots, slots + 5) - (this.r.chance(0.1) ? 64 : 0);
    for (let i = 0; i < slots; i++) {
      const at = off + i * 8;
      const held = this.stack.get(at);
      if (held === 'dynptr' || held === 'iter' || held === 'irq') return this.stackArea2(slots, init);
    }
    this.fillArea(off, slots, init);
    return off;
  }
  private stackArea2(slots: number, init: boolean): number {
    const off = -200 - slots * 8;
    this.fillArea(off, slots, init);
    return off;
  }
  private fillArea(off: number, slots: number, init: boolean): void {
    for (let i = 0; i < slots; i++) {
      const at = off + i * 8;
      if (init && (this.stack.get(at) === undefined || this.r.chance(0.3))) {
        if (this.r.chance(0.8)) this.e.storeImm(8, 10, at, this.r.below(5));
        else {
          this.e.storeImm(4, 10, at, 0);
          this.e.storeImm(4, 10, at + 4, 1);
        }
      }
      this.stack.set(at, 'bytes');
    }
  }
  /** Two or more slots for a kernel object on the stack, not used otherwise. */
  objectSlots(slots: number): number {
    for (let off = LOWEST + this.r.below(6) * 8; off < -64; off += 8) {
      let free = true;
      for (let i = 0; i < slots; i++) if (this.stack.has(off + i * 8)) free = false;
      if (free) return off;
    }
    return -128;
  }
  setSlots(off: number, slots: number, what: 'dynptr' | 'iter' | 'irq' | null): void {
    for (let i = 0; i < slots; i++) {
      if (what === null) this.stack.delete(off + i * 8);
      else this.stack.set(off + i * 8, what);
    }
  }
  /** After a call. */
  clobber(result: Kind): void {
    for (let i = 1; i <= 5; i++) this.kinds[i] = NONE;
    this.kinds[0] = result;
  }
  /** Forgets what may differ after a branch that began with `before`. */
  merge(before: readonly Kind[]): void {
    for (let i = 0; i < 10; i++) {
      const [a, b] = [before[i], this.kinds[i]];
      if (a === b) continue;
      if (a.k === 'scalar' && b.k === 'scalar') this.kinds[i] = SCALAR;
      else if (JSON.stringify(a) !== JSON.stringify(b)) this.kinds[i] = NONE;
    }
  }
  /** A comparison of a number; jumps to `label` when it holds. */
  compare(reg: number, label: Label): void {
    const { r, e } = this;
    const code = (r.chance(0.6) ? op.BPF_JMP : op.BPF_JMP32) | r.pick(JUMPS);
    const other = this.find((kind) => kind.k === 'scalar', true);
    if (other !== null && r.chance(0.4)) e.jump(code | op.BPF_X, label, reg, other);
    else e.jump(code, label, reg, 0, this.immediate());
  }
  /** Skips what `body` emits if the register is NULL, and believes it not to be afterwards. */
  ifNotNull(reg: number, body: () => void): void {
    const skip = new Label();
    const before = [...this.kinds];
    const stack = new Map(this.stack);
    const zero = this.r.chance(0.15)
      ? [1, 2, 3, 4, 5].find((i) => i !== reg && !this.pinned.has(i))
      : undefined;
    if (zero === undefined) this.e.jump(op.BPF_JMP | op.BPF_JEQ, skip, reg, 0, 0);
    else {
      this.e.movImm(zero, 0);
      this.kinds[zero] = SCALAR;
      if (this.r.chance(0.5)) this.e.jump(op.BPF_JMP | op.BPF_JEQ | op.BPF_X, skip, reg, zero);
      else {
        const inside = new Label();
        this.e.jump(op.BPF_JMP | op.BPF_JNE | op.BPF_X, inside, reg, zero);
        this.e.jump(op.OP_JA, skip);
        this.e.place(inside);
      }
    }
    const kind = this.kinds[reg];
    if ((kind.k === 'value' || kind.k === 'object') && kind.nullable)
      this.kinds[reg] = { ...kind, nullable: false };
    body();
    this.merge(before);
    for (const [off, held] of [...this.stack]) if (stack.get(off) !== held) this.stack.delete(off);
    const after = this.kinds[reg];
    // what is owned must be gone by the end of the block
    if (kind.k === 'object' && kind.owned && after === NONE) this.kinds[reg] = NONE;
    this.e.place(skip);
  }
}

function mapOf(name: string): WorldMap {
  const map = MAPS.find((m) => m.name === name);
  if (map === undefined) throw new RangeError(name);
  return map;
}
