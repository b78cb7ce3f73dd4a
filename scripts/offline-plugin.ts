import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { build } from 'esbuild';
import type { Plugin } from 'vite';

/** Fetched when a program needs it, or when the network is idle. */
const LATER = /^kernel\/.*\.gz$/;
/** Nothing that a page asks for. */
const NEVER = /(^|\/)(README\.md|service-worker\.js)$|\.map$/;

/** Builds the service worker after the page, with the names of all its files and a version made from their contents. */
export function offline(): Plugin {
  let out = '';
  let root = '';
  return {
    name: 'offline',
    apply: 'build',
    configResolved(config) {
      root = config.root;
      out = resolve(config.root, config.build.outDir);
    },
    async closeBundle() {
      const files = readdirSync(out, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(out, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((file) => !NEVER.test(file))
        .sort();
      const hash = createHash('sha256');
      for (const file of files) hash.update(file).update(readFileSync(join(out, file)));
      const manifest = {
        version: hash.digest('hex').slice(0, 16),
        files: files.filter((file) => !LATER.test(file)),
        later: files.filter((file) => LATER.test(file)),
      };
      await build({
        entryPoints: [join(root, 'app/offline/service-worker.ts')],
        outfile: join(out, 'service-worker.js'),
        bundle: true,
        format: 'iife',
        minify: true,
        target: 'es2022',
        define: { BUILD: JSON.stringify(manifest) },
        logLevel: 'warning',
      });
    },
  };
}
