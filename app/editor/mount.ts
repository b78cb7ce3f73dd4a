import type { Explanation, Problem, Span, VerifyResult } from '../../worker/protocol.ts';
import { offerConversion } from '../import/import.ts';
import type { Playground } from '../playground/playground.ts';
import { isCurrent } from '../playground/state.ts';
import type { State } from '../playground/state.ts';
import { editorType, present } from '../present/present.ts';
import { followTheme } from '../theme/theme.ts';
import { showBreakpoints } from './breakpoints.ts';
import { defineThemes, editorTheme } from './colours.ts';
import { placeLanes } from './lanes.ts';
import { createLanesView } from './lanes-view.ts';
import { LANGUAGE, registerLanguage } from './language.ts';
import { monaco } from './monaco.ts';
import { registerProviders, showProblems } from './providers.ts';
import { toRange } from './spans.ts';
import { letTabOut } from './tab-out.ts';

/** The stylesheet's `--mono`; Monaco measures glyphs with the plain names. */
const MONO = getComputedStyle(document.documentElement).getPropertyValue('--mono');

/** Longest text shown behind a failing line; the rest is in the Why pane. */
const INLINE_LENGTH = 90;

const firstLine = (text: string): string => text.trim().split('\n').at(-1)!.slice(0, INLINE_LENGTH);

/** Where a verdict stands in the text: at the instruction that was refused, else at the declaration or directive that its reasons name. */
function refusedAt(result: VerifyResult, explanation: Explanation | null): Span | null {
  const insn = result.insns.find((row) => row.index === result.failedAt);
  return insn === undefined ? (explanation?.chain.at(-1)?.span ?? null) : insn.span;
}

/** The verifier's message as a problem at what it is about. */
function verdictProblem(result: VerifyResult, explanation: Explanation | null): Problem[] {
  if (result.verdict !== 'rejected' && result.verdict !== 'not-modelled') return [];
  const span = refusedAt(result, explanation);
  if (span === null || result.message === '') return [];
  const severity = result.verdict === 'rejected' ? 'error' : 'warning';
  return [{ span, severity, id: result.rule ?? 'verifier', message: result.message, fixes: [] }];
}

/** What is marked in the text: the newest result's problems and verdict. */
function problemsOf({ latest, run, explanation }: State): readonly Problem[] {
  if (latest === null) return [];
  return [...latest.result.problems, ...verdictProblem(latest.result, latest === run ? explanation : null)];
}

