import { createStore } from 'zustand/vanilla';
import type { Playground } from '../playground/playground.ts';
import type { SharedStops } from '../share/link.ts';
import { deviceStorage } from '../drafts/storage.ts';

/** A condition at which the walk stops. */
export interface WatchEntry {
  readonly text: string;
  readonly on: boolean;
}

/** Where the walk of the open program stops. */
export interface StopsState {
  /** Lines of the program text with a breakpoint, ascending. */
  readonly lines: readonly number[];
  readonly watches: readonly WatchEntry[];
  /** What the search under way has looked through, 0 to 1; null if there is none. */
  readonly searching: number | null;
  /** The field for a new watch wants the focus as soon as it is there. */
  readonly writing: boolean;
}

type Kept = Pick<StopsState, 'lines' | 'watches'>;

const PREFIX = 'bpf-playground.stops.';
const NOTHING: Kept = { lines: [], watches: [] };
/** Most of them that one program has. */
const MOST = 40;

export const stops = createStore<StopsState>(() => ({ ...NOTHING, searching: null, writing: false }));

function read(storage: Storage, draft: string): Kept {
  try {
    const { lines, watches } = JSON.parse(storage.getItem(PREFIX + draft) ?? '{}') as Partial<Kept>;
    return {
      lines: (lines ?? []).filter((line) => Number.isInteger(line)),
      watches: (watches ?? []).filter(({ text }) => typeof text === 'string'),
    };
  } catch {
    return NOTHING;
  }
}

function write(storage: Storage, draft: string, { lines, watches }: Kept): void {
  try {
    if (lines.length === 0 && watches.length === 0) storage.removeItem(PREFIX + draft);
    else storage.setItem(PREFIX + draft, JSON.stringify({ lines, watches }));
  } catch {
    // Without storage they last as long as the page.
  }
}

const fromLink = ({ lines, watches }: SharedStops): Kept => ({
  lines,
  watches: watches.map((text) => ({ text, on: true })),
});

/** The stops for a link: those at which the walk stops now; undefined if there are none. */
export function stopsToShare(): SharedStops | undefined {
  const { lines, watches } = stops.getState();
  const texts = watches.filter(({ on }) => on).map(({ text }) => text);
  return lines.length === 0 && texts.length === 0 ? undefined : { lines, watches: texts };
}

function forget(storage: Storage, drafts: ReadonlySet<string>): void {
  for (let i = storage.length - 1; i >= 0; i--) {
    const key = storage.key(i);
    if (key?.startsWith(PREFIX) && !drafts.has(key.slice(PREFIX.length))) storage.removeItem(key);
  }
}

/**
 * Keeps the stops with the program: those of a draft on this device, those of an example or a link as long as the page
 * is open. To be called once.
 */
export function keepStops({ store }: Playground, storage: Storage = deviceStorage()): void {
  /** By title: stops of what is no draft. */
  const session = new Map<string, Kept>();
  const idOf = ({
    draft,
    title,
  }: ReturnType<typeof store.getState>): { draft: string | null; title: string } => ({ draft, title });
  let open = idOf(store.getState());
  let opened = store.getState().opened;

  function keep(): void {
    const { lines, watches } = stops.getState();
    if (open.draft === null) session.set(open.title, { lines, watches });
    else write(storage, open.draft, { lines, watches });
  }

  stops.subscribe((state, before) => {
    if (state.lines !== before.lines || state.watches !== before.watches) keep();
  });
  store.subscribe((state, before) => {
    if (state.opened !== opened) {
      opened = state.opened;
      open = idOf(state);
      stops.setState(
        open.draft !== null
          ? read(storage, open.draft)
          : state.brought !== null
            ? fromLink(state.brought)
            : (session.get(open.title) ?? NOTHING),
      );
    } else if (state.draft !== open.draft) {
      // changed for the first time: it is a draft from now on
      open = idOf(state);
      keep();
    }
    if (state.drafts !== before.drafts) {
      const drafts = new Set(state.drafts.map(({ id }) => id));
      if (open.draft !== null) drafts.add(open.draft);
      try {
        forget(storage, drafts);
      } catch {
        // Storage is switched off.
      }
    }
  });
}

export function setLines(lines: readonly number[]): void {
  const sorted = [...new Set(lines)].sort((a, b) => a - b).slice(0, MOST);
  const before = stops.getState().lines;
  if (sorted.length !== before.length || sorted.some((line, i) => line !== before[i]))
    stops.setState({ lines: sorted });
}

export function toggleLine(line: number): void {
  const { lines } = stops.getState();
  setLines(lines.includes(line) ? lines.filter((other) => other !== line) : [...lines, line]);
}

export function addWatch(text: string): void {
  const { watches } = stops.getState();
  const trimmed = text.trim();
  if (trimmed === '' || watches.some((watch) => watch.text === trimmed)) return;
  stops.setState({ watches: [...watches, { text: trimmed, on: true }].slice(-MOST) });
}

export function changeWatch(index: number, to: WatchEntry | null): void {
  const { watches } = stops.getState();
  stops.setState({
    watches: watches.flatMap((watch, i) => (i === index ? (to === null ? [] : [to]) : [watch])),
  });
}
