/** Pieces that many case programs begin with. */

/** Maps `m` (an array of one 48-byte value), `h` (a hash of such values) and the two-word struct `pair`. */
export const MAPS = `.c
struct pair { long a; long b; };
struct val { long a; long b; int c; int d; long e[3]; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 2); __type(key, int); __type(value, struct val); } m SEC(".maps");
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 2); __type(key, long); __type(value, struct val); } h SEC(".maps");
.endc`;

/** r0 = the value of `map` at key 0, which may be NULL. Uses 4 bytes of stack, or 8. */
export const look = (map = 'm', key = 4): string => `*(u64 *)(r10 - 8) = 0
r2 = r10
r2 += -${key}
r1 = ${map} ll
call bpf_map_lookup_elem`;

/** r0 = the value of `map` at key 0; the program ends where there is none. */
export const found = (map = 'm', key = 4): string => `${look(map, key)}
if r0 != 0 goto have
r0 = 0
exit
have:`;

/** r2 = the packet's first byte, r3 = its end, for a program whose context has them at these offsets. */
export const packet = (data: number, end: number): string => `r2 = *(u32 *)(r1 + ${data})
r3 = *(u32 *)(r1 + ${end})`;

/** Ends well. */
export const END = 'r0 = 0\nexit';