/** Creates the editor in `host` with its lanes in `lanesHost`, bound to the playground. Returns what takes it down. */
export function mountEditor(
  host: HTMLElement,
  lanesHost: HTMLElement,
  playground: Playground,
  readOnly = false,
): () => void {
  const { store } = playground;
  registerLanguage();
  defineThemes();
  const providers = registerProviders(playground);
  const model = monaco.editor.createModel(store.getState().doc.source, LANGUAGE);
  const editor = monaco.editor.create(host, {
    model,
    automaticLayout: true,
    ariaLabel: 'Program. Escape, then Tab, leaves the editor.',
    bracketPairColorization: { enabled: false },
    contextmenu: true,
    fixedOverflowWidgets: true,
    folding: true,
    fontFamily: MONO,
    ...editorType(present.getState().on),
    readOnly,
    domReadOnly: readOnly,
    glyphMargin: true,
    guides: { indentation: false },
    hideCursorInOverviewRuler: true,
    hover: { delay: 250 },
    lineDecorationsWidth: 14,
    lineNumbersMinChars: 4,
    links: false,
    minimap: { enabled: false },
    occurrencesHighlight: 'singleFile',
    overviewRulerBorder: false,
    padding: { top: 10, bottom: 10 },
    quickSuggestions: { other: true, comments: false, strings: false },
    renderLineHighlight: 'none',
    renderWhitespace: 'none',
    scrollBeyondLastLine: false,
    scrollbar: { verticalScrollbarSize: 10, horizontalScrollbarSize: 10 },
    detectIndentation: false,
    stickyScroll: { enabled: false },
    wordBasedSuggestions: 'off',
  });
  // After the editor: creating it gives the model the editor's defaults.
  model.updateOptions({
    tabSize: 8,
    insertSpaces: false,
    bracketColorizationOptions: { enabled: false, independentColorPoolPerBracketType: false },
  });
  const lines = editor.createDecorationsCollection();
  const verdictLine = editor.createDecorationsCollection();
  const cursorLine = editor.createDecorationsCollection();
  const lanes = createLanesView(lanesHost, editor, (insn) => playground.move({ to: 'insn', insn }));
  let loading = false;

  /** Where the instructions of the run are by now: their places move with the text as it is edited. */
  const places = editor.createDecorationsCollection();
  /** The margin counts instructions as the verifier does. */
  let insnAtLine = new Map<number, number>();
  let refreshing = 0;
  const breakpoints = showBreakpoints(editor, (line) => {
    const after = [...insnAtLine.keys()].filter((at) => at >= line);
    return after.length === 0 ? null : Math.min(...after);
  });

  function showPlaces(): void {
    refreshing = 0;
    const result = store.getState().run?.result ?? null;
    insnAtLine = new Map();
    const lineOf = new Map<number, number>();
    const placed = result?.insns.filter((insn) => insn.span !== null) ?? [];
    placed.forEach((insn, i) => {
      const range = places.getRange(i);
      if (range === null || (range.isEmpty() && insn.span!.col !== insn.span!.endCol)) return;
      lineOf.set(insn.index, range.startLineNumber);
      if (!insnAtLine.has(range.startLineNumber)) insnAtLine.set(range.startLineNumber, insn.index);
    });
    editor.updateOptions({ lineNumbers: (line) => String(insnAtLine.get(line) ?? '') });
    lanes.show(result === null ? [] : placeLanes(result, lineOf));
  }

  function showRun({ run }: State): void {
    const result = run?.result ?? null;
    places.set(
      (result?.insns ?? []).flatMap((insn) =>
        insn.span === null ? [] : [{ range: toRange(insn.span), options: {} }],
      ),
    );
    showPlaces();
    if (result === null) {
      lines.clear();
      return;
    }
    const walked = result.stats.steps > 0;
    lines.set(
      result.insns
        .filter((insn) => walked && insn.visits === 0 && insn.span !== null)
        .map((insn) => ({
          range: toRange(insn.span!),
          options: {
            inlineClassName: 'insn-unvisited',
            hoverMessage: { value: 'No explored path comes here.' },
          },
        })),
    );
  }

  function showVerdict({ run, explanation }: State): void {
    const span = run === null ? null : refusedAt(run.result, explanation);
    if (run === null || span === null) return verdictLine.clear();
    const { verdict, message } = run.result;
    verdictLine.set([
      {
        range: toRange(span),
        options: {
          isWholeLine: true,
          className: `insn-failed ${verdict}`,
          after: { content: `   ${firstLine(message)}`, inlineClassName: `insn-message ${verdict}` },
          overviewRuler: { color: '#c4432f', position: monaco.editor.OverviewRulerLane.Full },
        },
      },
    ]);
  }

  function showStep({ step, run }: State, reveal: boolean): void {
    const insn = step === null ? undefined : run?.result.insns.find((row) => row.index === step.insn);
    if (insn === undefined || insn.span === null) return cursorLine.clear();
    const range = toRange(insn.span);
    cursorLine.set([
      {
        range,
        options: {
          isWholeLine: true,
          className: 'insn-current',
          linesDecorationsClassName: 'insn-current-mark',
        },
      },
    ]);
    // Not while typing: the text must not move under the person's hands.
    if (reveal && !editor.hasTextFocus())
      editor.revealRangeInCenterIfOutsideViewport(range, monaco.editor.ScrollType.Smooth);
  }

  const unsubscribe = store.subscribe((state, before) => {
    if (state.opened !== before.opened) {
      loading = true;
      model.setValue(state.doc.source);
      loading = false;
      breakpoints.draw();
      editor.setScrollTop(0);
    }
    // the reasons of a run come later; by then the text may be another
    const isExplained = state.explanation !== before.explanation && isCurrent(state);
    if (state.run !== before.run) showRun(state);
    if (state.run !== before.run || isExplained) showVerdict(state);
    if (state.latest !== before.latest || isExplained) showProblems(model, problemsOf(state));
    if (state.step !== before.step) showStep(state, true);
  });
  showRun(store.getState());
  showVerdict(store.getState());
  showProblems(model, problemsOf(store.getState()));
  showStep(store.getState(), false);

  const listeners = [
    model.onDidChangeContent(() => {
      if (!loading) {
        breakpoints.moved();
        playground.edit(model.getValue());
      }
      refreshing ||= requestAnimationFrame(showPlaces);
    }),
    editor.onDidPaste(({ range }) => void offerConversion(playground, model.getValueInRange(range))),
    editor.onMouseDown(({ target }) => {
      const margin =
        target.type === monaco.editor.MouseTargetType.GUTTER_LINE_NUMBERS ||
        target.type === monaco.editor.MouseTargetType.GUTTER_LINE_DECORATIONS;
      const insn = margin ? insnAtLine.get(target.position.lineNumber) : undefined;
      if (insn !== undefined) playground.move({ to: 'insn', insn });
    }),
  ];
  const detach = playground.attachEditor({
    apply(edits) {
      editor.pushUndoStop();
      editor.executeEdits(
        'fix',
        edits.map((edit) => ({ range: toRange(edit.span), text: edit.text, forceMoveMarkers: true })),
      );
      editor.pushUndoStop();
      editor.focus();
    },
    reveal(span) {
      editor.setSelection(toRange(span));
      editor.revealRangeInCenterIfOutsideViewport(toRange(span));
      editor.focus();
    },
    focus: () => editor.focus(),
  });
  const unpresent = present.subscribe(({ on }) => {
    editor.updateOptions(editorType(on));
    showStep(store.getState(), true);
  });
  const tabbing = letTabOut(host, editor, () =>
    store.setState({ announcement: 'Tab leaves the editor now.' }),
  );
  const unfollow = followTheme((theme) => monaco.editor.setTheme(editorTheme(theme)));

  return () => {
    cancelAnimationFrame(refreshing);
    detach();
    tabbing();
    unfollow();
    unpresent();
    unsubscribe();
    listeners.forEach((listener) => listener.dispose());
    breakpoints.dispose();
    lanes.dispose();
    providers.dispose();
    editor.dispose();
    model.dispose();
  };
}
