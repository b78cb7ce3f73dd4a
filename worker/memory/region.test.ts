import { describe, expect, test } from 'vitest';
import { BPF_SPIN_LOCK, type BtfRecord } from '../btf/fields.ts';
import { UNKNOWN, constant, constantS32, truncate, view, withUnsignedRange } from '../domain/scalar.ts';
import {
  CONST_PTR_TO_MAP,
  MEM_RDONLY,
  PTR_MAYBE_NULL,
  PTR_TO_ARENA,
  PTR_TO_CTX,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_PACKET,
  PTR_TO_PACKET_END,
  PTR_TO_SOCKET,
  PTR_UNTRUSTED,
} from '../kernel/types.ts';
import type { Scalar } from '../domain/scalar.ts';
import { UNKNOWN_REG, pointerReg, scalarReg, withScalar, type Reg } from '../state/reg.ts';
import { checkMemAccess, READ, WRITE } from './access.ts';
import { stepAtomic, stepLoad } from './load-store.ts';
import { ROOT, USER, arrayMap, fixture, rejected, type Fixture } from './memory.testkit.ts';

const LDX = [[0x61, 0, 1, 0, 0]] as const;
const load = (f: Fixture, reg: Reg, off: number, size: number, sx = false): Reg => {
  checkMemAccess(f.env, 0, reg, 1, off, size, READ, 0, false, sx);
  return f.env.reg(0);
};
const store = (f: Fixture, reg: Reg, off: number, size: number, from = 2): void =>
  checkMemAccess(f.env, 0, reg, 1, off, size, WRITE, from, false, false);
const at = (reg: Reg, scalar: Scalar): Reg => withScalar(reg, scalar);
const value = (map = arrayMap()): Reg => pointerReg(PTR_TO_MAP_VALUE, 0, map);
const index = (max: number): Scalar => withUnsignedRange(truncate(UNKNOWN, 1), 0, max);

describe('map values', () => {
  test('whole and narrow loads', () => {
    const f = fixture(LDX);
    expect(load(f, value(), 40, 8)).toBe(UNKNOWN_REG);
    expect(view(load(f, value(), 44, 4).scalar).umax).toBe(0xffffffffn);
    expect(view(load(f, value(), 47, 1, true).scalar).smin).toBe(-128n);
  });

  test.each([
    [
      constantS32(0),
      48,
      4,
      'invalid access to map value, value_size=48 off=48 size=4\nR1 min value is outside of the allowed memory range\n',
    ],
    [
      constantS32(45),
      0,
      4,
      'invalid access to map value, value_size=48 off=45 size=4\nR1 min value is outside of the allowed memory range\n',
    ],
    [
      constantS32(-4),
      0,
      4,
      'R1 min value is negative, either use unsigned index or do a if (index >=0) check.\n',
    ],
    [
      index(45),
      0,
      4,
      'invalid access to map value, value_size=48 off=45 size=4\nR1 max value is outside of the allowed memory range\n',
    ],
    [UNKNOWN, 0, 4, 'R1 min value is negative, either use unsigned index or do a if (index >=0) check.\n'],
    [truncate(UNKNOWN, 4), 0, 4, 'R1 unbounded memory access, make sure to bounds check any such access\n'],
  ])('outside: case %#', (scalar, off, size, text) => {
    const f = fixture(LDX);
    expect(rejected(f, () => load(f, at(value(), scalar), off, size))).toEqual({ errno: 13, text });
    expect(f.reports[0].kind).toBe('mem-bounds');
  });

  test('a variable index that stays inside', () => {
    const f = fixture(LDX);
    expect(load(f, at(value(), index(44)), 0, 4).type).toBe(1);
  });

  test('read-only and write-only maps', () => {
    const f = fixture(LDX);
    f.env.setReg(2, UNKNOWN_REG);
    expect(rejected(f, () => store(f, value(arrayMap({ flags: 0x80 })), 4, 4)).text).toBe(
      'write into map forbidden, value_size=48 off=4 size=4\n',
    );
    const g = fixture(LDX);
    expect(rejected(g, () => load(g, value(arrayMap({ flags: 0x100 })), 4, 4)).text).toBe(
      'read from map forbidden, value_size=48 off=4 size=4\n',
    );
  });

  test('constants of a frozen map', () => {
    const f = fixture(LDX);
    const plain = arrayMap({ flags: 0x80, frozen: true });
    const data = Uint8Array.of(1, 2, 3, 0x84, 5, 6, 7, 0x88, ...new Uint8Array(40));
    const map = { ...plain, def: { ...plain.def, data } };
    expect(view(load(f, value(map), 0, 8).scalar).value).toBe(0x8807060584030201n);
    expect(view(load(f, value(map), 0, 4).scalar).value).toBe(0x84030201n);
    expect(view(load(f, value(map), 3, 1, true).scalar).smin).toBe(-0x7cn);
    expect(load(f, value({ ...map, frozen: false }), 0, 8)).toBe(UNKNOWN_REG);
  });

  test('special fields are out of reach', () => {
    const record = {
      fields: [{ kind: BPF_SPIN_LOCK, offset: 4, size: 4, kptr: null, graphRoot: null }],
    } as unknown as BtfRecord;
    const f = fixture(LDX);
    const map = arrayMap({ record });
    load(f, value(map), 0, 4);
    load(f, value(map), 8, 4);
    expect(rejected(f, () => load(f, value(map), 0, 8)).text).toBe(
      'bpf_spin_lock cannot be accessed directly by load/store\n',
    );
  });

  test('users may not store addresses', () => {
    const f = fixture(LDX, USER);
    f.env.setReg(2, pointerReg(PTR_TO_CTX));
    expect(rejected(f, () => store(f, value(), 0, 8)).text).toBe('R2 leaks addr into map\n');
    const g = fixture(LDX);
    g.env.setReg(2, pointerReg(PTR_TO_CTX));
    store(g, value(), 0, 8);
  });
});

