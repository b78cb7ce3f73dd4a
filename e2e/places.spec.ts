import { expect, test } from '@playwright/test';
import { violationsInBothThemes } from './axe.ts';
import { playgroundPage } from './playground-page.ts';

const RECURSION = `.prog tc
.license GPL

main:
        call even
        exit

.func int even(int n)
even:
        if r1 == 0 goto yes
        call odd
        exit
yes:    r0 = 1
        exit

.func int odd(int n)
odd:
        r1 += -1
        call even
        exit
`;

const DECLARED = `.prog tc
.license GPL
.c
int counter;
.endc

main:
        r1 = counter+4 ll
        r0 = 0
        exit
`;

test('a rejection before the walk shows places; a row moves the editor there, and the next is a key away', async ({
  page,
}) => {
  const app = playgroundPage(page);
  await app.open(RECURSION);
  await app.verdictIs('Rejected');
  const chain = page.locator('article.why').getByRole('region', { name: 'How it came to this' });
  await expect(chain.getByRole('listitem')).toContainText([
    /even begins here/,
    /even calls odd\s*instruction 3 · line 11/,
    /Rejected: recursive call from odd\(\) to even\(\)/,
  ]);
  const row = chain.getByRole('button', { name: /even calls odd/ });
  await row.click();
  await expect(row).toHaveAttribute('aria-current', 'location');
  await expect(app.editor.locator('.active-line-number')).toHaveText('3');
  // the focus stays with the rows
  await page.keyboard.press('Tab');
  await expect(chain.getByRole('button', { name: /Rejected: recursive call/ })).toBeFocused();
});

test('a declaration is a row, too; its fix passes, and axe finds nothing in either theme', async ({
  page,
}) => {
  test.setTimeout(90_000);
  const app = playgroundPage(page);
  await app.open(DECLARED);
  await app.verdictIs('Rejected');
  const why = page.locator('article.why');
  await expect(why.getByRole('region', { name: 'What was missing' })).toContainText(
    'The offset is smaller than 4',
  );
  await why.getByRole('button', { name: /counter is in \.bss/ }).click();
  expect(await violationsInBothThemes(page)).toEqual([]);
  await why
    .getByRole('listitem')
    .filter({ hasText: 'Stay inside of the value' })
    .getByRole('button', { name: /Apply/ })
    .click();
  await app.verdictIs('Accepted');
});

test('what no instruction is to blame for is marked at its directive', async ({ page }) => {
  const app = playgroundPage(page);
  await app.open(
    '.prog struct_ops/x\n.attach struct tcp_congestion_ops.get_info\n\nmain:\n        r0 = 0\n        exit\n',
  );
  await app.verdictIs('Rejected');
  await expect(page.locator('.insn-failed')).toBeVisible();
  await expect(app.editor).toContainText(/attach.to.unsupported.member.get_info/);
  await page
    .locator('article.why')
    .getByRole('listitem')
    .filter({ hasText: 'Implement tcp_congestion_ops' })
    .getByRole('button', { name: /Apply/ })
    .click();
  await app.verdictIs('Accepted');
  await expect(page.locator('.insn-failed')).toHaveCount(0);
});

test('on a phone a row opens the code at its place', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const app = playgroundPage(page);
  await app.open(RECURSION);
  await app.verdictIs('Rejected');
  await page.getByRole('tab', { name: 'Why' }).click();
  await page
    .locator('article.why')
    .getByRole('button', { name: /even calls odd/ })
    .click();
  await expect(app.editor).toBeVisible();
});
