import { shownTypeName } from '../btf/show-name.ts';
import { isConst, isTnumUnknown, isUnknown, same64, view, type Scalar, type ScalarView } from '../domain/scalar.ts';
import {
  baseType,
  CONST_PTR_TO_MAP,
  NOT_INIT,
  PTR_TO_BTF_ID,
  PTR_TO_CTX,
  PTR_TO_MAP_VALUE,
  PTR_TO_STACK,
  regTypeStr,
  SCALAR_VALUE,
  typeIsMapPtr,
  typeIsNonOwningRef,
  typeIsPtrAllocObj,
  typeMayBeNull,
} from '../kernel/types.ts';
import type { MapInfo } from '../state/map-info.ts';
import { BtfRef, type Reg } from '../state/reg.ts';

const S64_MIN = -(1n << 63n);
const S64_MAX = (1n << 63n) - 1n;
const U64_MAX = (1n << 64n) - 1n;

const signed = (n: bigint): string => (n === S64_MIN ? 'S64_MIN' : n === S64_MAX ? 'S64_MAX' : String(n));
const unsigned = (n: bigint): string => (n === U64_MAX ? 'U64_MAX' : String(n));

/** `value + addend`, or how it leaves the 64-bit numbers (kernel: bpf_diag_fmt_s64_sum). */
export function sumText(value: bigint, addend: number): string {
  const sum = value + BigInt(addend);
  if (sum >= S64_MIN && sum <= S64_MAX) return String(sum);
  return `${value} plus ${addend} (${addend < 0 ? 'below S64_MIN' : 'above S64_MAX'})`;
}

function rangeText(v: ScalarView): string {
  return `signed range [${signed(v.smin)}, ${signed(v.smax)}], unsigned range [${unsigned(v.umin)}, ${unsigned(v.umax)}]`;
}

const constantOf = (s: Scalar): bigint => BigInt.asIntN(64, view(s).value);

/** Nothing is known of it as a 64-bit number. */
function isOpen(s: Scalar): boolean {
  if (isUnknown(s)) return true;
  if (!isTnumUnknown(s)) return false;
  const v = view(s);
  return v.smin === S64_MIN && v.smax === S64_MAX && v.umin === 0n && v.umax === U64_MAX;
}

const bits = (v: ScalarView): string => `known bits 0x${v.value.toString(16)}, unknown mask 0x${v.mask.toString(16)}`;

/** Where an access goes: the offset in the register and the instruction's own. */
export function accessOffset(reg: Reg, off: number): string {
  const s = reg.scalar;
  if (isConst(s)) return `constant ${sumText(constantOf(s), off)}`;
  if (isOpen(s)) return 'unbounded';
  const v = view(s);
  return `variable: ${bits(v)}${off !== 0 ? `, plus fixed offset ${off}` : ''}; ${rangeText(v)}`;
}

function pointerOffset(s: Scalar): string {
  if (isConst(s)) return `at offset ${constantOf(s)}`;
  if (isOpen(s)) return 'with unknown offset';
  const v = view(s);
  return `with variable offset: ${bits(v)}, ${rangeText(v)}`;
}

function scalarText(s: Scalar): string {
  if (isConst(s)) return `integer scalar value ${constantOf(s)}`;
  if (isOpen(s)) return 'integer scalar with unknown value';
  const v = view(s);
  return v.umin === v.umax ? `integer scalar value ${v.smin}` : `integer scalar with ${rangeText(v)}`;
}

/** Would both be described with the same words? */
export function sameValue(a: Reg, b: Reg): boolean {
  if (a.type !== b.type || !same64(a.scalar, b.scalar)) return false;
  if (a.ext === b.ext) return true;
  if (typeIsMapPtr(a.type)) return false;
  if (baseType(a.type) !== PTR_TO_BTF_ID) return true;
  return a.ext instanceof BtfRef && b.ext instanceof BtfRef && a.ext.btf === b.ext.btf && a.ext.id === b.ext.id;
}

/** Longest name of a type. */
const TYPE_NAME = 255;

function pointeeName(reg: Reg): string {
  const { ext } = reg;
  if (baseType(reg.type) !== PTR_TO_BTF_ID || !(ext instanceof BtfRef) || ext.id === 0) return '';
  const name = shownTypeName(ext.btf, ext.id);
  return name === '' ? `BTF type ID ${ext.id}` : name.slice(0, TYPE_NAME);
}

/** A value as the causal path names it, e.g. `nullable map value from counters at offset 0`. */
export function valueText(reg: Reg | null): string {
  if (reg === null || reg.type === NOT_INIT) return 'uninitialized value';
  const { type, scalar } = reg;
  if (type === SCALAR_VALUE) return scalarText(scalar);
  const base = baseType(type);
  const offset = pointerOffset(scalar);
  if (base === PTR_TO_CTX) return `context pointer ${offset}`;
  if (base === PTR_TO_STACK) return `stack pointer ${offset}`;
  const map = typeIsMapPtr(type) ? ((reg.ext as MapInfo | null)?.name ?? '') : '';
  if (base === PTR_TO_MAP_VALUE) {
    return `${typeMayBeNull(type) ? 'nullable map value' : 'map value'}${map === '' ? '' : ` from ${map}`} ${offset}`;
  }
  if (base === CONST_PTR_TO_MAP) return map === '' ? 'map pointer' : `map pointer for map ${map}`;
  const pointee = pointeeName(reg);
  const ofType = pointee === '' ? '' : ` type=${pointee}`;
  if (typeIsNonOwningRef(type)) return `borrowed allocated object pointer${ofType}`;
  if (typeIsPtrAllocObj(type)) return `owned allocated object pointer${ofType}`;
  return `${regTypeStr(type)}${ofType} ${offset}`;
}
