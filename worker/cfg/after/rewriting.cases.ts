import { also, cases } from '../../testing/cases.ts';

const filler = (slots: number): string =>
  `${slots % 2 === 0 ? '' : 'r3 = 1\n'}.rept ${Math.floor(slots / 2)}\nr3 = 1 ll\n.endr\n`;

/** A jump across that many slots, `own` of which are the given instructions. */
const across = (slots: number, inside: string, own: number): string =>
  `r6 = r1\nr2 = *(u32 *)(r1 + 0)\nr0 = 0\nif r2 == 0 goto end\n${inside}\n${filler(slots - own)}end: r0 = 0\nexit`;

/** A loop whose jump goes back that far. */
const back = (slots: number, inside: string, own: number): string =>
  `r7 = 0\nagain: r7 += 1\n${inside}\n${filler(slots - own - 2)}if r7 < 2 goto again\nr0 = 0\nexit`;

const CPU = 'call bpf_get_smp_processor_id';
const DIVISION = 'r1 = 3\nw0 s%= w1';
const ARRAY =
  '.c\nstruct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, long); } m SEC(".maps");\n.endc\n';
const LOOKUP = 'r2 = r10\nr2 += -4\n*(u32 *)(r2 + 0) = 0\nr1 = m ll\ncall bpf_map_lookup_elem';

/** Jumps of 16 bits across instructions that become several. */
export const CASES = cases('.prog socket\n.info none', [
  ['a jump across a call that is written out', across(32765, CPU, 1), across(32766, CPU, 1)],
  ['a jump back across a call that is written out', back(32766, CPU, 1), back(32767, CPU, 1)],
  ['a jump across a division', across(32759, DIVISION, 2), across(32760, DIVISION, 2)],
  [
    'a jump across a packet load',
    across(32762, 'r0 = *(u8 *)skb[0]', 1),
    across(32763, 'r0 = *(u8 *)skb[0]', 1),
  ],
  ['a jump across a lookup', ARRAY + across(32761, LOOKUP, 6), ARRAY + across(32762, LOOKUP, 6)],
  [
    'a jump across what is removed first',
    across(32767, `${CPU}\ngoto on\non: goto off\noff:`, 3),
    also(across(32767, `${CPU}\nr4 = 0\nif r4 == 0 goto on\nr5 = 1\non:`, 4)),
    across(32767, `${CPU}\nr4 = 0\nif r4 == 0 goto on\non:`, 3),
  ],
]);
