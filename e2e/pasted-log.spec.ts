import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { playgroundPage, RETURN_ZERO } from './playground-page.ts';

/** As Linux 7.3 writes it at level 2, with source lines of another file. */
const NEW = `func#0 @0
0: R1=ctx() R10=fp0
; int answer = 0; @ other.c:7
0: (b7) r6 = 1                        ; R6=1
1: (bf) r0 = r6                       ; R0=1 R6=1
2: (95) exit
processed 3 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;
/** As Linux 5.4 wrote it. */
const OLD = `0: R1=ctx(id=0,off=0,imm=0) R10=fp0
0: (b7) r6 = 1
1: R1=ctx(id=0,off=0,imm=0) R6_w=inv1 R10=fp0
1: (bf) r0 = r7
R7 !read_ok
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

const lines = (page: Page) => page.getByRole('listbox', { name: 'Pasted log' });
const state = (page: Page) => page.getByRole('region', { name: 'What the log says before this step' });

async function paste(page: Page, log: string): Promise<void> {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await p.pane('Pasted log');
  await page.getByRole('textbox', { name: /The log of any kernel/ }).fill(log);
  await page.getByRole('button', { name: 'Step through it' }).click();
  await expect(lines(page)).toBeVisible();
}

test('a log of today is stepped, and its program verified here says the same', async ({ page }) => {
  await paste(page, NEW);
  await expect(page.locator('.pasted-count')).toHaveText('1 / 3');
  await page.getByRole('button', { name: 'Step forward in the log' }).click();
  await expect(state(page).locator('tr.changed')).toHaveText(/R6\s*1/);
  await page.getByRole('button', { name: 'Verify its program here' }).click();
  await playgroundPage(page).verdictIs('Accepted');
  await expect(page.locator('.pasted-verified')).toContainText('agrees line by line (4 lines)');
  // the walk here follows, and the program may be completed
  await page.getByRole('button', { name: 'Last step of the log' }).click();
  await expect(playgroundPage(page).at).toHaveValue('2');
  // and a line can be chosen by keyboard
  await lines(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.locator('.pasted-count')).toHaveText('1 / 3');
});

test('the first line that differs is shown', async ({ page }) => {
  await paste(page, NEW.replace('; R0=1 R6=1', '; R0=scalar() R6=1'));
  await page.getByRole('button', { name: 'Verify its program here' }).click();
  const verified = page.locator('.pasted-verified');
  await expect(verified).toContainText('first difference at line 5');
  await expect(verified).toContainText('R0=scalar() R6=1');
  await expect(verified.locator('dd').nth(1)).toContainText('R0=1 R6=1');
  await expect(page.locator('.log-line.parts')).toContainText('R0=scalar()');
});

test('a log of years ago: its states as it wrote them, verdict and walk compared', async ({ page }) => {
  await paste(page, OLD);
  await expect(page.locator('.pasted-verdict')).toHaveText('rejected');
  await expect(page.locator('.pasted-message')).toHaveText('R7 !read_ok');
  await expect(state(page).getByRole('row').filter({ hasText: 'R6' })).toContainText('inv1');
  await page.getByRole('button', { name: 'Verify its program here' }).click();
  await playgroundPage(page).verdictIs('Rejected');
  await expect(page.locator('.pasted-verified')).toContainText(
    'both walk the same 2 instructions from the start',
  );
});

test('the open program may be compared, and an edited one stays compared', async ({ page }) => {
  await paste(page, NEW);
  await page.getByRole('button', { name: 'Compare with the program that is open' }).click();
  await expect(page.locator('.pasted-verified')).toContainText('first difference at line 4');
  await playgroundPage(page).type('r6 = 1\nr0 = r6\nexit\n');
  await expect(page.locator('.pasted-verified')).toContainText('agrees line by line');
});

test('what is no log is said to be none', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.pane('Pasted log');
  await page.getByRole('textbox', { name: /The log of any kernel/ }).fill('hello');
  await page.getByRole('button', { name: 'Step through it' }).click();
  await expect(page.locator('.pasted-refused')).toContainText('No line of this reads like');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}; phone width`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    if (colorScheme === 'dark') await page.setViewportSize({ width: 390, height: 844 });
    await paste(page, NEW);
    await page.getByRole('button', { name: 'Verify its program here' }).click();
    await expect(page.locator('.pasted-verified')).toContainText('agrees');
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(
      violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`),
    ).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(
      page.viewportSize()!.width,
    );
  });
}
