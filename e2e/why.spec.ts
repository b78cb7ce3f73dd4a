import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { playgroundPage, RETURN_ZERO } from './playground-page.ts';

const example = (id: string): string => readFileSync(`public/examples/${id}.bpf`, 'utf8');

test('the why card names the missing fact, links to its steps, and a fix makes it pass', async ({ page }) => {
  const app = playgroundPage(page);
  await app.open(example('array-unbounded'));
  await app.verdictIs('Rejected');
  const why = page.locator('article.why');
  await expect(why.getByRole('region', { name: 'What was missing' })).toContainText(
    'R7, which is added to the pointer, is at most 60',
  );
  const chain = why.getByRole('region', { name: 'How it came to this' });
  await chain.getByRole('button', { name: /loaded from the ctx/ }).click();
  await expect.poll(() => app.step()).toBe(0);
  await why
    .getByRole('listitem')
    .filter({ hasText: 'Check that r7 is at most 60' })
    .getByRole('button', { name: 'Apply' })
    .click();
  await app.verdictIs('Accepted');
});

test('one key switches between the slice and all steps', async ({ page }) => {
  const app = playgroundPage(page);
  await app.open(example('task-use-after-release'));
  await app.verdictIs('Rejected');
  const steps = page.locator('.chain > li');
  await expect(page.locator('.chain')).toContainText('releases what R6 was');
  const some = await steps.count();
  await app.key('a');
  await expect(page.getByRole('button', { name: /Only what matters/ })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  expect(await steps.count()).toBeGreaterThan(some);
  await app.key('a');
  await expect(steps).toHaveCount(some);
});

test('the rule’s page opens over the card, and its programs in the editor', async ({ page }) => {
  const app = playgroundPage(page);
  await app.open(example('lookup-unchecked'));
  await app.verdictIs('Rejected');
  await page.getByRole('button', { name: 'its page, with programs' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rules' });
  await expect(
    dialog.getByRole('heading', { name: 'This is not a pointer that may be followed' }),
  ).toBeVisible();
  await dialog
    .getByRole('region', { name: 'Accepted' })
    .getByRole('button', { name: 'Open in the editor' })
    .click();
  await expect(dialog).toBeHidden();
  await app.verdictIs('Accepted');
});

test('a pasted message finds its rule', async ({ page }) => {
  const app = playgroundPage(page);
  await app.open(RETURN_ZERO);
  await app.verdictIs('Accepted');
  await app.key('Alt+u');
  const dialog = page.getByRole('dialog', { name: 'Rules' });
  const search = dialog.getByRole('textbox', { name: 'Search rules, or paste a message' });
  await expect(search).toBeFocused();
  await expect(dialog.getByRole('heading', { level: 3 }).first()).toHaveText('Asked about most');
  await search.fill('R2 pointer arithmetic on map_value_or_null prohibited, null-check it first');
  await expect(dialog.getByRole('group', { name: 'Rules' }).getByRole('button').first()).toContainText(
    'Arithmetic on a pointer that may be NULL',
  );
  await search.press('Enter');
  await expect(dialog.locator('.rule-page')).toContainText('NULL plus an offset is no longer NULL');
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('programs that no kernel was asked about say so', async ({ page }) => {
  const app = playgroundPage(page);
  await app.open(RETURN_ZERO);
  await app.key('Alt+u');
  const dialog = page.getByRole('dialog', { name: 'Rules' });
  const search = dialog.getByRole('textbox', { name: 'Search rules, or paste a message' });
  const found = dialog.getByRole('group', { name: 'Rules' }).getByRole('button').first();
  await search.fill('acquire kernel function does not return PTR_TO_BTF_ID');
  await expect(found).toContainText('does not return PTR_TO_BTF_ID');
  await search.press('Enter');
  await expect(dialog.getByRole('region', { name: 'Refused' })).toContainText('__kf_flags(KF_ACQUIRE)');
  await expect(dialog.getByRole('region', { name: 'Accepted' })).toContainText('__kf_flags()');
  await expect(dialog.locator('.rule-page')).toContainText('No kernel was asked');
  await search.fill('number of funcs in func_info');
  await expect(found).toContainText('number of funcs in func_info');
  await search.press('Enter');
  await dialog
    .getByRole('region', { name: 'Refused' })
    .getByRole('button', { name: 'Open in the editor' })
    .click();
  await app.verdictIs('Rejected');
});

test('on a phone the rule takes the list’s place', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const app = playgroundPage(page);
  await app.open(example('lookup-unchecked'));
  await page.getByRole('tab', { name: 'Why' }).click();
  await page.getByRole('button', { name: 'all rules' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rules' });
  await dialog.getByRole('group', { name: 'Rules' }).getByRole('button').first().click();
  await expect(dialog.locator('.rule-page h2')).toBeVisible();
  await expect(dialog.getByRole('group', { name: 'Rules' })).toBeHidden();
  await dialog.getByRole('button', { name: 'All rules' }).click();
  await expect(dialog.getByRole('group', { name: 'Rules' })).toBeVisible();
});
