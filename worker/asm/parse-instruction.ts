import type { Instruction, JumpName } from '../isa/instruction.ts';
import { OPCODES } from '../isa/table.ts';
import type { Cursor } from './cursor.ts';
import { closest, replace, type Span } from './diagnostic.ts';
import { atExpression, constantName, expression } from './expression.ts';
import { assignment } from './parse-assignment.ts';
import {
  accessType,
  address,
  atRegister,
  checkOff,
  immediate,
  jumpTarget,
  register,
  value,
  wideHalves,
} from './operands.ts';
import type { ParsedInsn } from './parsed.ts';

const JUMP_BY_SYMBOL = new Map(
  OPCODES.filter((r) => r.shape === 'jump' && r.bits === 64 && !r.x).map((r) => [
    r.symbol,
    r.name as JumpName,
  ]),
);
const FIRST_WORDS = [
  'if',
  'goto',
  'gotol',
  'may_goto',
  'gotox',
  'call',
  'callx',
  'exit',
  'lock',
  'store_release',
  'ld_pseudo',
  'nospec',
];

/**
 * Reads one instruction in LLVM's or the kernel's syntax. `opcode`: the byte that a kernel log prints before
 * the instruction, which then decides between forms of equal text. Throws `Unreadable`.
 */
export function parseInsn(c: Cursor, opcode: number | null): ParsedInsn {
  const parsed = dispatch(c, opcode);
  c.end();
  return parsed;
}

const plain = (insn: Instruction): ParsedInsn => ({ insn, hole: null });

function dispatch(c: Cursor, opcode: number | null): ParsedInsn {
  const t = c.peek()!;
  if (t.kind === 'reg') return assignment(c, opcode);
  if (c.is('*')) return plain(store(c));
  if (t.kind === 'name') {
    switch (t.text.toLowerCase()) {
      case 'if':
        return conditional(c);
      case 'goto':
        c.next();
        return jump(c, (off) => ({ kind: 'goto', off }));
      case 'gotol':
        c.next();
        return jump(c, (imm) => ({ kind: 'gotol', imm }), true);
      case 'may_goto':
        c.next();
        return jump(c, (off) => ({ kind: 'may_goto', off }));
      case 'gotox':
        c.next();
        return plain({ kind: 'gotox', dst: Number(register(c, 64).value) });
      case 'callx':
        c.next();
        return plain({ kind: 'callx', dst: Number(register(c, 64).value) });
      case 'call':
        return call(c, opcode);
      case 'exit':
        c.next();
        return plain({ kind: 'exit' });
      case 'nospec':
        c.next();
        return plain({ kind: 'nospec' });
      case 'lock':
        return plain(locked(c));
      case 'store_release':
        return plain(storeRelease(c));
      case 'ld_pseudo':
        return plain(pseudoLoad(c));
    }
  }
  const near = t.kind === 'name' ? closest(t.text, FIRST_WORDS) : null;
  c.fail(
    'unknown-instruction',
    `No instruction begins with «${t.text}»`,
    'a register, «*(», if, goto, call or exit',
    t,
    near === null ? undefined : replace(`Write ${near}`, t, near),
  );
}

function jump(c: Cursor, make: (distance: number) => Instruction, long = false): ParsedInsn {
  const target = jumpTarget(c);
  if (target.kind !== 'distance') return { insn: make(0), hole: { kind: 'jump', target } };
  return plain(make(long ? checkLong(c, target.value, target.span) : checkOff(c, target.value, target.span)));
}

function checkLong(c: Cursor, value: bigint, span: Span): number {
  if (value >= -0x80000000n && value <= 0x7fffffffn) return Number(value);
  c.report('jump-range', `${value} does not fit in the 32 bits of a long jump`, span);
  return 0;
}

function conditional(c: Cursor): ParsedInsn {
  c.next();
  const left = register(c, null);
  const sign = c.peek();
  if (c.is('=')) {
    c.report(
      'assignment-in-condition',
      'A comparison is written «==»',
      c.here(),
      '==',
      replace('Write ==', c.here(), '=='),
    );
    c.next();
  } else if (sign !== null && JUMP_BY_SYMBOL.has(sign.text.toLowerCase())) c.next();
  else c.fail('comparison', `${c.found()} where a comparison should be`, '== != > >= < <= s> s>= s< s<= &');
  const op = JUMP_BY_SYMBOL.get(sign!.text === '=' ? '==' : sign!.text.toLowerCase())!;
  const dst = Number(left.value);
  const src = atRegister(c)
    ? { reg: Number(register(c, left.bits).value) }
    : { imm: immediate(c, left.bits === 64) };
  c.expect('goto');
  return jump(c, (off) => ({ kind: 'jump', bits: left.bits, op, dst, src, off }));
}

