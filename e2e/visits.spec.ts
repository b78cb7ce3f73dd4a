import { expect, test } from '@playwright/test';
import { violationsInBothThemes } from './axe.ts';
import { COUNTING, LOOP_IN_C } from './loop-program.ts';
import { playgroundPage } from './playground-page.ts';

// Looking through the page twice for what screen readers would miss takes its time.
test.describe.configure({ timeout: 150_000 });

test('the visits of the instruction where the walk stands, side by side', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(LOOP_IN_C, { step: 2 });
  await p.verdictIs('Accepted');
  await p.pane('Visits');
  const table = page.getByRole('grid', { name: 'Visits of instruction 2' });
  await expect(table).toBeVisible();
  const rows = table.locator('.table-row');
  await expect(rows.first()).toHaveAttribute('aria-current', 'step');
  await expect(table.getByRole('columnheader')).toContainText(['visit', 'step', 'path', 'R6', 'R7']);
  // what differs from the visit before is marked
  await expect(rows.nth(1).locator('.changed').first()).toContainText('1');
  expect(await rows.nth(0).locator('.changed').count()).toBe(0);

  await rows.nth(2).click();
  await expect(rows.nth(2)).toHaveAttribute('aria-current', 'step');
  expect(await p.step()).toBeGreaterThan(2);
  await expect(page.locator('.walk-controls')).toContainText('Visit 3 of');

  // by keyboard: down, and take it
  await table.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.locator('.walk-controls')).toContainText('Visit 4 of');
  // other instructions have other visits, unless the table is pinned
  await page.getByRole('button', { name: 'Pin' }).click();
  await p.key('ArrowRight');
  await expect(page.locator('.walk-insn-index')).toHaveText('3');
  await expect(table).toBeVisible();
  // an edit keeps it: the instruction is another one by number
  await p.type(LOOP_IN_C.replace('\tr7 = 0\n', '\tr7 = 0\n\tr8 = 0\n'));
  await expect(page.getByRole('grid', { name: 'Visits of instruction 3' })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Pin' })).toHaveAttribute('aria-pressed', 'true');
  await p.type(LOOP_IN_C);
  await expect(table).toBeVisible();
  await page.getByRole('button', { name: 'Pin' }).click();
  await p.key('ArrowRight');
  await expect(page.locator('.walk-insn-index')).toHaveText('4');
  await expect(page.getByRole('grid', { name: 'Visits of instruction 4' })).toBeVisible();
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test('hundreds of thousands of visits', async ({ page }) => {
  test.setTimeout(240_000);
  const p = playgroundPage(page);
  await p.open(COUNTING);
  await expect(p.verdict).toHaveText('Accepted', { timeout: 150_000 });
  await p.pane('Visits');
  await p.key('ArrowRight');
  const table = page.getByRole('grid', { name: 'Visits of instruction 1' });
  await expect(table).toBeVisible({ timeout: 60_000 });
  await expect(table).toHaveAttribute('aria-rowcount', '240001');
  expect(await table.locator('.table-row').count()).toBeLessThan(60);
  await table.focus();
  await page.keyboard.press('End');
  await expect(table.locator('.table-row').last()).toContainText('240,000');
  await page.keyboard.press('Enter');
  await expect(page.locator('.walk-controls')).toContainText('Visit 240,000 of 240,000');
});

test('on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const p = playgroundPage(page);
  await p.open(LOOP_IN_C, { step: 2 });
  await p.verdictIs('Accepted');
  await p.pane('Visits');
  await page.locator('.table-row').nth(3).click();
  await expect(page.locator('.table-row').nth(3)).toHaveAttribute('aria-current', 'step');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
