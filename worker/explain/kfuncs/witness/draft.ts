/** Something that a program cannot easily be given; `what` in a few words. */
export class Unmakeable extends Error {
  override readonly name = 'Unmakeable';
  constructor(readonly what: string) {
    super(what);
  }
}

/** Lines that put a value into a register. */
export type Load = (register: string) => readonly string[];

/** Something that has to be given back before the program ends. */
export interface Owned {
  /** How to give it back; null if nothing is known that does. */
  readonly release: readonly string[] | null;
  /** Where to go on when there was nothing to give back. */
  readonly label: string;
  /** The call takes it, so on the way past the call there is nothing to give back. */
  consumed: boolean;
}

const STACK = 512;

/** A program being written, part by part. */
export class Draft {
  /** C declarations by name, in order of first use. */
  readonly declarations = new Map<string, string>();
  /** Further functions, with their `.func` lines. */
  readonly functions = new Map<string, string>();
  /** Before and after what the program holds is taken. */
  readonly before: string[] = [];
  readonly inside: string[] = [];
  /** Between the call and the end of what is held. */
  readonly after: string[] = [];
  /** What is owned, in the order in which it was taken. */
  readonly owned: Owned[] = [];
  /** What the call returned is given back after the end of what is held. */
  readonly result: string[] = [];
  usesCtx = false;
  private depth = 0;
  private labels = 0;

  /** Offset from r10 of some bytes of stack. */
  slot(bytes: number): number {
    this.depth += Math.ceil(bytes / 8) * 8;
    if (this.depth > STACK) throw new Unmakeable('more memory than fits the stack');
    return -this.depth;
  }

  label(stem: string): string {
    return `${stem}${++this.labels === 1 ? '' : this.labels}`;
  }

  declare(name: string, text: string): void {
    this.declarations.set(name, text);
  }

  /** Keeps r0 on the stack, leaving where it is NULL, and notes how it is given back. Returns how to load it. */
  keep(
    into: string[],
    release: ((load: Load) => readonly string[]) | null,
    mayBeNull: boolean,
  ): { readonly load: Load; readonly owned: Owned } {
    const at = this.slot(8);
    const label = this.label('none');
    const load: Load = (register) => [`${register} = *(u64 *)(r10 - ${-at})`];
    if (mayBeNull) into.push(`if r0 == 0 goto ${label}`);
    into.push(`*(u64 *)(r10 - ${-at}) = r0`);
    const owned: Owned = { release: release === null ? [] : release(load), label, consumed: false };
    this.owned.push(owned);
    return { load, owned };
  }
}

/** Address of stack memory. */
export const stackAt =
  (offset: number): Load =>
  (register) => [`${register} = r10`, `${register} += ${offset}`];

export const constant =
  (value: number | string): Load =>
  (register) => [`${register} = ${value}`];

export const addressOf =
  (name: string): Load =>
  (register) => [`${register} = ${name} ll`];

/** Stack memory of zeros. */
export function zeroed(draft: Draft, into: string[], bytes: number): number {
  const at = draft.slot(bytes);
  for (let off = 0; off < bytes; off += 8) into.push(`*(u64 *)(r10 - ${-at - off}) = 0`);
  return at;
}
