import { traitsOf } from '../../cfg/prepare.ts';
import { helperRows } from '../../kernel/helper-access.ts';
import { kfuncAllowed } from '../../kernel/kfuncs.ts';
import { KFUNC_FLAG_NAMES, kfuncFlagsText } from '../../kernel/kfunc-flags.ts';
import type { ProgTraits } from '../../kernel/prog-traits.ts';
import { mapTypes } from '../../kernel/map-types.ts';
import { SECTION_ROWS } from '../../program/section.ts';
import { LOAD_FLAGS } from '../../program/text/settings.ts';
import type { CompletionItem, Span } from '../../protocol.ts';
import { SEMANTICS } from '../about.ts';
import type { KernelSource } from '../kernel-source.ts';
import { kfuncPrototype } from '../views/kfuncs.ts';
import { helperRemarks, helperSignature } from './helper-text.ts';
import { sketch, type Sketch } from './outline.ts';
import { placeAt } from './place.ts';
import { C_WORDS, DIRECTIVES, STATEMENTS } from './words.ts';

type Kind = CompletionItem['kind'];

function item(kind: Kind, label: string, detail: string, documentation: string, replace: Span, insertText = label): CompletionItem {
  return { label, kind, detail, documentation, insertText, replace };
}

/** A program of the wanted type with everything allowed, for texts that are not programs yet. */
function traits({ text, model }: Sketch): ProgTraits | null {
  return text.program === null ? null : traitsOf(text.program, model);
}

