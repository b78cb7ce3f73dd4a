import type { Slot } from '../../isa/instruction.ts';
import * as op from '../../isa/opcodes.ts';
import { Cursor, type ParseEnv } from '../cursor.ts';
import { Unreadable, type SourceLine, type Span } from '../diagnostic.ts';
import { expression } from '../expression.ts';
import { lexLine } from '../lexer.ts';
import {
  converted,
  draft,
  type Converted,
  type ConvertContext,
  type Draft,
  type Recognised,
} from './dialect.ts';

/**
 * Instruction macros: their parameters in order and the bits of the opcode that they fix. Parameters: `o`
 * operation, `z` size, `t` source or byte order, `c` whole opcode, `d` dst, `s` src, `f` off, `i` imm,
 * `l` 64-bit immediate, `h` second immediate of a wide load.
 */
const MACROS: Record<
  string,
  {
    readonly params: string;
    readonly code: number;
    readonly src?: number;
    readonly imm?: number;
    readonly off?: number;
  }
> = {
  ...Object.fromEntries(
    [64, 32].flatMap((bits) => {
      const cls = bits === 64 ? op.BPF_ALU64 : op.BPF_ALU;
      const jmp = bits === 64 ? op.BPF_JMP : op.BPF_JMP32;
      const j = bits === 64 ? 'JMP' : 'JMP32';
      return [
        [`BPF_ALU${bits}_REG`, { params: 'ods', code: cls | op.BPF_X }],
        [`BPF_ALU${bits}_REG_OFF`, { params: 'odsf', code: cls | op.BPF_X }],
        [`BPF_ALU${bits}_IMM`, { params: 'odi', code: cls }],
        [`BPF_ALU${bits}_IMM_OFF`, { params: 'odif', code: cls }],
        [`BPF_MOV${bits}_REG`, { params: 'ds', code: cls | op.BPF_MOV | op.BPF_X }],
        [`BPF_MOV${bits}_IMM`, { params: 'di', code: cls | op.BPF_MOV }],
        [`BPF_MOV${bits}_RAW`, { params: 'tdsi', code: cls | op.BPF_MOV }],
        [`BPF_MOVSX${bits}_REG`, { params: 'dsf', code: cls | op.BPF_MOV | op.BPF_X }],
        [`BPF_${j}_REG`, { params: 'odsf', code: jmp | op.BPF_X }],
        [`BPF_${j}_IMM`, { params: 'odif', code: jmp }],
      ];
    }),
  ),
  BPF_MOV64_PERCPU_REG: { params: 'ds', code: op.OP_MOV64_X, off: op.BPF_ADDR_PERCPU },
  BPF_ENDIAN: { params: 'tdi', code: op.BPF_ALU | op.BPF_END },
  BPF_BSWAP: { params: 'di', code: op.BPF_ALU64 | op.BPF_END },
  BPF_LD_IMM64: { params: 'dl', code: op.OP_LD_IMM64 },
  BPF_LD_IMM64_RAW: { params: 'dsl', code: op.OP_LD_IMM64 },
  BPF_LD_MAP_FD: { params: 'di', code: op.OP_LD_IMM64, src: op.BPF_PSEUDO_MAP_FD },
  BPF_LD_MAP_VALUE: { params: 'dih', code: op.OP_LD_IMM64, src: op.BPF_PSEUDO_MAP_VALUE },
  BPF_LD_ABS: { params: 'zi', code: op.BPF_LD | op.BPF_ABS },
  BPF_LD_IND: { params: 'zsi', code: op.BPF_LD | op.BPF_IND },
  BPF_LDX_MEM: { params: 'zdsf', code: op.BPF_LDX | op.BPF_MEM },
  BPF_LDX_MEMSX: { params: 'zdsf', code: op.BPF_LDX | op.BPF_MEMSX },
  BPF_STX_MEM: { params: 'zdsf', code: op.BPF_STX | op.BPF_MEM },
  BPF_ST_MEM: { params: 'zdfi', code: op.BPF_ST | op.BPF_MEM },
  BPF_ATOMIC_OP: { params: 'zidsf', code: op.BPF_STX | op.BPF_ATOMIC },
  BPF_STX_XADD: { params: 'zdsf', code: op.BPF_STX | op.BPF_ATOMIC, imm: op.BPF_ADD },
  BPF_JMP_A: { params: 'f', code: op.OP_JA },
  BPF_JMP32_A: { params: 'i', code: op.OP_GOTOL },
  BPF_MAY_GOTO: { params: 'f', code: op.OP_MAY_GOTO },
  BPF_EMIT_CALL: { params: 'i', code: op.OP_CALL },
  BPF_CALL_REL: { params: 'i', code: op.OP_CALL, src: op.BPF_PSEUDO_CALL },
  BPF_CALL_KFUNC: { params: 'fi', code: op.OP_CALL, src: op.BPF_PSEUDO_KFUNC_CALL },
  BPF_RAW_INSN: { params: 'cdsfi', code: 0 },
  BPF_EXIT_INSN: { params: '', code: op.OP_EXIT },
};

