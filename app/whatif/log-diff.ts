import { diffArrays } from 'diff';

/** A line of two logs: in both, or in one of them; `gap`: so many lines that both have are left out. */
export type DiffLine =
  | { readonly kind: 'same' | 'left' | 'right'; readonly text: string }
  | { readonly kind: 'gap'; readonly lines: number };

/** Lines around a difference that are shown though both logs have them. */
const CONTEXT = 3;
const PATIENCE_MS = 800;

/** Ids of the kernel's types differ between its builds; the time between runs. */
const comparable = (line: string): string =>
  line.replace(/#\d{4,}/g, '#…').replace(/^verification time \d+ usec$/, 'verification time');

/** What two logs do not have in common, with a few lines around it; null if that takes too long. Empty: they are the same. */
export function diffLogs(left: readonly string[], right: readonly string[]): DiffLine[] | null {
  const parts = diffArrays([...left], [...right], {
    comparator: (a, b) => comparable(a) === comparable(b),
    timeout: PATIENCE_MS,
  });
  if (parts === undefined) return null;
  if (parts.every((part) => !part.added && !part.removed)) return [];
  return parts.flatMap((part, i): DiffLine[] => {
    if (part.removed) return part.value.map((text) => ({ kind: 'left', text }));
    if (part.added) return part.value.map((text) => ({ kind: 'right', text }));
    const head = i === 0 ? 0 : CONTEXT;
    const tail = i === parts.length - 1 ? 0 : CONTEXT;
    if (part.value.length <= head + tail + 1) return part.value.map((text) => ({ kind: 'same', text }));
    const same = (lines: readonly string[]): DiffLine[] => lines.map((text) => ({ kind: 'same', text }));
    const hidden = part.value.length - head - tail;
    return [
      ...same(part.value.slice(0, head)),
      { kind: 'gap', lines: hidden },
      ...same(tail === 0 ? [] : part.value.slice(-tail)),
    ];
  });
}
