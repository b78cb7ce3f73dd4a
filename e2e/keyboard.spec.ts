import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { keyboardOnly } from './keyboard.ts';
import { LOOP_IN_C } from './loop-program.ts';
import { playgroundPage } from './playground-page.ts';

// The page from end to end without a mouse: every test presses keys only, and after each key the focus must be in sight.
test.describe.configure({ timeout: 120_000 });

const pane = (page: Page, id: string) => page.locator(`[role="tabpanel"][data-pane="${id}"]`);
const spoken = (page: Page) => page.locator('#root > [role="status"].visually-hidden');

test('from a cold start: through the page by Tab, an example, an edit, its verdict, the walk, the why card', async ({
  page,
}) => {
  const p = playgroundPage(page);
  const k = keyboardOnly(page);
  await page.goto('./');
  await p.verdictIs('Rejected');
  await expect(p.editor).toBeVisible();

  // Tab goes through the editor and not into it, on the way and on the way back
  await k.tabTo(page.locator('.monaco-editor [role="textbox"]').first());
  const text = await p.editor.textContent();
  await k.press('Tab');
  await expect(page.getByRole('separator', { name: 'Height of the log' })).toBeFocused();
  await k.press('Shift+Tab', 'Shift+Tab');
  await expect(p.editor).not.toHaveClass(/focused/);
  expect(await p.editor.textContent()).toBe(text);

  // an example
  await k.press('Alt+p');
  await k.press('ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown', 'ArrowDown');
  await expect(k.focus).toContainText('Unreadable register');
  await page.keyboard.press('Enter');
  await expect(page.locator('.program-button')).toBeFocused();
  await expect(page.locator('.program-title')).toHaveText('Unreadable register');
  await p.verdictIs('Rejected');
  await expect(spoken(page)).toContainText('Rejected: R2 !read_ok');

  // chords act in the editor, too, which has uses of its own for some
  await k.press('Alt+1', 'Alt+l');
  await expect(page.getByRole('dialog', { name: 'Lessons' })).toBeVisible();
  await k.press('Escape');
  await expect(p.editor).toHaveClass(/focused/);

  // an edit: Tab writes now, Escape lets it out
  await k.press('Alt+1', 'ControlOrMeta+End');
  await k.type('\n\tr0 = ');
  await p.verdictIs('Not a program yet');
  await expect(spoken(page)).toHaveText(/^Not a program yet: line \d+: [^.]*\.$/);
  await k.press('ControlOrMeta+z', 'ControlOrMeta+z', 'ControlOrMeta+z');
  await p.verdictIs('Rejected');
  await k.press('Enter', 'Tab');
  await expect(p.editor).toHaveClass(/focused/);
  await k.press('Escape');
  await expect(spoken(page)).toHaveText('Tab leaves the editor now.');
  await k.press('Tab');
  await expect(p.editor).not.toHaveClass(/focused/);

  // the walk is heard, and where it ends
  await k.press('Alt+2');
  await expect(p.at).toBeFocused();
  await k.press('Home');
  await expect(spoken(page)).toContainText(/step 1, /i);
  await k.press('ArrowLeft');
  await expect(spoken(page)).toHaveText('Still at step 1, instruction 0.');

  // from the verdict to its reasons, and a fix, undone by one key
  await k.tabTo(p.verdict, 'Shift+Tab');
  await page.keyboard.press('Enter');
  await expect(pane(page, 'why')).toBeFocused();
  const fix = page.getByRole('button', { name: /^Apply: / }).first();
  await k.tabTo(fix);
  await page.keyboard.press('Enter');
  await p.verdictIs('Accepted');
  await expect(p.editor).toHaveClass(/focused/);
  await k.press('ControlOrMeta+z');
  await p.verdictIs('Rejected');
});

test('panes of the search: paths, pruning, precision, visits', async ({ page }) => {
  const p = playgroundPage(page);
  const k = keyboardOnly(page);
  await p.open(LOOP_IN_C, { step: 2 });
  await p.verdictIs('Accepted');

  await k.press('Alt+6');
  await expect(pane(page, 'paths')).toBeFocused();
  await k.tabTo(page.getByRole('tree', { name: 'Explored paths' }));
  await k.press('Home', 'ArrowLeft', 'ArrowRight', 'End', 'Enter');
  await expect(page.locator('.tree-row.active')).toHaveAttribute('aria-label', /path ends/);
  await k.tabTo(page.getByLabel('How the path ends'), 'Shift+Tab');
  await k.press('ArrowDown');
  await expect(page.locator('.paths-count')).toContainText('of');
  await k.tabTo(page.getByLabel('Search the paths'), 'Shift+Tab');
  await k.type('exit');
  await expect(page.locator('.paths-count')).toContainText(/^\d+ of /);

  await k.press('Alt+7');
  await expect(pane(page, 'proof')).toBeFocused();
  await k.press('Home', 'e');
  await expect(page.getByRole('region', { name: /^Pruned: path/ }).first()).toBeVisible();
  await k.tabTo(page.getByRole('button', { name: 'go there' }).first());
  const before = await p.step();
  await k.press('Enter');
  await expect(p.at).not.toHaveValue(String(before));

  await k.press('Alt+8');
  await expect(pane(page, 'precision')).toBeFocused();

  await k.press('Alt+2', 'Home', 'ArrowRight', 'ArrowRight', 'v');
  await expect(pane(page, 'visits')).toBeFocused();
  await k.tabTo(page.getByRole('button', { name: 'Pin' }));
  await k.press('Enter', 'Tab', 'ArrowDown', 'ArrowDown', 'Enter');
  await expect(page.locator('.walk-controls')).toContainText('Visit 3 of');
});

