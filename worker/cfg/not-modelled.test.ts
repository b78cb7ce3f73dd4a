import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verify } from '../engine/verify.ts';
import { createKernelModel } from '../kernel/model.ts';
import { bundleProgram } from '../program/bundle.ts';

const WORKER = join(import.meta.dirname, '..');
const PAGE = join(WORKER, '../docs/not-modelled.md');

/** `file: what` of every place that gives up, with … for what is filled in. */
function places(): string[] {
  const files = readdirSync(WORKER, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  return files.flatMap((file) => {
    const thrown = [
      ...readFileSync(join(WORKER, file), 'utf8').matchAll(/new NotModelled\(\s*(['`])(.*?)\1/gs),
    ];
    return thrown.map((match) => `${file}: ${match[2].replace(/\$\{[^}]*\}/g, '…')}`);
  });
}

/** The same as the page lists it. */
function listed(): string[] {
  const rows = readFileSync(PAGE, 'utf8').matchAll(/^\| `([^`]+)` \| (\[.*?) \| .+ \|$/gm);
  return [...rows].flatMap(([, what, where]) =>
    [...where.matchAll(/\]\(\.\.\/worker\/([^)]+)\)/g)].map((file) => `${file[1]}: ${what}`),
  );
}

describe('what is not modelled', () => {
  it('is what the page lists', () => {
    expect(listed().sort()).toEqual(places().sort());
    expect(places().length).toBeGreaterThan(0);
  });

  it.each([
    ['socket filter', 1, 22],
    ['LSM', 29, 22],
    ['struct_ops', 27, 22],
    ['tracing', 26, null],
    ['freplace', 28, null],
  ])('a program on another one: %s', (_name, progType, errno) => {
    const { program } = bundleProgram({
      id: 'a',
      progType,
      insns: 'b7000000000000009500000000000000',
      attach: { prog: 'other' },
    });
    const outcome = verify(program, createKernelModel(), { level: 1 });
    if (errno === null)
      expect(outcome).toMatchObject({
        verdict: 'not-modelled',
        message: 'not modelled: a program attached to another program',
      });
    else expect(outcome).toMatchObject({ verdict: 'rejected', errno, log: '' });
  });
});
