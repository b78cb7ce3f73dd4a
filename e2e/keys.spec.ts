import { expect, test } from '@playwright/test';

test('no two actions have the same keys', async ({ page }) => {
  await page.goto('./');
  await expect(page.locator('.verdict-bar .pill')).toBeVisible();
  await page.getByRole('button', { name: 'Keyboard' }).click();
  const sheet = page.getByRole('dialog', { name: 'Keyboard' });
  const keys = await sheet
    .locator('section')
    // keys of editor and panes act there only
    .filter({ hasNot: page.getByRole('heading', { name: /^In the/ }) })
    .locator('kbd')
    .allTextContents();
  expect(keys.length).toBeGreaterThan(40);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});
