import { describe, expect, test } from 'vitest';
import '../../engine/verify.ts';
import type { VerifierWorker } from '../../protocol.ts';
import { applyEdits } from '../edits.ts';

/** A program that is refused, a fix that must be offered by this title, and lines that its text then has. */
export interface FixCase {
  readonly name: string;
  readonly program: string;
  readonly rule: string;
  readonly title: string;
  readonly lines: readonly string[];
}

export const HASH = `.c
struct { __uint(type, BPF_MAP_TYPE_HASH); __uint(max_entries, 4); __type(key, long long); __type(value, long long); } m SEC(".maps");
.endc
`;
export const RINGBUF = `.c
struct { __uint(type, BPF_MAP_TYPE_RINGBUF); __uint(max_entries, 4096); } rb SEC(".maps");
.endc
`;

/** A socket looked up in r0: r6 holds the context. */
export const LOOKUP = `        r6 = r1
        r2 = 0
        *(u64 *)(r10 - 8) = r2
        *(u64 *)(r10 - 16) = r2
        r2 = r10
        r2 += -16
        r3 = 12
        r4 = 0
        r5 = 0
        call bpf_sk_lookup_tcp
`;

async function verified(session: VerifierWorker, source: string) {
  const request = { source, semantics: null, kfuncFlags: {}, trace: true };
  return (await session.verify(request, () => undefined))!;
}

/** The fixes that are offered for a program. */
export async function fixesFor(session: VerifierWorker, program: string) {
  return (await session.explain((await verified(session, program)).run)).fixes;
}

/** Tests that each program is refused by its rule, that the fix is offered as more than a last resort, and that it mends the program. */
export function testFixes(session: VerifierWorker, name: string, cases: readonly FixCase[]): void {
  // what is offered depends on how much can be tried in the time that a reader waits: a busy machine gets another chance
  describe(name, { retry: 2 }, () => {
    test.each(cases)('$name', async ({ program, rule, title, lines }) => {
      expect((await verified(session, program)).rule).toBe(rule);
      const fixes = await fixesFor(session, program);
      const fix = fixes.find((one) => one.title === title);
      expect(fix, fixes.map((one) => one.title).join('\n')).toBeDefined();
      expect(fix!.lastResort).toBe(false);
      const mended = applyEdits(program, fix!.edits);
      for (const line of lines) expect(mended).toContain(line);
      expect((await verified(session, mended)).message).toBe('');
    });
  });
}
