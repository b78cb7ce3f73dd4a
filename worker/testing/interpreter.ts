import { CTX_READ } from '../kernel/ctx.ts';
import { createKernelModel } from '../kernel/model.ts';
import type { ProgTraits } from '../kernel/prog-traits.ts';
import * as t from '../kernel/types.ts';
import * as op from '../isa/opcodes.ts';
import type { Program } from '../program/program.ts';
import {
  calculate,
  holds,
  number,
  offsetOf,
  pointer,
  read,
  region,
  swapBytes,
  Unknown,
  Violation,
  write,
  type Region,
  type Value,
} from './machine.ts';

/** Where the inputs of a run come from. */
export interface Inputs {
  /** An integer in [0, n). */
  below(n: number): number;
  bits(width: number): bigint;
}

/** One invocation of a function. */
export interface CallFrame {
  readonly regs: (Value | null)[];
  /** Instruction of the call, -1 for the program itself. */
  readonly callsite: number;
  readonly saved: readonly (Value | null)[];
}

/** Told of every instruction before it is executed. */
export type Watch = (pc: number, frames: readonly CallFrame[]) => void;

const STACK = 512;
const STEPS = 20_000;

const LOOKUP = 1;
/** Helpers that return a number and change nothing that the machine has. */
const HARMLESS: ReadonlySet<number> = new Set([5, 7, 8, 2, 3, 14, 15, 42, 118, 125]);

/**
 * Runs a program on random inputs: ctx, packet, map values, results of helpers. Throws {@link Violation} when the
 * program does what the verifier promises it never does, {@link Unknown} when it leaves what the machine knows.
 */
