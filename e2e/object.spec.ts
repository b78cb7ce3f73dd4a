import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { violationsInBothThemes } from './axe.ts';
import { playgroundPage, RETURN_ZERO } from './playground-page.ts';

const fixture = (name: string): string =>
  join(import.meta.dirname, '../worker/object/fixtures', `${name}.bpf.o`);

/** Opens a file as the person does who takes “Open a file” in the menu of programs. */
async function open(page: Page, name: string): Promise<void> {
  await page.getByLabel('Open a file').setInputFiles(fixture(name));
}

async function drop(page: Page, name: string): Promise<void> {
  await page.evaluate(
    ([file, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(content)], file));
      const target = document.querySelector('.monaco-editor') ?? document.body;
      target.dispatchEvent(
        new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    },
    [`${name}.bpf.o`, [...readFileSync(fixture(name))]] as const,
  );
}

test('an object with one program dropped on the page opens at once, with its C source', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await drop(page, 'count');
  await expect(page.locator('.program-title')).toContainText('count – count.bpf.o');
  await p.verdictIs('Accepted');
  await expect(p.editor).toContainText('count of count.bpf.o');
  await p.pane('Source');
  await expect(page.locator('[data-pane="source"]')).toContainText('return x + shared[1];');
});

test('of several programs one is chosen by keyboard, and another later', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await open(page, 'rejected');
  const dialog = page.getByRole('dialog', { name: 'Programs of rejected.bpf.o' });
  await expect(dialog.getByRole('option')).toHaveText([/forgets/, /checks/]);
  // the list says which of them is worth a look, and has the keyboard
  await expect(dialog.getByRole('option').first()).toContainText("invalid mem access 'map_value_or_null'");
  await expect(dialog.getByRole('option').last()).toContainText('Accepted');
  await expect(dialog).toContainText('2 programs, 1 rejected');
  await expect(dialog.getByRole('listbox')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await p.verdictIs('Rejected');
  await p.key('Alt+o');
  await expect(dialog).toBeVisible();
  await dialog.getByRole('listbox').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await p.verdictIs('Accepted');
  await expect(page.locator('.program-title')).toContainText('checks');
});

test('what this kernel does not have is said and stays at the head of the text', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await open(page, 'core');
  await page.getByRole('option', { name: /lost/ }).click();
  await expect(page.locator('.notice').last()).toContainText('there_is_no_such_field');
  await expect(p.editor).toContainText('This kernel does not have');
  await p.verdictIs('Rejected');
});

test('the list of programs has no accessibility violations, light and dark', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await open(page, 'loaders');
  await expect(page.getByRole('option').first()).toBeVisible();
  expect(await violationsInBothThemes(page)).toEqual([]);
});

test('an object without programs says so', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await open(page, 'count-untyped');
  await expect(page.locator('.notice').last()).toContainText('compile with -g');
  await expect(p.editor).toContainText('r0 = 0');
});

test('a program is saved as an object, which opens again', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await open(page, 'count');
  await expect(page.locator('.program-title')).toContainText('count');
  await p.verdictIs('Accepted');
  await p.key('Alt+e');
  const saved = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save: Compiled object' }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toMatch(/\.bpf\.o$/);
  const bytes = readFileSync(await file.path());
  expect([...bytes.subarray(0, 4)]).toEqual([0x7f, 0x45, 0x4c, 0x46]);
  await page.keyboard.press('Escape');
  const chooser = page.waitForEvent('filechooser');
  await p.key('Control+o');
  await (
    await chooser
  ).setFiles({ name: 'again.bpf.o', mimeType: 'application/octet-stream', buffer: bytes });
  await expect(page.locator('.program-title')).toContainText('count – again.bpf.o');
  await p.verdictIs('Accepted');
});