describe('packets', () => {
  const packet = (range: number): Reg => pointerReg(PTR_TO_PACKET, range);
  test('only what was compared with the end is there', () => {
    const f = fixture(LDX, ROOT, 3);
    load(f, packet(14), 12, 2);
    expect(rejected(f, () => load(f, packet(14), 12, 4)).text).toBe(
      'invalid access to packet, off=12 size=4, R1(id=0,off=12,r=14)\nR1 min value is outside of the allowed memory range\n',
    );
  });
  test('beyond the end', () => {
    const f = fixture(LDX, ROOT, 3);
    expect(rejected(f, () => load(f, packet(-1), 0, 1))).toEqual({
      errno: 22,
      text: 'R1 offset is outside of the packet\n',
    });
  });
  test('socket filters read no packets directly, cgroup skbs do not write', () => {
    const f = fixture(LDX, ROOT, 8);
    f.env.setReg(2, UNKNOWN_REG);
    load(f, packet(8), 0, 8);
    expect(rejected(f, () => store(f, packet(8), 0, 8)).text).toBe('cannot write into packet\n');
  });
  test('strict alignment counts the two bytes before the packet', () => {
    const f = fixture(LDX, ROOT, 3, 1);
    load(f, packet(14), 2, 4);
    expect(rejected(f, () => load(f, packet(14), 0, 4)).text).toBe(
      'misaligned packet access off 2+0+0 size 4\n',
    );
  });
});

