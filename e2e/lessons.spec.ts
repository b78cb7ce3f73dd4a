import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { playgroundPage } from './playground-page.ts';

const SOLVED = '.prog tc\n\nmain:\n        r0 = *(u32 *)(r1 + 0)\n        exit\n';
const EMPTY = '.prog tc\n\nmain:\n        r0 = 0\n        exit\n';

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

function lessonPage(page: Page) {
  const text = page.getByRole('region', { name: 'Lesson text' });
  return {
    ...playgroundPage(page),
    text,
    checks: text.locator('.lesson-checks li'),
    done: text.locator('.lesson-checks .holds'),
    solved: text.getByRole('region', { name: 'Solved' }),
    async open(id: string): Promise<void> {
      await page.goto(`./#lesson=${id}`);
      await expect(text.getByRole('heading', { level: 2 })).toBeVisible();
      await expect(page.locator('.monaco-editor').first()).toBeVisible();
    },
  };
}

test('a lesson from the list to its solution, and on to the next', async ({ page }) => {
  const p = lessonPage(page);
  await page.goto('./');
  await expect(p.verdict).toBeVisible();
  await page.keyboard.press('Alt+l');
  const list = page.getByRole('dialog', { name: 'Lessons' });
  await expect(list.locator('li')).toHaveCount(29);
  await list.getByRole('button', { name: 'Write before you read' }).click();
  await expect(page).toHaveURL(/#lesson=write-before-read$/);
  await expect(p.checks).toHaveCount(2);
  await p.verdictIs('Rejected');
  await expect(p.done).toHaveCount(0);

  // Accepted, but not what was asked for.
  await p.type(EMPTY);
  await p.verdictIs('Accepted');
  await expect(p.done).toHaveCount(1);
  await expect(p.solved).toBeHidden();

  await p.type(SOLVED);
  await expect(p.solved).toBeVisible();
  await expect(page).toHaveURL(/#lesson=write-before-read$/);
  await p.text.getByRole('button', { name: /^Next: Every path/ }).click();
  await expect(page).toHaveURL(/#lesson=every-path$/);
  await expect(p.editor).toContainText('goto large');
  await page.goBack();
  await expect(p.editor).toContainText('r0 = *(u32 *)(r1 + 0)');
  await expect(p.solved).toBeVisible();
  await page.keyboard.press('Alt+l');
  await expect(list.getByRole('button', { name: /^Write before you read\s*, solved/ })).toBeVisible();
  await expect(list).toContainText('1 of 29 solved');
});

test('work on a lesson survives a reload; it is no draft among others', async ({ page }) => {
  const p = lessonPage(page);
  await p.open('write-before-read');
  await p.verdictIs('Rejected');
  await p.type(`// mine\n${EMPTY}`);
  await p.verdictIs('Accepted');
  await page.reload();
  await expect(p.editor).toContainText('// mine');
  await expect(p.checks).toHaveCount(2);
  await page.goto('about:blank');
  await page.goto('./#lesson=write-before-read');
  await expect(p.editor).toContainText('// mine');
  await page.locator('.program-button').click();
  await expect(page.locator('.program-menu')).not.toContainText('Your drafts');
});

test('hints, solution, starting over, and undoing that', async ({ page }) => {
  const p = lessonPage(page);
  await p.open('ranges');
  await p.verdictIs('Rejected');
  await p.text.getByRole('button', { name: 'Hint', exact: true }).click();
  await p.text.getByRole('button', { name: 'Another hint' }).click();
  await expect(p.text.locator('.lesson-hint')).toHaveCount(2);
  await p.text.getByRole('button', { name: 'Show a solution' }).click();
  await p.text.getByRole('button', { name: 'Put it into the editor' }).click();
  await p.verdictIs('Accepted');
  await expect(p.solved).toBeVisible();
  await p.text.getByRole('button', { name: 'Start over' }).click();
  await p.verdictIs('Rejected');
  await page.keyboard.press('ControlOrMeta+z');
  await p.verdictIs('Accepted');
});

test('a question, and rules that the What-if pane changes', async ({ page }) => {
  test.setTimeout(120_000);
  const p = lessonPage(page);
  await p.open('fault-not-sleep');
  await p.verdictIs('Rejected');
  await p.text.getByLabel(/put to sleep with a lock held/).check();
  await expect(p.text.getByRole('status').first()).toContainText('That alone is allowed');
  await expect(p.done).toHaveCount(2);
  await p.text.getByLabel(/takes mmap_lock again/).check();
  await expect(p.done).toHaveCount(3);
  await p.pane('What if');
  // The comparison holds the verifier; a switch in the middle of it would have to wait for a new one.
  await expect(page.locator('#panel-whatif')).toContainText('They part at');
  await page
    .getByRole('region', { name: 'Semantics' })
    .getByRole('switch', { name: /KF_FORBID_FAULT/ })
    .click();
  await p.verdictIs('Accepted');
  await expect(p.solved).toBeVisible();
});

test('links inside of a lesson: its own while untouched, else program and lesson', async ({
  page,
  context,
}) => {
  test.setTimeout(150_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const p = lessonPage(page);
  await p.open('write-before-read');
  await p.verdictIs('Rejected');
  const copied = async (): Promise<string> => {
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await expect(page.locator('.notice')).toContainText('clipboard');
    return page.evaluate(() => navigator.clipboard.readText());
  };
  expect(await copied()).toMatch(/#lesson=write-before-read$/);
  await p.type(`// an attempt\n${EMPTY}`);
  await p.verdictIs('Accepted');
  const link = await copied();
  expect(link).toMatch(/#v\d+\./);

  const other = await context.browser()!.newContext();
  const q = lessonPage(await other.newPage());
  await q.open('write-before-read');
  await q.verdictIs('Rejected');
  await q.type(`// their own\n${EMPTY}`);
  await q.verdictIs('Accepted');
  await q.page.goto('about:blank');
  await q.page.goto(link);
  await expect(q.editor).toContainText('// an attempt');
  await expect(q.checks).toHaveCount(2);
  await q.type(`// changed by them\n${EMPTY}`);
  await q.verdictIs('Accepted');
  await q.page.goto('about:blank');
  await q.page.goto('./#lesson=write-before-read');
  await expect(q.editor).toContainText('// their own');
  await other.close();
});

test('a lesson that does not exist says so', async ({ page }) => {
  await page.goto('./#lesson=nonsense');
  await expect(page.locator('.notice')).toContainText('no lesson “nonsense”');
});

for (const colorScheme of ['light', 'dark'] as const)
  test(`lessons: axe, ${colorScheme}`, async ({ page }) => {
    test.setTimeout(180_000);
    await page.emulateMedia({ colorScheme });
    const p = lessonPage(page);
    await p.open('fault-not-sleep');
    await p.verdictIs('Rejected');
    await p.text.getByLabel(/put to sleep with a lock held/).check();
    await p.text.getByRole('button', { name: 'Hint', exact: true }).click();
    await p.text.getByRole('button', { name: 'Show a solution' }).click();
    expect(await violations(page)).toEqual([]);
    await p.text.getByRole('button', { name: 'Put it into the editor' }).click();
    await p.text.getByLabel(/takes mmap_lock again/).check();
    await expect(p.solved).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Alt+l');
    await expect(page.getByRole('dialog', { name: 'Lessons' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });

test('a lesson on a phone: a tab of its own, nothing sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const p = lessonPage(page);
  await page.goto('./');
  await expect(p.verdict).toBeVisible();
  await page.getByRole('button', { name: 'Lessons' }).click();
  await page.getByRole('button', { name: 'Write before you read' }).click();
  await expect(page.getByRole('tab', { name: 'Lesson' })).toHaveAttribute('aria-selected', 'true');
  await expect(p.checks).toHaveCount(2);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await violations(page)).toEqual([]);
  await p.text.getByRole('button', { name: 'Show a solution' }).click();
  await p.text.getByRole('button', { name: 'Put it into the editor' }).click();
  await expect(p.solved).toBeVisible();
  await p.pane('Code');
  await expect(p.editor).toContainText('u32');
});
