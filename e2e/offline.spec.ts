import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packLink } from '../app/share/link.ts';
import { serve } from '../scripts/serve.mjs';
import { playgroundPage, RETURN_ZERO, shared } from './playground-page.ts';

test.use({ serviceWorkers: 'allow' });

const KERNEL_TYPES = `.prog fentry/do_nanosleep
.license GPL
.c
extern struct task_struct *bpf_task_acquire(struct task_struct *p) __ksym;
extern void bpf_task_release(struct task_struct *p) __ksym;
.endc
main:
	call bpf_get_current_task_btf
	r1 = r0
	call bpf_task_acquire
	if r0 == 0 goto out
	r1 = r0
	call bpf_task_release
out:
	r0 = 0
	exit
`;

/** Waits until the service worker is in charge and has fetched all there is. */
async function kept(page: Page): Promise<void> {
  const files = (): Promise<string[]> =>
    page.evaluate(async () => {
      const [name] = await caches.keys();
      if (navigator.serviceWorker.controller === null || name === undefined) return [];
      return (await (await caches.open(name)).keys()).map((file) => new URL(file.url).pathname);
    });
  await expect
    .poll(files, { timeout: 40_000 })
    .toEqual(expect.arrayContaining(['/index.html', '/kernel/vmlinux-7.3.4.btf.gz']));
}

/** A build of its own that can be changed, and a server that can go away. */
async function ownServer(baseURL: string | undefined) {
  const folder = mkdtempSync(join(tmpdir(), 'playground-'));
  const { port } = new URL(baseURL!);
  cpSync(port === '4317' ? 'dist' : `.cache/e2e-${port}`, folder, { recursive: true });
  const { server, url } = await serve(folder, 0);
  const stop = (): void => {
    server.close();
    server.closeAllConnections();
  };
  return { folder, url, stop, remove: () => rmSync(folder, { recursive: true }) };
}

test('after the first visit the page works without a server, kernel types too', async ({ page, baseURL }) => {
  const own = await ownServer(baseURL);
  const playground = playgroundPage(page);
  await page.goto(`${own.url}#${packLink(shared(RETURN_ZERO))}`);
  await playground.verdictIs('Accepted');
  await kept(page);
  own.stop();
  await page.goto('about:blank');
  await page.goto(`${own.url}#${packLink(shared(KERNEL_TYPES))}`);
  await expect(playground.editor).toBeVisible();
  await playground.verdictIs('Accepted');
  own.remove();
});

test('a newer build waits until it is asked for, and leaves the program alone', async ({ page, baseURL }) => {
  const own = await ownServer(baseURL);
  const playground = playgroundPage(page);
  await page.goto(`${own.url}#${packLink(shared(RETURN_ZERO))}`);
  await playground.verdictIs('Accepted');
  await kept(page);
  appendFileSync(join(own.folder, 'service-worker.js'), '\n// the next build\n');
  await page.reload();
  await playground.verdictIs('Accepted');
  const load = page.getByRole('button', { name: 'Load it' });
  await Promise.all([page.waitForEvent('load'), load.click()]);
  await playground.verdictIs('Accepted');
  await expect(load).toHaveCount(0);
  own.stop();
  own.remove();
});
