import { describe, expect, test } from 'vitest';
import { caption, embedCode, markdownLink } from './caption.ts';
import type { Shown } from './caption.ts';

const shown: Shown = {
  title: 'Kfunc under a lock',
  result: {
    verdict: 'rejected',
    message: 'function calls are not allowed while holding a lock',
    semantics: [],
  },
  kernel: '7.3.4',
  step: null,
};

describe('captions', () => {
  test('say title, verdict, kernel', () => {
    expect(caption(shown)).toBe(
      'Kfunc under a lock: rejected, “function calls are not allowed while holding a lock” (Linux 7.3.4)',
    );
    expect(
      caption({ ...shown, result: { verdict: 'accepted', message: '', semantics: ['kf-spin-lock'] } }),
    ).toBe('Kfunc under a lock: accepted (Linux 7.3.4 with kf-spin-lock)');
  });

  test('say the step that the link selects', () => {
    expect(caption({ ...shown, result: null, kernel: null, step: { step: 11, insn: '(b7) r1 = 1' } })).toBe(
      'Kfunc under a lock, at step 12, r1 = 1',
    );
  });

  test('are short, whatever the message is', () => {
    const message = `first line\n${'x'.repeat(900)}`;
    const long = caption({ ...shown, result: { verdict: 'rejected', message, semantics: [] } });
    expect(long.length).toBeLessThan(200);
    expect(long).not.toContain('first line');
  });

  test('Markdown shows signs as they are', () => {
    expect(markdownLink('a [b](c) *d* `e` <f>', 'https://x/#v1.A')).toBe(
      '[a \\[b\\](c) \\*d\\* \\`e\\` \\<f\\>](https://x/#v1.A)',
    );
  });

  test('HTML does not end the attribute early', () => {
    const code = embedCode('"><script>', 'https://x.example/p/?a=1#v1.AB');
    expect(code).toContain('src="https://x.example/p/?embed#v1.AB"');
    expect(code).toContain('title="&quot;&gt;&lt;script&gt;"');
  });
});
