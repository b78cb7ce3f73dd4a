import { BTF_KIND_FUNC } from '../../btf/btf.ts';
import { formatDefinition, formatFunc } from '../../btf/format.ts';
import { traitsOf } from '../../cfg/prepare.ts';
import { describe } from '../../isa/describe.ts';
import { helperId } from '../../kernel/helper-access.ts';
import { kfuncFlagsText } from '../../kernel/kfunc-flags.ts';
import type { JumpTable } from '../../program/text/jump-tables.ts';
import type { TextResult } from '../../program/text/parse.ts';
import type { Hover, RegView, StepView } from '../../protocol.ts';
import { SEMANTICS } from '../about.ts';
import type { KernelSource } from '../kernel-source.ts';
import { kfuncPrototype } from '../views/kfuncs.ts';
import { stepView, type StepSource } from '../views/step.ts';
import { helperRemarks, helperSignature } from './helper-text.ts';
import { sketch, type Sketch } from './outline.ts';
import { placeAt } from './place.ts';
import { C_WORDS, DIRECTIVES } from './words.ts';

const code = (text: string): string => `\`${text.replaceAll('`', "'")}\``;
const block = (text: string): string => '```c\n' + text + '\n```';

/**
 * What is to be said of the place under the cursor: the name there, the instruction, and, with a walk at hand, what
 * registers hold before and after it at the step (or at its first visit).
 */
export function hover(source: string, line: number, col: number, kernel: KernelSource, walk: StepSource | null, step: number | null): Hover | null {
  const place = placeAt(source, line, col);
  const known = sketch(source, kernel);
  const contents: string[] = [];
  const directive = /^\s*(\.\w+)/.exec(place.line)?.[1] ?? '';
  const word = directive !== '' && place.word === directive ? directive : place.word;
  const named = nameText(known, word, place.inC) ?? switchText(place.line, col);
  if (named !== null) contents.push(...named);
  const slot = place.inC ? -1 : known.text.sourceMap.findIndex((span) => span.line === line);
  if (slot >= 0 && known.text.program !== null) {
    const { text, bytes, cpu, problem } = describe(known.text.program.insns, slot);
    contents.push(`${text}\n\nInstruction ${slot}: ${code(bytes)}${cpu === null || cpu === 1 ? '' : `, from -mcpu=v${cpu} on`}${problem === null ? '' : `\n\nNot legal: ${problem}`}`);
    if (walk !== null && step !== null) contents.push(...stateText(walk, step, slot, word));
  }
  if (contents.length === 0) return null;
  const span = named === null && slot >= 0 ? known.text.sourceMap[slot] : null;
  return { span: span === null ? place.span : { line, col: span.col, endLine: line, endCol: span.endCol }, contents };
}

function switchText(line: string, col: number): string[] | null {
  for (const match of line.matchAll(/[\w-]+/g)) {
    if (match.index >= col || match.index + match[0].length < col - 1) continue;
    const found = SEMANTICS.find((row) => row.id === match[0]);
    if (found !== undefined) return [`**${found.title}**\n\n${found.sentence}`];
  }
  return null;
}