/** What may be written at a position of a text, broken or not. The editor filters by what is typed already. */
export function complete(source: string, line: number, col: number, kernel: KernelSource): CompletionItem[] {
  const place = placeAt(source, line, col);
  if (place.inComment) return [];
  const known = sketch(source, kernel);
  const { span, before } = place;
  if (place.inC) return cItems(known, span, before);
  const directive = /^\s*\.(\w+)\s+(.*)$/.exec(before);
  if (directive !== null) return directiveItems(known, directive[1], span, before);
  if (/^\s*\.\w*$/.test(before)) return DIRECTIVES.map(([name, insert, text]) => item('directive', name, '', text, span, insert));
  if (/\bcall\s+[\w.]*$/.test(before)) return calleeItems(known, span);
  if (/\b(goto|gotol|may_goto)\s+[\w.]*$/.test(before)) return labelItems(known, span);
  const symbols = addressItems(known, span);
  if (/=\s*&?[\w.]*$/.test(before)) return [...symbols, ...registerItems(span)];
  return [
    ...(/^\s*(\w+:\s*)?[\w*(]*$/.test(before) ? STATEMENTS.map(([label, insert, text]) => item('mnemonic', label, '', text, span, insert)) : []),
    ...registerItems(span),
  ];
}

function registerItems(span: Span): CompletionItem[] {
  const items: CompletionItem[] = [];
  for (let r = 0; r <= 10; r++) {
    const role = r === 0 ? 'result' : r <= 5 ? `argument ${r}, lost in calls` : r === 10 ? 'frame pointer, read only' : 'kept across calls';
    items.push(item('register', `r${r}`, role, `Register ${r}, 64 bits: ${role}.`, span));
    if (r < 10) items.push(item('register', `w${r}`, role, `Low 32 bits of register ${r}; writing them clears the upper half.`, span));
  }
  return items;
}

function labelItems({ text }: Sketch, span: Span): CompletionItem[] {
  return text.outline.labels.map(({ name, slot }) => item('label', name, `instruction ${slot}`, '', span));
}

function addressItems({ text }: Sketch, span: Span): CompletionItem[] {
  const { maps, variables, jumpTables, kfuncs, functions } = text.outline;
  return [
    ...maps.map(({ name }) => item('map', name, 'map', `Address of the map ${name}.`, span, `${name} ll`)),
    ...variables.map(({ name, section, offset }) => item('map', name, `${section}+${offset}`, `Address of the variable ${name}.`, span, `${name} ll`)),
    ...jumpTables
      .filter((t) => !maps.some((m) => m.name === t.name))
      .map(({ name, entries }) => item('map', name, 'jump table', `Address of the jump table ${name}: ${entries.length} entries of 8 bytes.`, span, `${name} ll`)),
    ...functions.slice(1).map(({ name }) => item('function', name, 'function', 'Address of the function, to be passed as a callback.', span, `${name} ll`)),
    ...kfuncs.map(({ name }) => item('kfunc', name, 'kernel symbol', '', span, `${name} ll`)),
  ];
}

function calleeItems(known: Sketch, span: Span): CompletionItem[] {
  const { model, text } = known;
  const prog = traits(known);
  const items: CompletionItem[] = text.outline.functions.slice(1).map((f) => item('function', f.name, f.global ? 'global function' : 'static function', '', span));
  for (const { id, name } of helperRows()) {
    if (id === 0) continue;
    const proto = prog === null ? null : model.helper(id, prog);
    const refusal = prog === null ? null : model.helperRefusal(id, prog);
    const detail = refusal === null ? `helper ${id}` : `helper ${id}: ${refusal.replaceAll('-', ' ')}`;
    items.push(item('helper', name, detail, proto === null ? '' : `\`${helperSignature(name, proto)}\` ${helperRemarks(proto)}`.trim(), span));
  }
  const own = new Set(text.outline.kfuncs.filter((k) => k.invented).map((k) => k.name));
  for (const name of own) items.push(item('kfunc', name, 'invented kfunc', '', span));
  for (const kfunc of model.kfuncs()) {
    if (own.has(kfunc.name)) continue;
    const allowed = prog === null || kfuncAllowed(kfunc, prog);
    const where = kfunc.module === null ? 'kfunc' : `kfunc of ${kfunc.module}`;
    const prototype = kfuncPrototype(model, kfunc.name, kfunc.module);
    items.push(
      item('kfunc', kfunc.name, allowed ? where : `${where}: not for this program`, `${prototype === '' ? '' : `\`${prototype}\` `}Flags: ${kfuncFlagsText(kfunc.flags)}`, span),
    );
  }
  return items;
}

function directiveItems(known: Sketch, name: string, span: Span, before: string): CompletionItem[] {
  switch (name) {
    case 'prog':
    case 'section':
      return SECTION_ROWS.map((row) => {
        const typed = /\S*$/.exec(before)![0].length;
        return item('type', row.name, 'section', '', { ...span, col: before.length - typed + 1 });
      });
    case 'semantics':
      return SEMANTICS.map(({ id, title, sentence }) => item('directive', id, title, sentence, wordBefore(span, before)));
    case 'flags':
      return [...LOAD_FLAGS.keys()].map((flag) => item('directive', flag, 'load flag', '', span));
    case 'attach':
      if (!/^\s*\.attach\s+\S*$/.test(before)) return [];
      return ['func', 'typedef', 'struct', 'prog', 'none'].map((kind) => item('directive', kind, 'attach target', '', span));
    case 'freeze':
      return known.text.outline.maps.map(({ name }) => item('map', name, 'map', '', span));
    case 'license':
      return ['GPL', 'Dual BSD/GPL', 'Dual MIT/GPL', 'MIT', 'BSD', 'Proprietary'].map((text) => item('directive', text, 'licence', '', span));
    case 'kfunc': {
      if (/^\s*\.kfunc\s+\S*$/.test(before)) return known.model.kfuncs().map((k) => item('kfunc', k.name, kfuncFlagsText(k.flags), kfuncPrototype(known.model, k.name, k.module), span));
      return KFUNC_FLAG_NAMES.map(([, flag]) => item('directive', `KF_${flag}`, 'kfunc flag', '', span));
    }
    case 'jumptable':
      if (!/^\s*\.jumptable\s+\S*$/.test(before)) return labelItems(known, span);
      return known.text.outline.jumpTables.map(({ name, entries }) => item('map', name, 'jump table', `Goes on after its ${entries.length} entries.`, span));
    case 'func_info':
      return known.text.outline.functions.map(({ name, start }) => item('function', name, `instruction ${start}`, '', span));
    case 'line_info':
      return labelItems(known, span);
    case 'info':
      return ['full', 'func', 'none'].map((text) => item('directive', text, '', '', span));
    case 'privileged':
      return ['yes', 'no'].map((text) => item('directive', text, '', '', span));
    default:
      return [];
  }
}

/** Switches have hyphens, which names do not. */
function wordBefore(span: Span, before: string): Span {
  return { ...span, col: before.length - /[\w-]*$/.exec(before)![0].length + 1 };
}

function cItems({ text, model }: Sketch, span: Span, before: string): CompletionItem[] {
  if (/BPF_MAP_TYPE_\w*$|type,\s*\w*$/.test(before)) {
    return mapTypes().map((row) => item('type', `BPF_MAP_TYPE_${row.name.toUpperCase()}`, 'map type', '', span));
  }
  if (/KF_\w*$|__kf_flags\([^)]*$/.test(before)) return KFUNC_FLAG_NAMES.map(([, flag]) => item('directive', `KF_${flag}`, 'kfunc flag', '', span));
  const items = C_WORDS.map(([label, insert, doc]) => item('type', label, '', doc, span, insert));
  for (const { name, size } of text.outline.structs) items.push(item('type', `struct ${name}`, `${size} bytes`, '', span));
  if (/\bextern\b/.test(before)) {
    for (const kfunc of model.kfuncs()) {
      const prototype = kfuncPrototype(model, kfunc.name, kfunc.module);
      items.push(item('kfunc', kfunc.name, kfuncFlagsText(kfunc.flags), prototype, span, prototype === '' ? kfunc.name : `${prototype} __ksym;`));
    }
  }
  return items;
}
