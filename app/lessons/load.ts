import { parseLesson } from './lesson.ts';
import type { Lesson, LessonRow } from './lesson.ts';

const FOLDER = 'lessons/';

async function fetchText(path: string): Promise<string> {
  const response = await fetch(new URL(path, document.baseURI));
  if (!response.ok)
    throw new Error(`${path} could not be loaded (${response.status} ${response.statusText})`);
  return response.text();
}

function isRow(row: unknown): row is LessonRow {
  if (typeof row !== 'object' || row === null) return false;
  const { id, title, sentence, group } = row as Record<string, unknown>;
  return [id, title, sentence, group].every((field) => typeof field === 'string');
}

let rows: Promise<readonly LessonRow[]> | null = null;
let known: readonly LessonRow[] = [];

/** The table of all lessons, in their order; fetched once. Rejects if it cannot be loaded. */
export function loadLessonRows(): Promise<readonly LessonRow[]> {
  rows ??= fetchText(`${FOLDER}index.json`).then(
    (text) => {
      const found: unknown = JSON.parse(text);
      if (!Array.isArray(found) || !found.every(isRow))
        throw new Error('lessons/index.json is not a list of lessons');
      known = found;
      return found;
    },
    (reason: unknown) => {
      rows = null;
      throw reason;
    },
  );
  return rows;
}

/** The table as far as it is here already; asking for it fetches it for the next time. */
export function knownLessons(): readonly LessonRow[] {
  loadLessonRows().catch(() => undefined);
  return known;
}

/** A lesson by its id; null if there is none. Rejects if it cannot be loaded. */
export async function loadLesson(id: string): Promise<Lesson | null> {
  if (!(await loadLessonRows()).some((row) => row.id === id)) return null;
  return parseLesson(await fetchText(`${FOLDER}${id}.md`));
}
