import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { btfBuilder } from '../../btf/build.ts';
import { BTF_KIND_FUNC } from '../../btf/btf.ts';
import { formatFunc } from '../../btf/format.ts';
import { parseBtf } from '../../btf/parse.ts';
import { kernelBtf } from '../../btf/kernel-data.testkit.ts';
import { createKernelModel } from '../../kernel/model.ts';
import { bundleProgram, writeBundle } from '../bundle.ts';
import { insnArrayEntries } from '../insn-array.ts';
import type { Program } from '../program.ts';
import { parseProgramText } from './parse.ts';
import type { TextResult } from './parse.ts';

const kernel = createKernelModel();
const read = (text: string): TextResult => parseProgramText(text, { kernel });
function program(text: string): Program {
  const { program: p, problems } = read(text);
  expect(problems.filter((x) => x.severity === 'error')).toEqual([]);
  return p!;
}
const ids = (text: string): string[] => read(text).problems.map((p) => `${p.line}:${p.col} ${p.severity} ${p.id}`);
const bytes = (p: Program): string[] => Buffer.from(p.insns.toBytes()).toString('hex').match(/.{16}/g) ?? [];

const LOCKED = `.prog   tc/ingress
.license "Dual MIT/GPL"
.semantics kf-forbid-fault
.flags test_state_freq
.c
struct val { int cnt; struct bpf_spin_lock lock; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
extern void my_op(struct val *v) __ksym __kf_flags(KF_SPIN_LOCK);
int counter;
static long step = 3;
const volatile int limit = 10;
.endc
main:   // the entry
        r1 = m ll
        r2 = step ll
        r1 = limit ll
        r3 = *(u32 *)(r1 + val.lock)
        r3 = sizeof.val
        call bpf_get_prandom_u32
        call my_op
        call bpf_task_acquire
        call helper
        r0 = 0
        exit
.func global int helper(struct val *v __arg_nonnull, u64 a)
        ; return a + 1; @ prog.c:7
        r0 = r2
        r0 += 1
        exit
`;

const TABLE = `.jumptable table first, second+1,0x0
.jumptable table third
first:  r1 = table ll
        r1 = *(u64 *)(r1 + 16)
second: gotox r1
third:  exit
`;

describe('jump tables', () => {
  it('become frozen instruction arrays, whose name is the address of the first entry', () => {
    const p = program(TABLE);
    expect(p.maps).toEqual([
      { name: 'table', type: 34, keySize: 4, valueSize: 16, maxEntries: 4, flags: 0, keyTypeId: 0, valueTypeId: 0, inner: null, extra: 0n, frozen: true, data: expect.any(Uint8Array) as Uint8Array },
    ]);
    expect(insnArrayEntries(p.maps[0].data, 4)).toEqual([0, 4, 0, 4]);
    expect(p.refs.get(0)).toEqual({ kind: 'map', map: 0 });
    expect(bytes(p).slice(0, 2)).toEqual(['1821000000000000', '0000000000000000']);
    expect(bytes(program(TABLE.replace('table ll', 'table+8 ll'))).slice(0, 2)).toEqual(['1821000000000000', '0000000008000000']);
    expect(read(TABLE).outline.jumpTables.map((t) => [t.name, t.span, t.entries.length])).toEqual([['table', { line: 1, col: 12, endCol: 17 }, 4]]);
    expect(bundleProgram(JSON.parse(writeBundle('t', p))).program.maps).toEqual(p.maps);
  });

  it('fill declared instruction arrays, whose name stays the map', () => {
    const c = '.c\nstruct { __uint(type, BPF_MAP_TYPE_INSN_ARRAY); __uint(max_entries, 6); __uint(key_size, 4); __uint(value_size, 16); } table SEC(".maps");\n.endc\n';
    const p = program(c + TABLE);
    expect(p.maps).toHaveLength(1);
    expect(p.maps[0]).toMatchObject({ name: 'table', maxEntries: 6, frozen: true });
    expect(insnArrayEntries(p.maps[0].data, 6)).toEqual([0, 4, 0, 4, 0, 0]);
    expect(bytes(p)[0]).toBe('1811000000000000');
    expect(ids(c.replace('6', '3') + TABLE)).toEqual(['5:18 error text-jumptable']);
    expect(ids(c.replace('INSN_ARRAY', 'ARRAY') + TABLE)).toEqual(['4:12 error text-jumptable']);
  });

  it.each([
    ['.jumptable\nexit', ['1:1 error text-jumptable']],
    ['.jumptable t\nexit', ['1:12 error text-jumptable']],
    ['.jumptable 3, a\na: exit', ['1:12 error text-jumptable']],
    ['.jumptable t a, b*2\na: exit', ['1:17 error text-jumptable']],
    ['.jumptable t a, aa\na: exit', ['1:17 error text-jumptable']],
    ['.jumptable t a-1\na: exit', ['1:14 error text-jumptable']],
    ['.jumptable t 4294967296\na: exit', ['1:14 error text-jumptable']],
    ['.jumptable t a // one\nt: r0 = 0\na: exit', ['1:12 error text-jumptable']],
    ['.c\nint t;\n.endc\n.jumptable t a\na: exit', ['4:12 error text-jumptable']],
    ['.jumptable t a\na: r1 = tt ll\nexit', ['2:9 error asm-unknown-symbol']],
  ])('say what is wrong: %s', (text, expected) => {
    expect(ids(text)).toEqual(expected);
  });

  it('offer the label that was meant', () => {
    expect(read('.jumptable t frist\nfirst: exit').problems[0].fix).toEqual({ title: 'Write first', edits: [{ line: 1, col: 14, endCol: 19, text: 'first' }] });
  });
});

