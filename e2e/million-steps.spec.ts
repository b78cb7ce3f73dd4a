import { expect, test } from '@playwright/test';
import { LONG_RUN, playgroundPage } from './playground-page.ts';

// Recording the page would be what is measured.
test.use({ trace: 'off' });

test('any of a million steps is reached at once, and the log waits to be asked for', async ({ page }) => {
  test.setTimeout(120_000);
  const p = playgroundPage(page);
  await p.open(LONG_RUN);
  await expect(p.verdict).toHaveText('Rejected', { timeout: 60_000 });
  await expect(page.getByRole('button', { name: 'Write the log' })).toBeVisible();
  const times = await page.evaluate(async () => {
    const slider = document.querySelector<HTMLInputElement>('input[type="range"]')!;
    const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!;
    const shown = (): string => document.querySelector('.walk-count')!.textContent;
    const last = Number(slider.max);
    const measured: number[] = [];
    for (let i = 1; i <= 30; i++) {
      const step = Math.floor(((i * 0.618) % 1) * last);
      const began = performance.now();
      setValue.call(slider, String(step));
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      while (
        !shown().startsWith(`${(step + 1).toLocaleString('en-US')} `) &&
        performance.now() - began < 5000
      )
        await new Promise((resolve) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = resolve;
          port2.postMessage(null);
        });
      measured.push(performance.now() - began);
    }
    return measured.sort((a, b) => a - b);
  });
  // Other work on the machine makes some slower; what the page itself takes shows in the faster ones.
  expect(times[5]).toBeLessThan(50);
});
