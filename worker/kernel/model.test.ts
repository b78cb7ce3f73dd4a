import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ASKS, FAMILIES, familyNames, type FamilyQuestion } from './families.ts';
import { HELPER_PROTOS } from './generated/helpers.ts';
import { KF_bpf_throw, SPECIAL_KFUNCS } from './generated/special-kfuncs.ts';
import { helperId, helperName, helperTraits } from './helper-access.ts';
import {
  HELPER_ACQUIRE,
  HELPER_ACQUIRES_FROM_SOCKMAP,
  HELPER_ASYNC_CALLBACK,
  HELPER_PTR_CAST,
  HELPER_SYNC_CALLBACK,
} from './helpers.ts';
import { KF_FORBID_FAULT, KF_SPINLOCK_SAFE, kfuncFlag, kfuncFlagsText } from './kfunc-flags.ts';
import { KFUNCS } from './kfuncs.ts';
import { kernelFile, loadKernelTypes } from './load.ts';
import { mapAllowsHelper, mapTypeByName } from './map-types.ts';
import { createKernelModel, KernelTypesMissing } from './model.ts';
import type { ProgTraits } from './prog-traits.ts';
import {
  allowsErrorInjection,
  isLsmHook,
  RAW_TP_ARG_ERR,
  RAW_TP_ARG_NULL,
  rawTracepointArg,
  SAFE,
} from './trust.ts';
import { structWrite } from './struct-writes.ts';

const PUBLIC = path.join(import.meta.dirname, '../../public/kernel');
const fetchBytes = (name: string): Promise<Uint8Array> =>
  Promise.resolve(new Uint8Array(readFileSync(path.join(PUBLIC, name))));

const PROG: ProgTraits = {
  progType: 3,
  attachType: 0,
  sleepable: false,
  gpl: true,
  capBpf: true,
  capPerfmon: true,
  capSysAdmin: true,
  attachName: null,
  structOps: null,
  devBound: false,
};

