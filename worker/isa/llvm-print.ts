import { decode } from './decode.ts';
import { aluNibble, jumpNibble } from './encode.ts';
import type { Insns } from './insns.ts';
import type { AluName, Instruction, JumpName, Source } from './instruction.ts';
import * as op from './opcodes.ts';
import { ATOMICS, opRow } from './table.ts';

/** Names to print instead of numbers; a callback that is missing or answers null leaves the number. */
export interface LlvmNames {
  /** Label of a slot, for jumps, subprogram calls and callback addresses. */
  label?(slot: number): string | null;
  /** What slot `i` calls: the name of a helper or kfunc. */
  callee?(i: number): string | null;
  /** What the wide load at slot `i` loads, addend included: `m`, `m+8`. */
  symbol?(i: number): string | null;
}

/** Operator of an ALU instruction as LLVM and the kernel write it: `+=`, `s/=`, `=`. */
export function aluSymbol(name: AluName): string {
  if (name === 'sdiv') return 's/=';
  return name === 'smod' ? 's%=' : opRow(op.BPF_ALU64 | aluNibble(name))!.symbol;
}
/** Operator of a conditional jump: `==`, `s>`, `&`. */
export const jumpSymbol = (name: JumpName): string => opRow(op.BPF_JMP | jumpNibble(name))!.symbol;

const ATOMIC_SYMBOL = new Map(ATOMICS.map((a) => [a.name, a.symbol]));

/**
 * The instruction at slot `i` in LLVM's assembly syntax, such that assembling it gives the same bytes. Forms
 * that LLVM lacks use our extensions of it (`call pc+5`, `skb[r1 + 4]`), and what no text can express becomes
 * `.8byte`, one per slot.
 */
export function printLlvm(insns: Insns, i: number, names: LlvmNames = {}): string {
  const insn = decode(insns, i);
  return insn === null ? rawSlot(insns, i) : printInstruction(insn, i, names);
}

/** One slot as a `.8byte` directive with its little-endian value. */
export function rawSlot(insns: Insns, i: number): string {
  const low = insns.code[i] | (insns.dst[i] << 8) | (insns.src[i] << 12) | ((insns.off[i] & 0xffff) << 16);
  const value = (BigInt(insns.imm[i] >>> 0) << 32n) | BigInt(low >>> 0);
  return `.8byte 0x${value.toString(16).padStart(16, '0')}`;
}

const distance = (n: number): string => (n < 0 ? `${n}` : `+${n}`);
const address = (base: number, off: number): string => `r${base} ${off < 0 ? '-' : '+'} ${Math.abs(off)}`;
const operand = (r: string, src: Source): string => ('reg' in src ? `${r}${src.reg}` : `${src.imm}`);

