import { also, cases, join } from '../testing/cases.ts';
import { END, found, look, MAPS, packet } from '../testing/scenes.ts';

const SCALARS = cases('', [
  ['a register is read only when something was put there', 'r2 = 1\nr0 = r2\nexit', { 'r2 = 1': 'r3 = 1' }, 'w0 = w2\nexit', 'r5 = -r5\nr0 = 0\nexit', 'r0 += 1\nexit'],
  ['a call forgets the argument registers', 'r6 = 1\ncall bpf_ktime_get_ns\nr0 = r6\nexit', 'r1 = 1\ncall bpf_ktime_get_ns\nr0 = r1\nexit', 'r5 = 1\ncall bpf_ktime_get_ns\nr0 = r5\nexit'],
  ['r0 is there at exit', 'r0 = 0\nexit', 'exit', 'r1 = 0\nexit'],
  ['the frame pointer stays', 'r1 = r10\nr0 = 0\nexit', { 'r1 = r10': 'r10 = r1' }, { 'r1 = r10': 'r10 += 8' }, { 'r1 = r10': 'r10 = 0' }, { 'r1 = r10': 'r10 = *(u64 *)(r10 - 8)' }, { 'r1 = r10': 'w10 = w10' }],
  ['division by a constant', 'r0 = 6\nr0 /= 1\nexit', { '/= 1': '/= 0' }, { 'r0 /= 1': 'w0 /= 0' }, { 'r0 /= 1': 'r0 %= 0' }, { 'r0 /= 1': 'r0 s/= 0' }, { 'r0 /= 1': 'w0 s%= 0' }],
  ['division by a register may be by zero', 'r0 = 6\nr1 = 0\nr0 /= r1\nexit'],
  ['a shift stays below the width', 'r0 = 1\nr0 <<= 63\nexit', { '63': '64' }, { 'r0 <<= 63': 'w0 <<= 32' }, { 'r0 <<= 63': 'r0 s>>= 64' }, { 'r0 <<= 63': 'r0 >>= -1' }, { 'r0 <<= 63': 'w0 >>= 32' }],
  ['a shift of 32 bits stays below 32', 'r0 = 1\nw0 <<= 31\nexit'],
  ['a shift by a register may be too far', 'r0 = 1\nr1 = 64\nr0 <<= r1\nexit'],
]);

