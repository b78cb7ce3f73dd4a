/** What an instruction of the walked path did to the stack (kernel: INSN_F_*). */
export const HIST_STACK_ACCESS = 1;
export const HIST_DST_STACK = 2;
export const HIST_SRC_STACK = 4;
export const HIST_STACK_ARG = 8;

/** A register (or spilled slot) that shares a scalar id with a register that a branch refined. */
export interface LinkedReg {
  readonly frameno: number;
  readonly isReg: boolean;
  /** Register number, or spi. */
  readonly no: number;
}

/** An entry of {@link History}; {@link NO_ENTRY} if there is none. */
export type HistoryEntry = number;
export const NO_ENTRY: HistoryEntry = 0;

/** Words per entry: the entry before, the instruction, the one before it on the path, access and linked registers. */
const WIDTH = 5;
const BEFORE = 0;
const IDX = 1;
const PREV_IDX = 2;
const ACCESS = 3;
const LINKED = 4;
/** Places of spi and frame in the access word, behind the flags. */
const SPI_SHIFT = 4;
const FRAME_SHIFT = 10;
const CACHE_BITS = 8;

/**
 * The jump histories of all states of a run (kernel: struct bpf_jmp_history_entry): a state knows its latest entry, every
 * entry the one before it, so that copies of a state share what they have in common. Entries never change and live as
 * long as the run: there is at most one for each time that an instruction is walked, or a few.
 */
export class History {
  private words = new Int32Array(WIDTH << 12);
  private end = WIDTH;
  /** Sets of registers linked by scalar id; the first stands for none. */
  private readonly sets: (readonly LinkedReg[] | null)[] = [null];
  private readonly recent = new Int32Array(1 << CACHE_BITS);

  add(before: HistoryEntry, idx: number, prevIdx: number, flags: number, spi: number, frame: number, linked: readonly LinkedReg[] | null): HistoryEntry {
    const at = this.end;
    if (at === this.words.length) this.grow();
    this.end = at + WIDTH;
    const { words } = this;
    words[at + BEFORE] = before;
    words[at + IDX] = idx;
    words[at + PREV_IDX] = prevIdx;
    words[at + ACCESS] = flags | (spi << SPI_SHIFT) | (frame << FRAME_SHIFT);
    words[at + LINKED] = linked === null ? 0 : this.keep(linked);
    return at;
  }

  before(entry: HistoryEntry): HistoryEntry {
    return this.words[entry + BEFORE];
  }
  idx(entry: HistoryEntry): number {
    return this.words[entry + IDX];
  }
  prevIdx(entry: HistoryEntry): number {
    return this.words[entry + PREV_IDX];
  }
  /** HIST_* bits. */
  flags(entry: HistoryEntry): number {
    return this.words[entry + ACCESS] & ((1 << SPI_SHIFT) - 1);
  }
  spi(entry: HistoryEntry): number {
    return (this.words[entry + ACCESS] >> SPI_SHIFT) & 63;
  }
  frame(entry: HistoryEntry): number {
    return this.words[entry + ACCESS] >> FRAME_SHIFT;
  }
  /** Registers and slots linked by the scalar id that the instruction refined; null if none. */
  linked(entry: HistoryEntry): readonly LinkedReg[] | null {
    return this.sets[this.words[entry + LINKED]];
  }

  /** Number of a set; equal sets mostly have the same. */
  private keep(linked: readonly LinkedReg[]): number {
    let hash = 0;
    for (let i = 0; i < linked.length; i++) hash = Math.imul(hash + linked[i].no + (linked[i].isReg ? 64 : 0) + (linked[i].frameno << 7), 0x9e3779b1);
    const slot = hash >>> (32 - CACHE_BITS);
    const known = this.recent[slot];
    if (known !== 0 && sameSet(this.sets[known]!, linked)) return known;
    return (this.recent[slot] = this.sets.push(linked) - 1);
  }

  private grow(): void {
    const words = new Int32Array(this.words.length * 2);
    words.set(this.words);
    this.words = words;
  }
}

function sameSet(a: readonly LinkedReg[], b: readonly LinkedReg[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i].no !== b[i].no || a[i].isReg !== b[i].isReg || a[i].frameno !== b[i].frameno) return false;
  return true;
}
