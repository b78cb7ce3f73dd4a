/** What a line of a verifier's log is. */
export type LineKind = 'insn' | 'state' | 'path' | 'source' | 'message' | 'stats' | 'other';

/** A register, slot or count: frame, name without marks, text. */
export type Value = readonly [frame: number, name: string, text: string];

/** An instruction that was walked. */
export interface WalkedInsn {
  readonly line: number;
  readonly insn: number;
  readonly text: string;
  readonly state: readonly Value[];
  readonly whole: boolean;
  readonly frame: number;
}

/** A log, line by line and step by step. */
export interface LogDocument {
  readonly lines: readonly { readonly text: string; readonly kind: LineKind }[];
  readonly steps: readonly WalkedInsn[];
  readonly verdict: 'accepted' | 'rejected' | 'unknown';
  readonly message: string | null;
  readonly dialect: 'new' | 'old' | 'unknown';
}

/** `12: (b7) r1 = 5   ; R1_w=5`; the tables before the walk are indented. */
const INSN = /^(\d+): \(([0-9a-f]{2})\) (.*)$/;
/** The walk begins anew here, and the next state is a whole one. */
const FRESH = /^(?:Validating |Func#\d+ )/;
const PATH = /^from (\d+) to (\d+)(?: \(speculative execution\))?:\s*(.*)$/;
const STATE = /^(\d+):\s+((?:frame\d+: ?)?(?:R\d+|fp-?\d*|refs=|cb|async_cb).*)$/;
const STATS = /^\s*(?:processed \d+ insns|verification time|stack depth|max_states_per_insn|mark_read)/;
const SOURCE = /^\s*;/;
/** What the verifier says along the way, which is no rejection. */
const ASIDE =
  /^\s*(?:mark_precise|last_idx|regs=|parent |R\d+(?:_\w+)?=|SCC |func '|frame ?\d+:|\d+: safe|propagating|func#\d+ @|Validating |Func#\d+ |Live regs|subprog#|arg#\d+|caller:|callee:|returning from|to caller|reg type|\(\d+ frame|BPF program|btf_vmlinux|from \d+|stack use\/def|Verification failed|At instruction|Reason|Suggestion|\s*>|-{3,}|\s*\d+ \| )/;
/** Between values of a state. */
const NEXT_VALUE = /\s+(?=(?:R\d+|fp-?\d+|refs|cb|async_cb|callback)(?:_\w+)?=)/;
const VALUE = /^(R\d+|fp-?\d+|refs|cb|async_cb|callback)(?:_\w+)?=(.*)$/s;
const FRAME = /^frame(\d+): ?/;

/** Registers and slots of a piece of state, and the frame that it speaks of. */
export function readState(text: string, frame: number): { readonly frame: number; readonly values: Value[] } {
  const named = FRAME.exec(text);
  const at = named === null ? frame : Number(named[1]);
  const body = named === null ? text : text.slice(named[0].length);
  const values = body
    .trim()
    .split(NEXT_VALUE)
    .flatMap((part): Value[] => {
      const value = VALUE.exec(part.trim());
      return value === null ? [] : [[at, value[1], value[2].trim()]];
    });
  return { frame: at, values };
}

/** What an instruction's line says after the instruction: `; R1_w=5`, or before Linux 5.18 a state behind `R1=`. */
function splitInsn(rest: string): { readonly text: string; readonly state: string } {
  const semicolon = rest.search(/\s+;\s+(?:frame\d+: )?(?:R\d+|fp-?\d+|refs)(?:_\w+)?=/);
  if (semicolon >= 0)
    return { text: rest.slice(0, semicolon).trim(), state: rest.slice(semicolon).replace(/^\s+;\s+/, '') };
  return { text: rest.replace(/\s+(?:;.*)?$/, '').trim(), state: '' };
}

/** Takes the log of any kernel apart. A text without a single instruction has no steps. */
export function readLogDocument(text: string): LogDocument {
  const lines: { text: string; kind: LineKind }[] = [];
  const steps: WalkedInsn[] = [];
  let pending: Value[] = [];
  let whole = true;
  let frame = 0;
  let message: string | null = null;
  let stats = false;
  let inside = false;
  let report = false;
  let fresh = true;
  let speculative = false;
  const dialect = dialectOf(text);
  const given = text.replace(/\r/g, '').replace(/\n$/, '').split('\n');
  // a log that was indented as a whole
  const all = given.some((line) => INSN.test(line)) ? given : given.map((line) => line.trimStart());
  for (const [index, line] of all.entries()) {
    // the report of Linux 7.3 repeats what was said before it
    if (line.startsWith('Verification failed')) report = true;
    const kind = report && !STATS.test(line) ? 'other' : kindOf(line, inside);
    lines.push({ text: line, kind });
    if (kind === 'stats') stats = true;
    if (kind === 'message') message = line.trim();
    if (kind === 'path') speculative = line.includes('(speculative execution)');
    if (kind === 'path' || kind === 'state') {
      const body = (PATH.exec(line)?.[3] ?? STATE.exec(line)?.[2] ?? '').trim();
      const read = readState(body, FRAME.test(body) ? frame : 0);
      if (read.values.length === 0) continue;
      ({ frame } = read);
      // before a message, today's kernels write what has changed; others all they know
      const part = kind === 'state' && dialect === 'new' && !fresh;
      pending = part ? [...pending, ...read.values] : read.values;
      whole = !part || whole;
      fresh = false;
    }
    if (FRESH.test(line)) fresh = true;
    if (kind !== 'insn') continue;
    inside = true;
    fresh = false;
    message = null;
    const insn = INSN.exec(line)!;
    const { text: shown, state } = splitInsn(insn[3]);
    steps.push({
      line: index,
      insn: Number(insn[1]),
      text: `(${insn[2]}) ${shown}`,
      state: pending,
      whole,
      frame,
    });
    const after = readState(state, frame);
    if (after.values.length > 0) ({ frame } = after);
    pending = after.values;
    whole = false;
  }
  // what fails on a path that only the processor may take ends that path, not the program
  if (speculative) message = null;
  const verdict =
    steps.length === 0 ? 'unknown' : message !== null ? 'rejected' : stats ? 'accepted' : 'unknown';
  return { lines, steps, verdict, message, dialect };
}

function kindOf(line: string, inside: boolean): LineKind {
  if (INSN.test(line)) return 'insn';
  if (PATH.test(line)) return 'path';
  if (STATE.test(line)) return 'state';
  if (STATS.test(line)) return 'stats';
  if (SOURCE.test(line)) return 'source';
  return !inside || line.trim() === '' || ASIDE.test(line) ? 'other' : 'message';
}

function dialectOf(text: string): LogDocument['dialect'] {
  if (/=inv(?:\(|P|-?\d|\b)|_value=|ctx\(id=0,off=0|=fp0,call_/.test(text)) return 'old';
  return /=(?:scalar\(|ctx\(\)|fp0|-?\d)/.test(text) ? 'new' : 'unknown';
}
