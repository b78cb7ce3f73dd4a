import { slotsOf } from '../isa/flow.ts';
import { isStackArgLoad, isStackArgStore } from '../isa/legality.ts';
import * as op from '../isa/opcodes.ts';
import { atomicRow } from '../isa/table.ts';
import type { Facts, MapRef } from './facts.ts';
import { readConstantMap } from './map-data.ts';
import { successors } from './successors.ts';
import { findSubprog } from './subprogs.ts';

/**
 * What a register is known to hold at one place. `value` is the number, the offset into the map's value, or the
 * function's number; places that no path has reached yet have none at all, and unknown is below all (kernel: struct const_arg_info).
 */
interface Known {
  readonly kind: 'unknown' | 'const' | 'map' | 'map-value' | 'subprog';
  readonly map: MapRef | null;
  readonly value: bigint;
}

const UNKNOWN: Known = { kind: 'unknown', map: null, value: 0n };
const ZERO: Known = { kind: 'const', map: null, value: 0n };

/** Registers R0..R10 at one place. Shared between places: copied before it is changed. */
type Regs = readonly Known[];
const U32_MAX = 0xffffffffn;
const u64 = (value: bigint): bigint => BigInt.asUintN(64, value);
const constant = (value: bigint): Known => (value === 0n ? ZERO : { kind: 'const', map: null, value: u64(value) });
const moved = (k: Known, by: number): Known => ({ ...k, value: u64(k.value + BigInt(by)) });

/**
 * Finds registers R0..R9 that hold the same known value on every path to an instruction, by forward iteration
 * to a fixed point (kernel: bpf_compute_const_regs). Fills `constMask`, `constMapMask`, `constSubprogMask` and
 * `constVals`; only values that fit 32 bits are kept.
 */
export function computeConstRegs(facts: Facts): void {
  const n = facts.insns.length;
  const at: (Regs | undefined)[] = new Array<undefined>(n);
  const entry: Regs = new Array<Known>(op.MAX_BPF_REG).fill(UNKNOWN);
  for (const subprog of facts.subprogs) at[subprog.start] = entry;
  /** Places whose knowledge changed since they were last passed through. */
  const stale = new Uint8Array(n).fill(1);
  let changed = true;
  while (changed) {
    changed = false;
    for (let p = facts.postorder.length - 1; p >= 0; p--) {
      const i = facts.postorder[p];
      const before = at[i];
      if (before === undefined || stale[i] === 0) continue;
      stale[i] = 0;
      const after = transfer(facts, i, before);
      for (const next of successors(facts, i)) {
        const old = at[next];
        const joined = old === undefined ? after : join(old, after);
        if (joined === old) continue;
        at[next] = joined;
        stale[next] = 1;
        changed = true;
      }
    }
  }
  for (let i = 0; i < n; i++) store(facts, i, at[i]);
}

function store(facts: Facts, i: number, regs: Regs | undefined): void {
  if (regs === undefined) return;
  for (let r = 0; r < 10; r++) {
    const k = regs[r];
    if (k === UNKNOWN) continue;
    if (k.kind === 'const') {
      if (k.value > U32_MAX) continue;
      facts.constMask[i] |= 1 << r;
      facts.constVals[10 * i + r] = Number(k.value);
    } else if (k.kind === 'map') {
      facts.constMapMask[i] |= 1 << r;
      facts.constVals[10 * i + r] = k.map!.index;
    } else if (k.kind === 'subprog') {
      facts.constSubprogMask[i] |= 1 << r;
      facts.constVals[10 * i + r] = Number(k.value);
    }
  }
}

/** Only equal knowledge survives where paths meet. Returns `old` itself if nothing changed. */
function join(old: Regs, now: Regs): Regs {
  if (old === now) return old;
  let result: Known[] | null = null;
  for (let r = 0; r < old.length; r++) {
    const a = old[r];
    const b = now[r];
    if (a === b || a === UNKNOWN) continue;
    if (a.kind !== b.kind || a.value !== b.value || a.map?.index !== b.map?.index) (result ??= old.slice())[r] = UNKNOWN;
  }
  return result ?? old;
}

function put(regs: Regs, r: number, k: Known): Regs {
  if (regs[r] === k) return regs;
  const copy = regs.slice();
  copy[r] = k;
  return copy;
}

