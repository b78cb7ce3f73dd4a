/** Something that the palette finds. */
export interface Entry {
  readonly id: string;
  /** What kind of thing it is, e.g. `Walk`, `Example`. */
  readonly group: string;
  readonly title: string;
  readonly detail: string;
  readonly keys: readonly string[];
  readonly run: () => void;
}

/** How well an entry fits the words, null if one of them is missing: a word's place at the start of the title counts most. */
function fit(entry: Entry, words: readonly string[]): number | null {
  const title = entry.title.toLowerCase();
  const all = `${title} ${entry.group} ${entry.detail}`.toLowerCase();
  let cost = 0;
  for (const word of words) {
    const at = all.indexOf(word);
    if (at < 0) return null;
    cost += title.startsWith(word) ? 0 : title.includes(` ${word}`) ? 1 : at < title.length ? 2 : 4;
  }
  return cost;
}

/** The entries that have every word of the query, best first; all of them, in their order, for an empty query. */
export function find(entries: readonly Entry[], query: string): readonly Entry[] {
  const words = query
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return entries
    .map((entry) => ({ entry, cost: fit(entry, words) }))
    .filter((row): row is { entry: Entry; cost: number } => row.cost !== null)
    .sort((a, b) => a.cost - b.cost)
    .map((row) => row.entry);
}
