import { createStore } from 'zustand/vanilla';
import type { Span, TextEdit } from '../../worker/protocol.ts';
import type { Doc, DraftShelf } from '../drafts/drafts.ts';
import { loadExamples } from '../examples/examples.ts';
import type { VerifierClient } from '../verifier/client.ts';
import { applyEdits } from '../verifier/text-edits.ts';
import { createDocuments } from './documents.ts';
import { createNotices } from './notices.ts';
import { createRuns } from './runs.ts';
import { INITIAL } from './state.ts';
import type { State } from './state.ts';

/** What the editor does for the playground, once it is there. */
export interface EditorPort {
  /** All edits as one that can be undone at once. */
  apply(edits: readonly TextEdit[]): void;
  /** Brings a place into view and puts the cursor there. */
  reveal(span: Span): void;
  focus(): void;
}

/** The page without its face: the document, its runs, the cursor. Every change goes through one of these functions. */
export function createPlayground(client: VerifierClient, shelf: DraftShelf) {
  const store = createStore<State>(() => INITIAL);
  const { getState: get, setState: set } = store;
  const notices = createNotices(store);
  const runs = createRuns(store, client, () => documents.saveSoon());
  const documents = createDocuments(store, shelf, notices, runs);
  let editor: EditorPort | null = null;

  /** The person typed. */
  function edit(source: string): void {
    const { doc } = get();
    if (source === doc.source) return;
    documents.change({ ...doc, source });
    runs.schedule();
  }

  /** A what-if is set: with its effect at once. */
  function setWhatIf(what: Partial<Pick<State['doc'], 'semantics' | 'kfuncFlags'>>): void {
    documents.change({ ...get().doc, ...what });
    runs.verify();
  }

  /** Another document in place of this one, as the same draft. */
  function replace(doc: Doc): void {
    const lines = get().doc.source.split('\n').length;
    documents.change(doc);
    editor?.apply([{ span: { line: 1, col: 1, endLine: lines + 1, endCol: 1 }, text: doc.source }]);
    runs.standAt(null);
    runs.verify();
  }

  /** Behind another pane the editor's own way of undoing is not at hand: the page offers one. */
  function undoWithoutEditor(text: string, before: Doc): void {
    if (editor === null) notices.offerUndo(text, () => replace(before));
  }

  return {
    store,
    notify: notices.notify,
    dismiss: notices.dismiss,
    ask: client.ask,
    edit,
    move: runs.move,
    cancel: runs.cancel,
    verifyAgain: runs.verify,
    openText: documents.openText,
    rename: documents.rename,
    newProgram: documents.newProgram,
    openBefore: documents.openBefore,
    openExample: documents.openExample,
    openLesson: documents.openLesson,
    openDraft: documents.openDraft,
    removeDraft: documents.removeDraft,
    share: documents.share,
    /** The step that the person chose to look at, which a link carries; null if the page chose. */
    chosenStep: runs.chosenStep,

    /** Brings the page up: what the address names, else where the person left off. */
    async boot(): Promise<void> {
      const greeted = runs.greet();
      documents.listDrafts();
      try {
        set({ examples: await loadExamples() });
      } catch (reason) {
        notices.notify('error', reason instanceof Error ? reason.message : String(reason));
      }
      addEventListener('popstate', () => void documents.openAddress());
      addEventListener('pagehide', documents.saveNow);
      await documents.openAddress();
      await greeted;
    },

    restart(): void {
      runs.restart();
      if (get().about === null) void runs.greet();
      runs.verify();
    },

    /** Turns a semantics switch on or off; back to null when that is what the text says anyway. */
    toggleSemantics(id: string): void {
      const { doc, run } = get();
      const fromText = run?.result.textSemantics ?? [];
      const inForce = new Set(doc.semantics ?? fromText);
      if (!inForce.delete(id)) inForce.add(id);
      const asText = inForce.size === fromText.length && fromText.every((name) => inForce.has(name));
      setWhatIf({ semantics: asText ? null : [...inForce] });
    },

    /** Other flags for a kfunc; null: its own again. */
    setKfuncFlags(name: string, flags: number | null): void {
      const kfuncFlags = { ...get().doc.kfuncFlags };
      if (flags === null) Reflect.deleteProperty(kfuncFlags, name);
      else kfuncFlags[name] = flags;
      setWhatIf({ kfuncFlags });
    },

    resetWhatIf: (): void => setWhatIf({ semantics: null, kfuncFlags: {} }),

    /** Compares each run with another, as long as somebody looks. */
    setComparing(comparing: boolean): void {
      runs.forgetComparison();
      set({ comparing });
      if (comparing) runs.compare();
    },

    /** Compares with what `against` makes of the document from now on; null: with the kernel as released. */
    compareWith(against: State['against']): void {
      set({ against });
      if (get().comparing) runs.compare();
    },

    applyFix(edits: readonly TextEdit[]): void {
      const before = get().doc;
      if (editor !== null) editor.apply(edits);
      else edit(applyEdits(before.source, edits));
      undoWithoutEditor('The change is in the program.', before);
      runs.standAt(null);
    },

    /** Another text in the same document, without what-ifs; the editor can undo it. */
    rewrite(source: string): void {
      const before = get().doc;
      replace({ source, semantics: null, kfuncFlags: {} });
      undoWithoutEditor('The program was replaced.', before);
    },

    attachEditor(port: EditorPort): () => void {
      editor = port;
      return () => {
        if (editor === port) editor = null;
      };
    },
    reveal: (span: Span): void => editor?.reveal(span),
    focusEditor: (): void => editor?.focus(),
  };
}

export type Playground = ReturnType<typeof createPlayground>;
