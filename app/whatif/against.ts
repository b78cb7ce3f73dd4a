import type { VerifyRequest } from '../../worker/protocol.ts';
import type { Doc } from '../drafts/drafts.ts';

/** What the program as set is compared with. */
export interface Against {
  /** `released`: no switches, the kernel's flags; `same`: as set here; else one switch alone. */
  readonly rules: string;
  /** A copy of the text that was kept, null: the text itself. */
  readonly copy: string | null;
  readonly privileges: 'text' | 'yes' | 'no';
  /** Load flags beside those in the text, by their names in `.flags`. */
  readonly flags: readonly string[];
}

export const RELEASED: Against = { rules: 'released', copy: null, privileges: 'text', flags: [] };

/** Flags that change how a program is verified, with what they ask for. */
export const LOAD_FLAGS: readonly { readonly name: string; readonly words: string }[] = [
  { name: 'strict_alignment', words: 'strict alignment of memory accesses' },
  { name: 'any_alignment', words: 'no alignment asked for' },
  { name: 'test_state_freq', words: 'a checkpoint at every instruction' },
  { name: 'sleepable', words: 'loaded as sleepable' },
];

/** A text with options written behind it: the last directive of a kind counts, and no line moves. */
export function withOptions(
  source: string,
  { privileges, flags }: Pick<Against, 'privileges' | 'flags'>,
): string {
  const lines: string[] = [];
  if (privileges !== 'text') lines.push(`.privileged ${privileges}`);
  if (flags.length > 0) {
    const own = [...source.matchAll(/^[ \t]*\.flags[ \t]+([^\n/]*)/gm)].at(-1)?.[1] ?? '';
    const all = new Set([...own.split(/[\s,|]+/).filter((flag) => flag !== ''), ...flags]);
    lines.push(`.flags ${[...all].join(', ')}`);
  }
  return lines.length === 0 ? source : `${source.replace(/\n*$/, '\n')}${lines.join('\n')}\n`;
}

/** The request that a document's run is compared with. */
export function requestAgainst(doc: Doc, against: Against): VerifyRequest {
  const source = withOptions(against.copy ?? doc.source, against);
  const asSet = against.rules === 'same';
  return {
    source,
    semantics: asSet ? doc.semantics : against.rules === 'released' ? [] : [against.rules],
    kfuncFlags: asSet ? doc.kfuncFlags : {},
    trace: true,
  };
}

/** What it is compared with, in words. */
export function againstInWords(
  against: Against,
  kernel: string,
  titles: ReadonlyMap<string, string>,
): string {
  const rules =
    against.rules === 'released'
      ? `Linux ${kernel} as released`
      : against.rules === 'same'
        ? 'the same rules'
        : (titles.get(against.rules) ?? against.rules);
  const more = [
    ...(against.copy === null ? [] : ['the kept copy']),
    ...(against.privileges === 'text' ? [] : [against.privileges === 'yes' ? 'privileged' : 'unprivileged']),
    ...against.flags,
  ];
  return [rules, ...more].join(', ');
}