function transfer(facts: Facts, i: number, regs: Regs): Regs {
  const { insns } = facts;
  if (isStackArgStore(insns, i)) return regs;
  const dst = insns.dst[i];
  if (isStackArgLoad(insns, i)) return put(regs, dst, UNKNOWN);
  const code = insns.code[i];
  switch (op.classOf(code)) {
    case op.BPF_ALU:
      return put(regs, dst, narrowed(alu(facts, i, regs)));
    case op.BPF_ALU64:
      return put(regs, dst, alu(facts, i, regs));
    case op.BPF_LD:
      if (op.modeOf(code) === op.BPF_ABS || op.modeOf(code) === op.BPF_IND) return afterCall(regs);
      return code === op.OP_LD_IMM64 ? put(regs, dst, wideLoad(facts, i)) : regs;
    case op.BPF_LDX:
      return put(regs, dst, load(facts, i, regs[insns.src[i]]));
    case op.BPF_JMP:
      return code === op.OP_CALL ? afterCall(regs) : regs;
    case op.BPF_STX: {
      const loaded = atomicLoadReg(facts, i);
      return loaded < 0 ? regs : put(regs, loaded, UNKNOWN);
    }
    default:
      return regs;
  }
}

function afterCall(regs: Regs): Regs {
  const copy = regs.slice();
  copy.fill(UNKNOWN, 0, 6);
  return copy;
}

/** 32-bit operations clear the upper half, and destroy everything but numbers. */
const narrowed = (k: Known): Known => (k.kind === 'const' ? constant(k.value & U32_MAX) : UNKNOWN);

function alu(facts: Facts, i: number, regs: Regs): Known {
  const { insns } = facts;
  const code = insns.code[i];
  const dst = regs[insns.dst[i]];
  const imm = insns.imm[i];
  switch (op.opOf(code) | op.sourceOf(code)) {
    case op.BPF_MOV | op.BPF_K:
      return constant(BigInt(imm));
    case op.BPF_MOV | op.BPF_X: {
      const src = regs[insns.src[i]];
      const off = insns.off[i];
      if (off === 0) return src;
      if (src.kind !== 'const' || (off !== 8 && off !== 16 && off !== 32)) return UNKNOWN;
      return constant(BigInt.asIntN(off, src.value));
    }
    case op.BPF_ADD | op.BPF_K:
      return dst.kind === 'const' || dst.kind === 'map-value' ? moved(dst, imm) : UNKNOWN;
    case op.BPF_SUB | op.BPF_K:
      return dst.kind === 'const' || dst.kind === 'map-value' ? moved(dst, -imm) : UNKNOWN;
    case op.BPF_AND | op.BPF_K:
      if (dst.kind === 'const') return constant(dst.value & u64(BigInt(imm)));
      return imm === 0 ? ZERO : UNKNOWN;
    case op.BPF_AND | op.BPF_X: {
      const src = regs[insns.src[i]];
      if ((dst.kind === 'const' && dst.value === 0n) || (src.kind === 'const' && src.value === 0n)) return ZERO;
      return dst.kind === 'const' && src.kind === 'const' ? constant(dst.value & src.value) : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

function wideLoad(facts: Facts, i: number): Known {
  const { insns } = facts;
  switch (insns.src[i]) {
    case 0:
      return constant(BigInt(insns.imm[i] >>> 0) | (BigInt(insns.imm[i + slotsOf(insns, i) - 1] >>> 0) << 32n));
    case op.BPF_PSEUDO_FUNC: {
      const subprog = findSubprog(facts, i + insns.imm[i] + 1);
      return subprog < 0 ? UNKNOWN : { kind: 'subprog', map: null, value: BigInt(subprog) };
    }
    case op.BPF_PSEUDO_BTF_ID:
      return UNKNOWN;
    default: {
      const map = facts.mapRefs.get(i)!;
      return { kind: map.value ? 'map-value' : 'map', map, value: BigInt(map.off) };
    }
  }
}

function load(facts: Facts, i: number, src: Known): Known {
  if (src.kind !== 'map-value') return UNKNOWN;
  const { insns } = facts;
  const code = insns.code[i];
  const off = Number(BigInt.asIntN(32, src.value)) + insns.off[i];
  const value = readConstantMap(src.map!.map, off, op.bytesOfSize(code), op.modeOf(code) === op.BPF_MEMSX);
  return value === null ? UNKNOWN : constant(value);
}

/** Register that an atomic instruction loads, -1 if none (kernel: bpf_atomic_load_reg). */
export function atomicLoadReg(facts: Facts, i: number): number {
  const { insns } = facts;
  const code = insns.code[i];
  if (op.classOf(code) !== op.BPF_STX || op.modeOf(code) !== op.BPF_ATOMIC) return -1;
  const imm = insns.imm[i];
  const row = atomicRow(imm);
  if (row === null) return imm & op.BPF_FETCH ? insns.src[i] : -1;
  const written = row.writes[0];
  return written === undefined ? -1 : written === 'dst' ? insns.dst[i] : written === 'src' ? insns.src[i] : 0;
}