export function run(program: Program, traits: ProgTraits, inputs: Inputs, watch: Watch): void {
  const { insns } = program;
  const model = createKernelModel({ types: null, semantics: [], invented: [], kfuncFlags: new Map() });
  const packet = region('packet', 0, inputs.below(4) === 0 ? 0 : inputs.below(120));
  packet.bytes.forEach((_, i) => (packet.bytes[i] = inputs.below(256)));
  const ctx = region('ctx', 0, 0);
  const values = new Map<number, Region>();
  const stacks: Region[] = [];
  const frames: CallFrame[] = [];

  const enter = (
    callsite: number,
    args: readonly (Value | null)[],
    saved: readonly (Value | null)[],
  ): void => {
    const stack = region('stack', frames.length, STACK, STACK);
    stack.bytes.forEach((_, i) => (stack.bytes[i] = inputs.below(256)));
    stacks.push(stack);
    frames.push({ regs: [null, ...args, null, null, null, null, pointer(stack, 0n)], callsite, saved });
  };
  enter(-1, [pointer(ctx, 0n), null, null, null, null], []);

  const mapValue = (map: number): Region => {
    let value = values.get(map);
    if (value === undefined) {
      value = region('value', map, program.maps[map].valueSize);
      const { data } = program.maps[map];
      value.bytes.forEach(
        (_, i) =>
          (value!.bytes[i] =
            data === null ? (inputs.below(3) === 0 ? 0 : inputs.below(256)) : (data[i] ?? 0)),
      );
      values.set(map, value);
    }
    return value;
  };
  const loadCtx = (off: number, size: number): Value => {
    const field = model.ctxAccess(traits, off, size, CTX_READ);
    if (field === null) throw new Violation(`load of ${size} bytes at ${off} of the ctx`);
    switch (t.baseType(field.regType)) {
      case t.SCALAR_VALUE:
        return number(inputs.bits(size * 8));
      case t.PTR_TO_PACKET:
      case t.PTR_TO_PACKET_META:
        return pointer(packet, 0n);
      case t.PTR_TO_PACKET_END:
        return pointer(packet, BigInt(packet.bytes.length));
      default:
        throw new Unknown(`a ctx field of type ${field.regType}`);
    }
  };

  let pc = 0;
  for (let steps = 0; ; steps++) {
    if (steps > STEPS) throw new Unknown('it takes long');
    if (pc < 0 || pc >= insns.length) throw new Violation(`jump to ${pc}`);
    watch(pc, frames);
    const { regs } = frames[frames.length - 1];
    const [code, dst, src, off, imm] = [
      insns.code[pc],
      insns.dst[pc],
      insns.src[pc],
      insns.off[pc],
      insns.imm[pc],
    ];
    const get = (regno: number): Value => {
      const value = regs[regno];
      if (value === null || value === undefined)
        throw new Violation(`r${regno} is read at ${pc} but was never written`);
      return value;
    };
    const kind = op.classOf(code);
    const operation = op.opOf(code);
    const operand = (): Value => ((code & op.BPF_X) !== 0 ? get(src) : number(BigInt(imm)));
    let next = pc + 1;
    if (code === op.OP_LD_IMM64) {
      const ref = program.refs.get(pc);
      if (ref === undefined && src === 0)
        regs[dst] = number((BigInt(insns.imm[pc + 1]) << 32n) | BigInt(imm >>> 0));
      else if (ref?.kind === 'map' && (src === op.BPF_PSEUDO_MAP_FD || src === op.BPF_PSEUDO_MAP_IDX))
        regs[dst] = pointer(region('map', ref.map, 0), 0n);
      else if (ref?.kind === 'map') regs[dst] = pointer(mapValue(ref.map), BigInt(insns.imm[pc + 1]));
      else throw new Unknown(`wide load of kind ${src}`);
      next = pc + 2;
    } else if (kind === op.BPF_ALU || kind === op.BPF_ALU64) {
      regs[dst] = arithmetic(
        code,
        off,
        imm,
        operation === op.BPF_MOV ? number(0n) : get(dst),
        operation === op.BPF_NEG || operation === op.BPF_END ? number(0n) : operand(),
        inputs,
      );
    } else if (kind === op.BPF_LDX) {
      const size = op.bytesOfSize(code);
      const base = get(src);
      const loaded =
        base.region?.kind === 'ctx' ? loadCtx(offsetOf(base) + off, size) : read(base, off, size);
      regs[dst] = op.modeOf(code) === op.BPF_MEMSX ? number(BigInt.asIntN(size * 8, plain(loaded))) : loaded;
    } else if (kind === op.BPF_ST || kind === op.BPF_STX) {
      const size = op.bytesOfSize(code);
      const base = get(dst);
      if (op.modeOf(code) === op.BPF_ATOMIC) atomic(regs, get, base, { off, imm, dst, src, size });
      else if (base.region?.kind !== 'ctx')
        write(base, off, size, kind === op.BPF_ST ? number(BigInt(imm)) : get(src));
    } else if (code === op.OP_EXIT) {
      const result = get(0);
      const frame = frames.pop();
      stacks.pop();
      if (frames.length === 0 || frame === undefined) return;
      const caller = frames[frames.length - 1].regs;
      caller[0] = result;
      for (let i = 1; i <= 5; i++) caller[i] = null;
      next = frame.callsite + 1;
    } else if (code === op.OP_CALL) {
      if (src === op.BPF_PSEUDO_CALL) {
        if (frames.length > 8) throw new Violation('calls are too deep');
        enter(pc, regs.slice(1, 6), []);
        next = pc + 1 + imm;
      } else if (src === 0) {
        const map = imm === LOOKUP ? get(1).region : null;
        if (imm !== LOOKUP && !HARMLESS.has(imm)) throw new Unknown(`helper ${imm}`);
        if (map !== null && (map.kind !== 'map' || program.maps[map.owner].inner !== null))
          throw new Unknown('a map in a map');
        regs[0] =
          map !== null
            ? inputs.below(3) === 0
              ? number(0n)
              : pointer(mapValue(map.owner), 0n)
            : number(imm === 7 || imm === 8 ? inputs.bits(32) : inputs.bits(64));
        if (imm === 2 || imm === 3) regs[0] = number(BigInt(-inputs.below(40)));
        if (imm === 8) regs[0] = number(BigInt(inputs.below(4)));
        if (imm === 42) regs[0] = number(0n);
        for (let i = 1; i <= 5; i++) regs[i] = null;
      } else throw new Unknown('a kernel function');
    } else if (code === op.OP_JA) next = pc + 1 + off;
    else if (code === op.OP_GOTOL) next = pc + 1 + imm;
    else if (code === op.OP_MAY_GOTO) next = inputs.below(4) === 0 ? pc + 1 + off : pc + 1;
    else if (kind === op.BPF_JMP || kind === op.BPF_JMP32) {
      if (compare(code, get(dst), operand(), inputs)) next = pc + 1 + off;
    } else throw new Unknown(`opcode ${code}`);
    pc = next;
  }
}

