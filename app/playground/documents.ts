import type { StoreApi } from 'zustand/vanilla';
import { lessonDraft } from '../drafts/drafts.ts';
import type { Doc, DraftShelf } from '../drafts/drafts.ts';
import { EMBED } from '../embed/params.ts';
import { loadExample } from '../examples/examples.ts';
import type { Example } from '../examples/examples.ts';
import { loadLesson } from '../lessons/load.ts';
import { openLink, packLink } from '../share/link.ts';
import type { Shared, SharedStops } from '../share/link.ts';
import { stopsToShare } from '../watch/stops.ts';
import type { Notices } from './notices.ts';
import type { Runs } from './runs.ts';
import type { State } from './state.ts';

/** What stands in `history.state`. */
interface Entry {
  readonly draft?: string;
}

const NEW_PROGRAM = '.prog tc\n.license GPL\n\nmain:\n\tr0 = 0\n\texit\n';
/** What somebody sees who comes without a link: a rejection with a lane, a reason and a fix. */
const FIRST_EXAMPLE = 'kfunc-under-lock';
const SAVE_MS = 300;

const plain = (source: string): Doc => ({ source, semantics: null, kfuncFlags: {} });
const bareAddress = (): string => location.pathname + location.search;

/**
 * Which document is open, under which address, and its draft. Opening adds an entry to the history; typing, stepping and
 * sharing only change the entry they are in. Whatever is changed is a draft from then on, and drafts are never overwritten.
 */
