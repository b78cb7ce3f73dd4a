import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsInBothThemes } from './axe.ts';
import { LOOP_IN_C, manyBlocks } from './loop-program.ts';
import { playgroundPage, underLock } from './playground-page.ts';

// Looking through the page twice for what screen readers would miss takes its time.
test.describe.configure({ timeout: 150_000 });

const scale = async (page: Page): Promise<number> =>
  Number(await page.locator('.graph-window > svg').getAttribute('data-scale'));

async function saved(page: Page, name: string): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name, exact: true }).click(),
  ]);
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

test('a function in blocks: where the walk stands, what was walked, and ways there', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(LOOP_IN_C, { step: 2 });
  await p.verdictIs('Accepted');
  await p.pane('Graph');
  const graph = page.getByRole('listbox', { name: 'Blocks of main' });
  await expect(graph).toBeVisible();
  await graph.focus();
  await page.keyboard.press('0');
  await expect(graph.getByRole('option')).toHaveCount(5);
  await expect(graph.locator('.graph-block.current')).toHaveAttribute('data-block', '2');
  await expect(graph.locator('.graph-block.current')).toHaveAccessibleName(
    /Instructions 2 to 3, \d+ visits, in loop 1, the walk stands here, leads to 4 and 6 if taken/,
  );
  await expect(graph.locator('.graph-edge.edge-back')).toHaveCount(1);

  // a click on an instruction goes there
  await page.getByRole('button', { name: 'Zoom in' }).click();
  await graph.locator('[data-insn="4"]').click();
  await expect(page.locator('.walk-insn-index')).toHaveText('4');
  await expect(graph.locator('.graph-block.current')).toHaveAttribute('data-block', '4');

  // by keyboard: to the block above, and take it; zoom and fit
  await graph.focus();
  await page.keyboard.press('ArrowUp');
  await expect(graph.locator('[aria-selected="true"]')).toHaveAttribute('data-block', '2');
  await page.keyboard.press('Enter');
  await expect(page.locator('.walk-insn-index')).toHaveText('2');
  await page.keyboard.press('0');
  const whole = await scale(page);
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  expect(await scale(page)).toBeGreaterThan(whole);
  await page.keyboard.press('-');
  await page.keyboard.press('0');
  expect(await scale(page)).toBe(whole);

  // into the function that is called, and back to where the walk is
  await graph.locator('.graph-call').click();
  await expect(page.getByRole('listbox', { name: 'Blocks of scale' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Function' }).selectOption('walk');
  await expect(graph).toBeVisible();
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test('is saved as a picture', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.pane('Graph');
  await expect(page.locator('.graph-block.failed')).toBeVisible();
  const svg = await saved(page, 'SVG');
  expect(svg.name).toMatch(/^shared-program-main\.svg$/);
  const text = svg.bytes.toString();
  expect(text).toContain('call my_op');
  expect(text).not.toContain('var(--');
  expect(text).toMatch(/^<svg[^>]* xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
  const png = await saved(page, 'PNG');
  expect(png.name).toMatch(/\.png$/);
  expect([...png.bytes.subarray(0, 4)]).toEqual([0x89, 0x50, 0x4e, 0x47]);
  expect(png.bytes.length).toBeGreaterThan(5000);
});

test('a function of a thousand blocks is shown in part', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(manyBlocks(600));
  await expect(p.verdict).toHaveText('Accepted', { timeout: 60_000 });
  await p.pane('Graph');
  await expect(page.locator('.graph-note')).toContainText('blocks, too many to draw at once');
  await expect(page.locator('.graph-block').first()).toBeVisible({ timeout: 30_000 });
  // it follows the walk
  await p.key('End');
  await expect(page.locator('.graph-note')).toContainText(/nearest to instruction 1\d\d\d/);
  await expect(page.locator('.graph-block.current')).toBeVisible({ timeout: 30_000 });
});

test('on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.pane('Graph');
  await expect(page.locator('.graph-block.failed')).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  // a long graph begins legible, where the walk stands; all of it is one tap away, and so is the way back
  await p.pane('Code');
  await p.open(manyBlocks(60), { step: 40 });
  await p.verdictIs('Accepted');
  await p.pane('Graph');
  await expect(page.locator('.graph-block.current')).toBeInViewport();
  expect(await scale(page)).toBeGreaterThanOrEqual(0.8);
  await page.getByRole('button', { name: 'Fit' }).click();
  expect(await scale(page)).toBeLessThan(0.4);
  await page.getByRole('button', { name: 'Fit' }).click();
  expect(await scale(page)).toBeGreaterThanOrEqual(0.8);
  await expect(page.locator('.graph-block.current')).toBeInViewport();
});
