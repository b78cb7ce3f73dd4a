import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';

/** What is wrong with where the focus is; null if nothing is. */
function complaint(): string | null {
  const at = document.activeElement;
  if (at === null || at === document.body) return 'the focus is nowhere';
  if (!at.checkVisibility({ visibilityProperty: true }))
    return `the focus is on something hidden: ${at.outerHTML.slice(0, 120)}`;
  const { left, right, top, bottom } = at.getBoundingClientRect();
  if (right <= 0 || bottom <= 0 || left >= innerWidth || top >= innerHeight)
    return `the focus is out of sight: ${at.outerHTML.slice(0, 120)}`;
  // An editor shows its caret, the palette's field has nothing beside it.
  const shown =
    at.closest('.monaco-editor, .palette') !== null || getComputedStyle(at).outlineStyle !== 'none';
  if (!shown) return `nobody sees the focus: ${at.outerHTML.slice(0, 120)}`;
  const name =
    at.getAttribute('aria-label') ??
    at.getAttribute('aria-labelledby') ??
    at.getAttribute('title') ??
    [at, ...('labels' in at ? (at.labels as NodeListOf<Element>) : [])].map((it) => it.textContent).join('');
  return name.trim() === '' ? `it has no name: ${at.outerHTML.slice(0, 120)}` : null;
}

/** A person without a mouse: presses keys, and after each wants to see where the focus is. */
export function keyboardOnly(page: Page) {
  const focus = page.locator(':focus');

  async function press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await page.keyboard.press(key);
      // What is hidden or fetched takes a frame or more; then the focus must be somewhere.
      await expect
        .poll(() => page.evaluate(complaint), { message: `after ${key}`, timeout: 5000 })
        .toBeNull();
    }
  }

  return {
    focus,
    press,
    /** Types text where the focus is. */
    type: (text: string): Promise<void> => page.keyboard.insertText(text),
    /** Goes on by Tab (or `back` by Shift+Tab) until `target` has the focus. */
    async tabTo(target: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab', most = 45): Promise<void> {
      const there = (): Promise<boolean> =>
        target.evaluateAll((all) => all.length === 1 && all[0] === document.activeElement);
      for (let tabs = 0; tabs < most; tabs++) {
        if (await there()) return;
        await page.keyboard.press(key);
        // At the end of a page or dialog the browser's own controls have their turn.
        const nowhere = await page.evaluate(() => document.activeElement === document.body);
        if (!nowhere) expect(await page.evaluate(complaint), `after ${key}`).toBeNull();
      }
      await expect(target).toBeFocused();
    },
  };
}
