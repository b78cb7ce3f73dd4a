import { describe, expect, test } from 'vitest';
import { verify } from '../engine/verify.ts';
import { createKernelModel } from '../kernel/model.ts';
import { mapType } from '../kernel/map-types.ts';
import { parseProgramText } from '../program/text/parse.ts';
import type { Program } from '../program/program.ts';
import { ObjectError } from './error.ts';
import { extracted, fixture, kernelTypes } from './object.testkit.ts';
import { openObject } from './open.ts';
import { objectText } from './text.ts';

const programs = (name: string): string[] =>
  openObject(fixture(name), `${name}.bpf.o`).programs.map((p) => `${p.section}: ${p.func.name}`);

const maps = (program: Program) =>
  program.maps.map(
    (m) =>
      `${m.name}: ${mapType(m.type)!.name} ${m.keySize}/${m.valueSize} x${m.maxEntries} 0x${m.flags.toString(16)}`,
  );

describe('what an object holds', () => {
  test('its programs, with the question mark of those that load on demand taken off', () => {
    expect(programs('count')).toEqual(['xdp: count']);
    expect(programs('loaders')).toEqual([
      'lsm.s/file_open: guard',
      'cgroup_skb/egress: loops',
      'struct_ops: avoid',
      'struct_ops: undo',
      'from_elsewhere: passes',
      'a_section_of_my_own: unknown',
    ]);
  });

  test('its license', () => {
    expect(openObject(fixture('loaders'), 'x').license).toBe('Dual BSD/GPL');
  });
});

describe('a program of an object', () => {
  test('has its functions behind it, in the order in which they are called', async () => {
    const { program, notes } = await extracted('count', 'count');
    expect(notes).toEqual([]);
    const names = program.funcInfo.map(([at, type]) => [at, program.btf!.type(type).name]);
    expect(names.map(([, name]) => name)).toEqual(['count', 'bump', 'weigh']);
    // calls lead there
    const targets = [...program.insns.code].flatMap((code, i) =>
      code === 0x85 && program.insns.src[i] === 1 ? [i + 1 + program.insns.imm[i]] : [],
    );
    expect(targets).toEqual([names[1][0], names[2][0]]);
  });

  test('has the maps that it refers to, data among them, as libbpf creates them', async () => {
    const { program } = await extracted('count', 'count');
    expect(maps(program)).toEqual([
      'counts: hash 4/8 x4 0x0',
      'count.bss: array 4/4 x1 0x0',
      'count.rodata: array 4/4 x1 0x480',
      'count.data: array 4/12 x1 0x400',
    ]);
    const [, , rodata, data] = program.maps;
    expect([rodata.frozen, [...rodata.data!]]).toEqual([true, [7, 0, 0, 0]]);
    expect([data.frozen, [...data.data!]]).toEqual([false, [1, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0, 0, 0, 0]]);
    expect([...program.refs.values()].every((ref) => ref.kind === 'map')).toBe(true);
  });

  test('keeps the C source of its instructions', async () => {
    const { program } = await extracted('count', 'count');
    const lines = program.lineInfo.map(([, , line]) => program.btf!.string(line).trim());
    expect(lines).toContain('if (!value)');
    expect(lines).toContain('return x + shared[1];');
  });

  test('is the same whether the object was linked by bpftool or not', async () => {
    const plain = (await extracted('count', 'count')).program;
    const linked = (await extracted('count-linked', 'count')).program;
    expect([...linked.insns.toBytes()]).toEqual([...plain.insns.toBytes()]);
    expect(maps(linked).map((m) => m.replace('count-l', 'count'))).toHaveLength(plain.maps.length);
    expect(linked.maps.map((m) => m.data)).toEqual(plain.maps.map((m) => m.data));
  });

  test('of the other byte order has the same instructions; that its data mean something else is said', async () => {
    const little = (await extracted('count', 'count')).program;
    const { program, notes } = await extracted('count-big-endian', 'count');
    expect([...program.insns.toBytes()]).toEqual([...little.insns.toBytes()]);
    expect(maps(program).map((m) => m.replace(/^[^:]*/, ''))).toEqual(
      maps(little).map((m) => m.replace(/^[^:]*/, '')),
    );
    expect(notes.join()).toContain('big-endian');
  });

  test('is loaded as its section says', async () => {
    const guard = (await extracted('loaders', 'guard')).program;
    expect([guard.progType, guard.attachType, guard.flags, guard.attach]).toEqual([
      29,
      27,
      16,
      { kind: 'func', name: 'bpf_lsm_file_open', module: null },
    ]);
    const unknown = await extracted('loaders', 'unknown');
    expect(unknown.program.progType).toBe(1);
    expect(unknown.notes.join()).toContain('a_section_of_my_own');
    // by its argument
    const passes = (await extracted('loaders', 'passes')).program;
    expect([passes.progType, passes.attachType]).toEqual([6, 37]);
  });

  test('of struct_ops is the member of the kernel’s struct that the object fills with it', async () => {
    const btf = (await kernelTypes()).vmlinux;
    const { members } = btf.type(btf.find('tcp_congestion_ops', 4));
    for (const [name, member] of [
      ['avoid', 'cong_avoid'],
      ['undo', 'undo_cwnd'],
    ]) {
      const { program } = await extracted('loaders', name);
      expect(program.attach).toEqual({ kind: 'struct', name: 'tcp_congestion_ops', module: null });
      expect(members[program.attachType].name).toBe(member);
    }
  });

  test('has maps of maps with their template, ring buffers of whole pages, and callbacks', async () => {
    const { program } = await extracted('loaders', 'loops');
    expect(maps(program)).toEqual([
      'outer.inner: array 4/4 x2 0x0',
      'outer: array_of_maps 4/4 x3 0x0',
      'events: ringbuf 0/0 x8192 0x0',
    ]);
    expect(program.maps.map((m) => m.inner)).toEqual([null, 0, null]);
    const address = [...program.insns.code].findIndex(
      (code, i) => code === 0x18 && program.insns.src[i] === 4,
    );
    expect(address + 1 + program.insns.imm[address]).toBe(program.funcInfo[1][0]);
  });

  test('refers to what the kernel has by name, and does without what it has not', async () => {
    const { program, notes } = await extracted('symbols', 'borrow');
    const named = [...program.refs.values()].flatMap((ref) =>
      ref.kind === 'map' ? [] : [`${ref.kind} ${ref.name}`],
    );
    expect(named).toEqual(['kfunc bpf_task_acquire', 'ksym bpf_prog_active', 'kfunc bpf_task_release']);
    // libbpf's call of a kfunc that is missing: 2002000000 and the number of the extern (configuration first, then by name)
    const missing = [...program.insns.imm].filter(
      (imm, i) => program.insns.code[i] === 0x85 && imm >= 2002000000,
    );
    expect(missing).toEqual([2002000007, 2002000002]);
    const kconfig = program.maps.find((m) => m.name.endsWith('.kconfig'))!;
    expect([...kconfig.data!]).toEqual([4, 3, 7, 0, 0]);
    expect(notes.map((note) => /\w+_\w+|schedule/.exec(note)?.[0])).toEqual([
      'CONFIG_THERE_IS_NO_SUCH_OPTION',
      'schedule',
      'there_is_no_such_kfunc',
      'bpf_get_kmem_cache',
      'there_is_no_such_variable',
    ]);
  });
});

