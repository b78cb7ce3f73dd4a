import { defineConfig } from '@playwright/test';
import base from '../../playwright.config.ts';

/** The suite against the page on the stand-in: `vite build -c e2e/double/vite.config.ts` first. */
export default defineConfig({
  ...base,
  testDir: '..',
  webServer: {
    command: "node -e \"import('./scripts/serve.mjs').then(({ serve }) => serve('.cache/double', 4317))\"",
    cwd: '../..',
    url: 'http://127.0.0.1:4317/',
    timeout: 60_000,
  },
});