const CONSTANTS = new Map<string, bigint>([
  ...Object.entries(op).flatMap(([name, value]): [string, bigint][] =>
    typeof value === 'number' ? [[name, BigInt(value)]] : [],
  ),
  ...Array.from({ length: 12 }, (_, r): [string, bigint] => [`BPF_REG_${r}`, BigInt(r)]),
  ...Array.from({ length: 5 }, (_, r): [string, bigint] => [`BPF_REG_ARG${r + 1}`, BigInt(r + 1)]),
  ['BPF_REG_CTX', 6n],
  ['BPF_REG_A', 0n],
  ['BPF_REG_X', 7n],
  ['BPF_REG_TMP', 2n],
  ['BPF_REG_D', 8n],
  ['BPF_REG_H', 9n],
  ['BPF_ANY', 0n],
  ['BPF_NOEXIST', 1n],
  ['BPF_EXIST', 2n],
  ['BPF_F_LOCK', 4n],
  ['INT_MIN', -0x80000000n],
  ['INT_MAX', 0x7fffffffn],
  ['UINT_MAX', 0xffffffffn],
  ['S8_MIN', -128n],
  ['S16_MIN', -0x8000n],
  ['S16_MAX', 0x7fffn],
  ['LLONG_MIN', -(1n << 63n)],
  ['LLONG_MAX', (1n << 63n) - 1n],
  ['MAX_BPF_STACK', 512n],
]);

const SIZEOF: Record<string, number> = {
  char: 1,
  __u8: 1,
  u8: 1,
  short: 2,
  __u16: 2,
  u16: 2,
  int: 4,
  'unsigned int': 4,
  __u32: 4,
  u32: 4,
  long: 8,
  'long long': 8,
  __u64: 8,
  u64: 8,
  'void *': 8,
};

