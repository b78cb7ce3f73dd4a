import type { Browser, Page } from 'playwright';
import { namedThread, type ThreadClock } from './clock.ts';
import type { FirstResult, Host } from './host.ts';

/** What the page offers to be called. See page.ts. */
interface BenchPage {
  ask(question: unknown): Promise<unknown>;
  loadTypes(names: readonly string[]): Promise<unknown>;
  firstResult(bundle: string): Promise<number>;
  endFirst(): void;
}

/** The benchmark's thread as a worker of a page; or in the page itself (`here`), where heap and profile can be had. */
export async function openChromium(
  browser: Browser,
  url: string,
  types: readonly string[],
  here: boolean,
): Promise<Host & { readonly page: Page }> {
  const page = await browser.newPage();
  await page.goto(here ? `${url}?here` : url);
  await page.waitForFunction('window.loadTypes !== undefined');
  await page.evaluate((names) => (window as unknown as BenchPage).loadTypes(names), types);
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  return {
    page,
    name: `Chromium ${browser.version()}`,
    clock: here ? null : await workerClock(browser),
    // what comes back is what the thread answers to such a question
    ask: (question: object): Promise<never> =>
      page.evaluate((q) => (window as unknown as BenchPage).ask(q), question) as Promise<never>,
    heap: !here
      ? null
      : async () => {
          await session.send('HeapProfiler.collectGarbage');
          const { usedSize, backingStorageSize } = await session.send('Runtime.getHeapUsage');
          return usedSize + backingStorageSize;
        },
    close: () => page.close(),
  };
}

async function workerClock(browser: Browser): Promise<ThreadClock | null> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return namedThread(
    processInfo.map(({ id }) => id),
    'DedicatedWorker',
  );
}

/** From the start of a new worker to its verdict on a program; the first of `times` is the browser's first as well. */
export async function firstResults(
  browser: Browser,
  url: string,
  bundle: string,
  times: number,
): Promise<FirstResult[]> {
  const page = await browser.newPage();
  await page.goto(`${url}?idle`);
  await page.waitForFunction('window.firstResult !== undefined');
  const all: FirstResult[] = [];
  for (let n = 0; n < times; n++) {
    const wall = await page.evaluate((b) => (window as unknown as BenchPage).firstResult(b), bundle);
    all.push({ wall, cpu: (await workerClock(browser))?.cpu() ?? null });
    await page.evaluate(() => (window as unknown as BenchPage).endFirst());
  }
  await page.close();
  return all;
}

/** Profiles the page; what is returned ends it and gives the profile. */
export async function startProfile(page: Page): Promise<() => Promise<unknown>> {
  const session = await page.context().newCDPSession(page);
  await session.send('Profiler.enable');
  await session.send('Profiler.setSamplingInterval', { interval: 500 });
  await session.send('Profiler.start');
  return async () => (await session.send('Profiler.stop')).profile;
}
