// Bundles a command of worker/cli and runs it: `node scripts/cli.mjs conformance --subset plain`.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [name, ...args] = process.argv.slice(2);
const outfile = join(root, '.cache', 'cli', `${name}.mjs`);
await build({
  entryPoints: [join(root, 'worker', 'cli', `${name}.ts`)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'error',
});
const { status, signal } = spawnSync(
  process.execPath,
  ['--enable-source-maps', '--stack-size=4000', outfile, ...args],
  { stdio: 'inherit' },
);
process.exitCode = signal === null ? (status ?? 1) : 1;
