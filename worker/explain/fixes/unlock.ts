import { isConditionalJump, jumpTarget } from '../../isa/flow.ts';
import { callee, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { callsOf, ownFunction, preparation, previous, spareRegisters } from './code.ts';
import type { Candidate } from './fix.ts';

/** Ends of regions that need no arguments. */
const PLAIN_ENDS: Readonly<Record<string, string>> = {
  bpf_rcu_read_lock: 'bpf_rcu_read_unlock',
  bpf_preempt_disable: 'bpf_preempt_enable',
};
const LOCK_ENDS: Readonly<Record<string, string>> = {
  bpf_spin_lock: 'bpf_spin_unlock',
  bpf_res_spin_lock: 'bpf_res_spin_unlock',
};

/** The call on the way that began what is still held. */
function lastEntered(
  c: WalkedCase,
): { readonly name: string; readonly end: string; readonly insn: number } | null {
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    const name = callee(c, insn);
    const end = PLAIN_ENDS[name] ?? LOCK_ENDS[name];
    if (end !== undefined && step !== c.step) return { name, end, insn };
  }
  return null;
}

/** How often a region has to be left: those that need no arguments nest. */
function depthOf(c: WalkedCase, name: string): number {
  const { activePreemptLocks, activeRcuLocks } = c.trace.mirrorAt(c.step).context;
  return Math.max(
    1,
    name === 'bpf_preempt_disable' ? activePreemptLocks : name === 'bpf_rcu_read_lock' ? activeRcuLocks : 1,
  );
}

/** Gives back the lock that is held, not the one that is passed. */
export function* unlockHeld(c: WalkedCase): Iterable<Candidate> {
  const entered = lastEntered(c);
  if (entered === null || LOCK_ENDS[entered.name] === undefined) return;
  const [spare] = spareRegisters(c, entered.insn, [entered.insn]).filter((r) => !isUsed(c, r));
  if (spare === undefined) return;
  const editor = editorOf(c);
  yield {
    title: `Pass the lock that ${entered.name} took; r${spare} keeps it`,
    edits: [editor.before(entered.insn, [`r${spare} = r1`]), editor.before(c.insn, [`r1 = r${spare}`])],
  };
}

/** Does the function of the refused instruction use a register at all? */
function isUsed(c: WalkedCase, regno: number): boolean {
  const { start, end } = ownFunction(c, c.insn);
  for (let i = start; i < end; i++)
    if (c.program.insns.dst[i] === regno || c.program.insns.src[i] === regno) return true;
  return false;
}

/** Ends the region before the refused instruction. */
export function* leaveBefore(c: WalkedCase): Iterable<Candidate> {
  const entered = lastEntered(c);
  if (entered === null) return;
  const editor = editorOf(c);
  yield* detours(c, entered.end);
  const once = [...preparation(c, entered.insn).map((insn) => editor.textOf(insn)), `call ${entered.end}`];
  const lines = Array.from({ length: depthOf(c, entered.name) }, () => once).flat();
  const title = `Call ${entered.end} before this`;
  const isCall = callee(c, c.insn) !== '';
  // the result of the function is in r0, which the call overwrites: try before it is set, too
  const places = isCall
    ? [preparation(c, c.insn)[0] ?? c.insn]
    : [c.insn, previous(c, c.insn), previous(c, previous(c, c.insn))];
  for (const place of places) if (place >= 0) yield { title, edits: [editor.before(place, lines)] };
}

/** A jump on the way that skips the end of the region goes there instead. */
function* detours(c: WalkedCase, end: string): Iterable<Candidate> {
  const editor = editorOf(c);
  const { insns } = c.program;
  let count = 0;
  for (const step of c.trace.way(c.step)) {
    const insn = c.trace.insnAt(step);
    if (step !== c.step && (isConditionalJump(insns.code[insn]) || (insns.code[insn] & 0xf7) === 0x05)) {
      const target = jumpTarget(insns, insn)!;
      for (const call of callsOf(c, [end])) {
        if (call <= insn || call >= target) continue;
        const first = preparation(c, call)[0] ?? call;
        const label = freshLabel(c, 'unlock');
        const text = editor.textOf(insn).replace(/(goto\s+)\S+$/, `$1${label}`);
        yield {
          title: `Jump to ${end} instead of past it`,
          edits: [
            editor.replace(insn, text),
            { ...editor.before(first, []), text: labelText(c, first, label) },
          ],
        };
      }
      if (++count === 4) return;
    }
  }
}

/** A name for a label that the text does not have yet. */
export function freshLabel(c: WalkedCase, wish: string): string {
  const taken = new Set(c.text.outline.labels.map((label) => label.name));
  let name = wish;
  for (let i = 2; taken.has(name); i++) name = `${wish}${i}`;
  return name;
}

function labelText(c: WalkedCase, insn: number, label: string): string {
  const { col } = c.text.sourceMap[insn];
  return `${label}:\n${' '.repeat(Math.max(col - 1, 0))}`;
}

/** Takes the lock before it is given back. */
export function* lockFirst(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  const begin = Object.entries({ ...LOCK_ENDS, ...PLAIN_ENDS }).find(([, end]) => end === name)?.[0];
  if (begin === undefined) return;
  const editor = editorOf(c);
  const block = preparation(c, c.insn);
  const lines = block.map((insn) => editor.textOf(insn));
  yield {
    title: `Call ${begin} first`,
    edits: [editor.before(block[0] ?? c.insn, [...lines, `call ${begin}`])],
  };
}