describe('the text of an object’s program', () => {
  test.each([
    ['count', 'count', 0],
    ['rejected', 'forgets', 13],
    ['rejected', 'checks', 0],
    ['core', 'fields', 0],
    ['core', 'lost', 22],
    ['symbols', 'borrow', 0],
    ['plain', 'plain', 0],
    ['loaders', 'guard', 0],
    ['loaders', 'loops', 0],
    ['loaders', 'avoid', 0],
  ])('%s/%s is the program, and the kernel says %i', async (file, name, errno) => {
    const types = await kernelTypes();
    const object = openObject(fixture(file), `${file}.bpf.o`);
    const chosen = object.programs.find((p) => p.func.name === name)!;
    const { source } = objectText(object, chosen, `${file}.bpf.o`, types);
    const kernel = createKernelModel({ types });
    const read = parseProgramText(source, { kernel });
    expect(read.problems.filter((p) => p.severity === 'error')).toEqual([]);
    const { program } = await extracted(file, name);
    expect([...read.program!.insns.toBytes()]).toEqual([...program.insns.toBytes()]);
    expect(Math.abs(verify(read.program!, kernel, { level: 1 }).errno)).toBe(errno);
  });
});

test('what stands for something that the kernel does not have says so in the text', async () => {
  const types = await kernelTypes();
  const source = (file: string, name: string): string => {
    const object = openObject(fixture(file), `${file}.bpf.o`);
    const chosen = object.programs.find((p) => p.func.name === name)!;
    return objectText(object, chosen, file, types).source;
  };
  expect(source('core', 'lost')).toMatch(
    /call 195896080 {2}\/\/ this kernel has no task_struct\.there_is_no_such_field$/m,
  );
  expect(source('symbols', 'borrow')).toMatch(/call 2002000007 {2}\/\/ there_is_no_such_kfunc/);
});

test('functions of an object without types keep their names', async () => {
  const object = openObject(fixture('plain'), 'plain.bpf.o');
  const { source } = objectText(object, object.programs[0], 'plain.bpf.o', await kernelTypes());
  expect(source).toMatch(/^plain:$/m);
  expect(source).toMatch(/call triple$/m);
  expect(source).toMatch(/^triple:$/m);
});

test('names that C does not have are written with underscores', async () => {
  const bytes = new Uint8Array(fixture('count'));
  const text = new TextDecoder('latin1').decode(bytes);
  // only in the types: the symbol table has a copy of its own
  const at = text.indexOf('\0seen\0') + 1;
  bytes.set(new TextEncoder().encode('s<>n'), at);
  const object = openObject(bytes, 'x.o');
  const { source } = objectText(object, object.programs[0], 'x.o', await kernelTypes());
  expect(source).toContain('s__n SEC(".bss")');
});

describe('objects that cannot be opened', () => {
  const refused = (bytes: Uint8Array): string => {
    try {
      openObject(bytes, 'x.o');
    } catch (error) {
      if (error instanceof ObjectError) return error.message;
      throw error;
    }
    return 'opened';
  };
  const changed = (at: number, ...values: number[]): Uint8Array => {
    const bytes = new Uint8Array(fixture('count'));
    bytes.set(values, at);
    return bytes;
  };

  test.each([
    ['no ELF file', new TextEncoder().encode('.prog tc\n'), 'not an object file'],
    ['a part of one', fixture('count').subarray(0, 700), 'cut off'],
    ['a 32-bit one', changed(4, 1), '32-bit'],
    ['code of another machine', changed(18, 62, 0), 'code for x86-64, not BPF'],
    ['a linked program', changed(16, 2, 0), 'clang -c'],
    ['types that are left out', fixture('count-untyped'), 'compile with -g'],
  ])('%s: one sentence', (_what, bytes, sentence) => {
    expect(refused(bytes)).toContain(sentence);
  });
});