export function createDocuments(
  store: StoreApi<State>,
  shelf: DraftShelf,
  { notify, offerUndo }: Notices,
  runs: Runs,
) {
  const { getState: get, setState: set } = store;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Id of the draft that the first change makes; null: a new one. */
  let keepAs: string | null = null;
  /** The open document was changed since it was opened. */
  let changed = false;
  /** The draft that was open and changed before another document took its place. */
  let before: string | null = null;

  function save(): void {
    clearTimeout(timer);
    timer = undefined;
    const { draft, title, doc, lesson } = get();
    if (draft === null) return;
    try {
      const work = lesson === null ? {} : { lesson };
      shelf.save({ id: draft, title, doc, step: runs.chosenStep(), ...work, at: Date.now() });
      set({ drafts: shelf.list() });
    } catch {
      notify(
        'warning',
        'This browser does not let the page keep drafts (its storage is full or switched off). Use Share to keep your program.',
      );
    }
  }

  function saveSoon(): void {
    if (get().draft !== null) timer ??= setTimeout(save, SAVE_MS);
  }

  function saveNow(): void {
    if (timer !== undefined) save();
  }

  /** From now on the document is the person's own: it gets a draft, and the address no longer names what it was. */
  function claim(): void {
    const draft = get().draft ?? keepAs ?? crypto.randomUUID();
    changed = true;
    set({ draft });
    // A card keeps the address that its article gave it.
    if (EMBED !== null) return;
    const entry: Entry = { draft };
    // A lesson stays one: its address opens this person's work here, and the lesson anew elsewhere.
    const { lesson } = get();
    const hash = lesson !== null && draft === lessonDraft(lesson) ? `#lesson=${lesson}` : '';
    if (location.hash !== hash || (history.state as Entry | null)?.draft !== draft)
      history.replaceState(entry, '', bareAddress() + hash);
    saveSoon();
  }

  function show(
    doc: Doc,
    title: string,
    draft: string | null,
    step: number | null,
    lesson: string | null = null,
    brought: SharedStops | null = null,
  ): void {
    saveNow();
    const { draft: left, title: leftTitle } = get();
    if (changed && left !== null && left !== draft) {
      before = left;
      offerUndo(`“${leftTitle}” is kept among your drafts.`, openBefore);
    }
    changed = false;
    keepAs = null;
    runs.standAt(step);
    runs.forgetComparison();
    set({ doc, title, draft, lesson, brought, opened: get().opened + 1, comparison: null });
    runs.verify();
  }

  function visit(entry: Entry, address: string): void {
    if (location.pathname + location.search + location.hash === address)
      history.replaceState(entry, '', address);
    else history.pushState(entry, '', address);
  }

  function showDraft(id: string): boolean {
    // It may be the one that is open, with changes that were not saved yet.
    saveNow();
    const draft = shelf.get(id);
    if (draft === null) return false;
    show(draft.doc, draft.title, draft.id, draft.step, draft.lesson ?? null);
    return true;
  }

  /** Back to the draft whose place another document took. */
  function openBefore(): void {
    const id = before;
    before = null;
    if (id === null || id === get().draft) return notify('info', 'No changed program was left behind.');
    visit({ draft: id }, bareAddress());
    if (!showDraft(id)) notify('warning', 'That draft is no longer on this device.');
  }

  async function showExample(example: Example): Promise<void> {
    try {
      show(plain(await loadExample(example)), example.title, null, null);
    } catch (reason) {
      const why = reason instanceof Error ? reason.message : String(reason);
      notify('error', `The example could not be opened: ${why}`);
    }
  }

  /** A lesson's program as the person left it, else as it begins. */
  async function showLesson(id: string): Promise<boolean> {
    try {
      const lesson = await loadLesson(id);
      if (lesson === null) {
        notify('warning', `There is no lesson “${id}”.`);
        return false;
      }
      if (!showDraft(lessonDraft(id))) show(plain(lesson.start.source), lesson.title, null, null, id);
      keepAs = lessonDraft(id);
      return true;
    } catch (reason) {
      const why = reason instanceof Error ? reason.message : String(reason);
      notify('error', `The lesson could not be opened: ${why}`);
      return false;
    }
  }

  function showLink(fragment: string): boolean {
    const opened = openLink(fragment);
    if (opened === null) return false;
    const showContent = ({ source, semantics, kfuncFlags, step, lesson, stops }: Shared): void =>
      show(
        { source, semantics, kfuncFlags },
        'Shared program',
        null,
        step,
        lesson ?? null,
        stops ?? { lines: [], watches: [] },
      );
    if (opened.kind === 'whole') {
      showContent(opened.content);
      return true;
    }
    const newer = opened.kind === 'newer';
    const what = newer
      ? `This link was made by a newer version of the playground (format ${opened.version}).`
      : 'This link is damaged: part of it was lost on the way.';
    if (opened.content === null) {
      notify('error', `${what} Nothing of it could be read; your own program is unchanged.`);
      return false;
    }
    showContent(opened.content);
    const rest = newer
      ? 'It could be read, but may not show all that was shared.'
      : 'What could be read is shown; check the end of the program.';
    notify('warning', `${what} ${rest}`);
    return true;
  }

  /** Opens what the address names: a draft, a link, an example; else the newest draft, else an example. */
  async function openAddress(): Promise<void> {
    const entry = history.state as Entry | null;
    if (entry?.draft !== undefined && showDraft(entry.draft)) return;
    if (showLink(location.hash)) return;
    const lesson = /^#lesson=(.+)$/.exec(location.hash)?.[1];
    if (lesson !== undefined && (await showLesson(lesson))) return;
    const asked = /^#example=(.+)$/.exec(location.hash)?.[1];
    const { examples, drafts, opened } = get();
    const example = examples.find((row) => row.id === asked);
    if (example !== undefined) return showExample(example);
    if (asked !== undefined) notify('warning', `There is no example “${asked}”.`);
    // A fragment that could not be read leaves an open program alone.
    if (opened > 0 && location.hash !== '') return;
    const newest = drafts[0];
    if (newest !== undefined && showDraft(newest.id)) {
      history.replaceState({ draft: newest.id } satisfies Entry, '', bareAddress() + location.hash);
      return;
    }
    const first = examples.find((row) => row.id === FIRST_EXAMPLE) ?? examples[0];
    if (first !== undefined) return showExample(first);
    show(plain(NEW_PROGRAM), 'New program', null, null);
  }

  /** Another text takes the place of the program, as a document of its own. */
  function openText(source: string, title: string): void {
    const draft = crypto.randomUUID();
    visit({ draft }, bareAddress());
    show(plain(source), title, draft, null);
    save();
  }

  return {
    openAddress,
    openText,
    saveNow,
    saveSoon,
    /** The document is changed, by hand or by a switch. */
    change(doc: Doc): void {
      set({ doc });
      claim();
    },
    /** The person gives the program a name. */
    rename(title: string): void {
      const name = title.trim().slice(0, 80);
      if (name === '' || name === get().title) return;
      set({ title: name });
      claim();
    },
    openBefore,
    newProgram: (): void => openText(NEW_PROGRAM, 'New program'),
    openExample(example: Example): Promise<void> {
      visit({}, `${bareAddress()}#example=${example.id}`);
      return showExample(example);
    },
    openLesson(id: string): Promise<boolean> {
      visit({}, `${bareAddress()}#lesson=${id}`);
      return showLesson(id);
    },
    openDraft(id: string): void {
      visit({ draft: id }, bareAddress());
      showDraft(id);
    },
    listDrafts(): void {
      try {
        set({ drafts: shelf.list() });
      } catch {
        // Storage is switched off; saving says so when there is something to lose.
      }
    },
    removeDraft(id: string): void {
      shelf.remove(id);
      set({ drafts: shelf.list() });
    },
    /** Puts a link to what is shown into the address, and returns it. */
    share(): string {
      const { doc, draft, lesson } = get();
      const step = runs.chosenStep();
      const work = lesson === null ? {} : { lesson };
      // A lesson that nobody changed is best named.
      const stops = stopsToShare();
      const untouched =
        lesson !== null && draft === null && step === null && keepAs !== null && stops === undefined;
      const hash = untouched
        ? `lesson=${lesson}`
        : packLink({ ...doc, step, ...work, ...(stops === undefined ? {} : { stops }) });
      const address = `${bareAddress()}#${hash}`;
      history.replaceState(draft === null ? null : ({ draft } satisfies Entry), '', address);
      return new URL(address, location.href).href;
    },
  };
}
