import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { lastMessage, statsLine } from '../../worker/cli/agreement.ts';
import { request, testSession } from '../../worker/session/session.testkit.ts';
import type { VerifyResult } from '../../worker/protocol.ts';
import { lessonPrograms, lessonRows, readLesson, unaskable } from './lessons.testkit.ts';
import type { Recorded } from './lessons.testkit.ts';

const session = testSession();
const rows = lessonRows();
const recorded = JSON.parse(readFileSync(join(import.meta.dirname, 'recorded.json'), 'utf8')) as Readonly<
  Record<string, Recorded>
>;

async function verify(source: string): Promise<VerifyResult> {
  const result = await session.verify(request(source), () => undefined);
  if (result === null) throw new Error('given up');
  return result;
}

async function flagMasks(): Promise<ReadonlyMap<string, number>> {
  return new Map((await session.about()).kfuncFlags.map(({ bit, name }) => [name, bit]));
}

async function logOf(run: number): Promise<string> {
  const { lines } = await session.log(run, 1, 0, 100_000);
  return `${lines.map((line) => line.text).join('\n')}\n`;
}

describe('lessons', () => {
  test('the table and the files agree; ids are fit for addresses', () => {
    const files = readdirSync(join(import.meta.dirname, '../../public/lessons'));
    expect(files.filter((name) => name.endsWith('.md')).sort()).toEqual(
      rows.map(({ id }) => `${id}.md`).sort(),
    );
    expect(rows.length).toBeGreaterThanOrEqual(15);
    for (const { id, title, sentence } of rows) {
      expect(id).toMatch(/^[a-z0-9-]+$/);
      expect(readLesson(id).title, id).toBe(title);
      expect(sentence, id).toMatch(/[.!]$/);
    }
  });

  test('groups stand together', () => {
    const groups = rows.map(({ group }) => group).filter((group, i, all) => group !== all[i - 1]);
    expect(new Set(groups).size).toBe(groups.length);
  });

  test.each(rows.map(({ id }) => id))('%s: text, task, hint, checks, a wrong answer', (id) => {
    const lesson = readLesson(id);
    for (const text of [lesson.text, lesson.task, lesson.after, ...lesson.hints]) expect(text).not.toBe('');
    expect(lesson.text.length, 'short').toBeLessThan(1700);
    expect(lesson.hints.length).toBeGreaterThan(0);
    expect(lesson.checks.length).toBeGreaterThan(1);
    expect(lesson.wrong.length).toBeGreaterThan(0);
    expect(
      lesson.checks.some((check) => check.text === 'answered'),
      'a question counts',
    ).toBe(lesson.quiz !== null);
    if (lesson.quiz !== null) expect(lesson.quiz.options.filter(({ right }) => right)).toHaveLength(1);
  });

  test.each(lessonPrograms().map((program) => [program.name, program] as const))(
    '%s: as stated',
    async (name, { lesson, role, stated }) => {
      const result = await verify(stated.source);
      expect([result.verdict, result.rule]).toEqual([stated.verdict, stated.rule]);
      expect(result.problems.filter(({ severity }) => severity === 'error')).toEqual([]);

      const flags = await flagMasks();
      const subject = { result, source: stated.source, flags, answered: role !== 'start' };
      const { checks } = readLesson(lesson);
      const failing = checks.filter((check) => !check.holds(subject)).map(({ text }) => text);
      if (role === 'solution') expect(failing).toEqual([]);
      else expect(failing).not.toEqual([]);
      if (stated.fails !== null) expect(failing).toContain(checks[stated.fails - 1]!.text);

      const kernel = recorded[name];
      expect(kernel !== undefined, 'recorded, or impossible to record').toBe(!unaskable(stated.source));
      if (kernel !== undefined) {
        const log = await logOf(result.run);
        expect(result.errno).toBe(kernel.errno);
        expect(kernel.errno === 0 ? '' : lastMessage(log)).toBe(kernel.message);
        expect(statsLine(log)).toBe(kernel.processed);
      }
      await session.release(result.run);
    },
  );

  test('an empty program, and one that only exits, solve nothing', async () => {
    const flags = await flagMasks();
    for (const source of [
      '',
      '.prog tc\n\tr0 = 0\n\texit\n',
      '.prog fentry.s/__x64_sys_getpgid\n\tr0 = 0\n\texit\n',
    ]) {
      const result = await verify(source);
      for (const { id } of rows) {
        const holds = readLesson(id).checks.every((check) =>
          check.holds({ result, source, flags, answered: true }),
        );
        expect(holds, `${id}: ${JSON.stringify(source)}`).toBe(false);
      }
    }
  });

  test('what matters in dead code does not count', async () => {
    const { checks } = readLesson('write-before-read');
    const source = '.prog tc\n\tr0 = 0\n\texit\n\tr0 = *(u32 *)(r1 + 0)\n\texit\n';
    const result = await verify(source);
    const flags = await flagMasks();
    expect(checks.every((check) => check.holds({ result, source, flags, answered: true }))).toBe(false);
  });
});
