import { view } from '../domain/scalar.ts';
import type { Scalar } from '../domain/scalar.ts';
import * as t from '../kernel/types.ts';
import type { MapInfo } from '../state/map-info.ts';
import type { Reg } from '../state/reg.ts';
import type { Value } from './machine.ts';

/** Is the number among those that the abstract value stands for? */
export function scalarContains(s: Scalar, bits: bigint): boolean {
  const v = view(s);
  const low = Number(BigInt.asUintN(32, bits));
  const [signed, signed32] = [BigInt.asIntN(64, bits), low | 0];
  return (
    (bits & ~v.mask & 0xffff_ffff_ffff_ffffn) === v.value &&
    v.umin <= bits &&
    bits <= v.umax &&
    v.smin <= signed &&
    signed <= v.smax &&
    v.u32min <= low &&
    low <= v.u32max &&
    v.s32min <= signed32 &&
    signed32 <= v.s32max
  );
}

/** Is the concrete value among those that the register stands for? `frame`: number of the concrete frame 0 of the walk. */
export function regContains(reg: Reg, value: Value): boolean {
  const base = t.baseType(reg.type);
  if (base === t.NOT_INIT) return false;
  // what the verifier calls a number may be an address: nothing is known of its value then
  if (base === t.SCALAR_VALUE) return value.region !== null ? true : scalarContains(reg.scalar, value.bits);
  if (value.region === null) return t.typeMayBeNull(reg.type) && value.bits === 0n;
  const { region } = value;
  switch (base) {
    case t.PTR_TO_CTX:
      return region.kind === 'ctx' && scalarContains(reg.scalar, value.bits);
    case t.PTR_TO_STACK:
      return region.kind === 'stack' && region.owner === reg.num && scalarContains(reg.scalar, value.bits);
    case t.PTR_TO_MAP_VALUE:
      return (
        region.kind === 'value' &&
        region.owner === (reg.ext as MapInfo).index &&
        scalarContains(reg.scalar, value.bits)
      );
    case t.CONST_PTR_TO_MAP:
      return region.kind === 'map' && region.owner === (reg.ext as MapInfo).index;
    case t.PTR_TO_PACKET:
      // what was compared with the end lies within
      return region.kind === 'packet' && scalarContains(reg.scalar, value.bits);
    case t.PTR_TO_PACKET_META:
    case t.PTR_TO_PACKET_END:
      return region.kind === 'packet';
    default:
      return true;
  }
}
