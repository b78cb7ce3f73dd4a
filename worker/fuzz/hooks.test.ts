import { describe, expect, test } from 'vitest';
import { BTF_KIND_STRUCT } from '../btf/btf.ts';
import { memberAt } from '../btf/walk.ts';
import { kernelDir, loadTypes } from '../cli/kernel-types.ts';
import * as uapi from '../kernel/uapi.ts';
import { hookArguments, hooks } from './hooks.ts';
import { placeIn } from './kernel-structs.ts';
import { random } from './random.ts';

const types = await loadTypes(kernelDir(), 'released');

describe.skipIf(types === null)('hooks of the kernel', () => {
  const btf = types!.vmlinux;

  test.each([
    ['typedef', 'btf_trace_task_newtask', 0, [[0, 'task_struct']]],
    [
      'func',
      'bpf_iter_task',
      0,
      [
        [0, 'bpf_iter_meta'],
        [1, 'task_struct'],
      ],
    ],
    ['func', 'bpf_fentry_test1', 0, []],
    ['struct', 'tcp_congestion_ops', 0, [[0, 'sock']]],
    ['func', 'no_such_function', 0, []],
  ] as const)('%s %s hands over its objects', (kind, name, attachType, args) => {
    expect(hookArguments(btf, { weight: 0, type: 26, attachType, attach: { kind, name } })).toEqual(args);
  });

  test('struct_ops programs say which member they are', () => {
    const r = random(5);
    const shapes = Array.from({ length: 300 }, () => hooks(r, btf)).filter((s) => s.structOps !== undefined);
    expect(shapes.length).toBeGreaterThan(5);
    for (const { type, attachType, structOps } of shapes) {
      expect(type).toBe(uapi.BPF_PROG_TYPE_STRUCT_OPS);
      const member = btf.type(btf.find(structOps!.type, BTF_KIND_STRUCT)).members[attachType ?? -1];
      expect(member).toMatchObject({ name: structOps!.member, bitOffset: structOps!.offset * 8 });
    }
  });

  test('places lie in the struct and lead to what is there', () => {
    const r = random(7);
    const id = btf.find('file', BTF_KIND_STRUCT);
    const places = Array.from({ length: 200 }, () => placeIn(btf, 'file', r)!);
    for (const { off, size } of places) expect(off + size).toBeLessThanOrEqual(btf.type(id).size);
    const inode = places.find((p) => p.points === 'inode')!;
    expect(memberAt(btf, id, inode.off)).not.toBeNull();
    expect(placeIn(btf, 'no_such_struct', r)).toBeNull();
  });
});
