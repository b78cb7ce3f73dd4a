import type { Attribute, HeldWord, PathWord, Quality, Quantity } from './names.ts';

/** A register or stack slot of the innermost frame; slots count from the frame pointer down, from 0. */
export type Place =
  { readonly kind: 'reg'; readonly no: number } | { readonly kind: 'slot'; readonly no: number };

/** Something that is compared. `value`: the place's own value, if it is known exactly. */
export type Value =
  | { readonly kind: 'number'; readonly value: bigint }
  | { readonly kind: 'quantity'; readonly name: Quantity }
  | { readonly kind: 'attribute'; readonly place: Place; readonly name: Attribute | 'value' };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What a place is or becomes: a quality, or the kernel's name of a register type without a trailing `_`. */
export type Nature = { readonly quality: Quality } | { readonly type: string };

/** A watch, read. */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'compare'; readonly left: Value; readonly op: Comparison; readonly right: Value }
  | { readonly kind: 'is' | 'becomes'; readonly place: Place; readonly nature: Nature }
  | { readonly kind: 'changes'; readonly of: Place | { readonly kind: 'quantity'; readonly name: Quantity } }
  | { readonly kind: 'held'; readonly what: HeldWord }
  | { readonly kind: 'calls'; readonly name: string }
  | { readonly kind: 'path'; readonly how: PathWord }
  | { readonly kind: 'speculative' };

/** Quantities that name a moment of the walk rather than something that lasts. */
const MOMENTS: ReadonlySet<Quantity> = new Set(['insn', 'line', 'step', 'visit']);

const isMoment = (value: Value): boolean => value.kind === 'quantity' && MOMENTS.has(value.name);

/**
 * Does the condition speak of a moment (a change, an instruction)? Then each step at which it holds is a match; of what
 * lasts only the step at which it begins.
 */
export function isMomentary(condition: Condition): boolean {
  switch (condition.kind) {
    case 'and':
      return isMomentary(condition.left) || isMomentary(condition.right);
    case 'or':
      return isMomentary(condition.left) && isMomentary(condition.right);
    case 'becomes':
    case 'changes':
    case 'calls':
    case 'path':
      return true;
    case 'compare':
      return isMoment(condition.left) || isMoment(condition.right);
    case 'not':
    case 'is':
    case 'held':
    case 'speculative':
      return false;
  }
}
