import { expect, test } from 'vitest';
import '../../engine/verify.ts';
import { request, testSession } from '../../session/session.testkit.ts';

const session = testSession();

/** What the card of a program says before the steps of its walk. */
async function grounds(source: string): Promise<string[]> {
  const { run } = (await session.verify(request(source), () => undefined))!;
  const { chain } = await session.explain(run);
  expect(chain.at(-1)).toMatchObject({ kind: 'refused' });
  return chain
    .filter(({ step }) => step === null)
    .map(({ insn, why }) => (insn === null ? why : `@${insn}: ${why}`));
}

test('a field that the type may not read: type, context and the field that is meant', async () => {
  // the kernel's types, which name the field, are fetched for programs that need them
  await session.verify(request('.prog fentry/do_exit\nr0 = 0\nexit\n'), () => undefined);
  expect(await grounds('.prog xdp\nr0 = *(u64 *)(r1 + 8)\nexit\n')).toEqual([
    'The program’s type is xdp: its context is struct xdp_md',
    '@0: r0 = *(u64 *)(r1 + 8) reads bytes 8 to 15 of it, where data_meta begins',
    '@0: R1 is ctx() since prog began',
  ]);
});

test('a register that nobody wrote: what the function begins with', async () => {
  expect(await grounds('main: r0 = r2\nexit\n')).toEqual([
    '@0: main begins with R1, its context, and R10, its stack; R2 has no value',
  ]);
});

test('a helper of other types: which those are', async () => {
  const [type, who] = await grounds('.prog socket\nr1 = 0\ncall bpf_get_retval\nr0 = 0\nexit\n');
  expect(type).toBe('The program’s type is socket_filter');
  expect(who).toMatch(/^@1: bpf_get_retval is for .*cgroup_sockopt/);
});

test('a call that libbpf could not make', async () => {
  expect(await grounds('r0 = 0\ncall 195896080\nexit\n')).toEqual([
    '@1: The number 195896080 was put there by libbpf: what it replaces needs a type or field that this kernel does not have',
  ]);
});

test('a call of a global function: its prototype', async () => {
  expect(
    await grounds(
      '.prog tc\nr1 = 1\ncall f\nr0 = 0\nexit\n.func global int f(struct __sk_buff *ctx)\nr0 = 0\nexit\n',
    ),
  ).toContain('The call is judged by the prototype alone: int f(struct __sk_buff *ctx)');
});

test('an exception callback that takes too much: who names it, and its prototype', async () => {
  const program = `.prog tc
.c
int main(struct __sk_buff *ctx) __attribute__((btf_decl_tag("exception_callback:catch")));
.endc
.func main
r1 = 0
call bpf_throw
r0 = 0
exit
.func global int catch(int a, int b)
r0 = 0
exit
`;
  expect(await grounds(program)).toEqual(['catch is called for exceptions', 'It is int catch(int a, int b)']);
});
