import type { Insns } from './insns.ts';
import * as op from './opcodes.ts';

/** What the kernel's printer asks about an instruction; every callback may be missing or answer null. */
export interface KernelNames {
  /** Name of a helper with its prefix: `bpf_map_lookup_elem`; null prints `unknown`. */
  helper?(id: number): string | null;
  /** Name of the kfunc that slot `i` calls; null prints `kernel-function`. */
  kfunc?(i: number): string | null;
  /**
   * Value that a wide load shows; by default the bits in the instruction, or 0 for map and ksym addresses
   * (which the kernel hides unless the program may leak pointers).
   */
  value?(i: number): bigint | null;
}

const CLASS_NAMES = ['ld', 'ldx', 'st', 'stx', 'alu', 'jmp', 'jmp32', 'alu64'];
const ALU = [
  '+=',
  '-=',
  '*=',
  '/=',
  '|=',
  '&=',
  '<<=',
  '>>=',
  'neg',
  '%=',
  '^=',
  '=',
  's>>=',
  'endian',
  '(null)',
  '(null)',
];
/** Operator of an arithmetic operation (kernel: bpf_alu_string); `op` is the operation's bits of the opcode. */
export function aluOperator(op: number): string {
  return ALU[op >> 4];
}

const ALU_SIGNED: Record<number, string> = { [op.BPF_DIV]: 's/=', [op.BPF_MOD]: 's%=' };
const JUMP = [
  'jmp',
  '==',
  '>',
  '>=',
  '&',
  '!=',
  's>',
  's>=',
  'call',
  'exit',
  '<',
  '<=',
  's<',
  's<=',
  '(null)',
  '(null)',
];
const ATOMIC_NAME: Record<number, string> = {
  [op.BPF_ADD]: 'add',
  [op.BPF_AND]: 'and',
  [op.BPF_OR]: 'or',
  [op.BPF_XOR]: 'xor',
};
const MOVSX: Record<number, string> = { 8: '(s8)', 16: '(s16)', 32: '(s32)' };

const hex2 = (n: number): string => n.toString(16).padStart(2, '0');
const signed = (n: number): string => (n < 0 ? `${n}` : `+${n}`);
const unsignedType = (code: number): string => `u${op.bytesOfSize(code) * 8}`;

/** One instruction as the kernel's log prints it: `(b7) r1 = 5`, or a `BUG_…` form for what it cannot name. No newline. */
export function printKernel(insns: Insns, i: number, names: KernelNames = {}): string {
  const code = insns.code[i];
  const prefix = `(${hex2(code)}) `;
  switch (op.classOf(code)) {
    case op.BPF_ALU:
    case op.BPF_ALU64:
      return prefix + alu(insns, i);
    case op.BPF_STX:
      return stx(insns, i, prefix);
    case op.BPF_ST:
      if (op.modeOf(code) === op.BPF_MEM)
        return `${prefix}*(${unsignedType(code)} *)(r${insns.dst[i]} ${signed(insns.off[i])}) = ${insns.imm[i]}`;
      return op.modeOf(code) === op.BPF_NOSPEC ? `${prefix}nospec` : `BUG_st_${hex2(code)}`;
    case op.BPF_LDX:
      return ldx(insns, i, prefix);
    case op.BPF_LD:
      return ld(insns, i, prefix, names);
    case op.BPF_JMP:
    case op.BPF_JMP32:
      return prefix + jump(insns, i, names);
    default:
      return prefix + CLASS_NAMES[op.classOf(code)];
  }
}

function alu(insns: Insns, i: number): string {
  const code = insns.code[i];
  const dst = insns.dst[i];
  const src = insns.src[i];
  const off = insns.off[i];
  const imm = insns.imm[i];
  const operation = op.opOf(code);
  const narrow = op.classOf(code) === op.BPF_ALU;
  const r = narrow ? 'w' : 'r';
  if (operation === op.BPF_END) {
    const order = !narrow ? 'bswap' : op.sourceOf(code) === op.BPF_TO_BE ? 'be' : 'le';
    return `r${dst} = ${order}${imm} r${dst}`;
  }
  if (operation === op.BPF_NEG) return `${r}${dst} = -${r}${dst}`;
  if (code === op.OP_MOV64_X && off === op.BPF_ADDR_SPACE_CAST)
    return `r${dst} = addr_space_cast(r${src}, ${imm >>> 16}, ${imm & 0xffff})`;
  if (code === op.OP_MOV64_X && off === op.BPF_ADDR_PERCPU) return `r${dst} = &(void __percpu *)(r${src})`;
  const symbol = (off === 1 ? ALU_SIGNED[operation] : undefined) ?? ALU[operation >> 4];
  if (op.sourceOf(code) === op.BPF_K) return `${r}${dst} ${symbol} ${imm}`;
  const cast = operation === op.BPF_MOV ? (MOVSX[off] ?? '') : '';
  return `${r}${dst} ${symbol} ${cast}${r}${src}`;
}

