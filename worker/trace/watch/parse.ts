import { BASE_TYPE_NAMES, REG_TYPE_PREFIXES } from '../../kernel/types.ts';
import type { Comparison, Condition, Nature, Place, Value } from './condition.ts';
import { tokens, WatchError, type Token } from './lexer.ts';
import { ATTRIBUTES, ENDS, HELD, QUALITIES, QUANTITIES, rowOf } from './names.ts';

const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];
/** Deepest stack of a program, in slots. */
const SLOTS = 64;

/**
 * Reads a watch:
 *
 * ```
 * watch   = all { ("or" | "||") all }
 * all     = one { ("and" | "&&") one }
 * one     = ("not" | "!") one | "(" watch ")" | term
 * term    = value comparison value            r3.umax > 100, refs > 0, insn == 5
 *         | place "becomes" nature            r1 becomes scalar
 *         | place "is" ["not"] nature         r0 is not nullable
 *         | (place | quantity) "changes"      r2 changes
 *         | held "held"                       lock held
 *         | "calls" name                      calls bpf_spin_lock
 *         | "path" end                        path pruned
 *         | "speculative"
 * value   = number | quantity | place [ "." attribute ]
 * place   = "r0" … "r10" | "fp-8" … "fp-512"
 * ```
 *
 * @throws WatchError
 */
export function parseWatch(text: string): Condition {
  return new Parser(tokens(text)).whole();
}

/** Is this the kernel's name of a register type, without its last `_`? */
export function isTypeName(name: string): boolean {
  let rest = name.replace(/_or_null$/, '');
  for (let shorter = true; shorter;) {
    shorter = false;
    for (const prefix of REG_TYPE_PREFIXES) {
      if (!rest.startsWith(prefix) || BASES.has(rest)) continue;
      rest = rest.slice(prefix.length);
      shorter = true;
    }
  }
  return BASES.has(rest);
}

const BASES = new Set(BASE_TYPE_NAMES.map((name) => name.replace(/_$/, '')));

class Parser {
  private at = 0;

  constructor(private readonly list: readonly Token[]) {}

  whole(): Condition {
    if (this.list.length === 1)
      throw this.error('Write a condition, such as “r1 becomes scalar” or “refs > 0”.');
    const condition = this.or();
    if (this.now.kind !== 'end')
      throw this.error(`“${this.now.text}” is one word too many; join conditions with “and” or “or”.`);
    return condition;
  }

  private get now(): Token {
    return this.list[this.at];
  }

  private error(message: string, token = this.now): WatchError {
    return new WatchError(message, token.at, Math.max(token.end, token.at + 1));
  }

  private take(...texts: readonly string[]): boolean {
    if (this.now.kind === 'end' || !texts.includes(this.now.text.toLowerCase())) return false;
    this.at++;
    return true;
  }

  private or(): Condition {
    let left = this.and();
    while (this.take('or', '||')) left = { kind: 'or', left, right: this.and() };
    return left;
  }

  private and(): Condition {
    let left = this.not();
    while (this.take('and', '&&')) left = { kind: 'and', left, right: this.not() };
    return left;
  }

  private not(): Condition {
    if (this.take('not', '!')) return { kind: 'not', of: this.not() };
    if (!this.take('(')) return this.term();
    const condition = this.or();
    if (!this.take(')')) throw this.error('A “)” is missing here.');
    return condition;
  }

  private term(): Condition {
    const first = this.now;
    const next = this.list[this.at + 1];
    if (first.kind === 'word') {
      const word = first.text.toLowerCase();
      const held = rowOf(HELD, word);
      if (held !== undefined && next.text.toLowerCase() === 'held') {
        this.at += 2;
        return { kind: 'held', what: held.name };
      }
      if (this.take('speculative')) return { kind: 'speculative' };
      if (this.take('calls')) return { kind: 'calls', name: this.name() };
      const end = word === 'path' ? rowOf(ENDS, next.text.toLowerCase()) : undefined;
      if (end !== undefined) {
        this.at += 2;
        return { kind: 'path', how: end.name };
      }
    }
    const left = this.value();
    if (this.take('changes')) return this.changes(left, first);
    if (this.take('becomes'))
      return { kind: 'becomes', place: this.placeOf(left, first), nature: this.nature() };
    if (this.take('is')) {
      const negated = this.take('not');
      const is: Condition = { kind: 'is', place: this.placeOf(left, first), nature: this.nature() };
      return negated ? { kind: 'not', of: is } : is;
    }
    return { kind: 'compare', left, op: this.comparison(left), right: this.value() };
  }

