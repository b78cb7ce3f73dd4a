import { sourceLines } from '../diagnostic.ts';
import type { Converted, ConvertContext, DialectName, Recognised } from './dialect.ts';
import { convertHex, recogniseHex } from './hex-dump.ts';
import { convertMacros, recogniseMacros } from './macros.ts';
import { convertMnemonic, recogniseMnemonic } from './mnemonic.ts';
import { convertObjdump, recogniseObjdump } from './objdump.ts';
import { convertPrevail, recognisePrevail } from './prevail.ts';
import { convertLog, recogniseLog } from './verifier-log.ts';
import { convertXlated, recogniseXlated } from './xlated.ts';

const RECOGNISERS = [
  recogniseLog,
  recogniseXlated,
  recogniseObjdump,
  recogniseMacros,
  recogniseHex,
  recogniseMnemonic,
  recognisePrevail,
];

const CONVERTERS: Record<DialectName, (text: string, context: ConvertContext) => Converted> = {
  'verifier-log': convertLog,
  xlated: convertXlated,
  objdump: convertObjdump,
  hex: convertHex,
  macros: convertMacros,
  mnemonic: convertMnemonic,
  prevail: convertPrevail,
};

/** Directives and sections that only our own program text has. */
const OURS = /^\s*\.(?:prog|license|semantics|c|func|map|attach)\b/m;

/** The notation of a whole pasted text, or null if it is ours (LLVM's) or nothing that is known. */
export function recognise(text: string): Recognised | null {
  if (OURS.test(text)) return null;
  const lines = sourceLines(text);
  let best: Recognised | null = null;
  for (const recogniser of RECOGNISERS) {
    const found = recogniser(lines);
    if (found !== null && found.confidence > (best?.confidence ?? 0)) best = found;
  }
  return best;
}

/** Turns a text in a recognised (or given) notation into a program; null if none is recognised. */
export function convert(
  text: string,
  context: ConvertContext = {},
  dialect: DialectName | null = recognise(text)?.dialect ?? null,
): Converted | null {
  return dialect === null ? null : CONVERTERS[dialect](text, context);
}