function stx(insns: Insns, i: number, prefix: string): string {
  const code = insns.code[i];
  const mode = op.modeOf(code);
  const type = unsignedType(code);
  const at = (base: number): string => `(${type} *)(r${base} ${signed(insns.off[i])})`;
  const dst = insns.dst[i];
  const src = insns.src[i];
  if (mode === op.BPF_MEM) return `${prefix}*${at(dst)} = r${src}`;
  if (mode !== op.BPF_ATOMIC && mode !== op.BPF_PROBE_ATOMIC) return `BUG_${hex2(code)}`;
  const start = prefix + (mode === op.BPF_PROBE_ATOMIC ? 'probe ' : '');
  const wide = op.sizeOf(code) === op.BPF_DW ? '64' : '';
  const imm = insns.imm[i];
  switch (imm) {
    case op.BPF_CMPXCHG:
      return `${start}r0 = atomic${wide}_cmpxchg(${at(dst)}, r0, r${src})`;
    case op.BPF_XCHG:
      return `${start}r${src} = atomic${wide}_xchg(${at(dst)}, r${src})`;
    case op.BPF_LOAD_ACQ:
      return `${start}r${dst} = load_acquire(${at(src)})`;
    case op.BPF_STORE_REL:
      return `${start}store_release(${at(dst)}, r${src})`;
  }
  if (ATOMIC_NAME[imm]) return `${start}lock *${at(dst)} ${ALU[imm >> 4]} r${src}`;
  const fetched = imm & op.BPF_FETCH ? ATOMIC_NAME[imm & ~op.BPF_FETCH] : undefined;
  return fetched
    ? `${start}r${src} = atomic${wide}_fetch_${fetched}(${at(dst)}, r${src})`
    : `BUG_${hex2(code)}`;
}

function ldx(insns: Insns, i: number, prefix: string): string {
  const code = insns.code[i];
  const mode = op.modeOf(code);
  const extends_ = mode === op.BPF_MEMSX;
  if ((mode !== op.BPF_MEM && !extends_) || (extends_ && op.sizeOf(code) === op.BPF_DW))
    return `BUG_ldx_${hex2(code)}`;
  return `${prefix}r${insns.dst[i]} = *(${extends_ ? 's' : 'u'}${op.bytesOfSize(code) * 8} *)(r${insns.src[i]} ${signed(insns.off[i])})`;
}

function ld(insns: Insns, i: number, prefix: string, names: KernelNames): string {
  const code = insns.code[i];
  const mode = op.modeOf(code);
  if (mode === op.BPF_ABS) return `${prefix}r0 = *(${unsignedType(code)} *)skb[${insns.imm[i]}]`;
  if (mode === op.BPF_IND)
    return `${prefix}r0 = *(${unsignedType(code)} *)skb[r${insns.src[i]} + ${insns.imm[i]}]`;
  if (code !== op.OP_LD_IMM64) return `BUG_ld_${hex2(code)}`;
  const value = names.value?.(i) ?? (holdsAddress(insns.src[i]) ? 0n : wideImmediate(insns, i));
  return `${prefix}r${insns.dst[i]} = 0x${BigInt.asUintN(64, value).toString(16)}`;
}

/** Pseudo kinds of the wide load that become kernel addresses. */
const holdsAddress = (kind: number): boolean =>
  kind === op.BPF_PSEUDO_MAP_FD ||
  kind === op.BPF_PSEUDO_MAP_VALUE ||
  kind === op.BPF_PSEUDO_MAP_IDX ||
  kind === op.BPF_PSEUDO_MAP_IDX_VALUE ||
  kind === op.BPF_PSEUDO_BTF_ID;

/** The unsigned 64-bit immediate of the wide load at slot `i`. */
export function wideImmediate(insns: Insns, i: number): bigint {
  const high = i + 1 < insns.length ? insns.imm[i + 1] : 0;
  return (BigInt(high >>> 0) << 32n) | BigInt(insns.imm[i] >>> 0);
}

function jump(insns: Insns, i: number, names: KernelNames): string {
  const code = insns.code[i];
  const operation = op.opOf(code);
  const dst = insns.dst[i];
  const src = insns.src[i];
  const off = signed(insns.off[i]);
  const imm = insns.imm[i];
  if (operation === op.BPF_CALL) return call(src, imm, i, names);
  switch (code) {
    case op.OP_JA:
      return `goto pc${off}`;
    case op.OP_GOTOX:
      return `gotox r${dst}`;
    case op.OP_GOTOL:
      return `gotol pc${signed(imm)}`;
    case op.OP_EXIT:
      return 'exit';
  }
  if (code === op.OP_MAY_GOTO && src === op.BPF_MAY_GOTO) return `may_goto pc${off}`;
  const r = op.classOf(code) === op.BPF_JMP32 ? 'w' : 'r';
  const right = op.sourceOf(code) === op.BPF_X ? `${r}${src}` : `0x${(imm >>> 0).toString(16)}`;
  return `if ${r}${dst} ${JUMP[operation >> 4]} ${right} goto pc${off}`;
}

function call(kind: number, imm: number, i: number, names: KernelNames): string {
  if (kind === op.BPF_PSEUDO_CALL) return `call pc${signed(imm)}`;
  if (kind === op.BPF_PSEUDO_KFUNC_CALL) return `call ${names.kfunc?.(i) ?? 'kernel-function'}#${imm}`;
  const name = kind === 0 ? names.helper?.(imm) : null;
  return `call ${name ?? 'unknown'}#${imm}`;
}
