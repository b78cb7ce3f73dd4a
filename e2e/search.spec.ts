import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsInBothThemes } from './axe.ts';
import { playgroundPage, RETURN_ZERO, underLock } from './playground-page.ts';

// Looking through the page twice for what screen readers would miss takes its time.
test.describe.configure({ timeout: 150_000 });

/** Two ways to one decision; on each R6 is a number below four, so that the second way is pruned. */
const JOINED = `.prog tc
.flags BPF_F_TEST_STATE_FREQ

main:
	r9 = 7
	call bpf_get_prandom_u32
	if r0 == 0 goto other
	r6 = r0
	r6 &= 3
	goto on
other:
	r6 = r0
	r6 &= 3
	call bpf_get_prandom_u32
	if r0 == 1 goto on
on:
	r7 = r6
	if r7 > 9 goto bad
	r0 = 0
	exit
bad:
	r0 = r9
	exit
`;

/** One way out at each of many turns. */
const turns = (n: number): string => `.prog tc

main:
	r6 = 0
loop:
	call bpf_get_prandom_u32
	if r0 > 5 goto on
	r0 = 0
	exit
on:
	r6 += 1
	if r6 < ${n} goto loop
	r0 = 0
	exit
`;

const tree = (page: Page) => page.getByRole('tree', { name: 'Explored paths' });
const active = (page: Page) => tree(page).locator('.tree-row.active');

test('the tree of paths: how each ends, from the keyboard', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(JOINED);
  await p.verdictIs('Accepted');
  await p.pane('Paths');
  const rows = tree(page).getByRole('treeitem');
  await expect(rows).toHaveCount(5);
  await expect(rows.first()).toContainText('entry of main');
  await expect(rows.first()).toHaveAttribute('aria-current', 'step');
  await expect(tree(page).locator('.end-pruned')).toHaveCount(2);
  await expect(tree(page).locator('.end-exit')).toHaveCount(1);

  // arrows close, open, go in and out; Home and End reach the ends; Enter goes to the step
  await tree(page).focus();
  await page.keyboard.press('Home');
  await expect(active(page)).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('ArrowLeft');
  await expect(active(page)).toHaveAttribute('aria-expanded', 'false');
  await expect(rows).toHaveCount(4);
  await page.keyboard.press('ArrowRight');
  await expect(rows).toHaveCount(5);
  await page.keyboard.press('ArrowRight');
  await expect(active(page)).toHaveAttribute('aria-level', '2');
  await page.keyboard.press('ArrowLeft');
  await expect(active(page)).toHaveAttribute('aria-level', '1');
  await page.keyboard.press('End');
  await expect(active(page)).toHaveAttribute('aria-posinset', '3');
  // it was pruned at once: there is nothing to go to but the fork
  await page.keyboard.press('Enter');
  await expect(page.locator('.walk-insn-index')).toHaveText('9');
  await expect(tree(page).locator('[aria-current="step"]')).toContainText('if r0 == 0 goto other');
  expect(await tree(page).getAttribute('aria-activedescendant')).toBe(await active(page).getAttribute('id'));

  // a step elsewhere is followed
  await p.key('Home');
  await expect(tree(page).locator('[aria-current="step"]')).toContainText('entry of main');

  await page.getByLabel('How the path ends').selectOption('exit');
  await expect(page.locator('.paths-count')).toHaveText('1 of 5 runs');
  // the fork that leads to it stays, but is no match
  await expect(rows).toHaveCount(2);
  await expect(tree(page).locator('.beside')).toHaveCount(1);
  await page.getByLabel('How the path ends').selectOption('');
  await page.getByLabel('Search the paths').fill('goto bad');
  await expect(page.locator('.paths-count')).toHaveText('1 of 5 runs');
  await page.getByLabel('Search the paths').fill('9');
  await expect(rows.locator(':scope:not(.beside)')).toContainText(['taken']);
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test('the way to the rejection is marked, and what was never explored', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.pane('Paths');
  await expect(tree(page).locator('.failing').last()).toContainText('rejected');
  await expect(tree(page).locator('[aria-current="step"]')).toContainText('rejected');
  await page.getByLabel('What is held along the way').selectOption('lock');
  await expect(tree(page).getByRole('treeitem')).toHaveCount(1);
  await page.getByLabel('What is held along the way').selectOption('rcu');
  await expect(page.getByText('No path matches.')).toBeVisible();
});

