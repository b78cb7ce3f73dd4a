import { also, cases, join } from '../testing/cases.ts';
import { END } from '../testing/scenes.ts';

/** r2 = a number of 0..7 that nobody knows. */
const UNKNOWN = (mask: number): string => `r2 = *(u32 *)(r1 + 0)\nr2 &= ${mask}`;

const FIXED = cases('', [
  ['what was written can be read', `*(u64 *)(r10 - 8) = 1\nr0 = *(u64 *)(r10 - 8)\nexit`, also({ '(u64 *)(r10 - 8) = 1': '(u32 *)(r10 - 8) = 1' }), also({ '(r10 - 8) = 1': '(r10 - 16) = 1' })],
  ['unprivileged programs read only what was written', `.unprivileged\n*(u64 *)(r10 - 8) = 1\nr0 = *(u64 *)(r10 - 8)\nexit`, { '(u64 *)(r10 - 8) = 1': '(u32 *)(r10 - 8) = 1' }, { '(u64 *)(r10 - 8) = 1': '(u8 *)(r10 - 1) = 1' }, { '(r10 - 8) = 1': '(r10 - 16) = 1' }],
  ['the stack has 512 bytes', `*(u64 *)(r10 - 512) = 1\n${END}`, { '512': '520' }, { '(r10 - 512)': '(r10 + 0)' }, { '(u64 *)(r10 - 512)': '(u64 *)(r10 - 4)' }],
  ['reads stay inside', `*(u64 *)(r10 - 8) = 1\nr0 = *(u8 *)(r10 - 1)\nexit`, { 'r10 - 1)': 'r10 + 0)' }, { 'r10 - 1)': 'r10 - 513)' }, { 'u8 *)(r10 - 1': 'u64 *)(r10 - 4' }],
  ['through a copy', `r2 = r10\nr2 += -8\n*(u64 *)(r2 + 0) = 1\nr0 = *(u64 *)(r2 + 0)\nexit`, { '-8': '8' }, { '-8': '-520' }],
  ['accesses are aligned', `*(u64 *)(r10 - 8) = 1\nr0 = *(u32 *)(r10 - 4)\nexit`, { '*(u32 *)(r10 - 4)': '*(u32 *)(r10 - 5)' }, { '*(u64 *)(r10 - 8)': '*(u64 *)(r10 - 9)' }, { '*(u32 *)(r10 - 4)': '*(u16 *)(r10 - 3)' }],
  ['a pointer is spilled whole', `*(u64 *)(r10 - 8) = r1\nr0 = 0\nexit`, { 'u64': 'u32' }, { '*(u64 *)(r10 - 8) = r1': '*(u8 *)(r10 - 8) = r1' }, { 'r10 - 8': 'r10 - 12' }],
  ['a spilled pointer comes back', `*(u64 *)(r10 - 8) = r1\nr2 = *(u64 *)(r10 - 8)\nr0 = *(u32 *)(r2 + 0)\nexit`, { 'r2 = *(u64 *)(r10 - 8)': 'r2 = *(u32 *)(r10 - 8)' }, { 'r2 = *(u64 *)(r10 - 8)': 'r2 = *(u8 *)(r10 - 1)' }],
  ['a spilled pointer stays whole', `.unprivileged\n*(u64 *)(r10 - 8) = r1\n*(u64 *)(r10 - 8) = 0\n${END}`, { '*(u64 *)(r10 - 8) = 0': '*(u8 *)(r10 - 8) = 0' }, { '*(u64 *)(r10 - 8) = 0': '*(u32 *)(r10 - 4) = 0' }],
  ['a spilled pointer that was damaged is a number', `*(u64 *)(r10 - 8) = r1\nr2 = *(u64 *)(r10 - 8)\nr0 = *(u32 *)(r2 + 0)\nexit`, { 'r1\nr2': 'r1\n*(u8 *)(r10 - 8) = 0\nr2' }, { 'r1\nr2': 'r1\n*(u32 *)(r10 - 4) = 0\nr2' }],
  ['a spilled number comes back with its range', `r2 = *(u32 *)(r1 + 0)\nr2 &= 7\n*(u64 *)(r10 - 8) = r2\nr3 = *(u64 *)(r10 - 8)\nr4 = r10\nr4 += -16\n*(u64 *)(r10 - 16) = 0\nr4 += r3\nr0 = *(u8 *)(r4 + 0)\nexit`, { 'r3 = *(u64 *)(r10 - 8)': 'r3 = *(u64 *)(r10 - 8)\nr3 += 16' }, also({ 'r3 = *(u64 *)(r10 - 8)': 'r3 = *(u32 *)(r10 - 8)' }), { 'r3 = *(u64 *)(r10 - 8)': '*(u8 *)(r10 - 5) = r2\nr3 = *(u64 *)(r10 - 8)' }],
  ['half a spilled number', `r2 = 5\n*(u32 *)(r10 - 8) = r2\nr0 = *(u32 *)(r10 - 8)\nexit`, also({ 'r0 = *(u32 *)(r10 - 8)': 'r0 = *(u64 *)(r10 - 8)' }), also({ 'r0 = *(u32 *)(r10 - 8)': 'r0 = *(u64 *)(r10 - 16)' })],
  ['zero bytes stay zero', `*(u64 *)(r10 - 8) = 0\nr2 = *(u32 *)(r10 - 8)\nr3 = r10\nr3 += r2\nr0 = *(u8 *)(r3 - 8)\nexit`, { '*(u32 *)(r10 - 8)': '*(u16 *)(r10 - 10)' }],
  ['zero bytes stay zero, aligned', `*(u64 *)(r10 - 8) = 0\nr2 = *(u16 *)(r10 - 6)\nr3 = r10\nr3 += r2\nr0 = *(u8 *)(r3 - 8)\nexit`, { '*(u64 *)(r10 - 8) = 0': '*(u64 *)(r10 - 8) = 16777216' }, { '*(u64 *)(r10 - 8) = 0': '*(u64 *)(r10 - 8) = 0\n*(u8 *)(r10 - 5) = r1' }],
]);