describe('a program text', () => {
  it('becomes a program', () => {
    const p = program(LOCKED);
    expect(p).toMatchObject({ name: 'main', section: 'tc/ingress', progType: 3, attachType: 46, flags: 8, license: 'Dual MIT/GPL', privileged: true, semantics: ['kf-forbid-fault'] });
    expect(bytes(p)).toEqual([
      ...['1811000000000000', '0000000000000000', '1822000000000000', '0000000000000000', '1821000000000000', '0000000000000000'],
      ...['6113040000000000', 'b703000008000000', '8500000007000000', '8520000000000000', '8520000000000000', '8510000002000000'],
      ...['b700000000000000', '9500000000000000', 'bf20000000000000', '0700000001000000', '9500000000000000'],
    ]);
    const names = p.maps.map((m) => m.name);
    expect(names).toEqual(['main.data', 'main.rodata', 'main.bss', 'm']);
    expect([...p.refs].map(([slot, r]) => [slot, r.kind === 'map' ? names[r.map] : r.name])).toEqual([
      [0, 'm'],
      [2, 'main.data'],
      [4, 'main.rodata'],
      [9, 'my_op'],
      [10, 'bpf_task_acquire'],
    ]);
    expect(p.maps.map((m) => [m.type, m.keySize, m.valueSize, m.flags, m.frozen, m.data === null ? null : Buffer.from(m.data).toString('hex')])).toEqual([
      [2, 4, 8, 0, false, '0300000000000000'],
      [2, 4, 4, 0x480, true, '0a000000'],
      [2, 4, 4, 0x400, false, null],
      [2, 4, 8, 0, false, null],
    ]);
    expect(p.invented).toEqual([{ name: 'my_op', typeId: p.btf!.find('my_op', BTF_KIND_FUNC), flags: 1 << 17 }]);
  });

  it('carries functions and source lines', () => {
    const p = program(LOCKED);
    const btf = p.btf!;
    expect(p.funcInfo.map(([at, id]) => [at, formatFunc(btf, id), btf.type(id).linkage, btf.declTags(id)])).toEqual([
      [0, 'int main(struct __sk_buff *ctx)', 1, []],
      [14, 'int helper(struct val *v, u64 a)', 1, [['arg:nonnull', 0]]],
    ]);
    const lines = p.lineInfo.map(([at, file, line, pos]) => [at, btf.string(file), btf.string(line), pos >> 10, pos & 1023]);
    expect(lines[0]).toEqual([0, 'program.bpf', 'r1 = m ll', 14, 9]);
    expect(lines.at(-1)).toEqual([14, 'prog.c', 'return a + 1;', 7, 0]);
    expect(lines.length).toBe(12);
  });

  it('carries other tables of functions and lines', () => {
    const text = 'main: call f\nr0 = 0\nexit\nf: r0 = 1\nexit';
    const [main, f] = program(text).funcInfo.map(([, id]) => id);
    expect(program(`${text}\n.func_info f, 1:main, f+1:999\n.func_info 9:f`).funcInfo).toEqual([[3, f], [1, main], [4, 999], [9, f]]);
    const p = program(`${text}\n.c\nstruct a { int b; };\n.endc\n.info none\n.line_info f, 0, 7, 1:42`);
    expect(p.funcInfo).toEqual([]);
    const string = (at: number): string => p.btf!.string(at);
    expect(p.lineInfo.map(([at, file, , pos]) => [at, string(file), pos >> 10])).toEqual([[3, 'program.bpf', 4], [0, 'program.bpf', 1], [7, 'program.bpf', 0], [1, 'program.bpf', 2]]);
    expect(p.lineInfo.slice(0, 3).map(([, , line]) => string(line))).toEqual(['f: r0 = 1', 'main: call f', '']);
    expect(p.lineInfo[3][2]).toBe(42);
  });

  it('knows where everything stands', () => {
    const { outline, sourceMap } = read(LOCKED);
    expect(outline.functions.map((f) => [f.name, f.start, f.end, f.global])).toEqual([
      ['main', 0, 14, true],
      ['helper', 14, 17, true],
    ]);
    expect(outline.maps.map((m) => [m.name, m.span.line])).toEqual([['m', 7]]);
    expect(outline.variables.map((v) => [v.name, v.section])).toEqual([['step', '.data'], ['limit', '.rodata'], ['counter', '.bss']]);
    expect(outline.kfuncs.map((k) => [k.name, k.invented])).toEqual([['my_op', true]]);
    expect([sourceMap[0], sourceMap[1], sourceMap[16]].map((s) => s.line)).toEqual([14, 14, 29]);
  });

  it('needs nothing but instructions', () => {
    const p = program('r0 = 0\nexit');
    expect(p).toMatchObject({ name: 'prog', progType: 1, license: 'GPL', section: null, maps: [] });
    expect(program('.info none\nr0 = 0\nexit')).toMatchObject({ btf: null, funcInfo: [], lineInfo: [] });
  });

  it('takes linkage from .func, else from the C part, else static', () => {
    const linkage = (text: string): [string, number][] => {
      const p = program(text);
      return p.funcInfo.map(([, id]) => [p.btf!.type(id).name, p.btf!.type(id).linkage]);
    };
    const body = 'call f\nexit\nf: r0 = 0\nexit';
    expect(linkage(body)).toEqual([['prog', 1], ['f', 0]]);
    expect(linkage(`.c\nint f(void);\n.endc\n${body}`)).toEqual([['prog', 1], ['f', 1]]);
    expect(linkage(`.c\nstatic int f(void);\n.endc\n${body}`)).toEqual([['prog', 1], ['f', 0]]);
    expect(linkage('.func entry\ncall f\nexit\n.func int f(int a)\nr0 = 0\nexit')).toEqual([['entry', 1], ['f', 0]]);
    expect(linkage('call f\nexit\n.func global int f(int a)\nr0 = 0\nexit')).toEqual([['prog', 1], ['f', 1]]);
    expect(linkage('call f\nexit\n.func static int f(int a)\nr0 = 0\nexit')).toEqual([['prog', 1], ['f', 0]]);
  });

  it('keeps rows of line information off what may not have one', () => {
    expect(program('r1 = 1 ll\n.8byte 0\nr0 = 0; exit').lineInfo.map((r) => r[0])).toEqual([0, 3]);
  });

  it('overrides flags of kfuncs, also step by step', () => {
    const flags = (text: string): number | undefined => program(`${text}\nr0 = 0\nexit`).kfuncFlags.get('bpf_task_release');
    const own = kernel.kfunc('bpf_task_release', null)!.flags;
    expect(flags('.kfunc bpf_task_release KF_RELEASE | KF_SLEEPABLE')).toBe(2 | 32);
    expect(flags('.kfunc bpf_task_release none')).toBe(0);
    expect(flags('.kfunc bpf_task_release +KF_SLEEPABLE -KF_RELEASE')).toBe((own | 32) & ~2);
  });

  it('puts the template before a map of maps and rounds ring buffers', () => {
    const p = program(`.c
struct in { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, u64); };
struct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __uint(max_entries, 1); __type(key, u32); __array(values, struct in); } outer_map_with_long_name SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 5000); } rb SEC(".maps");
.endc
r1 = outer_map_with_long_name ll
r0 = 0
exit`);
    expect(p.maps.map((m) => [m.name, m.inner, m.valueSize, m.maxEntries])).toEqual([
      ['outer_map_with_', null, 8, 1],
      ['outer_map_with_', 0, 4, 1],
      ['rb', null, 0, 8192],
    ]);
    expect(p.refs.get(0)).toEqual({ kind: 'map', map: 1 });
  });
});

