import type { Program } from '../program/program.ts';
import { also, cases, join } from '../testing/cases.ts';
import { END } from '../testing/scenes.ts';

/** The program with another table: its map changed. */
const table =
  (change: Partial<Program['maps'][number]>) =>
  (p: Program): Program => ({ ...p, maps: p.maps.map((m, i) => (i === 0 ? { ...m, ...change } : m)) });

/** r1 = the table's entry at a random index below `count`, a power of two. */
const entry = (count: number, name = 'jt'): string => `call bpf_get_prandom_u32
r0 &= ${count - 1}
r0 <<= 3
r1 = ${name} ll
r1 += r0
r1 = *(u64 *)(r1 + 0)`;

const FOUR = `.jumptable jt a, b, a, c
${entry(4)}
gotox r1
a: r0 = 0
exit
b: r0 = 1
exit
c: r0 = 2
exit`;

const TABLES = cases('.prog socket', [
  [
    'a jump through a table',
    FOUR,
    { 'r0 &= 3': 'r0 &= 7' },
    also({ 'r0 &= 3': 'r0 &= 1' }),
    { 'r0 <<= 3': 'r0 <<= 2' },
    { '*(u64 *)(r1 + 0)': '*(u32 *)(r1 + 0)' },
    { '*(u64 *)(r1 + 0)': '*(u64 *)(r1 + 4)' },
    { '*(u64 *)(r1 + 0)': '*(u64 *)(r1 + 8)' },
    { '*(u64 *)(r1 + 0)': '*(u64 *)(r1 - 8)' },
    { 'jt a, b, a, c': 'jt a, b, a, 99' },
    { 'jt a, b, a, c': 'jt a, b, a, 4' },
    { 'jt a, b, a, c': 'jt 100, b, a, c' },
    also({ 'jt a, b, a, c': 'jt a, b, b+1, c', 'b: r0 = 1': 'b: r0 = 1\nr0 = 3' }),
    { 'jt a, b, a, c': 'jt a, b+1, a, c' },
    { 'gotox r1': 'gotox r2' },
    { 'gotox r1': 'gotox r10' },
    { 'gotox r1': 'r1 = 0\ngotox r1' },
    { '.jumptable': '.unprivileged\n.jumptable' },
    table({ frozen: false }),
    table({ frozen: false, data: null }),
  ],
  [
    'a fixed entry',
    `.jumptable jt a, b
r1 = jt+8 ll
r1 = *(u64 *)(r1 + 0)
gotox r1
a: r0 = r5
exit
b: r0 = 1
exit`,
    { 'jt+8': 'jt+0' },
    { 'jt+8': 'jt+4' },
    { 'jt+8': 'jt+16' },
    also({ 'jt+8 ll': 'jt+0 ll', '(r1 + 0)': '(r1 + 8)' }),
    also({ 'jt+8 ll': 'jt ll\nr1 += 16\nr1 += -8' }),
    { 'jt+8 ll': 'jt ll\nr1 += 9' },
  ],
  [
    'a pointer that was read from a table',
    `.jumptable jt a, b
r1 = jt+0 ll
r1 = *(u64 *)(r1 + 0)
gotox r1
a: r0 = 0
exit
b: r0 = 1
exit`,
    also({ 'gotox r1': '*(u64 *)(r10 - 8) = r1\nr2 = *(u64 *)(r10 - 8)\ngotox r2' }),
    { 'gotox r1': '*(u64 *)(r10 - 8) = r1\n*(u8 *)(r10 - 8) = 1\nr2 = *(u64 *)(r10 - 8)\ngotox r2' },
    also({ 'gotox r1': 'r3 = r1\ngotox r3' }),
    { 'gotox r1': 'r1 += 8\ngotox r1' },
    { 'gotox r1': 'r1 -= 8\ngotox r1' },
    { 'gotox r1': 'r1 += 16\ngotox r1' },
    { 'gotox r1': 'r1 ^= 8\ngotox r1' },
    { 'gotox r1': 'w1 = w1\ngotox r1' },
    { 'gotox r1': 'r2 = *(u64 *)(r1 + 0)\ngotox r1' },
    { 'gotox r1': '*(u64 *)(r1 + 0) = 0\ngotox r1' },
    { 'gotox r1': 'r6 = r1\ncall bpf_get_prandom_u32\ngotox r1' },
    also({ 'gotox r1': 'r6 = r1\ncall bpf_get_prandom_u32\ngotox r6' }),
    also({ 'gotox r1': 'if r1 == 0 goto a\ngotox r1' }),
    { 'r1 = *(u64 *)(r1 + 0)': '*(u64 *)(r1 + 0) = 0' },
    { 'r1 = *(u64 *)(r1 + 0)': 'r2 = 1\nlock *(u64 *)(r1 + 0) += r2' },
    { 'r1 = *(u64 *)(r1 + 0)\n': '' },
  ],
  [
    'loops through a table',
    `.jumptable jt again, out
r6 = 0
again: r6 += 1
if r6 > 8 goto out
${entry(2)}
gotox r1
out: r0 = 0
exit`,
    { 'r6 += 1': 'r6 += 0' },
    { 'jt again, out': 'jt again, again', 'if r6 > 8 goto out\n': '' },
  ],
  [
    'two tables of one function',
    `.jumptable one a, b
.jumptable two c, d
${entry(2, 'one')}
gotox r1
a: ${entry(2, 'two')}
gotox r1
b: r0 = 0
exit
c: r0 = 1
exit
d: r0 = 2
exit`,
    { 'two c, d': 'two c, 99' },
    { 'two c, d': 'two c, d+1' },
    { 'two c, d': 'two c, b' },
    also({ 'two c, d': 'two c, b, d' }),
    also({ '.jumptable two c, d': '.jumptable two c\n.jumptable two d' }),
  ],
  [
    'tables of two functions',
    `.jumptable one a, b
.jumptable two c, d
.func int main(struct __sk_buff *ctx)
call f
${entry(2, 'one')}
gotox r1
a: r0 = 0
exit
b: r0 = 1
exit
.func int f(void)
${entry(2, 'two')}
gotox r1
c: r0 = 2
exit
d: r0 = 3
exit`,
    { 'two c, d': 'two c, b' },
    { 'one a, b': 'one a, c' },
    { 'two c, d': 'two a, b' },
    { 'one a, b': 'one f, f' },
    also({ '.func int f': '.func global int f' }),
  ],
  [
    'a jump that every path ends in',
    `.jumptable jt a
r1 = jt ll
r1 = *(u64 *)(r1 + 0)
goto last
a: r0 = 0
exit
last: gotox r1`,
    { 'jt a': 'jt last' },
    { '.jumptable jt a\n': '', 'r1 = jt ll\nr1 = *(u64 *)(r1 + 0)\n': '' },
  ],
  [
    'what is known at the target',
    `.jumptable jt a, b
r7 = 0
${entry(2)}
gotox r1
a: r7 += -8
b: r2 = r10
r2 += r7
*(u64 *)(r2 - 16) = 0
${END}`,
    { 'r7 += -8': 'r7 += -504' },
    { 'r2 += r7': 'r2 += r1' },
  ],
]);