const LEAKS = cases('.unprivileged', [
  ['bytes of a spilled pointer', `*(u64 *)(r10 - 8) = 0\nr0 = *(u8 *)(r10 - 8)\nexit`, { '= 0': '= r1' }, { '= 0': '= r1', 'r0 = *(u8 *)(r10 - 8)': 'r0 = *(u32 *)(r10 - 8)' }],
  ['a spilled pointer, whole', `*(u64 *)(r10 - 8) = r1\nr1 = *(u64 *)(r10 - 8)\nr0 = *(u32 *)(r1 + 0)\n${END}`, { 'r1 = *(u64 *)(r10 - 8)': 'r1 = *(u32 *)(r10 - 8)' }],
  ['a pointer on the stack, to a helper', `*(u64 *)(r10 - 8) = 1\n.c
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long); } h SEC(".maps");
.endc\nr1 = h ll\nr2 = r10\nr2 += -8\ncall bpf_map_lookup_elem\n${END}`, { '= 1\n': '= r10\n' }],
]);

const VARIABLE = cases('', [
  ['a read at a variable place', `*(u64 *)(r10 - 16) = 0\n*(u64 *)(r10 - 8) = 0\n${UNKNOWN(7)}\nr3 = r10\nr3 += r2\nr0 = *(u8 *)(r3 - 16)\nexit`, { '(r3 - 16)': '(r3 - 520)' }, { '(r3 - 16)': '(r3 - 1)' }, also({ '*(u64 *)(r10 - 16) = 0': '*(u64 *)(r10 - 24) = 0' })],
  ['a read at a place that is not bounded', `*(u64 *)(r10 - 8) = 0\n${UNKNOWN(7)}\nr3 = r10\nr3 += r2\nr0 = *(u8 *)(r3 - 8)\nexit`, { 'r2 &= 7': 'r2 <<= 3\nr2 |= 1\nr2 *= r2' }],
  ['a read at a variable place of the written, unprivileged', `.unprivileged\n*(u64 *)(r10 - 8) = 0\nr0 = *(u8 *)(r10 - 8)\nexit`, `.unprivileged\n*(u64 *)(r10 - 8) = 0\n${UNKNOWN(7)}\nr3 = r10\nr3 += -8\nr3 += r2\nr0 = *(u8 *)(r3 + 0)\nexit`],
  ['a write at a variable place', `${UNKNOWN(7)}\nr3 = r10\nr3 += -8\nr3 += r2\n*(u8 *)(r3 + 0) = 1\n${END}`, { 'r3 += -8': 'r3 += -7' }, { 'r3 += -8': 'r3 += -513' }, also({ '*(u8 *)(r3 + 0) = 1': '*(u8 *)(r3 + 0) = r10' }), { '*(u8 *)(r3 + 0) = 1': '*(u64 *)(r3 + 0) = 1' }],
  ['a write over a spilled pointer at a variable place', `*(u64 *)(r10 - 8) = 1\n${UNKNOWN(7)}\nr3 = r10\nr3 += -8\nr3 += r2\n*(u8 *)(r3 + 0) = 1\n${END}`, also({ '= 1\nr2': '= r1\nr2' })],
  ['a read over spills at a variable place', `*(u64 *)(r10 - 16) = 0\n*(u64 *)(r10 - 8) = 0\n${UNKNOWN(8)}\nr3 = r10\nr3 += -16\nr3 += r2\nr0 = *(u64 *)(r3 + 0)\nexit`, also({ '(r10 - 8) = 0': '(r10 - 8) = r1' }), { '(r10 - 8) = 0': '(r10 - 8) = r1', 'r0 = *(u64 *)(r3 + 0)': 'r0 = *(u64 *)(r3 + 0)\nr0 = *(u32 *)(r0 + 0)' }],
  ['a write of zero at a variable place keeps zero', `*(u64 *)(r10 - 8) = 0\n${UNKNOWN(7)}\nr3 = r10\nr3 += -8\nr3 += r2\n*(u8 *)(r3 + 0) = 0\nr4 = *(u8 *)(r10 - 1)\nr5 = r10\nr5 += r4\nr0 = *(u8 *)(r5 - 8)\nexit`, { '(r3 + 0) = 0': '(r3 + 0) = 9' }],
]);

