import { starts } from '../../isa/flow.ts';
import { OP_EXIT } from '../../isa/opcodes.ts';
import { callee, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import type { TextEdit } from '../../protocol.ts';
import { STACK_IRQ_FLAG, byteType } from '../../state/slot.ts';
import { preparation, previous, spareRegisters } from './code.ts';
import type { Candidate } from './fix.ts';
import { keepingRegisters } from './inserted-call.ts';

/** Instructions of the function that the refused one is in. */
function ownInsns(c: WalkedCase): number[] {
  const sub = c.env.facts.subprogs[c.env.facts.subprogOf[c.insn]];
  return [...starts(c.program.insns)].filter((i) => i >= sub.start && i < sub.end);
}

/** Closes a region before each exit of the function that can follow `from`; r0 is what it was. */
function closeAtExits(
  c: WalkedCase,
  from: number,
  close: readonly string[],
  spare: number | undefined,
): TextEdit[] {
  const editor = editorOf(c);
  const { insns } = c.program;
  return ownInsns(c)
    .filter((i) => insns.code[i] === OP_EXIT && i > from)
    .map((exit) => {
      const before = previous(c, exit);
      const isConstant =
        before > from &&
        insns.dst[before] === 0 &&
        (insns.code[before] === 0xb7 || insns.code[before] === 0xb4);
      if (isConstant) return editor.before(exit, [...close, `r0 = ${insns.imm[before]}`]);
      return editor.before(
        exit,
        spare === undefined ? close : [`r${spare} = r0`, ...close, `r0 = r${spare}`],
      );
    });
}

/** Opens an RCU read section around the refused instruction, to the end of the function or to right behind it. */
export function* insideRcuSection(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const title = 'Do it inside an RCU read section';
  const open = 'call bpf_rcu_read_lock';
  const close = ['call bpf_rcu_read_unlock'];
  const first = ownInsns(c)[0];
  const [spare, other] = spareRegisters(c, c.insn, ownInsns(c));
  // from the beginning of the function, whose argument must survive the call
  if (spare !== undefined) {
    const begin = editor.before(first, [`r${spare} = r1`, open, `r1 = r${spare}`]);
    yield { title, edits: [begin, ...closeAtExits(c, first, close, other ?? spare)] };
  }
  const setup = preparation(c, c.insn)[0] ?? c.insn;
  yield { title, edits: [editor.before(setup, [open]), ...closeAtExits(c, c.insn, close, spare)] };
  if (callee(c, c.insn) !== '')
    yield {
      title,
      edits: [
        editor.before(setup, [open]),
        editor.after(c.insn, spare === undefined ? close : [`r${spare} = r0`, ...close, `r0 = r${spare}`]),
      ],
    };
}

/** Takes a lock of the text around the refused call. */
export function* underLock(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const name = callee(c, c.insn);
  if (name === '') return;
  const [spare] = spareRegisters(c, c.insn, [c.insn]);
  const setup = preparation(c, c.insn)[0] ?? c.insn;
  for (const variable of c.text.outline.variables) {
    if (!new RegExp(`bpf_spin_lock\\s+${variable.name}\\b`).test(c.source)) continue;
    const title = `Hold ${variable.name} while calling ${name}`;
    const take = [`r1 = ${variable.name} ll`, 'call bpf_spin_lock'];
    const give = [`r1 = ${variable.name} ll`, 'call bpf_spin_unlock'];
    yield {
      title,
      edits: [
        editor.before(setup, take),
        editor.after(c.insn, spare === undefined ? give : [`r${spare} = r0`, ...give, `r0 = r${spare}`]),
      ],
    };
    // arguments that are prepared further up must survive
    if (spare !== undefined) {
      yield {
        title,
        edits: [
          editor.before(setup, [`r${spare} = r1`, ...take, `r1 = r${spare}`]),
          editor.after(c.insn, [`r${spare} = r0`, ...give, `r0 = r${spare}`]),
        ],
      };
    }
    yield { title, edits: [editor.before(setup, take), ...closeAtExits(c, c.insn, give, spare)] };
  }
}

/** Restores all saved interrupt flags before the refused instruction, the last saved first. */
export function* restoreIrq(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const flags = irqFlags(c);
  const lines = flags.flatMap((off) => ['r1 = r10', `r1 += ${off}`, 'call bpf_local_irq_restore']);
  const kept = flags.length === 0 ? null : keepingRegisters(c, c.insn, lines);
  if (kept !== null)
    yield { title: 'Call bpf_local_irq_restore before this', edits: [editor.before(c.insn, kept)] };
}

/** Where flags of interrupts lie in the refused instruction's frame, as offsets from the frame pointer; the last saved first. */
export function irqFlags(c: WalkedCase): number[] {
  return c.trace
    .mirrorAt(c.step)
    .frames.at(-1)!
    .stack.map((slot, spi) => ({ slot, off: -8 * (spi + 1) }))
    .filter(({ slot }) => byteType(slot.types, 0) === STACK_IRQ_FLAG)
    .sort((a, b) => b.slot.reg.id - a.slot.reg.id)
    .map(({ off }) => off);
}
