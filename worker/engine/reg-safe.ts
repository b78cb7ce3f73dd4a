import { covers, sameBase, sameScalar } from '../domain/scalar.ts';
import {
  BASE_TYPE_MASK,
  NOT_INIT,
  PTR_TO_ARENA,
  PTR_TO_BUF,
  PTR_TO_INSN,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_PACKET,
  PTR_TO_PACKET_META,
  PTR_TO_TP_BUFFER,
  SCALAR_VALUE,
} from '../kernel/types.ts';
import { BtfRef, IterExt, type Ext, type Reg } from '../state/reg.ts';
import { checkIds, checkScalarIds } from './id-map.ts';

/** How closely states are compared: imprecise scalars are equal; nothing is; imprecise scalars are compared too. */
export type Exactness = 0 | 1 | 2;
export const NOT_EXACT: Exactness = 0;
export const EXACT: Exactness = 1;
export const RANGE_WITHIN: Exactness = 2;

/** Do both name the same map, type or iterator? */
export function sameExt(a: Ext, b: Ext): boolean {
  if (a === b) return true;
  if (a instanceof BtfRef) return b instanceof BtfRef && a.btf === b.btf && a.id === b.id;
  if (a instanceof IterExt) {
    return b instanceof IterExt && a.btf === b.btf && a.id === b.id && a.state === b.state && a.depth === b.depth;
  }
  return false;
}

/** Type, and everything that goes with it, the value aside. */
export function sameKind(old: Reg, cur: Reg): boolean {
  return old.type === cur.type && old.delta === cur.delta && old.num === cur.num && sameExt(old.ext, cur.ext);
}

function idsMatch(old: Reg, cur: Reg): boolean {
  return (
    checkIds(old.id * 4 + old.link, cur.id * 4 + cur.link) &&
    checkIds(old.parentId * 4, cur.parentId * 4) &&
    checkIds(old.mapUid * 4, cur.mapUid * 4)
  );
}

function exactly(old: Reg, cur: Reg): boolean {
  return sameKind(old, cur) && sameScalar(old.scalar, cur.scalar) && idsMatch(old, cur);
}

/** Are both the same in every field but precision, ids included? */
export function identical(a: Reg, b: Reg): boolean {
  return (
    a === b ||
    (sameKind(a, b) &&
      a.id === b.id &&
      a.link === b.link &&
      a.parentId === b.parentId &&
      a.mapUid === b.mapUid &&
      sameScalar(a.scalar, b.scalar))
  );
}

/** Is whatever was safe with `old` safe with `cur` too (kernel: regsafe)? `strict`: no subsumption of scalars. */
export function regSafe(old: Reg, cur: Reg, exact: Exactness, strict: boolean): boolean {
  if (old === cur && (old.id | old.parentId | old.mapUid) === 0) return true;
  if (exact === EXACT) return exactly(old, cur);
  const type = old.type;
  // what was not initialised was not used
  if (type === NOT_INIT) return true;
  if (type !== cur.type) return false;
  switch (type & BASE_TYPE_MASK) {
    case SCALAR_VALUE: {
      if (strict) {
        return (
          sameKind(old, cur) && sameScalar(old.scalar, cur.scalar) && checkScalarIds(old.id * 4 + old.link, cur.id * 4 + cur.link)
        );
      }
      if (exact === NOT_EXACT && !old.precise) return true;
      if (old.id !== 0) {
        if (old.link !== cur.link) return false;
        if (old.link !== 0 && old.delta !== cur.delta) return false;
        if (!checkScalarIds(old.id * 4 + old.link, cur.id * 4 + cur.link)) return false;
      }
      return covers(old.scalar, cur.scalar);
    }
    case PTR_TO_MAP_KEY:
    case PTR_TO_MAP_VALUE:
    case PTR_TO_MEM:
    case PTR_TO_BUF:
    case PTR_TO_TP_BUFFER:
      return sameKind(old, cur) && covers(old.scalar, cur.scalar) && idsMatch(old, cur);
    case PTR_TO_PACKET_META:
    case PTR_TO_PACKET:
      // at least as much of the packet must be known to be there
      if (old.num < 0 || cur.num < 0 ? old.num !== cur.num : old.num > cur.num) return false;
      if (!checkIds(old.id * 4, cur.id * 4)) return false;
      // pointers with one id keep their distance
      if (old.id !== 0 && !sameBase(old.scalar, cur.scalar)) return false;
      return covers(old.scalar, cur.scalar);
    case PTR_TO_ARENA:
      return true;
    case PTR_TO_INSN:
      return sameKind(old, cur) && covers(old.scalar, cur.scalar);
    default:
      return exactly(old, cur);
  }
}