const KINDS = cases(MAPS, [
  ['two pointers', `r2 = r10\nr2 += -8\nr0 = 0\nexit`, { 'r2 += -8': 'r2 += r10' }, { 'r2 += -8': 'r2 |= r10' }, { 'r2 += -8': 'r2 *= r10' }, { 'r2 += -8': 'w2 += w10' }],
  ['a difference of pointers is a number', `r2 = r10\nr2 -= r10\nr0 = 0\nexit`],
  ['arithmetic on the stack pointer', `r2 = r10\nr2 += -8\nr0 = 0\nexit`, { 'r2 += -8': 'r2 *= 8' }, { 'r2 += -8': 'r2 &= 8' }, { 'r2 += -8': 'r2 |= 8' }, { 'r2 += -8': 'r2 ^= 8' }, { 'r2 += -8': 'r2 <<= 8' }, { 'r2 += -8': 'r2 /= 8' }, { 'r2 += -8': 'r2 %= 8' }, { 'r2 += -8': 'r2 >>= 1' }, { 'r2 += -8': 'r2 s>>= 1' }, also({ 'r2 += -8': 'r2 = -r2' }), also({ 'r2 += -8': 'r2 = be64 r2' })],
  ['negation of a stack pointer, unprivileged', `.unprivileged\nr2 = r10\nr2 += -8\nr0 = 0\nexit`, { 'r2 += -8': 'r2 = -r2' }, { 'r2 += -8': 'r2 = be64 r2' }],
  ['a pointer in half', `.unprivileged\nr2 = r10\nr0 = 0\nexit`, { 'r2 = r10': 'w2 = w10' }],
  ['a pointer, sign-extended', `.unprivileged\nr2 = 5\nr2 = (s32)r2\nr0 = 0\nexit`, { 'r2 = 5': 'r2 = r10' }, { 'r2 = 5': 'r2 = r10', '(s32)r2': '(s8)r2' }, { 'r2 = 5': 'r2 = r10', 'r2 = (s32)r2': 'w2 = (s8)w2' }],
  ['a pointer, sign-extended, privileged', `r2 = 5\nr2 = (s16)r2\nr0 = 0\nexit`, also({ 'r2 = 5': 'r2 = r10' })],
  ['32 bits of a stack pointer', `r2 = r10\nr2 += 8\nr0 = 0\nexit`, { 'r2 += 8': 'w2 += 8' }, also({ 'r2 += 8': 'w2 -= 8' })],
  ['a context pointer', `r1 += 4\nr0 = 0\nexit`, { 'r1 += 4': 'r1 |= 4' }],
  ['a number minus a pointer', `r2 = r10\nr3 = 8\nr2 += r3\nr0 = 0\nexit`, { 'r2 += r3': 'r3 -= r2' }, { 'r2 += r3': 'r2 -= r3' }],
  ['a number plus a pointer is a pointer', `r2 = -8\nr2 += r10\n*(u64 *)(r2 + 0) = 1\nr0 = 0\nexit`],
  ['a variable off the stack pointer', `r2 = *(u32 *)(r1 + 0)\nr2 &= 7\nr3 = r10\nr3 += r2\nr0 = 0\nexit`, { 'r2 &= 7\n': '', 'r3 += r2': 'r2 <<= 1\nr2 s>>= 1\nr2 *= r2\nr3 += r2' }],
  ['an offset below 2^29', `${found()}\nr0 += 536870911\n${END}`, { '536870911': '536870912' }, { '+= 536870911': '+= -536870912' }],
  ['a number below 2^29', `${found()}\nr1 = 536870911 ll\nr0 += r1\n${END}`, { '536870911 ll': '1073741824 ll' }, { '536870911 ll': '-1073741824 ll' }],
  ['the sum of offsets below 2^29', `${found()}\nr0 += 400000000\nr0 += 100000000\n${END}`, { '+= 100000000': '+= 400000000' }],
  ['a number known from below', `${found()}\nr1 = *(u64 *)(r0 + 0)\nr1 &= 15\nr0 += r1\n${END}`, { 'r1 &= 15\n': '' }, { '&= 15': 's>>= 1' }],
  ['a bounded variable offset', `${found()}\nr1 = *(u64 *)(r0 + 0)\nif r1 > 40 goto out\nr0 += r1\nr0 = *(u8 *)(r0 + 0)\nout: r0 = 0\nexit`, { 'r1 > 40': 'r1 s> 40' }, { '> 40': '> 48' }, { 'if r1 > 40': 'if r1 == 40' }],
  ['a value that may be NULL', `${found('h', 8)}\nr0 += 8\n${END}`, `${look('h', 8)}\nr0 += 8\n${END}`, `${look('h', 8)}\nr0 -= 8\n${END}`],
  ['a map itself', `r1 = m ll\n${END}`, `r1 = m ll\nr1 += 1\n${END}`, `r1 = m ll\nr1 -= 8\n${END}`, `r1 = m ll\nr2 = 4\nr1 += r2\n${END}`],
  ['a map itself plus 0', `r1 = m ll\nr1 += 0\n${END}`],
  ['the packet\'s end', `.prog tc\n${packet(76, 80)}\nr3 = r3\n${END}`, { 'r3 = r3': 'r3 += 0' }, { 'r3 = r3': 'r3 -= 1' }],
  ['the packet', `.prog tc\n${packet(76, 80)}\nr2 += 1\n${END}`, { 'r2 += 1': 'w2 += 1' }, { 'r2 += 1': 'r2 *= 1' }],
  ['a number minus the packet\'s end', `.prog tc\n${packet(76, 80)}\nr3 -= r2\n${END}`, { 'r3 -= r2': 'r4 = 0\nr4 -= r2' }],
  ['a function', `.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func long cb(u32 i, void *ctx)\n${END}`, { 'r3 = 0': 'r2 += 8\nr3 = 0' }],
  ['a socket', `.prog tc\nr2 = *(u64 *)(r1 + 168)\nif r2 == 0 goto out\nr2 = r2\nout: r0 = 0\nexit`, { 'r2 = r2': 'r2 += 0' }, { 'if r2 == 0 goto out\n': '', 'r2 = r2': 'r2 += 4' }],
  ['the packet\'s keys', `.prog flow_dissector\nr2 = *(u64 *)(r1 + 144)\nr2 += 0\nr0 = *(u32 *)(r2 + 0)\n${END}`, { 'r2 += 0': 'r2 *= 2' }],
  ['a buffer of a ring', `.c
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } rb SEC(".maps");
.endc
r1 = rb ll\nr2 = 8\nr3 = 0\ncall bpf_ringbuf_reserve\nif r0 == 0 goto out\nr1 = r0\nr1 += 0\nr2 = 0\ncall bpf_ringbuf_submit\nout: r0 = 0\nexit`, { 'r1 += 0': 'r1 += 8' }, { 'r1 += 0': 'r1 -= 1' }],
]);

