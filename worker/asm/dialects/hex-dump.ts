import * as op from '../../isa/opcodes.ts';
import { sourceLines, type SourceLine, type Span } from '../diagnostic.ts';
import { converted, draft, slotsOfBytes, type Converted, type Draft, type Recognised } from './dialect.ts';

const TOKEN = /\\x[0-9a-fA-F]{2}|0[xX][0-9a-fA-F]+|[0-9a-fA-F]+|\S/g;
/** Words of C around an array of bytes. */
const C_WORDS =
  /\b(?:static|const|unsigned|signed|char|u?int(?:8|16|32|64)?(?:_t)?|__?u(?:8|16|32|64)|u(?:8|16|32|64)|long|short|struct|bpf_insn|len)\b/g;
const ARRAY_HEAD = /^[^={]*(?:\[[^\]]*\]|\w)\s*=\s*/;
/** `xxd`: offset, colon, groups; two blanks and the bytes as text may follow. */
const XXD = /^\s*[0-9a-fA-F]{4,}:\s+(\S.*)$/;
/** `hexdump -C`: offset, two blanks, bytes, text between bars. */
const CANONICAL = /^\s*[0-9a-fA-F]{8}\s+((?:[0-9a-fA-F]{2}\s+)+)(?:\|.*\|?)?\s*$/;
/** A line that holds only an offset: the end of `hexdump -C` and of `od`. */
const LAST_OFFSET = /^\s*[0-9a-fA-F]{6,8}\s*$/;

/** Is this nothing but bytes in hex, of whatever style? */
export function recogniseHex(lines: readonly SourceLine[]): Recognised | null {
  const d = draft();
  const bytes = collect(lines, d);
  if (bytes === null || bytes.length < 8 || d.errors.length > 0) return null;
  return { dialect: 'hex', confidence: bytes.length % 8 === 0 ? 0.95 : 0.6 };
}

/** The program of a hex dump: plain digits, `\x` strings, C arrays, `xxd`, `hexdump -C` or `od`. Little-endian. */
export function convertHex(text: string): Converted {
  const d = draft();
  const lines = sourceLines(text);
  const bytes = collect(lines, d) ?? [];
  const end: Span = {
    line: lines.length,
    col: 1,
    endCol: Math.max(2, lines[lines.length - 1].text.length + 1),
  };
  if (bytes.length % 8 !== 0)
    d.errors.push({
      ...end,
      id: 'odd-length',
      message: `${bytes.length} bytes are not a whole number of 8-byte instructions`,
    });
  d.slots.push(...slotsOfBytes(bytes.slice(0, bytes.length - (bytes.length % 8))));
  for (let i = 0; i < d.slots.length; i += d.slots[i].code === op.OP_LD_IMM64 ? 2 : 1)
    if (d.slots[i].code === op.OP_LD_IMM64 && i + 1 === d.slots.length)
      d.errors.push({
        ...end,
        id: 'half-wide-load',
        message: 'The last instruction is a wide load whose second half is missing',
      });
  return converted('hex', d);
}

/** All bytes of the text; null if it does not look like a dump at all. */
function collect(lines: readonly SourceLine[], d: Draft): number[] | null {
  const bytes: number[] = [];
  const full = lines.filter((l) => l.text.trim() !== '');
  const columns = full.filter((l) => xxdGroups(l.text) !== null || CANONICAL.test(l.text)).length;
  // `od` separates its offset by one blank: lines of 1 + 16 groups, the first of six or more digits.
  const od = full.filter((l) => /^\s*[0-9a-fA-F]{6,8}( [0-9a-fA-F]{2})+\s*$/.test(l.text)).length;
  const dump =
    columns + od > 0 && columns + od + full.filter((l) => LAST_OFFSET.test(l.text)).length >= full.length;
  for (const line of full) {
    if (dump) {
      if (LAST_OFFSET.test(line.text)) continue;
      const body =
        xxdGroups(line.text) ?? CANONICAL.exec(line.text)?.[1] ?? line.text.trim().replace(/^\S+/, '');
      for (const group of body.trim().split(/\s+/)) bytes.push(...digits(group));
    } else if (!plainLine(line, bytes, d)) return null;
  }
  return bytes;
}

/** The groups of an `xxd` line, or null if it is none. */
function xxdGroups(text: string): string | null {
  const groups = XXD.exec(text)?.[1].split('  ')[0];
  return groups !== undefined &&
    groups
      .trim()
      .split(' ')
      .every((g) => /^(?:[0-9a-fA-F]{2}){1,8}$/.test(g))
    ? groups
    : null;
}

const digits = (group: string): number[] => (group.match(/../g) ?? []).map((h) => parseInt(h, 16));

function plainLine(line: SourceLine, bytes: number[], d: Draft): boolean {
  let text = line.text.replace(/\/\/.*$|\/\*.*?\*\/|#.*$/g, (c) => ' '.repeat(c.length));
  if (/^\s*(?:unsigned\s+)?int\s+\w+_len\s*=/.test(text)) return true;
  if (/[={]/.test(text) && /[A-Za-z_]\w*\s*\[|=/.test(text))
    text = text.replace(C_WORDS, ' ').replace(ARRAY_HEAD, (c) => ' '.repeat(c.length));
  for (const m of text.matchAll(TOKEN)) {
    const t = m[0];
    const span: Span = { line: line.line, col: m.index + 1, endCol: m.index + t.length + 1 };
    if (/^["'{}[\],;]$/.test(t)) continue;
    if (t.startsWith('\\x')) bytes.push(parseInt(t.slice(2), 16));
    else if (/^0[xX]/.test(t)) {
      const body = t.slice(2);
      // A number of several bytes is a little-endian word of an array.
      const size = body.length <= 2 ? 1 : body.length <= 4 ? 2 : body.length <= 8 ? 4 : 8;
      if (body.length > 16) return false;
      for (let k = 0n, value = BigInt(t); k < size; k++, value >>= 8n) bytes.push(Number(value & 0xffn));
    } else if (/^[0-9a-fA-F]+$/.test(t)) {
      if (t.length === 1 && t !== '0') return false;
      if (t.length % 2 !== 0 && t !== '0') {
        d.errors.push({ ...span, id: 'odd-digits', message: `«${t}» has an odd number of hex digits` });
        continue;
      }
      bytes.push(...(t === '0' ? [0] : digits(t)));
    } else return false;
  }
  return true;
}
