import { describe, expect, test } from 'vitest';
import { constant, constantS32, truncate, UNKNOWN, view, withUnsignedRange } from '../domain/scalar.ts';
import {
  ARG_PTR_TO_DYNPTR,
  BPF_DYNPTR_TYPE_LOCAL,
  DYNPTR_TYPE_LOCAL,
  PTR_TO_CTX,
  PTR_TO_STACK,
  SCALAR_VALUE,
} from '../kernel/types.ts';
import { UNKNOWN_REG, pointerReg, scalarReg, withScalar } from '../state/reg.ts';
import { STACK_MISC, STACK_SPILL, STACK_ZERO, byteType } from '../state/slot.ts';
import { checkMemAccess, READ, WRITE } from './access.ts';
import { ROOT, USER, fixture, rejected, type Fixture, type RawInsn } from './memory.testkit.ts';
import {
  isDynptrRegValidInit,
  isDynptrRegValidUninit,
  markStackSlotsDynptr,
} from './stack-objects/dynptr.ts';
import { RefObj } from '../state/call-meta.ts';

// *(u64 *)(r10 - 8) = r1, and a store of the immediate 5
const STX: RawInsn = [0x7b, 10, 1, -8, 0];
const ST5: RawInsn = [0x7a, 10, 0, -8, 5];
const ST0: RawInsn = [0x72, 10, 0, -8, 0];

const write = (f: Fixture, off: number, size: number, from: number): void =>
  checkMemAccess(f.env, 0, f.env.reg(10), 10, off, size, WRITE, from, false, false);
const read = (f: Fixture, off: number, size: number, to: number, sx = false): void =>
  checkMemAccess(f.env, 0, f.env.reg(10), 10, off, size, READ, to, false, sx);
const slot = (f: Fixture, spi: number) => f.env.frame().stack[spi];

describe('spills', () => {
  test('a spilled scalar and its register share an identity, and so does the fill', () => {
    const f = fixture([STX]);
    f.env.setReg(1, UNKNOWN_REG);
    write(f, -8, 8, 1);
    expect(slot(f, 0).reg.id).toBe(1);
    expect(f.env.reg(1)).toBe(slot(f, 0).reg);
    read(f, -8, 8, 2);
    expect(f.env.reg(2)).toBe(slot(f, 0).reg);
    expect(f.env.facts.subprogs[0].stackDepth).toBe(8);
  });

  test('constants get no identity', () => {
    const f = fixture([STX]);
    f.env.setReg(1, scalarReg(constantS32(7)));
    write(f, -8, 8, 1);
    expect(slot(f, 0).reg.id).toBe(0);
  });

  test('a narrowing spill keeps no identity, a fitting one does; other bytes are misc unless zero', () => {
    const f = fixture([STX]);
    f.env.setReg(1, UNKNOWN_REG);
    write(f, -8, 4, 1);
    expect(slot(f, 0).reg.id).toBe(0);
    expect([0, 3, 4, 7].map((i) => byteType(slot(f, 0).types, i))).toEqual([0, 0, STACK_SPILL, STACK_SPILL]);
    const g = fixture([STX]);
    g.env.setReg(1, scalarReg(truncate(UNKNOWN, 4)));
    write(g, -8, 4, 1);
    expect(slot(g, 0).reg.id).toBe(1);
  });

  test('a store of an immediate is a spilled constant for those who may track it', () => {
    const f = fixture([ST5]);
    write(f, -8, 8, -1);
    expect(view(slot(f, 0).reg.scalar).value).toBe(5n);
    const g = fixture([ST5], USER);
    write(g, -8, 8, -1);
    expect(byteType(slot(g, 0).types, 0)).toBe(STACK_MISC);
  });

  test('zeros that do not fill a slot from its start are zero bytes', () => {
    const f = fixture([ST0]);
    write(f, -3, 1, -1);
    expect(byteType(slot(f, 0).types, 2)).toBe(STACK_ZERO);
    read(f, -3, 1, 1);
    expect(view(f.env.reg(1).scalar).umax).toBe(0n);
  });

  test('a narrow fill of a wide constant cuts it', () => {
    const f = fixture([STX]);
    f.env.setReg(1, scalarReg(constant(0x11223344, 0x55667788)));
    write(f, -8, 8, 1);
    read(f, -8, 4, 2);
    expect(view(f.env.reg(2).scalar).value).toBe(0x11223344n);
    read(f, -8, 1, 3, true);
    expect(view(f.env.reg(3).scalar).smin).toBe(0x44n);
    // not at the start of the slot: not a fill
    read(f, -4, 4, 4);
    expect(f.env.reg(4).type).toBe(SCALAR_VALUE);
    expect(view(f.env.reg(4).scalar).umax).toBe(0xffffffffn);
  });

  test('pointers are spilled whole or not at all', () => {
    const f = fixture([STX]);
    f.env.setReg(1, pointerReg(PTR_TO_CTX));
    write(f, -8, 8, 1);
    read(f, -8, 8, 2);
    expect(f.env.reg(2).type).toBe(PTR_TO_CTX);
    expect(rejected(f, () => write(f, -8, 4, 1)).text).toBe('invalid size of register spill\n');
    const g = fixture([STX]);
    g.env.setReg(1, pointerReg(PTR_TO_CTX));
    write(g, -8, 8, 1);
    expect(rejected(g, () => read(g, -8, 4, 2))).toEqual({
      errno: 13,
      text: 'invalid size of register fill\n',
    });
  });

  test('users cannot corrupt a spilled pointer, root overwrites it', () => {
    const user = fixture([STX], USER);
    user.env.setReg(1, pointerReg(PTR_TO_CTX));
    user.env.setReg(2, UNKNOWN_REG);
    write(user, -8, 8, 1);
    expect(rejected(user, () => write(user, -8, 1, 2)).text).toBe(
      'attempt to corrupt spilled pointer on stack\n',
    );
    const root = fixture([STX]);
    root.env.setReg(1, pointerReg(PTR_TO_CTX));
    root.env.setReg(2, UNKNOWN_REG);
    write(root, -8, 8, 1);
    write(root, -4, 1, 2);
    expect(byteType(slot(root, 0).types, 7)).toBe(STACK_MISC);
  });
});

