import { encode, toInsns } from '../isa/encode.ts';
import { Insns } from '../isa/insns.ts';
import type { Instruction, Slot } from '../isa/instruction.ts';
import * as op from '../isa/opcodes.ts';
import { Cursor, diagnostic, type ParseEnv } from './cursor.ts';
import {
  closest,
  replace,
  sourceLines,
  Unreadable,
  type AsmError,
  type SourceLine,
  type Span,
} from './diagnostic.ts';
import { expression } from './expression.ts';
import type { LexState, Token } from './lexer.ts';
import type { Target } from './operands.ts';
import type { Hole, ParsedInsn } from './parsed.ts';
import { parseLine, type Statement } from './statement.ts';

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

/** What came out: usable only if `errors` is empty. */
export interface AsmResult {
  readonly insns: Insns;
  readonly refs: ReadonlyMap<number, AsmRef>;
  /** Per slot: where it was written. Both slots of a wide load have the same span. */
  readonly spans: readonly Span[];
  /** Slot that each label names, in order of definition; the last may equal the length. */
  readonly labels: ReadonlyMap<string, number>;
  readonly labelSpans: ReadonlyMap<string, Span>;
  readonly errors: readonly AsmError[];
  /** Worth knowing, but not wrong. */
  readonly notes: readonly AsmError[];
}

/** More than the kernel takes of anyone. */
const MAX_SLOTS = 1_000_000;
/** Directives of compiler output that say nothing to the verifier. */
const IGNORED = new Set([
  '.text',
  '.global',
  '.globl',
  '.local',
  '.weak',
  '.hidden',
  '.type',
  '.size',
  '.align',
  '.p2align',
  '.balign',
  '.file',
  '.loc',
  '.ident',
  '.addrsig',
  '.addrsig_sym',
  '.cfi_startproc',
  '.cfi_endproc',
  '.cfi_sections',
]);

const DEFINES = new Set(['.set', '.equ', '.equiv']);

interface Pending {
  readonly slot: number;
  readonly insn: Instruction;
  readonly hole: Hole;
}

/** Assembles a text; see {@link assembleLines}. */
export const assemble = (text: string, context: AsmContext = {}): AsmResult =>
  assembleLines(sourceLines(text), context);

/**
 * Assembles lines of LLVM's or the kernel's instruction syntax, labels, data and `.rept`. Everything wrong is
 * collected. Names are looked up as labels first (a function of the text hides a helper), then by the context.
 */
export function assembleLines(lines: Iterable<SourceLine>, context: AsmContext = {}): AsmResult {
  const a = new Assembly(context);
  const state: LexState = { inComment: false };
  const statements: Statement[] = [];
  for (const line of lines) {
    for (const s of parseLine(line, state, a.env)) {
      // Constants are known from the next line on, so they are defined while reading.
      if (s.kind === 'directive' && DEFINES.has(s.name)) a.define(s);
      else statements.push(s);
    }
  }
  a.place(statements);
  return a.finish();
}

class Assembly {
  readonly errors: AsmError[] = [];
  readonly notes: AsmError[] = [];
  readonly env: ParseEnv;
  private readonly slots: Slot[] = [];
  private readonly spans: Span[] = [];
  private readonly refs = new Map<number, AsmRef>();
  private readonly labels = new Map<string, number>();
  private readonly labelSpans = new Map<string, Span>();
  private readonly locals = new Map<bigint, number[]>();
  private readonly constants = new Map<string, bigint>();
  private readonly pending: Pending[] = [];
  /** Data bytes that do not fill a slot yet. */
  private bytes: number[] = [];
  private bytesSpan: Span | null = null;
  private full = false;

  constructor(private readonly context: AsmContext) {
    this.env = {
      constant: (name) => this.constants.get(name) ?? context.constant?.(name) ?? null,
      errors: this.errors,
      notes: this.notes,
    };
  }

  place(statements: readonly Statement[]): void {
    for (let k = 0; k < statements.length && !this.full; k++) {
      const s = statements[k];
      if (s.kind === 'directive' && s.name === '.rept') k = this.repeat(statements, k);
      else this.placeOne(s);
    }
  }

