import type { Arg } from './format.ts';

/**
 * A named reason for which the verifier rejects a program. Rules are declared in one table per area
 * (`stack`, `ctx`, `calls`, …) beside the code that applies them; ids are stable and never reused,
 * because links, lessons and rule pages refer to them.
 */
export interface Rule {
  /** `area.what-is-wrong`, e.g. `lock.call-under-lock`. */
  readonly id: string;
  /** The kernel's text, printf style, with its newlines. */
  readonly text: string;
  /** Errno of the rejection (positive) unless the place that rejects names another. */
  readonly errno: number;
}

/** What a table row says; its key becomes the rule's id, prefixed with the area. */
export interface RuleRow {
  readonly text: string;
  readonly errno: number;
}

/** Turns a table `{name: {text, errno}}` into rules with ids `area.name`. */
export function defineRules<const T extends Record<string, RuleRow>>(area: string, rows: T): { readonly [K in keyof T]: Rule } {
  const rules = {} as Record<string, Rule>;
  for (const [name, row] of Object.entries(rows)) rules[name] = { id: `${area}.${name}`, text: row.text, errno: row.errno };
  registry.push(...Object.values(rules));
  return rules as { readonly [K in keyof T]: Rule };
}

const registry: Rule[] = [];

/** Every rule of every table loaded so far. */
export function allRules(): readonly Rule[] {
  return registry;
}

/** A program is rejected: thrown by the place that finds out, caught by the engine. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  constructor(
    readonly rule: Rule,
    readonly args: readonly Arg[],
    readonly errno: number,
    message: string,
    /** Instruction that it is about, if the place that rejects knows better than the walk. */
    readonly insn: number | null = null,
  ) {
    super(message);
  }
}

/** The program needs something that the core does not model yet; never a verdict. */
export class NotModelled extends Error {
  override readonly name = 'NotModelled';
  /** `what`: the missing piece; `where`: instruction index if known. */
  constructor(
    readonly what: string,
    readonly where: number | null = null,
  ) {
    super(`not modelled: ${what}${where === null ? '' : ` (instruction ${where})`}`);
  }
}
