import { BTF_KIND_DATASEC } from '../btf/btf.ts';
import { essentialName } from '../btf/match.ts';
import { isStructOrUnion, skipModifiers } from '../btf/walk.ts';
import type { KernelTypes } from '../kernel/load.ts';
import { BPF_PROG_TYPE_STRUCT_OPS } from '../kernel/uapi.ts';
import type { Attach } from '../program/program.ts';
import { resolveSection } from '../program/section.ts';
import { findKernelType } from './kernel-types.ts';
import type { CompiledObject, ObjectProgram } from './open.ts';

/** How a program is loaded: what its section says, with the target looked up. */
export interface LoadedAs {
  readonly progType: number;
  readonly attachType: number;
  readonly flags: number;
  readonly attach: Attach | null;
  readonly notes: readonly string[];
}

const SOCKET_FILTER = 1;

/** Sections of variables whose members are programs. */
const STRUCT_OPS_SECTION = /^\??\.struct_ops(\.link)?$/;

/** What the section of a program makes of it in a kernel with these types. */
export function loadedAs(object: CompiledObject, program: ObjectProgram, kernel: KernelTypes): LoadedAs {
  const section = resolveSection(program.section);
  if (section === null)
    return {
      progType: SOCKET_FILTER,
      attachType: 0,
      flags: 0,
      attach: null,
      notes: [
        `The section ${program.section} does not say what type of program this is: it is taken for a socket filter; .prog changes that.`,
      ],
    };
  const { progType, attachType, flags, attach } = section;
  if (progType === BPF_PROG_TYPE_STRUCT_OPS) {
    const member = memberOf(object, program, kernel);
    if (member !== null) return { progType, flags, ...member, notes: [] };
    return {
      progType,
      attachType,
      flags,
      attach: null,
      notes: [
        'No struct in the section .struct_ops names this program, so that nothing says which operation it is; .attach does.',
      ],
    };
  }
  if (section.row.target !== null && section.extra === '')
    return {
      progType,
      attachType,
      flags,
      attach,
      notes: [
        `The section ${program.section} does not say what the program attaches to; .prog ${program.section}/… does.`,
      ],
    };
  if (attach === null || attach.kind === 'prog') return { progType, attachType, flags, attach, notes: [] };
  const found = findKernelType(kernel, attach.kind, attach.name, attach.module);
  return {
    progType,
    attachType,
    flags,
    attach: { ...attach, module: found?.module ?? attach.module },
    notes: [],
  };
}

/** The member of the kernel's struct that a struct_ops variable of the object fills with the program. */
function memberOf(
  { elf, btf }: CompiledObject,
  { func }: ObjectProgram,
  kernel: KernelTypes,
): { attach: Attach; attachType: number } | null {
  if (btf === null) return null;
  for (const section of elf.sections) {
    if (!STRUCT_OPS_SECTION.test(section.name)) continue;
    const datasec = btf.find(section.name, BTF_KIND_DATASEC);
    if (datasec === 0) continue;
    for (const { offset, symbol } of elf.relocations(section.index)) {
      if (symbol.section !== func.section || symbol.value / 8 !== func.start) continue;
      const variable = btf.type(datasec).vars.findLast((v) => v.offset <= offset);
      const struct = variable === undefined ? null : skipModifiers(btf, btf.type(variable.type).type);
      const member =
        struct === null || !isStructOrUnion(struct)
          ? undefined
          : struct.members.find((m) => m.bitOffset === (offset - variable!.offset) * 8);
      if (struct === null || member === undefined) continue;
      const found = findKernelType(kernel, 'struct', essentialName(struct.name));
      const index = found?.btf.type(found.id).members.findIndex((m) => m.name === member.name) ?? -1;
      if (found === null || index < 0) continue;
      return {
        attach: { kind: 'struct', name: essentialName(struct.name), module: found.module },
        attachType: index,
      };
    }
  }
  return null;
}