const DECLARED = `.c
struct { __uint(type, BPF_MAP_TYPE_INSN_ARRAY); __uint(max_entries, 2); __uint(key_size, 4); __uint(value_size, 16); } jt SEC(".maps");
.endc
.jumptable jt a, b`;

const MAPS = cases(`.prog socket\n${DECLARED}`, [
  [
    'a table that is a declared map',
    `r1 = jt[0] ll
r1 = *(u64 *)(r1 + 0)
gotox r1
a: r0 = 0
exit
b: r0 = 1
exit`,
    { 'jt[0]': 'jt' },
    { 'r1 = jt[0] ll\nr1 = *(u64 *)(r1 + 0)\ngotox r1': 'r1 = jt ll\ngotox r1' },
    `*(u32 *)(r10 - 4) = 0
r2 = r10
r2 += -4
r1 = jt ll
call bpf_map_lookup_elem
a: r0 = 0
b: exit`,
    `*(u64 *)(r10 - 16) = 0
*(u64 *)(r10 - 8) = 0
*(u32 *)(r10 - 20) = 0
r2 = r10
r2 += -20
r3 = r10
r3 += -16
r4 = 0
r1 = jt ll
call bpf_map_update_elem
a: r0 = 0
b: exit`,
    `r1 = r10
r1 += -8
*(u64 *)(r10 - 8) = 0
r2 = 4
r3 = jt[0] ll
call bpf_strncmp
a: r0 = 0
b: exit`,
  ],
]);

export const CASES = join(TABLES, MAPS);
