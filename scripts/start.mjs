// From a fresh clone to a page: installs if needed, builds, serves on 127.0.0.1 and prints the address.
import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkNode, ensureInstalled } from './install.mjs';
import { serve } from './serve.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
/** Preferred, so that drafts (kept per address) are found again at the next start. */
const PORT = Number(process.env.PORT ?? 4173);
/** Where the build goes; two servers at once need two places. */
const OUT = resolve(root, process.env.BUILD_DIR ?? 'dist');

checkNode();
ensureInstalled(root);
const built = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vite/bin/vite.js'),
    'build',
    '--logLevel',
    'warn',
    '--outDir',
    OUT,
    '--emptyOutDir',
  ],
  { cwd: root, stdio: 'inherit' },
);
if (built.status !== 0) {
  console.error('The build failed; nothing is served.');
  process.exit(built.status ?? 1);
}
const { url } = await serve(OUT, PORT);
console.log(`BPF Verifier Playground: ${url}`);
