import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toInsns } from '../../isa/encode.ts';
import { starts } from '../../isa/flow.ts';
import { Insns } from '../../isa/insns.ts';
import { printKernel } from '../../isa/kernel-print.ts';
import * as op from '../../isa/opcodes.ts';
import { OPCODES } from '../../isa/table.ts';
import { fromHex, legalInsn, legalInsns, toHex } from '../../isa/testing.ts';
import { assemble } from '../assemble.ts';
import { disassemble } from '../disassemble.ts';
import { printHex } from '../hex.ts';
import { printMacros } from '../print-macros.ts';
import { convert, recognise } from './convert.ts';
import type { Converted, ConvertContext } from './dialect.ts';

const HELPERS: Record<string, number> = { bpf_map_lookup_elem: 1, bpf_ktime_get_ns: 5, bpf_tail_call: 12 };
const context: ConvertContext = { helperId: (name) => HELPERS[name] ?? null };
const asm = (text: string): string => {
  const { insns, errors } = assemble(text);
  expect(errors).toEqual([]);
  return toHex(insns);
};
const read = (text: string): Converted => {
  const result = convert(text, context);
  expect(result).not.toBeNull();
  expect(result!.errors).toEqual([]);
  return result!;
};

describe('verifier logs', () => {
  test('of 7.3, level 2', () => {
    const log = `func#0 @0
func#1 @9
subprog#0 main_prog:
  0: (b7) r1 = 0
  4: (18) r1 = 0xff11000100888000
0: R1=ctx() R10=fp0
; asm volatile (" @ a.c:26
0: (b7) r1 = 0                        ; R1=0
1: (63) *(u32 *)(r10 -4) = r1
mark_precise: frame0: regs=r1 stack= before 0: (b7) r1 = 0
2: R1=0 R10=fp0 fp-8=0000????
2: (bf) r2 = r10                      ; R2=fp0 R10=fp0
3: (07) r2 += -4                      ; R2=fp-4
4: (18) r1 = 0xff11000100888000       ; R1=map_ptr(map=map_spin_lock,ks=4,vs=8)
6: (85) call bpf_map_lookup_elem#1    ; R0=map_value(id=1,map=map_spin_lock,ks=4,vs=8)
7: (85) call pc+1
8: (95) exit
9: (15) if r0 == 0x80000000 goto pc+1 11: R0=0 R10=fp0
11: (85) call bpf_task_acquire#64214  ; R0=trusted_ptr_or_null_task_struct(id=2)
12: (95) exit
processed 10 insns (limit 1000000) max_states_per_insn 0 total_states 2 peak_states 2 mark_read 0
`;
    expect(recognise(log)).toEqual({ dialect: 'verifier-log', confidence: 0.99 });
    const c = read(log);
    expect(toHex(c.insns)).toBe(
      asm(`r1 = 0; *(u32 *)(r10 - 4) = r1; r2 = r10; r2 += -4
ld_pseudo r1, 1, 0
call 1; call pc+1; exit; if r0 == 0x80000000 goto +1; goto +0; call kernel-function#0; exit`),
    );
    expect([...c.refs]).toEqual([
      [4, { kind: 'map', name: 'map_spin_lock', keySize: 4, valueSize: 8 }],
      [6, { kind: 'helper', name: 'bpf_map_lookup_elem', id: 1 }],
      [11, { kind: 'kfunc', name: 'bpf_task_acquire', id: 64214 }],
    ]);
    expect([...c.labels]).toEqual([
      ['main_prog', 0],
      ['func_9', 9],
    ]);
    expect(c.notes.map((n) => n.id)).toEqual(['missing-instructions']);
  });

  test('of old kernels', () => {
    const log = `0: (bf) r6 = r1
1: (b4) (u32) r1 = (u32) 5
2: (bc) (u32) r2 = (u32) r1
3: (18) r1 = 0xffff8f2f9c3b0000
5: R1_w=map_ptr(id=0,off=0,ks=4,vs=16,imm=0) R6_w=ctx(id=0,off=0,imm=0) R10=fp0
5: (85) call bpf_map_lookup_elem#1
6: (15) if r0 == 0x0 goto pc+1
 R0=map_value(id=0,off=0,ks=4,vs=16,imm=0) R10=fp0
7: (79) r1 = *(u64 *)(r0 +16)
invalid access to map value, value_size=16 off=16 size=8

from 6 to 8: R0=inv0 R10=fp0
8: (95) exit
`;
    const c = read(log);
    expect(toHex(c.insns)).toBe(
      asm(
        'r6 = r1; w1 = 5; w2 = w1; ld_pseudo r1, 1, 0; call 1; if r0 == 0 goto +1; r1 = *(u64 *)(r0 + 16); exit',
      ),
    );
    expect(c.refs.get(3)).toEqual({ kind: 'map', name: null, keySize: 4, valueSize: 16 });
  });

  test('cut off at the end, an exit is added', () => {
    const c = read('0: (79) r1 = *(u64 *)(r1 +0)\n1: (71) r0 = *(u8 *)(r1 +0)\nR1 invalid mem access');
    expect(toHex(c.insns)).toBe(asm('r1 = *(u64 *)(r1 + 0); r0 = *(u8 *)(r1 + 0); exit'));
  });

  test('the last of several logs is taken', () => {
    const c = read(
      '0: (b7) r0 = 1\n1: (95) exit\nprocessed 2 insns\n0: (b7) r0 = 2\n1: (95) exit\nprocessed 2 insns',
    );
    expect(toHex(c.insns)).toBe(asm('r0 = 2; exit'));
    expect(c.notes.map((n) => n.id)).toEqual(['several-logs']);
  });

  test('a text that contradicts its opcode is an error', () => {
    expect(convert('0: (b4) r0 = 1\n1: (95) exit')!.errors.map((e) => [e.line, e.id])).toEqual([
      [1, 'opcode-mismatch'],
    ]);
  });

  test('any legal program comes back from its listing', () => {
    fc.assert(
      fc.property(legalInsns, (insns) => {
        for (let i = 0; i < insns.length; i++) {
          // Pseudo kinds and module indices are not in the text, jumps out of the program would lengthen it.
          const shape = OPCODES.find((r) => r.code === insns.code[i])?.shape;
          if (insns.code[i] === op.OP_LD_IMM64) insns.set(i++, op.OP_LD_IMM64, insns.dst[i - 1], 0, 0, 1);
          else if (shape === 'call') insns.set(i, op.OP_CALL, 0, 0, 0, 5);
          else if (shape === 'gotol') insns.imm[i] = 0;
          else if (shape === 'ja' || shape === 'jump' || shape === 'may_goto') insns.off[i] = -1;
        }
        for (let i = 0; i < insns.length; i++) if (insns.code[i] === op.OP_LD_IMM64) insns.imm[++i] = 7;
        const all = new Insns(insns.length + 1);
        for (let i = 0; i < insns.length; i++)
          all.set(i, insns.code[i], insns.dst[i], insns.src[i], insns.off[i], insns.imm[i]);
        all.set(insns.length, op.OP_EXIT, 0, 0, 0, 0);
        const listing = [...starts(all)]
          .map((i) => `${i}: ${printKernel(all, i, { helper: () => 'bpf_ktime_get_ns' })} ; R1=5`)
          .join('\n');
        expect(toHex(read(listing).insns)).toBe(toHex(all));
      }),
      { numRuns: 300 },
    );
  });
});

