/** A loop with a branch and a function, made from lines of two C files. */
export const LOOP_IN_C = `.prog tc
.license GPL

main:
; int sum = 0, i; @ prog.c:10
	r6 = 0
	r7 = 0
; for (i = 0; i < 30; i++) { @ prog.c:12
loop:
	call bpf_get_prandom_u32
; if (rnd() > 60) @ prog.c:13
	if r0 > 60 goto skip
; sum += rnd() & 15; @ prog.c:14
	r0 &= 15
	r7 += r0
; for (i = 0; i < 30; i++) { @ prog.c:12
skip:
	r6 += 1
	*(u64 *)(r10 - 8) = r6
	if r6 < 30 goto loop
; return scale(sum); @ prog.c:20
	r1 = r7
	call scale
	exit
scale:
; static int scale(int v) @ util.h:3
	r0 = r1
	r0 <<= 1
	exit
`;

/** A million steps of a loop that is walked round by round. */
export const COUNTING = `.prog tc
.license GPL

main:
	r6 = 0
loop:
	r7 = r6
	r7 &= 255
	r6 += 1
	if r6 < 240000 goto loop
	r0 = 0
	exit
`;

/** A function of many blocks: one branch after the other. */
export const manyBlocks = (branches: number): string => {
  const lines = Array.from(
    { length: branches },
    (_, i) => `\tif r6 == ${i} goto l${i}\n\tr6 += 1\nl${i}:\tr6 += 1\n`,
  );
  return `.prog tc\n.license GPL\n\nmain:\n\tr6 = 1\n${lines.join('')}\tr0 = 0\n\texit\n`;
};
