import { BTF_KIND_ARRAY, BTF_KIND_STRUCT, BTF_KIND_UNION } from '../btf.ts';
import type { Btf, BtfMember, BtfType } from '../btf.ts';
import { BTF_INT_SIGNED } from '../build.ts';
import { skipModifiers } from '../walk.ts';
import { sizeOf } from './print-struct.ts';

/** C initialiser for a value that lies at `offset` of `data`; null if all of it is zero. Padding is not kept. */
export function printValue(btf: Btf, id: number, data: Uint8Array, offset: number): string | null {
  const size = sizeOf(btf, id);
  if (data.subarray(offset, offset + size).every((byte) => byte === 0)) return null;
  return value(btf, id, data, offset);
}

function value(btf: Btf, id: number, data: Uint8Array, offset: number): string {
  const t = skipModifiers(btf, id);
  if (t.kind === BTF_KIND_ARRAY) {
    const { elem, count } = t.array!;
    const step = sizeOf(btf, elem);
    if (step === 0) return '{}';
    const values = Array.from({ length: count }, (_, i) => value(btf, elem, data, offset + i * step));
    while (values.length > 1 && /^(0|\{\})$/.test(values.at(-1)!)) values.pop();
    return `{ ${values.join(', ')} }`;
  }
  if (t.kind === BTF_KIND_STRUCT || t.kind === BTF_KIND_UNION) {
    const members = t.kind === BTF_KIND_UNION ? widest(btf, t) : t.members;
    const values = members
      .filter((m) => m.name !== '')
      .flatMap((m) => {
        const text =
          m.bitSize === 0
            ? printValue(btf, m.type, data, offset + m.bitOffset / 8)
            : bitField(btf, m, data, offset);
        return text === null ? [] : [`.${m.name} = ${text}`];
      });
    return values.length === 0 ? '{}' : `{ ${values.join(', ')} }`;
  }
  const size = Math.min(t.size === 0 ? 8 : t.size, 8);
  return number(t, bitsAt(data, offset, size * 8), size * 8);
}

/** The member of a union that says most about its bytes. */
function widest(btf: Btf, union: BtfType): readonly BtfMember[] {
  const size = (m: BtfMember): number => (m.bitSize === 0 ? sizeOf(btf, m.type) : 0);
  return union.members.length === 0
    ? []
    : [union.members.reduce((best, m) => (size(m) > size(best) ? m : best))];
}

function bitField(btf: Btf, m: BtfMember, data: Uint8Array, offset: number): string | null {
  const bits = bitsAt(data, offset, m.bitOffset + m.bitSize) >> BigInt(m.bitOffset);
  return bits === 0n ? null : number(skipModifiers(btf, m.type), bits, m.bitSize);
}

/** The first `count` bits from a byte on, as the unsigned number that they are. */
function bitsAt(data: Uint8Array, offset: number, count: number): bigint {
  let bits = 0n;
  for (let i = Math.ceil(count / 8) - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(data[offset + i] ?? 0);
  return BigInt.asUintN(count, bits);
}

function number(t: BtfType, bits: bigint, width: number): string {
  if (t.int !== null && t.int.encoding & BTF_INT_SIGNED) return String(BigInt.asIntN(width, bits));
  return bits > 0xffffn ? `0x${bits.toString(16)}` : String(bits);
}
