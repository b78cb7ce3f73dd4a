import { expect, test } from '@playwright/test';
import { playgroundPage, RETURN_ZERO, underLock } from './playground-page.ts';

test('loads with a program and its verdict, without complaints', async ({ page }) => {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto('./');
  const p = playgroundPage(page);
  await expect(p.editor).toBeVisible();
  await expect(p.verdict).toHaveText(/Accepted|Rejected/);
  await expect(p.figures).toContainText('processed');
  expect(complaints).toEqual([]);
});

test('typing gives the verdict without a button', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.type(RETURN_ZERO);
  await p.verdictIs('Accepted');
});

test('a mistake is marked where it is, and its message shown', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await p.type('.prog tc\n.license GPL\n\nmain:\n\tr0 = 0\n\tfoo r1\n\texit\n');
  await p.verdictIs('Not a program yet');
  await expect(page.locator('.squiggly-error')).toBeVisible();
  await expect(page.locator('.verdict-message')).not.toBeEmpty();
});

test('completion offers what can stand there, hover says what stands there', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('\tcall bpf_map_lo');
  const widget = page.locator('.suggest-widget');
  await expect(widget).toContainText('bpf_map_lookup_elem');
  await page.keyboard.press('Enter');
  await expect(p.editor).toContainText('call bpf_map_lookup_elem');
  await page.getByText('bpf_map_lookup_elem', { exact: true }).first().hover();
  await expect(page.locator('.monaco-hover').first()).toBeVisible();
});

test('half a line typed keeps the walk in view and says what is to be mended', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('ControlOrMeta+End');
  await page.keyboard.type('\tfoo');
  await p.verdictIs('Not a program yet');
  await expect(page.locator('.walk-insn')).toContainText('my_op');
  await expect(page.locator('.outdated')).toBeVisible();
  await expect(page.locator('.lane.lane-lock')).toBeVisible();
  await expect(page.locator('.problems li')).toHaveCount(1);
  await page.keyboard.press('ControlOrMeta+Z');
  await p.verdictIs('Rejected');
});

test('the verifier’s message stands at the failing instruction', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await expect(page.locator('.verdict-message')).toHaveText(
    'function calls are not allowed while holding a lock',
  );
  await expect(page.locator('.insn-failed')).toBeVisible();
  await expect(page.locator('.squiggly-error').first()).toBeVisible();
});

test('steps both ways, and to the ends', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await expect(page.locator('.walk-insn')).toContainText('my_op');
  const failure = await p.step();
  await page.getByRole('button', { name: /^Step back/ }).click();
  await expect(p.at).toHaveValue(String(failure - 1));
  await page.getByRole('button', { name: /^Step \(/ }).click();
  await expect(p.at).toHaveValue(String(failure));
  await p.key('Home');
  await expect(p.at).toHaveValue('0');
  await p.key('ArrowRight');
  await p.key('ArrowRight');
  await expect(p.at).toHaveValue('2');
  await p.key('ArrowLeft');
  await expect(p.at).toHaveValue('1');
  await p.key('f');
  await expect(p.at).toHaveValue(String(failure));
});

test('each step is spoken and the instruction is marked in the editor', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.key('Home');
  await expect(page.locator('[role="status"].visually-hidden')).toContainText('Step 1, instruction 0');
  await expect(page.locator('.insn-current')).toBeVisible();
});

test('lanes show where the lock is held, in words too', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await expect(page.locator('.lanes-svg')).toHaveAttribute('aria-label', /lock held.*lines? 2\d/);
  await expect(page.locator('.lane.lane-lock')).toBeVisible();
  await expect(page.getByRole('list', { name: 'Regions beside the code' })).toContainText('lock held');
});

test('the walk shows the lock that is held, and leads to where it was taken', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  const failure = await p.step();
  const held = page.getByRole('region', { name: 'Held here' });
  await expect(held).toContainText(/lock/i);
  await held
    .getByRole('button', { name: /since step/ })
    .first()
    .click();
  await expect.poll(() => p.step()).toBeLessThan(failure);
});

test('the why card names the rule, the chain leads to steps, a fix makes it accepted and can be undone', async ({
  page,
}) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  const why = page.locator('.why');
  await expect(why).toContainText('function calls are not allowed while holding a lock');
  const link = why.locator('.chain button').first();
  await link.click();
  await expect(link).toHaveAttribute('aria-current', 'step');
  await why.getByRole('button', { name: 'Apply' }).first().click();
  await p.verdictIs('Accepted');
  await page.keyboard.press('ControlOrMeta+Z');
  await p.verdictIs('Rejected');
});

test('a flag flipped changes the verdict at once, beside the kernel’s', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await p.pane('What if');
  const flag = page.getByRole('button', { name: 'KF_SPINLOCK_SAFE', exact: true });
  await expect(flag).toHaveAttribute('aria-pressed', 'false');
  await flag.click();
  await p.verdictIs('Accepted');
  await expect(flag).toHaveAttribute('aria-pressed', 'true');
  const comparison = page.getByRole('region', { name: 'Comparison' });
  await expect(comparison.locator('.side').first()).toContainText('Rejected');
  await expect(comparison.locator('.side').last()).toContainText('Accepted');
  await comparison.getByRole('button', { name: /^step/ }).click();
  await page.getByRole('button', { name: 'Back to what the program says' }).click();
  await p.verdictIs('Rejected');
});

test('the log is the kernel’s text, linked with the steps both ways', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  const log = page.getByRole('listbox', { name: 'Verifier log' });
  await expect(log.locator('.log-line.here').first()).toBeVisible();
  const failure = await p.step();
  await log
    .locator('.log-line.linked:not(.here)')
    .first()
    .click({ position: { x: 40, y: 8 } });
  await expect.poll(() => p.step()).toBeLessThan(failure);
  await page.getByRole('button', { name: 'Level 1' }).click();
  await expect(page.getByRole('button', { name: 'Level 1' })).toHaveAttribute('aria-pressed', 'true');
  await expect(log.locator('.log-line').first()).not.toBeEmpty();
});

test('only the rows in view are in the document', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO.replace('\tr0 = 0\n', `${'\tr0 = 0\n'.repeat(400)}`));
  await p.verdictIs('Accepted');
  await expect(page.locator('.log-line').first()).not.toBeEmpty();
  expect(await page.locator('.log-line').count()).toBeLessThan(60);
});
