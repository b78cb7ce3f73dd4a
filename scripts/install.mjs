// Installs the packages when they are missing or are not those of the lock file.
import { existsSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const OLDEST = [20, 19];

/** Ends with a sentence if this Node.js is too old for the tools. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return;
  console.error(`Node.js ${OLDEST.join('.')} or newer is needed; this is ${process.versions.node}.`);
  process.exit(2);
}

function packagesOf(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : null;
}

/** Does `node_modules` hold what the lock file asks for? Packages for other platforms are optional and do not count. */
export function isInstalled(root) {
  const wanted = packagesOf(join(root, 'package-lock.json'));
  const present = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (wanted === null) return present !== null;
  if (present === null) return false;
  return Object.entries(wanted).every(
    ([path, row]) => path === '' || row.optional || row.devOptional || present[path]?.version === row.version,
  );
}

/** Installs if needed; ends the process if that fails. */
export function ensureInstalled(root) {
  if (isInstalled(root)) return;
  console.log('Installing packages …');
  const command = existsSync(join(root, 'package-lock.json')) ? 'ci' : 'install';
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const done = spawnSync(npm, [command, '--no-audit', '--no-fund'], { cwd: root, stdio: 'inherit' });
  if (done.status === 0) return;
  console.error(
    `npm ${command} failed: the packages could not be installed. Is the package registry reachable?`,
  );
  process.exit(done.status ?? 1);
}
