// Everything that must hold, in order: lint, types, unit, conformance, e2e. Ends with one line of totals.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, ensureInstalled } from './install.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(root, '.cache', 'test');
const vitestReport = join(cache, 'vitest.json');
const playwrightReport = join(cache, 'playwright.json');

checkNode();
ensureInstalled(root);
const { ensureChromium } = await import('./chromium.mjs');
const chromium = await ensureChromium();
if (chromium === null) process.exit(3);

rmSync(cache, { recursive: true, force: true });
mkdirSync(cache, { recursive: true });

const STAGES = [
  { name: 'lint', args: ['run', '-s', 'lint'] },
  { name: 'types', args: ['run', '-s', 'types'] },
  {
    name: 'unit',
    args: [
      'run',
      '-s',
      'unit',
      '--',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${vitestReport}`,
    ],
  },
  { name: 'conformance', args: ['run', '-s', 'conformance', '--', '--check'] },
  { name: 'e2e', args: ['run', '-s', 'e2e', '--', '--reporter=list,json'] },
];

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const env = { ...process.env, CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_NAME: playwrightReport };

const results = STAGES.map(({ name, args }) => {
  console.log(`\n── ${name} ──`);
  const began = performance.now();
  const { status } = spawnSync(npm, args, { cwd: root, stdio: 'inherit', env });
  return { name, ok: status === 0, seconds: (performance.now() - began) / 1000 };
});

/** A report's JSON, or null if the stage ended before it wrote one. */
function report(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

const unit = report(vitestReport);
const e2e = report(playwrightReport)?.stats;
const passed = (unit?.numPassedTests ?? 0) + (e2e?.expected ?? 0) + (e2e?.flaky ?? 0);
/** Tests that failed in each stage; a stage that failed otherwise (a file that cannot be read, say) counts as one. */
const failures = { unit: unit?.numFailedTests ?? 0, e2e: e2e?.unexpected ?? 0 };
const failed = results.reduce((sum, { name, ok }) => sum + (ok ? 0 : Math.max(1, failures[name] ?? 0)), 0);
const skipped = (unit?.numPendingTests ?? 0) + (unit?.numTodoTests ?? 0) + (e2e?.skipped ?? 0);

console.log('');
for (const { name, ok, seconds } of results)
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name.padEnd(12)} ${seconds.toFixed(1)} s`);
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(results.every((stage) => stage.ok) ? 0 : 1);
