import type { TextCase } from '../context.ts';
import { editorOf } from '../edits.ts';
import type { Candidate } from './fix.ts';

/** Loads the program with privileges. */
export function* withPrivileges(c: TextCase): Iterable<Candidate> {
  if (c.program.privileged) return;
  const editor = editorOf(c);
  yield {
    title: 'Load it with privileges',
    lastResort: true,
    edits: [...editor.setting('unprivileged', null), ...editor.setting('privileged', null)],
    note: 'The program may be right: without CAP_BPF and CAP_PERFMON the verifier allows less.',
  };
}

/** Declares the program GPL. */
export function* gplLicence(c: TextCase): Iterable<Candidate> {
  if (/GPL/.test(c.program.license)) return;
  yield { title: 'Say that its licence is GPL', edits: editorOf(c).setting('license', 'GPL') };
}

/** Loads the program as sleepable: by its section if there is such a one, else by the flag. */
export function* makeSleepable(c: TextCase): Iterable<Candidate> {
  if ((c.program.flags & 16) !== 0) return;
  const editor = editorOf(c);
  const section = c.program.section ?? '';
  const [head, ...rest] = section.split('/');
  if (head !== '' && !head.endsWith('.s')) {
    yield {
      title: `Make the program sleepable: ${head}.s`,
      edits: editor.setting('prog', [`${head}.s`, ...rest].join('/')),
    };
  }
  yield { title: 'Load the program as sleepable', edits: editor.setting('flags', 'sleepable') };
}

/** Makes a sleepable program one that may not sleep. */
export function* makeNonSleepable(c: TextCase): Iterable<Candidate> {
  if ((c.program.flags & 16) === 0) return;
  const section = c.program.section ?? '';
  const [head, ...rest] = section.split('/');
  if (head.endsWith('.s'))
    yield {
      title: `Let the program not be sleepable: ${head.slice(0, -2)}`,
      edits: editorOf(c).setting('prog', [head.slice(0, -2), ...rest].join('/')),
    };
  yield { title: 'Load the program without the sleepable flag', edits: editorOf(c).setting('flags', null) };
}

/** Leaves a load flag out: alignment may be checked less strictly. */
export function* withoutStrictAlignment(c: TextCase): Iterable<Candidate> {
  if ((c.program.flags & 1) === 0) return;
  yield {
    title: 'Load it without strict alignment',
    edits: editorOf(c).setting('flags', null),
    note: 'Only machines that cannot do unaligned accesses need it.',
  };
}

/** Takes instructions that are never reached out, or lets a function end. */
export function* mendFlow(c: TextCase): Iterable<Candidate> {
  const editor = editorOf(c);
  const { rule } = c.result;
  const at = Number(c.args[0]);
  if (rule === 'cfg.unreachable' && Number.isInteger(at) && at < c.text.sourceMap.length) {
    for (const count of [1, 2, 4, 8]) {
      const insns = Array.from({ length: count }, (_, i) => at + i).filter(
        (i) => i < c.program.insns.length && c.program.insns.code[i] !== 0,
      );
      yield { title: 'Leave out what is never reached', edits: insns.map((insn) => editor.remove(insn)) };
    }
  }
  if (rule === 'cfg.fallsThrough') {
    const ends = [...c.text.outline.functions.map((f) => f.end - 1), c.program.insns.length - 1];
    for (const last of new Set(ends))
      yield { title: 'End the function with exit', edits: [editor.after(last, ['r0 = 0', 'exit'])] };
    for (const last of new Set(ends))
      yield { title: 'End the function with exit', edits: [editor.after(last, ['exit'])] };
  }
}
