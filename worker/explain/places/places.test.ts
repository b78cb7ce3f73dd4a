import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import '../../engine/verify.ts';
import type { ChainLink, Explanation } from '../../protocol.ts';
import { request, testSession } from '../../session/session.testkit.ts';

const session = testSession();

async function explained(source: string): Promise<Explanation> {
  const result = (await session.verify(request(source), () => undefined))!;
  return session.explain(result.run);
}

/** A link as `@3` (instruction) or `line 2`, and what it says. */
const said = ({ insn, span, why }: ChainLink): string =>
  `${insn === null ? (span === null ? '' : `line ${span.line}: `) : `@${insn}: `}${why}`;
const chain = (e: Explanation): string[] => e.chain.map(said);

describe('places of rejections before the walk', () => {
  test('a back-edge: the loop’s head, where it may be left, and the jump', async () => {
    const e = await explained(`.unprivileged
        r0 = 0
loop:   r0 += 1
        if r0 > 9 goto out
        goto loop
out:    exit
`);
    expect(chain(e)).toEqual([
      'line 1: The program is loaded without privileges (CAP_BPF)',
      '@1: The loop begins here',
      '@2: if r0 > 9 goto out: the loop may be left here',
      '@3: Rejected: back-edge from insn 3 to 1',
    ]);
    expect(e.chain.every((link) => link.step === null)).toBe(true);
    expect(e.missing).toMatchObject({ fact: 'no jump leads back to where the program has been', step: null });
  });

  test('unreachable code: what skips it, and how far it reaches', async () => {
    const e = await explained(`        goto out
        r0 = 1
        r0 = 2
out:    r0 = 0
        exit
`);
    expect(chain(e)).toEqual([
      '@0: goto out always goes to instruction 3, never to the next one',
      '@3: It goes on here instead',
      '@2: The part that nothing leads to reaches from instruction 1 to here',
      '@1: Rejected: unreachable insn 1',
    ]);
  });

  test('a jump out of its function: both functions, and the call that parts them', async () => {
    const e = await explained(`main:   call f
        if r0 == 0 goto end
        exit
f:      r0 = 0
end:    exit
`);
    expect(chain(e)).toEqual([
      '@0: main is instructions 0 to 2',
      '@0: call f: what stands at instruction 3 is the function f by this',
      '@4: The jump’s target belongs to f',
      '@1: Rejected: jump out of range from insn 1 to 4',
    ]);
  });

  test('recursion: each call of the circle', async () => {
    const e = await explained(`main:   call a
        exit
a:      call b
        exit
b:      call a
        exit
`);
    expect(chain(e)).toEqual([
      '@2: a begins here',
      '@2: a calls b',
      '@4: Rejected: recursive call from b() to a()',
    ]);
  });

  test('an encoding: the bytes, and the field that is wrong', async () => {
    const e = await explained('.8byte 0x0000000000010085\nexit\n');
    expect(chain(e)).toEqual([
      '@0: Meant as a call: opcode 0x85, dst 0, src 0, off 1, imm 0',
      '@0: The offset (off) is 1, where 0 may stand',
      '@0: Rejected: BPF_CALL uses reserved fields',
    ]);
    expect(e.missing?.fact).toBe('off is 0');
  });

  test('a map’s value: the declaration and the load', async () => {
    const e = await explained('.c\nint counter;\n.endc\nr1 = counter+4 ll\nr0 = 0\nexit\n');
    expect(chain(e).slice(0, 2)).toEqual([
      'line 2: counter is in .bss, whose only variable it is: 4 bytes',
      '@0: r1 = counter+4 ll points 4 bytes into it',
    ]);
    expect(e.chain[0].span).toEqual({ line: 2, col: 5, endLine: 2, endCol: 12 });
  });

  test('a kfunc’s prototype: the argument where it is declared', async () => {
    const e = await explained(
      '.prog tc\n.c\nextern void f(char **a) __ksym __kf_flags();\n.endc\ncall f\nr0 = 0\nexit\n',
    );
    const argument = e.chain.find(({ why }) => why === 'Argument 1 is char **a')!;
    expect(argument.span).toEqual({ line: 3, col: 15, endLine: 3, endCol: 23 });
  });

  test('an attach target: its prototype, at the directive', async () => {
    const e = await explained('.prog fexit/do_exit\nr0 = 0\nexit\n');
    expect(chain(e)).toEqual([
      'line 1: The program attaches to void do_exit(long int code)',
      'line 1: The function never returns: what runs after it never would',
      "line 1: Rejected: Attaching fexit/fsession/fmod_ret to __noreturn function 'do_exit' is rejected.",
    ]);
  });

  test('a struct_ops member: its type, and those that programs may implement', async () => {
    const e = await explained(
      '.prog struct_ops/x\n.attach struct tcp_congestion_ops.get_info\nr0 = 0\nexit\n',
    );
    expect(chain(e)[0]).toMatch(
      /^line 2: The program is to be size_t \(\*get_info\)\(.*\) of struct tcp_congestion_ops$/,
    );
    expect(chain(e)[1]).toMatch(/^line 2: Programs may implement: .*\bssthresh\b/);
  });

  test('a global function’s prototype, when a call finds out', async () => {
    const e = await explained(
      '.prog kprobe\ncall f\nr0 = 0\nexit\n.func global int f(int *ctx __arg_ctx)\nr0 = 0\nexit\n',
    );
    expect(chain(e)).toContain('line 5: Argument 1 is int *ctx, tagged as ctx');
    expect(chain(e)).toContain('line 5: The kernel says of it: arg#0 should be `struct pt_regs *`');
  });
});

describe('places of rejections after the walk', () => {
  test('the stack: each call, and what makes each frame so large', async () => {
    const e = await explained(`main:   *(u8 *)(r10 - 300) = 0
        call f
        exit
f:      r2 = r10
        r2 += -296
        *(u64 *)(r2 + 0) = 0
        r0 = 0
        exit
`);
    expect(chain(e)).toEqual([
      '@0: main uses 304 bytes of stack: *(u8 *)(r10 - 300) = 0 reaches 300 bytes down',
      '@1: main calls f',
      '@3: f uses 304 bytes of stack, 608 together: r2 += -296 reaches 296 bytes down'.replace('@3', '@4'),
      '@1: Rejected: combined stack size of 2 calls is 608. Too large',
    ]);
  });

  test('an exception under a callback: where the callback is made one', async () => {
    const e = await explained(`.prog tc
.func main
r1 = 10
r2 = cb ll
r3 = 0
r4 = 0
call bpf_loop
r0 = 0
exit
.func long cb(u32 i, void *ctx)
r1 = 0
call bpf_throw
r0 = 0
exit
`);
    expect(chain(e)).toEqual([
      '@1: cb is given to the kernel as a callback',
      '@9: Rejected: bpf_throw kfunc (insn 9) cannot be called from callback subprog 1',
    ]);
  });
});

test('every rule outside of the walk that a program shows has a cause in its text', async () => {
  const programs = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../public/rules/programs.json'), 'utf8'),
  ) as Record<string, { readonly failing: string | null }>;
  const without: string[] = [];
  for (const [id, { failing }] of Object.entries(programs)) {
    if (failing === null || failing.length > 1500 || !/^(isa|cfg|attach|after|load)\./.test(id)) continue;
    const { rule, chain: links } = await explained(failing);
    if (
      rule !== null &&
      /^(isa|cfg|attach|after|load)\./.test(rule) &&
      links.every(({ kind }) => kind === 'refused')
    )
      without.push(id);
  }
  expect(without).toEqual([]);
}, 120_000);
