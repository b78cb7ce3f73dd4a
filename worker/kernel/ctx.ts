import { decide, type Tree } from './facts.ts';
import { CTX_TABLES, SOCK_TABLES } from './generated/ctx.ts';
import type { ProgTraits } from './prog-traits.ts';
import { baseType } from './types.ts';

/** A valid access to the ctx: what a load yields and how wide the field is. */
export interface CtxAccess {
  /** Packed register type; SCALAR_VALUE for plain fields. */
  readonly regType: number;
  /** Width of the field in bytes if the access may be narrower than it (the kernel's ctx_field_size), else 0. */
  readonly fieldSize: number;
  /** Struct name when `regType` is a PTR_TO_BTF_ID, else null. */
  readonly btf: string | null;
  /** Is it the return value slot of the traced function or hook? */
  readonly isRetval: boolean;
}

/** Ways to access a ctx, for {@link ctxAccess}. */
export const CTX_READ = 0;
/** A sign-extending load. */
export const CTX_READ_SX = 1;
export const CTX_WRITE = 2;

const MODES = 3;
const SIZES = 4;
const COLUMNS = MODES * SIZES;
const LOG2: readonly number[] = [-1, 0, 1, -1, 2, -1, -1, -1, 3];

/**
 * Accesses at every offset: `runs` says which pattern each 8-byte group follows, a pattern lists 8 offsets of
 * 12 outcomes (by mode, then size 1, 2, 4, 8), as indexes into `outcomes`: `''` or `regType,fieldSize,btf,isRetval`.
 */
export interface CtxTable {
  readonly runs: readonly (readonly [groups: number, pattern: number])[];
  readonly patterns: readonly (readonly number[])[];
  readonly outcomes: readonly Tree<string>[];
  /** Pattern of every group before offset 0, if anything is allowed there: a check that forgets the sign. */
  readonly below?: number;
}

interface Expanded {
  /** Pattern per 8-byte group. */
  readonly groups: Uint16Array;
  readonly table: CtxTable;
}

const expanded = new Map<CtxTable, Expanded>();
const interned = new Map<string, CtxAccess>();

function expand(table: CtxTable): Expanded {
  let known = expanded.get(table);
  if (known === undefined) {
    const groups = new Uint16Array(table.runs.reduce((sum, [count]) => sum + count, 0));
    let at = 0;
    for (const [count, pattern] of table.runs) {
      groups.fill(pattern, at, at + count);
      at += count;
    }
    expanded.set(table, (known = { groups, table }));
  }
  return known;
}

function access(text: string): CtxAccess | null {
  if (text === '') return null;
  let known = interned.get(text);
  if (known === undefined) {
    const [regType, fieldSize, btf, isRetval] = text.split(',');
    known = {
      regType: Number(regType),
      fieldSize: Number(fieldSize),
      btf: btf === '' ? null : btf,
      isRetval: isRetval === '1',
    };
    interned.set(text, known);
  }
  return known;
}

function lookUp(table: CtxTable, off: number, size: number, mode: number): Tree<string> {
  const { groups } = expand(table);
  const column = LOG2[size];
  if (column === undefined || column < 0) return '';
  const pattern = off < 0 ? table.below : groups[off >> 3];
  if (pattern === undefined) return '';
  return table.outcomes[table.patterns[pattern][(off & 7) * COLUMNS + mode * SIZES + column]];
}

/** Is the ctx of this program type described by BTF (tracing, LSM, struct_ops, extensions) and not by a table? */
export function ctxIsTyped(progType: number): boolean {
  return CTX_TABLES[progType] === undefined;
}

/** Bytes of the ctx that some access reaches; 0 for typed ones. */
export function ctxSize(progType: number): number {
  const table = CTX_TABLES[progType];
  return table === undefined ? 0 : expand(table).groups.length * 8;
}

/**
 * What an access to the ctx yields under `is_valid_access`, null if it is invalid. `size` is 1, 2, 4 or 8; any
 * offset. For program types whose ctx is typed ({@link ctxIsTyped}) it throws: BTF decides there.
 */
export function ctxAccess(prog: ProgTraits, off: number, size: number, mode: number): CtxAccess | null {
  const table = CTX_TABLES[prog.progType];
  if (table === undefined)
    throw new Error(`the ctx of program type ${prog.progType} is described by BTF, not by a table`);
  return access(decide(lookUp(table, off, size, mode), prog));
}

const ANY_PROGRAM: ProgTraits = {
  progType: 0,
  attachType: 0,
  sleepable: false,
  gpl: true,
  capBpf: true,
  capPerfmon: true,
  capSysAdmin: true,
  attachName: null,
  structOps: null,
  devBound: false,
};

/** Loads through PTR_TO_SOCKET, PTR_TO_SOCK_COMMON, PTR_TO_TCP_SOCK and PTR_TO_XDP_SOCK; null if invalid. */
export function sockAccess(regType: number, off: number, size: number, write: boolean): CtxAccess | null {
  const table = SOCK_TABLES[baseType(regType)];
  if (table === undefined) throw new Error(`register type ${regType} is no socket`);
  return access(decide(lookUp(table, off, size, write ? CTX_WRITE : CTX_READ), ANY_PROGRAM));
}