test('graph, source and watches', async ({ page }) => {
  const p = playgroundPage(page);
  const k = keyboardOnly(page);
  await p.open(LOOP_IN_C, { step: 0 });
  await p.verdictIs('Accepted');

  await k.press('g');
  await expect(pane(page, 'graph')).toBeFocused();
  const blocks = page.getByRole('listbox', { name: 'Blocks of main' });
  await k.tabTo(blocks);
  await k.press('ArrowDown', 'Enter');
  await expect(p.at).not.toHaveValue('0');
  const scale = await blocks.getAttribute('data-scale');
  await k.press('+');
  expect(await blocks.getAttribute('data-scale')).not.toBe(scale);
  await k.press('0');
  await k.tabTo(page.getByRole('button', { name: 'SVG' }), 'Shift+Tab');
  const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(saved.suggestedFilename()).toMatch(/\.svg$/);

  await k.press('c');
  await expect(pane(page, 'source')).toBeFocused();

  await k.press('w');
  const field = page.getByRole('combobox', { name: 'New watch' });
  await expect(field).toBeFocused();
  await k.type('r7 > 20');
  await k.press('Enter');
  await k.type('r6 == 3');
  await k.press('Enter');
  await expect(page.locator('.watch-row')).toHaveCount(2);
  await k.press('F8');
  await expect(p.at).not.toHaveValue('0');
  // a row that is removed leaves the focus to its neighbour, the last one to the pane
  await k.tabTo(page.getByRole('button', { name: 'Remove the watch r7 > 20' }));
  await k.press('Enter');
  await expect(page.locator('.watch-row')).toHaveCount(1);
  await expect(page.locator('.watch-row :focus')).toHaveCount(1);
  await k.tabTo(page.getByRole('button', { name: 'Remove the watch r6 == 3' }));
  await k.press('Enter');
  await expect(page.locator('.watch-row')).toHaveCount(0);
  await expect(pane(page, 'watch')).toBeFocused();
});

test('a pasted log is stepped by the keys of the walk', async ({ page }) => {
  const p = playgroundPage(page);
  const k = keyboardOnly(page);
  await page.goto('./#example=return-zero');
  await p.verdictIs('Accepted');
  await k.press('F1');
  await k.type('pasted');
  await k.press('Enter');
  await expect(pane(page, 'pasted')).toBeFocused();
  await expect(pane(page, 'pasted').getByRole('textbox')).toBeVisible();
  await k.press('Tab');
  await k.type('0: R1=ctx() R10=fp0\n0: (b7) r6 = 1 ; R6=1\n1: (bf) r0 = r7\nR7 !read_ok\n');
  await k.press('Tab', 'Enter');
  const at = page.locator('.pasted-count');
  await expect(at).toHaveText('2 / 2');
  await k.press('Home');
  await expect(at).toHaveText('1 / 2');
  await k.press('ArrowRight');
  await expect(at).toHaveText('2 / 2');
  await expect(pane(page, 'pasted').getByRole('status')).toHaveText(
    'Step 2 of the log, instruction 1: (bf) r0 = r7. R6 is 1.',
  );
  // the walk of the program stays where it is
  await expect(p.at).toHaveValue('0');
  await k.press('F9');
  await expect(at).toHaveText('1 / 2');
  await k.tabTo(page.getByRole('button', { name: 'Put this log away' }));
  await k.press('Enter');
  await expect(pane(page, 'pasted')).toBeFocused();
});

test('kfuncs and what-if', async ({ page }) => {
  const p = playgroundPage(page);
  const k = keyboardOnly(page);
  await page.goto('./');
  await p.verdictIs('Rejected');

  await k.press('Alt+4');
  await expect(pane(page, 'whatif')).toBeFocused();
  await k.tabTo(page.getByRole('button', { name: 'KF_SPINLOCK_SAFE', exact: true }));
  await k.press('Space');
  await p.verdictIs('Accepted');
  await k.press('Alt+r');
  await p.verdictIs('Rejected');

  await k.press('k');
  await expect(page.getByLabel('Find kfuncs')).toBeFocused();
  await k.type('task_acq');
  await expect(page.locator('.kfuncs-count')).toHaveText(/^1 of /);
  await k.press('ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowRight', 'Enter');
  const show = page.getByRole('button', { name: 'Program that shows it' });
  await expect(show).toBeFocused();
  await k.press('Escape');
  await expect(page.getByRole('grid')).toBeFocused();
  // over the whole page and back
  await k.press('Shift+K');
  await expect(page.getByRole('dialog', { name: 'Kfuncs' }).getByRole('grid')).toBeFocused();
  await k.press('Escape');
  await expect(page.getByRole('grid')).toBeFocused();
  await k.press('Enter', 'Enter');
  await expect(page.locator('.program-title')).toContainText('bpf_task_acquire');
});

