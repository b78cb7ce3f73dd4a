import { isLessonDraft } from '../drafts/drafts.ts';
import { openLesson } from '../lessons/actions.ts';
import { knownLessons } from '../lessons/load.ts';
import type { Playground } from '../playground/playground.ts';
import { ACTION_GROUPS } from '../shell/action.ts';
import { ACTIONS } from '../shell/actions.ts';
import type { Entry } from './find.ts';

/** Where entries come from. A further kind of thing to find is a row here. */
const SOURCES: readonly ((playground: Playground) => readonly Entry[])[] = [
  (playground) =>
    ACTION_GROUPS.flatMap((group) => ACTIONS.filter((row) => row.group === group)).map((row) => ({
      id: `action ${row.id}`,
      group: row.group,
      title: row.title,
      detail: '',
      keys: row.keys,
      run: () => row.run(playground),
    })),
  (playground) =>
    playground.store
      .getState()
      .drafts.filter((draft) => !isLessonDraft(draft))
      .map((draft) => ({
        id: `draft ${draft.id}`,
        group: 'Draft',
        title: draft.title,
        detail: new Date(draft.at).toLocaleString(),
        keys: [],
        run: () => playground.openDraft(draft.id),
      })),
  (playground) =>
    knownLessons().map(({ id, title, sentence }) => ({
      id: `lesson ${id}`,
      group: 'Lesson',
      title,
      detail: sentence,
      keys: [],
      run: () => void openLesson(playground, id),
    })),
  (playground) =>
    playground.store.getState().examples.map((example) => ({
      id: `example ${example.id}`,
      group: 'Example',
      title: example.title,
      detail: example.sentence,
      keys: [],
      run: () => void playground.openExample(example),
    })),
];

/** Everything there is to find now. */
export const entriesOf = (playground: Playground): readonly Entry[] =>
  SOURCES.flatMap((source) => source(playground));
