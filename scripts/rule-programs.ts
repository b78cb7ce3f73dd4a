/**
 * Collects, for each rule, the shortest program of all `*.cases.ts` that breaks it and the accepted program beside it, and writes them to
 * `public/rules/programs.json`, from where the page fetches them for rules without a page of their own:
 *
 *   npm run rule-programs
 *
 * What a kernel says of these programs is recorded beside the cases; here the core says which rule each breaks.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { CaseTable } from '../worker/testing/cases.ts';
import { pageOf } from '../worker/explain/registry.ts';
import { judge } from '../worker/testing/judge.testkit.ts';

interface RulePrograms {
  readonly failing: string;
  /** Null if the table has no accepted program beside it. */
  readonly fixed: string | null;
  /** The table and the case. */
  readonly from: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));
/** Longer programs show nothing. */
const LONGEST = 3000;

const found = new Map<string, RulePrograms>();
const files = readdirSync(join(root, 'worker'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.cases.ts'))
  .sort();
for (const file of files) {
  const { CASES } = (await import(pathToFileURL(join(root, 'worker', file)).href)) as { CASES: CaseTable };
  for (const c of CASES.cases) {
    // what no text says cannot be shown as text
    if (c.accepted || c.edit !== null || c.truth.kind === 'recording') continue;
    const { verdict } = await judge(c);
    const rule = verdict[1];
    if (rule === undefined || rule === '' || pageOf(rule) !== null || c.text.length > LONGEST) continue;
    const known = found.get(rule);
    if (known !== undefined && known.failing.length <= c.text.length) continue;
    const fixed =
      CASES.cases.find((other) => other.title === c.title && other.accepted && other.edit === null) ?? null;
    found.set(rule, { failing: c.text, fixed: fixed?.text ?? null, from: `worker/${file}: ${c.title}` });
  }
}
const sorted = Object.fromEntries([...found].sort((a, b) => (a[0] < b[0] ? -1 : 1)));
mkdirSync(join(root, 'public', 'rules'), { recursive: true });
writeFileSync(join(root, 'public', 'rules', 'programs.json'), `${JSON.stringify(sorted)}\n`);
console.log(`${found.size} rules`);
