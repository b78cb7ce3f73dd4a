import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { readFile } from 'node:fs/promises';
import { playgroundPage, RETURN_ZERO, underLock } from './playground-page.ts';

for (const theme of ['light', 'dark'] as const) {
  test(`the palette finds actions and programs by name, ${theme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme: theme });
    const playground = playgroundPage(page);
    await playground.open(RETURN_ZERO);
    await playground.verdictIs('Accepted');
    await playground.editor.click();
    await page.keyboard.press('F1');
    const find = page.getByRole('combobox', { name: 'Find' });
    await expect(find).toBeFocused();
    const { violations } = await new AxeBuilder({ page }).include('dialog.palette').analyze();
    expect(violations).toEqual([]);
    await find.fill('what if');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('tab', { name: 'What if' })).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('F1');
    await find.fill('infinite loop');
    await page.keyboard.press('Enter');
    await playground.verdictIs('Rejected');
    await page.keyboard.press('F1');
    await find.fill('no such thing anywhere');
    await expect(page.getByText('Nothing is called that.')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(find).toHaveCount(0);
  });
}

test('the program is taken elsewhere in every form, and its own text opens again', async ({ page }) => {
  const playground = playgroundPage(page);
  await playground.open(underLock('KF_SPINLOCK_SAFE'));
  await playground.verdictIs('Accepted');
  await playground.key('Alt+e');
  const { violations } = await new AxeBuilder({ page }).include('dialog.export').analyze();
  expect(violations).toEqual([]);
  const saved = async (name: string): Promise<string> => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: `Save: ${name}`, exact: true }).click(),
    ]);
    return readFile(await file.path(), 'utf8');
  };
  expect(await saved('Program text')).toBe(underLock('KF_SPINLOCK_SAFE'));
  expect(await saved('Assembly')).toContain('call my_op');
  expect(await saved('C macros')).toContain('BPF_EXIT_INSN()');
  expect(await saved('Hex')).toMatch(/^95 00 00 00 00 00 00 00$/m);
  expect(await saved('Hex dump')).toMatch(/^00000000: /);
  expect(JSON.parse(await saved('Bundle'))).toMatchObject({ license: 'GPL', privileged: true });
  expect(await saved('Verifier log, level 1')).toMatch(/^processed \d+ insns/m);
  expect(await saved('Verifier log, level 2')).toContain('R10=fp0');
});

test('a text that is no program is saved as it stands, and nothing else is made of it', async ({ page }) => {
  const playground = playgroundPage(page);
  await playground.open(RETURN_ZERO);
  await playground.verdictIs('Accepted');
  await playground.type('main:\n\tr0 = \n');
  await playground.verdictIs('Not a program yet');
  await page.keyboard.press('Alt+e');
  await page.getByRole('button', { name: 'Save: Bundle' }).click();
  await expect(page.getByText('The text is not a program as it stands')).toBeVisible();
});

test('a program is named, and found under that name again', async ({ page }) => {
  const playground = playgroundPage(page);
  await playground.open(RETURN_ZERO);
  await playground.verdictIs('Accepted');
  await playground.key('Alt+p');
  await page.getByRole('textbox', { name: 'Name' }).fill('My zero');
  await page.keyboard.press('Enter');
  await expect(page.locator('.program-title')).toHaveText('My zero');
  await expect(async () => {
    await page.reload();
    await expect(page.locator('.program-title')).toHaveText('My zero', { timeout: 2000 });
  }).toPass();
});
