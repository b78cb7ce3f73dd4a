import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Diagnosis } from '../diagnose/diagnosis.ts';
import { verify } from '../engine/verify.ts';
import type { Program } from '../program/program.ts';
import { programBundle } from '../program/bundle.ts';
import { addressMask, lastMessage, statsLine, walkOf } from './agreement.ts';
import { exampleProgram, exampleRows, SERIES_TWINS } from './examples.testkit.ts';

interface Golden {
  readonly errno: number;
  readonly log1: readonly string[];
  readonly log2: readonly string[];
}

/** Written by `scripts/record-examples.ts` from what a real kernel said. */
function golden(id: string): Golden | null {
  const file = join(import.meta.dirname, 'golden', `${id}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Golden) : null;
}

/** Ids of kfuncs and types, and addresses of maps, are another kernel's. */
function masks(id: string, program: Program): (text: string) => string {
  const address = addressMask(programBundle(id, program));
  const kfuncs = new Set([...program.refs.values()].flatMap((ref) => (ref.kind === 'kfunc' ? [ref.name] : [])));
  const ids = (text: string): string => address(text).replace(/\bhas btf_id \d+/g, 'has btf_id _');
  return (text) => ids(text).replace(/\b(\w+)#\d+(\s*;)?/g, (all, name: string, state: string | undefined) => (kfuncs.has(name) ? `${name}#_${state === undefined ? '' : ' ;'}` : all));
}

/** Source lines are those of another text. */
const withoutSource = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('; '))
    .join('\n');

const rows = exampleRows();
/** Programs that no kernel can be asked about: they invent a kfunc, or want rules of which there is no recording. */
const ALONE: Readonly<Record<string, number>> = { 'kfunc-under-lock': 22, 'module-kfunc-before': 22 };

describe('examples', () => {
  test('each has a title, a sentence and a recording or a reason for having none', () => {
    for (const { id, title, sentence } of rows) {
      expect(title).not.toBe('');
      expect(sentence).toMatch(/[.!]$/);
      expect(golden(id) !== null || ALONE[id] !== undefined, id).toBe(true);
    }
  });

  test.each(rows.map((row) => row.id))('%s: the kernel says the same', async (id) => {
    const { program, model } = await exampleProgram(id);
    const run = (level: 1 | 2) => verify(program, model, { level, reporter: new Diagnosis() });
    const recorded = golden(id);
    if (recorded === null) {
      expect(run(1).errno).toBe(ALONE[id]);
      return;
    }
    const mask = masks(id, program);
    const [one, two] = [run(1), run(2)];
    expect(one.verdict).not.toBe('not-modelled');
    expect(one.errno).toBe(Math.abs(recorded.errno));
    if (SERIES_TWINS[id] === undefined) {
      expect(mask(two.log)).toBe(mask(recorded.log2.join('\n')));
      expect(mask(one.log)).toBe(mask(recorded.log1.join('\n')));
      return;
    }
    expect(withoutSource(walkOf(mask(two.log)))).toBe(withoutSource(walkOf(mask(recorded.log2.join('\n')))));
    expect(lastMessage(mask(one.log))).toBe(lastMessage(mask(recorded.log1.join('\n'))));
    expect(statsLine(one.log)).toBe(statsLine(recorded.log1.join('\n')));
  });
});
