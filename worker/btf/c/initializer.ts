import { accept, expect, expectName, fail, is, nested, next, peek, report } from './context.ts';
import type { CParser } from './context.ts';
import { cast, constantExpression, findMember } from './expression.ts';
import type { CSpan } from './problem.ts';
import { bare, cTypeName, sizeOf } from './types.ts';
import type { CType } from './types.ts';

/** Larger initialised objects are refused: they would be copied on every keystroke. */
const DATA_MAX = 1 << 20;

/** A variable's bytes, and its type with the bound that an initialiser of `[]` gave it. */
export interface Initialised {
  readonly type: CType;
  readonly bytes: Uint8Array;
}

/** Where a value goes: bits from the start of the object, and how wide a bit-field is. */
interface Slot {
  readonly type: CType;
  readonly bit: number;
  readonly bits: number | null;
}

/** Reads an initialiser: constants, strings for character arrays, braces with `.member =` and `[index] =`. */
export function readInitialiser(p: CParser, declared: CType): Initialised {
  const at = peek(p);
  const writes: { slot: Slot; value: bigint }[] = [];
  let counted = 0;
  const type = bare(declared);
  const open = type.kind === 'array' && type.count === null ? type : null;
  read({ type: declared, bit: 0, bits: null });
  const whole: CType = open === null ? declared : { kind: 'array', elem: open.elem, count: counted };
  const size = sizeOf(whole) ?? 0;
  if (size > DATA_MAX) fail(p, 'c-size', `An initialised variable of ${size} bytes is larger than ${DATA_MAX}.`, at);
  const bytes = new Uint8Array(size);
  for (const { slot, value } of writes) store(bytes, slot, value);
  return { type: whole, bytes };

  function read(slot: Slot): void {
    nested(p, () => {
      const t = bare(slot.type);
      if (t.kind === 'array') readArray(slot, t.elem, t.count, t === open);
      else if (t.kind === 'struct') {
        if (t.members === null) fail(p, 'c-incomplete', `${cTypeName(t)} is not defined.`);
        readStruct(slot, t);
      } else {
        const braced = accept(p, '{');
        scalar(slot);
        if (braced) {
          accept(p, ',');
          expect(p, '}');
        }
      }
    });
  }

  function scalar(slot: Slot): void {
    const token = peek(p);
    if (is(p, '&') || token.kind === 'string') fail(p, 'c-address', 'Addresses cannot be stored in initial data here; fill the pointer at run time.', token);
    const value = constantExpression(p);
    const stored = cast(slot.type, value);
    const width = slot.bits ?? (sizeOf(slot.type) ?? 8) * 8;
    if (bare(slot.type).kind === 'float') fail(p, 'c-float', 'Floating-point values have no use in BPF.', token);
    if (BigInt.asIntN(width, value) !== value && BigInt.asUintN(width, value) !== value && bare(slot.type).kind !== 'int') warn(value, width, token);
    else if (stored !== value && BigInt.asUintN(width, value) !== BigInt.asUintN(width, stored)) warn(value, width, token);
    else if (BigInt.asUintN(width, value) !== value && BigInt.asIntN(width, value) !== value) warn(value, width, token);
    writes.push({ slot, value });
  }

  function warn(value: bigint, width: number, token: CSpan): void {
    report(p, 'error', 'c-range', `${value} does not fit ${width} bits.`, token);
  }

  function readArray(slot: Slot, elem: CType, count: number | null, isOpen: boolean): void {
    const stride = (sizeOf(elem) ?? 0) * 8;
    const character = bare(elem);
    if (peek(p).kind === 'string' || (is(p, '{') && peek(p, 1).kind === 'string' && character.kind === 'int' && character.size === 1)) {
      const braced = accept(p, '{');
      const token = peek(p);
      if (character.kind !== 'int' || character.size !== 1) fail(p, 'c-string', `A string does not initialise ${cTypeName(slot.type)}.`, token);
      let text: number[] = [];
      while (peek(p).kind === 'string') text = [...text, ...encode(next(p).content)];
      if (count !== null && text.length > count) fail(p, 'c-range', `The string's ${text.length} bytes do not fit ${count}.`, token);
      text.forEach((byte, i) => writes.push({ slot: { type: elem, bit: slot.bit + i * 8, bits: null }, value: BigInt(byte) }));
      if (isOpen) counted = text.length + 1;
      if (braced) expect(p, '}');
      return;
    }
    expect(p, '{', 'an initialiser in braces');
    let index = 0;
    while (!accept(p, '}')) {
      const at = peek(p);
      if (accept(p, '[')) {
        index = Number(constantExpression(p));
        expect(p, ']');
        expect(p, '=');
      }
      if (index < 0 || (count !== null && index >= count) || index * Math.max(1, stride / 8) > DATA_MAX) {
        fail(p, 'c-range', `Element ${index} does not exist in ${cTypeName(slot.type)}.`, at);
      }
      read({ type: elem, bit: slot.bit + index * stride, bits: null });
      index++;
      if (isOpen) counted = Math.max(counted, index);
      if (!accept(p, ',')) {
        expect(p, '}', '«,» or «}»');
        break;
      }
    }
  }

  function readStruct(slot: Slot, t: Extract<CType, { kind: 'struct' }>): void {
    expect(p, '{', `an initialiser in braces for ${cTypeName(t)}`);
    const named = t.members ?? [];
    let index = 0;
    while (!accept(p, '}')) {
      const at = peek(p);
      let target: Slot;
      if (accept(p, '.')) {
        const name = expectName(p, 'a member');
        const member = findMember(t, name.text);
        if (member === null) fail(p, 'c-no-member', `${cTypeName(t)} has no member ${name.text}.`, name);
        target = { type: member.type, bit: slot.bit + member.bitOffset, bits: member.bits };
        index = named.findIndex((m) => m.name === name.text);
        expect(p, '=');
      } else {
        const member = named[index];
        if (member === undefined || (t.union && index > 0)) fail(p, 'c-range', `More values than ${cTypeName(t)} has members.`, at);
        target = { type: member.type, bit: slot.bit + member.bitOffset, bits: member.bits };
      }
      read(target);
      index++;
      if (!accept(p, ',')) {
        expect(p, '}', '«,» or «}»');
        break;
      }
    }
  }
}

function encode(text: string): number[] {
  // Escapes give single bytes; anything beyond Latin-1 was typed and is UTF-8.
  return [...text].flatMap((c) => (c.codePointAt(0)! < 256 ? [c.codePointAt(0)!] : [...new TextEncoder().encode(c)]));
}

function store(bytes: Uint8Array, slot: Slot, value: bigint): void {
  const width = slot.bits ?? (sizeOf(slot.type) ?? 0) * 8;
  const stored = BigInt.asUintN(width, slot.bits === null ? cast(slot.type, value) : value);
  for (let i = 0; i < width; i++) {
    const at = slot.bit + i;
    const bit = 1 << (at & 7);
    if (((stored >> BigInt(i)) & 1n) === 1n) bytes[at >> 3] |= bit;
    else bytes[at >> 3] &= ~bit;
  }
}
