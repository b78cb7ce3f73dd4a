import type { AluName, Instruction } from '../isa/instruction.ts';
import { aluSymbol } from '../isa/llvm-print.ts';
import type { Cursor } from './cursor.ts';
import { replace, type Span } from './diagnostic.ts';
import { atExpression, constantName, expression } from './expression.ts';
import {
  accessType,
  address,
  atRegister,
  checkImmediate,
  immediate,
  isWideHint,
  register,
  tied,
  value,
  wideHalves,
  width,
  type RegToken,
} from './operands.ts';
import type { ParsedInsn } from './parsed.ts';

const ALU_NAMES: readonly AluName[] = [
  'add',
  'sub',
  'mul',
  'div',
  'sdiv',
  'or',
  'and',
  'lsh',
  'rsh',
  'mod',
  'smod',
  'xor',
  'arsh',
  'mov',
];
const ALU_BY_SYMBOL = new Map(ALU_NAMES.map((n) => [aluSymbol(n), n]));
const BYTE_ORDER = /^(le|be|bswap|swap)(16|32|64)$/i;
const ATOMIC_CALL =
  /^(?:atomic(64)?_fetch_(add|or|and|xor)|(?:atomic(64)?_(xchg|cmpxchg))|(xchg|cmpxchg)(?:_64|32_32))$/i;

const plain = (insn: Instruction): ParsedInsn => ({ insn, hole: null });

/** Reads a statement that begins with a register. */
export function assignment(c: Cursor, opcode: number | null): ParsedInsn {
  const dst = register(c, null);
  const sign = c.peek();
  const op = sign === null ? undefined : ALU_BY_SYMBOL.get(sign.text.toLowerCase());
  if (op === undefined)
    c.fail('assignment', `${c.found()} after a register`, '= += -= *= /= s/= %= s%= &= |= ^= <<= >>= s>>=');
  c.next();
  if (op !== 'mov')
    return plain({ kind: 'alu', bits: dst.bits, op, dst: Number(dst.value), src: operand(c, dst) });
  return move(c, dst, opcode);
}

function operand(c: Cursor, dst: RegToken): { reg: number } | { imm: number } {
  return atRegister(c)
    ? { reg: Number(register(c, dst.bits).value) }
    : { imm: immediate(c, dst.bits === 64) };
}

function move(c: Cursor, dst: RegToken, opcode: number | null): ParsedInsn {
  const d = Number(dst.value);
  const bits = dst.bits;
  if (c.is('*')) return plain(load(c, dst));
  if (c.is('&')) return plain(perCpu(c, dst));
  if (c.is('-') && c.peek(1)?.kind === 'reg') {
    c.next();
    tied(c, register(c, bits), dst);
    return plain({ kind: 'neg', bits, dst: d });
  }
  const cast = c.is('(') && c.is(')', 2) ? /^s(8|16|32)$/i.exec(c.peek(1)?.text ?? '') : null;
  if (cast !== null) {
    const span = c.peek(1)!;
    for (let k = 0; k < 3; k++) c.next();
    const from = Number(cast[1]) as 8 | 16 | 32;
    if (from === 32 && bits === 32)
      c.report(
        'no-such-form',
        'Sign extension from 32 bits needs a 64-bit register',
        span,
        '(s8) or (s16)',
        replace(`Write r${d}`, dst, `r${d}`),
      );
    return plain({ kind: 'movsx', bits, from, dst: d, src: Number(register(c, bits).value) });
  }
  if (atRegister(c))
    return plain({ kind: 'alu', bits, op: 'mov', dst: d, src: { reg: Number(register(c, bits).value) } });
  const t = c.peek();
  if (t?.kind === 'name') {
    const order = BYTE_ORDER.exec(t.text);
    if (order !== null && c.peek(1)?.kind === 'reg') return plain(byteOrder(c, dst, order));
    if (c.is('(', 1)) {
      const called = functional(c, dst);
      if (called !== null) return plain(called);
    }
    if (!atExpression(c)) return symbolLoad(c, dst);
  }
  if (!atExpression(c))
    c.fail('syntax', `${c.found()} where a value should be`, 'a register, a number, a load or a symbol');
  return constant(c, dst, opcode);
}

