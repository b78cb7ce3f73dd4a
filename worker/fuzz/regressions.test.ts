import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kernelDir, loadTypes } from '../cli/kernel-types.ts';
import { ourAnswer } from './answer.ts';
import type { Bundle } from './bundle.ts';

/** A program on which core and kernel once disagreed, with what the kernel says of it. */
interface Regression {
  /** What the core had wrong. */
  readonly rule: string;
  readonly theirs: {
    readonly errno: number;
    readonly message: string;
    readonly stats: string;
    readonly walk: string;
  };
  readonly bundle: Bundle;
}

const dir = join(import.meta.dirname, 'regressions');
const types = await loadTypes(kernelDir(), 'released');

describe('programs that once were judged differently', () => {
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.json'))) {
    const { rule, theirs, bundle } = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Regression;
    test(`${file.replace('.json', '')}: ${rule}`, () => {
      const said = ourAnswer(bundle, types, () => {
        throw new Error('regressions carry their types');
      });
      expect(said).toMatchObject({ kind: 'answer', answer: theirs });
    });
  }
});
