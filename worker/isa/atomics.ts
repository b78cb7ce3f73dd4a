import * as op from './opcodes.ts';

/** Operation of an atomic instruction, chosen by its `imm`. `W` in reads and writes is the access's own width. */
export interface AtomicRow {
  readonly imm: number;
  readonly name: AtomicName;
  /** Widths in bits that have it. */
  readonly sizes: readonly (8 | 16 | 32 | 64)[];
  readonly symbol: string;
  readonly reads: readonly ('dst' | 'src' | 'r0' | 'srcW' | 'r0W')[];
  readonly writes: readonly ('dst' | 'src' | 'r0')[];
  readonly text: string;
}
export type AtomicName =
  | 'add'
  | 'or'
  | 'and'
  | 'xor'
  | 'fetch_add'
  | 'fetch_or'
  | 'fetch_and'
  | 'fetch_xor'
  | 'xchg'
  | 'cmpxchg'
  | 'load_acquire'
  | 'store_release';

const RMW = [32, 64] as const;
const ALL_SIZES = [8, 16, 32, 64] as const;

/** Every legal `imm` of an atomic instruction. */
export const ATOMICS: readonly AtomicRow[] = [
  ...(
    [
      ['add', op.BPF_ADD, '+=', 'adds S'],
      ['or', op.BPF_OR, '|=', 'ors S'],
      ['and', op.BPF_AND, '&=', 'ands S'],
      ['xor', op.BPF_XOR, '^=', 'xors S'],
    ] as const
  ).flatMap(([name, imm, symbol, what]): AtomicRow[] => [
    {
      imm,
      name,
      symbol,
      sizes: RMW,
      reads: ['dst', 'srcW'],
      writes: [],
      text: `Atomically ${what} into memory.`,
    },
    {
      imm: imm | op.BPF_FETCH,
      name: `fetch_${name}`,
      symbol,
      sizes: RMW,
      reads: ['dst', 'srcW'],
      writes: ['src'],
      text: `Atomically ${what} into memory; S receives the old value.`,
    },
  ]),
  {
    imm: op.BPF_XCHG,
    name: 'xchg',
    symbol: '',
    sizes: RMW,
    reads: ['dst', 'srcW'],
    writes: ['src'],
    text: 'Atomically exchanges S with memory.',
  },
  {
    imm: op.BPF_CMPXCHG,
    name: 'cmpxchg',
    symbol: '',
    sizes: RMW,
    reads: ['r0W', 'dst', 'srcW'],
    writes: ['r0'],
    text: 'Atomically stores S if memory equals r0; r0 receives the old value.',
  },
  {
    imm: op.BPF_LOAD_ACQ,
    name: 'load_acquire',
    symbol: '',
    sizes: ALL_SIZES,
    reads: ['src'],
    writes: ['dst'],
    text: 'Loads with acquire order.',
  },
  {
    imm: op.BPF_STORE_REL,
    name: 'store_release',
    symbol: '',
    sizes: ALL_SIZES,
    reads: ['dst', 'srcW'],
    writes: [],
    text: 'Stores with release order.',
  },
];

const ATOMIC_BY_IMM = new Map(ATOMICS.map((a) => [a.imm, a]));

/** The operation of an atomic's `imm`, or null. */
export const atomicRow = (imm: number): AtomicRow | null => ATOMIC_BY_IMM.get(imm) ?? null;
