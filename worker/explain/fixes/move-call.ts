import { callee, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { callsOf, preparation } from './code.ts';
import type { Candidate } from './fix.ts';

/** What ends and what begins a region. */
const REGIONS: readonly { readonly enter: readonly string[]; readonly leave: readonly string[] }[] = [
  { enter: ['bpf_spin_lock', 'bpf_res_spin_lock'], leave: ['bpf_spin_unlock', 'bpf_res_spin_unlock'] },
  { enter: ['bpf_rcu_read_lock'], leave: ['bpf_rcu_read_unlock'] },
  { enter: ['bpf_preempt_disable'], leave: ['bpf_preempt_enable'] },
  { enter: ['bpf_local_irq_save'], leave: ['bpf_local_irq_restore'] },
];

/** Moves the refused call, with what prepares its arguments, behind the end of the region or before its beginning. */
export function* moveCallOut(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  if (name === '') return;
  const editor = editorOf(c);
  const block = [...preparation(c, c.insn), c.insn];
  const lines = block.map((insn) => editor.textOf(insn));
  const cut = block.map((insn) => editor.remove(insn));
  for (const { enter, leave } of REGIONS) {
    for (const end of callsOf(c, leave)) {
      if (end > c.insn) yield { title: `Call ${name} after ${callee(c, end)}`, edits: [...cut, editor.after(end, lines)] };
    }
    for (const begin of callsOf(c, enter).reverse()) {
      if (begin >= c.insn) continue;
      const first = preparation(c, begin)[0] ?? begin;
      yield { title: `Call ${name} before ${callee(c, begin)}`, edits: [editor.before(first, lines), ...cut] };
    }
  }
}

/** Takes the refused call out. */
export function* removeCall(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  if (name === '') return;
  const editor = editorOf(c);
  const block = [...preparation(c, c.insn), c.insn];
  yield { title: `Leave this call of ${name} out`, edits: block.map((insn) => editor.remove(insn)) };
  yield { title: `Leave this call of ${name} out`, edits: [editor.remove(c.insn)] };
}
