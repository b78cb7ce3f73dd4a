import { printKernel, type KernelNames } from '../isa/kernel-print.ts';
import type { Insns } from '../isa/insns.ts';
import * as op from '../isa/opcodes.ts';
import type { KernelModel } from '../kernel/model.ts';
import { BPF_MAP_TYPE_ARENA, BPF_MAP_TYPE_PERCPU_ARRAY } from '../kernel/uapi.ts';
import type { MapInfo } from '../state/map-info.ts';
import type { Facts } from './facts.ts';

/** Addresses of maps, map values and kernel symbols are invented: each boot has its own, of this many digits. */
const MAP_ADDRESS = 0xffff888100000000n;
const VALUE_ADDRESS = 0xffffc90000000000n;
const PERCPU_VALUE_ADDRESS = 0xc0fffd00000000n;
const SYMBOL_ADDRESS = 0xffffffff82000000n;
const ARENA_ADDRESS = 0x7f0000000000n;

/** How the log names what instructions refer to (kernel: bpf_verbose_insn). `kfuncsKnown`: see {@link Context}. */
export function kernelNames(facts: Facts, model: KernelModel, allowPtrLeaks: boolean, kfuncsKnown: () => boolean): KernelNames {
  const { insns } = facts;
  return {
    helper: (id) => (id >= 0 ? (model.helperRow(id)?.name ?? null) : null),
    kfunc: (i) => {
      if (insns.off[i] !== 0 && !kfuncsKnown()) return '<error>';
      return facts.kfuncs.get(i)?.name ?? unresolvedName(insns, i, model);
    },
    value: (i) => (allowPtrLeaks ? addressAt(facts, i) : null),
  };
}

function unresolvedName(insns: Insns, i: number, model: KernelModel): string {
  if (insns.off[i] !== 0 || !model.hasBtf) return '<error>';
  const btf = model.btf();
  const id = insns.imm[i];
  const type = id > 0 && id < btf.nextId ? btf.type(id) : null;
  return type !== null && type.kind === 12 ? type.name : '<error>';
}

function addressAt(facts: Facts, i: number): bigint | null {
  const { insns } = facts;
  switch (insns.src[i]) {
    case op.BPF_PSEUDO_MAP_FD:
    case op.BPF_PSEUDO_MAP_IDX:
    case op.BPF_PSEUDO_MAP_VALUE:
    case op.BPF_PSEUDO_MAP_IDX_VALUE: {
      const ref = facts.mapRefs.get(i);
      if (ref === undefined) return null;
      if (!ref.value) return MAP_ADDRESS + spread(ref.map);
      return valueAddress(ref.map) + BigInt(ref.off);
    }
    case op.BPF_PSEUDO_BTF_ID:
      return facts.ksyms.has(i) ? SYMBOL_ADDRESS + BigInt(insns.imm[i] >>> 0) * 64n : null;
    default:
      return null;
  }
}

function spread(map: MapInfo): bigint {
  return BigInt(map.index) << 20n;
}

function valueAddress(map: MapInfo): bigint {
  if (map.type === BPF_MAP_TYPE_ARENA) return map.def.extra !== 0n ? map.def.extra : ARENA_ADDRESS;
  return (map.type === BPF_MAP_TYPE_PERCPU_ARRAY ? PERCPU_VALUE_ADDRESS : VALUE_ADDRESS) + spread(map);
}

/** Prints an instruction as the log does, without its number. */
export function insnPrinter(insns: Insns, names: KernelNames): (i: number) => string {
  return (i) => printKernel(insns, i, names);
}
