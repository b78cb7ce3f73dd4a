import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { playgroundPage, RETURN_ZERO, underLock } from './playground-page.ts';

async function violations(page: Page): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page }).analyze();
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`);
}

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing, ${colorScheme}`, async ({ page }) => {
    test.setTimeout(120_000);
    await page.emulateMedia({ colorScheme });
    const p = playgroundPage(page);
    await p.open(underLock('KF_RCU'));
    await p.verdictIs('Rejected');
    await expect(page.locator('.log-line.here').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.locator('.reg-toggle').first().click();
    await p.pane('What if');
    await page.getByRole('button', { name: 'KF_SPINLOCK_SAFE', exact: true }).click();
    await p.verdictIs('Accepted');
    await expect(page.getByRole('region', { name: 'Comparison' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.locator('.program-button').click();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Keyboard' }).click();
    expect(await violations(page)).toEqual([]);
  });
}

test('the theme follows the system, and a button changes it', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto('./');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.getByRole('button', { name: 'Light theme' }).click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light');
});

test('phone width: read, step, ask why, without scrolling sideways', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  const panes = await page.getByRole('tab').allInnerTexts();
  expect(panes.length).toBeGreaterThan(10);
  for (const name of panes) {
    await p.pane(name);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  }
  await p.pane('Walk');
  const failure = await p.step();
  await page.getByRole('button', { name: /^Step back/ }).click();
  await expect(p.at).toHaveValue(String(failure - 1));
  await p.pane('Why');
  await expect(page.locator('.why')).toContainText('function calls are not allowed');
  expect(await violations(page)).toEqual([]);
});

test.describe('with a finger', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });

  test('a tap on the margin sets a breakpoint and takes it away; a fix is undone where there is no editor', async ({
    page,
  }) => {
    const p = playgroundPage(page);
    await p.open(underLock('KF_RCU'));
    await p.verdictIs('Rejected');
    const margin = (await page.locator('.monaco-editor .margin').first().boundingBox())!;
    const line = (await page
      .locator('.monaco-editor .view-line')
      .filter({ hasText: 'call' })
      .filter({ hasText: 'bpf_spin_lock' })
      .first()
      .boundingBox())!;
    const tap = (): Promise<void> => page.touchscreen.tap(margin.x + 10, line.y + line.height / 2);
    await tap();
    await expect(page.locator('.breakpoint-glyph')).toHaveCount(1);
    await expect(page.getByRole('tab', { name: /^Watch/ })).toContainText('1');
    await tap();
    await expect(page.locator('.breakpoint-glyph')).toHaveCount(0);

    await p.pane('Why');
    await page
      .getByRole('button', { name: /^Apply: / })
      .first()
      .tap();
    await p.verdictIs('Accepted');
    await page.getByRole('button', { name: 'Undo' }).tap();
    await p.verdictIs('Rejected');
    await p.pane('Code');
    await expect(p.editor).toContainText('KF_RCU');
  });
});

test('everything by keyboard: out of the editor, through the panes, back', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(underLock('KF_RCU'));
  await p.verdictIs('Rejected');
  await page.keyboard.press('Alt+1');
  await expect(p.editor).toHaveClass(/focused/);
  const failure = await p.step();
  await page.keyboard.press('F9');
  await expect(p.at).toHaveValue(String(failure - 1));
  await page.keyboard.press('F10');
  await expect(p.at).toHaveValue(String(failure));
  await page.keyboard.press('Alt+2');
  await expect(p.at).toBeFocused();
  await page.keyboard.press('Alt+3');
  await expect(page.locator('#panel-why')).toBeFocused();
  const link = page.locator('.chain button').first();
  for (let tabs = 0; tabs < 20 && !(await link.evaluate((it) => it === document.activeElement)); tabs++)
    await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(link).toHaveAttribute('aria-current', 'step');
  // a letter means the same while a tab has the focus; arrows belong to the tabs there
  await page.getByRole('tab', { name: 'Why' }).focus();
  await page.keyboard.press('m');
  await expect(p.at).toBeHidden();
  await page.keyboard.press('m');
  await expect(p.at).toBeVisible();
  await page.keyboard.press('Alt+0');
  await expect(page.getByRole('listbox', { name: 'Verifier log' })).toBeFocused();
  await page.keyboard.press('Alt+1');
  await page.keyboard.press('ControlOrMeta+m');
  await page.keyboard.press('Tab');
  await expect(p.editor).not.toHaveClass(/focused/);
});

test('text, names and links are never HTML', async ({ page }) => {
  const evil = '<img src=x onerror="document.title=\'broken\'">';
  const p = playgroundPage(page);
  await p.open(`// ${evil}\n${RETURN_ZERO}\n${evil}\n`);
  await p.verdictIs('Not a program yet');
  await p.type(`// ${evil}\n${RETURN_ZERO}`);
  await p.verdictIs('Accepted');
  await page.locator('.program-button').click();
  await expect(page.locator('.program-menu')).toBeVisible();
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.title()).toBe('BPF Verifier Playground');
});

test('the policy forbids eval and inline script', async ({ page }) => {
  await page.goto('./');
  const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  expect(policy).toContain("script-src 'self'");
  expect(policy).not.toContain('unsafe-eval');
  expect(policy).toMatch(/script-src 'self';/);
  const evaluated = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'window.ranInline = true';
    document.head.append(script);
    return 'ranInline' in window;
  });
  expect(evaluated).toBe(false);
});
