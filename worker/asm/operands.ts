import type { Bits } from '../isa/instruction.ts';
import { BPF_REG_PARAMS, MAX_BPF_REG, OP_LD_IMM64 } from '../isa/opcodes.ts';
import type { Cursor } from './cursor.ts';
import { replace, type Span } from './diagnostic.ts';
import { atExpression, constantName, expression } from './expression.ts';
import type { Token } from './lexer.ts';

/** Where a jump goes: a distance in slots, a label, or a numeric local label. */
export type Target =
  | { readonly kind: 'distance'; readonly value: bigint; readonly span: Span }
  | { readonly kind: 'label'; readonly name: string; readonly span: Span }
  | { readonly kind: 'local'; readonly number: bigint; readonly forward: boolean; readonly span: Span };

export type RegToken = Extract<Token, { kind: 'reg' }>;

/** True if the next token is a register. */
export const atRegister = (c: Cursor): boolean => c.peek()?.kind === 'reg';

/** A register of the given width, or of any width for `null`; r11 is refused. */
export function register(c: Cursor, bits: 32 | 64 | null, role = 'a register'): RegToken {
  const t = c.peek();
  if (t?.kind !== 'reg') {
    const wrong = t?.kind === 'name' && /^[rw]\d+$/i.test(t.text);
    c.fail(
      wrong ? 'no-such-register' : 'syntax',
      wrong ? `There is no register «${t.text}»` : `${c.found()} where ${role} should be`,
      'r0 to r10 or w0 to w10',
    );
  }
  c.next();
  if (bits !== null && t.bits !== bits) width(c, t, bits);
  if (Number(t.value) >= MAX_BPF_REG)
    c.report(
      'stack-argument-register',
      'r11 only names the area of stack arguments, as the base of a 64-bit load or store',
      t,
      'r0 to r10',
    );
  return t;
}

/** Reports that a register has the wrong width. */
export function width(c: Cursor, t: RegToken, bits: 32 | 64): void {
  const right = `${bits === 64 ? 'r' : 'w'}${t.value}`;
  c.report(
    'register-width',
    `«${t.text}» is ${t.bits} bits wide, but this needs ${bits} bits`,
    t,
    right,
    replace(`Write ${right}`, t, right),
  );
}

/** Reports that a register must be the same as the first operand. */
export function tied(c: Cursor, t: RegToken, to: RegToken): void {
  if (t.value === to.value) return;
  c.report(
    'tied-operand',
    `This must be the register that is written, ${to.text}`,
    t,
    to.text,
    replace(`Write ${to.text}`, t, to.text),
  );
}

/**
 * An immediate of 32 bits: from -2^31 to 2^32-1. `extends64`: the machine sign-extends it, so that values
 * from 2^31 on change, which is noted. `wideFix`: the statement could be made a wide load.
 */
export function immediate(c: Cursor, extends64: boolean, wideFix = false): number {
  const start = c.position;
  const value = expression(c);
  return checkImmediate(c, value, c.since(start), extends64, wideFix);
}

export function checkImmediate(
  c: Cursor,
  value: bigint,
  span: Span,
  extends64: boolean,
  wideFix = false,
): number {
  if (value < -0x80000000n || value > 0xffffffffn) {
    const fix = wideFix
      ? {
          title: 'Load it with «ll»',
          edits: [{ line: span.line, col: span.endCol, endCol: span.endCol, text: ' ll' }],
        }
      : undefined;
    c.report(
      'imm-range',
      `${value} does not fit in the 32 bits of an immediate${wideFix ? '' : '; load it into a register with «ll» first'}`,
      span,
      '-2147483648 to 4294967295',
      fix,
    );
    return 0;
  }
  const imm = Number(BigInt.asIntN(32, value));
  if (extends64 && value > 0x7fffffffn) {
    const wide = BigInt.asUintN(64, BigInt(imm));
    const fix = wideFix
      ? {
          title: 'Keep the value: use «ll»',
          edits: [{ line: span.line, col: span.endCol, endCol: span.endCol, text: ' ll' }],
        }
      : undefined;
    c.note(
      'imm-sign-extended',
      `The immediate is sign-extended: this means 0x${wide.toString(16)}, not 0x${value.toString(16)}`,
      span,
      fix,
    );
  }
  return imm;
}

