import { also, cases, join } from '../testing/cases.ts';
import { END, found } from '../testing/scenes.ts';

const MAPS = `.c
struct val { long a; long b; int c; int d; long e[3]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc`;

/** r0: the value; r1: a number of 0 to 7. */
const bounded = `${found()}\nr1 = *(u64 *)(r0 + 0)\nr1 &= 7`;

const UNPRIVILEGED = cases(`.unprivileged\n.prog socket\n${MAPS}`, [
  ['pointers that can be masked', `${bounded}\nr0 += r1\nr0 = *(u8 *)(r0 + 0)\n${END}`, `r2 = 1\nr2 -= r1\n${END}`, `r2 = *(u32 *)(r1 + 0)\nr1 += r2\n${END}`, `r2 = 1\nr1 -= r2\n${END}`, also(`r1 += 1\n${END}`)],
  ['how far a pointer may move at most', `${bounded}\nr0 += r1\nr0 = *(u8 *)(r0 + 0)\n${END}`, { 'r0 += r1': 'r0 -= r1' }, { 'r0 += r1': 'r0 += 47\nr0 += r1' }, { 'r0 += r1': 'r0 += 48\nr0 += r1' }, { 'r0 += r1': 'r0 += -1\nr0 += r1' }, also({ 'r0 += r1': 'r0 += 8\nr0 -= r1' }), { 'r0 += r1': 'r0 += 40\nr0 += r1\nr0 += r1' }],
  ['how far a stack pointer may move at most', `r1 = r10\nr1 += -511\nr2 = 8\nr1 += r2\n${END}`, { '-511': '-512' }, { 'r2 = 8': 'r2 = 511' }, { 'r2 = 8': 'r2 = -8' }, also({ 'r2 = 8': 'r2 = -1' }), { 'r1 += r2': 'r1 -= r2' }, also({ '-511': '-8', 'r2 = 8': 'r2 = -8' })],
]);

const LOOPS = cases('.prog tc', [
  ['an exception in a loop', `r6 = 0\nl: r6 += 1\nif r6 == 3 goto out\nif r6 != 5 goto l\nout: r0 = 0\nexit`, `l: r1 = 0\ncall bpf_throw\nif r0 == 1 goto l\nexit`, `r6 = r1\nl: call bpf_ktime_get_ns\nif r0 == 0 goto l\nr1 = 0\ncall bpf_throw\n${END}`, also(`call bpf_ktime_get_ns\nif r0 == 0 goto on\nr1 = 0\ncall bpf_throw\non: ${END}`)],
]);

const CALLBACKS = cases('.prog tc', [
  ['a callback of its own', `.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func long cb(u32 i, void *ctx)\n${END}`, `.func main\nr1 = 10\nr2 = main ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}`, `.func static int main(struct __sk_buff *ctx)\nr1 = 10\nr2 = main ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}`, { '.func long cb': '.func global long cb' }],
]);

export const CASES = join(UNPRIVILEGED, LOOPS, CALLBACKS);