describe('bounds and initialisation', () => {
  test('what was never written may be read by root only', () => {
    const root = fixture([STX]);
    read(root, -8, 8, 1);
    expect(root.env.reg(1)).toBe(UNKNOWN_REG);
    const user = fixture([STX], USER);
    expect(rejected(user, () => read(user, -8, 8, 1))).toEqual({
      errno: 13,
      text: 'invalid read from stack R10 off=-8 size=8\n',
    });
    const partly = fixture([STX], USER);
    partly.env.setReg(1, UNKNOWN_REG);
    write(partly, -4, 4, 1);
    expect(rejected(partly, () => read(partly, -8, 8, 1)).text).toBe(
      'invalid read from stack off -8+0 size 8\n',
    );
  });

  test.each([
    [-520, 8, 'invalid write to stack R10 off=-520 size=8\n', 13],
    [0, 8, 'invalid write to stack R10 off=0 size=8\n', 13],
  ])('a write at %i of %i bytes is outside', (off, size, text, errno) => {
    const f = fixture([STX]);
    f.env.setReg(1, UNKNOWN_REG);
    expect(rejected(f, () => write(f, off, size, 1))).toEqual({ errno, text });
  });

  test('the deepest slot is 512 bytes down', () => {
    const f = fixture([STX]);
    f.env.setReg(1, UNKNOWN_REG);
    write(f, -512, 8, 1);
    expect(f.env.frame().stack.length).toBe(64);
  });

  test('stack accesses are aligned', () => {
    const f = fixture([STX]);
    f.env.setReg(1, UNKNOWN_REG);
    expect(rejected(f, () => write(f, -9, 8, 1))).toEqual({
      errno: 13,
      text: 'misaligned stack access off 0+-9 size 8\n',
    });
  });

  test('a variable place within a range', () => {
    const f = fixture([STX]);
    f.env.setReg(1, UNKNOWN_REG);
    const index = withUnsignedRange(truncate(UNKNOWN, 1), 0, 7);
    // fp plus 0..7, minus 16: bytes of two slots
    f.env.setReg(2, withScalar(pointerReg(PTR_TO_STACK), index));
    write(f, -8, 8, 1);
    write(f, -16, 8, 1);
    checkMemAccess(f.env, 0, f.env.reg(2), 2, -16, 1, WRITE, 1, false, false);
    expect(byteType(slot(f, 1).types, 7)).toBe(STACK_MISC);
    expect(byteType(slot(f, 0).types, 7)).toBe(STACK_SPILL);
    checkMemAccess(f.env, 0, f.env.reg(2), 2, -16, 1, READ, 3, false, false);
    expect(view(f.env.reg(3).scalar).umax).toBe(255n);
    expect(
      rejected(f, () => checkMemAccess(f.env, 0, f.env.reg(2), 2, -4, 1, WRITE, 1, false, false)),
    ).toEqual({
      errno: 22,
      text: 'invalid variable-offset write to stack R2 var_off=(0x0; 0x7) off=-4 size=1\n',
    });
  });
});

describe('speculation', () => {
  test('users pay with a barrier for overwriting what is not plain data', () => {
    const f = fixture([STX], { ...ROOT, bypassSpecV4: false });
    f.env.setReg(1, UNKNOWN_REG);
    write(f, -8, 8, 1);
    expect(f.env.facts.flags[0]).not.toBe(0);
    const g = fixture([STX]);
    g.env.setReg(1, UNKNOWN_REG);
    write(g, -8, 8, 1);
    expect(g.env.facts.flags[0]).toBe(0);
  });
});

describe('dynptrs', () => {
  const type = ARG_PTR_TO_DYNPTR | DYNPTR_TYPE_LOCAL;
  test('take two slots and end when one is overwritten', () => {
    const f = fixture([STX]);
    f.env.setReg(1, UNKNOWN_REG);
    const at = withScalar(pointerReg(PTR_TO_STACK), constantS32(-16));
    write(f, -8, 8, 1);
    write(f, -16, 8, 1);
    expect(isDynptrRegValidInit(f.env, at)).toBe(false);
    expect(isDynptrRegValidUninit(f.env, at)).toBe(true);
    markStackSlotsDynptr(f.env, at, type, 0, new RefObj(), null);
    expect(isDynptrRegValidInit(f.env, at)).toBe(true);
    expect(slot(f, 1).reg.num & 0xff).toBe(BPF_DYNPTR_TYPE_LOCAL);
    write(f, -8, 8, 1);
    expect(isDynptrRegValidInit(f.env, at)).toBe(false);
    expect(slot(f, 1).types).toBe(0);
  });

  test('must lie at a known place with room for both slots', () => {
    const f = fixture([STX]);
    const at = (off: number) => withScalar(pointerReg(PTR_TO_STACK), constantS32(off));
    expect(isDynptrRegValidUninit(f.env, at(-8))).toBe(false);
    expect(isDynptrRegValidUninit(f.env, at(-12))).toBe(false);
    expect(isDynptrRegValidUninit(f.env, at(-16))).toBe(true);
    expect(f.log.join('')).toBe(
      'cannot pass in dynptr at an offset=-8\ncannot pass in dynptr at an offset=-12\n',
    );
  });
});
