import { expect, test } from 'vitest';
import '../../engine/verify.ts';
import { request, testSession } from '../../session/session.testkit.ts';
import { applyEdits } from '../edits.ts';

const PROGRAM = `.prog   raw_tp
.license GPL
.c
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } rb SEC(".maps");
.endc
main:   r6 = *(u64 *)(r1 + 0)
        r1 = rb ll
        r2 = 8
        r3 = 0
        call bpf_ringbuf_reserve
        if r0 == 0 goto out
        r8 = r0
        *(u64 *)(r8 + 0) = r6
        if r6 == 7 goto out
        r1 = r8
        r2 = 0
        call bpf_ringbuf_submit
out:    r0 = 0
        exit
`;

test('what a jump leads past the release is given back on its way: others come to the same place and own nothing', async () => {
  const session = testSession();
  const judged = async (source: string) => (await session.verify(request(source), () => undefined))!;
  const result = await judged(PROGRAM);
  expect(result.rule).toBe('context.referenceLeak');
  const { fixes } = await session.explain(result.run);
  const fix = fixes.find(({ title }) => title === 'Release it with bpf_ringbuf_discard on the way to out');
  expect(fix, fixes.map(({ title }) => title).join('\n')).toBeDefined();
  const mended = applyEdits(PROGRAM, fix!.edits);
  expect(mended).toContain('if r6 == 7 goto give_back\n');
  expect(mended).toContain(
    `        exit
give_back:
        r1 = r8
        r2 = 0
        call bpf_ringbuf_discard
        goto out
`,
  );
  expect((await judged(mended)).message).toBe('');
});
