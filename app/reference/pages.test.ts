import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { PAGES, targetOf } from './pages.ts';

/** Every `](target)` outside of code. */
const links = (text: string): string[] =>
  [...text.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]!);

for (const page of PAGES)
  test(`the links of ${page.id}.md lead somewhere`, () => {
    const lost = links(page.text).filter((href) => {
      const target = targetOf(href);
      return target.kind === 'file' && !existsSync(target.path);
    });
    expect(lost).toEqual([]);
  });

test('links are told apart', () => {
  expect(targetOf('https://docs.kernel.org/bpf/')).toEqual({
    kind: 'web',
    url: 'https://docs.kernel.org/bpf/',
  });
  expect(targetOf('glossary.md#tnum')).toEqual({ kind: 'page', id: 'glossary' });
  expect(targetOf('../worker/state/regions.ts')).toEqual({ kind: 'file', path: 'worker/state/regions.ts' });
  expect(targetOf('javascript:alert(1)')).toEqual({ kind: 'file', path: 'docs/javascript:alert(1)' });
});