function store(c: Cursor): Instruction {
  const star = c.next();
  const type = accessType(c);
  if (type.signed)
    c.report(
      'access-type',
      'A store has no sign',
      type.span,
      `u${type.bits}`,
      replace(`Write (u${type.bits} *)`, type.span, `(u${type.bits} *)`),
    );
  const { base, off } = address(c, false, type.bits === 64);
  if (!c.is('='))
    c.fail(
      'syntax',
      `${c.found()} where «=» should be (read-modify-write begins with «lock»)`,
      '=',
      c.here(),
      /^[+&|^]=$/.test(c.peek()?.text ?? '')
        ? {
            title: 'Make it atomic',
            edits: [{ line: star.line, col: star.col, endCol: star.col, text: 'lock ' }],
          }
        : undefined,
    );
  c.next();
  if (!atRegister(c)) return { kind: 'st', bits: type.bits, base, off, imm: immediate(c, type.bits === 64) };
  return { kind: 'stx', bits: type.bits, base, off, src: Number(value(c, type.bits).value) };
}

function locked(c: Cursor): Instruction {
  c.next();
  c.expect('*', 'an address such as *(u64 *)(r1 + 8)');
  const type = accessType(c);
  if (type.bits < 32 || type.signed)
    c.report('access-type', 'Atomic operations are 32 or 64 bits wide', type.span, 'u32 or u64');
  const { base, off } = address(c);
  const op = ({ '+=': 'add', '|=': 'or', '&=': 'and', '^=': 'xor' } as const)[c.peek()?.text ?? ''];
  if (op === undefined) c.fail('atomic-operator', `${c.found()} is not an atomic operation`, '+= &= |= ^=');
  c.next();
  return {
    kind: 'atomic',
    bits: type.bits === 64 ? 64 : 32,
    op,
    base,
    off,
    reg: Number(value(c, type.bits).value),
  };
}

function storeRelease(c: Cursor): Instruction {
  c.next();
  c.expect('(');
  const type = accessType(c);
  if (type.signed) c.report('access-type', 'A store has no sign', type.span, `u${type.bits}`);
  const { base, off } = address(c);
  c.expect(',');
  const reg = Number(value(c, type.bits).value);
  c.expect(')');
  return { kind: 'atomic', bits: type.bits, op: 'store_release', base, off, reg };
}

function pseudoLoad(c: Cursor): Instruction {
  c.next();
  const dst = Number(register(c, 64).value);
  c.expect(',');
  const start = c.position;
  const kind = expression(c);
  if (kind < 0n || kind > 6n)
    c.report('pseudo-kind', `There is no kind ${kind} of wide load`, c.since(start), '0 to 6');
  c.expect(',');
  const [low, high] = wideHalves(c);
  return { kind: 'ldimm64', dst, pseudo: kind < 0n || kind > 6n ? 0 : Number(kind), low, high };
}

function call(c: Cursor, opcode: number | null): ParsedInsn {
  c.next();
  if (atRegister(c)) {
    const t = c.peek()!;
    c.fail('indirect-call', 'The kernel has no indirect calls', 'a helper, kfunc or function', t);
  }
  if (c.is('pc') && (c.is('+', 1) || c.is('-', 1))) {
    c.next();
    const start = c.position;
    return plain({ kind: 'call', to: 'subprog', imm: checkLong(c, expression(c), c.since(start)), off: 0 });
  }
  if (c.is('kernel') && c.is('-', 1) && c.is('function', 2) && c.is('#', 3)) {
    for (let k = 0; k < 4; k++) c.next();
    const imm = immediate(c, false);
    const start = c.position + 1;
    const off = c.accept(',') ? checkOff(c, expression(c), c.since(start)) : 0;
    return plain({ kind: 'call', to: 'kfunc', imm, off });
  }
  const t = c.peek();
  if (t?.kind === 'name' && !(opcode === null && atExpression(c) && !t.text.startsWith('%['))) {
    c.next();
    const id = c.accept('#') ? immediate(c, false) : null;
    if (id !== null && t.text === 'unknown') return plain({ kind: 'call', to: 'helper', imm: id, off: 0 });
    return {
      insn: { kind: 'call', to: 'helper', imm: id ?? 0, off: 0 },
      hole: { kind: 'call', name: constantName(t.text), id, span: t },
    };
  }
  if (t?.kind === 'local') {
    c.next();
    return {
      insn: { kind: 'call', to: 'subprog', imm: 0, off: 0 },
      hole: { kind: 'jump', target: { kind: 'local', number: t.value, forward: t.forward, span: t } },
    };
  }
  if (!atExpression(c))
    c.fail('syntax', `${c.found()} where a function should be`, 'a helper, a kfunc, a label or a helper id');
  return plain({ kind: 'call', to: 'helper', imm: immediate(c, false), off: 0 });
}
