import { expect, test } from '@playwright/test';
import { violationsInBothThemes } from './axe.ts';
import { LOOP_IN_C } from './loop-program.ts';
import { playgroundPage } from './playground-page.ts';

// Looking through the page twice for what screen readers would miss takes its time.
test.describe.configure({ timeout: 150_000 });

test('ranges on number lines, with what they were and why they moved', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(LOOP_IN_C, { step: 4 });
  await p.verdictIs('Accepted');
  await expect(page.locator('.walk-insn-index')).toHaveText('4');
  await page.getByRole('button', { name: 'R0', exact: true }).click();
  const detail = page.locator('.scalar');
  await expect(detail).toContainText('The branch was not taken, so r0 <= 60.');
  const unsigned = detail.getByRole('row', { name: /unsigned 64/ });
  await expect(unsigned.locator('del')).toHaveText('18446744073709551615');
  await expect(unsigned.locator('ins')).toHaveText('60');
  await expect(detail.locator('.number-line')).toHaveCount(4);
  const width = async (bar: string): Promise<number> => {
    const box = await detail.locator('.number-line').nth(1).locator(bar).boundingBox();
    return box!.width;
  };
  expect(await width('.line-bar.now')).toBeLessThan((await width('.line-bar.before')) / 5);
  await expect(detail.locator('.bit.learnt').first()).toBeVisible();
  // the next step moves it again, and says why
  await p.key('ArrowRight');
  await expect(detail).toContainText('Only bits that are set in 15 stay');
  await expect(unsigned.locator('ins')).toHaveText('15');
  expect(await violationsInBothThemes(page)).toEqual([]);
});
