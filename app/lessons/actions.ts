import type { Playground } from '../playground/playground.ts';
import type { Action } from '../shell/action.ts';
import { focusPane } from '../shell/action.ts';
import { openDialog } from '../shell/dialogs.ts';
import { layout, showPane } from '../shell/layout.ts';
import { loadLessonRows } from './load.ts';

/** Opens a lesson and shows its text. */
export async function openLesson(playground: Playground, id: string): Promise<void> {
  if (!(await playground.openLesson(id))) return;
  showPane('lesson');
  focusPane('lesson');
}

/** The neighbour of the lesson that is open; the first one if none is. */
async function go(playground: Playground, by: 1 | -1): Promise<void> {
  const rows = await loadLessonRows();
  const at = rows.findIndex(({ id }) => id === playground.store.getState().lesson);
  const next = at < 0 ? rows[0] : rows[at + by];
  if (next !== undefined) await openLesson(playground, next.id);
}

export const LESSON_ACTIONS: readonly Action[] = [
  { id: 'lessons', title: 'Lessons', group: 'Learn', keys: ['Alt+l'], run: () => openDialog('lessons') },
  {
    id: 'lesson',
    title: 'Text of the lesson',
    group: 'Learn',
    keys: ['Alt+t'],
    run: ({ store }) => {
      if (store.getState().lesson === null) return openDialog('lessons');
      showPane('lesson');
      focusPane('lesson');
    },
  },
  {
    id: 'lesson-hide',
    title: 'Hide or show the lesson beside the editor',
    group: 'Learn',
    keys: [],
    run: () => layout.setState({ lessonOpen: !layout.getState().lessonOpen }),
  },
  { id: 'lesson-next', title: 'Next lesson', group: 'Learn', keys: ['Alt+j'], run: (p) => void go(p, 1) },
  {
    id: 'lesson-prev',
    title: 'Previous lesson',
    group: 'Learn',
    keys: ['Alt+k'],
    run: (p) => void go(p, -1),
  },
];
