import { aluSymbol, jumpSymbol } from '../../isa/llvm-print.ts';
import type { AluName, JumpName } from '../../isa/instruction.ts';
import type { SourceLine } from '../diagnostic.ts';
import type { Converted, ConvertContext, Recognised } from './dialect.ts';
import { convertByLine, type Translated } from './translate.ts';

/** An operand as `r1`, `(r1 + 4)`, or as it stands. */
type Form = (operands: readonly string[], match: RegExpExecArray) => Translated;

const BITS: Record<string, number> = { b: 8, h: 16, w: 32, dw: 64 };
const ATOMIC: Record<string, string> = { add: '+=', or: '|=', and: '&=', xor: '^=' };
const narrow = (r: string): string => r.replace(/^r(?=\d)/, 'w');
const wrong = (what: string): { error: string } => ({ error: what });

/** Mnemonics with the number of operands and what they become. */
const FORMS: readonly (readonly [RegExp, readonly number[], Form])[] = [
  [
    /^(add|sub|mul|div|sdiv|or|and|lsh|rsh|mod|smod|xor|arsh|mov)(32|64)?$/,
    [2],
    ([d, s], m) =>
      m[2] === '32'
        ? `${narrow(d)} ${aluSymbol(m[1] as AluName)} ${narrow(s)}`
        : `${d} ${aluSymbol(m[1] as AluName)} ${s}`,
  ],
  [/^neg(32|64)?$/, [1], ([d], m) => (m[1] === '32' ? `${narrow(d)} = -${narrow(d)}` : `${d} = -${d}`)],
  [
    /^movsx(8|16|32)(32|64)$/,
    [2],
    ([d, s], m) => (m[2] === '32' ? `${narrow(d)} = (s${m[1]})${narrow(s)}` : `${d} = (s${m[1]})${s}`),
  ],
  [/^(le|be)(16|32|64)$/, [1], ([d], m) => `${d} = ${m[1]}${m[2]} ${d}`],
  [/^b?swap(16|32|64)$/, [1], ([d], m) => `${d} = bswap${m[1]} ${d}`],
  [/^lddw$/, [2], ([d, s]) => `${d} = ${s} ll`],
  [/^ldxs(b|h|w)$/, [2], ([d, s], m) => `${d} = *(s${BITS[m[1]]} *)${s}`],
  [/^ldx(b|h|w|dw)$/, [2], ([d, s], m) => `${d} = *(u${BITS[m[1]]} *)${s}`],
  [/^stx?(b|h|w|dw)$/, [2], ([d, s], m) => `*(u${BITS[m[1]]} *)${d} = ${s}`],
  [/^ldabs(b|h|w)$/, [1], ([s], m) => `r0 = *(u${BITS[m[1]]} *)skb[${s}]`],
  [/^ldind(b|h|w)$/, [2], ([r, s], m) => `r0 = *(u${BITS[m[1]]} *)skb[${r} + ${s}]`],
  [/^ja$/, [1], ([t]) => `goto ${t}`],
  [/^ja32$/, [1], ([t]) => `gotol ${t}`],
  [
    /^(jeq|jgt|jge|jlt|jle|jset|jne|jsgt|jsge|jslt|jsle)(32)?$/,
    [3],
    ([d, s, t], m) =>
      `if ${m[2] ? narrow(d) : d} ${jumpSymbol(m[1] as JumpName)} ${m[2] ? narrow(s) : s} goto ${t}`,
  ],
  [/^exit$/, [0], () => 'exit'],
  [/^call$/, [1], ([f]) => call(f)],
  [/^callx$/, [1], () => wrong('The kernel has no indirect calls')],
];

const KNOWN = new RegExp(`^(?:lock|${FORMS.map(([re]) => re.source.slice(1, -1)).join('|')})$`);

function call(f: string): Translated {
  const words = f.split(/\s+/);
  if (words.length === 1) return /^r\d+$/.test(f) ? wrong('The kernel has no indirect calls') : `call ${f}`;
  if (words[0] === 'helper' || words[0] === 'local') return `call ${words[1]}`;
  if (words[0] === 'runtime') return `call kernel-function#${words[1]}`;
  return wrong(`«call ${words[0]}» is not known`);
}

