import * as Comlink from 'comlink';
import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type {
  Progress,
  SeekTarget,
  Span,
  StepView,
  TextEdit,
  VerifyRequest,
  VerifyResult,
} from '../../worker/protocol.ts';
import type { Doc, DraftShelf } from '../drafts/drafts.ts';
import { loadExample, loadExamples } from '../examples/examples.ts';
import type { Example } from '../examples/examples.ts';
import { openLink, packLink } from '../share/link.ts';
import type { Shared } from '../share/link.ts';
import { applyEdits } from '../verifier/text-edits.ts';
import type { VerifierClient } from '../verifier/client.ts';
import { createCursor } from './cursor.ts';
import type { Follow, Move } from './cursor.ts';
import { INITIAL, isCurrent } from './state.ts';
import type { Notice, State } from './state.ts';
import { spokenStep, spokenVerdict } from './verdict-words.ts';

/** What the editor does for the playground, once it is there. */
export interface EditorPort {
  /** All edits as one that can be undone at once. */
  apply(edits: readonly TextEdit[]): void;
  /** Brings a place into view and puts the cursor there. */
  reveal(span: Span): void;
  focus(): void;
}

/** What stands in `history.state`. */
interface Entry {
  readonly draft?: string;
}

const NEW_PROGRAM = '.prog tc\n.license GPL\n\nmain:\n\tr0 = 0\n\texit\n';
/** Shorter than a keystroke's echo: small programs answer while the key goes up. */
const QUICK_MS = 15;
const SETTLE_MS = 120;
const SAVE_MS = 300;
const NOTICE_MS = 7000;

/** What is shown when there is no run. */
const NOTHING = { latest: null, run: null, step: null, explanation: null, comparison: null } as const;

const plain = (source: string): Doc => ({ source, semantics: null, kfuncFlags: {} });

