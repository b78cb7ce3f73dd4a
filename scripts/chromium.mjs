// Where a Chromium is to be had: the system's own, Playwright's download, or Debian's package.
import { accessSync, constants, existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'chrome',
  'microsoft-edge',
];
const FIXED = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

function executable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Path of an installed browser (`CHROMIUM` in the environment wins), or null. */
export function systemChromium() {
  const asked = process.env.CHROMIUM;
  if (asked) return executable(asked) ? asked : null;
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of NAMES) if (executable(join(folder, name))) return join(folder, name);
  }
  return FIXED.find(executable) ?? null;
}

/** Path of Playwright's own browser if it has been downloaded, or null. */
async function downloadedChromium() {
  const { chromium } = await import('playwright');
  const path = chromium.executablePath();
  return existsSync(path) ? path : null;
}

/** Does it start here? A download without its system libraries does not. */
function starts(path) {
  return spawnSync(path, ['--version', '--no-sandbox'], { timeout: 20_000 }).status === 0;
}

function run(command, args, timeout) {
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], timeout }).status === 0;
}

/** Path of a Chromium that starts, fetched if need be; null, after a sentence on stderr, if there is none to be had. */
export async function ensureChromium() {
  const system = systemChromium();
  if (system !== null && starts(system)) return system;
  let own = await downloadedChromium();
  if (own === null) {
    console.log('No Chromium found; trying Playwright’s download …');
    const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
    if (run(npx, ['playwright', 'install', 'chromium'], 300_000)) own = await downloadedChromium();
  }
  if (own !== null && starts(own)) return own;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Trying Debian’s package …');
    run('apt-get', ['update', '-qq'], 300_000);
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], 600_000);
    const packaged = systemChromium();
    if (packaged !== null && starts(packaged)) return packaged;
  }
  console.error(
    'No Chromium could be had: none is installed, Playwright’s download failed, and the package manager could not help. ' +
      'Install chromium or Google Chrome, or name one in the environment variable CHROMIUM.',
  );
  return null;
}