describe('bpftool', () => {
  test('xlated, with opcodes', () => {
    const text = `int main(struct __sk_buff * skb):
; int x = 5;
   0: (18) r1 = map[id:12]
       18 11 00 00 0c 00 00 00 00 00 00 00 00 00 00 00
   2: (18) r2 = map[id:13][0]+8
       18 22 00 00 0d 00 00 00 00 00 00 00 08 00 00 00
   4: (85) call bpf_map_lookup_elem#173408
       85 00 00 00 60 a5 02 00
   5: (85) call pc+1#bpf_prog_1234_f
       85 10 00 00 01 00 00 00
   6: (95) exit
       95 00 00 00 00 00 00 00
   7: (95) exit
       95 00 00 00 00 00 00 00
`;
    expect(recognise(text)?.dialect).toBe('xlated');
    const c = read(text);
    expect(toHex(c.insns)).toBe(
      asm('ld_pseudo r1, 1, 0; ld_pseudo r2, 2, 8 << 32; call 1; call pc+1; exit; exit'),
    );
    expect(c.refs.get(0)).toEqual({ kind: 'map', name: 'map_12', keySize: null, valueSize: null });
    expect(c.notes[0].id).toBe('rewritten');
  });
});

describe('llvm-objdump', () => {
  const text = `
a.o:	file format elf64-bpf

Disassembly of section .text:

0000000000000000 <sub>:
       0:	b7 00 00 00 01 00 00 00	r0 = 0x1
       1:	95 00 00 00 00 00 00 00	exit

Disassembly of section tc:

0000000000000000 <main>:
       0:	18 01 00 00 00 00 00 00 00 00 00 00 00 00 00 00	r1 = 0x0 ll
		0000000000000000:  R_BPF_64_64	counts
       2:	85 10 00 00 ff ff ff ff	call -0x1
		0000000000000010:  R_BPF_64_32	bpf_task_acquire
       3:	15 01 02 00 00 00 00 00	if r1 == 0x0 goto +0x2 <LBB0_2>
       4:	85 10 00 00 ff ff ff ff	call -0x1
		0000000000000020:  R_BPF_64_32	sub
       5:	85 10 00 00 ff ff ff ff	call -0x1
		0000000000000028:  R_BPF_64_32	.text

0000000000000030 <LBB0_2>:
       6:	95 00 00 00 00 00 00 00	exit
`;
  test('with bytes and relocations', () => {
    expect(recognise(text)?.dialect).toBe('objdump');
    const c = read(text);
    expect(toHex(c.insns)).toBe(
      asm(
        'ld_pseudo r1, 1, 0; call kernel-function#0; if r1 == 0 goto +2; call pc+2; call pc+1; exit; r0 = 1; exit',
      ),
    );
    expect([...c.labels]).toEqual([
      ['main', 0],
      ['sub', 7],
    ]);
    expect(c.refs.get(2)).toEqual({ kind: 'kfunc', name: 'bpf_task_acquire', id: null });
    expect(c.refs.get(4)).toEqual({ kind: 'subprog', name: 'sub', slot: 7 });
    expect(c.refs.get(0)).toEqual({ kind: 'symbol', name: 'counts', use: 'address' });
  });
  test('without bytes', () => {
    const c = read(
      'a.o:\tfile format elf64-bpf\nDisassembly of section tc:\n0000000000000000 <main>:\n       0:\tr1 = *(u64 *)(r1 + 0x8)\n       1:\tif r1 == 0x0 goto +0x1 <main+0x18>\n       2:\tr0 = 0x1\n       3:\texit\n',
    );
    expect(toHex(c.insns)).toBe(asm('r1 = *(u64 *)(r1 + 8); if r1 == 0 goto +1; r0 = 1; exit'));
  });
});

