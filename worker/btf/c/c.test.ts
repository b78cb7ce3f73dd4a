import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { btfBuilder } from '../build.ts';
import { BTF_KIND_FUNC, BTF_KIND_STRUCT, BTF_KIND_UNION, BTF_KIND_VAR } from '../btf.ts';
import type { Btf } from '../btf.ts';
import { formatDefinition, formatFunc, typeName } from '../format.ts';
import { kernelBtf } from '../kernel-data.testkit.ts';
import { parseBtf } from '../parse.ts';
import { PREDEFINED_STRUCTS } from './builtin.ts';
import { cEmitter } from './emit.ts';
import { parseC } from './unit.ts';
import type { CUnit } from './unit.ts';

const CONSTANTS: Record<string, bigint> = { BPF_MAP_TYPE_HASH: 1n, BPF_MAP_TYPE_ARRAY: 2n, BPF_MAP_TYPE_HASH_OF_MAPS: 13n, BPF_F_NO_PREALLOC: 1n };
const outside = { constant: (n: string) => CONSTANTS[n] ?? null, kfuncFlag: (n: string) => (n === 'KF_SPIN_LOCK' ? 1 << 17 : n === 'KF_RELEASE' ? 2 : 0) };

function c(text: string): CUnit {
  return parseC([text.split('\n').map((t, i) => ({ line: i + 1, text: t }))], outside);
}
function clean(text: string): CUnit {
  const unit = c(text);
  expect(unit.problems.filter((p) => p.severity === 'error')).toEqual([]);
  return unit;
}
function btfOf(unit: CUnit): Btf {
  const builder = btfBuilder();
  const emit = cEmitter(builder);
  for (const s of unit.scope.structs.values()) emit.type(s);
  for (const t of unit.scope.typedefs.values()) if (t.kind === 'typedef' && !/^_|^[us]\d|^u?int|^bool|_t$/.test(t.name)) emit.type(t);
  for (const f of unit.functions) emit.func(f);
  for (const k of unit.ksyms) emit.ksym(k);
  for (const s of unit.sections) emit.section(s);
  return builder.finish();
}
/** `member:bit offset[:width]` for all members, and the size. */
function layout(text: string, name: string): string {
  const btf = btfOf(clean(text));
  const t = btf.type(btf.find(name, BTF_KIND_STRUCT) || btf.find(name, BTF_KIND_UNION));
  return t.members.map((m) => `${m.name}:${m.bitOffset}${m.bitSize ? `:${m.bitSize}` : ''}`).join(' ') + ` = ${t.size}`;
}
const errors = (text: string) => c(text).problems.filter((p) => p.severity === 'error').map((p) => `${p.line}:${p.col} ${p.id}`);

describe('struct layout (as clang -target bpf)', () => {
  it.each([
    ['struct s { char a; int b; char c; };', 'a:0 b:32 c:64 = 12'],
    ['struct s { char a; long long b; } __attribute__((packed));', 'a:0 b:8 = 9'],
    ['struct s { int a:3; int b:30; char c; };', 'a:0:3 b:32:30 c:64 = 12'],
    ['struct s { int a:3; int :0; int b:1; };', 'a:0:3 b:32:1 = 8'],
    ['struct s { u8 a:4, b:4; u16 c:9; };', 'a:0:4 b:4:4 c:16:9 = 4'],
    ['struct s { int n; char data[]; };', 'n:0 data:32 = 4'],
    ['struct s { int a; } __attribute__((aligned(16)));', 'a:0 = 16'],
    ['union s { char a; u64 b; struct { int x; int y[4]; } c; };', 'a:0 b:0 c:0 = 24'],
    ['struct s { struct bpf_spin_lock l; struct bpf_timer t; struct bpf_refcount r; };', 'l:0 t:64 r:192 = 32'],
    ['struct s { char a; struct { char b; short c; }; __int128 d; };', 'a:0 :16 d:128 = 32'],
  ])('%s', (text, expected) => {
    expect(layout(text, 's')).toBe(expected);
  });
});