test('why a path was pruned, register by register, and why others went on', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(JOINED);
  await p.verdictIs('Accepted');
  await p.pane('Paths');
  await tree(page).locator('.tree-row', { hasText: 'pruned' }).last().click();
  await page.getByRole('button', { name: 'compare the two' }).click();
  const pruned = page.getByRole('region', { name: /^Pruned: path/ }).first();
  await expect(pruned).toContainText('is pruned before instruction 10');
  const row = (name: string) => pruned.getByRole('row', { name }).first();
  await expect(row('R6')).toContainText('contained');
  await expect(row('held')).toContainText('equal');
  await expect(pruned).toContainText('Not live, nothing known of them: R0, R1');
  expect(await violationsInBothThemes(page)).toEqual([]);

  // to the covering state: it says what it covers
  await pruned.getByRole('button', { name: 'go there' }).click();
  await expect(page.locator('.walk-insn-index')).toHaveText('10');
  await expect(page.getByRole('region', { name: 'Covered by this state' })).toContainText('covers');

  // from one pruned path to the next
  await p.key('Home');
  await p.key('e');
  await expect(page.getByRole('region', { name: /^Pruned: path/ }).first()).toBeVisible();
  const first = await p.step();
  await p.key('Shift+E');
  await expect(page.getByText('No path was pruned before this step.')).toBeVisible();
  expect(await p.step()).toBe(first);
});

test('what had to be exact, the way back from what asked, and what is not live', async ({ page }) => {
  const p = playgroundPage(page);
  // the step before `r7 = r6`
  await p.open(JOINED, { step: 6 });
  await p.verdictIs('Accepted');
  await expect(page.locator('.walk-insn-index')).toHaveText('10');
  await p.pane('Precision');
  const kept = page.getByRole('region', { name: 'Precise here' });
  await expect(kept).toContainText('R6');
  await kept.getByRole('button', { name: 'how?' }).click();
  await expect(kept.locator('.chain li')).toContainText([
    'if r7 > 9 goto bad',
    'r7 = r6',
    'R6 becomes precise',
  ]);
  await kept.locator('.chain .step-link').first().click();
  await expect(page.locator('.walk-insn-index')).toHaveText('11');
  await expect(page.getByRole('region', { name: 'Asked for by this step' })).toContainText('R6');
  expect(await violationsInBothThemes(page)).toEqual([]);

  // R0 was read for the last time
  await p.open(JOINED, { step: 4 });
  await expect(page.locator('.walk-insn-index')).toHaveText('4');
  await expect(page.locator('.state-table tr.dead')).toContainText(['R0']);
  await expect(page.getByRole('region', { name: 'Live and not live' })).toContainText('R0');
});

test('a program without branches says so', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await p.pane('Paths');
  await expect(tree(page).getByRole('treeitem')).toHaveCount(1);
  await p.pane('Pruning');
  await expect(page.getByText('No path of this walk was pruned.')).toBeVisible();
  await p.pane('Precision');
  await expect(page.getByText('No state was kept on the way here')).toBeVisible();
});

test('a hundred thousand nodes', async ({ page }) => {
  test.setTimeout(300_000);
  const p = playgroundPage(page);
  await p.open(turns(60_000));
  await expect(p.verdict).toHaveText('Accepted', { timeout: 200_000 });
  await p.pane('Paths');
  await expect(page.locator('.paths-count')).toHaveText('120,001 runs', { timeout: 60_000 });
  expect(await tree(page).locator('.tree-row').count()).toBeLessThan(80);
  await page.getByRole('button', { name: 'Open every fork' }).click();
  await tree(page).focus();
  const began = Date.now();
  await page.keyboard.press('End');
  await expect(tree(page).locator('.tree-row.active')).toContainText('exits');
  await page.keyboard.press('Enter');
  await expect(tree(page).locator('[aria-current="step"]')).toBeVisible();
  // generous: the machine may be busy with other things
  expect(Date.now() - began).toBeLessThan(10_000);
  expect(await p.step()).toBeGreaterThan(100_000);
  await page.getByLabel('Search the paths').fill('7');
  await expect(page.locator('.paths-count')).toContainText('of 120,001 runs');
});

test('where states are compared is told at once, however long the comparisons take', async ({ page }) => {
  test.setTimeout(200_000);
  const p = playgroundPage(page);
  // near the end: to compare, nearly all of it is walked once more
  const steps = 60_000 * 6 + 3;
  await p.open(turns(60_000), { step: steps - 25 });
  await expect(p.verdict).toHaveText('Accepted', { timeout: 150_000 });
  await p.pane('Pruning');
  await expect(page.getByText('The states are being compared.')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Not pruned' })).toContainText('came to instruction');
  await expect(page.locator('.earlier-list').first()).toBeVisible({ timeout: 60_000 });
  await expect(page.locator('.proof')).toHaveAttribute('aria-busy', 'false');
});

test('phone width: all three, without scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const p = playgroundPage(page);
  await p.open(JOINED, { step: 6 });
  await p.verdictIs('Accepted');
  for (const name of ['Paths', 'Pruning', 'Precision']) {
    await p.pane(name);
    await expect(page.locator('.phone-panel')).not.toContainText('Loading');
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    expect(
      await page.locator('.phone-panel').evaluate((panel) => panel.scrollWidth - panel.clientWidth),
    ).toBeLessThanOrEqual(0);
  }
  expect(await violationsInBothThemes(page)).toEqual([]);
});
