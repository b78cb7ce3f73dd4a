import { BTF_KIND_ARRAY, BTF_KIND_STRUCT, BTF_KIND_UNION } from '../btf.ts';
import type { Btf } from '../btf.ts';
import { skipModifiers } from '../walk.ts';
import { sizeOf } from './print-struct.ts';

/** C initialiser for a value that lies at `offset` of `data`; null if all of it is zero. Padding and bit-fields are not kept. */
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
    const values = Array.from({ length: count }, (_, i) => value(btf, elem, data, offset + i * step));
    while (values.length > 1 && /^(0|\{ 0 \})$/.test(values.at(-1)!)) values.pop();
    return `{ ${values.join(', ')} }`;
  }
  if (t.kind === BTF_KIND_STRUCT || t.kind === BTF_KIND_UNION) {
    const members = t.kind === BTF_KIND_UNION ? t.members.slice(0, 1) : t.members;
    const values = members
      .filter((m) => m.bitSize === 0 && m.name !== '')
      .flatMap((m) => {
        const text = printValue(btf, m.type, data, offset + m.bitOffset / 8);
        return text === null ? [] : [`.${m.name} = ${text}`];
      });
    return values.length === 0 ? '{ 0 }' : `{ ${values.join(', ')} }`;
  }
  let bits = 0n;
  for (let i = Math.min(t.size === 0 ? 8 : t.size, 8) - 1; i >= 0; i--)
    bits = (bits << 8n) | BigInt(data[offset + i] ?? 0);
  return t.int !== null && t.int.encoding & 1
    ? String(BigInt.asIntN(t.size * 8, bits))
    : bits > 0xffffn
      ? `0x${bits.toString(16)}`
      : String(bits);
}