describe('declarations', () => {
  it('reads declarators of any shape', () => {
    const btf = btfOf(
      clean(`
        typedef int (*op)(void *ctx, const char *name);
        struct task_struct;
        struct ops { op call; int (*table[3])(int); const char *const names[2][4]; void (*nothing)(void); struct ops *next; };
        static long work(struct ops *o, enum kind { ONE = 1, MANY = ONE << 4 } k, ...);
      `),
    );
    expect(formatDefinition(btf, btf.find('ops', BTF_KIND_STRUCT)).split('\n').map((l) => l.trim())).toEqual([
      'struct ops {',
      'op call; /* 0 */',
      'int (*table[3])(int); /* 8 */',
      'const char * const names[2][4]; /* 32 */',
      'void (*nothing)(void); /* 96 */',
      'struct ops *next; /* 104 */',
      '}; /* size 112 */',
    ]);
    const work = btf.type(btf.find('work', BTF_KIND_FUNC));
    expect(formatFunc(btf, work.id)).toBe('long work(struct ops *o, enum kind k, ...)');
    expect(work.linkage).toBe(0);
  });

  it('puts type tags between a pointer and its target, decl tags on members and arguments', () => {
    const unit = clean(`
      struct node { struct bpf_rb_node n; struct task_struct __kptr *task; };
      struct root { struct bpf_spin_lock l; struct bpf_rb_root r __contains(node, n); };
      int f(struct task_struct *t __arg_trusted __arg_nullable, void *ctx __arg_ctx);
    `);
    const btf = btfOf(unit);
    const node = btf.type(btf.find('node', BTF_KIND_STRUCT));
    const tag = btf.type(btf.type(node.members[1].type).type);
    expect([tag.name, typeName(btf, tag.type)]).toEqual(['kptr', 'struct task_struct']);
    expect(btf.type(tag.type).kind).toBe(BTF_KIND_STRUCT);
    expect(btf.declTags(btf.find('root', BTF_KIND_STRUCT))).toEqual([['contains:node:n', 1]]);
    expect(btf.declTags(btf.find('f', BTF_KIND_FUNC))).toEqual([
      ['arg:trusted', 0],
      ['arg:nullable', 0],
      ['arg:ctx', 1],
    ]);
  });

  it('reads maps as libbpf does', () => {
    const { maps, problems } = clean(`
      #define N (1 << 4)
      struct inner { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, u64); };
      struct { __uint(type, BPF_MAP_TYPE_HASH_OF_MAPS); __uint(max_entries, N); __type(key, u32); __uint(pinning, 1); __array(values, struct inner); } outer SEC(".maps");
      struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(key_size, 8); __uint(value_size, sizeof(struct inner)); __uint(map_flags, BPF_F_NO_PREALLOC); __ulong(map_extra, 0x1ull << 44); } plain SEC(".maps");
    `);
    expect(maps.map((m) => [m.name, m.type, m.maxEntries, m.keySize, m.valueSize, m.flags, m.extra, m.inner?.name ?? null])).toEqual([
      ['outer', 13, 16, 4, 4, 0, 0n, 'outer.inner'],
      ['plain', 1, 0, 8, 32, 1, 1n << 44n, null],
    ]);
    expect(maps[0].inner).toMatchObject({ type: 2, maxEntries: 1, keySize: 4, valueSize: 8 });
    expect(problems.map((p) => p.id)).toEqual(['c-map-ignored']);
  });

  it('places variables in sections and writes their data', () => {
    const { sections, license } = clean(`
      char LICENSE[] SEC("license") = "GPL";
      int counter;
      static u64 zero = 0;
      struct point { short x, y:4; u8 z[2]; };
      struct point here = { .y = -1, .z = { [1] = 7 } , };
      const volatile u32 limit = 0x10;
      const char text[] = "a\\n";
      u16 many[] = { 1, 2, [4] = 5 };
      private(A) struct bpf_spin_lock glock;
    `);
    expect(license).toBe('GPL');
    expect(sections.map((s) => [s.name, s.size, Buffer.from(s.data).toString('hex')])).toEqual([
      ['.data', 16, '00000f000700' + '01000200000000000500'],
      ['.data.A', 4, '00000000'],
      ['.rodata', 7, '10000000610a00'],
      ['.bss', 16, '00'.repeat(16)],
    ]);
    const btf = btfOf(c('private(A) struct bpf_spin_lock glock;\nint x;'));
    expect([btf.type(btf.find('glock', BTF_KIND_VAR)).linkage, btf.type(btf.find('x', BTF_KIND_VAR)).linkage]).toEqual([0, 1]);
  });

  it('reads kernel symbols and invented kfuncs', () => {
    const { ksyms } = clean(`
      extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
      extern const int bpf_prog_active __ksym __weak;
      extern void my_op(struct val *v) __ksym __kf_flags(KF_SPIN_LOCK | KF_RELEASE);
    `);
    expect(ksyms.map((k) => [k.name, k.kind, k.weak, k.flags])).toEqual([
      ['bpf_task_acquire', 'func', false, null],
      ['bpf_prog_active', 'var', true, null],
      ['my_op', 'func', false, (1 << 17) | 2],
    ]);
  });
});

