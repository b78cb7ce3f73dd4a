import { closest } from '../../asm/diagnostic.ts';
import type { CUnit } from '../../btf/c/unit.ts';
import type { MapDef } from '../program.ts';
import type { TextMaps } from './maps.ts';
import { problemAt, type Problem } from './problem.ts';
import { directiveWords, type TextDirective } from './split.ts';

/** Names of the maps that `.freeze NAME, …` names: user space freezes them before it loads the program. */
export function readFrozen(
  directives: readonly TextDirective[],
  unit: CUnit,
  problems: Problem[],
): ReadonlySet<string> {
  const frozen = new Set<string>();
  for (const d of directives) {
    if (d.name !== 'freeze') continue;
    const names = directiveWords(d);
    if (names.length === 0)
      problems.push(problemAt(d.span, 'error', 'text-freeze', '.freeze takes the names of maps.'));
    for (const { text, span } of names) {
      const maps = unit.maps.map((map) => map.name);
      if (maps.includes(text)) {
        frozen.add(text);
        continue;
      }
      const near = closest(text, maps);
      const fix = near === null ? undefined : { title: `Write ${near}`, edits: [{ ...span, text: near }] };
      problems.push(
        problemAt(span, 'error', 'text-freeze', `The text has no map ${text} to be frozen.`, fix),
      );
    }
  }
  return frozen;
}

/** The maps of a text, with those of these names frozen. */
export function freeze({ defs, index }: TextMaps, names: ReadonlySet<string>): readonly MapDef[] {
  if (names.size === 0) return defs;
  const at = new Set([...names].map((name) => index.get(name)));
  return defs.map((def, i) => (at.has(i) ? { ...def, frozen: true } : def));
}
