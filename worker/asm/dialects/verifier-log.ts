import { encode } from '../../isa/encode.ts';
import type { Slot } from '../../isa/instruction.ts';
import * as op from '../../isa/opcodes.ts';
import type { ParseEnv } from '../cursor.ts';
import { sourceLines, type SourceLine } from '../diagnostic.ts';
import { parseLine } from '../statement.ts';
import {
  calleeOf,
  converted,
  draft,
  lineSpan,
  type Converted,
  type ConvertContext,
  type Draft,
  type Recognised,
} from './dialect.ts';

/** `12: (b7) r1 = 5`, also inside `…before 12: (b7) …`, after live registers at level 2, and `12 | (b7) …` in a report. */
const INSN = /(?:^|\s)(\d+)(?::| \|) (?:[.\d]{10} )?\(([0-9a-f]{2})\) (\S.*)$/;
const DONE = /^\s*processed \d+ insns/;
const FUNC = /^func#(\d+) @(\d+)\s*$/;
const SUBPROG = /^(?:subprog#|Validating .*func#)(\d+)/;
const SUBPROG_NAME = /^(?:subprog#(\d+) (\w+):$|Validating (\w+)\(\) func#(\d+))/;
/** What the analysis dumps, states and jumps (`goto pc+2 5: R6=…`) append to an instruction. */
const TAIL = /\s*(?:;|\t|\/\/| \d+: ).*$/;
/** A filler for what the log does not show: `goto +0`. */
const GAP: Slot = { code: op.OP_JA, dst: 0, src: 0, off: 0, imm: 0 };
const EXIT: Slot = { code: op.OP_EXIT, dst: 0, src: 0, off: 0, imm: 0 };

/** Is this the log of a verifier, old or new? */
export function recogniseLog(lines: readonly SourceLine[]): Recognised | null {
  let insns = 0;
  let marks = 0;
  for (const { text } of lines) {
    if (INSN.test(text)) insns++;
    else if (
      DONE.test(text) ||
      FUNC.test(text) ||
      SUBPROG.test(text) ||
      /^\s*(?:\d+: )?R\d+(?:_\w+)?=/.test(text) ||
      /^from \d+ to \d+/.test(text) ||
      /^mark_precise|^last_idx|^Verification failed|^Live regs/.test(text)
    )
      marks++;
  }
  if (insns === 0) return null;
  return { dialect: 'verifier-log', confidence: marks > 0 ? 0.99 : Math.min(0.9, 0.5 + insns / 10) };
}

/** Instruction lines of a log by their index, and which lines speak of functions. */
interface Listing {
  readonly insns: Map<
    number,
    { line: SourceLine; opcode: number; text: string; col: number; kind: WideKind | null }
  >;
  readonly funcs: Map<number, number>;
  readonly funcNames: Map<number, string>;
}

/** What a state says of the register that a wide load wrote. */
type WideKind =
  | {
      readonly kind: 'map' | 'value';
      readonly name: string | null;
      readonly keySize: number | null;
      readonly valueSize: number | null;
      readonly offset: number;
    }
  | { readonly kind: 'func' | 'ksym' | 'constant' };

/**
 * The program of a verifier log. Instructions that the log never shows become `goto +0` (or `exit` at the end), which
 * keeps all distances; a note says so. Of several logs in one text the last is taken.
 */
export function convertLog(text: string, context: ConvertContext = {}): Converted {
  const d = draft();
  const listing = collect(lastLog(sourceLines(text), d));
  const env: ParseEnv = { constant: () => null, errors: d.errors, notes: [] };
  const at = new Map<number, readonly Slot[]>();
  for (const [i, item] of listing.insns) {
    const slots = one(i, item, env, d, context);
    if (slots !== null) at.set(i, slots);
  }
  lay(at, new Set(listing.funcs.values()), d, lineSpan(1, ''));
  for (const [id, slot] of listing.funcs)
    d.labels.set(listing.funcNames.get(id) ?? (id === 0 ? 'main' : `func_${slot}`), slot);
  return converted('verifier-log', d);
}

function lastLog(lines: readonly SourceLine[], d: Draft): readonly SourceLine[] {
  const parts: SourceLine[][] = [[]];
  for (const line of lines) {
    parts[parts.length - 1].push(line);
    if (DONE.test(line.text)) parts.push([]);
  }
  const full = parts.filter((p) => p.some((l) => INSN.test(l.text)));
  if (full.length > 1)
    d.notes.push({
      ...lineSpan(full[full.length - 1][0].line, ''),
      id: 'several-logs',
      message: `The text holds ${full.length} logs; the last one is taken`,
    });
  return full[full.length - 1] ?? [];
}

function collect(lines: readonly SourceLine[]): Listing {
  const listing: Listing = { insns: new Map(), funcs: new Map(), funcNames: new Map() };
  let open: { index: number; dst: string } | null = null;
  for (const line of lines) {
    const m = INSN.exec(line.text);
    if (m === null) {
      const func = FUNC.exec(line.text);
      if (func) listing.funcs.set(Number(func[1]), Number(func[2]));
      const named = SUBPROG_NAME.exec(line.text);
      if (named) listing.funcNames.set(Number(named[1] ?? named[4]), named[2] ?? named[3]);
      if (open !== null) learn(listing, open, line.text);
      continue;
    }
    const index = Number(m[1]);
    const opcode = parseInt(m[2], 16);
    const text = m[3].replace(TAIL, '');
    if (!listing.insns.has(index))
      listing.insns.set(index, { line, opcode, text, col: line.text.length - m[3].length + 1, kind: null });
    const wide = opcode === op.OP_LD_IMM64 ? /^r(\d+) = 0x/.exec(text) : null;
    open = wide === null ? null : { index, dst: wide[1] };
    if (open !== null) learn(listing, open, m[3].slice(text.length));
  }
  return listing;
}

/** Looks in a piece of state for the type of the register that a wide load wrote. */
function learn(listing: Listing, open: { index: number; dst: string }, state: string): void {
  const item = listing.insns.get(open.index)!;
  if (item.kind !== null && item.kind.kind !== 'constant') return;
  const m = new RegExp(`\\bR${open.dst}(?:_\\w+)?=(-?[A-Za-z_]\\w*|-?\\d\\w*)(?:\\(([^)]*)\\))?`).exec(state);
  if (m === null) return;
  const field = (name: string): string | null =>
    new RegExp(`(?:^|,)${name}=([^,]*)`).exec(m[2] ?? '')?.[1] ?? null;
  const number = (name: string): number | null => (field(name) === null ? null : Number(field(name)));
  const type = m[1];
  const map = {
    name: field('map'),
    keySize: number('ks'),
    valueSize: number('vs'),
    offset: number('off') || number('imm') || 0,
  };
  if (type === 'map_ptr') item.kind = { kind: 'map', ...map };
  else if (type === 'map_value') item.kind = { kind: 'value', ...map };
  else if (type === 'func') item.kind = { kind: 'func' };
  else if (/^(percpu_|rdonly_|trusted_|untrusted_|rcu_)?(ptr_|mem|untrusted)/.test(type))
    item.kind = { kind: 'ksym' };
  else item.kind = { kind: 'constant' };
}

type Item = Listing['insns'] extends Map<number, infer T> ? T : never;

function one(
  i: number,
  item: Item,
  env: ParseEnv,
  d: Draft,
  context: ConvertContext,
): readonly Slot[] | null {
  const { line, opcode } = item;
  // 32-bit operations before Linux 5.0: `(u32) r1 = (u32) r2`.
  const text = item.text.replace(/\(u32\) r(\d+)/g, 'w$1').replace(/\(u32\) (-?\d)/g, '$1');
  const prefix = `(${opcode.toString(16).padStart(2, '0')}) `;
  const statements = parseLine(
    { line: line.line, text: ' '.repeat(Math.max(0, item.col - 1 - prefix.length)) + prefix + text },
    { inComment: false },
    env,
  );
  const s = statements[0];
  if (statements.length !== 1 || s.kind !== 'insn') return null;
  const slots = [...encode(s.insn)];
  if (slots[0].code !== opcode) {
    d.errors.push({
      ...lineSpan(line.line, line.text),
      id: 'opcode-mismatch',
      message: `«${text}» is opcode ${slots[0].code.toString(16)}, but the log says ${prefix.trim()}`,
    });
    return null;
  }
  if (s.hole?.kind === 'call') {
    const callee = calleeOf(s.hole.name, s.hole.id ?? 0, context);
    d.refs.set(i, callee);
    slots[0] =
      callee.kind === 'helper'
        ? { ...slots[0], imm: callee.id }
        : { ...slots[0], src: op.BPF_PSEUDO_KFUNC_CALL, imm: 0 };
  } else if (s.insn.kind === 'call' && s.insn.to === 'kfunc')
    d.refs.set(i, { kind: 'kfunc', name: 'kernel-function', id: s.insn.imm });
  if (s.insn.kind === 'ldimm64') return wide(i, slots, item, d);
  return slots;
}

function wide(i: number, slots: readonly Slot[], item: Item, d: Draft): readonly Slot[] {
  const address = (pseudo: number, high: number): readonly Slot[] => [
    { ...slots[0], src: pseudo, imm: 0 },
    { ...slots[1], imm: high },
  ];
  const kind = item.kind;
  // Kernel addresses begin with ff; a state that names the type may be missing in short logs.
  const looksLikeAddress =
    slots[1].imm >>> 24 === 0xff &&
    (slots[1].imm !== -1 || slots[0].imm >>> 0 >= 0x80000000) &&
    !(slots[1].imm === -1 && kind?.kind === 'constant');
  switch (kind?.kind) {
    case 'map':
    case 'value':
      d.refs.set(i, { kind: 'map', name: kind.name, keySize: kind.keySize, valueSize: kind.valueSize });
      return kind.kind === 'map'
        ? address(op.BPF_PSEUDO_MAP_FD, 0)
        : address(op.BPF_PSEUDO_MAP_VALUE, kind.offset);
    case 'func':
      d.refs.set(i, { kind: 'subprog', name: `func_${i + 1 + slots[0].imm}`, slot: i + 1 + slots[0].imm });
      return [{ ...slots[0], src: op.BPF_PSEUDO_FUNC }, slots[1]];
    case 'ksym':
      d.refs.set(i, { kind: 'ksym', name: null });
      return address(op.BPF_PSEUDO_BTF_ID, 0);
    case 'constant':
      return slots;
  }
  if (!looksLikeAddress) return slots;
  d.refs.set(i, { kind: 'map', name: null, keySize: null, valueSize: null });
  d.notes.push({
    ...lineSpan(item.line.line, item.line.text),
    id: 'guessed-map',
    message: 'The log does not say what this address is; it is taken for a map',
  });
  return address(op.BPF_PSEUDO_MAP_FD, 0);
}

const ENDS = new Set([op.OP_EXIT, op.OP_JA, op.OP_GOTOL, op.OP_GOTOX]);
const isShortJump = (code: number): boolean =>
  (op.classOf(code) === op.BPF_JMP || op.classOf(code) === op.BPF_JMP32) &&
  !ENDS.has(code) &&
  code !== op.OP_CALL
    ? true
    : code === op.OP_JA;

/** Puts the known instructions at their places and fills the rest, so that no function runs into the next. */
function lay(
  at: ReadonlyMap<number, readonly Slot[]>,
  entries: Set<number>,
  d: Draft,
  span: { line: number; col: number; endCol: number },
): void {
  let length = 0;
  for (const [i, slots] of at) {
    length = Math.max(length, i + slots.length);
    const { code, src, off, imm } = slots[0];
    if (code === op.OP_GOTOL || (code === op.OP_CALL && src === op.BPF_PSEUDO_CALL)) {
      length = Math.max(length, i + 2 + imm);
      if (code === op.OP_CALL) entries.add(i + 1 + imm);
    } else if (isShortJump(code)) length = Math.max(length, i + 2 + off);
  }
  // A program ends with an exit or a jump; a log that was cut off may not show it.
  const end = at.get(length - 1)?.[0].code;
  if (end === undefined ? at.has(length - 2) : !ENDS.has(end)) length++;
  const missing: number[] = [];
  for (let i = 0; i < length;) {
    const slots = at.get(i);
    if (slots === undefined) missing.push(i);
    d.slots.push(...(slots ?? [i === length - 1 || entries.has(i + 1) ? EXIT : GAP]));
    i += slots?.length ?? 1;
  }
  if (missing.length > 0) {
    const shown = missing.slice(0, 8).join(', ') + (missing.length > 8 ? ', …' : '');
    d.notes.push({
      ...span,
      id: 'missing-instructions',
      message: `The log does not show instruction${missing.length > 1 ? 's' : ''} ${shown}; «goto +0» or «exit» stands there instead`,
    });
  }
}
