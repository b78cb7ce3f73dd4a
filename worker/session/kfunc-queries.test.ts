import { describe, expect, it } from 'vitest';
import type { KfuncMatrix } from '../protocol/kfuncs.ts';
import { KF_SLEEPABLE } from '../kernel/kfunc-flags.ts';
import { example, request, testSession } from './session.testkit.ts';

const session = testSession();
const nothing = (): void => undefined;

function cellOf(matrix: KfuncMatrix, key: string, column: string): string {
  const r = matrix.rows.findIndex((row) => row.key === key);
  const c = matrix.columns.findIndex((row) => row.id === column);
  expect(r, key).toBeGreaterThanOrEqual(0);
  const { verdict, short } = matrix.reasons[matrix.cells[r * matrix.columns.length + c]];
  return `${verdict}: ${short}`;
}

const UNDER_LOCK = example('kfunc-under-lock');

describe('the table of kfuncs', () => {
  it('says of the kernel as released what its flags and registrations say', async () => {
    const matrix = await session.kfuncMatrix(null);
    expect(matrix.rows.length).toBeGreaterThan(340);
    expect(cellOf(matrix, 'bpf_iter_num_new', 'spin-lock')).toBe('yes: SPINLOCK_SAFE');
    expect(cellOf(matrix, 'bpf_obj_new', 'spin-lock')).toBe('no: no SPINLOCK_SAFE');
    expect(cellOf(matrix, 'bpf_copy_from_user_str', 'rcu')).toBe('no: SLEEPABLE');
    expect(cellOf(matrix, 'bpf_copy_from_user_str', 'type:xdp')).toBe('no: SLEEPABLE');
    expect(cellOf(matrix, 'bpf_iter_css_new', 'sleepable')).toBe('no: RCU_PROTECTED');
    expect(cellOf(matrix, 'bpf_iter_css_new', 'rcu')).toBe('yes: RCU');
    expect(cellOf(matrix, 'bpf_dynptr_from_xdp', 'type:sched_cls')).toBe('no: not registered');
    expect(cellOf(matrix, 'bpf_dynptr_from_xdp', 'type:xdp')).toBe('yes: xdp');
    expect(cellOf(matrix, 'bpf_list_front', 'rcu')).toBe('no: needs the lock');
    expect(cellOf(matrix, 'bpf_list_front', 'type:xdp')).toBe('yes: xdp, with the lock held');
    expect(cellOf(matrix, 'bpf_list_front', 'nofault')).toBe('none: not in these rules');
    expect(cellOf(matrix, 'update_socket_protocol', 'sleepable')).toBe('no: not callable');
  });

  it('applies the switches, the flags and the inventions of a run', async () => {
    const flags = { my_op: 0, bpf_task_release: 0x20002 };
    const before = await session.verify(
      request(UNDER_LOCK, { semantics: ['kf-spin-lock-before'], kfuncFlags: flags }),
      nothing,
    );
    const matrix = await session.kfuncMatrix(before!.run);
    expect(cellOf(matrix, 'bpf_iter_num_new', 'spin-lock')).toBe('yes: family iter-num');
    expect(cellOf(matrix, 'bpf_task_release', 'spin-lock')).toBe('no: no family');
    expect(cellOf(matrix, 'bpf_testmod:bpf_testmod_test_mod_kfunc', 'spin-lock')).toBe('no: module');
    const released = await session.verify(
      request(UNDER_LOCK, { kfuncFlags: { bpf_task_release: 0x20002 } }),
      nothing,
    );
    expect(cellOf(await session.kfuncMatrix(released!.run), 'bpf_task_release', 'spin-lock')).toBe(
      'yes: SPINLOCK_SAFE',
    );
    const fault = await session.verify(request(example('vma-held')), nothing);
    const faults = await session.kfuncMatrix(fault!.run);
    expect(cellOf(faults, 'bpf_copy_from_user_str', 'nofault')).toBe('no: SLEEPABLE');
    expect(cellOf(faults, 'bpf_iter_task_vma_release', 'nofault')).toBe('yes: not SLEEPABLE');
    expect(cellOf(faults, 'bpf_iter_task_vma_release', 'sleepable')).toBe('no: nothing held');
  });

  it('knows what may be called at a step', async () => {
    const run = (await session.verify(request(UNDER_LOCK), nothing))!;
    const matrix = await session.kfuncMatrix(run.run);
    const here = await session.kfuncsHere(run.run, run.stats.steps - 1);
    expect(here.lit).toEqual(['spin-lock', 'not-sleepable', 'type:sched_cls']);
    const at = (key: string): string => {
      const { verdict, short } = here.reasons[here.cells[matrix.rows.findIndex((row) => row.key === key)]];
      return `${verdict}: ${short}`;
    };
    expect(at('bpf_obj_new')).toBe('no: no SPINLOCK_SAFE');
    expect(at('bpf_iter_num_new')).toMatch(/^yes/);
    const first = await session.kfuncsHere(run.run, 0);
    expect(first.lit).toEqual(['not-sleepable', 'type:sched_cls']);
    const detail = await session.kfuncDetail(run.run, 'bpf_obj_new', { step: run.stats.steps - 1 });
    expect(detail.text).toBe('function calls are not allowed while holding a lock');
  });

  it('writes programs that show what cells say, with the rules in force', async () => {
    const run = (await session.verify(request(UNDER_LOCK, { semantics: ['kf-spin-lock-before'] }), nothing))!;
    for (const [key, column, says] of [
      ['bpf_obj_new', 'spin-lock', 'function calls are not allowed while holding a lock'],
      ['bpf_iter_num_next', 'spin-lock', 'accepted'],
      [
        'bpf_copy_from_user_str',
        'irq',
        'kernel func bpf_copy_from_user_str is sleepable within IRQ-disabled region',
      ],
    ] as const) {
      const program = (await session.kfuncProgram(run.run, key, column))!;
      expect([program.shows, program.says]).toEqual([true, says]);
      const again = (await session.verify(request(program.source), nothing))!;
      expect(again.semantics).toEqual(['kf-spin-lock-before']);
      expect(again.verdict === 'accepted' ? 'accepted' : again.message).toBe(says);
    }
  });

  it('carries invented kfuncs and changed flags into those programs', async () => {
    const invented = /__ksym __kf_flags/.test(UNDER_LOCK) ? UNDER_LOCK : example('kfunc-flagged-under-lock');
    const name = /(\w+)\s*\([^)]*\)\s*__ksym __kf_flags/.exec(invented)![1];
    const run = (await session.verify(request(invented, { kfuncFlags: { [name]: KF_SLEEPABLE } }), nothing))!;
    const matrix = await session.kfuncMatrix(run.run);
    expect(matrix.rows[0]).toMatchObject({ key: name, invented: true, flags: KF_SLEEPABLE });
    const program = (await session.kfuncProgram(run.run, name, 'rcu'))!;
    expect([program.shows, program.says]).toEqual([
      true,
      `kernel func ${name} is sleepable within rcu_read_lock region`,
    ]);
  });
});