  private placeOne(s: Statement): void {
    switch (s.kind) {
      case 'label':
        this.align();
        this.label(s.name, s.span);
        return;
      case 'local':
        this.align();
        this.local(s.number);
        return;
      case 'insn':
        this.align();
        this.instruction(s, s.span);
        return;
      case 'unreadable':
        this.align();
        this.push({ code: 0, dst: 0, src: 0, off: 0, imm: 0 }, s.span);
        return;
      case 'data':
        this.data(s.bytes, s.span);
        return;
      case 'directive':
        this.directive(s);
        return;
    }
  }

  private push(slot: Slot, span: Span): void {
    if (this.slots.length >= MAX_SLOTS) {
      if (!this.full) this.error('too-long', `A program has at most ${MAX_SLOTS} instructions`, span);
      this.full = true;
      return;
    }
    this.slots.push(slot);
    this.spans.push(span);
  }

  private error(id: string, message: string, span: Span, expected?: string, fix?: AsmError['fix']): void {
    this.errors.push(diagnostic(id, message, span, expected, fix));
  }

  private label(name: string, span: Span): void {
    const before = this.labelSpans.get(name);
    if (before !== undefined) {
      this.error('duplicate-label', `The label «${name}» already stands in line ${before.line}`, span);
      return;
    }
    this.labels.set(name, this.slots.length);
    this.labelSpans.set(name, span);
  }

  private local(number: bigint): void {
    const all = this.locals.get(number);
    if (all) all.push(this.slots.length);
    else this.locals.set(number, [this.slots.length]);
  }

  private instruction(s: ParsedInsn, span: Span): void {
    if (s.hole !== null) this.pending.push({ slot: this.slots.length, insn: s.insn, hole: s.hole });
    for (const slot of encode(s.insn)) this.push(slot, span);
  }

  private data(bytes: readonly number[], span: Span): void {
    this.bytesSpan ??= span;
    this.bytes.push(...bytes);
    while (this.bytes.length >= 8) {
      const one = Insns.fromBytes(Uint8Array.from(this.bytes.splice(0, 8)));
      this.push(
        { code: one.code[0], dst: one.dst[0], src: one.src[0], off: one.off[0], imm: one.imm[0] },
        this.bytesSpan.line === span.line ? span : this.bytesSpan,
      );
      this.bytesSpan = span;
    }
    if (this.bytes.length === 0) this.bytesSpan = null;
  }

  /** Instructions and labels begin at whole slots. */
  private align(): void {
    if (this.bytes.length === 0) return;
    this.error(
      'data-alignment',
      `${this.bytes.length} byte${this.bytes.length > 1 ? 's' : ''} of data do not fill the 8 bytes of an instruction`,
      this.bytesSpan!,
      'a multiple of 8 bytes',
    );
    this.data(new Array<number>(8 - this.bytes.length).fill(0), this.bytesSpan!);
  }

  /** Expands `.rept N` up to its `.endr`; returns the index of the latter. */
  private repeat(statements: readonly Statement[], at: number): number {
    const open = statements[at] as Extract<Statement, { kind: 'directive' }>;
    let depth = 0;
    let end = at;
    for (; end < statements.length; end++) {
      const s = statements[end];
      if (s.kind !== 'directive') continue;
      if (s.name === '.rept') depth++;
      else if (s.name === '.endr' && --depth === 0) break;
    }
    if (end === statements.length) this.error('open-rept', 'This .rept has no .endr', open.span, '.endr');
    const count = this.number(open);
    if (count === null) return end;
    if (count < 0n || count > BigInt(MAX_SLOTS)) {
      this.error('rept-range', `${count} is not a number of repetitions`, open.span, `0 to ${MAX_SLOTS}`);
      return end;
    }
    const body = statements.slice(at + 1, end);
    const isEmpty = body.every((s) => s.kind === 'label' || s.kind === 'local');
    for (let k = 0; k < Number(count) && !this.full; k++) {
      this.place(body);
      if (isEmpty) break;
    }
    return end;
  }

