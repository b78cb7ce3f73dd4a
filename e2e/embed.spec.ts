import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { openLink, packLink } from '../app/share/link.ts';
import { playgroundPage, RETURN_ZERO, shared, underLock } from './playground-page.ts';

const card = (source: string, query = '?embed', step: number | null = null): string =>
  `./${query}#${packLink(shared(source, { step }))}`;

test('a card inside of another site’s article, at the step of the link', async ({ page, baseURL }) => {
  const src = new URL(card(underLock('KF_RCU'), '?embed', 4), baseURL).href;
  // Another port is another site to the browser.
  const article = createServer((_, response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        `<!doctype html><title>Article</title><iframe title="card" src="${src}" width="900" height="480"></iframe>`,
      ),
  );
  await new Promise<void>((done) => article.listen(0, '127.0.0.1', done));
  await page.goto(`http://127.0.0.1:${(article.address() as AddressInfo).port}/`);
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('.pill')).toHaveText('Rejected');
  await expect(frame.getByRole('slider', { name: 'Step' })).toHaveValue('4');
  await expect(frame.locator('.monaco-editor').first()).toContainText('my_op');
  await frame.getByRole('button', { name: /^Step \(/ }).click();
  await expect(frame.getByRole('slider', { name: 'Step' })).toHaveValue('5');
  const href = await frame.getByRole('link', { name: 'Open in the playground' }).getAttribute('href');
  expect(href).not.toContain('embed');
  expect(openLink(new URL(href!).hash)).toMatchObject({ kind: 'whole', content: { step: 5 } });
  article.close();
});

test('read-only unless it is to be edited; the link carries the edit, nothing is kept', async ({ page }) => {
  const p = playgroundPage(page);
  await page.goto(card(RETURN_ZERO));
  await expect(page.locator('.embed .pill')).toHaveText('Accepted');
  await expect(p.editor).toBeVisible();
  await p.type('r0 = 1\nexit\n');
  await expect(p.editor).toContainText('r0 = 0');

  await page.goto('about:blank');
  await page.goto(card(RETURN_ZERO, '?embed=edit'));
  await expect(page.locator('.embed .pill')).toHaveText('Accepted');
  await expect(p.editor).toBeVisible();
  const before = page.url();
  await p.type('r0 = r2\nexit\n');
  await expect(page.locator('.embed .pill')).toHaveText('Rejected');
  expect(page.url()).toBe(before);
  const href = await page.getByRole('link', { name: 'Open in the playground' }).getAttribute('href');
  expect(openLink(new URL(href!).hash)).toMatchObject({ content: { source: 'r0 = r2\nexit\n' } });
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
});

test('light and dark by parameter, else as the system', async ({ page }) => {
  const root = page.locator('html');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.goto(card(RETURN_ZERO, '?embed&theme=dark'));
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('about:blank');
  await page.goto(card(RETURN_ZERO, '?embed&theme=light'));
  await expect(root).toHaveAttribute('data-theme', 'light');
  await page.goto('about:blank');
  await page.goto(card(RETURN_ZERO));
  await expect(root).toHaveAttribute('data-theme', 'dark');
});

test('the server lets other sites embed the page', async ({ request }) => {
  const response = await request.get('./?embed');
  expect(response.headers()['x-frame-options']).toBeUndefined();
  expect(response.headers()['content-security-policy'] ?? '').not.toContain('frame-ancestors');
  expect(await response.text()).not.toContain('frame-ancestors');
});

for (const theme of ['light', 'dark'] as const)
  test(`cards: axe, ${theme}, wide and narrow`, async ({ page }) => {
    await page.goto(card(underLock('KF_RCU'), `?embed&theme=${theme}`));
    await expect(page.locator('.embed .pill')).toHaveText('Rejected');
    await expect(page.locator('.monaco-editor').first()).toBeVisible();
    for (const width of [900, 390]) {
      await page.setViewportSize({ width, height: 520 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.target)])).toEqual([]);
    }
  });

test('Markdown with a caption, and the card’s HTML, from menu and key', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const p = playgroundPage(page);
  await page.goto('./#example=kfunc-under-lock');
  await p.verdictIs('Rejected');
  const clipboard = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole('button', { name: 'More ways to share' }).click();
  await page.getByRole('button', { name: /^Markdown/ }).click();
  await expect(page.locator('.notice')).toContainText('caption');
  expect(await clipboard()).toMatch(
    /^\[Kfunc under a lock: rejected, “function calls are not allowed while holding a lock” \(Linux 7\.3\.4\)\]\(http.*#v1\.[\w-]+\)$/,
  );
  await p.key('Home');
  await expect(p.at).toHaveValue('0');
  await page.keyboard.press('Alt+Shift+s');
  await expect.poll(clipboard).toContain('at step 1,');
  await page.keyboard.press('Alt+Shift+e');
  await expect
    .poll(clipboard)
    .toMatch(/^<iframe src="http[^"]*\?embed#v1\.[\w-]+" title="Kfunc under a lock/);
});

test('presentation: large type until the page is left', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  const size = (): Promise<string> =>
    page
      .locator('.monaco-editor .view-line')
      .first()
      .evaluate((line) => getComputedStyle(line).fontSize);
  expect(await size()).toBe('13px');
  await page.keyboard.press('Alt+z');
  await expect.poll(size).toBe('20px');
  await expect(page.locator('.log-pane')).toBeHidden();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(1440);
  await page.getByRole('button', { name: /Leave the presentation/ }).click();
  await expect.poll(size).toBe('13px');
  await page.keyboard.press('Alt+z');
  await page.reload();
  await p.verdictIs('Rejected');
  await expect.poll(size).toBe('13px');
});