describe('hex', () => {
  const want = 'b7010000050000009500000000000000';
  test.each([
    ['digits', want],
    ['slots', 'b701000005000000\n9500000000000000'],
    ['bytes', 'b7 01 00 00 05 00 00 00\n95 00 00 00 00 00 00 00\n'],
    ['escapes', '"\\xb7\\x01\\x00\\x00\\x05\\x00\\x00\\x00"\n"\\x95\\x00\\x00\\x00\\x00\\x00\\x00\\x00"'],
    [
      'C array',
      'static const unsigned char prog[] = {\n  0xb7, 0x01, 0x00, 0x00, 0x05, 0x00, 0x00, 0x00, /* mov */\n  0x95, 0, 0, 0, 0, 0, 0, 0 };\nunsigned int prog_len = 16;',
    ],
    ['words', '{ 0x00000005000001b7, 0x0000000000000095 }'],
    ['xxd', '00000000: b701 0000 0500 0000 9500 0000 0000 0000  ................'],
    [
      'hexdump -C',
      '00000000  b7 01 00 00 05 00 00 00  95 00 00 00 00 00 00 00  |................|\n00000010',
    ],
    ['od', '0000000 b7 01 00 00 05 00 00 00 95 00 00 00 00 00 00 00\n0000020'],
  ])('%s', (_name, text) => {
    expect(recognise(text)?.dialect).toBe('hex');
    expect(toHex(read(text).insns)).toBe(want);
  });
  test('what our own printer writes', () => {
    fc.assert(
      fc.property(
        legalInsns,
        fc.constantFrom('bytes' as const, 'c-array' as const, 'xxd' as const),
        (insns, style) => {
          const last = insns.code[insns.length - 1] === op.OP_LD_IMM64;
          if (!last) expect(toHex(convert(printHex(insns, style), {}, 'hex')!.insns)).toBe(toHex(insns));
        },
      ),
      { numRuns: 300 },
    );
  });
  test('a part of an instruction is an error', () => {
    expect(convert('b7 01 00 00 05 00 00 00 95 00', {}, 'hex')!.errors.map((e) => e.id)).toEqual([
      'odd-length',
    ]);
    expect(convert('18 01 00 00 05 00 00 00', {}, 'hex')!.errors.map((e) => e.id)).toEqual([
      'half-wide-load',
    ]);
  });
});

