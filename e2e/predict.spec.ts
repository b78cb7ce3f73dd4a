import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { playgroundPage, RETURN_ZERO, underLock } from './playground-page.ts';

test('the verdict is guessed before it is seen', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await page.keyboard.press('Alt+g');
  const guess = page.getByRole('group', { name: 'Guess the verdict' });
  await expect(guess).toBeVisible();
  for (const tells of ['.verdict-message', '.why', '.walk-body', '.log-line'])
    await expect(page.locator(tells).filter({ visible: true })).toHaveCount(0);
  await expect(page.locator('.insn-message').first()).toBeHidden();
  await guess.getByRole('button', { name: 'Accepted' }).click();
  await p.verdictIs('Rejected');
  await expect(page.locator('.predict')).toContainText('You said accepted.');
  await expect(page.locator('.predict')).toContainText('0 of 1 right');

  // Another text, another guess.
  await p.type(RETURN_ZERO);
  await expect(guess).toBeVisible();
  await page.keyboard.press('Alt+y');
  await p.verdictIs('Accepted');
  await expect(page.locator('.predict')).toContainText('1 of 2 right');
  await page.reload();
  await page.keyboard.press('Alt+g');
  await expect(page.locator('.predict')).toContainText('1 of 2 right');
});

test('steps are asked about: by key, by mouse, passed over', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open('.prog tc\n\nmain:\n\tr6 = 7\n\tr6 += 1\n\tr0 = r6\n\texit\n');
  await p.verdictIs('Accepted');
  await page.keyboard.press('Alt+g');
  await page.keyboard.press('Alt+y');
  await p.verdictIs('Accepted');
  await p.key('ArrowRight');
  const card = page.getByRole('region', { name: 'Predict' });
  await expect(card).toContainText('What will R6 be?');
  expect(await p.step()).toBe(0);
  await expect(page.locator('.virtual-list').first()).toBeHidden();
  const options = card.locator('ol button');
  const texts = await options.locator('span').allTextContents();
  await page.keyboard.press(String(texts.indexOf('7') + 1));
  await expect(card).toContainText('Right: 7');
  await expect(p.at).toHaveValue('1');

  await p.key('ArrowRight');
  await expect(card).toContainText('What will R6 be?');
  await options.filter({ hasText: 'The verifier rejects' }).click();
  await expect(card).toContainText('It is: 8');
  await expect(card).toContainText('2 of 3 right');
  await expect(p.at).toHaveValue('2');

  await p.key('ArrowRight');
  await expect(card).toContainText('What will R0 be?');
  await p.key('ArrowRight');
  await expect(p.at).toHaveValue('3');
  await expect(card).toContainText('2 of 3 right');

  await p.key('Home');
  await expect(p.at).toHaveValue('0');
  await card.getByRole('combobox').selectOption('R0');
  await p.key('ArrowRight');
  await expect(card).toContainText('What will R0 be?');
  await page.keyboard.press('Alt+g');
  await expect(card).toBeHidden();
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`predict mode: axe, ${colorScheme}, wide and phone`, async ({ page }) => {
    test.setTimeout(150_000);
    await page.emulateMedia({ colorScheme });
    const p = playgroundPage(page);
    await p.open(underLock('KF_RCU'));
    await p.verdictIs('Rejected');
    await page.keyboard.press('Alt+g');
    await expect(page.getByRole('group', { name: 'Guess the verdict' })).toBeVisible();
    const check = async (): Promise<void> =>
      expect(
        (await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => [
          id,
          nodes.map((n) => n.target),
        ]),
      ).toEqual([]);
    await check();
    await page.keyboard.press('Alt+x');
    await p.verdictIs('Rejected');
    await p.key('Home');
    await p.key('ArrowRight');
    await expect(page.locator('.predict ol button').first()).toBeFocused();
    await check();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.keyboard.press('Alt+2');
    await expect(page.locator('.predict')).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await check();
  });
