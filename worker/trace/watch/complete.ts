import { BASE_TYPE_NAMES } from '../../kernel/types.ts';
import { tokens, WatchError, type Token } from './lexer.ts';
import { ATTRIBUTES, ENDS, HELD, QUALITIES, QUANTITIES, WORDS, rowOf, type WordRow } from './names.ts';

/** A word that could stand at a place of a watch, in place of what stands from `from` to `to` (offsets). */
export interface Suggestion {
  readonly text: string;
  readonly means: string;
  readonly from: number;
  readonly to: number;
}

const REGS: readonly WordRow[] = Array.from({ length: 11 }, (_, r) => ({
  name: `r${r}`,
  means: `register R${r} of the innermost frame`,
}));
const SLOT: WordRow = { name: 'fp-8', means: 'eight bytes of the stack, counted from the frame pointer' };
const NATURES: readonly WordRow[] = [
  ...BASE_TYPE_NAMES.slice(1).map((name) => ({
    name: name.replace(/_$/, ''),
    means: 'type, as the log prints it',
  })),
  { name: 'map_value_or_null', means: 'type, as the log prints it' },
  { name: 'trusted_ptr', means: 'type, as the log prints it' },
  { name: 'rcu_ptr', means: 'type, as the log prints it' },
  ...QUALITIES,
];
const word = (name: string): WordRow => rowOf(WORDS, name)!;
const FIRST: readonly WordRow[] = [
  ...REGS,
  ...QUANTITIES,
  ...HELD.map(({ name, means }) => ({ name: `${name} held`, means: `held: ${means}` })),
  ...['calls', 'path', 'speculative', 'not'].map(word),
  SLOT,
];
const COMPARISONS: readonly WordRow[] = ['==', '!=', '<', '<=', '>', '>='].map((name) => ({
  name,
  means: 'compares two numbers',
}));
const ON_PLACES: readonly WordRow[] = [...['is', 'becomes', 'changes'].map(word), ...COMPARISONS];
const JOINTS: readonly WordRow[] = ['and', 'or'].map(word);
const ENOUGH = 40;

/** What may follow the tokens before the place; `callees` are names that the program calls. */
function candidates(before: readonly Token[], callees: readonly string[]): readonly WordRow[] {
  const last = before.at(-1);
  const second = before.at(-2);
  if (last === undefined) return FIRST;
  const text = last.text.toLowerCase();
  if (['and', 'or', '&&', '||', '(', '!'].includes(text)) return FIRST;
  if (text === 'not') return second?.text.toLowerCase() === 'is' ? NATURES : FIRST;
  if (text === 'is') return [word('not'), ...NATURES];
  if (text === 'becomes') return NATURES;
  if (text === 'calls') return callees.map((name) => ({ name, means: 'called by this program' }));
  if (text === '.') return ATTRIBUTES;
  if (text === 'path') return [...ENDS, ...COMPARISONS];
  if (COMPARISONS.some(({ name }) => name === text)) return [...QUANTITIES, ...REGS];
  // a value: compared with something, or the right side of a comparison
  const compared = COMPARISONS.some(({ name }) => name === second?.text);
  if (last.kind === 'place') return compared ? JOINTS : ON_PLACES;
  if (compared || last.kind === 'number') return compared ? JOINTS : COMPARISONS;
  if (second?.text === '.')
    return before.length > 3 && COMPARISONS.some(({ name }) => name === before.at(-4)?.text)
      ? JOINTS
      : COMPARISONS;
  if (rowOf(QUANTITIES, text) !== undefined)
    return [...(rowOf(HELD, text) === undefined ? [] : [word('held')]), word('changes'), ...COMPARISONS];
  if (rowOf(HELD, text) !== undefined) return [word('held')];
  return JOINTS;
}

/** Words that could stand at offset `at`. */
export function suggest(text: string, at: number, callees: readonly string[]): readonly Suggestion[] {
  const typed = /[A-Za-z_][\w]*$|fp-\d*$/.exec(text.slice(0, at))?.[0] ?? '';
  const from = at - typed.length;
  let before: Token[];
  try {
    before = tokens(text.slice(0, from)).slice(0, -1);
  } catch (error) {
    if (error instanceof WatchError) return [];
    throw error;
  }
  const lower = typed.toLowerCase();
  return candidates(before, callees)
    .filter(({ name }) => name.toLowerCase().startsWith(lower) && name.toLowerCase() !== lower)
    .slice(0, ENOUGH)
    .map(({ name, means }) => ({ text: name, means, from, to: at }));
}
