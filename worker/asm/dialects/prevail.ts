import type { SourceLine } from '../diagnostic.ts';
import type { Converted, ConvertContext, Recognised } from './dialect.ts';
import { convertByLine, type Translated } from './translate.ts';

/** What only PREVAIL writes. */
const TELLS =
  /\bmap_fd\s+\d|\bmap_val\(|\bcode_addr\(|\bcall_btf\s|\bfetch\s*$|\b[rw]\d+\s+s(?:8|16|32)=|\sc?x=\s|&[=!]=|^\s*assume\b|goto\s+<|^\s*<[^>]+>:/;
const FETCHED: Record<string, string> = { '+=': 'add', '|=': 'or', '&=': 'and', '^=': 'xor' };

const label = (text: string): string =>
  text.replace(/<([^>]+)>/g, (_, name: string) =>
    /^\d+$/.test(name) ? `.L${name}` : name.replace(/[^\w.$]/g, '_'),
  );

/** Is this the near-LLVM syntax of the PREVAIL verifier? */
export function recognisePrevail(lines: readonly SourceLine[]): Recognised | null {
  const tells = lines.filter((l) => TELLS.test(l.text)).length;
  return tells === 0 ? null : { dialect: 'prevail', confidence: Math.min(0.97, 0.75 + tells / 20) };
}

function translate(source: string): Translated {
  const line = source.replace(/(;|#|\/\/).*$/, '').trim();
  if (line === '') return null;
  if (/^assume\b/.test(line)) return { note: 'An assumption is no instruction; it is left out' };
  const atomic = /^lock \*\((u32|u64) \*\)\(([^)]*)\) (\+=|\|=|&=|\^=|x=|cx=) [rw](\d+)( fetch)?$/.exec(line);
  if (atomic !== null) return locked(atomic);
  let m = /^([rw])(\d+) s(8|16|32)= [rw](\d+)$/.exec(line);
  if (m !== null) return `${m[1]}${m[2]} = (s${m[3]})${m[1]}${m[4]}`;
  m = /^r(\d+) = map_fd (\d+)$/.exec(line);
  if (m !== null) return `ld_pseudo r${m[1]}, 1, ${m[2]}`;
  m = /^r(\d+) = map_val\((\d+)\)(?: \+ (\d+))?$/.exec(line);
  if (m !== null) return `ld_pseudo r${m[1]}, 2, ${(BigInt(m[3] ?? 0) << 32n) | BigInt(m[2])}`;
  m = /^r(\d+) = code_addr\((-?\d+)\)$/.exec(line);
  if (m !== null) return `ld_pseudo r${m[1]}, 4, ${m[2]}`;
  m = /^call_btf (\d+)$/.exec(line);
  if (m !== null) return `call kernel-function#${m[1]}`;
  if (/^callx /.test(line)) return { error: 'The kernel has no indirect calls' };
  if (/ &!= /.test(line))
    return { error: 'No instruction jumps when no bit is shared: use «&» and swap the targets' };
  return label(line)
    .replace(/ &== /, ' & ')
    .replace(/\bswap(16|32|64)\b/, 'bswap$1');
}

function locked([, type, place, sign, reg, fetch]: RegExpExecArray): string {
  const r = `${type === 'u64' ? 'r' : 'w'}${reg}`;
  const wide = type === 'u64' ? '64' : '';
  if (sign === 'x=') return `${r} = atomic${wide}_xchg((${type} *)(${place}), ${r})`;
  if (sign === 'cx=') return `r0 = atomic${wide}_cmpxchg((${type} *)(${place}), r0, ${r})`;
  return fetch
    ? `${r} = atomic_fetch_${FETCHED[sign]}((${type} *)(${place}), ${r})`
    : `lock *(${type} *)(${place}) ${sign} ${r}`;
}

/** The program of a text in PREVAIL's syntax. */
export const convertPrevail = (text: string, context: ConvertContext = {}): Converted =>
  convertByLine('prevail', text, translate, context);
