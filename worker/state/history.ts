/** What an instruction of the walked path did to the stack (kernel: INSN_F_*). */
export const HIST_STACK_ACCESS = 1;
export const HIST_DST_STACK = 2;
export const HIST_SRC_STACK = 4;
export const HIST_STACK_ARG = 8;

/** One entry of a state's jump history (kernel: struct bpf_jmp_history_entry). Fields may be extended until the next instruction. */
export class HistoryEntry {
  constructor(
    readonly idx: number,
    readonly prevIdx: number,
    public flags: number,
    public spi: number,
    public frame: number,
    /** Registers and slots linked by scalar id, packed; null if none. See precision/linked.ts. */
    public linked: readonly LinkedReg[] | null,
  ) {}
}

/** A register (or spilled slot) that shares a scalar id with a register that a branch refined. */
export interface LinkedReg {
  readonly frameno: number;
  readonly isReg: boolean;
  /** Register number, or spi. */
  readonly no: number;
}
