import { defineConfig } from '@playwright/test';
import { systemChromium } from './scripts/chromium.mjs';

/** Another port, with a build of its own, lets two runs go on at once. */
const PORT = Number(process.env['E2E_PORT'] ?? 4317);
const BUILD_DIR = PORT === 4317 ? 'dist' : `.cache/e2e-${PORT}`;
const executablePath = systemChromium() ?? undefined;

export default defineConfig({
  testDir: 'e2e',
  outputDir: `test-results${PORT === 4317 ? '' : `/${PORT}`}`,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  fullyParallel: true,
  workers: 2,
  // A busy machine can be slower than a person would wait; what fails twice is broken, what passes then is named as flaky.
  retries: 1,
  quiet: true,
  forbidOnly: true,
  reporter: 'list',
  use: {
    baseURL: `http://127.0.0.1:${PORT}/`,
    viewport: { width: 1440, height: 900 },
    colorScheme: 'light',
    // Each test is a first visit; what is kept for later visits has a test of its own.
    serviceWorkers: 'block',
    trace: 'retain-on-failure',
    launchOptions: { ...(executablePath === undefined ? {} : { executablePath }), args: ['--no-sandbox'] },
  },
  webServer: {
    command: 'node scripts/start.mjs',
    env: { PORT: String(PORT), BUILD_DIR },
    url: `http://127.0.0.1:${PORT}/`,
    timeout: 180_000,
    reuseExistingServer: false,
  },
});