describe('other memory', () => {
  test.each([
    [
      pointerReg(PTR_TO_MAP_VALUE | PTR_MAYBE_NULL, 0, arrayMap(), 1),
      "R1 invalid mem access 'map_value_or_null'\n",
    ],
    [scalarReg(constant(7, 0)), "R1 invalid mem access 'scalar'\n"],
    [pointerReg(PTR_TO_PACKET_END), "R1 invalid mem access 'pkt_end'\n"],
    [pointerReg(PTR_TO_MEM | PTR_MAYBE_NULL, 8, null, 1), "R1 invalid mem access 'mem_or_null'\n"],
  ])('not to be dereferenced: case %#', (reg, text) => {
    const f = fixture(LDX);
    expect(rejected(f, () => load(f, reg, 0, 4))).toEqual({ errno: 13, text });
    expect(f.reports[0].kind).toBe('invalid-deref');
  });

  test('memory regions', () => {
    const f = fixture(LDX);
    f.env.setReg(2, UNKNOWN_REG);
    store(f, pointerReg(PTR_TO_MEM, 16), 8, 8);
    expect(rejected(f, () => store(f, pointerReg(PTR_TO_MEM, 16), 9, 8)).text).toBe(
      'invalid access to memory, mem_size=16 off=9 size=8\nR1 min value is outside of the allowed memory range\n',
    );
    const g = fixture(LDX);
    expect(rejected(g, () => store(g, pointerReg(PTR_TO_MEM | MEM_RDONLY, 16), 0, 8)).text).toBe(
      'R1 cannot write into rdonly_mem\n',
    );
    // read with caught faults: no bounds
    load(g, pointerReg(PTR_TO_MEM | MEM_RDONLY | PTR_UNTRUSTED, 0), 4096, 8);
  });

  test('map keys are read-only', () => {
    const f = fixture(LDX);
    const key = pointerReg(PTR_TO_MAP_KEY, 0, arrayMap());
    load(f, key, 0, 4);
    expect(rejected(f, () => store(f, key, 0, 4)).text).toBe('write to change key R1 not allowed\n');
    const g = fixture(LDX);
    expect(rejected(g, () => load(g, key, 4, 1)).text).toContain(
      'invalid access to map key, key_size=4 off=4 size=1\n',
    );
  });

  test('sockets', () => {
    const f = fixture(LDX);
    load(f, pointerReg(PTR_TO_SOCKET), 4, 4);
    expect(rejected(f, () => load(f, pointerReg(PTR_TO_SOCKET), 80, 4)).text).toBe(
      'R1 invalid sock access off=80 size=4\n',
    );
    const g = fixture(LDX);
    expect(rejected(g, () => store(g, pointerReg(PTR_TO_SOCKET), 4, 4, -1)).text).toBe(
      'R1 cannot write into sock\n',
    );
  });

  test('the ctx of a socket filter', () => {
    const f = fixture(LDX);
    const ctx = pointerReg(PTR_TO_CTX);
    load(f, ctx, 0, 4);
    expect(rejected(f, () => load(f, ctx, 76, 4))).toEqual({
      errno: 13,
      text: 'invalid bpf_context access off=76 size=4\n',
    });
    const g = fixture(LDX);
    expect(rejected(g, () => load(g, at(ctx, constantS32(4)), 0, 4)).text).toBe(
      'dereference of modified ctx ptr R1 off=4 disallowed\n',
    );
    const h = fixture(LDX);
    expect(rejected(h, () => load(h, at(ctx, index(4)), 0, 4)).text).toBe(
      'variable ctx access var_off=(0x0; 0x7) disallowed\n',
    );
  });

  test('maps themselves are closed to users', () => {
    const f = fixture(LDX, USER);
    expect(rejected(f, () => load(f, pointerReg(CONST_PTR_TO_MAP, 0, arrayMap()), 0, 4))).toEqual({
      errno: 1,
      text: "'struct bpf_array' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN\n",
    });
  });
});

describe('instructions', () => {
  test('one instruction, one kind of rewritten pointer', () => {
    const f = fixture(LDX);
    f.env.setReg(1, pointerReg(PTR_TO_CTX));
    stepLoad(f.env, 0);
    f.env.setReg(1, value());
    expect(rejected(f, () => stepLoad(f.env, 0))).toEqual({
      errno: 22,
      text: 'same insn cannot be used with different pointers\n',
    });
    const g = fixture(LDX);
    g.env.setReg(1, value());
    stepLoad(g.env, 0);
    g.env.setReg(1, pointerReg(PTR_TO_MEM, 16));
    stepLoad(g.env, 0);
  });

  test('atomics', () => {
    // r1 += atomically at map value; fetch into the pointer itself; a bad operation; an arena
    const add = [[0xdb, 1, 2, 0, 0]] as const;
    const f = fixture(add);
    f.env.setReg(1, value());
    f.env.setReg(2, UNKNOWN_REG);
    stepAtomic(f.env, 0);
    const self = fixture([[0xdb, 1, 1, 0, 1]]);
    self.env.setReg(1, value());
    expect(rejected(self, () => stepAtomic(self.env, 0)).text).toBe(
      'misaligned access off (0x0; 0xffffffffffffffff)+0 size 8\n',
    );
    const odd = fixture([[0xdb, 1, 2, 0, 0x123]]);
    expect(rejected(odd, () => stepAtomic(odd.env, 0)).text).toBe(
      'BPF_ATOMIC uses invalid atomic opcode 123\n',
    );
    const ctx = fixture(add);
    ctx.env.setReg(1, pointerReg(PTR_TO_CTX));
    ctx.env.setReg(2, UNKNOWN_REG);
    expect(rejected(ctx, () => stepAtomic(ctx.env, 0)).text).toBe(
      'BPF_ATOMIC stores into R1 ctx is not allowed\n',
    );
    for (const [imm, ok] of [
      [0x01, true],
      [0x51, false],
    ] as const) {
      const arena = fixture([[0xdb, 1, 2, 0, imm]]);
      arena.env.setReg(1, pointerReg(PTR_TO_ARENA));
      arena.env.setReg(2, UNKNOWN_REG);
      if (ok) stepAtomic(arena.env, 0);
      else
        expect(rejected(arena, () => stepAtomic(arena.env, 0)).text).toBe(
          'BPF_ATOMIC stores into R1 arena is not allowed\n',
        );
    }
  });
});
