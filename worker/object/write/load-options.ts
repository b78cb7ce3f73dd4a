import { resolveSection } from '../../program/section.ts';
import type { Program } from '../../program/program.ts';

/** The section that a program's entry point goes to, and what no section can say, in sentences. */
export function sectionAndNotes(program: Program): { readonly section: string; readonly notes: string[] } {
  const notes: string[] = [];
  const { attach } = program;
  let section = program.section ?? 'socket';
  const known = resolveSection(section);
  if (
    known !== null &&
    known.extra === '' &&
    attach !== null &&
    attach.kind !== 'struct' &&
    known.row.target !== null
  ) {
    const name = attach.kind === 'prog' ? attach.id : attach.name;
    const prefix = ['btf_trace_', 'bpf_lsm_', 'bpf_iter_'].find(
      (p) => known.row.target !== 'func' && name.startsWith(p),
    );
    section = `${section}/${name.slice(prefix?.length ?? 0)}`;
  }
  const says = resolveSection(section);
  if (
    says === null ||
    says.progType !== program.progType ||
    (attach?.kind !== 'struct' && says.attachType !== program.attachType)
  )
    notes.push(
      `The section ${section} does not say all of how the program is loaded; the loader must (bpf_program__set_type, bpf_program__set_expected_attach_type).`,
    );
  const flags = program.flags & ~(says?.flags ?? 0);
  if (flags !== 0)
    notes.push(
      `The load flags 0x${flags.toString(16)} are not in the object; bpf_program__set_flags sets them.`,
    );
  if (!program.privileged) notes.push('That the program is loaded without privileges is not in the object.');
  if (program.semantics.length > 0)
    notes.push(`The rules ${program.semantics.join(', ')} are not in the object.`);
  if (program.kfuncFlags.size > 0) notes.push('Changed flags of kfuncs are not in the object.');
  for (const { name } of program.invented)
    notes.push(`No kernel has the kfunc ${name}, so that libbpf will not load the object.`);
  return { section, notes };
}