describe('C macros', () => {
  test('as in the kernel tests', () => {
    const text = `{
	"a test",
	.insns = {
	BPF_MOV64_REG(BPF_REG_2, BPF_REG_10), /* fp */
	BPF_ALU64_IMM(BPF_ADD, BPF_REG_2, -8), // below
	BPF_ST_MEM(BPF_DW, BPF_REG_2, 0, sizeof(int) * 2),
	BPF_LD_MAP_FD(BPF_REG_1, 0),
	BPF_RAW_INSN(BPF_JMP | BPF_CALL, 0, 0, 0,
		     BPF_FUNC_map_lookup_elem),
	BPF_EMIT_CALL(BPF_FUNC_ktime_get_ns),
	BPF_JMP_IMM(BPF_JEQ, BPF_REG_0, 0, 1),
	BPF_ATOMIC_OP(BPF_W, BPF_ADD | BPF_FETCH, BPF_REG_0, BPF_REG_1, (4)),
	BPF_LD_IMM64(BPF_REG_3, ~0ULL),
	BPF_JMP32_REG(BPF_JSGT, BPF_REG_0, BPF_REG_1, -1),
	BPF_EXIT_INSN(),
	},
	.fixup_map_hash_8b = { 3 },
},`;
    expect(recognise(text)?.dialect).toBe('macros');
    const c = read(text);
    expect(toHex(c.insns)).toBe(
      asm(`r2 = r10; r2 += -8; *(u64 *)(r2 + 0) = 8; ld_pseudo r1, 1, 0; call 1; call 5; if r0 == 0 goto +1
w1 = atomic_fetch_add((u32 *)(r0 + 4), w1); r3 = -1 ll; if w0 s> w1 goto -1; exit`),
    );
    expect(c.refs.get(3)?.kind).toBe('map');
    expect(c.refs.get(6)).toEqual({ kind: 'helper', name: 'bpf_ktime_get_ns', id: 5 });
  });
  test('what our own printer writes comes back', () => {
    fc.assert(
      fc.property(legalInsn, (slots) => {
        const insns = toInsns(slots);
        expect(toHex(read(printMacros(insns)).insns)).toBe(toHex(insns));
      }),
      { numRuns: 1500 },
    );
  });
  test('unknown macros and constants are errors with a place', () => {
    const c = convert(
      'BPF_MOV64_IMM(BPF_REG_0, 0),\n  BPF_MOV64_IMM(BPF_REG_1, SOME_FLAG),\nBPF_FROB(1),\nBPF_MOV64_IMM(BPF_REG_1, 1ULL << 40),\nBPF_EXIT_INSN(1)',
    )!;
    expect(c.errors.map((e) => [e.line, e.col, e.id])).toEqual([
      [2, 28, 'macro-argument'],
      [3, 1, 'unknown-macro'],
      [4, 26, 'macro-range'],
      [5, 1, 'macro-arguments'],
    ]);
  });
});

describe('mnemonics', () => {
  test('of the conformance suite and uBPF', () => {
    const text = `# comment
-- asm
mov32 %r0, 0
lddw %r1, 0x1122334455667788
add %r1, 8        # add
sdiv32 %r1, -3
movsx832 %r2, %r1
be16 %r2
swap32 %r2
neg32 %r2
ldxdw %r3, [%r1+8]
ldxsb %r3, [%r1-8]
stxw [%r10-4], %r3
stb [%r10], 7
lock fetch add [%r10-8], %r3
lock xor32 [%r10-8], %r3
lock cmpxchg [%r10-8], %r3
jsgt32 %r3, -4, out
jeq %r3, %r1, +1
call local f
call 5
out: exit
f: ja +0
exit
-- result
0x0
`;
    expect(recognise(text)?.dialect).toBe('mnemonic');
    expect(toHex(read(text).insns)).toBe(
      asm(`w0 = 0; r1 = 0x1122334455667788 ll; r1 += 8; w1 s/= -3; w2 = (s8)w1; r2 = be16 r2; r2 = bswap32 r2; w2 = -w2
r3 = *(u64 *)(r1 + 8); r3 = *(s8 *)(r1 - 8); *(u32 *)(r10 - 4) = r3; *(u8 *)(r10 + 0) = 7
r3 = atomic_fetch_add((u64 *)(r10 - 8), r3); lock *(u32 *)(r10 - 8) ^= w3; r0 = cmpxchg_64(r10 - 8, r0, r3)
if w3 s> -4 goto out; if r3 == r1 goto +1; call f; call 5
out: exit
f: goto +0
exit`),
    );
  });
  test('of rbpf', () =>
    expect(toHex(read('mov r0, 5\nldxb r1, [r1+4]\njne r1, 0x10, +1\nadd64 r0, 1\nexit').insns)).toBe(
      asm('r0 = 5; r1 = *(u8 *)(r1 + 4); if r1 != 16 goto +1; r0 += 1; exit'),
    ));
  test('errors name the line', () =>
    expect(convert('mov r0, 5\nmov r0\nfrob r1, 2\nexit')!.errors.map((e) => e.line)).toEqual([2, 3]));
});

