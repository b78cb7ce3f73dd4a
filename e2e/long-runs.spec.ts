import { expect, test } from '@playwright/test';
import { LONG_RUN, playgroundPage, RETURN_ZERO } from './playground-page.ts';

test('a long run shows its progress, can be cancelled, and run again', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(LONG_RUN);
  await expect(page.locator('.verdict-bar progress')).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await p.verdictIs('Cancelled');
  await page.getByRole('button', { name: 'Verify again' }).click();
  await expect(page.locator('.verdict-bar progress')).toBeVisible();
});

test('typing during a long run gives the new text’s verdict', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(LONG_RUN);
  await expect(page.locator('.verdict-bar progress')).toBeVisible();
  await p.type(RETURN_ZERO);
  await p.verdictIs('Accepted');
});

test('a verifier that does not start says so and can be restarted', async ({ page }) => {
  await page.route(/\/thread-(?:index|worker)-[^/]*\.js$/, (route) => route.abort());
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Verifier stopped');
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Restart' }).click();
  await p.verdictIs('Accepted');
  await expect(p.editor).toContainText('r0');
});
