import { fileURLToPath } from 'node:url';
import { mergeConfig } from 'vite';
import base from '../../vite.config.ts';

const stand = fileURLToPath(new URL('worker.ts', import.meta.url));

/** The page on a stand-in for the verifier, for work on the page alone. Never shipped. */
export default mergeConfig(base, {
  root: fileURLToPath(new URL('../..', import.meta.url)),
  plugins: [
    {
      name: 'stand-in',
      enforce: 'pre',
      resolveId: (id: string) => (id.endsWith('/worker/index.ts?worker') ? `${stand}?worker` : null),
    },
  ],
  build: { outDir: '.cache/double', emptyOutDir: true },
});
