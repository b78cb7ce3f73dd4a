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
      if (end > c.insn)
        yield { title: `Call ${name} after ${callee(c, end)}`, edits: [...cut, editor.after(end, lines)] };
    }
    for (const begin of callsOf(c, enter).reverse()) {
      if (begin >= c.insn) continue;
      const first = preparation(c, begin)[0] ?? begin;
      yield {
        title: `Call ${name} before ${callee(c, begin)}`,
        edits: [editor.before(first, lines), ...cut],
      };
    }
  }
}

/** Takes the refused call out. */
export function* removeCall(c: WalkedCase): Iterable<Candidate> {
  const name = callee(c, c.insn);
  if (name === '') return;
  const editor = editorOf(c);
  const block = [...preparation(c, c.insn), c.insn];
  const title = `Leave this call of ${name} out`;
  yield { title, edits: block.map((insn) => editor.remove(insn)), lastResort: true };
  yield { title, edits: [editor.remove(c.insn)], lastResort: true };
  // what begins a region takes its end along
  const pair = REGIONS.find(({ enter }) => enter.includes(name));
  const end = pair === undefined ? undefined : callsOf(c, pair.leave).find((call) => call > c.insn);
  if (end === undefined) return;
  const both = [...block, ...preparation(c, end), end];
  yield {
    title: `Leave ${name} and its ${callee(c, end)} out`,
    edits: both.map((insn) => editor.remove(insn)),
    lastResort: true,
  };
}
