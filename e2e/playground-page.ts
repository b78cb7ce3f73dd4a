import { expect } from '@playwright/test';
import type { Locator, Page } from '@playwright/test';
import { packLink } from '../app/share/link.ts';
import type { Shared } from '../app/share/link.ts';

/** The kfunc is called while the lock in the map value is held; `flags` are those it is invented with. */
export const underLock = (flags: string): string => `.prog   tc
.license GPL
.c
struct val { int cnt; struct bpf_spin_lock lock; };
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, int);
	__type(value, struct val);
} m SEC(".maps");
extern void my_op(int n) __ksym __kf_flags(${flags});
.endc

main:
	*(u32 *)(r10 - 4) = 0
	r2 = r10
	r2 += -4
	r1 = m ll
	call bpf_map_lookup_elem
	if r0 == 0 goto out
	r6 = r0
	r1 = r6
	r1 += 4
	call bpf_spin_lock
	r1 = 1
	call my_op
	r1 = r6
	r1 += 4
	call bpf_spin_unlock
out:
	r0 = 0
	exit
`;

export const RETURN_ZERO = '.prog tc\n.license GPL\n\nmain:\n\tr0 = 0\n\texit\n';

/** One way out and one way on, each time round: the verifier walks until its limit of a million instructions. */
export const LONG_RUN = `.prog tc
.license GPL

main:
	r6 = 0
loop:
	call bpf_get_prandom_u32
	if r0 > 5 goto on
	r0 = 0
	exit
on:
	r6 += 1
	if r6 < 1000000 goto loop
	r0 = 0
	exit
`;

export const shared = (source: string, more: Partial<Shared> = {}): Shared => ({
  source,
  semantics: null,
  kfuncFlags: {},
  step: null,
  ...more,
});

/** The page as a person sees it. */
export function playgroundPage(page: Page) {
  const verdict = page.locator('.verdict-bar .pill');
  const editor: Locator = page.locator('.monaco-editor').first();
  const at = page.getByRole('slider', { name: 'Step' });
  return {
    page,
    verdict,
    editor,
    at,
    figures: page.locator('.figures'),
    /** Opens a link to a program and waits for its verdict. */
    async open(source: string, more: Partial<Shared> = {}): Promise<void> {
      await page.goto('about:blank');
      await page.goto(`./#${packLink(shared(source, more))}`);
      await expect(editor).toBeVisible();
    },
    async verdictIs(word: string): Promise<void> {
      await expect(verdict).toHaveText(word);
    },
    /** Replaces the whole text from the keyboard. */
    async type(source: string): Promise<void> {
      await editor.click();
      await page.keyboard.press('ControlOrMeta+A');
      await page.keyboard.insertText(source);
    },
    async step(): Promise<number> {
      return Number(await at.inputValue());
    },
    /** Presses a key outside of editor and fields. */
    async key(keys: string): Promise<void> {
      await page.locator('.walk-body').focus();
      await page.keyboard.press(keys);
    },
    async pane(name: string): Promise<void> {
      await page.getByRole('tab', { name: new RegExp(`^${name}\\b`) }).click();
    },
  };
}