/** A decoded instruction in LLVM's syntax; `i` is its slot, from which targets count. */
export function printInstruction(insn: Instruction, i: number, names: LlvmNames = {}): string {
  const target = (off: number): string => names.label?.(i + 1 + off) ?? distance(off);
  switch (insn.kind) {
    case 'alu': {
      const r = insn.bits === 64 ? 'r' : 'w';
      return `${r}${insn.dst} ${aluSymbol(insn.op)} ${operand(r, insn.src)}`;
    }
    case 'movsx': {
      const r = insn.bits === 64 ? 'r' : 'w';
      return `${r}${insn.dst} = (s${insn.from})${r}${insn.src}`;
    }
    case 'cast':
      return `r${insn.dst} = addr_space_cast(r${insn.src}, ${insn.to}, ${insn.from})`;
    case 'percpu':
      return `r${insn.dst} = &(void __percpu *)(r${insn.src})`;
    case 'neg': {
      const r = insn.bits === 64 ? 'r' : 'w';
      return `${r}${insn.dst} = -${r}${insn.dst}`;
    }
    case 'end':
      return `r${insn.dst} = ${insn.order}${insn.width} r${insn.dst}`;
    case 'ldimm64':
      return wideLoad(insn, i, names);
    case 'ldabs':
      return `r0 = *(u${insn.bits} *)skb[${insn.imm}]`;
    case 'ldind':
      return `r0 = *(u${insn.bits} *)skb[r${insn.src}${insn.imm === 0 ? '' : ` ${insn.imm < 0 ? '-' : '+'} ${Math.abs(insn.imm)}`}]`;
    case 'ldx':
      return `r${insn.dst} = *(${insn.signed ? 's' : 'u'}${insn.bits} *)(${address(insn.base, insn.off)})`;
    case 'st':
      return `*(u${insn.bits} *)(${address(insn.base, insn.off)}) = ${insn.imm}`;
    case 'stx':
      return `*(u${insn.bits} *)(${address(insn.base, insn.off)}) = r${insn.src}`;
    case 'atomic':
      return atomic(insn);
    case 'jump': {
      const r = insn.bits === 64 ? 'r' : 'w';
      return `if ${r}${insn.dst} ${jumpSymbol(insn.op)} ${operand(r, insn.src)} goto ${target(insn.off)}`;
    }
    case 'goto':
      return `goto ${target(insn.off)}`;
    case 'gotol':
      return `gotol ${target(insn.imm)}`;
    case 'may_goto':
      return `may_goto ${target(insn.off)}`;
    case 'gotox':
      return `gotox r${insn.dst}`;
    case 'call':
      return call(insn, i, names);
    case 'callx':
      return `callx r${insn.dst}`;
    case 'nospec':
      return 'nospec';
    case 'exit':
      return 'exit';
  }
}

function wideLoad(insn: Extract<Instruction, { kind: 'ldimm64' }>, i: number, names: LlvmNames): string {
  const symbol =
    insn.pseudo === op.BPF_PSEUDO_FUNC && insn.high === 0
      ? (names.symbol?.(i) ?? names.label?.(i + 1 + insn.low))
      : names.symbol?.(i);
  if (symbol) return `r${insn.dst} = ${symbol} ll`;
  const value = BigInt.asIntN(64, (BigInt(insn.high >>> 0) << 32n) | BigInt(insn.low >>> 0));
  const small = value >= -0x80000000n && value < 0x80000000n;
  const text = small ? value.toString() : `0x${BigInt.asUintN(64, value).toString(16)}`;
  return insn.pseudo === 0 ? `r${insn.dst} = ${text} ll` : `ld_pseudo r${insn.dst}, ${insn.pseudo}, ${text}`;
}

function atomic(insn: Extract<Instruction, { kind: 'atomic' }>): string {
  const reg = `${insn.bits === 64 ? 'r' : 'w'}${insn.reg}`;
  const bare = address(insn.base, insn.off);
  const place = `(u${insn.bits} *)(${bare})`;
  switch (insn.op) {
    case 'add':
    case 'or':
    case 'and':
    case 'xor':
      return `lock *${place} ${ATOMIC_SYMBOL.get(insn.op)} ${reg}`;
    case 'fetch_add':
    case 'fetch_or':
    case 'fetch_and':
    case 'fetch_xor':
      return `${reg} = atomic_${insn.op}(${place}, ${reg})`;
    case 'xchg':
      return `${reg} = ${insn.bits === 64 ? 'xchg_64' : 'xchg32_32'}(${bare}, ${reg})`;
    case 'cmpxchg':
      return insn.bits === 64
        ? `r0 = cmpxchg_64(${bare}, r0, ${reg})`
        : `w0 = cmpxchg32_32(${bare}, w0, ${reg})`;
    case 'load_acquire':
      return `${reg} = load_acquire(${place})`;
    case 'store_release':
      return `store_release(${place}, ${reg})`;
  }
}

function call(insn: Extract<Instruction, { kind: 'call' }>, i: number, names: LlvmNames): string {
  const name = names.callee?.(i);
  if (insn.to === 'subprog')
    return `call ${names.label?.(i + 1 + insn.imm) ?? name ?? `pc${distance(insn.imm)}`}`;
  if (name) return `call ${name}`;
  if (insn.to === 'helper') return `call ${insn.imm}`;
  return `call kernel-function#${insn.imm}${insn.off === 0 ? '' : `, ${insn.off}`}`;
}