describe('mistakes in a text', () => {
  it.each([
    ['', ['1:1 error text-empty']],
    ['.prog txdp\nexit', ['1:7 error text-section']],
    ['.prog fentry\nexit', ['1:7 error text-attach']],
    ['.prog struct_ops/x\nexit', ['1:7 error text-attach']],
    ['.prog fentry\n.attach none\nexit', []],
    ['.freeze\nexit', ['1:1 error text-freeze']],
    ['.c\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, long); } values SEC(".maps");\n.endc\n.freeze values, vlues\nexit', ['4:17 error text-freeze']],
    ['.flags -sleepy\nexit', ['1:8 error text-flag']],
    ['.func_info\nexit', ['1:1 error text-info-rows']],
    ['.func_info 0\nexit', ['1:12 error text-info-rows']],
    ['.func_info 0:prog, 3:mian\nmain: exit', ['1:14 error text-info-rows', '1:22 error text-info-rows']],
    ['.line_info 0, nowhere\nexit', ['1:15 error text-info-rows']],
    ['.line_info 0:main\nexit', ['1:14 error text-info-rows']],
    ['.c\nint a;\nexit', ['1:1 error text-c-open', '3:1 error c-unknown-type', '1:1 error text-empty'].sort()],
    ['.endc\nexit', ['1:1 error text-endc']],
    ['.semantics kf-spinlock\nexit', ['1:12 error text-semantics']],
    ['.flags fast\nexit', ['1:8 error text-flag']],
    ['.kfunc bpf_task_release KF_WHAT\nexit', ['1:8 error text-kfunc']],
    ['.func global f\ncall f\nexit', []],
    ['call f\nexit\n.func global f\nexit', ['3:7 error text-func-global']],
    ['exit\n.func int g(int)\nexit', ['2:7 warning text-func-unused']],
    ['.func int (\nexit', ['1:12 error c-syntax']],
    ['.c\nstruct v { struct bpf_list_head h; };\n.endc\nexit', ['2:1 error text-types']],
    [
      '.c\nstruct v { struct bpf_timer t; };\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __uint(type2, 1); } m SEC(".maps");\n.endc\nexit',
      ['3:72 error c-map'],
    ],
    [
      '.c\nstruct v { struct bpf_timer t; };\nstruct { __uint(type, BPF_MAP_TYPE_SK_STORAGE); __uint(map_flags, 1); __type(key, int); __type(value, struct v); } m SEC(".maps");\n.endc\nexit',
      ['3:116 warning text-map-fields'],
    ],
    [
      '.c\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, long); __type(value, int); } m SEC(".maps");\n.endc\nexit',
      ['2:109 error text-map'],
    ],
    [
      '.c\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS); __uint(max_entries, 1); __type(key, int); __type(value, int); __array(values, struct { __uint(type, BPF_MAP_TYPE_HASH); __type(key, int); __type(value, int); }); } m SEC(".maps");\n.endc\nexit',
      ['2:216 error text-map'],
    ],
    ['r0 = 5\ncall bpf_map_lokup_elem\nexit', ['2:6 error asm-unknown-symbol']],
  ])('%s', (text, expected) => {
    expect(ids(text).sort()).toEqual([...expected].sort());
  });

  it('never throws, and a program comes exactly when there is no error', () => {
    const line = fc.constantFrom(
      '.prog tc', '.prog', '.c', '.endc', '.func f', '.func global int f(u64 a)', '.func static', '.name x', '.info func', '.info x', '.license "x', '.kfunc', '.attach struct a.b', '.attach_type 3', '.jumptable t f, 0', 'r1 = t ll',
      'struct v { int a; struct bpf_spin_lock l; };', 'int x = 3;', 'r0 = 0', 'exit', 'f: r1 = x ll', 'call f', 'call bpf_obj_new', 'r1 = f ll', '; int a; @ x.c:3', '/* a', '*/', 'x: y: z:', '.8byte 0', 'r1 = typeid.v', '.rept 3', '.endr', 'if r1 > 3 goto f',
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 14 }), (lines) => {
        const { program: p, problems } = read(lines.join('\n'));
        expect(p === null).toBe(problems.some((x) => x.severity === 'error'));
      }),
      { numRuns: 1500 },
    );
  });
});