/** The page without its face: the document, its runs, the cursor. Every change goes through one of these functions. */
export function createPlayground(client: VerifierClient, shelf: DraftShelf) {
  const store: StoreApi<State> = createStore<State>(() => INITIAL);
  const { getState: get, setState: set } = store;
  let editor: EditorPort | null = null;
  let follow: Follow = { kind: 'verdict' };
  let ticket = 0;
  let noticeIds = 0;
  let lastMs = 0;
  let verifyTimer: ReturnType<typeof setTimeout> | undefined;
  let saveTimer: ReturnType<typeof setTimeout> | undefined;

  // ── notices ──────────────────────────────────────────────────────────────────────────────────

  function dismiss(id: number): void {
    set({ notices: get().notices.filter((notice) => notice.id !== id) });
  }

  function notify(tone: Notice['tone'], text: string, actions: Notice['actions'] = []): number {
    const id = ++noticeIds;
    const others = get().notices.filter((notice) => notice.text !== text);
    set({ notices: [...others.slice(-2), { id, tone, text, actions }] });
    // What asks for nothing goes by itself.
    if (tone === 'info' && actions.length === 0) setTimeout(() => dismiss(id), NOTICE_MS);
    return id;
  }

  // ── drafts ───────────────────────────────────────────────────────────────────────────────────

  function save(): void {
    clearTimeout(saveTimer);
    saveTimer = undefined;
    const { draft, title, doc, step } = get();
    if (draft === null) return;
    try {
      shelf.save({
        id: draft,
        title,
        doc,
        step: follow.kind === 'step' ? (step?.step ?? null) : null,
        at: Date.now(),
      });
      set({ drafts: shelf.list() });
    } catch {
      notify(
        'warning',
        'This browser does not let the page keep drafts (its storage is full or switched off). Use Share to keep your program.',
      );
    }
  }

  /** From now on the document is the person's own: it gets a draft, and the address no longer names what it was. */
  function claim(): void {
    let { draft } = get();
    if (draft === null) {
      draft = crypto.randomUUID();
      set({ draft });
    }
    const entry: Entry = { draft };
    if (location.hash !== '' || (history.state as Entry | null)?.draft !== draft)
      history.replaceState(entry, '', location.pathname + location.search);
    saveTimer ??= setTimeout(save, SAVE_MS);
  }

  // ── runs ─────────────────────────────────────────────────────────────────────────────────────

  function request(doc: Doc): VerifyRequest {
    return { source: doc.source, semantics: doc.semantics, kfuncFlags: doc.kfuncFlags, trace: true };
  }

  function release(run: number): void {
    // A run that is already gone is as good as released.
    client.ask((worker) => worker.release(run)).catch(() => undefined);
  }

  function broken(reason: unknown): void {
    const message = reason instanceof Error ? reason.message : String(reason);
    cursor.reset(null);
    set({ phase: { kind: 'broken', message }, ...NOTHING });
  }

  async function verify(): Promise<void> {
    clearTimeout(verifyTimer);
    const mine = ++ticket;
    const { doc } = get();
    const since = performance.now();
    set({ phase: { kind: 'verifying', progress: null, since } });
    const onProgress = (progress: Progress): void => {
      if (mine === ticket) set({ phase: { kind: 'verifying', progress, since } });
    };
    try {
      const result = await client.run((worker) => worker.verify(request(doc), Comlink.proxy(onProgress)));
      if (result === null) {
        if (mine === ticket) cancelled();
        return;
      }
      lastMs = performance.now() - since;
      await arrived(doc, result, mine);
    } catch (reason) {
      if (mine === ticket) broken(reason);
    }
  }

  function cancelled(): void {
    const { run } = get();
    if (run !== null) release(run.result.run);
    cursor.reset(null);
    set({ phase: { kind: 'cancelled' }, ...NOTHING, announcement: 'Verification cancelled' });
  }

  async function arrived(doc: Doc, result: VerifyResult, mine: number): Promise<void> {
    if (mine !== ticket) return release(result.run);
    const { run: before, latest, opened } = get();
    const same =
      latest !== null && latest.result.message === result.message && latest.result.verdict === result.verdict;
    const said = {
      phase: { kind: 'idle' },
      latest: { doc, opened, result },
      announcement: same ? get().announcement : spokenVerdict(result),
    } as const;
    if (result.verdict === 'bad-input') {
      release(result.run);
      const outlived = before !== null && before.opened !== opened;
      if (outlived) {
        release(before.result.run);
        cursor.reset(null);
      }
      set(outlived ? { ...NOTHING, ...said } : said);
      return;
    }
    const wanted = firstMove(result);
    // Ask for everything that belongs together before any of it is shown.
    const [step, explanation] = await Promise.all([
      wanted === null ? null : client.ask((worker) => worker.seek(result.run, 0, wanted)),
      client.ask((worker) => worker.explain(result.run)),
    ]);
    if (mine !== ticket) return release(result.run);
    cursor.reset(step);
    set({ ...said, run: said.latest, step, explanation });
    if (before !== null) release(before.result.run);
    if (get().comparing) void compare();
  }

  function firstMove(result: VerifyResult): SeekTarget | null {
    if (result.stats.steps === 0) return null;
    if (follow.kind === 'step') return { to: 'step', step: Math.min(follow.step, result.stats.steps - 1) };
    return result.verdict === 'rejected' || result.verdict === 'not-modelled'
      ? { to: 'failure' }
      : { to: 'first' };
  }

  function schedule(): void {
    clearTimeout(verifyTimer);
    verifyTimer = setTimeout(() => void verify(), lastMs < SETTLE_MS ? QUICK_MS : SETTLE_MS);
  }

  /** Against the kernel as released: no switches, no changed flags. */
  async function compare(): Promise<void> {
    const { run, doc } = get();
    if (run === null || !isCurrent(get())) return;
    const mine = ticket;
    const released: VerifyRequest = { ...request(doc), semantics: [], kfuncFlags: {} };
    try {
      const result = await client.run((worker) => worker.compare(released, request(doc)));
      if (result === null) return;
      release(result.left.run);
      release(result.right.run);
      if (mine === ticket) set({ comparison: { of: run, result } });
    } catch (reason) {
      if (mine === ticket) broken(reason);
    }
  }

  // ── the cursor ───────────────────────────────────────────────────────────────────────────────

  const cursor = createCursor(
    async (from, target) => {
      const { run } = get();
      if (run === null || run.result.stats.steps === 0) return null;
      const { result } = run;
      const clamped: SeekTarget =
        target.to === 'step' ? { to: 'step', step: Math.min(target.step, result.stats.steps - 1) } : target;
      const view = await client.ask((worker) => worker.seek(result.run, from, clamped));
      return get().run === run ? view : null;
    },
    (view: StepView) => {
      const insn = get().run?.result.insns.find((row) => row.index === view.insn)?.kernel ?? '';
      if (follow.kind === 'step') follow = { kind: 'step', step: view.step };
      set({ step: view, announcement: spokenStep(view, insn) });
      if (get().draft !== null) saveTimer ??= setTimeout(save, SAVE_MS);
    },
    broken,
  );

  function move(to: Move): void {
    follow = to.to === 'failure' ? { kind: 'verdict' } : { kind: 'step', step: get().step?.step ?? 0 };
    cursor.move(to);
  }

  // ── documents ────────────────────────────────────────────────────────────────────────────────

  function show(doc: Doc, title: string, draft: string | null, step: number | null): void {
    if (saveTimer !== undefined) save();
    follow = step === null ? { kind: 'verdict' } : { kind: 'step', step };
    set({ doc, title, draft, opened: get().opened + 1, comparison: null });
    void verify();
  }

  function visit(entry: Entry, address: string): void {
    if (location.pathname + location.search + location.hash === address)
      history.replaceState(entry, '', address);
    else history.pushState(entry, '', address);
  }

  const bareAddress = (): string => location.pathname + location.search;

  function openDraft(id: string): boolean {
    const draft = shelf.get(id);
    if (draft === null) return false;
    show(draft.doc, draft.title, draft.id, draft.step);
    return true;
  }

  async function openExample(example: Example): Promise<void> {
    try {
      show(plain(await loadExample(example)), example.title, null, null);
    } catch (reason) {
      notify(
        'error',
        `The example could not be opened: ${reason instanceof Error ? reason.message : String(reason)}`,
      );
    }
  }

  function openShared(fragment: string): boolean {
    const opened = openLink(fragment);
    if (opened === null) return false;
    const showContent = ({ source, semantics, kfuncFlags, step }: Shared): void =>
      show({ source, semantics, kfuncFlags }, 'Shared program', null, step);
    if (opened.kind === 'whole') {
      showContent(opened.content);
      return true;
    }
    const what =
      opened.kind === 'newer'
        ? `This link was made by a newer version of the playground (format ${opened.version}).`
        : 'This link is damaged: part of it was lost on the way.';
    if (opened.content === null) {
      notify('error', `${what} Nothing of it could be read; your own program is unchanged.`);
      return false;
    }
    showContent(opened.content);
    notify(
      'warning',
      opened.kind === 'newer'
        ? `${what} It could be read, but may not show all that was shared.`
        : `${what} What could be read is shown; check the end of the program.`,
    );
    return true;
  }

  /** Opens what the address names: a draft, a link, an example; else the newest draft, else the first example. */
  async function openAddress(): Promise<void> {
    const entry = history.state as Entry | null;
    if (entry?.draft !== undefined && openDraft(entry.draft)) return;
    if (openShared(location.hash)) return;
    const asked = /^#example=(.+)$/.exec(location.hash)?.[1];
    const { examples, drafts, opened } = get();
    const example = examples.find((row) => row.id === asked);
    if (example !== undefined) return openExample(example);
    if (asked !== undefined) notify('warning', `There is no example “${asked}”.`);
    // A fragment that could not be read leaves an open program alone.
    if (opened > 0 && location.hash !== '') return;
    const newest = drafts[0];
    if (newest !== undefined && openDraft(newest.id)) {
      history.replaceState({ draft: newest.id } satisfies Entry, '', bareAddress() + location.hash);
      return;
    }
    if (examples[0] !== undefined) return openExample(examples[0]);
    show(plain(NEW_PROGRAM), 'New program', null, null);
  }

  async function boot(): Promise<void> {
    const asking = client
      .ask((worker) => worker.about())
      .then(
        (about) => set({ about }),
        (reason: unknown) => broken(reason),
      );
    try {
      set({ drafts: shelf.list() });
    } catch {
      // Storage is switched off; saving says so when there is something to lose.
    }
    try {
      set({ examples: await loadExamples() });
    } catch (reason) {
      notify('error', reason instanceof Error ? reason.message : String(reason));
    }
    addEventListener('popstate', () => void openAddress());
    addEventListener('pagehide', () => {
      if (saveTimer !== undefined) save();
    });
    await openAddress();
    await asking;
  }

  function change(doc: Doc): void {
    set({ doc });
    claim();
  }

  return {
    store,
    boot,
    notify,
    dismiss,
    move,
    /** The person typed. */
    edit(source: string): void {
      if (source === get().doc.source) return;
      change({ ...get().doc, source });
      schedule();
    },
    /** Another text takes the place of the program, as a document of its own. */
    openText(source: string, title: string): void {
      const draft = crypto.randomUUID();
      visit({ draft }, bareAddress());
      show(plain(source), title, draft, null);
      save();
    },
    newProgram(): void {
      this.openText(NEW_PROGRAM, 'New program');
    },
    openExample(example: Example): Promise<void> {
      visit({}, `${bareAddress()}#example=${example.id}`);
      return openExample(example);
    },
    openDraft(id: string): void {
      visit({ draft: id }, bareAddress());
      openDraft(id);
    },
    removeDraft(id: string): void {
      shelf.remove(id);
      set({ drafts: shelf.list() });
    },
    /** Turns a semantics switch on or off; back to null when that is what the text says anyway. */
    toggleSemantics(id: string): void {
      const { doc, run } = get();
      const fromText = run?.result.textSemantics ?? [];
      const inForce = new Set(doc.semantics ?? fromText);
      if (!inForce.delete(id)) inForce.add(id);
      const asText = inForce.size === fromText.length && fromText.every((name) => inForce.has(name));
      change({ ...doc, semantics: asText ? null : [...inForce] });
      void verify();
    },
    /** What-if: other flags for a kfunc; null: its own again. */
    setKfuncFlags(name: string, flags: number | null): void {
      const { doc } = get();
      const kfuncFlags = { ...doc.kfuncFlags };
      if (flags === null) Reflect.deleteProperty(kfuncFlags, name);
      else kfuncFlags[name] = flags;
      change({ ...doc, kfuncFlags });
      void verify();
    },
    resetWhatIf(): void {
      change({ ...get().doc, semantics: null, kfuncFlags: {} });
      void verify();
    },
    setComparing(comparing: boolean): void {
      set({ comparing, comparison: null });
      if (comparing) void compare();
    },
    applyFix(edits: readonly TextEdit[]): void {
      if (editor === null) this.edit(applyEdits(get().doc.source, edits));
      else editor.apply(edits);
      follow = { kind: 'verdict' };
    },
    attachEditor(port: EditorPort): () => void {
      editor = port;
      return () => {
        if (editor === port) editor = null;
      };
    },
    reveal(span: Span): void {
      editor?.reveal(span);
    },
    focusEditor(): void {
      editor?.focus();
    },
    cancel: (): void => client.cancel(),
    verifyAgain: (): void => void verify(),
    restart(): void {
      client.restart();
      if (get().about === null)
        client.ask((worker) => worker.about()).then((about) => set({ about }), broken);
      void verify();
    },
    ask: client.ask,
    /** Puts a link to what is shown into the address, and returns it. */
    share(): string {
      const { doc, step, draft } = get();
      const fragment = packLink({ ...doc, step: follow.kind === 'step' ? (step?.step ?? null) : null });
      const address = `${bareAddress()}#${fragment}`;
      history.replaceState(draft === null ? null : ({ draft } satisfies Entry), '', address);
      return new URL(address, location.href).href;
    },
  };
}

export type Playground = ReturnType<typeof createPlayground>;
