/** Name of the measure from a keystroke to the frame that shows its verdict, for the browser's profiler and the bench. */
export const TYPING_TO_VERDICT = 'typing to verdict';

/** Times the page as a person feels it: from the key to the picture. Costs nothing that could be felt. */
export function createTiming() {
  let typedAt: number | null = null;
  return {
    /** A key changed the text; of several before a verdict the last one counts, which is the one it answers. */
    typed(): void {
      typedAt = performance.now();
    },
    /** The verdict of the newest text is about to be drawn. */
    verdict(): void {
      const start = typedAt;
      typedAt = null;
      if (start === null || document.visibilityState === 'hidden') return;
      requestAnimationFrame(() => {
        // A message is handled after the frame is drawn.
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => {
          performance.measure(TYPING_TO_VERDICT, { start, end: performance.now() });
          // Whoever listens has it; a long session collects nothing.
          performance.clearMeasures(TYPING_TO_VERDICT);
          port1.close();
        };
        port2.postMessage(null);
      });
    },
  };
}