test('each dialog takes the focus and gives it back; what is asked for from within one is seen', async ({
  page,
}) => {
  const p = playgroundPage(page);
  const k = keyboardOnly(page);
  await page.goto('./');
  await p.verdictIs('Rejected');
  await k.press('Alt+2');
  for (const [keys, name] of [
    ['?', 'Keyboard'],
    ['h', 'Reference'],
    ['Alt+u', 'Rules'],
    ['Alt+e', 'Export'],
    ['Alt+l', 'Lessons'],
    ['F1', 'Find an action or a program'],
  ] as const) {
    await k.press(keys);
    const dialog = page.getByRole('dialog', { name });
    await expect(dialog.locator(':focus')).toHaveCount(1);
    await k.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(p.at).toBeFocused();
  }
  await k.press('?', 'Alt+3');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(pane(page, 'why')).toBeFocused();

  // rules: one stop for Tab, arrows inside, then the page
  await k.press('Alt+u');
  await k.type('packet');
  await expect(page.getByRole('dialog', { name: 'Rules' }).getByRole('status')).toHaveText(/^\d\d rules/);
  await k.press('ArrowDown', 'ArrowDown');
  await k.press('Enter', 'Tab');
  await expect(page.getByRole('region', { name: 'Rule', exact: true })).toBeFocused();
  await k.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(pane(page, 'why')).toBeFocused();

  // every form is saved
  await k.press('Alt+e');
  await k.tabTo(page.getByRole('button', { name: 'Save: Hex', exact: true }));
  const [saved] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
  expect(saved.suggestedFilename()).toMatch(/\.hex$/);
  await k.press('Escape');

  // larger type, and back
  await k.press('Alt+z');
  await expect(page.locator('html')).toHaveAttribute('data-presenting', '');
  await k.press('Alt+z');
});

test('drafts: a new program, its name, another, back and away', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const p = playgroundPage(page);
  const k = keyboardOnly(page);
  await page.goto('./');
  await p.verdictIs('Rejected');
  await k.press('Alt+n');
  await expect(page.locator('.program-title')).toHaveText('New program');
  await expect(p.editor).toHaveClass(/focused/);
  await k.type('// mine\n');
  await k.press('Alt+p');
  await k.tabTo(page.getByRole('textbox', { name: 'Name' }));
  await k.press('ControlOrMeta+a');
  await k.type('First');
  await k.press('Enter', 'Escape');
  await expect(page.locator('.program-title')).toHaveText('First');
  await k.press('Alt+n', 'Alt+p');
  await k.tabTo(page.getByRole('button', { name: 'Delete the draft “First”' }));
  await k.press('Shift+Tab', 'Enter');
  await expect(page.locator('.program-title')).toHaveText('First');
  await expect(page.locator('.program-button')).toBeFocused();
  await k.press('Enter');
  await k.tabTo(page.getByRole('button', { name: 'Delete the draft “New program”' }));
  await k.press('Enter');
  // its neighbour has the focus, and the menu stays
  await expect(page.locator('.program-menu :focus')).toHaveCount(1);
  await k.press('Escape');
  await expect(page.locator('.program-button')).toBeFocused();

  await k.press('Alt+s');
  await expect(page.locator('.notice').last()).toContainText('clipboard');
  await expect(page.locator('.program-button')).toBeFocused();
});

test('a lesson: from the list to its task, a hint and on; guessing gives the focus back', async ({
  page,
}) => {
  const p = playgroundPage(page);
  const k = keyboardOnly(page);
  await page.goto('./');
  await p.verdictIs('Rejected');
  await k.press('Alt+2', 'Alt+l');
  await expect(page.getByRole('button', { name: 'Begin', exact: true })).toBeFocused();
  await k.press('Enter');
  const lesson = page.getByRole('region', { name: 'Lesson text' });
  await expect(lesson).toBeFocused();
  await k.tabTo(page.getByRole('button', { name: 'Hint' }));
  await k.press('Enter', 'Enter', 'Enter');
  await expect(page.locator('.lesson-hint').first()).toBeVisible();
  // the last hint takes the button away
  await expect(lesson).toBeFocused();
  await k.press('Alt+j');
  await expect(page.locator('.lesson h2')).toHaveText('Every path counts');
  await expect(lesson).toBeFocused();

  await k.press('Alt+2', 'Alt+g');
  await expect(page.getByRole('button', { name: 'Accepted' })).toBeFocused();
  await k.press('Enter');
  await expect(p.at).toBeFocused();
  await k.press('Home', 'ArrowRight');
  await expect(page.locator('.predict ol :focus')).toHaveCount(1);
  await k.press('1');
  await expect(p.at).toBeFocused();
  await k.press('Alt+g');
  await expect(p.at).toBeFocused();
});