  private number(d: Extract<Statement, { kind: 'directive' }>): bigint | null {
    const c = new Cursor(d.tokens, this.env, d.span);
    try {
      const value = expression(c);
      c.end();
      return value;
    } catch (e) {
      if (!(e instanceof Unreadable)) throw e;
      this.errors.push(e.error);
      return null;
    }
  }

  private directive(d: Extract<Statement, { kind: 'directive' }>): void {
    if (d.name === '.endr') return this.error('stray-endr', 'This .endr has no .rept', d.span);
    const known =
      this.context.directive?.({
        name: d.name,
        text: d.text,
        tokens: d.tokens,
        span: d.span,
        slot: this.slots.length,
      }) ?? false;
    if (typeof known === 'object') this.errors.push(...known);
    else if (!known && !IGNORED.has(d.name))
      this.error('unknown-directive', `There is no directive «${d.name}»`, {
        ...d.span,
        endCol: d.span.col + d.name.length,
      });
  }

  define(d: Extract<Statement, { kind: 'directive' }>): void {
    const [name, comma, ...value] = d.tokens;
    if (name?.kind !== 'name' || comma?.text !== ',')
      return this.error('syntax', `${d.name} takes a name and a value`, d.span, `${d.name} NAME, VALUE`);
    const result = this.number({ ...d, tokens: value });
    if (result !== null) this.constants.set(name.text, result);
  }

  finish(): AsmResult {
    this.align();
    for (const p of this.pending) this.fill(p);
    this.errors.sort((a, b) => a.line - b.line || a.col - b.col);
    return {
      insns: toInsns(this.slots),
      refs: this.refs,
      spans: this.spans,
      labels: this.labels,
      labelSpans: this.labelSpans,
      errors: this.errors,
      notes: this.notes,
    };
  }

  private patch(slot: number, change: Partial<Slot>): void {
    if (slot < this.slots.length) this.slots[slot] = { ...this.slots[slot], ...change };
  }

  private fill({ slot, insn, hole }: Pending): void {
    if (hole.kind === 'jump') this.fillJump(slot, insn, hole.target);
    else if (hole.kind === 'call') this.fillCall(slot, hole);
    else this.fillAddress(slot, hole);
  }

  private targetSlot(slot: number, target: Exclude<Target, { kind: 'distance' }>): number | null {
    if (target.kind === 'label') {
      const found = this.labels.get(target.name);
      if (found !== undefined) return found;
      const near = closest(target.name, this.labels.keys());
      this.error(
        'unknown-label',
        `There is no label «${target.name}»`,
        target.span,
        'a label of this program',
        near === null ? undefined : replace(`Write ${near}`, target.span, near),
      );
      return null;
    }
    const all = this.locals.get(target.number) ?? [];
    // `1b` may name a label right at the instruction, `1f` only one after it.
    const after = firstAbove(all, slot);
    const found: number | undefined = all[target.forward ? after : after - 1];
    if (found === undefined)
      this.error(
        'unknown-label',
        `There is no label «${target.number}:» ${target.forward ? 'after' : 'before'} this instruction`,
        target.span,
      );
    return found ?? null;
  }

  private fillJump(slot: number, insn: Instruction, target: Target): void {
    if (target.kind === 'distance') return;
    const to = this.targetSlot(slot, target);
    if (to === null) return;
    const distance = to - slot - 1;
    if (insn.kind === 'call') {
      this.refs.set(slot, {
        kind: 'subprog',
        name: target.kind === 'label' ? target.name : `${target.number}`,
        slot: to,
      });
      return this.patch(slot, { imm: distance });
    }
    if (insn.kind === 'gotol') return this.patch(slot, { imm: distance });
    if (distance >= -0x8000 && distance <= 0x7fff) return this.patch(slot, { off: distance });
    const { line, col } = this.spans[slot];
    const fix =
      insn.kind === 'goto'
        ? { title: 'Use gotol', edits: [{ line, col, endCol: col + 4, text: 'gotol' }] }
        : undefined;
    this.error(
      'jump-range',
      `The target is ${distance} instructions away: too far for 16 bits`,
      target.span,
      '-32768 to 32767',
      fix,
    );
  }

