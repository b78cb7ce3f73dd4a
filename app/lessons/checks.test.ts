import { describe, expect, test } from 'vitest';
import { request, testSession } from '../../worker/session/session.testkit.ts';
import { parseCheck } from './checks.ts';

const session = testSession();

const PROGRAM = `.prog tc
.c
struct bpf_spin_lock glock SEC(".bss.A");
extern void my_op(int n) __ksym __kf_flags(KF_SPINLOCK_SAFE);
.endc
main:
        call bpf_get_prandom_u32
        r7 = r0
        if r7 > 100 goto out
        r1 = glock ll
        call bpf_spin_lock
        r1 = 1
        call my_op                  // never mind
        call add
        r1 = glock ll
        call bpf_spin_unlock
out:    r0 = 0
        exit
.func add
        r0 = 1
        exit
`;

async function holds(line: string, source = PROGRAM, answered = false): Promise<boolean> {
  const result = (await session.verify(request(source), () => undefined))!;
  const flags = new Map((await session.about()).kfuncFlags.map(({ bit, name }) => [name, bit]));
  return parseCheck(`${line} | words`).holds({ result, source, flags, answered });
}

describe('the check language', () => {
  test.each([
    ['accepted', true],
    ['rejected', false],
    ['rejected by reg.notReadable', false],
    ['calls my_op', true],
    ['calls my_op while lock', true],
    ['calls my_op outside lock', false],
    ['calls bpf_get_prandom_u32 outside lock', true],
    ['calls bpf_get_prandom_u32 while lock', false],
    ['calls bpf_get_prandom_u32 2 times', false],
    ['calls bpf_get_prandom_u32 1 times', true],
    ['calls add while lock', true],
    ['calls bpf_map_lookup_elem', false],
    ['walks r7 = r0', true],
    ['walks r~ = 1 while lock', true],
    ['walks r7 = ~ while lock', false],
    ['walks r7 = ~ outside lock', true],
    ['walks call bpf_spin_lock#~ after r7 = r0', true],
    ['walks r7 = r0 after call bpf_spin_lock#~', false],
    ['never r9 = ~', true],
    ['never r7 = ~', false],
    ['visits r7 = r0 >= 1', true],
    ['visits r7 = r0 >= 2', false],
    ['processed <= 40', true],
    ['processed <= 3', false],
    ['paths >= 2', true],
    ['instructions <= 5', false],
    ['kfunc my_op has KF_SPINLOCK_SAFE', true],
    ['kfunc my_op lacks KF_SLEEPABLE', true],
    ['kfunc my_op has KF_SLEEPABLE', false],
    ['function add is static', true],
    ['function add is global', false],
    ['semantics none', true],
    ['semantics kf-forbid-fault', false],
    ['keeps .prog tc', true],
    ['keeps never mind', false],
    ['answered', false],
  ])('%s: %s', async (line, expected) => {
    expect(await holds(line)).toBe(expected);
  });

  test('rejections by rule; a question that was answered', async () => {
    expect(await holds('rejected by reg.notReadable', 'r0 = r2\nexit\n')).toBe(true);
    expect(await holds('answered', PROGRAM, true)).toBe(true);
  });

  test('a text that is no program passes nothing, not even what it lacks', async () => {
    expect(await holds('never r9 = ~', 'r0 = \n')).toBe(false);
  });

  test('what is no check is refused', () => {
    expect(() => parseCheck('accepts | words')).toThrow('is no check');
    expect(() => parseCheck('accepted')).toThrow('without words');
  });
});