function nameText({ text, model }: Sketch, word: string, inC: boolean): string[] | null {
  if (word === '') return null;
  const { outline, program } = text;
  const btf = program?.btf ?? null;
  const own = outline.kfuncs.find((k) => k.name === word);
  if (own?.invented) {
    const invented = program?.invented.find((k) => k.name === word);
    const prototype = invented === undefined || btf === null ? word : formatFunc(btf, invented.typeId);
    return [block(prototype), `A kfunc that this text invents. Flags: ${code(kfuncFlagsText(invented?.flags ?? 0))}`];
  }
  const f = outline.functions.find((row) => row.name === word);
  if (f !== undefined) return [`${f.global ? 'Global' : 'Static'} function ${code(word)}, instructions ${f.start} to ${f.end - 1}`];
  const table = outline.jumpTables.find((t) => t.name === word);
  if (table !== undefined) return [jumpTableText(table, text)];
  const map = program?.maps.find((m) => m.name === word);
  if (map !== undefined) return [`Map ${code(word)}: key ${map.keySize} bytes, value ${map.valueSize} bytes, ${map.maxEntries} entries`];
  const variable = outline.variables.find((v) => v.name === word);
  if (variable !== undefined) return [`Variable ${code(word)} in ${variable.section}, at ${variable.offset}`];
  const struct = outline.structs.find((s) => s.name === word);
  if (struct !== undefined && btf !== null) {
    const id = btf.find(word, 4) || btf.find(word, 5);
    if (id !== 0) return [block(formatDefinition(btf, id))];
  }
  const id = inC ? null : helperId(word);
  if (id !== null && id !== 0) {
    const proto = program === null ? null : model.helper(id, traitsOf(program, model));
    if (proto === null) return [`Helper ${code(word)} (${id})${program === null ? '' : ': programs of this type may not call it'}`];
    return [block(helperSignature(word, proto)), `Helper ${id}. ${helperRemarks(proto)}`.trim()];
  }
  const kfunc = model.kfunc(word, null) ?? model.kfuncs().find((k) => k.name === word) ?? null;
  if (kfunc !== null) {
    const prototype = kfuncPrototype(model, word, kfunc.module);
    const source = kfunc.module === null ? 'Kfunc' : `Kfunc of ${kfunc.module}`;
    return [...(prototype === '' ? [] : [block(prototype)]), `${source}. Flags: ${code(kfuncFlagsText(kfunc.flags))}`];
  }
  const row = DIRECTIVES.find(([name]) => name === word) ?? (inC ? C_WORDS.find(([name]) => name === word) : undefined);
  if (row !== undefined) return [row[2]];
  if (inC && model.hasBtf) {
    const type = model.btf().find(word, 4) || model.btf().find(word, BTF_KIND_FUNC);
    if (type !== 0) return [block(formatDefinition(model.btf(), type, 24))];
  }
  return null;
}

const TABLE_ROWS = 12;

function jumpTableText({ name, entries }: JumpTable, { outline }: TextResult): string {
  const slots = new Map(outline.labels.map((label) => [label.name, label.slot]));
  const rows = entries.slice(0, TABLE_ROWS).map(({ label, addend }, i) => {
    const slot = (label === null ? 0 : (slots.get(label) ?? NaN)) + addend;
    const shown = label === null ? '' : ` ${code(addend === 0 ? label : `${label}${addend > 0 ? '+' : ''}${addend}`)}`;
    return `${i}:${shown}${Number.isNaN(slot) ? '' : ` instruction ${slot}`}`;
  });
  if (entries.length > TABLE_ROWS) rows.push(`and ${entries.length - TABLE_ROWS} more`);
  return `Jump table ${code(name)}, ${entries.length} entries of 8 bytes\n\n${rows.join('\n\n')}`;
}

/** Registers of the instruction's line before and after it, at the step if it is there, else at its first visit. */
function stateText(walk: StepSource, step: number, slot: number, word: string): string[] {
  const { trace } = walk;
  const at = step < trace.length && trace.insnAt(step) === slot ? step : trace.insns.indexOf(slot);
  if (at < 0) return ['The walk never came here.'];
  const before = stepView(walk, at);
  const next = at + 1 < trace.length && trace.before(at + 1) === at ? stepView(walk, at + 1) : null;
  const asked = /^[rw](\d+)$/.exec(word)?.[1];
  const rows: string[] = [];
  const one = (reg: RegView | undefined): string => (reg === undefined ? 'uninit' : reg.text);
  const find = (view: StepView, name: string): RegView | undefined => view.frames.at(-1)?.regs.find((reg) => reg.name === name);
  if (asked !== undefined) {
    const name = `R${asked}`;
    rows.push(`${code(name)} before: ${code(one(find(before, name)))}`);
    if (next !== null) rows.push(`after: ${code(one(find(next, name)))}`);
  } else if (next !== null) {
    for (const reg of [...(next.frames.at(-1)?.regs ?? []), ...(next.frames.at(-1)?.stack ?? [])]) {
      if (reg.changed) rows.push(`${code(reg.name)}: ${code(reg.before ?? 'uninit')} → ${code(reg.text)}`);
    }
  }
  return rows.length === 0 ? [] : [`At step ${at}${at === step ? '' : ' (its first visit)'}:\n\n${rows.join('\n\n')}`];
}
