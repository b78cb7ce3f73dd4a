import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { playgroundPage, RETURN_ZERO, underLock } from './playground-page.ts';

const region = (page: Page) => page.getByRole('region', { name: 'Comparison' });
const rows = (page: Page) => page.locator('.side-table tbody tr');

/** Opens what the program is compared with. */
async function choose(page: Page): Promise<void> {
  await page.locator('.against > summary').click();
}

test('verdicts, the step at which they part, and both logs', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_SPINLOCK_SAFE'), { kfuncFlags: { my_op: 0 } });
  await p.verdictIs('Rejected');
  await p.pane('What if');
  await expect(region(page).locator('.side-verdict')).toHaveText(['Accepted', 'Rejected']);
  await expect(region(page)).toContainText('function calls are not allowed while holding a lock');
  await page.getByRole('button', { name: 'Difference of the logs' }).click();
  const diff = page.getByRole('listbox', { name: 'Difference of the logs' });
  await expect(diff.getByText('function calls are not allowed while holding a lock')).toHaveClass(
    /diff-right/,
  );
  await expect(diff.getByText(/lines that both have/).first()).toBeVisible();
});

test('options: an unprivileged run beside a privileged one, values side by side', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open('.prog socket\n.license GPL\n\nmain:\n\tr0 = r10\n\texit\n');
  await p.verdictIs('Accepted');
  await p.pane('What if');
  await expect(region(page)).toContainText('every step are those of');
  await choose(page);
  await page.getByRole('combobox', { name: 'Privileges' }).selectOption('no');
  await expect(region(page).locator('.side-verdict')).toHaveText(['Rejected', 'Accepted']);
  await expect(region(page)).toContainText('Linux 7.3.4 as released, unprivileged');
  await expect(region(page)).toContainText('R0 leaks addr as return value');
});

test('an edited copy: the first instruction and the values that differ', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await p.pane('What if');
  await choose(page);
  await page.getByRole('button', { name: 'Keep this text as a copy to compare with' }).click();
  await p.type(RETURN_ZERO.replace('r0 = 0', 'r0 = 7'));
  await expect(region(page)).toContainText(
    'Here the programs differ: r0 = 0 on the left, r0 = 7 on the right',
  );
  await page.getByRole('button', { name: 'Both a step forward' }).click();
  await expect(rows(page).filter({ hasText: 'R0' })).toHaveText(/R0\s*0\s*7/);
  await page.getByRole('button', { name: 'where they part' }).click();
  await expect(rows(page).first()).toContainText('r0 = 7');
});

test('one switch against another: the first state that differs', async ({ page }) => {
  const p = playgroundPage(page);
  await page.goto('./#example=vma-held');
  await p.verdictIs('Rejected');
  await p.pane('What if');
  await expect(region(page)).toContainText(/Before this step (other things are held|R\d)/);
  await expect(rows(page).filter({ hasText: 'held: nofault' })).toContainText('not held');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing in the comparison, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    const p = playgroundPage(page);
    await p.open(underLock('KF_SPINLOCK_SAFE'), { kfuncFlags: { my_op: 0 } });
    await p.verdictIs('Rejected');
    await p.pane('What if');
    await expect(region(page).locator('.side-verdict')).toHaveCount(2);
    await choose(page);
    await page.getByRole('checkbox', { name: 'all values' }).check();
    await page.getByRole('button', { name: 'Difference of the logs' }).click();
    await expect(page.getByRole('listbox', { name: 'Difference of the logs' })).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
    ).toEqual([]);
  });
}
