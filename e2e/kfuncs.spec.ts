import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { playgroundPage, underLock } from './playground-page.ts';

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

const grid = (page: Page) => page.getByRole('grid', { name: 'Which kfunc may be called where' });
const cell = (page: Page) => page.getByRole('region', { name: 'The cell' });

test('from a cell to a program whose verdict is what the cell says', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.key('k');
  await page.getByRole('searchbox', { name: 'Find kfuncs' }).fill('bpf_obj_new');
  await expect(grid(page)).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('Home');
  // the step shown, then bpf_spin_lock: both are what is held
  await expect(cell(page)).toContainText('KF_SPINLOCK_SAFE is not set');
  await page.keyboard.press('ArrowRight');
  await expect(cell(page)).toContainText('bpf_spin_lock');
  await expect(cell(page)).toContainText('function calls are not allowed while holding a lock');
  await expect(cell(page)).toContainText('rule lock.callUnderLock');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Program that shows it' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.program-button')).toContainText('bpf_obj_new, bpf_spin_lock');
  await p.verdictIs('Rejected');
  await expect(page.locator('.verdict-bar')).toContainText(
    'function calls are not allowed while holding a lock',
  );
});

test('the columns of the step are lit, and what may be called there is a column', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.pane('Kfuncs');
  const heads = grid(page).getByRole('columnheader');
  await expect(heads.filter({ hasText: '(now)' })).toHaveText([
    /^Step \d+/,
    /^bpf_spin_lock/,
    /^Not sleepable/,
    /^sched_cls/,
  ]);
  await page.getByRole('combobox', { name: 'Which kfuncs' }).selectOption('yes');
  await page.getByRole('combobox', { name: 'In which circumstances' }).selectOption('here');
  await page.getByRole('searchbox', { name: 'Find kfuncs' }).fill('iter_');
  await expect(grid(page).getByRole('rowheader')).toHaveText([
    /bpf_iter_num_destroy/,
    /bpf_iter_num_new/,
    /bpf_iter_num_next/,
  ]);
  // at the first step nothing is held
  await p.key('Home');
  await page.getByRole('searchbox', { name: 'Find kfuncs' }).fill('task_vma_new');
  await expect(heads.filter({ hasText: '(now)' })).toHaveText([/^Step 1/, /^Not sleepable/, /^sched_cls/]);
  await expect(grid(page).getByRole('rowheader').filter({ hasText: 'bpf_iter_task_vma_new' })).toBeVisible();
});

test('switches, flags and inventions are applied', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_SPINLOCK_SAFE'), { semantics: ['kf-spin-lock-before'] });
  await p.verdictIs('Rejected');
  await p.pane('Kfuncs');
  await expect(page.locator('.kfuncs-rules')).toContainText('kf-spin-lock-before');
  const invented = grid(page).getByRole('row').nth(1);
  await expect(invented.getByRole('rowheader')).toContainText('my_op');
  await invented.getByRole('gridcell').nth(1).click();
  await expect(cell(page)).toContainText('does not count under these rules');
  await page.getByRole('button', { name: 'Program that shows it' }).click();
  await expect(page.locator('.program-button')).toContainText('my_op');
  await p.verdictIs('Rejected');
});

test('over the whole page, with every type of program, by keyboard', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.key('Shift+K');
  const dialog = page.getByRole('dialog', { name: 'Kfuncs' });
  await expect(grid(page)).toBeFocused();
  await dialog.getByRole('checkbox', { name: 'program types' }).check();
  // the columns of the types, and rows to move over, are there
  await expect(grid(page)).toHaveAttribute('aria-colcount', /^[3-9]\d$/);
  await expect(dialog.locator('.kfuncs-cell').first()).toBeVisible();
  await grid(page).focus();
  await page.keyboard.press('Control+End');
  await expect(dialog.locator('.kfuncs-cell.active')).toBeVisible();
  await expect(dialog.locator('.kfuncs-cell.active')).toHaveAttribute(
    'aria-colindex',
    (await grid(page).getAttribute('aria-colcount'))!,
  );
  const total = await grid(page).getAttribute('aria-rowcount');
  expect(Number(total)).toBeGreaterThan(340);
  // only what is in view is rendered
  expect(await dialog.getByRole('row').count()).toBeLessThan(60);
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
});

test('an address names a cell', async ({ page }) => {
  await page.goto('./?kfunc=bpf_dynptr_from_xdp&in=type:sched_cls');
  await expect(cell(page)).toContainText('It is not registered for sched_cls; it is registered for xdp.');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the table, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const p = playgroundPage(page);
    await p.open(underLock('KF_RCU'));
    await p.verdictIs('Rejected');
    await p.pane('Kfuncs');
    await grid(page).getByRole('gridcell').first().click();
    await expect(cell(page)).toContainText('registered for');
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Table over the whole page' }).click();
    await expect(page.getByRole('dialog', { name: 'Kfuncs' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test('phone width: the names stay, the circumstances scroll', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.pane('Kfuncs');
  await expect(grid(page).getByRole('columnheader').nth(1)).toContainText('Step');
  await grid(page).getByRole('gridcell').nth(1).click();
  await expect(cell(page)).toContainText('bpf_spin_lock');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  expect(await violations(page)).toEqual([]);
});
