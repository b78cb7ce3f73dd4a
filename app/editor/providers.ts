import type { CompletionItem, Problem } from '../../worker/protocol.ts';
import type { Playground } from '../playground/playground.ts';
import { isCurrent } from '../playground/state.ts';
import { LANGUAGE } from './language.ts';
import { monaco } from './monaco.ts';
import { toRange } from './spans.ts';

const KINDS: Readonly<Record<CompletionItem['kind'], monaco.languages.CompletionItemKind>> = {
  mnemonic: monaco.languages.CompletionItemKind.Keyword,
  register: monaco.languages.CompletionItemKind.Variable,
  helper: monaco.languages.CompletionItemKind.Function,
  kfunc: monaco.languages.CompletionItemKind.Method,
  map: monaco.languages.CompletionItemKind.Field,
  label: monaco.languages.CompletionItemKind.Reference,
  function: monaco.languages.CompletionItemKind.Module,
  directive: monaco.languages.CompletionItemKind.Property,
  type: monaco.languages.CompletionItemKind.Struct,
};

/** Fixes offered for each marker that the page set, by marker key. */
const fixes = new Map<string, Problem['fixes']>();

const markerKey = (m: { startLineNumber: number; startColumn: number; message: string }): string =>
  `${m.startLineNumber}:${m.startColumn}:${m.message}`;

/** Text from the worker as Markdown that Monaco shows without HTML, links or commands. */
const markdown = (value: string): monaco.IMarkdownString => ({ value, isTrusted: false, supportHtml: false });

/** An answer, or nothing when the verifier's thread ended before it came: the page says so elsewhere. */
async function orNothing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch {
    return null;
  }
}

/** Editor services, answered by the worker. */
export function registerProviders(playground: Playground): monaco.IDisposable {
  const { languages } = monaco;
  const registrations = [
    languages.registerCompletionItemProvider(LANGUAGE, {
      triggerCharacters: ['.', ' ', '('],
      async provideCompletionItems(model, position) {
        const source = model.getValue();
        const items = await orNothing(
          playground.ask((worker) => worker.complete(source, position.lineNumber, position.column)),
        );
        return {
          suggestions: (items ?? []).map((item) => ({
            label: { label: item.label, description: item.detail },
            kind: KINDS[item.kind],
            documentation: markdown(item.documentation),
            insertText: item.insertText,
            range: toRange(item.replace),
          })),
        };
      },
    }),
    languages.registerHoverProvider(LANGUAGE, {
      async provideHover(model, position) {
        const source = model.getValue();
        const state = playground.store.getState();
        const run = isCurrent(state) ? state.run!.result.run : null;
        const step = run === null ? null : (state.step?.step ?? null);
        const hover = await orNothing(
          playground.ask((worker) => worker.hover(source, position.lineNumber, position.column, run, step)),
        );
        return hover === null ? null : { range: toRange(hover.span), contents: hover.contents.map(markdown) };
      },
    }),
    languages.registerDefinitionProvider(LANGUAGE, {
      async provideDefinition(model, position) {
        const span = await orNothing(
          playground.ask((worker) =>
            worker.definition(model.getValue(), position.lineNumber, position.column),
          ),
        );
        return span === null ? null : { uri: model.uri, range: toRange(span) };
      },
    }),
    languages.registerDocumentFormattingEditProvider(LANGUAGE, {
      async provideDocumentFormattingEdits(model) {
        const text = await orNothing(playground.ask((worker) => worker.format(model.getValue())));
        return text === null || text === model.getValue() ? [] : [{ range: model.getFullModelRange(), text }];
      },
    }),
    languages.registerCodeActionProvider(LANGUAGE, {
      provideCodeActions(model, _range, context) {
        const actions = context.markers.flatMap((marker) =>
          (fixes.get(markerKey(marker)) ?? []).map((fix) => ({
            title: fix.title,
            kind: 'quickfix',
            diagnostics: [marker],
            edit: {
              edits: fix.edits.map((edit) => ({
                resource: model.uri,
                versionId: model.getVersionId(),
                textEdit: { range: toRange(edit.span), text: edit.text },
              })),
            },
          })),
        );
        return { actions, dispose: () => undefined };
      },
    }),
  ];
  return { dispose: () => registrations.forEach((registration) => registration.dispose()) };
}

const SEVERITIES: Readonly<Record<Problem['severity'], monaco.MarkerSeverity>> = {
  error: monaco.MarkerSeverity.Error,
  warning: monaco.MarkerSeverity.Warning,
  info: monaco.MarkerSeverity.Info,
};

/** Shows problems as markers in the text. */
export function showProblems(model: monaco.editor.ITextModel, problems: readonly Problem[]): void {
  fixes.clear();
  const markers = problems.map((problem) => {
    const marker = {
      ...toRange(problem.span),
      message: problem.message,
      severity: SEVERITIES[problem.severity],
      code: problem.id,
      source: 'verifier',
    };
    if (problem.fixes.length > 0) fixes.set(markerKey(marker), problem.fixes);
    return marker;
  });
  monaco.editor.setModelMarkers(model, 'verifier', markers);
}