test('PREVAIL', () => {
  const text = `r1 = map_fd 3
r2 = map_val(4) + 8
lock *(u64 *)(r10 - 8) += r1 fetch
lock *(u32 *)(r10 - 8) x= r1
lock *(u64 *)(r10 - 8) cx= r1
r1 s8= r2
r2 = swap16 r2
if r1 &== r2 goto <out>
assume r1 != 0
call_btf 42
<out>:
exit`;
  expect(recognise(text)?.dialect).toBe('prevail');
  expect(toHex(read(text).insns)).toBe(
    asm(`ld_pseudo r1, 1, 3; ld_pseudo r2, 2, (8 << 32) | 4; r1 = atomic_fetch_add((u64 *)(r10 - 8), r1); w1 = xchg32_32(r10 - 8, w1); r0 = cmpxchg_64(r10 - 8, r0, r1)
r1 = (s8)r2; r2 = bswap16 r2; if r1 & r2 goto out; call kernel-function#42
out: exit`),
  );
});

describe('our own text is nobody else’s', () => {
  test.each([
    'r0 = 0\nexit\n',
    'main:\n  r1 = m ll\n  call bpf_map_lookup_elem\n  exit',
    '.prog tc\n  r0 = 0\n  exit',
    'if r1 == 0 goto l\nl: exit',
    'exit',
    '',
    '// 00 11 22\nr1 = 5',
    '.8byte 0x95',
  ])('%j', (text) => expect(recognise(text)).toBeNull());
  test('nor is any disassembly', () => {
    fc.assert(
      fc.property(legalInsns, (insns) => recognise(disassemble(insns)) === null),
      { numRuns: 300 },
    );
  });
});

const corpus = process.env.BPF_CORPUS?.split(':')[0];
describe.skipIf(!corpus)('recorded logs at level 2', () => {
  test(
    'of accepted programs give the program back where the log shows all of it',
    { timeout: 60_000 },
    () => {
      let complete = 0;
      const differing: string[] = [];
      for (const file of readdirSync(corpus!)
        .filter((f) => f.endsWith('.jsonl.gz'))
        .filter((_, i) => i % 23 === 0)) {
        for (const line of gunzipSync(readFileSync(`${corpus}/${file}`))
          .toString()
          .trim()
          .split('\n')) {
          const bundle = JSON.parse(line) as {
            id: string;
            insns: string;
            refs: Record<string, unknown>;
            expect: { errno: number; log2: string | null };
          };
          if (bundle.expect.errno !== 0 || bundle.expect.log2 === null) continue;
          const result = convert(bundle.expect.log2, {}, 'verifier-log')!;
          if (result.notes.length > 0 || result.insns.length === 0) continue;
          complete++;
          const [got, want] = [result.insns, fromHex(bundle.insns)];
          // References (arena addresses, kfuncs by module) are not all in the text.
          const same =
            got.length === want.length &&
            [...got.code].every((code, i) =>
              `${i}` in bundle.refs || `${i - 1}` in bundle.refs
                ? true
                : code === want.code[i] &&
                  got.imm[i] === want.imm[i] &&
                  got.off[i] === want.off[i] &&
                  got.dst[i] === want.dst[i] &&
                  got.src[i] === want.src[i],
            );
          if (!same) differing.push(bundle.id);
        }
      }
      expect(complete).toBeGreaterThan(50);
      // The kernel folds some constant branches before it prints: those logs show «goto» instead.
      expect(differing.length / complete).toBeLessThan(0.05);
    },
  );
});
