import { encode, toInsns } from '../isa/encode.ts';
import { Insns } from '../isa/insns.ts';
import type { Slot } from '../isa/instruction.ts';
import type { AsmContext, AsmRef } from './context.ts';
import { Cursor, diagnostic, type ParseEnv } from './cursor.ts';
import { sourceLines, Unreadable, type AsmError, type SourceLine, type Span } from './diagnostic.ts';
import { expression } from './expression.ts';
import type { LexState } from './lexer.ts';
import type { ParsedInsn } from './parsed.ts';
import { fillHoles, type Pending } from './references.ts';
import { parseLine, type Statement } from './statement.ts';

export type { AsmContext, AsmRef, Directive, SymbolTarget } from './context.ts';

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
    const { slots, spans, labels, context, errors } = this;
    const constant = this.env.constant;
    const refs = fillHoles(this.pending, {
      slots,
      spans,
      labels,
      locals: this.locals,
      context,
      constant,
      errors,
    });
    this.errors.sort((a, b) => a.line - b.line || a.col - b.col);
    return {
      insns: toInsns(this.slots),
      refs,
      spans: this.spans,
      labels: this.labels,
      labelSpans: this.labelSpans,
      errors: this.errors,
      notes: this.notes,
    };
  }
}