/** Is this a list of the kernel's instruction macros? */
export function recogniseMacros(lines: readonly SourceLine[]): Recognised | null {
  const count = lines.reduce(
    (n, l) => n + [...l.text.matchAll(/\b(BPF_[A-Z0-9_]+)\s*\(/g)].filter((m) => m[1] in MACROS).length,
    0,
  );
  return count === 0 ? null : { dialect: 'macros', confidence: Math.min(0.98, 0.8 + count / 20) };
}

interface Piece extends Span {
  readonly text: string;
}

/** The program of a list of instruction macros, as in the kernel's tests; a `.insns = { … }` part is found. */
export function convertMacros(text: string, context: ConvertContext = {}): Converted {
  const d = draft();
  const clean = blankComments(text);
  const part = /\.insns\s*=\s*\{/.exec(clean);
  const from = part === null ? 0 : part.index + part[0].length;
  const until = part === null ? clean.length : closing(clean, from - 1);
  const call = /\b(BPF_[A-Z0-9_]+)\s*\(/g;
  call.lastIndex = from;
  for (let m = call.exec(clean); m !== null && m.index < until; m = call.exec(clean)) {
    const open = m.index + m[0].length - 1;
    const end = closing(clean, open);
    const span = spanOf(clean, m.index, end + 1);
    const args = split(clean, open + 1, end);
    one(m[1], args, span, d, context);
    call.lastIndex = end + 1;
  }
  return converted('macros', d);
}

/** Comments become blanks, so that positions stay. */
const blankComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|\\$/gm, (c) => c.replace(/[^\n]/g, ' '));

/** Position of the bracket that closes the one at `open`, or the end. */
function closing(text: string, open: number): number {
  let depth = 0;
  for (let k = open; k < text.length; k++) {
    if ('({['.includes(text[k])) depth++;
    else if (')}]'.includes(text[k]) && --depth === 0) return k;
  }
  return text.length;
}

function split(text: string, from: number, to: number): Piece[] {
  const pieces: Piece[] = [];
  let depth = 0;
  let start = from;
  for (let k = from; k <= to; k++) {
    if (k < to && '({['.includes(text[k])) depth++;
    else if (k < to && ')}]'.includes(text[k])) depth--;
    else if (k === to || (text[k] === ',' && depth === 0)) {
      const raw = text.slice(start, k);
      if (raw.trim() !== '' || pieces.length > 0 || k < to)
        pieces.push({ text: raw.trim(), ...spanOf(text, start + raw.length - raw.trimStart().length, k) });
      start = k + 1;
    }
  }
  return pieces;
}

function spanOf(text: string, from: number, to: number): Span {
  const line = text.slice(0, from).split('\n').length;
  const begin = text.lastIndexOf('\n', from - 1) + 1;
  const newline = text.indexOf('\n', from);
  const end = newline < 0 ? to : Math.min(to, newline);
  return { line, col: from - begin + 1, endCol: Math.max(end - begin + 1, from - begin + 2) };
}

function one(name: string, args: readonly Piece[], span: Span, d: Draft, context: ConvertContext): void {
  const macro = MACROS[name];
  if (macro === undefined) {
    d.errors.push({
      ...span,
      id: 'unknown-macro',
      message: `«${name}» is no instruction macro that is known here`,
    });
    d.slots.push({ code: 0, dst: 0, src: 0, off: 0, imm: 0 });
    return;
  }
  const at = d.slots.length;
  if (args.length !== macro.params.length)
    d.errors.push({
      ...span,
      id: 'macro-arguments',
      message: `${name} takes ${macro.params.length} arguments, not ${args.length}`,
    });
  let { code } = macro;
  const slot = { dst: 0, src: macro.src ?? 0, off: macro.off ?? 0, imm: macro.imm ?? 0 };
  let high = 0;
  const ranged = (value: bigint, low: bigint, top: bigint, arg: Piece, what: string): number => {
    if (value >= low && value <= top) return Number(value);
    d.errors.push({ ...arg, id: 'macro-range', message: `${value} is no ${what}` });
    return 0;
  };
  args.slice(0, macro.params.length).forEach((arg, k) => {
    const kind = macro.params[k];
    if (kind === 'i' && code === op.OP_LD_IMM64 && /^[a-z_]\w*$/.test(arg.text) && !CONSTANTS.has(arg.text)) {
      d.refs.set(at, { kind: 'map', name: arg.text, keySize: null, valueSize: null });
      return;
    }
    const value = evaluate(arg, d, context);
    const imm32 = (): number =>
      Number(BigInt.asIntN(32, BigInt(ranged(value, -0x80000000n, 0xffffffffn, arg, '32-bit immediate'))));
    if (kind === 'o') code |= Number(value & 0xf0n);
    else if (kind === 'z') code |= Number(value & 0x18n);
    else if (kind === 't') code |= Number(value & 8n);
    else if (kind === 'c') code = ranged(value, 0n, 255n, arg, 'opcode');
    else if (kind === 'd') slot.dst = ranged(value, 0n, 15n, arg, 'register');
    else if (kind === 's') slot.src = ranged(value, 0n, 15n, arg, 'register');
    else if (kind === 'f') slot.off = ranged(value, -0x8000n, 0x7fffn, arg, '16-bit offset');
    else if (kind === 'i') slot.imm = imm32();
    else if (kind === 'h') high = imm32();
    else {
      if (value < -(1n << 63n) || value >= 1n << 64n)
        d.errors.push({ ...arg, id: 'macro-range', message: `${value} does not fit in 64 bits` });
      slot.imm = Number(BigInt.asIntN(32, value));
      high = Number(BigInt.asIntN(32, value >> 32n));
    }
  });
  const first: Slot = { code, ...slot };
  d.slots.push(first);
  if (code === op.OP_LD_IMM64 && name !== 'BPF_RAW_INSN') {
    d.slots.push({ code: 0, dst: 0, src: 0, off: 0, imm: high });
    const byMap = slot.src === op.BPF_PSEUDO_MAP_FD || slot.src === op.BPF_PSEUDO_MAP_VALUE;
    if (byMap && !d.refs.has(at)) d.refs.set(at, { kind: 'map', name: null, keySize: null, valueSize: null });
  }
  const helper = /^BPF_FUNC_(\w+)$/.exec(args[0]?.text ?? '');
  if (name === 'BPF_EMIT_CALL' && helper)
    d.refs.set(at, { kind: 'helper', name: `bpf_${helper[1]}`, id: slot.imm });
}

/** Value of a C constant expression; 0 with an error where it has none. */
function evaluate(arg: Piece, d: Draft, context: ConvertContext): bigint {
  const direct = context.constant?.(arg.text) ?? null;
  if (direct !== null) return direct;
  const text = arg.text
    .replace(/\bsizeof\s*\(\s*([\w ]+\*?)\s*\)/g, (all, type: string) => String(SIZEOF[type.trim()] ?? all))
    .replace(/\boffsetof\s*\([^)]*\)/g, (all) => String(context.constant?.(all.replace(/\s+/g, ' ')) ?? all))
    .replace(/\((?:__)?(?:[us](?:8|16|32|64)|(?:unsigned )?(?:char|short|int|long(?: long)?))\)/g, '')
    .replace(/\s+/g, ' ');
  const constant = (name: string): bigint | null => {
    const helper = /^BPF_FUNC_(\w+)$/.exec(name);
    const id = helper === null ? null : (context.helperId?.(`bpf_${helper[1]}`) ?? null);
    return CONSTANTS.get(name) ?? (id === null ? null : BigInt(id)) ?? context.constant?.(name) ?? null;
  };
  const env: ParseEnv = { constant, errors: [], notes: [] };
  try {
    const c = new Cursor(lexLine({ line: arg.line, text }, { inComment: false }).tokens, env, arg);
    const value = expression(c);
    c.end();
    return value;
  } catch (e) {
    if (!(e instanceof Unreadable)) throw e;
    d.errors.push({
      ...arg,
      id: 'macro-argument',
      message: `The value of «${arg.text}» is not known`,
      expected: 'a number or a constant of the BPF headers',
    });
    return 0n;
  }
}
