import { describe, expect, it } from 'vitest';
import { BTF_KIND_DATASEC, BTF_KIND_STRUCT } from './btf.ts';
import type { Btf } from './btf.ts';
import { btfBuilder } from './build.ts';
import { cEmitter } from './c/emit.ts';
import { parseC } from './c/unit.ts';
import { MAP_VALUE_FIELDS, fieldKindName, findField, BPF_RB_ROOT, parseFields, structMetas } from './fields.ts';
import type { KernelTypes } from './fields.ts';
import { corpusBtfs, kernelBtf } from './kernel-data.testkit.ts';
import { checkMapFields } from './map-fields.ts';
import { parseBtf } from './parse.ts';

function types(text: string): Btf {
  const unit = parseC([text.split('\n').map((t, i) => ({ line: i + 1, text: t }))], { constant: () => null, kfuncFlag: () => 0 });
  expect(unit.problems).toEqual([]);
  const builder = btfBuilder();
  const emit = cEmitter(builder);
  for (const s of unit.scope.structs.values()) emit.type(s);
  for (const s of unit.sections) emit.section(s);
  return builder.finish();
}

const noKernel: KernelTypes = { find: () => null, dtor: () => 0 };

function fields(text: string, name = 'v', kernel = noKernel): string {
  const btf = types(text);
  const metas = structMetas(btf, kernel);
  const id = btf.find(name, BTF_KIND_STRUCT) || btf.find(name, BTF_KIND_DATASEC);
  const r = parseFields(btf, id, MAP_VALUE_FIELDS, btf.type(id).size, kernel, metas.ok ? metas.records : new Map());
  if (!r.ok) return `errno ${r.errno}`;
  return r.record === null ? 'none' : r.record.fields.map((f) => `${fieldKindName(f.kind)}@${f.offset}`).join(' ');
}
const LOCK = 'struct bpf_spin_lock l;';

describe('special fields of a value', () => {
  it.each([
    ['struct v { int a; };', 'none'],
    [`struct v { int a; ${LOCK} struct bpf_timer t; struct bpf_wq w; struct bpf_refcount r; };`, 'bpf_spin_lock@4 bpf_timer@8 bpf_wq@24 bpf_refcount@40'],
    [`struct v { ${LOCK} struct bpf_spin_lock m; };`, 'errno 7'],
    [`struct v { ${LOCK} struct bpf_res_spin_lock m; };`, 'errno 22'],
    ['struct v { struct { char c[4]; struct { struct bpf_spin_lock l; } x; } y; };', 'bpf_spin_lock@4'],
    ['struct v { struct bpf_spin_lock l[1]; };', 'bpf_spin_lock@0'],
    ['struct v { struct bpf_spin_lock l[2]; };', 'errno 22'],
    ['struct v { struct w { struct bpf_timer t; } x[2]; };', 'errno 22'],
    ['struct v { union { struct bpf_spin_lock l; int i; } u; };', 'none'],
    ['struct v { struct bpf_list_head h; };', 'errno 22'],
    [`struct n { struct bpf_list_node l; }; struct v { ${LOCK} struct bpf_list_head h __contains(n, l); struct bpf_list_head g[2] __contains(n, l); };`, 'bpf_spin_lock@0 bpf_list_head@8 bpf_list_head@24 bpf_list_head@40'],
    ['struct n { struct bpf_list_node l; }; struct v { struct bpf_list_head h __contains(n, l); };', 'errno 22'],
    [`struct n { struct bpf_list_node l; }; struct v { ${LOCK} struct bpf_list_head h __contains(n, x); };`, 'errno 2'],
    [`struct n { struct bpf_rb_node l; }; struct v { ${LOCK} struct bpf_list_head h __contains(n, l); };`, 'errno 22'],
    [`struct v { ${LOCK} struct bpf_list_head h __contains(n, l); };`, 'errno 2'],
    ['struct t { int a; }; struct v { struct t __kptr *p; struct t __kptr_untrusted *q[2]; struct t __percpu_kptr *r; struct t *plain; };', 'kptr@0 kptr@8 kptr@16 percpu_kptr@24'],
    ['struct v { int __kptr *p; };', 'errno 22'],
    ['struct task; struct v { struct task __kptr *p; };', 'errno 22'],
    ['struct v { struct task __kptr *p; };', 'kptr@0'],
    ['struct v { struct t __kptr __percpu_kptr *p; };', 'errno 22'],
    ['struct t { int a; }; struct v { struct t __kptr *p[12]; };', 'errno 7'],
    ['struct v { int a:3, b:5; };', 'errno 22'],
  ])('%s → %s', (text, expected) => {
    expect(fields(text)).toBe(expected);
  });

  it('are found in data sections, by variable', () => {
    const text = 'private(A) struct bpf_spin_lock lock;\nstruct n { struct bpf_rb_node l; };\nprivate(A) struct bpf_rb_root root __contains(n, l);';
    expect(fields(text, '.data.A')).toBe('bpf_spin_lock@0 bpf_rb_root@8');
    const btf = types(text);
    const metas = structMetas(btf, noKernel);
    const id = btf.find('.data.A', BTF_KIND_DATASEC);
    const r = parseFields(btf, id, MAP_VALUE_FIELDS, btf.type(id).size, noKernel, metas.ok ? metas.records : new Map());
    const root = r.ok ? findField(r.record, 8, BPF_RB_ROOT) : null;
    expect(root?.graphRoot).toMatchObject({ valueBtfId: btf.find('n', BTF_KIND_STRUCT), nodeOffset: 0, valueRecord: { fields: [{ offset: 0 }] } });
    if (r.ok && r.record !== null) {
      expect(checkMapFields(r.record, 2, 0, true)).toBeNull();
      expect(checkMapFields(r.record, 2, 0x80, true)?.errno).toBe(13);
      expect(checkMapFields(r.record, 24, 0, true)?.errno).toBe(95);
      expect(checkMapFields(r.record, 2, 0, false)?.errno).toBe(1);
    }
  });

  it('need a destructor to hold a reference to a kernel type', () => {
    const kernelTypes = types('struct task_struct { int pid; };');
    const kernel = (dtor: number): KernelTypes => ({ find: (name, kind) => (name === 'task_struct' ? { btf: kernelTypes, id: kernelTypes.find(name, kind) } : null), dtor: () => dtor });
    expect(fields('struct v { struct task_struct __kptr *p; };', 'v', kernel(0))).toBe('errno 2');
    expect(fields('struct v { struct task_struct __kptr *p; };', 'v', kernel(7))).toBe('kptr@0');
    expect(fields('struct v { struct task_struct __kptr_untrusted *p; };', 'v', kernel(0))).toBe('kptr@0');
  });
});

