import type { AsmError, Span } from './diagnostic.ts';
import type { Token } from './lexer.ts';

/** What a name that is no label stands for. */
export type SymbolTarget =
  | { readonly kind: 'helper'; readonly id: number }
  | { readonly kind: 'kfunc' }
  /** A kernel variable or function: its address. */
  | { readonly kind: 'ksym'; readonly symbol: 'var' | 'func' }
  | { readonly kind: 'map' }
  /** A global variable: `offset` bytes into the value of the map `map`. */
  | { readonly kind: 'variable'; readonly map: string; readonly offset: number };

/** What an instruction refers to by name. The fields that depend on it (map, BTF ids) are zero in the instruction. */
export type AsmRef =
  | { readonly kind: 'helper'; readonly name: string; readonly id: number }
  | { readonly kind: 'kfunc'; readonly name: string }
  | { readonly kind: 'ksym'; readonly name: string; readonly symbol: 'var' | 'func' }
  /** `name`: the map; `variable`: the global variable that was named, if one was. Offsets are in the instruction. */
  | { readonly kind: 'map'; readonly name: string; readonly variable: string | null }
  /** A subprogram that is called, or whose address is taken; `slot` is its first instruction. */
  | { readonly kind: 'subprog'; readonly name: string; readonly slot: number };

/** A directive that the assembler does not know itself. */
export interface Directive {
  /** With its dot, in lower case. */
  readonly name: string;
  /** Everything after the name, comments removed. */
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly span: Span;
  /** Index that the next instruction gets. */
  readonly slot: number;
}

/** What the assembler asks about names, and who handles foreign directives. */
export interface AsmContext {
  /** The meaning of a name that is no label, or null if it has none. */
  resolve?(name: string, use: 'call' | 'address'): SymbolTarget | null;
  /** Value of a named constant, also for `%[name]`. */
  constant?(name: string): bigint | null;
  /** Names to suggest for a misspelt one. */
  names?(use: 'call' | 'address'): Iterable<string>;
  /** True if the directive was understood; errors of its own are returned. */
  directive?(d: Directive): boolean | readonly AsmError[];
}