const SPECULATION = cases(`.unprivileged\n${MAPS}`, [
  ['a bounded index', `${found()}\nr1 = *(u64 *)(r0 + 0)\nr1 &= 15\nr0 += r1\nr0 = *(u8 *)(r0 + 0)\n${END}`, { 'r1 &= 15': 'r1 s>>= 60' }],
  ['an index of one sign', `${found()}\nr1 = *(u64 *)(r0 + 0)\nif r1 s> 15 goto out\nif r1 s< 0 goto out\nr0 += r1\nr0 = *(u8 *)(r0 + 0)\nout: r0 = 0\nexit`, { 'if r1 s< 0': 'if r1 s< -1' }],
  ['the same pointer on all paths', `${found()}\nr1 = *(u64 *)(r0 + 0)\nr2 = 8\nif r1 == 0 goto on\nr2 = 8\non: r0 += r2\nr0 = *(u8 *)(r0 + 0)\n${END}`, { 'goto on\nr2 = 8': 'goto on\nr2 = -8' }, { 'goto on\nr2 = 8': 'goto on\nr2 = r0' }],
  ['not beyond the value', `${found()}\nr1 = 40\nr0 += r1\nr0 = *(u64 *)(r0 + 0)\n${END}`, { 'r1 = 40': 'r1 = 49' }, { 'r0 += r1': 'r0 += 49' }, { 'r1 = 40': 'r1 = -1' }],
  ['the stack at known places', `r2 = r10\nr2 += -8\n*(u64 *)(r2 + 0) = 0\n${END}`, { '-8': '-513' }, { '-8': '1' }, `r3 = *(u32 *)(r1 + 0)\nr3 &= 8\nr2 = r10\nr2 += -16\nr2 += r3\n${END}`],
  ['the packet has no place in a cgroup program', `.prog cgroup_skb/ingress\nr2 = *(u32 *)(r1 + 0)\nr0 = 1\nexit`, { 'r1 + 0': 'r1 + 76' }],
  ['a number on one path, a pointer on the other', `${found()}\nr1 = *(u64 *)(r0 + 0)\nr2 = r0\nif r1 == 0 goto on\nr2 = r0\non: r2 += 4\nr0 = 0\nexit`, also({ 'goto on\nr2 = r0': 'goto on\nr2 = 0' })],
  ['subtraction from the stack pointer', `r2 = r10\nr3 = -8\nr2 += r3\n${END}`, { 'r2 += r3': 'r2 -= r10' }],
]);

const BRANCHES = cases(MAPS, [
  ['numbers of all kinds', `r2 = *(u32 *)(r1 + 0)\nif r2 > 3 goto out\nout: r0 = 0\nexit`, { 'if r2': 'if r4' }],
  ['pointer and NULL', `.unprivileged\n${look()}\nif r0 == 0 goto out\nout: r0 = 0\nexit`, { 'r0 == 0': 'r0 == 1' }, { 'r0 == 0': 'r0 > 0' }, { 'if r0 == 0': 'if w0 == 0' }],
  ['pointers of the same packet', `.prog tc\n${packet(76, 80)}\nif r2 > r3 goto out\nout: r0 = 0\nexit`],
  ['pointers, unprivileged', `.unprivileged\nr2 = 1\nr3 = 1\nif r2 > r3 goto out\nout: r0 = 0\nexit`, { 'r2 = 1': 'r2 = r10' }, { 'r3 = 1': 'r3 = r10' }, { 'r2 = 1': 'r2 = r10', 'r2 > r3': 'w2 > 3' }],
  ['both operands are there', `r2 = 1\nr3 = 1\nif r2 > r3 goto out\nout: r0 = 0\nexit`, { 'r3 = 1\n': '' }, { 'r2 = 1\n': '' }],
]);

const FUNCTIONS = cases('', [
  ['a callback is static and not the program', `.func main\nr1 = 10\nr2 = cb ll\nr3 = 0\nr4 = 0\ncall bpf_loop\n${END}\n.func long cb(u32 i, void *ctx)\n${END}`, { '.func long cb(u32': '.func global long cb(u32' }, { 'r2 = cb ll': 'r2 = main ll' }, (p) => ({ ...p, funcInfo: [] , lineInfo: [], btf: null })],
]);

export const CASES = join(SCALARS, KINDS, SPECULATION, BRANCHES, FUNCTIONS);
