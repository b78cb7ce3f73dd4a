import { expect, test } from '@playwright/test';
import { packLink } from '../app/share/link.ts';
import { playgroundPage, RETURN_ZERO, shared, underLock } from './playground-page.ts';

test('a shared link opens with the same program, flags and step', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.pane('What if');
  await page.getByRole('button', { name: 'KF_SPINLOCK_SAFE', exact: true }).click();
  await p.verdictIs('Accepted');
  await p.key('Home');
  for (let i = 0; i < 4; i++) await p.key('ArrowRight');
  await expect(p.at).toHaveValue('4');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.locator('.notice')).toContainText('clipboard');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(page.url());

  const other = await context.browser()!.newContext();
  const fresh = await other.newPage();
  await fresh.goto(link);
  const q = playgroundPage(fresh);
  await q.verdictIs('Accepted');
  await expect(q.at).toHaveValue('4');
  await expect(q.editor).toContainText('my_op');
  await other.close();
});

test('a link brings its breakpoints and watches', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'), { step: 0, stops: { lines: [19], watches: ['lock held'] } });
  await p.verdictIs('Rejected');
  await expect(page.locator('.breakpoint-glyph')).toHaveCount(1);
  await p.key('F8');
  await expect(page.locator('.walk-insn-index')).toHaveText('5');
  await p.key('F8');
  await expect(page.locator('.walk-insn-index')).toHaveText('11');
  // one more, and on to somebody else
  await p.key('b');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  await expect(page.locator('.notice')).toContainText('clipboard');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const other = await context.browser()!.newContext();
  const fresh = await other.newPage();
  await fresh.goto(link);
  await playgroundPage(fresh).verdictIs('Rejected');
  await expect(fresh.locator('.breakpoint-glyph')).toHaveCount(2);
  await playgroundPage(fresh).pane('Watch');
  await expect(fresh.locator('.watch-row')).toHaveCount(3);
  await other.close();
  // a link without any has none, even after one that had some
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await expect(page.locator('.breakpoint-glyph')).toHaveCount(0);
});

test('a damaged link says so and keeps what it can', async ({ page }) => {
  const long = RETURN_ZERO.replace(
    '\texit',
    `${Array.from({ length: 80 }, (_, i) => `\tr${i % 9} = ${i * 7919}`).join('\n')}\n\texit`,
  );
  await page.goto(`./#${packLink(shared(long)).slice(0, -40)}`);
  await expect(page.locator('.notice')).toContainText('damaged');
  await expect(page.locator('.monaco-editor').first()).toContainText('.license GPL');
});

test('a link beyond repair leaves one’s own program as it is', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await p.type(`// mine\n${RETURN_ZERO}`);
  await page.evaluate(() => {
    location.hash = '#v1.AAAA';
  });
  await expect(page.locator('.notice')).toContainText('Nothing of it could be read');
  await expect(p.editor).toContainText('// mine');
});

test('a link of a later version says so', async ({ page }) => {
  await page.goto(`./#${packLink(shared(RETURN_ZERO)).replace('v1.', 'v7.')}`);
  await expect(page.locator('.notice')).toContainText('newer version');
  await expect(page.locator('.monaco-editor').first()).toContainText('r0');
});

test('what was typed survives a reload, and a link opened over it', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await p.type(`// my own work\n${RETURN_ZERO}`);
  await p.verdictIs('Accepted');
  await page.reload();
  await expect(p.editor).toContainText('// my own work');

  await p.open(underLock('KF_RCU'));
  await expect(p.editor).toContainText('my_op');
  await page.locator('.program-button').click();
  await page
    .locator('.program-menu')
    .getByRole('button', { name: /my own work|Shared program/ })
    .first()
    .click();
  await expect(p.editor).toContainText('// my own work');
});

test('another program opened over a typed one: one Undo brings it back, by button and by key', async ({
  page,
}) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await p.type(`// mine\n${RETURN_ZERO}`);
  await expect(page.locator('.program-edited')).toBeVisible();
  const open = async (): Promise<void> => {
    await page.keyboard.press('F1');
    await page.keyboard.insertText('infinite loop');
    await page.keyboard.press('Enter');
    await p.verdictIs('Rejected');
  };
  await open();
  await expect(page.locator('.notice')).toContainText('is kept among your drafts');
  await page.getByRole('button', { name: 'Undo' }).click();
  await p.verdictIs('Accepted');
  await expect(p.editor).toContainText('// mine');
  // nothing was changed since: nothing to tell
  await expect(page.locator('.notice')).toHaveCount(0);
  await p.type(`// mine too\n${RETURN_ZERO}`);
  await p.verdictIs('Accepted');
  await open();
  await page.keyboard.press('Alt+Shift+z');
  await p.verdictIs('Accepted');
  await expect(p.editor).toContainText('// mine too');
});

test('typing and stepping leave no trace in the history; Back returns to the program before', async ({
  page,
}) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  const length = await page.evaluate(() => history.length);
  await p.type(`// first\n${RETURN_ZERO}`);
  await p.key('End');
  await page.getByRole('button', { name: 'Share', exact: true }).click();
  expect(await page.evaluate(() => history.length)).toBe(length);
  await page.locator('.program-button').click();
  await page.getByRole('button', { name: 'New program' }).click();
  await expect(p.editor).not.toContainText('// first');
  await page.goBack();
  await expect(p.editor).toContainText('// first');
});

test('examples open from the menu, each with its sentence', async ({ page }) => {
  await page.goto('./');
  const p = playgroundPage(page);
  await expect(p.verdict).toBeVisible();
  await page.locator('.program-button').click();
  const rows = page.locator('.program-menu .menu-row');
  await expect(rows.first().locator('.menu-sentence')).not.toBeEmpty();
  await rows.last().locator('button').first().click();
  await expect(page).toHaveURL(/#example=/);
  await expect(p.verdict).toHaveText(/Accepted|Rejected/, { timeout: 20_000 });
  await page.goBack();
  await expect(page).not.toHaveURL(/#example=/);
});
