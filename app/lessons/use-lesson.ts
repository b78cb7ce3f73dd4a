import { useEffect, useState } from 'react';
import { loadLesson, loadLessonRows } from './load.ts';
import type { Lesson, LessonRow } from './lesson.ts';

const NONE: readonly LessonRow[] = [];

/** The table of lessons; empty until it is there. */
export function useLessonRows(): readonly LessonRow[] {
  const [rows, setRows] = useState(NONE);
  useEffect(() => {
    let gone = false;
    loadLessonRows().then(
      (found) => {
        if (!gone) setRows(found);
      },
      // Opening a lesson says what is wrong; a list that cannot be had is an empty one.
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, []);
  return rows;
}

/** A lesson; null until it is there, or if there is none. */
export function useLesson(id: string | null): Lesson | null {
  const [found, setFound] = useState<{ readonly id: string; readonly lesson: Lesson | null } | null>(null);
  useEffect(() => {
    if (id === null) return;
    let gone = false;
    loadLesson(id).then(
      (lesson) => {
        if (!gone) setFound({ id, lesson });
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [id]);
  return found !== null && found.id === id ? found.lesson : null;
}
