import { expect, test } from '@playwright/test';
import { violationsInBothThemes } from './axe.ts';
import { LOOP_IN_C } from './loop-program.ts';
import { playgroundPage, RETURN_ZERO } from './playground-page.ts';

// Looking through the page twice for what screen readers would miss takes its time.
test.describe.configure({ timeout: 150_000 });

test('lines of C beside the assembly, linked both ways', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(LOOP_IN_C, { step: 0 });
  await p.verdictIs('Accepted');
  await p.pane('Source');
  const list = page.getByRole('listbox', { name: 'C source' });
  await expect(list.getByRole('option', { name: /^prog\.c/ })).toBeVisible();
  await expect(list.locator('[aria-current="step"]')).toContainText('int sum = 0, i;');
  // a line leads to its instruction, the walk to its line
  await list.getByRole('option', { name: /if \(rnd\(\) > 60\)/ }).click();
  await expect(page.locator('.walk-insn-index')).toHaveText('3');
  await p.key('ArrowRight');
  await expect(list.locator('[aria-current="step"]')).toContainText('sum += rnd() & 15;');
  // again: its next visit
  await list.getByRole('option', { name: /sum \+= rnd/ }).click();
  await expect(page.locator('.walk-controls')).toContainText('Visit 2 of');

  await list.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await expect(page.locator('.walk-insn-index')).toHaveText('12');
  await page.getByRole('button', { name: 'Instructions' }).click();
  await list.locator('.source-insn').filter({ hasText: 'r0 <<= 1' }).click();
  await expect(page.locator('.walk-insn-index')).toHaveText('13');
  // a breakpoint on a line of C is one on its first instruction
  await list.locator('.source-line').filter({ hasText: 'return scale' }).locator('.source-margin').click();
  await expect(
    list.locator('.source-line').filter({ hasText: 'return scale' }).locator('.breakpoint-dot'),
  ).toBeVisible();
  await p.key('Home');
  await p.key('F8');
  await expect(page.locator('.walk-insn-index')).toHaveText('9');
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test('says so when the program names no source, also on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await p.pane('Source');
  await expect(page.locator('.source-none')).toContainText('does not say which lines of C');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
