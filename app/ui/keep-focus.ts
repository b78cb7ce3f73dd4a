const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]';

/** What has rows that can be removed. */
const LIST = 'ul, ol';

/** Around controls that say themselves where the focus goes when they have done their part. */
const GIVES_BACK = '[data-gives-back]';

/** Where the focus was: the element and what it stands in, from the inside out, each with its place among its siblings. */
interface Place {
  readonly element: Element;
  readonly around: readonly { readonly parent: Element; readonly place: number }[];
}

function placeOf(element: Element): Place {
  const around: Place['around'][number][] = [];
  for (let at = element; at.parentElement !== null; at = at.parentElement)
    around.push({ parent: at.parentElement, place: [...at.parentElement.children].indexOf(at) });
  return { element, around };
}

const visible = (element: Element): boolean => element.getClientRects().length > 0;

const usable = (element: Element): boolean =>
  element.isConnected && !element.matches(':disabled') && visible(element);

/** The first thing in a row of a list that takes the focus. */
function firstIn(row: Element): HTMLElement | null {
  const found = [...row.querySelectorAll(FOCUSABLE)].find(usable);
  return found instanceof HTMLElement ? found : null;
}

/**
 * The nearest thing to a control that is gone: in a list the row that took its row's place, or the one before; else what
 * holds all of it. Never another control beside it: who presses a key twice must not do something else by that.
 */
function nearestTo({ around }: Place): HTMLElement | null {
  for (const { parent, place } of around) {
    if (!parent.isConnected) continue;
    if (parent.matches(LIST)) {
      const rows = [...parent.children];
      for (const row of [...rows.slice(place), ...rows.slice(0, place).reverse()]) {
        const found = firstIn(row);
        if (found !== null) return found;
      }
    }
    if (parent instanceof HTMLElement && parent.matches('[tabindex]') && visible(parent)) return parent;
  }
  return null;
}

/**
 * Whoever works by keyboard stays where they are when the control they used goes away or is switched off, as a row does
 * that is removed: the focus moves to its neighbour. Returns what ends that.
 */
export function keepFocus(root: Document = document): () => void {
  let last: Place | null = null;

  const onFocus = ({ target }: FocusEvent): void => {
    const kept = target instanceof Element && target !== root.body && target.closest(GIVES_BACK) === null;
    last = kept ? placeOf(target) : null;
  };
  // Somebody who clicks where nothing takes the focus gives it up.
  const onPointer = (): void => {
    last = null;
  };
  const observer = new MutationObserver(() => {
    if (last === null || (root.activeElement !== root.body && root.activeElement !== null)) return;
    if (usable(last.element)) return;
    const next = nearestTo(last);
    last = null;
    next?.focus();
  });

  root.addEventListener('focusin', onFocus);
  root.addEventListener('pointerdown', onPointer, { capture: true });
  observer.observe(root, { subtree: true, childList: true, attributeFilter: ['disabled', 'hidden'] });
  return () => {
    observer.disconnect();
    root.removeEventListener('focusin', onFocus);
    root.removeEventListener('pointerdown', onPointer, { capture: true });
  };
}