describe('kernel types', () => {
  it('load for both builds, with module types on top', async () => {
    const released = await loadKernelTypes(fetchBytes);
    expect(released.vmlinux.find('task_struct', 4)).toBeGreaterThan(0);
    expect(released.modules.get('bpf_testmod')!.base).toBe(released.vmlinux);
    expect(released.vmlinux.find('bpf_iter_task_vma_release', 12)).toBe(0);
    const series = await loadKernelTypes(fetchBytes, 'series');
    expect(series.vmlinux.find('bpf_iter_task_vma_release', 12)).toBeGreaterThan(0);
  });

  it('are missed by name when they were not loaded', () => {
    expect(() => createKernelModel().btf()).toThrow(KernelTypesMissing);
  });

  it('have a FUNC for every kfunc in the tables', async () => {
    const { vmlinux, modules } = await loadKernelTypes(fetchBytes);
    const missing = KFUNCS.filter(
      ({ name, module }) => (module === null ? vmlinux : modules.get(module))?.find(name, 12) === 0,
    );
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('exist in files of the expected names', () => {
    for (const build of ['released', 'series'] as const)
      expect(existsSync(path.join(PUBLIC, kernelFile('vmlinux', build)))).toBe(true);
  });
});

describe('kfuncs', () => {
  const released = createKernelModel();

  it('may run under a lock by flag: exactly those that 7.3.4 marks', () => {
    const marked = released
      .kfuncs()
      .filter((kfunc) => released.spinAllowed(kfunc))
      .map((kfunc) => kfunc.name);
    expect(marked).toContain('bpf_testmod_test_mod_kfunc');
    expect(marked).toContain('bpf_iter_num_next');
    for (const name of [
      'bpf_obj_new',
      'bpf_obj_drop',
      'bpf_task_acquire',
      'bpf_rcu_read_lock',
      'bpf_preempt_disable',
      'bpf_local_irq_restore',
      'bpf_throw',
    ]) {
      expect(marked).not.toContain(name);
    }
  });

  it('before the flag, families decide and modules never: the same verdicts for the kernel’s own', () => {
    const before = createKernelModel({ semantics: ['kf-spin-lock-before'] });
    for (const kfunc of released.kfuncs()) {
      expect([kfunc.name, before.spinAllowed(kfunc)]).toEqual([
        kfunc.name,
        kfunc.module === null && released.spinAllowed(kfunc),
      ]);
    }
  });

  it('under kf-forbid-fault, _next acquires and forbids, and _release exists', () => {
    expect(released.kfunc('bpf_iter_task_vma_release', null)).toBeNull();
    expect(released.kfunc('bpf_iter_task_vma_next', null)!.flags).toBe(0x204);
    const fault = createKernelModel({ semantics: ['kf-forbid-fault'] });
    expect(fault.kfunc('bpf_iter_task_vma_next', null)!.flags).toBe(0x80205);
    expect(fault.kfunc('bpf_iter_task_vma_release', null)!.flags).toBe(0x2);
    expect(fault.forbidsFault).toBe(true);
  });

  it('of UFQ exist where the kernel was built with it', async () => {
    const series = createKernelModel({ types: await loadKernelTypes(fetchBytes, 'series') });
    const merge = series.kfunc('bpf_request_try_merge', null)!;
    expect(series.spinAllowed(merge)).toBe(true);
    const ops = {
      ...PROG,
      progType: 27,
      structOps: { type: 'ufq_iosched_ops', member: 'merge_req', offset: 40 },
    };
    expect(series.kfuncAllowed(merge, ops)).toBe(true);
    expect(series.kfuncAllowed(merge, PROG)).toBe(false);
    expect(series.helper(1, ops)).not.toBeNull();
  });

  it('can be invented and can have other flags', () => {
    const model = createKernelModel({
      invented: [{ name: 'my_op', typeId: 7, flags: KF_SPINLOCK_SAFE }],
      kfuncFlags: new Map([['bpf_obj_drop', KF_SPINLOCK_SAFE]]),
    });
    const mine = model.kfunc('my_op', null)!;
    expect([model.kfuncAllowed(mine, PROG), model.spinAllowed(mine), mine.inventedTypeId]).toEqual([
      true,
      true,
      7,
    ]);
    expect(model.spinAllowed(model.kfunc('bpf_obj_drop', null)!)).toBe(true);
    expect(released.spinAllowed(released.kfunc('bpf_obj_drop', null)!)).toBe(false);
  });

  it('are numbered where the verifier knows them by name', () => {
    expect(SPECIAL_KFUNCS[KF_bpf_throw]).toBe('bpf_throw');
    expect(released.kfunc('bpf_throw', null)!.special).toBe(KF_bpf_throw);
  });

  it('in families exist, except those that only some kernels have', () => {
    const absent = FAMILIES.flatMap((family) => family.members).filter(
      (name) => released.kfunc(name, null) === null,
    );
    expect(absent).toEqual([]);
  });

  it.each<[FamilyQuestion, string, boolean]>([
    ['listNodeArg', 'bpf_list_del', true],
    ['listNodeArg', 'bpf_list_pop_front', false],
    ['listHeadArg', 'bpf_list_empty', true],
    ['rbNodeArg', 'bpf_rbtree_first', false],
    ['rbRootArg', 'bpf_rbtree_root', true],
    ['convertsOwning', 'bpf_list_add', true],
    ['syncCallback', 'bpf_rbtree_add_impl', true],
    ['asyncCallback', 'bpf_task_work_schedule_resume', true],
  ])('%s of %s', (question, name, yes) => {
    expect((released.kfunc(name, null)!.families & ASKS[question]) !== 0).toBe(yes);
  });

  it('name their flags and families', () => {
    expect(kfuncFlagsText(0x80205)).toBe('KF_ACQUIRE | KF_RET_NULL | KF_ITER_NEXT | KF_FORBID_FAULT');
    expect([kfuncFlag('KF_SPIN_LOCK'), kfuncFlag('FORBID_FAULT'), kfuncFlag('KF_NONSENSE')]).toEqual([
      KF_SPINLOCK_SAFE,
      KF_FORBID_FAULT,
      0,
    ]);
    expect(familyNames(released.kfunc('bpf_rbtree_remove', null)!.families)).toEqual([
      'rbtree-api',
      'rbtree-node',
    ]);
  });
});

describe('helpers', () => {
  const of = (bit: number): string[] =>
    Array.from({ length: 212 }, (_, id) => id)
      .filter((id) => helperTraits(id) & bit)
      .map(helperName);

  it('are named as in the log', () => {
    expect([helperName(1), helperName(148), helperName(9999), helperId('bpf_loop')]).toEqual([
      'bpf_map_lookup_elem',
      'bpf_copy_from_user',
      'unknown',
      181,
    ]);
  });

  it('are in the verifier’s small sets', () => {
    expect(of(HELPER_ACQUIRE)).toEqual([
      'bpf_sk_lookup_tcp',
      'bpf_sk_lookup_udp',
      'bpf_skc_lookup_tcp',
      'bpf_ringbuf_reserve',
      'bpf_kptr_xchg',
    ]);
    expect(of(HELPER_ACQUIRES_FROM_SOCKMAP)).toEqual(['bpf_map_lookup_elem']);
    expect(of(HELPER_PTR_CAST)).toHaveLength(8);
    expect(of(HELPER_SYNC_CALLBACK)).toEqual([
      'bpf_for_each_map_elem',
      'bpf_find_vma',
      'bpf_loop',
      'bpf_user_ringbuf_drain',
    ]);
    expect(of(HELPER_ASYNC_CALLBACK)).toEqual(['bpf_timer_set_callback']);
  });

  it('need capabilities and licences as the kernel says', () => {
    const model = createKernelModel();
    const plain = { ...PROG, capBpf: false, capPerfmon: false, capSysAdmin: false, progType: 1 };
    expect(model.helperRefusal(helperId('bpf_spin_lock')!, plain)).toBe('not-for-this-program');
    expect(model.helperRefusal(helperId('bpf_map_lookup_elem')!, plain)).toBeNull();
    expect(model.helperRefusal(helperId('bpf_trace_printk')!, { ...PROG, gpl: false })).toBe('gpl-only');
    expect(model.helperRefusal(9999, PROG)).toBe('unknown-id');
    expect(
      model.helperRefusal(helperId('bpf_d_path')!, {
        ...PROG,
        progType: 26,
        attachType: 24,
        attachName: 'vfs_truncate',
      }),
    ).toBeNull();
    expect(
      model.helperRefusal(helperId('bpf_d_path')!, {
        ...PROG,
        progType: 26,
        attachType: 24,
        attachName: 'bpf_fentry_test1',
      }),
    ).toBe('not-allowed');
    expect(model.helper(helperId('bpf_get_task_stack')!, { ...PROG, sleepable: true })!.mightSleep).toBe(
      true,
    );
  });
});

const facts = path.join(process.env.BPF_KERNEL ?? '', 'helpers.json');
describe.skipIf(!process.env.BPF_KERNEL || !existsSync(facts))('prototypes', () => {
  it('have the fields that were read independently', () => {
    const { protos } = JSON.parse(readFileSync(facts, 'utf8')) as {
      protos: { proto: string; fields: Record<string, string> }[];
    };
    const byName = new Map(protos.map((row) => [row.proto, row.fields]));
    for (const proto of HELPER_PROTOS) {
      const fields = byName.get(proto.proto);
      expect(fields, proto.proto).toBeDefined();
      expect([proto.proto, proto.gplOnly, proto.mightSleep, proto.pktAccess]).toEqual([
        proto.proto,
        fields!.gpl_only === 'true',
        fields!.might_sleep === 'true',
        fields!.pkt_access === 'true',
      ]);
      expect([proto.proto, proto.args.filter((arg) => arg !== 0).length]).toEqual([
        proto.proto,
        Object.keys(fields!).filter((key) => /^arg\d_type$/.test(key) && fields![key] !== 'ARG_DONTCARE')
          .length,
      ]);
    }
  });
});

describe('maps', () => {
  it('accept the helpers of check_map_func_compatibility', () => {
    const id = (name: string): number => helperId(name)!;
    const type = (name: string): number => mapTypeByName(name)!;
    expect(mapAllowsHelper(type('prog_array'), id('bpf_tail_call'), PROG)).toBe(true);
    expect(mapAllowsHelper(type('prog_array'), id('bpf_map_lookup_elem'), PROG)).toBe(false);
    expect(mapAllowsHelper(type('hash'), id('bpf_map_lookup_elem'), PROG)).toBe(true);
    expect(mapAllowsHelper(type('hash'), id('bpf_tail_call'), PROG)).toBe(false);
    expect(mapAllowsHelper(type('sockmap'), id('bpf_map_update_elem'), PROG)).toBe(false);
    expect(mapAllowsHelper(type('sockmap'), id('bpf_map_update_elem'), { ...PROG, progType: 30 })).toBe(true);
    expect(
      mapAllowsHelper(type('sockmap'), id('bpf_map_update_elem'), { ...PROG, progType: 26, attachType: 28 }),
    ).toBe(true);
    expect(mapAllowsHelper(type('sockmap'), id('bpf_map_delete_elem'), { ...PROG, progType: 13 })).toBe(true);
  });
});

describe('trust', () => {
  it('lists fields, tracepoint arguments and functions', () => {
    expect(SAFE.rcu.get('task_struct')).toEqual(
      new Set(['cpus_ptr', 'cgroups', 'real_parent', 'group_leader']),
    );
    expect(SAFE.trustedOrNull.get('vm_area_struct')).toEqual(new Set(['vm_mm', 'vm_file']));
    expect(rawTracepointArg('sched_pi_setprio', 1)).toBe(RAW_TP_ARG_NULL);
    expect(rawTracepointArg('cachefiles_lookup', 2)).toBe(RAW_TP_ARG_ERR);
    expect(rawTracepointArg('sched_switch', 1)).toBeNull();
    expect(isLsmHook('bpf_lsm_file_open')).toBe(true);
    expect(isLsmHook('bpf_lsm_nothing')).toBe(false);
    expect([
      allowsErrorInjection('__x64_sys_getpgid'),
      allowsErrorInjection('should_fail_bio'),
      allowsErrorInjection('schedule'),
    ]).toEqual([true, true, false]);
  });

  it('lets struct_ops and packet programs write a few fields', () => {
    const cc = {
      ...PROG,
      progType: 27,
      structOps: { type: 'tcp_congestion_ops', member: 'init', offset: 0 },
    };
    expect(structWrite(cc, 'task_struct', 0, 8)).toEqual({ ok: false, text: 'only read is supported\n' });
    expect(structWrite(cc, 'tcp_sock', 0, 8)).toEqual({
      ok: false,
      text: 'no write support to tcp_sock at off 0\n',
    });
    expect(structWrite(PROG, 'nf_conn___init', 168, 4)).toEqual({ ok: true });
    expect(structWrite(PROG, 'nf_conn', 168, 8)).toEqual({
      ok: false,
      text: 'write access at off 168 with size 8 beyond the member of nf_conn ended at 172\n',
    });
    const dummy = {
      ...PROG,
      progType: 27,
      structOps: { type: 'bpf_dummy_ops', member: 'test_1', offset: 0 },
    };
    expect(structWrite(dummy, 'bpf_dummy_ops_state', 0, 4)).toEqual({ ok: true });
    expect(structWrite(dummy, 'bpf_dummy_ops_state', 4, 4)).toEqual({
      ok: false,
      text: 'write access at off 4 with size 4\n',
    });
  });
});