/** `[%r1+4]` becomes `(r1 + 4)`, `%r1` becomes `r1`. */
function operand(text: string): string {
  const memory = /^\[\s*%?(r\d+)\s*(?:([+-])\s*(\w+))?\s*\]$/.exec(text);
  if (memory !== null) return `(${memory[1]} ${memory[2] ?? '+'} ${memory[3] ?? '0'})`;
  return text.replace(/%(?=[rw]\d)/g, '');
}

/** `lock [fetch] add [m], r` and its kin. */
function locked(rest: string): Translated {
  const m = /^(fetch\s+)?(add|or|and|xor|xchg|cmpxchg)(32|64)?\s+(\[[^\]]*\])\s*,\s*%?(r\d+)$/.exec(rest);
  if (m === null) return wrong(`«lock ${rest}» is not known`);
  const bits = m[3] === '32' ? 32 : 64;
  const place = operand(m[4]);
  const r = bits === 32 ? narrow(m[5]) : m[5];
  if (m[2] === 'xchg') return `${r} = atomic${bits === 64 ? '64' : ''}_xchg((u${bits} *)${place}, ${r})`;
  if (m[2] === 'cmpxchg')
    return `r0 = atomic${bits === 64 ? '64' : ''}_cmpxchg((u${bits} *)${place}, r0, ${r})`;
  return m[1]
    ? `${r} = atomic_fetch_${m[2]}((u${bits} *)${place}, ${r})`
    : `lock *(u${bits} *)${place} ${ATOMIC[m[2]]} ${r}`;
}

function translate(source: string): Translated {
  const line = source.replace(/(#|;|\/\/).*$/, '').trim();
  if (line === '' || line.startsWith('--')) return null;
  const label = /^([A-Za-z_.][\w.]*):\s*(.*)$/.exec(line);
  if (label !== null) {
    if (label[2] === '') return `${label[1]}:`;
    const rest = translate(label[2]);
    return typeof rest === 'string' ? `${label[1]}: ${rest}` : rest;
  }
  const [, mnemonic, rest] = /^(\S+)\s*(.*)$/.exec(line)!;
  const name = mnemonic.toLowerCase();
  if (name === 'lock') return locked(rest.toLowerCase());
  const operands = rest === '' ? [] : rest.split(',').map((o) => operand(o.trim()));
  for (const [re, counts, form] of FORMS) {
    const m = re.exec(name);
    if (m === null) continue;
    return counts.includes(operands.length)
      ? form(operands, m)
      : wrong(`«${mnemonic}» takes ${counts.join(' or ')} operands, not ${operands.length}`);
  }
  return wrong(`There is no instruction «${mnemonic}»`);
}

/** Is this the mnemonic syntax of uBPF, rbpf or the conformance suite? */
export function recogniseMnemonic(lines: readonly SourceLine[]): Recognised | null {
  let known = 0;
  let total = 0;
  for (const { text } of lines) {
    const line = text
      .replace(/(#|;|\/\/).*$/, '')
      .replace(/^\s*[A-Za-z_.][\w.]*:/, '')
      .trim();
    if (line === '' || line.startsWith('--')) continue;
    total++;
    const m = /^([a-zA-Z]\w*)(?:\s+(.*))?$/.exec(line);
    if (m !== null && KNOWN.test(m[1].toLowerCase()) && !(m[1] === 'exit' && lines.length < 2)) known++;
  }
  const onlyCommon = !lines.some(({ text }) =>
    /^\s*(?:\w+:\s*)?(?!exit\b|call\b|lock\b)[a-z]+\d*\s+%?\[?%?r\d/.test(text),
  );
  return known === 0 || known / total < 0.6 || onlyCommon
    ? null
    : { dialect: 'mnemonic', confidence: 0.5 + (0.45 * known) / total };
}

/** The program of a text in mnemonic syntax; of a conformance test file, its `-- asm` part. */
export function convertMnemonic(text: string, context: ConvertContext = {}): Converted {
  let inAsm = !/^-- asm\s*$/m.test(text);
  const part = text
    .split('\n')
    .map((line) => {
      if (/^-- /.test(line)) inAsm = /^-- asm\s*$/.test(line);
      return inAsm ? line : '';
    })
    .join('\n');
  return convertByLine('mnemonic', part, translate, context);
}
