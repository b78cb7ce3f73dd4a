// Takes the pictures of the documentation: `npm run screenshots [-- EXAMPLE]`. Builds the page first.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, ensureInstalled } from './install.mjs';
import { serve } from './serve.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const images = join(root, 'docs', 'images');
const example = process.argv[2] ?? 'kfunc-under-lock';

const PICTURES = [
  { file: 'light.png', width: 1440, height: 900, scheme: 'light' },
  { file: 'dark.png', width: 1440, height: 900, scheme: 'dark' },
  { file: 'what-if.png', width: 1440, height: 900, scheme: 'light', keys: 'Alt+4' },
  { file: 'phone-walk.png', width: 390, height: 844, scheme: 'light', keys: 'Alt+2' },
  { file: 'phone-why.png', width: 390, height: 844, scheme: 'dark', keys: 'Alt+3' },
];

checkNode();
ensureInstalled(root);
const { ensureChromium } = await import('./chromium.mjs');
const executablePath = await ensureChromium();
if (executablePath === null) process.exit(3);
const built = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
  { cwd: root, stdio: 'inherit' },
);
if (built.status !== 0) process.exit(built.status ?? 1);

const { chromium } = await import('playwright');
const { server, url } = await serve(join(root, 'dist'));
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
mkdirSync(images, { recursive: true });
for (const { file, width, height, scheme, keys } of PICTURES) {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  });
  await page.goto(`${url}#example=${example}`);
  await page.locator('.verdict-bar button.pill').waitFor({ timeout: 120_000 });
  await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: 120_000 });
  if (keys !== undefined) await page.keyboard.press(keys);
  // The editor reveals the instruction and draws its lanes a frame or two after the verdict.
  await page.waitForTimeout(600);
  await page.screenshot({ path: join(images, file) });
  console.log(join('docs', 'images', file));
  await page.close();
}
await browser.close();
server.close();
