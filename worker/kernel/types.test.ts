import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { BTF_KIND_ENUM, BTF_KIND_ENUM64, type Btf } from '../btf/btf.ts';
import { argsTrusted, canBeSleepable, hasTrampoline, lsmReturnRange } from './conditions.ts';
import { loadKernelTypes } from './load.ts';
import type { ProgTraits } from './prog-traits.ts';
import * as progTypes from './prog-types.ts';
import { structOpsMemberAllowed, structOpsType } from './struct-ops.ts';
import * as types from './types.ts';
import * as uapi from './uapi.ts';

const PUBLIC = path.join(import.meta.dirname, '../../public/kernel');
const kernel = await loadKernelTypes((name) =>
  Promise.resolve(new Uint8Array(readFileSync(path.join(PUBLIC, name)))),
);

/** Values of the kernel's enums by name; several enums of a name are merged. */
function enumerators(btf: Btf, ...names: readonly string[]): Map<string, number> {
  const all = new Map<string, number>();
  for (const name of names) {
    const id = btf.find(name, BTF_KIND_ENUM) || btf.find(name, BTF_KIND_ENUM64);
    expect(id, name).toBeGreaterThan(0);
    for (const { name: member, value } of btf.type(id).enumerators) all.set(member, Number(value));
  }
  return all;
}

/** The kernel has 8 bits of base type where we have 5. */
const pack = (value: number): number => (value & 0xff) | ((value >>> 8) << types.BASE_TYPE_BITS);

describe('packed types', () => {
  it('are the kernel’s numbers', () => {
    const known = enumerators(
      kernel.vmlinux,
      'bpf_reg_type',
      'bpf_arg_type',
      'bpf_return_type',
      'bpf_type_flag',
      'bpf_dynptr_type',
      'bpf_iter_state',
    );
    let compared = 0;
    for (const [name, value] of Object.entries(types)) {
      const theirs = known.get(name);
      if (typeof value !== 'number' || theirs === undefined) continue;
      expect([name, value]).toEqual([name, pack(theirs)]);
      compared++;
    }
    expect(compared).toBeGreaterThan(90);
    expect(known.get('__BPF_REG_TYPE_MAX')).toBe(types.REG_TYPE_COUNT);
    expect(known.get('__BPF_ARG_TYPE_MAX')).toBe(types.ARG_TYPE_COUNT);
  });

  it('stay small integers with every flag set', () => {
    const flags = Object.entries(types).filter(
      ([name, value]) =>
        /^(PTR_|MEM_|OBJ_|NON_|DYNPTR_)/.test(name) && typeof value === 'number' && value >= 32,
    );
    expect(flags.reduce((all, [, value]) => all | (value as number), 31)).toBeLessThan(2 ** 30);
  });

  it.each([
    [types.PTR_TO_BTF_ID | types.PTR_TRUSTED | types.PTR_MAYBE_NULL, 'trusted_ptr_or_null_'],
    [types.PTR_TO_MAP_VALUE_OR_NULL, 'map_value_or_null'],
    [types.PTR_TO_MEM | types.MEM_RDONLY | types.PTR_UNTRUSTED, 'rdonly_untrusted_mem'],
    [types.PTR_TO_BTF_ID | types.MEM_PERCPU | types.MEM_RCU | types.MEM_ALLOC, 'percpu_rcu_ptr_'],
    [types.PTR_TO_MEM | types.MEM_RINGBUF | types.PTR_MAYBE_NULL, 'ringbuf_mem_or_null'],
    [types.CONST_PTR_TO_DYNPTR, 'dynptr_ptr'],
    [types.NOT_INIT, '?'],
  ])('%i prints as %s', (type, text) => {
    expect(types.regTypeStr(type)).toBe(text);
  });

  it('answer as the kernel’s predicates', () => {
    const owning = types.PTR_TO_BTF_ID | types.MEM_ALLOC;
    expect([types.typeIsPtrAllocObj(owning), types.typeIsPtrAllocObj(owning | types.PTR_UNTRUSTED)]).toEqual([
      true,
      false,
    ]);
    expect([types.typeIsNonOwningRef(owning | types.NON_OWN_REF), types.typeIsNonOwningRef(owning)]).toEqual([
      true,
      false,
    ]);
    expect([
      types.typeHasUnsafeModifiers(owning),
      types.typeHasUnsafeModifiers(owning | types.MEM_RCU),
    ]).toEqual([false, true]);
    expect([
      types.typeIsSkPointer(types.PTR_TO_SOCKET),
      types.typeIsSkPointer(types.PTR_TO_SOCKET_OR_NULL),
    ]).toEqual([true, false]);
    for (let kind = 1; kind <= 6; kind++)
      expect(types.argToDynptrType(types.ARG_PTR_TO_DYNPTR | types.dynptrTypeFlag(kind))).toBe(kind);
    expect([types.dynptrTypeStr(5), types.iterStateStr(2)]).toEqual(['skb_meta', 'drained']);
  });
});

describe('program and map types', () => {
  it('are the kernel’s numbers', () => {
    const known = enumerators(kernel.vmlinux, 'bpf_prog_type', 'bpf_map_type', 'bpf_attach_type');
    for (const [name, value] of Object.entries(uapi)) {
      expect([name, value]).toEqual([name, known.get(name)]);
    }
    expect(progTypes.attachType('BPF_TRACE_ITER')).toBe(28);
    expect(progTypes.attachTypeName(27)).toBe('lsm_mac');
  });

  const prog: ProgTraits = {
    progType: 26,
    attachType: 24,
    sleepable: false,
    gpl: true,
    capBpf: true,
    capPerfmon: true,
    capSysAdmin: true,
    attachName: null,
    structOps: null,
    devBound: false,
  };

  it('say what their programs are', () => {
    expect([
      canBeSleepable(prog),
      canBeSleepable({ ...prog, progType: 3, attachType: 0 }),
      canBeSleepable({ ...prog, progType: 29, attachType: 43 }),
    ]).toEqual([true, false, false]);
    expect([
      argsTrusted(prog),
      argsTrusted({ ...prog, attachType: 23 }),
      argsTrusted({ ...prog, progType: 29, attachName: 'bpf_lsm_file_free_security' }),
    ]).toEqual([false, true, false]);
    expect([hasTrampoline(prog), hasTrampoline({ ...prog, attachType: 28 })]).toEqual([true, false]);
    expect([
      lsmReturnRange('bpf_lsm_file_open'),
      lsmReturnRange('bpf_lsm_file_free_security'),
      lsmReturnRange('bpf_lsm_audit_rule_known'),
    ]).toEqual([[-4095, 0], null, [0, 1]]);
  });

  it('know which struct_ops members programs implement', () => {
    const dummy = structOpsType('bpf_dummy_ops')!;
    expect([
      structOpsMemberAllowed(dummy, 'test_1', false),
      structOpsMemberAllowed(dummy, 'test_1', true),
      structOpsMemberAllowed(dummy, 'test_sleepable', true),
    ]).toEqual([true, false, true]);
    expect(structOpsMemberAllowed(structOpsType('tcp_congestion_ops')!, 'get_info', false)).toBe(false);
    expect(structOpsType('bpf_testmod_ops')!.members.has('unsupported_ops')).toBe(false);
    for (const name of ['tcp_congestion_ops', 'Qdisc_ops', 'bpf_dummy_ops']) {
      const members = kernel.vmlinux.type(kernel.vmlinux.find(name, 4)).members.map((member) => member.name);
      for (const member of structOpsType(name)!.members) expect(members).toContain(member);
    }
  });
});
