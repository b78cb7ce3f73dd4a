import type { State } from '../playground/state.ts';
import type { Lesson } from './lesson.ts';

/** Which of a lesson's checks the newest run of its document passes, in their order; null while there is no run of it. */
export function judge(
  lesson: Lesson,
  { latest, opened, about }: Pick<State, 'latest' | 'opened' | 'about'>,
  answer: number | undefined,
): readonly boolean[] | null {
  if (latest === null || latest.opened !== opened || about === null) return null;
  const subject = {
    result: latest.result,
    source: latest.doc.source,
    flags: new Map(about.kfuncFlags.map(({ bit, name }) => [name, bit])),
    answered: answer !== undefined && lesson.quiz?.options[answer]?.right === true,
  };
  return lesson.checks.map((check) => check.holds(subject));
}