function constant(c: Cursor, dst: RegToken, opcode: number | null): ParsedInsn {
  const d = Number(dst.value);
  const start = c.position;
  const all = expression(c);
  const span = c.since(start);
  if (!c.is('ll') && !isWideHint(opcode))
    return plain({
      kind: 'alu',
      bits: dst.bits,
      op: 'mov',
      dst: d,
      src: { imm: checkImmediate(c, all, span, dst.bits === 64, dst.bits === 64) },
    });
  c.rewind(start);
  const [low, high] = wideHalves(c);
  c.accept('ll');
  if (dst.bits === 32) width(c, dst, 64);
  return plain({ kind: 'ldimm64', dst: d, pseudo: 0, low, high });
}

function symbolLoad(c: Cursor, dst: RegToken): ParsedInsn {
  const t = c.next();
  let inValue = false;
  let addend = 0n;
  if (c.is('[')) {
    c.next();
    const start = c.position;
    if (expression(c) !== 0n)
      c.report('map-index', 'Only the value of key 0 has an address', c.since(start), '0');
    c.expect(']');
    inValue = true;
  }
  if (c.is('+') || c.is('-')) {
    addend = expression(c);
    inValue = true;
  }
  const span: Span = t;
  if (!c.accept('ll')) {
    const end = c.tokens[c.position - 1];
    c.report(
      'missing-ll',
      `The address of «${t.text}» is 64 bits wide: end the instruction with «ll»`,
      span,
      'll',
      { title: 'Add ll', edits: [{ line: end.line, col: end.endCol, endCol: end.endCol, text: ' ll' }] },
    );
  }
  if (dst.bits === 32) width(c, dst, 64);
  return {
    insn: { kind: 'ldimm64', dst: Number(dst.value), pseudo: 0, low: 0, high: 0 },
    hole: { kind: 'address', name: constantName(t.text), addend, inValue, span },
  };
}

function load(c: Cursor, dst: RegToken): Instruction {
  c.next();
  const type = accessType(c);
  const d = Number(dst.value);
  if (c.is('skb')) return packet(c, dst, type);
  const { base, off } = address(c, false, type.bits === 64 && !type.signed);
  if (type.signed && type.bits === 64)
    c.report(
      'no-such-form',
      'There is no sign-extending 64-bit load',
      type.span,
      'u64',
      replace('Write (u64 *)', type.span, '(u64 *)'),
    );
  if (dst.bits === 32 && (type.bits === 64 || type.signed)) width(c, dst, 64);
  return { kind: 'ldx', bits: type.bits, signed: type.signed && type.bits < 64, dst: d, base, off };
}

function packet(c: Cursor, dst: RegToken, type: { bits: number; signed: boolean; span: Span }): Instruction {
  c.next();
  if (dst.value !== 0n)
    c.report(
      'packet-register',
      'Legacy packet access always loads into r0',
      dst,
      'r0',
      replace('Write r0', dst, 'r0'),
    );
  else if (dst.bits === 32) width(c, dst, 64);
  if (type.signed || type.bits === 64)
    c.report(
      'access-type',
      'Legacy packet access is 8, 16 or 32 bits wide, without sign',
      type.span,
      'u8, u16 or u32',
    );
  const bits = type.bits === 64 ? 32 : (type.bits as 8 | 16 | 32);
  c.expect('[');
  let insn: Instruction;
  if (atRegister(c)) {
    const src = Number(register(c, 64).value);
    insn = { kind: 'ldind', bits, src, imm: c.is(']') ? 0 : immediate(c, false) };
  } else insn = { kind: 'ldabs', bits, imm: immediate(c, false) };
  c.expect(']');
  return insn;
}

/** `&(void __percpu *)(r2)`. */
function perCpu(c: Cursor, dst: RegToken): Instruction {
  for (const text of ['&', '(', 'void', '__percpu', '*', ')', '(']) c.expect(text);
  const src = Number(register(c, 64).value);
  c.expect(')');
  return { kind: 'percpu', dst: Number(dst.value), src };
}

