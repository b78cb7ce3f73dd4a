import { useEffect, useRef } from 'react';
import { focusPane } from '../shell/action.ts';

/** Is the focus nowhere, or on something that cannot be seen? */
const lost = (): boolean =>
  document.activeElement === null ||
  document.activeElement === document.body ||
  !document.activeElement.checkVisibility({ visibilityProperty: true });

/**
 * A question takes the keyboard's focus while it is asked, and gives it back to where it was. `waiting`: only if the focus
 * went down with what the question hides. Returns the ref of the control that answers first.
 */
export function useQuestionFocus(asked: unknown, waiting = false) {
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (asked === null) return;
    const before = document.activeElement;
    const frame = requestAnimationFrame(() => {
      if (!waiting || lost()) first.current?.focus();
    });
    return () => {
      cancelAnimationFrame(frame);
      requestAnimationFrame(() => {
        if (!lost()) return;
        if (before instanceof HTMLElement && before !== document.body && before.getClientRects().length > 0)
          before.focus();
        else focusPane('walk');
      });
    };
  }, [asked, waiting]);
  return first;
}
