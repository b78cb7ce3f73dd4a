import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseLesson } from './lesson.ts';
import type { Lesson, LessonRow, Stated } from './lesson.ts';

const FOLDER = join(import.meta.dirname, '../../public/lessons');

/** The table of lessons. */
export function lessonRows(): readonly LessonRow[] {
  return JSON.parse(readFileSync(join(FOLDER, 'index.json'), 'utf8')) as LessonRow[];
}

export function readLesson(id: string): Lesson {
  return parseLesson(readFileSync(join(FOLDER, `${id}.md`), 'utf8'));
}

export type Role = 'start' | 'solution' | 'wrong';

/** A program of a lesson: `ranges start`, `ranges wrong 2`. */
export interface LessonProgram {
  readonly name: string;
  readonly lesson: string;
  readonly role: Role;
  readonly stated: Stated;
}

/** Every program of every lesson. */
export function lessonPrograms(): LessonProgram[] {
  return lessonRows().flatMap(({ id }) => {
    const { start, solution, wrong } = readLesson(id);
    return [
      { name: `${id} start`, lesson: id, role: 'start' as const, stated: start },
      { name: `${id} solution`, lesson: id, role: 'solution' as const, stated: solution },
      ...wrong.map((stated, i) => ({
        name: `${id} wrong ${i + 1}`,
        lesson: id,
        role: 'wrong' as const,
        stated,
      })),
    ];
  });
}

/** What a real kernel said of a program. */
export interface Recorded {
  readonly errno: number;
  readonly message: string;
  readonly processed: string;
}

/** Does a program want rules, an invented kfunc or a kfunc of the test module, which no released kernel has? */
export const unaskable = (source: string): boolean => /\.semantics|__kf_flags|bpf_testmod/.test(source);