  private changes(value: Value, token: Token): Condition {
    if (value.kind === 'quantity') return { kind: 'changes', of: value };
    return { kind: 'changes', of: this.placeOf(value, token) };
  }

  private placeOf(value: Value, token: Token): Place {
    if (value.kind === 'attribute' && value.name === 'value') return value.place;
    throw this.error('Only a register (r0 to r10) or a stack slot (fp-8) can stand here.', token);
  }

  private name(): string {
    const { now } = this;
    if (now.kind !== 'word') throw this.error('The name of a function is missing after “calls”.');
    this.at++;
    return now.text;
  }

  private comparison(left: Value): Comparison {
    const { now } = this;
    if (COMPARISONS.includes(now.text)) {
      this.at++;
      return now.text as Comparison;
    }
    if (now.text === '=') throw this.error('One “=” compares nothing: write “==”.');
    const verbs =
      left.kind === 'attribute' && left.name === 'value'
        ? ' “is”, “becomes”, “changes”,'
        : left.kind === 'quantity'
          ? ' “changes”,'
          : '';
    throw this.error(`A comparison is missing here:${verbs} “==”, “!=”, “<”, “<=”, “>” or “>=”.`);
  }

  private value(): Value {
    const { now } = this;
    if (now.kind === 'number') {
      this.at++;
      const digits = now.text.replace(/^-/, '');
      return { kind: 'number', value: now.text.startsWith('-') ? -BigInt(digits) : BigInt(digits) };
    }
    if (now.kind === 'place') {
      this.at++;
      const place = this.place(now);
      if (!this.take('.')) return { kind: 'attribute', place, name: 'value' };
      const attribute = rowOf(ATTRIBUTES, this.now.text.toLowerCase());
      if (attribute === undefined)
        throw this.error(`After the dot comes one of ${ATTRIBUTES.map((row) => row.name).join(', ')}.`);
      this.at++;
      return { kind: 'attribute', place, name: attribute.name };
    }
    const quantity = now.kind === 'word' ? rowOf(QUANTITIES, now.text.toLowerCase()) : undefined;
    if (quantity !== undefined) {
      this.at++;
      return { kind: 'quantity', name: quantity.name };
    }
    if (now.kind === 'end') throw this.error('Something is missing at the end.');
    throw this.error(
      `“${now.text}” is no register, no stack slot, no number and none of ${QUANTITIES.map((row) => row.name).join(', ')}.`,
    );
  }

  private place(token: Token): Place {
    if (token.text.startsWith('r')) return { kind: 'reg', no: Number(token.text.slice(1)) };
    const offset = Number(token.text.slice(3));
    if (offset < 8 || offset % 8 !== 0 || offset > SLOTS * 8)
      throw this.error(`Stack slots are fp-8, fp-16, … fp-${SLOTS * 8}.`, token);
    return { kind: 'slot', no: offset / 8 - 1 };
  }

  private nature(): Nature {
    const { now } = this;
    const name = now.text.toLowerCase().replace(/_$/, '');
    const quality = rowOf(QUALITIES, name);
    if (quality === undefined && !isTypeName(name)) {
      throw this.error(
        now.kind === 'end'
          ? 'What it should be is missing: scalar, pointer, uninit, map_value, …'
          : `“${now.text}” is no type of register; examples: scalar, map_value_or_null, pkt, ptr, trusted_ptr, pointer, uninit, known.`,
      );
    }
    this.at++;
    return quality === undefined ? { type: name } : { quality: quality.name };
  }
}
