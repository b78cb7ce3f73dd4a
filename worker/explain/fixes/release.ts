import { PTR_MAYBE_NULL } from '../../kernel/types.ts';
import { BtfRef, IterExt, type Reg } from '../../state/reg.ts';
import { REF_PTR } from '../../state/reference.ts';
import { EVENT_RELEASED } from '../../trace/trace.ts';
import { callee, culprit, type WalkedCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import { preparation, spareRegisters } from './code.ts';
import type { Candidate } from './fix.ts';

/** What gives a reference to each type back. */
const RELEASERS: Readonly<Record<string, string>> = {
  task_struct: 'bpf_task_release',
  cgroup: 'bpf_cgroup_release',
  bpf_cpumask: 'bpf_cpumask_release',
  cpumask: 'bpf_cpumask_release',
  request: 'bpf_request_release',
  bpf_crypto_ctx: 'bpf_crypto_ctx_release',
  nf_conn: 'bpf_ct_release',
  nf_conn___init: 'bpf_ct_release',
  file: 'bpf_put_file',
  bpf_key: 'bpf_key_put',
  sock_common: 'bpf_sk_release',
  sock: 'bpf_sk_release',
};

function releaser(reg: Reg): string | null {
  if (!(reg.ext instanceof BtfRef)) return null;
  return RELEASERS[reg.ext.btf.type(reg.ext.id).name] ?? null;
}

/** Gives leaked references back: at the latest place where a register still has them. */
export function* releaseLeaked(c: WalkedCase): Iterable<Candidate> {
  const held = c.trace.mirrorAt(c.step).refs.filter((ref) => ref.type === REF_PTR);
  const editor = editorOf(c);
  for (const ref of held.reverse()) {
    let places = 0;
    let last = -1;
    for (const step of c.trace.way(c.step)) {
      const insn = c.trace.insnAt(step);
      const frame = c.trace.mirrorAt(step).frames.at(-1)!;
      const regno = frame.regs.findIndex((reg) => reg.id === ref.id && (reg.type & PTR_MAYBE_NULL) === 0 && releaser(reg) !== null);
      if (regno >= 0 && insn !== last) {
        const name = releaser(frame.regs[regno])!;
        const lines = [...(regno === 1 ? [] : [`r1 = r${regno}`]), `call ${name}`];
        yield { title: `Release it with ${name}`, edits: [editor.before(insn, lines)] };
        if (!jumps(c, insn)) yield { title: `Release it with ${name}`, edits: [editor.after(insn, lines)] };
        last = insn;
        if (++places === 6) break;
      }
    }
  }
}

function jumps(c: WalkedCase, insn: number): boolean {
  const cls = c.program.insns.code[insn] & 7;
  return (cls === 5 || cls === 6) && callee(c, insn) === '';
}

/** Moves the release of what is used behind the use. */
export function* useFirst(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  for (const step of c.trace.way(c.step)) {
    if (step === c.step || !c.trace.eventsOf(step).some((event) => event.kind === EVENT_RELEASED)) continue;
    const call = c.trace.insnAt(step);
    const block = [...preparation(c, call), call];
    const asWritten = block.map((insn) => editor.textOf(insn));
    // what the argument was copied from may be overwritten by the use: then the register that was used is released
    const other = [`r1 = r${culprit(c)}`, `call ${callee(c, call)}`];
    const cut = block.map((insn) => editor.remove(insn));
    // the use may be a few instructions long: behind each of them in turn
    for (let place = c.insn, tries = 0; place < c.program.insns.length && tries < 4; place++, tries++) {
      for (const lines of [asWritten, other]) yield { title: `Call ${callee(c, call)} after the use`, edits: [...cut, editor.after(place, lines)] };
    }
    return;
  }
}

/** Releases the VMA that an iterator holds before the call that may fault. */
export function* releaseBeforeFault(c: WalkedCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const frame = c.trace.mirrorAt(c.step).frames.at(-1)!;
  const name = callee(c, c.insn);
  const setup = preparation(c, c.insn);
  const iterators = frame.stack.flatMap((slot, spi) => (slot.reg.ext instanceof IterExt && slot.reg.ext.acquiredId !== 0 ? [{ spi, ext: slot.reg.ext }] : []));
  const releases = iterators.flatMap(({ spi, ext }) => {
    const kfunc = `${ext.btf.type(ext.id).name}_release`;
    return c.model.kfunc(kfunc, null) === null ? [] : ['r1 = r10', `r1 += -${(spi + 1) * 8}`, `call ${kfunc}`];
  });
  if (releases.length === 0) return;
  const title = `Release the VMA before ${name} may fault`;
  for (let split = 0; split <= setup.length; split++) {
    // what was prepared before the release must survive it
    const prepared = new Set(setup.slice(0, split).map((insn) => c.program.insns.dst[insn]));
    for (const insn of setup.slice(split)) if ((c.program.insns.code[insn] & 0xf0) === 0xb0 || (c.program.insns.code[insn] & 7) < 2) prepared.delete(c.program.insns.dst[insn]);
    const spare = spareRegisters(c, c.insn, setup);
    if (prepared.size > spare.length) continue;
    const saved = [...prepared].map((reg, i) => ({ reg, spare: spare[i] }));
    const place = setup[split] ?? c.insn;
    const edits = [editor.before(place, [...saved.map((s) => `r${s.spare} = r${s.reg}`), ...releases, ...(place === c.insn ? saved.map((s) => `r${s.reg} = r${s.spare}`) : [])])];
    if (place !== c.insn && saved.length !== 0) edits.push(editor.before(c.insn, saved.map((s) => `r${s.reg} = r${s.spare}`)));
    yield { title, edits };
  }
}

