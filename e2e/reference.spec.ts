import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';

for (const colorScheme of ['light', 'dark'] as const)
  test(`the reference: pages, links between them, axe, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await page.goto('./');
    await page.getByRole('button', { name: 'Reference' }).click();
    const dialog = page.getByRole('dialog', { name: 'Reference' });
    await expect(dialog.getByRole('heading', { level: 1 })).toHaveText('The program text');
    await dialog.getByRole('tab', { name: 'How a kfunc call is judged' }).click();
    await expect(dialog.getByRole('heading', { level: 1 })).toHaveText('How a kfunc call is judged');
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id }) => id)).toEqual([]);
    await dialog.getByRole('tab', { name: 'Words' }).click();
    await expect(dialog.getByRole('heading', { level: 1 })).toContainText('Glossary');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
  });

test('the reference fits a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('./');
  await page.getByRole('button', { name: 'Reference' }).click();
  await expect(page.getByRole('heading', { name: 'The program text' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Close' })).toBeInViewport({ ratio: 1 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
