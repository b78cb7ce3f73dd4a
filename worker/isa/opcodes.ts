/** The parts of an opcode byte and the special values of other fields, under the names of the kernel's uapi headers. */

/** Instruction classes: `code & 7`. */
export const BPF_LD = 0x00;
export const BPF_LDX = 0x01;
export const BPF_ST = 0x02;
export const BPF_STX = 0x03;
export const BPF_ALU = 0x04;
export const BPF_JMP = 0x05;
export const BPF_JMP32 = 0x06;
export const BPF_ALU64 = 0x07;

/** Access sizes: `code & 0x18` of loads and stores. */
export const BPF_W = 0x00;
export const BPF_H = 0x08;
export const BPF_B = 0x10;
export const BPF_DW = 0x18;

/** Access modes: `code & 0xe0` of loads and stores. */
export const BPF_IMM = 0x00;
export const BPF_ABS = 0x20;
export const BPF_IND = 0x40;
export const BPF_MEM = 0x60;
export const BPF_MEMSX = 0x80;
export const BPF_ATOMIC = 0xc0;
/** Kernel-internal modes that only rewritten programs contain. */
export const BPF_PROBE_ATOMIC = 0xe0;
export const BPF_NOSPEC = 0xc0;

/** Source operand: `code & 8` of ALU and jump instructions. */
export const BPF_K = 0x00;
export const BPF_X = 0x08;
/** Byte order of BPF_END: the same bit. */
export const BPF_TO_LE = 0x00;
export const BPF_TO_BE = 0x08;

/** ALU operations: `code & 0xf0`. */
export const BPF_ADD = 0x00;
export const BPF_SUB = 0x10;
export const BPF_MUL = 0x20;
export const BPF_DIV = 0x30;
export const BPF_OR = 0x40;
export const BPF_AND = 0x50;
export const BPF_LSH = 0x60;
export const BPF_RSH = 0x70;
export const BPF_NEG = 0x80;
export const BPF_MOD = 0x90;
export const BPF_XOR = 0xa0;
export const BPF_MOV = 0xb0;
export const BPF_ARSH = 0xc0;
export const BPF_END = 0xd0;

/** Jump operations: `code & 0xf0`. */
export const BPF_JA = 0x00;
export const BPF_JEQ = 0x10;
export const BPF_JGT = 0x20;
export const BPF_JGE = 0x30;
export const BPF_JSET = 0x40;
export const BPF_JNE = 0x50;
export const BPF_JSGT = 0x60;
export const BPF_JSGE = 0x70;
export const BPF_CALL = 0x80;
export const BPF_EXIT = 0x90;
export const BPF_JLT = 0xa0;
export const BPF_JLE = 0xb0;
export const BPF_JSLT = 0xc0;
export const BPF_JSLE = 0xd0;
export const BPF_JCOND = 0xe0;

/** `imm` of atomics. The four ALU operations above (add, or, and, xor) combine with BPF_FETCH. */
export const BPF_FETCH = 0x01;
export const BPF_XCHG = 0xe1;
export const BPF_CMPXCHG = 0xf1;
export const BPF_LOAD_ACQ = 0x100;
export const BPF_STORE_REL = 0x110;

/** `src` of the wide load 0x18. */
export const BPF_PSEUDO_MAP_FD = 1;
export const BPF_PSEUDO_MAP_VALUE = 2;
export const BPF_PSEUDO_BTF_ID = 3;
export const BPF_PSEUDO_FUNC = 4;
export const BPF_PSEUDO_MAP_IDX = 5;
export const BPF_PSEUDO_MAP_IDX_VALUE = 6;

/** `src` of calls; 0 calls a helper. */
export const BPF_PSEUDO_CALL = 1;
export const BPF_PSEUDO_KFUNC_CALL = 2;

/** `src` of BPF_JCOND. */
export const BPF_MAY_GOTO = 0;

/** `off` of a 64-bit register move that converts between address spaces; of the kernel's own per-CPU move. */
export const BPF_ADDR_SPACE_CAST = 1;
export const BPF_ADDR_PERCPU = -1;

/** Registers r0..r10; r10 is the frame pointer, and 11 names the stack-argument area. */
export const MAX_BPF_REG = 11;
export const BPF_REG_FP = 10;
export const BPF_REG_PARAMS = 11;

/** The wide load: the only instruction of two slots. */
export const OP_LD_IMM64 = BPF_LD | BPF_IMM | BPF_DW;
export const OP_CALL = BPF_JMP | BPF_CALL;
export const OP_EXIT = BPF_JMP | BPF_EXIT;
export const OP_JA = BPF_JMP | BPF_JA;
export const OP_GOTOL = BPF_JMP32 | BPF_JA;
export const OP_GOTOX = BPF_JMP | BPF_JA | BPF_X;
export const OP_MAY_GOTO = BPF_JMP | BPF_JCOND;
export const OP_MOV64_X = BPF_ALU64 | BPF_MOV | BPF_X;

/** The three fields of an opcode byte. `size`/`mode` belong to loads and stores, `op`/`source` to ALU and jumps. */
export const classOf = (code: number): number => code & 0x07;
export const sizeOf = (code: number): number => code & 0x18;
export const modeOf = (code: number): number => code & 0xe0;
export const opOf = (code: number): number => code & 0xf0;
export const sourceOf = (code: number): number => code & 0x08;

/** Bytes that a size field stands for: W 4, H 2, B 1, DW 8. */
export const bytesOfSize = (code: number): 1 | 2 | 4 | 8 => SIZE_BYTES[(code & 0x18) >> 3];
const SIZE_BYTES = [4, 2, 1, 8] as const;

/** The size field for a width in bytes. */
export const sizeField = (bytes: 1 | 2 | 4 | 8): number =>
  bytes === 4 ? BPF_W : bytes === 2 ? BPF_H : bytes === 1 ? BPF_B : BPF_DW;
