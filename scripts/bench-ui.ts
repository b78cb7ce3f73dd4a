/** Times the page as a person meets it: first load with nothing kept, typing to verdict, stepping. In Chromium, on the built page. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium, type Browser, type Page } from 'playwright';
import { packLink } from '../app/share/link.ts';
import { TYPING_TO_VERDICT } from '../app/playground/timing.ts';
import { ensureChromium } from './chromium.mjs';
import { serve } from './serve.mjs';

const HELP = `Times the page in Chromium: first load, typing to verdict, stepping.

  --loads N        cold loads (default 5)
  --keys N         keystrokes per program (default 60)
  --json FILE      the numbers
  --check          exit with 1 if a target is missed: 2.5 MB, 2 s, 50 ms`;

/** What is promised. */
const TARGETS = { loadBytes: 2.5 * 1024 * 1024, loadMs: 2000, typingMs: 50 };

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** 290 instructions, nearly the longest program of which typing is promised to be quick: sums of a field, and ten branches. */
const LONGER = `.prog tc
.license GPL

main:
	r6 = *(u32 *)(r1 + 0)
	r0 = 0
${Array.from({ length: 88 }, (_, i) => `\tr7 = r6\n\tr7 &= ${i}\n\tr0 += r7\n`).join('')}${Array.from({ length: 10 }, (_, i) => `\tif r6 > ${i * 3} goto l${i}\n\tr0 += ${i}\nl${i}:\n`).join('')}	exit
`;

const example = (id: string): string => readFileSync(join(root, `public/examples/${id}.bpf`), 'utf8');
const PROGRAMS: Readonly<Record<string, string>> = {
  'return-zero': example('return-zero'),
  'kfunc-under-lock': example('kfunc-under-lock'),
  'lookup-checked': example('lookup-checked'),
  'iter-num': example('iter-num'),
  'vma-held': example('vma-held'),
  '290 instructions': LONGER,
};

interface Load {
  readonly bytes: number;
  readonly ms: number;
}

/** One first visit: bytes that came over the wire and time until one can type and sees a verdict. */
async function coldLoad(browser: Browser, url: string): Promise<Load> {
  const context = await browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  const client = await context.newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.setCacheDisabled', { cacheDisabled: true });
  let bytes = 0;
  client.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength));
  page.on('worker', () => undefined);
  const began = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page
    .locator('.monaco-editor textarea, .monaco-editor .native-edit-context')
    .first()
    .waitFor({ state: 'attached' });
  await page.locator('.verdict-bar .pill').waitFor();
  const ms = performance.now() - began;
  // Threads load their scripts outside of the page's own session: what the page knows of them is their size.
  const threads = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => /thread-/.test(entry.name))
      .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).transferSize, 0),
  );
  await context.close();
  return { bytes: bytes + threads, ms };
}

/** Milliseconds from key to picture, for each of `keys` keystrokes in the middle of a program. */
async function typing(page: Page, url: string, source: string, keys: number): Promise<number[]> {
  await page.goto('about:blank');
  await page.goto(`${url}#${packLink({ source, semantics: null, kfuncFlags: {}, step: null })}`);
  await page.locator('.monaco-editor').first().waitFor();
  await page.locator('.verdict-bar .pill').waitFor();
  await page.evaluate((name) => {
    const times: number[] = [];
    Object.assign(globalThis, { benchTimes: times });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === name) times.push(entry.duration);
    }).observe({ type: 'measure' });
  }, TYPING_TO_VERDICT);
  const taken = (): Promise<number> =>
    page.evaluate(() => (globalThis as unknown as { benchTimes: number[] }).benchTimes.length);
  await page.locator('.monaco-editor').first().click();
  await page.keyboard.press('ControlOrMeta+End');
  // A comment in the last line: each key makes another text and another verdict.
  await page.keyboard.type('// ');
  await page.waitForTimeout(500);
  await page.evaluate(() => ((globalThis as unknown as { benchTimes: number[] }).benchTimes.length = 0));
  for (let i = 0; i < keys; i++) {
    const before = await taken();
    await page.keyboard.press(String(i % 10));
    for (let wait = 0; (await taken()) === before; wait++) {
      if (wait > 500) throw new Error('a keystroke was not answered within five seconds');
      await page.waitForTimeout(10);
    }
  }
  return page.evaluate(() => (globalThis as unknown as { benchTimes: number[] }).benchTimes);
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
const summary = (times: readonly number[]): { median: number; p95: number; worst: number } => {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: at(sorted, 0.5), p95: at(sorted, 0.95), worst: sorted.at(-1) ?? NaN };
};

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      loads: { type: 'string', default: '5' },
      keys: { type: 'string', default: '60' },
      json: { type: 'string' },
      check: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const executablePath = await ensureChromium();
  if (executablePath === null) return 3;
  const dist = mkdtempSync(join(tmpdir(), 'bench-ui-'));
  const built = spawnSync(
    process.execPath,
    [
      join(root, 'node_modules/vite/bin/vite.js'),
      'build',
      '--logLevel',
      'warn',
      '--outDir',
      dist,
      '--emptyOutDir',
    ],
    {
      cwd: root,
      stdio: 'inherit',
    },
  );
  if (built.status !== 0) return 1;
  const { server, url } = await serve(dist, 0);
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const loads: Load[] = [];
    for (let i = 0; i < Number(values.loads); i++) loads.push(await coldLoad(browser, url));
    const load = { bytes: Math.max(...loads.map((l) => l.bytes)), ms: summary(loads.map((l) => l.ms)) };
    console.log(
      `first load: ${(load.bytes / 1024 / 1024).toFixed(2)} MB, usable after ${load.ms.median.toFixed(0)} ms (worst ${load.ms.worst.toFixed(0)})`,
    );
    const context = await browser.newContext({
      serviceWorkers: 'block',
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    const rows: { program: string; median: number; p95: number; worst: number }[] = [];
    const all: number[] = [];
    for (const [program, source] of Object.entries(PROGRAMS)) {
      const times = await typing(page, url, source, Number(values.keys));
      all.push(...times);
      const row = { program, ...summary(times) };
      rows.push(row);
      console.log(
        `${program.padEnd(20)} median ${row.median.toFixed(1)} ms, p95 ${row.p95.toFixed(1)}, worst ${row.worst.toFixed(1)}`,
      );
    }
    const typed = summary(all);
    console.log(
      `typing to verdict, all: median ${typed.median.toFixed(1)} ms, p95 ${typed.p95.toFixed(1)}, worst ${typed.worst.toFixed(1)}`,
    );
    if (values.json !== undefined)
      writeFileSync(values.json, `${JSON.stringify({ load, typing: typed, programs: rows }, null, 2)}\n`);
    const missed = [
      load.bytes > TARGETS.loadBytes ? 'first load is too large' : '',
      load.ms.median > TARGETS.loadMs ? 'first load is too slow' : '',
      typed.p95 > TARGETS.typingMs ? 'typing to verdict is too slow' : '',
    ].filter((text) => text !== '');
    for (const text of missed) console.log(`target missed: ${text}`);
    return values.check && missed.length > 0 ? 1 : 0;
  } finally {
    await browser.close();
    server.close();
    rmSync(dist, { recursive: true });
  }
}

process.exit(await main());
