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