describe('objects of a program', () => {
  it.each([
    ['struct n { struct bpf_list_node l; struct bpf_rb_node r; };', 22],
    ['struct n { struct bpf_list_node l; struct bpf_rb_node r; struct bpf_refcount c; };', 0],
    [`struct n { struct bpf_list_node x; ${LOCK} struct bpf_list_head h __contains(n, x); };`, 40],
    [Array.from({ length: 9 }, (_, i) => `struct n${i} { struct n${i + 1} __kptr *p; };`).join(' ') + ' struct n9 { int a; };', 40],
    [Array.from({ length: 8 }, (_, i) => `struct n${i} { struct n${i + 1} __kptr *p; };`).join(' ') + ' struct n8 { int a; };', 0],
  ])('%s', (text, errno) => {
    const metas = structMetas(types(text), noKernel);
    expect(metas.ok ? 0 : metas.errno).toBe(errno);
  });
});

const blobs = corpusBtfs();
const vmlinux = kernelBtf('vmlinux-7.3.4');
describe.skipIf(blobs.length === 0 || vmlinux === null)('the BTF of recorded programs (needs BPF_CORPUS and BPF_KERNEL)', () => {
  it('has fields that the kernel took', () => {
    const kernel = parseBtf(vmlinux!, { name: 'vmlinux' });
    const testmod = parseBtf(kernelBtf('bpf_testmod-7.3.4')!, { name: 'bpf_testmod', base: kernel });
    const known: KernelTypes = {
      find: (name, kind) => {
        const id = testmod.find(name, kind);
        return id === 0 ? null : { btf: id < testmod.firstId ? kernel : testmod, id };
      },
      dtor: () => 1,
    };
    let records = 0;
    const refused: string[] = [];
    for (const { name, bytes } of blobs) {
      const metas = structMetas(parseBtf(bytes, { name }), known);
      if (metas.ok) records += metas.records.size;
      else refused.push(`${name}: ${metas.what}`);
    }
    expect(refused).toEqual([]);
    expect(records).toBeGreaterThan(50);
  }, 60_000);
});
