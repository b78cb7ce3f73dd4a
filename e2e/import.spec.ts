import { expect, test } from '@playwright/test';
import type { Page } from '@playwright/test';
import { playgroundPage, RETURN_ZERO } from './playground-page.ts';

const LOG = `0: R1=ctx() R10=fp0
0: (b7) r0 = 0                        ; R0=0
1: (95) exit
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

async function drop(page: Page, name: string, bytes: readonly number[]): Promise<void> {
  await page.evaluate(
    ([file, content]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(content)], file));
      const target = document.querySelector('.monaco-editor') ?? document.body;
      target.dispatchEvent(
        new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }),
      );
    },
    [name, bytes] as const,
  );
}

const bytesOf = (text: string): number[] => [...new TextEncoder().encode(text)];

test('a verifier log pasted is offered as a program; taking it keeps the text before as a draft', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await page.evaluate((text) => navigator.clipboard.writeText(text), LOG);
  await p.editor.click();
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.press('ControlOrMeta+V');
  await page.getByRole('button', { name: 'Open as a program' }).click();
  await p.verdictIs('Accepted');
  await expect(page.locator('.program-title')).toContainText('From');
});

test('a text file dropped opens as a program', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await drop(page, 'mine.s', bytesOf(`// dropped\n${RETURN_ZERO}`));
  await expect(p.editor).toContainText('// dropped');
  await p.verdictIs('Accepted');
  await page.goBack();
  await expect(p.editor).not.toContainText('// dropped');
});

test('a damaged object and a picture say what is wrong', async ({ page }) => {
  const p = playgroundPage(page);
  await p.open(RETURN_ZERO);
  await p.verdictIs('Accepted');
  await drop(page, 'prog.bpf.o', [0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  await expect(page.locator('.notice').last()).toContainText('cut off');
  await drop(page, 'cat.png', [0x89, 0x50, 0x4e, 0x47, 0xff, 0xfe]);
  await expect(page.locator('.notice').last()).toContainText('not text');
  await expect(p.editor).toContainText('r0 = 0');
});
