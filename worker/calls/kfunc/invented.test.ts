import { describe, expect, it } from 'vitest';
import { createKernelModel } from '../../kernel/model.ts';
import { ASKS, FAMILIES } from '../../kernel/families.ts';
import { KFUNCS } from '../../kernel/kfuncs.ts';
import { KF_SPINLOCK_SAFE } from '../../kernel/kfunc-flags.ts';
import { parseProgramText } from '../../program/text/parse.ts';
import { judge } from '../../testing/judge.testkit.ts';

/** A kernel's kfunc and an invented one with its prototype and flags. */
interface Twin {
  readonly real: string;
  readonly declaration: string;
  readonly programs: readonly string[];
}

const TASK = `extern struct task_struct *bpf_task_from_pid(int pid) __ksym;\nextern void bpf_task_release(struct task_struct *p) __ksym;`;

const TWINS: readonly Twin[] = [
  {
    real: 'bpf_task_from_pid',
    declaration: 'extern struct task_struct *NAME(s32 pid) __ksym __kf_flags(KF_ACQUIRE | KF_RET_NULL);',
    programs: [
      'r1 = 1\ncall NAME\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0\nexit',
      'r1 = 1\ncall NAME\nr0 = 0\nexit',
      'r1 = 1\ncall NAME\nr1 = r0\ncall bpf_task_release\nr0 = 0\nexit',
      'r1 = r10\ncall NAME\nr0 = 0\nexit',
      'r1 = 1\ncall NAME\nr0 = *(u64 *)(r0 + 0)\nexit',
    ],
  },
  {
    real: 'bpf_task_release',
    declaration: 'extern void NAME(struct task_struct *p) __ksym __kf_flags(KF_RELEASE);',
    programs: [
      'r1 = 1\ncall bpf_task_from_pid\nif r0 == 0 goto out\nr1 = r0\ncall NAME\nout: r0 = 0\nexit',
      'r1 = 1\ncall bpf_task_from_pid\nif r0 == 0 goto out\nr6 = r0\nr1 = r0\ncall NAME\nr1 = r6\ncall NAME\nout: r0 = 0\nexit',
      'call bpf_get_current_task_btf\nr1 = r0\ncall NAME\nr0 = 0\nexit',
      'r1 = 0\ncall NAME\nr0 = 0\nexit',
      'r1 = r10\ncall NAME\nr0 = 0\nexit',
    ],
  },
  {
    real: 'bpf_task_acquire',
    declaration: 'extern struct task_struct *NAME(struct task_struct *p) __ksym __kf_flags(KF_ACQUIRE | KF_RCU | KF_RET_NULL);',
    programs: [
      'call bpf_get_current_task_btf\nr1 = r0\ncall NAME\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0\nexit',
      'call bpf_get_current_task_btf\nr1 = r0\nr1 += 8\ncall NAME\nif r0 == 0 goto out\nr1 = r0\ncall bpf_task_release\nout: r0 = 0\nexit',
      'r1 = 0\ncall NAME\nr0 = 0\nexit',
    ],
  },
  {
    real: 'bpf_copy_from_user_str',
    declaration: 'extern int NAME(void *dst, u32 dst__sz, const void *unsafe_ptr__ign, u64 flags) __ksym __kf_flags(KF_SLEEPABLE);',
    programs: [
      'r1 = r10\nr1 += -8\nr2 = 8\nr3 = 0\nr4 = 0\ncall NAME\nr0 = 0\nexit',
      'r1 = r10\nr1 += -8\nr2 = 16\nr3 = 0\nr4 = 0\ncall NAME\nr0 = 0\nexit',
      'call bpf_rcu_read_lock\nr1 = r10\nr1 += -8\nr2 = 8\nr3 = 0\nr4 = 0\ncall NAME\ncall bpf_rcu_read_unlock\nr0 = 0\nexit',
      '.prog fentry/bpf_fentry_test1\nr1 = r10\nr1 += -8\nr2 = 8\nr3 = 0\nr4 = 0\ncall NAME\nr0 = 0\nexit',
    ],
  },
];

async function says(text: string): Promise<string> {
  const { verdict } = await judge({ title: 'twin', index: 0, text, edit: null, accepted: true, truth: { kind: 'kernel' } });
  return JSON.stringify(verdict);
}

describe('an invented kfunc behaves as a real one with its prototype and flags', () => {
  const rows = TWINS.flatMap((t) => t.programs.map((program, i) => [`${t.real} ${i}`, t, program] as const));
  it.each(rows)('%s', async (_title, { real, declaration }, program) => {
    const around = (name: string, extra: string): string => `.prog fentry.s/bpf_fentry_test1\n.c\n${TASK}\n${extra}\n.endc\n${program.replaceAll('NAME', name)}`;
    const invented = await says(around('my_own', declaration.replace('NAME', 'my_own')));
    expect(invented.replaceAll('my_own', real)).toBe(await says(around(real, '')));
  });
});

