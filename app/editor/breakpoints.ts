import { caret } from '../watch/run-to.ts';
import { setLines, stops, toggleLine } from '../watch/stops.ts';
import { monaco } from './monaco.ts';

const wholeLine = (line: number): monaco.IRange => ({
  startLineNumber: line,
  startColumn: 1,
  endLineNumber: line,
  endColumn: 1,
});

/**
 * Breakpoints in the editor's margin: they move with the text, a click sets and removes them. `codeLine` is the line of
 * the first instruction from a line on, null if none follows.
 */
export function showBreakpoints(
  editor: monaco.editor.IStandaloneCodeEditor,
  codeLine: (line: number) => number | null,
) {
  const marks = editor.createDecorationsCollection();
  const hint = editor.createDecorationsCollection();

  function draw(): void {
    const lineCount = editor.getModel()?.getLineCount() ?? 0;
    marks.set(
      stops
        .getState()
        .lines.filter((line) => line <= lineCount)
        .map((line) => ({
          range: wholeLine(line),
          options: {
            glyphMarginClassName: 'breakpoint-glyph',
            glyphMarginHoverMessage: { value: 'Breakpoint: F8 runs to it.' },
            stickiness: monaco.editor.TrackedRangeStickiness.NeverGrowsWhenTypingAtEdges,
          },
        })),
    );
  }

  function toggle(line: number): void {
    const at = stops.getState().lines.includes(line) ? line : codeLine(line);
    if (at !== null) toggleLine(at);
  }

  const isGlyph = (type: monaco.editor.MouseTargetType): boolean =>
    type === monaco.editor.MouseTargetType.GUTTER_GLYPH_MARGIN;
  const listeners = [
    editor.onMouseDown(({ target, event }) => {
      if (isGlyph(target.type) && target.position !== null && event.leftButton)
        toggle(target.position.lineNumber);
    }),
    editor.onMouseMove(({ target }) => {
      const line = isGlyph(target.type) ? target.position?.lineNumber : undefined;
      hint.set(
        line === undefined || codeLine(line) !== line
          ? []
          : [{ range: wholeLine(line), options: { glyphMarginClassName: 'breakpoint-hint' } }],
      );
    }),
    editor.onMouseLeave(() => hint.clear()),
    editor.addAction({
      id: 'toggle-breakpoint',
      label: 'Breakpoint on this line, or none',
      contextMenuGroupId: 'navigation',
      run: () => toggle(editor.getPosition()?.lineNumber ?? 1),
    }),
  ];
  const unsubscribe = stops.subscribe((state, before) => {
    if (state.lines !== before.lines) draw();
  });
  const lineOfCaret = (): number | null =>
    editor.hasTextFocus() ? codeLine(editor.getPosition()?.lineNumber ?? 1) : null;
  caret.line = lineOfCaret;
  draw();

  return {
    /** The text was edited: the lines are where their marks have moved. */
    moved: (): void => setLines(marks.getRanges().map((range) => range.startLineNumber)),
    /** Another text is shown. */
    draw,
    dispose(): void {
      unsubscribe();
      listeners.forEach((listener) => listener.dispose());
      if (caret.line === lineOfCaret) caret.line = null;
    },
  };
}