function byteOrder(c: Cursor, dst: RegToken, order: RegExpExecArray): Instruction {
  c.next();
  if (dst.bits === 32) width(c, dst, 64);
  const t = register(c, 64);
  tied(c, t, dst);
  const name = order[1].toLowerCase();
  return {
    kind: 'end',
    order: name === 'le' ? 'le' : name === 'be' ? 'be' : 'bswap',
    width: Number(order[2]) as 16 | 32 | 64,
    dst: Number(dst.value),
  };
}

/** The forms that look like a call: casts between address spaces and atomics. Null if the name is none. */
function functional(c: Cursor, dst: RegToken): Instruction | null {
  const t = c.peek()!;
  const name = t.text.toLowerCase();
  if (name === 'addr_space_cast') return addressCast(c, dst);
  if (name === 'load_acquire') {
    c.next();
    c.expect('(');
    const type = accessType(c);
    const { base, off } = address(c);
    c.expect(')');
    if (type.bits === 64 && dst.bits === 32) width(c, dst, 64);
    if (type.signed) c.report('access-type', 'This load has no sign', type.span, `u${type.bits}`);
    return { kind: 'atomic', bits: type.bits, op: 'load_acquire', base, off, reg: Number(dst.value) };
  }
  const m = ATOMIC_CALL.exec(name);
  return m === null ? null : atomicCall(c, dst, m);
}

function atomicCall(c: Cursor, dst: RegToken, m: RegExpExecArray): Instruction {
  const t = c.next();
  c.expect('(');
  const [, , fetched, , kernelName, llvmName] = m;
  let bits: number;
  let place: { base: number; off: number };
  if (llvmName !== undefined) {
    bits = t.text.endsWith('64') ? 64 : 32;
    place = address(c, true);
  } else {
    const type = accessType(c);
    bits = type.bits;
    if (type.signed || bits < 32)
      c.report('access-type', 'Atomic operations are 32 or 64 bits wide', type.span, 'u32 or u64');
    if ((m[1] ?? m[3]) !== undefined && bits !== 64)
      c.report('access-type', `«${t.text}» is 64 bits wide`, type.span, 'u64');
    place = address(c);
  }
  c.expect(',');
  const narrow = bits === 64 ? 64 : 32;
  if (narrow === 64 && dst.bits === 32) width(c, dst, 64);
  const op = kernelName ?? llvmName;
  if (op?.toLowerCase() === 'cmpxchg') {
    if (dst.value !== 0n)
      c.report(
        'tied-operand',
        'Compare-and-exchange always returns the old value in r0',
        dst,
        'r0',
        replace('Write r0', dst, narrow === 64 ? 'r0' : 'w0'),
      );
    const compared = value(c, narrow);
    if (compared.value !== 0n)
      c.report(
        'tied-operand',
        'Compare-and-exchange always compares with r0',
        compared,
        'r0',
        replace('Write r0', compared, narrow === 64 ? 'r0' : 'w0'),
      );
    c.expect(',');
  }
  const operandToken = value(c, narrow);
  if (op?.toLowerCase() !== 'cmpxchg') tied(c, operandToken, dst);
  c.expect(')');
  const what =
    op === undefined
      ? (`fetch_${fetched.toLowerCase()}` as 'fetch_add' | 'fetch_or' | 'fetch_and' | 'fetch_xor')
      : (op.toLowerCase() as 'xchg' | 'cmpxchg');
  return { kind: 'atomic', bits: narrow, op: what, ...place, reg: Number(operandToken.value) };
}

function addressCast(c: Cursor, dst: RegToken): Instruction {
  c.next();
  c.expect('(');
  if (dst.bits === 32) width(c, dst, 64);
  const src = Number(register(c, 64).value);
  c.expect(',');
  const to = space(c);
  c.expect(',');
  const from = space(c);
  c.expect(')');
  return { kind: 'cast', dst: Number(dst.value), src, to, from };
}

function space(c: Cursor): number {
  const start = c.position;
  const value = expression(c);
  if (value >= 0n && value <= 0xffffn) return Number(value);
  c.report('address-space', `${value} is not an address space`, c.since(start), '0 or 1');
  return 0;
}
