import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DICTIONARIES } from './dictionary.ts';
import { openLink, packLink } from './link.ts';
import type { Shared, SharedStops } from './link.ts';

const plain = (source: string): Shared => ({ source, semantics: null, kfuncFlags: {}, step: null });

const shared = fc.record<Shared, 'source' | 'semantics' | 'kfuncFlags' | 'step'>(
  {
    source: fc.string({ unit: 'grapheme', maxLength: 400 }),
    semantics: fc.option(fc.array(fc.constantFrom('kf-spin-lock', 'kf-forbid-fault'), { maxLength: 2 })),
    kfuncFlags: fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), fc.nat(0xfffff)),
    step: fc.option(fc.nat()),
    lesson: fc.stringMatching(/^[a-z0-9-]{1,20}$/),
    stops: fc
      .record({
        lines: fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 40 }),
        watches: fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9 ><=.]{0,40}$/), { maxLength: 40 }),
      })
      .map(({ lines, watches }) => ({ lines: lines.sort((a, b) => a - b), watches })),
  },
  { requiredKeys: ['source', 'semantics', 'kfuncFlags', 'step'] },
);

describe('links', () => {
  test('carry everything there and back', () => {
    fc.assert(
      fc.property(shared, (content) => {
        expect(openLink(`#${packLink(content)}`)).toEqual({ kind: 'whole', content });
      }),
    );
  });

  test('use characters that no mailer breaks', () => {
    fc.assert(fc.property(shared, (content) => void expect(packLink(content)).toMatch(/^v1\.[\w-]*$/)));
  });

  test('made by version 1 open for ever', () => {
    expect(openLink('#v1.VnysDEPhAAA')).toEqual({ kind: 'whole', content: plain('r0 = 0\nexit\n') });
  });

  test('bring stops, and of those only what can be one', () => {
    const bring = (stops: unknown): unknown => {
      const opened = openLink(packLink({ ...plain('exit\n'), stops: stops as SharedStops }));
      return opened?.kind === 'whole' ? opened.content.stops : opened;
    };
    expect(bring({ lines: [7, 3, 7], watches: ['lock held'] })).toEqual({
      lines: [3, 7],
      watches: ['lock held'],
    });
    expect(bring({ lines: [0, -1, 1.5, '4', null, 1e99, { valueOf: 3 }], watches: [] })).toBeUndefined();
    expect(
      bring({ lines: [2], watches: ['', '  ', 5, ['r1'], 'x'.repeat(301), 'refs > 0', 'refs > 0'] }),
    ).toEqual({
      lines: [2],
      watches: ['refs > 0'],
    });
    const many = Array.from({ length: 5000 }, (_, i) => i + 1);
    expect(bring({ lines: many, watches: many.map((i) => `r1 == ${i}`) })).toEqual({
      lines: many.slice(0, 40),
      watches: many.slice(0, 40).map((i) => `r1 == ${i}`),
    });
    expect(bring({ lines: 'all of them', watches: { length: 3 } })).toBeUndefined();
  });

  test('that stand for more than any program are not unpacked to the end', () => {
    const opened = openLink(packLink(plain('\n'.repeat(40 * 1024 * 1024))));
    expect(opened?.kind).toBe('damaged');
    const content = opened?.kind === 'damaged' ? opened.content : null;
    expect(content === null || content.source.length < 20 * 1024 * 1024).toBe(true);
  });

  test('a dictionary is never edited', async () => {
    const bytes = DICTIONARIES.get(1)!;
    const hash = await crypto.subtle.digest('SHA-256', new Uint8Array(bytes));
    expect(Buffer.from(hash).toString('hex').slice(0, 16)).toBe('cb1090d5ffc7d0eb');
  });

  test('are short for short programs', () => {
    const text =
      '.prog tc\n.license GPL\nmain:\n\tr1 = m ll\n\tcall bpf_map_lookup_elem\n\tif r0 == 0 goto out\nout:\n\tr0 = 0\n\texit\n';
    expect(packLink(plain(text)).length).toBeLessThan(text.length * 0.6);
  });

  test('cut off keep the beginning of the source and all options', () => {
    const lines = Array.from({ length: 200 }, (_, i) => `\tr${i % 10} = ${i * 7919}`).join('\n');
    const link = packLink({ source: lines, semantics: ['kf-forbid-fault'], kfuncFlags: { f: 1 }, step: 7 });
    const opened = openLink(link.slice(0, link.length * 0.8));
    expect(opened?.kind).toBe('damaged');
    const content = opened?.kind === 'damaged' ? opened.content : null;
    expect(content?.semantics).toEqual(['kf-forbid-fault']);
    expect(content?.step).toBe(7);
    expect(content!.source.length).toBeGreaterThan(100);
    expect(lines.startsWith(content!.source.slice(0, -8))).toBe(true);
  });

  test('changed anywhere are told from whole ones', () => {
    const link = packLink(plain('.prog tc\nmain:\n\tr0 = 0\n\texit\n'));
    for (let i = 3; i < link.length - 1; i++) {
      const other = link[i] === 'A' ? 'B' : 'A';
      const opened = openLink(link.slice(0, i) + other + link.slice(i + 1));
      expect(opened?.kind).toBe('damaged');
    }
  });

  test('of a later version say so', () => {
    const link = packLink(plain('r0 = 0\nexit\n'));
    expect(openLink(link.replace('v1.', 'v9.'))).toEqual({
      kind: 'newer',
      version: 9,
      content: plain('r0 = 0\nexit\n'),
    });
    expect(openLink('#v9.AAAAAAAAAAAA')).toEqual({ kind: 'newer', version: 9, content: null });
  });

  test('other fragments are not links', () => {
    expect(openLink('')).toBeNull();
    expect(openLink('#example=lock')).toBeNull();
  });
});
