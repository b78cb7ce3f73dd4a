/** What the editor holds: the text and the what-ifs that are set beside it. */
export interface Doc {
  readonly source: string;
  /** Switches in place of those in the text, null: as the text says. */
  readonly semantics: readonly string[] | null;
  readonly kfuncFlags: Readonly<Record<string, number>>;
}

/** A program that a person wrote or changed, kept on this device. */
export interface Draft {
  readonly id: string;
  /** What it began as: an example's title, `Shared program`, `New program`. */
  readonly title: string;
  readonly doc: Doc;
  readonly step: number | null;
  /** The lesson that it is work on, if it is. */
  readonly lesson?: string;
  /** When it was last changed, in ms since 1970. */
  readonly at: number;
}

/** Drafts on this device. `save` throws what the storage throws (full, switched off). */
export interface DraftShelf {
  list(): readonly Draft[];
  get(id: string): Draft | null;
  save(draft: Draft): void;
  remove(id: string): void;
}

/** Where work on a lesson is kept: there is one draft of each lesson. */
export const lessonDraft = (lesson: string): string => `lesson:${lesson}`;

/** Is it the one draft of a lesson, rather than a program among others? */
export const isLessonDraft = ({ id }: Draft): boolean => id.startsWith('lesson:');

const PREFIX = 'bpf-playground.draft.';
/** More than these are dropped, oldest first. */
const KEPT = 50;

function parse(text: string | null): Draft | null {
  if (text === null) return null;
  try {
    const draft = JSON.parse(text) as Draft;
    return typeof draft.doc?.source === 'string' && typeof draft.id === 'string' ? draft : null;
  } catch {
    return null;
  }
}

/** One key per draft, so that two tabs do not overwrite each other's. */
export function createDraftShelf(storage: Storage): DraftShelf {
  function keys(): string[] {
    const found: string[] = [];
    for (let i = 0; i < storage.length; i++) {
      const key = storage.key(i);
      if (key?.startsWith(PREFIX)) found.push(key);
    }
    return found;
  }
  function list(): readonly Draft[] {
    const drafts = keys().map((key) => parse(storage.getItem(key)));
    return drafts.filter((draft) => draft !== null).sort((a, b) => b.at - a.at);
  }
  return {
    list,
    get: (id) => parse(storage.getItem(PREFIX + id)),
    save(draft) {
      storage.setItem(PREFIX + draft.id, JSON.stringify(draft));
      for (const old of list()
        .filter((kept) => !isLessonDraft(kept))
        .slice(KEPT))
        storage.removeItem(PREFIX + old.id);
    },
    remove: (id) => storage.removeItem(PREFIX + id),
  };
}