describe('contradictory flags are explained', () => {
  const warnings = (declarations: string, directives = ''): string[] =>
    parseProgramText(`${directives}\n.c\n${declarations}\n.endc\nr0 = 0\nexit`, { kernel: createKernelModel() })
      .problems.filter((p) => p.severity === 'warning')
      .map((p) => p.id);

  it.each([
    ['extern struct task_struct *f(int a) __ksym __kf_flags(KF_ACQUIRE | KF_RET_NULL);', []],
    ['extern int f(int a) __ksym __kf_flags(KF_ACQUIRE);', ['text-kfunc-acquire-result']],
    ['extern void f(int a) __ksym __kf_flags(KF_RELEASE);', ['text-kfunc-release-argument']],
    ['extern void f(struct task_struct *a) __ksym __kf_flags(KF_RELEASE | KF_RCU);', ['text-kfunc-release-rcu']],
    ['extern void f(int a) __ksym __kf_flags(KF_SLEEPABLE | KF_SPIN_LOCK);', ['text-kfunc-sleepable-under-lock']],
    ['extern void f(int a) __ksym __kf_flags(KF_SLEEPABLE | KF_RCU_PROTECTED);', ['text-kfunc-sleepable-in-rcu']],
    ['extern void f(int a) __ksym __kf_flags(KF_FORBID_FAULT);', ['text-kfunc-forbid-fault-alone', 'text-kfunc-forbid-fault-semantics']],
    ['extern int bpf_iter_num_new(struct bpf_iter_num *it, int a, int b) __ksym __kf_flags(KF_ITER_NEW);', []],
    ['extern int bpf_iter_num_make(struct bpf_iter_num *it, int a, int b) __ksym __kf_flags(KF_ITER_NEW);', ['text-kfunc-iter-name']],
    ['extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym __kf_flags(KF_ITER_NEXT);', ['text-kfunc-iter-next-null']],
    ['extern int bpf_iter_num_next(struct bpf_iter_num *it) __ksym __kf_flags(KF_ITER_NEXT | KF_RET_NULL);', ['text-kfunc-iter-next-result']],
    ['extern int *bpf_iter_num_next(struct bpf_iter_num *it) __ksym __kf_flags(KF_ITER_NEXT | KF_ITER_NEW | KF_RET_NULL);', ['text-kfunc-iter-several']],
  ])('%s', (declaration, ids) => {
    expect(warnings(declaration)).toEqual(ids);
  });

  it('explains flags that a directive gives', () => {
    expect(warnings('', '.kfunc bpf_task_release KF_SLEEPABLE | KF_SPIN_LOCK')).toEqual(['text-kfunc-sleepable-under-lock']);
    expect(warnings('', '.kfunc bpf_task_release +KF_SLEEPABLE')).toEqual([]);
  });

  it('leaves KF_FORBID_FAULT alone where it means something', () => {
    const declaration = 'extern struct task_struct *f(int a) __ksym __kf_flags(KF_ACQUIRE | KF_FORBID_FAULT);';
    expect(warnings(declaration)).toEqual(['text-kfunc-forbid-fault-semantics']);
    expect(warnings(declaration, '.semantics kf-forbid-fault')).toEqual([]);
  });
});

describe('families', () => {
  it('lists kfuncs that exist, each once', () => {
    const names = new Set(KFUNCS.map((k) => k.name));
    for (const { members } of FAMILIES) {
      expect(new Set(members).size).toBe(members.length);
      expect(members.filter((m) => !names.has(m))).toEqual([]);
    }
  });

  it('allow under a lock what the flag allows, module kfuncs aside', () => {
    const byFlag = KFUNCS.filter((k) => k.module === null && k.flags & KF_SPINLOCK_SAFE).map((k) => k.name);
    const byFamily = KFUNCS.filter((k) => k.module === null && k.families & ASKS.allowedUnderLockByFamily).map((k) => k.name);
    expect(byFamily.sort()).toEqual(byFlag.sort());
  });

  it('have the members of the table-driven series', () => {
    const members = (name: string): readonly string[] => FAMILIES.find((f) => f.name === name)?.members ?? [];
    expect(members('list-api')).toEqual(expect.arrayContaining(['bpf_list_push_front_impl', 'bpf_list_push_back_impl', 'bpf_list_pop_front', 'bpf_list_pop_back', 'bpf_list_front', 'bpf_list_back']));
    expect(members('list-node')).toEqual(expect.arrayContaining(['bpf_list_push_front_impl', 'bpf_list_push_back_impl']));
    expect(members('rbtree-api')).toEqual(expect.arrayContaining(['bpf_rbtree_add_impl', 'bpf_rbtree_remove', 'bpf_rbtree_first', 'bpf_rbtree_root', 'bpf_rbtree_left', 'bpf_rbtree_right']));
    expect(members('rbtree-node')).toEqual(expect.arrayContaining(['bpf_rbtree_remove', 'bpf_rbtree_add_impl', 'bpf_rbtree_left', 'bpf_rbtree_right']));
    expect([...members('res-spin-lock')].sort()).toEqual(['bpf_res_spin_lock', 'bpf_res_spin_lock_irqsave', 'bpf_res_spin_unlock', 'bpf_res_spin_unlock_irqrestore']);
  });
});