const HELPERS = cases(`.c
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, long); } h SEC(".maps");
.endc`, [
  ['a helper reads a key', `*(u64 *)(r10 - 8) = 1\nr1 = h ll\nr2 = r10\nr2 += -8\ncall bpf_map_lookup_elem\n${END}`, { 'r2 += -8': 'r2 += -4' }, { 'r2 += -8': 'r2 += -520' }, { 'r2 += -8': 'r2 += 0' }, also({ '*(u64 *)(r10 - 8) = 1\n': '' }), also({ '*(u64 *)(r10 - 8) = 1': '*(u32 *)(r10 - 8) = 1' })],
  ['a helper reads a key, unprivileged', `.unprivileged\n*(u64 *)(r10 - 8) = 1\nr1 = h ll\nr2 = r10\nr2 += -8\ncall bpf_map_lookup_elem\n${END}`, { '*(u64 *)(r10 - 8) = 1\n': '' }, { '*(u64 *)(r10 - 8) = 1': '*(u32 *)(r10 - 8) = 1' }],
  ['a helper reads a key at a variable place', `*(u64 *)(r10 - 16) = 1\n*(u64 *)(r10 - 8) = 1\n${UNKNOWN(8)}\nr3 = r10\nr3 += -16\nr3 += r2\nr2 = r3\nr1 = h ll\ncall bpf_map_lookup_elem\n${END}`, { 'r3 += -16': 'r3 += -12' }, { 'r3 += -16': 'r3 += -520' }, also({ '*(u64 *)(r10 - 16) = 1\n': '' }), { 'r2 &= 8': 'r2 <<= 3\nr2 |= 1\nr2 *= r2' }],
  ['a helper reads a key at a variable place, unprivileged', `.unprivileged\n*(u64 *)(r10 - 8) = 1\nr2 = r10\nr2 += -8\nr1 = h ll\ncall bpf_map_lookup_elem\n${END}`, `.unprivileged\n*(u64 *)(r10 - 16) = 1\n*(u64 *)(r10 - 8) = 1\n${UNKNOWN(8)}\nr3 = r10\nr3 += -16\nr3 += r2\nr2 = r3\nr1 = h ll\ncall bpf_map_lookup_elem\n${END}`],
  ['a helper writes and fills', `.prog tracepoint/a/b\nr1 = r10\nr1 += -16\nr2 = 16\ncall bpf_get_current_comm\nr0 = *(u64 *)(r10 - 16)\nexit`, { 'r2 = 16': 'r2 = 17' }, { 'r2 = 16': 'r2 = 0' }, { 'r2 = 16': 'r2 = -1' }, also({ 'r0 = *(u64 *)(r10 - 16)': 'r0 = *(u64 *)(r10 - 24)' })],
  ['a helper writes at a variable place', `.prog tracepoint/a/b\nr2 = *(u64 *)(r1 + 8)\nr2 &= 8\nr1 = r10\nr1 += -24\nr1 += r2\nr2 = 16\ncall bpf_get_current_comm\n${END}`, { 'r1 += -24': 'r1 += -23' }],
  ['a helper writes a variable size', `.prog tracepoint/a/b\nr2 = *(u64 *)(r1 + 8)\nr2 &= 15\nr2 += 1\nr1 = r10\nr1 += -16\ncall bpf_get_current_comm\n${END}`, { 'r2 += 1': 'r2 += 2' }, { 'r2 += 1': 'r2 += 0' }, { 'r2 &= 15\n': '' }, { 'r2 &= 15': 'r2 s>>= 1' }],
  ['size zero where it is allowed', `.prog tracepoint/a/b\nr1 = r10\nr1 += -8\nr2 = 0\nr3 = 0\ncall bpf_probe_read_kernel\n${END}`, { 'r2 = 0': 'r2 = 9' }, { 'r1 = r10\nr1 += -8': 'r1 = 0' }],
  ['zero bytes past the end', `.prog tracepoint/a/b\nr1 = r10\nr1 += -8\nr2 = 0\nr3 = 0\ncall bpf_probe_read_kernel\n${END}`, { 'r1 += -8': 'r1 += 8' }, { 'r1 += -8': 'r1 += 0' }, { 'r1 += -8': 'r1 += -513' }],
]);

const FRAMES = cases('', [
  ['a frame writes what it is given', `r1 = r10\nr1 += -8\ncall f\nr0 = *(u64 *)(r10 - 8)\nexit\nf: *(u64 *)(r1 + 0) = 1\n${END}`, { '(u64 *)(r1 + 0) = 1': '(u64 *)(r1 + 0) = r10' }, { '(u64 *)(r1 + 0) = 1': '(u64 *)(r1 + 8) = 1' }, { '(u64 *)(r1 + 0) = 1': '(u64 *)(r1 + 0) = r1' }],
  ['a frame does not hand its stack back', `call f\n${END}\nf: *(u64 *)(r10 - 8) = 1\n${END}`, { '= 1\nr0 = 0': '= 1\nr0 = r10' }],
  ['a frame does not hand its stack back, in part', `call f\n${END}\nf: r0 = r10\nr0 = 5\nexit`, { 'r0 = 5': 'r0 += -8' }],
]);

export const CASES = join(FIXED, LEAKS, VARIABLE, HELPERS, FRAMES);
