import { sourceLines, type SourceLine } from '../diagnostic.ts';
import { lineSpan, type Converted, type ConvertContext, type Recognised } from './dialect.ts';
import { convertLog } from './verifier-log.ts';

const INSN = /^\s*\d+: \([0-9a-f]{2}\) /;
const OPCODES = /^\s+(?:[0-9a-f]{2} ){7}[0-9a-f]{2}(?: (?:[0-9a-f]{2} ){7}[0-9a-f]{2})?\s*$/;
const ONLY_XLATED = /= map\[(?:id|idx):|= subprog\[|call pc[+-]\d+#|\(c2\) nospec|__percpu/;

/** Is this `bpftool prog dump xlated`, with or without `opcodes`? */
export function recogniseXlated(lines: readonly SourceLine[]): Recognised | null {
  let insns = 0;
  let marks = 0;
  for (const { text } of lines) {
    if (INSN.test(text)) insns++;
    if (ONLY_XLATED.test(text) || OPCODES.test(text)) marks++;
    if (/\bR\d+(?:_\w+)?=|^\s*processed \d+ insns|^func#/.test(text)) return null;
  }
  if (insns === 0) return null;
  return { dialect: 'xlated', confidence: marks > 0 ? 0.995 : 0.7 };
}

/** The program of an xlated dump: what the kernel made of a program after verification, so it may not verify again. */
export function convertXlated(text: string, context: ConvertContext = {}): Converted {
  const asLog = sourceLines(text).map(({ text: line }) => {
    if (OPCODES.test(line)) return '';
    // The dump says what an address is; a log says so in the state behind the instruction.
    return line
      .replace(/r(\d+) = map\[id:(\d+)\]\[0\]\+(-?\d+)/, 'r$1 = 0x0 ; R$1=map_value(map=map_$2,off=$3)')
      .replace(/r(\d+) = map\[idx:(\d+)\]\+(-?\d+)/, 'r$1 = 0x0 ; R$1=map_value(map=map_idx_$2,off=$3)')
      .replace(/r(\d+) = map\[id:(\d+)\]/, 'r$1 = 0x0 ; R$1=map_ptr(map=map_$2)')
      .replace(
        /r(\d+) = subprog\[\+?(-?\d+)\]/,
        (_, r: string, n: string) => `r${r} = 0x${BigInt.asUintN(32, BigInt(n)).toString(16)} ; R${r}=func()`,
      )
      .replace(/(call pc[+-]\d+)#\S+/, '$1')
      .replace(/r(\d+) = (0x[0-9a-f]+)\s*$/, 'r$1 = $2 ; R$1=0');
  });
  const result = convertLog(asLog.join('\n'), context);
  const note = {
    ...lineSpan(1, ''),
    id: 'rewritten',
    message:
      'This is a program after the kernel rewrote it: context accesses and some calls are not what was loaded',
  };
  return { ...result, dialect: 'xlated', notes: [note, ...result.notes] };
}
