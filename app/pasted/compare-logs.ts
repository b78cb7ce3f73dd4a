import type { LoggedKind, LoggedStep, LoggedWalk, LoggedValue } from '../../worker/protocol/pasted.ts';

/** How a pasted log compares with that of the program as verified here. */
export interface LogsCompared {
  /** Steps from the start at which both walk the same instruction. */
  readonly sameSteps: number;
  /** Lines of instructions, states, branches and messages that both have alike from the start. */
  readonly sameLines: number;
  /** The first of these lines that differs, 0-based in each log; null: none, one may be longer. */
  readonly first: { readonly pasted: number | null; readonly here: number | null } | null;
}

/** Lines that a kernel writes whatever the program's source looked like. */
const COMPARED: ReadonlySet<LoggedKind> = new Set(['insn', 'state', 'path', 'message']);

/** Ids of types, addresses and spaces are no difference. */
export function comparable(text: string): string {
  return text
    .replace(/#\d{4,}/g, '#…')
    .replace(/0x[0-9a-f]{12,}/g, '0x…')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Compares two logs from their starts. */
export function compareLogs(pasted: LoggedWalk, here: LoggedWalk): LogsCompared {
  const lines = (walk: LoggedWalk): number[] =>
    walk.lines.flatMap(({ kind }, i) => (COMPARED.has(kind) ? [i] : []));
  const [a, b] = [lines(pasted), lines(here)];
  const most = Math.max(a.length, b.length);
  let same = 0;
  while (same < most) {
    const [x, y] = [a[same], b[same]];
    if (x === undefined || y === undefined) break;
    if (comparable(pasted.lines[x]!.text) !== comparable(here.lines[y]!.text)) break;
    same++;
  }
  let steps = 0;
  while (
    steps < Math.min(pasted.steps.length, here.steps.length) &&
    pasted.steps[steps]!.insn === here.steps[steps]!.insn
  )
    steps++;
  return {
    sameSteps: steps,
    sameLines: same,
    first: same === most ? null : { pasted: a[same] ?? null, here: b[same] ?? null },
  };
}

/** Level at which a log was written: all of an accepted program and precision marks are told at level 2 only. */
export function levelOf(pasted: LoggedWalk): 1 | 2 {
  if (pasted.verdict === 'accepted') return 2;
  return pasted.lines.some(({ text }) => /^func#0 @0|mark_precise:|^last_idx /.test(text)) ? 2 : 1;
}

/** A value before a step, and whether the log says that the step before changed it. */
export interface LoggedRow {
  readonly name: string;
  readonly text: string;
  readonly changed: boolean;
}

/** What a log says is known before a step: the last whole state, and what changed since. Of the frame that is walked. */
export function stateAt(steps: readonly LoggedStep[], at: number): LoggedRow[] {
  let from = at;
  while (from > 0 && !steps[from]!.whole) from--;
  const known = new Map<string, LoggedValue>();
  for (let i = from; i <= at; i++)
    for (const value of steps[i]!.state) known.set(`${value[0]} ${value[1]}`, value);
  const step = steps[at]!;
  const changed = new Set(step.whole ? [] : step.state.map(([frame, name]) => `${frame} ${name}`));
  const order = (name: string): number =>
    name.startsWith('R')
      ? Number(name.slice(1))
      : name.startsWith('fp-')
        ? 100 + Number(name.slice(3))
        : 1000;
  return [...known]
    .filter(([, [frame]]) => frame === step.frame)
    .map(([key, [, name, text]]) => ({ name, text, changed: changed.has(key) }))
    .sort((a, b) => order(a.name) - order(b.name));
}

/** The step at or before a line; -1 before the first. */
export function stepOfLine(steps: readonly LoggedStep[], line: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (steps[middle]!.line <= line) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