const vmlinux = kernelBtf('vmlinux-7.3.4');
describe.skipIf(vmlinux === null)('with the kernel’s types (needs BPF_KERNEL)', () => {
  // Also run when the tests below are skipped.
  const btf = vmlinux === null ? btfBuilder().finish() : parseBtf(vmlinux, { name: 'vmlinux' });
  const mod = kernelBtf('bpf_testmod-7.3.4');
  const modules = new Map(mod === null ? [] : [['bpf_testmod', parseBtf(mod, { name: 'bpf_testmod', base: btf })]]);
  const typed = createKernelModel({ types: { vmlinux: btf, modules } });
  const readTyped = (text: string): TextResult => parseProgramText(text, { kernel: typed });

  it('finds targets, members of struct_ops and symbols', () => {
    expect(readTyped('.prog fentry/bpf_testmod_test_read\nr0 = 0\nexit').program?.attach).toEqual({ kind: 'func', name: 'bpf_testmod_test_read', module: 'bpf_testmod' });
    expect(readTyped('.prog fentry/no_such_function\nr0 = 0\nexit').problems.map((p) => p.id)).toEqual(['text-attach']);
    const ops = readTyped('.prog struct_ops/x\n.attach struct tcp_congestion_ops.cong_avoid\nr0 = 0\nexit').program;
    expect(ops?.attach).toEqual({ kind: 'struct', name: 'tcp_congestion_ops', module: null });
    expect(btf.type(btf.find('tcp_congestion_ops', 4)).members[ops!.attachType].name).toBe('cong_avoid');
    expect(readTyped('.c\nextern void no_such_kfunc(void) __ksym;\n.endc\nexit').problems.map((p) => p.id)).toEqual(['text-ksym']);
  });

  it('leaves weak symbols that do not exist as libbpf does', () => {
    const p = readTyped('.c\nextern const int gone __ksym __weak;\nextern void gone_func(void) __ksym __weak;\n.endc\nr1 = gone ll\ncall gone_func\nr0 = 0\nexit').program!;
    expect(bytes(p).slice(0, 3)).toEqual(['1801000000000000', '0000000000000000', '8500000081185477']);
    expect(p.refs.size).toBe(0);
  });
});