  private fillCall(slot: number, hole: Extract<Hole, { kind: 'call' }>): void {
    const label = this.labels.get(hole.name);
    if (label !== undefined) {
      this.patch(slot, { src: op.BPF_PSEUDO_CALL, imm: label - slot - 1 });
      this.refs.set(slot, { kind: 'subprog', name: hole.name, slot: label });
      return;
    }
    const found = this.context.resolve?.(hole.name, 'call') ?? null;
    if (found?.kind === 'helper') {
      if (hole.id !== null && hole.id !== found.id)
        this.error('helper-id', `«${hole.name}» is helper ${found.id}, not ${hole.id}`, hole.span);
      this.patch(slot, { src: 0, imm: found.id });
      this.refs.set(slot, { kind: 'helper', name: hole.name, id: found.id });
      return;
    }
    if (found?.kind === 'kfunc') {
      this.patch(slot, { src: op.BPF_PSEUDO_KFUNC_CALL, imm: 0 });
      this.refs.set(slot, { kind: 'kfunc', name: hole.name });
      return;
    }
    if (found !== null)
      return this.error('not-a-function', `«${hole.name}» is a ${found.kind}, not a function`, hole.span);
    const constant = this.env.constant(hole.name);
    if (constant !== null && hole.id === null)
      return this.patch(slot, { imm: Number(BigInt.asIntN(32, constant)) });
    this.unknown(hole.name, 'call', 'There is no helper, kfunc or function', hole.span);
  }

  private unknown(name: string, use: 'call' | 'address', what: string, span: Span): void {
    const near = closest(name, [...this.labels.keys(), ...(this.context.names?.(use) ?? [])]);
    this.error(
      'unknown-symbol',
      `${what} «${name}»`,
      span,
      undefined,
      near === null ? undefined : replace(`Write ${near}`, span, near),
    );
  }

  private fillAddress(slot: number, hole: Extract<Hole, { kind: 'address' }>): void {
    const label = this.labels.get(hole.name);
    if (label !== undefined) {
      this.patch(slot, { src: op.BPF_PSEUDO_FUNC, imm: label - slot - 1 });
      this.refs.set(slot, { kind: 'subprog', name: hole.name, slot: label });
      return this.noAddend(hole);
    }
    const found = this.context.resolve?.(hole.name, 'address') ?? null;
    switch (found?.kind) {
      case undefined:
        return this.unknown(hole.name, 'address', 'There is no map, variable or function', hole.span);
      case 'map':
        this.refs.set(slot, { kind: 'map', name: hole.name, variable: null });
        this.patch(slot, { src: hole.inValue ? op.BPF_PSEUDO_MAP_VALUE : op.BPF_PSEUDO_MAP_FD });
        return hole.inValue ? this.valueOffset(slot, hole.addend, hole.span) : undefined;
      case 'variable':
        this.refs.set(slot, { kind: 'map', name: found.map, variable: hole.name });
        this.patch(slot, { src: op.BPF_PSEUDO_MAP_VALUE });
        return this.valueOffset(slot, hole.addend + BigInt(found.offset), hole.span);
      case 'ksym':
        this.refs.set(slot, { kind: 'ksym', name: hole.name, symbol: found.symbol });
        this.patch(slot, { src: op.BPF_PSEUDO_BTF_ID });
        return this.noAddend(hole);
      default:
        return this.error('no-address', `The address of a ${found!.kind} cannot be taken`, hole.span);
    }
  }

  private valueOffset(slot: number, offset: bigint, span: Span): void {
    if (offset < -0x80000000n || offset > 0xffffffffn)
      this.error('imm-range', `The offset ${offset} does not fit in 32 bits`, span);
    else this.patch(slot + 1, { imm: Number(BigInt.asIntN(32, offset)) });
  }

  private noAddend(hole: Extract<Hole, { kind: 'address' }>): void {
    if (hole.inValue)
      this.error(
        'addend',
        `Nothing can be added to the address of «${hole.name}»`,
        hole.span,
        `${hole.name} ll`,
      );
  }
}

/** Index of the first number above `limit` in a sorted list; its length if there is none. */
function firstAbove(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}