/** A number, or nothing that the machine can tell. */
function plain(value: Value): bigint {
  if (value.region !== null) throw new Unknown('a pointer as a number');
  return value.bits;
}

function arithmetic(code: number, off: number, imm: number, a: Value, b: Value, inputs: Inputs): Value {
  const wide = op.classOf(code) === op.BPF_ALU64;
  const operation = op.opOf(code);
  const bits = wide ? 64 : 32;
  if (operation === op.BPF_MOV) {
    if (off === 0 && wide) return b;
    if (b.region !== null) return number(inputs.bits(bits));
    return number(BigInt.asUintN(bits, off === 0 ? b.bits : BigInt.asIntN(off, b.bits)));
  }
  if (operation === op.BPF_END) return number(swapBytes(plain(a), imm, wide || (code & op.BPF_TO_BE) !== 0));
  if (a.region !== null || b.region !== null) {
    if (!wide) return number(inputs.bits(32));
    if (operation === op.BPF_ADD && b.region === null)
      return { region: a.region, bits: BigInt.asUintN(64, a.bits + b.bits) };
    if (operation === op.BPF_ADD && a.region === null)
      return { region: b.region, bits: BigInt.asUintN(64, a.bits + b.bits) };
    if (operation === op.BPF_SUB && b.region === null)
      return { region: a.region, bits: BigInt.asUintN(64, a.bits - b.bits) };
    if (operation === op.BPF_SUB && a.region === b.region) return number(a.bits - b.bits);
    throw new Unknown('arithmetic on addresses');
  }
  return number(calculate(operation, bits, a.bits, b.bits, off === 1));
}

function compare(code: number, a: Value, b: Value, inputs: Inputs): boolean {
  const bits = op.classOf(code) === op.BPF_JMP ? 64 : 32;
  const operation = op.opOf(code);
  if (a.region === null && b.region === null) return holds(operation, bits, a.bits, b.bits);
  if (a.region === b.region && bits === 64)
    return holds(operation, bits, a.bits + (1n << 40n), b.bits + (1n << 40n));
  const zero = a.region === null ? a.bits === 0n : b.region === null && b.bits === 0n;
  if (zero && bits === 64 && operation === op.BPF_JEQ) return false;
  if (zero && bits === 64 && operation === op.BPF_JNE) return true;
  // addresses differ from boot to boot
  if (operation === op.BPF_JEQ || operation === op.BPF_JNE || bits === 32)
    throw new Unknown('a comparison of addresses');
  return inputs.below(2) === 0;
}

function atomic(
  regs: (Value | null)[],
  get: (regno: number) => Value,
  base: Value,
  insn: { off: number; imm: number; dst: number; src: number; size: number },
): void {
  const { off, imm, src, size } = insn;
  if (imm === op.BPF_LOAD_ACQ) {
    regs[insn.dst] = read(get(src), off, size);
    return;
  }
  if (imm === op.BPF_STORE_REL) {
    write(base, off, size, get(src));
    return;
  }
  const old = read(base, off, size);
  if (imm === op.BPF_XCHG) {
    write(base, off, size, get(src));
    regs[src] = old;
    return;
  }
  if (imm === op.BPF_CMPXCHG) {
    if (plain(old) === BigInt.asUintN(size * 8, plain(get(0)))) write(base, off, size, get(src));
    regs[0] = old;
    return;
  }
  write(
    base,
    off,
    size,
    number(calculate(imm & 0xf0, size === 8 ? 64 : 32, plain(old), plain(get(src)), false)),
  );
  if ((imm & op.BPF_FETCH) !== 0) regs[src] = old;
}