/** Checks a signed 16-bit field. */
export function checkOff(c: Cursor, value: bigint, span: Span): number {
  if (value >= -0x8000n && value <= 0x7fffn) return Number(value);
  c.report('off-range', `${value} does not fit in the 16 bits of an offset`, span, '-32768 to 32767');
  return 0;
}

/** `(u32 *)`: an access type. Returns its width and sign; the parentheses are consumed. */
export function accessType(c: Cursor): { bits: Bits; signed: boolean; span: Span } {
  const start = c.position;
  c.expect('(', 'an access type such as (u32 *)');
  const t = c.peek();
  const m = t?.kind === 'name' ? /^([us])(8|16|32|64)$/i.exec(t.text) : null;
  if (m === null)
    c.fail(
      'access-type',
      `${c.found()} where an access width should be`,
      'u8, u16, u32, u64, s8, s16 or s32',
    );
  c.next();
  c.expect('*');
  c.expect(')');
  return { bits: Number(m[2]) as Bits, signed: m[1].toLowerCase() === 's', span: c.since(start) };
}

/** `(r1 + 8)`, `(r1 +8)`, `(r1 - 8)` or `(r1)`. `bare`: the parentheses belong to something else. */
export function address(c: Cursor, bare = false, params = false): { base: number; off: number } {
  if (!bare) c.expect('(', 'an address such as (r1 + 8)');
  const t = c.peek();
  let base: RegToken;
  if (params && t?.kind === 'reg' && Number(t.value) === BPF_REG_PARAMS && t.bits === 64) {
    c.next();
    base = t;
  } else base = register(c, 64, 'the base register of an address');
  let off = 0;
  if (c.is('+') || c.is('-')) {
    const start = c.position;
    const value = expression(c);
    off = checkOff(c, value, c.since(start));
  }
  if (!bare) c.expect(')');
  return { base: Number(base.value), off };
}

/** Label, `1f`/`1b`, `+N`, `-N`, `N`, `pc+N`; a trailing `<symbol+0x10>` of a disassembly is skipped. */
export function jumpTarget(c: Cursor): Target {
  const start = c.position;
  const target = readTarget(c);
  if (c.accept('<')) while (!c.done && !c.accept('>')) c.next();
  return { ...target, span: target.kind === 'distance' ? c.since(start) : target.span };
}

function readTarget(c: Cursor): Target {
  const t = c.peek();
  if (t?.kind === 'local') {
    c.next();
    return { kind: 'local', number: t.value, forward: t.forward, span: t };
  }
  if (c.is('pc') && (c.is('+', 1) || c.is('-', 1))) c.next();
  if (atExpression(c)) {
    const start = c.position;
    const value = expression(c);
    return { kind: 'distance', value, span: c.since(start) };
  }
  if (t?.kind === 'name') {
    c.next();
    return { kind: 'label', name: constantName(t.text), span: t };
  }
  c.fail('syntax', `${c.found()} where a jump target should be`, 'a label, +N or -N');
}

/** A value operand: r always, w below 64 bits. */
export function value(c: Cursor, bits: number): RegToken {
  const t = register(c, null);
  if (bits === 64 && t.bits === 32) width(c, t, 64);
  return t;
}

/** A 64-bit immediate as two signed halves. */
export function wideHalves(c: Cursor): [low: number, high: number] {
  const start = c.position;
  const all = expression(c);
  if (all < -(1n << 63n) || all >= 1n << 64n) {
    c.report('imm-range', `${all} does not fit in 64 bits`, c.since(start));
    return [0, 0];
  }
  return [Number(BigInt.asIntN(32, all)), Number(BigInt.asIntN(32, all >> 32n))];
}

/** The opcode byte that tells a wide load from a move of equal text. */
export const isWideHint = (opcode: number | null): boolean => opcode === OP_LD_IMM64;
