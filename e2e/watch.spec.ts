import { expect, test } from '@playwright/test';
import { violationsInBothThemes } from './axe.ts';
import { COUNTING, LOOP_IN_C } from './loop-program.ts';
import { playgroundPage, underLock } from './playground-page.ts';

// Looking through the page twice for what screen readers would miss takes its time.
test.describe.configure({ timeout: 150_000 });

test('the walk stops at conditions', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'), { step: 0 });
  await p.verdictIs('Rejected');
  await p.key('w');
  const field = page.getByRole('combobox', { name: 'New watch' });
  await expect(field).toBeFocused();

  // words are completed, mistakes explained where they are
  await page.keyboard.type('loc');
  await expect(page.getByRole('option', { name: /^lock held/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(field).toHaveValue('lock held ');
  await expect(page.locator('.watch-said')).toContainText('Matches where this begins to hold');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  await expect(page.locator('.watch-row')).toContainText('1 match');
  await field.fill('r0 becomes blue');
  await expect(page.locator('.watch-said')).toContainText('“blue” is no type of register');
  await expect(page.getByRole('button', { name: 'Watch', exact: true })).toBeDisabled();
  await field.fill('calls bpf_map_lookup_elem');
  await page.keyboard.press('Enter');
  await expect(page.locator('.watch-row')).toHaveCount(2);

  // F8 runs on, Shift+F8 back
  await p.key('F8');
  await expect(page.locator('.walk-insn-index')).toHaveText('5');
  await p.key('F8');
  await expect(page.locator('.walk-insn-index')).toHaveText('11');
  await expect(page.locator('.watch-row.here')).toContainText('lock held');
  await p.key('F8');
  await expect(page.locator('.notice')).toContainText('No further stop');
  await p.key('Shift+F8');
  await expect(page.locator('.walk-insn-index')).toHaveText('5');
  // one that is off does not stop the walk
  await page.getByRole('checkbox', { name: 'lock held' }).uncheck();
  await p.key('F8');
  await expect(page.locator('.walk-insn-index')).toHaveText('5');
  await page.getByText('What a watch can say').click();
  await expect(page.locator('.watch-help')).toContainText('references held');
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test('breakpoints: in the margin, by key, moving with the text, kept with the draft', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(LOOP_IN_C, { step: 0 });
  await p.verdictIs('Accepted');
  const margin = page.locator('.monaco-editor .margin');
  const box = (await margin.boundingBox())!;
  const line = async (text: string): Promise<{ x: number; y: number }> => {
    const at = (await page
      .locator('.monaco-editor .view-line')
      .filter({ hasText: text })
      .first()
      .boundingBox())!;
    return { x: box.x + 10, y: at.y + at.height / 2 };
  };
  const at = await line('sum += rnd()');
  await page.mouse.click(at.x, at.y);
  // the comment has no instruction: the breakpoint is on the next line that has one
  await expect(page.locator('.breakpoint-glyph')).toHaveCount(1);
  await p.key('F8');
  await expect(page.locator('.walk-insn-index')).toHaveText('4');

  // from the editor, where F8 belongs to the page as well
  await page
    .locator('.monaco-editor .view-line')
    .filter({ hasText: 'call' })
    .filter({ hasText: 'scale' })
    .click();
  await page.keyboard.press('Alt+b');
  await expect(page.locator('.breakpoint-glyph')).toHaveCount(2);
  await expect(p.editor).toHaveClass(/focused/);
  await page.keyboard.press('F8');
  await expect(page.locator('.walk-controls')).toContainText('Visit 2 of');
  await p.pane('Watch');
  await expect(page.locator('.watch-row')).toHaveCount(2);
  await expect(page.locator('.watch-row').nth(1)).toContainText('call scale');

  // a line typed above moves them
  const before = await page.locator('.watch-row').first().textContent();
  await page.locator('.monaco-editor .view-line').filter({ hasText: 'main:' }).click();
  await page.keyboard.press('Home');
  await page.keyboard.type('// one more line\n');
  await expect(page.locator('.watch-row').first()).not.toHaveText(before ?? '');
  await expect(page.locator('.watch-row').first()).toContainText('r0 &= 15');

  await page.waitForTimeout(600);
  await page.reload();
  await p.verdictIs('Accepted');
  await expect(page.locator('.breakpoint-glyph')).toHaveCount(2);
  await expect(page.locator('.watch-row').first()).toContainText('r0 &= 15');
  await page
    .getByRole('button', { name: /^Remove the breakpoint/ })
    .first()
    .click();
  await expect(page.locator('.breakpoint-glyph')).toHaveCount(1);
});

test('on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const p = playgroundPage(page);
  await p.open(LOOP_IN_C, { step: 4 });
  await p.verdictIs('Accepted');
  await p.pane('Watch');
  await page.getByRole('button', { name: 'Set one here' }).click();
  await expect(page.locator('.watch-row')).toContainText('r0 &= 15');
  await page.getByRole('combobox', { name: 'New watch' }).fill('r7.umax > 100');
  await page.keyboard.press('Enter');
  await expect(page.locator('.watch-row').first()).toContainText('matches');
  await page.getByRole('button', { name: 'Next stop' }).click();
  await expect(page.locator('.watch-row.here')).toContainText('r0 &= 15');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test('a million steps are searched at once', async ({ page }) => {
  test.setTimeout(240_000);
  const p = playgroundPage(page);
  await p.open(COUNTING);
  await expect(p.verdict).toHaveText('Accepted', { timeout: 150_000 });
  await p.pane('Watch');
  await page.getByRole('combobox', { name: 'New watch' }).fill('r6 == 200000');
  await page.keyboard.press('Enter');
  await expect(page.locator('.watch-row')).toContainText('1 match', { timeout: 30_000 });
  await p.key('F8');
  await expect(page.locator('.watch-row')).toHaveClass(/here/);
  expect(await p.step()).toBeGreaterThan(700_000);
});