describe('mistakes are reported where they are, and reading goes on', () => {
  it.each([
    ['int a\nint b;', ['1:6 c-syntax']],
    ['strct x { int a; };\nint b;', ['1:1 c-unknown-type']],
    ['struct s { foo_t a; };', ['1:12 c-unknown-type']],
    ['int a[1 << 40];', ['1:7 c-size']],
    ['struct s { char a[0xffffffff]; };\nstruct s *f(void);', []],
    ['struct s { char a[0xffffffff]; char b; };', ['1:1 c-size']],
    ['struct s { char a[0x20000000]; char b; };', ['1:1 c-size']],
    ['char a[0x8000000];\nchar b[0x8000001];', ['2:6 c-size']],
    ['int f(void) { return 0; }\nint b;', ['1:13 c-body']],
    ['char s[2] = "abc";', ['1:13 c-range']],
    ['u8 x = 256;', ['1:8 c-range']],
    ['int x; int x;', ['1:12 c-redefined']],
    ['struct s; struct s v;', ['1:20 c-incomplete']],
    ['struct { __uint(type, BPF_MAP_TYPE_FOO); } m SEC(".maps");', ['1:23 c-unknown-constant']],
    ['struct { __uint(max_entries, 1); } m SEC(".maps");', ['1:36 c-map']],
    ['struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(value_size, 0x10000001); } m SEC(".maps");', ['1:78 c-map']],
    ['int x = 1 / 0;', ['1:14 c-division']],
    ['int *p = &q;', ['1:10 c-address']],
    ['int x = 08;', ['1:9 c-number']],
    ['extern void f(void) __ksym __kf_flags(KF_NONE);', ['1:39 c-kfunc-flag']],
    ['#define F(x) x', ['1:1 c-macro']],
    ['char c = \'ab', ['1:10 c-quote', '1:13 c-syntax']],
  ])('%s', (text, expected) => {
    expect(errors(text)).toEqual(expected);
  });

  it('offers the missing semicolon', () => {
    expect(c('int a\nint b;').problems[0].fix?.edits).toEqual([{ line: 1, col: 6, endCol: 6, text: ';' }]);
  });

  it('bounds nesting and expansion', () => {
    expect(errors(`int x = ${'('.repeat(5000)}1${')'.repeat(5000)};`)[0]).toMatch('c-nesting');
    expect(errors(`int ${'*'.repeat(5000)}x;`)[0]).toMatch('c-nesting');
    expect(errors(`${'struct { '.repeat(500)}int a; ${'}; '.repeat(500)}`)[0]).toMatch('c-nesting');
    const bomb = Array.from({ length: 30 }, (_, i) => `#define A${i + 1} A${i} A${i} A${i} A${i}`).join('\n');
    expect(errors(`#define A0 1 +\n${bomb}\nint x = A30 1;`)[0]).toMatch('c-too-long');
    const chain = Array.from({ length: 3000 }, (_, i) => `struct s${i} { struct s${i + 1} *next; };`).join('\n');
    expect(btfOf(clean(chain)).find('s2999', BTF_KIND_STRUCT)).not.toBe(0);
    expect(errors('typedef int t0;' + Array.from({ length: 300 }, (_, i) => `typedef t${i} t${i + 1};`).join(''))[0]).toMatch('c-nesting');
  });

  it('never throws, whatever the text', () => {
    const word = fc.constantFrom(
      'struct', 'union', 'enum', '{', '}', '(', ')', '[', ']', ';', ',', '*', '=', ':', '.', '-', '1', '0x10', '"s"', "'c'", 'int', 'u64', 'const', 'x', 'y', 'static',
      'extern', '__ksym', '__kptr', '__contains', 'SEC', '".maps"', '__uint', '__type', '__array', 'type', 'typedef', '#define', '\n', '__attribute__', '((', '))', 'sizeof', '...', '/*', '*/', 'offsetof', 'private', '__kf_flags', 'bpf_spin_lock',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        const unit = c(words.join(' '));
        if (unit.problems.every((p) => p.severity !== 'error')) btfOf(unit);
        for (const p of unit.problems) expect(p.line).toBeGreaterThan(0);
      }),
      { numRuns: 5000 },
    );
  });
});

const vmlinux = kernelBtf('vmlinux-7.3.4');
describe.skipIf(vmlinux === null)('predefined structs (needs BPF_KERNEL)', () => {
  it('have the sizes that the kernel has', () => {
    const kernel = parseBtf(vmlinux!);
    for (const [name] of PREDEFINED_STRUCTS) {
      const id = kernel.find(name, BTF_KIND_STRUCT);
      if (id === 0) continue;
      const btf = btfOf(c(`struct holder { struct ${name} x; };`));
      expect([name, btf.type(btf.find(name, BTF_KIND_STRUCT)).size]).toEqual([name, kernel.type(id).size]);
    }
  });
});
