import { BTF_KIND_DATASEC, BTF_KIND_FUNC } from '../btf/btf.ts';
import { essentialName } from '../btf/match.ts';
import { isStructOrUnion, resolvePtr, skipModifiers } from '../btf/walk.ts';
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

/** Sections of variables whose members are programs. */
const STRUCT_OPS_SECTION = /^\??\.struct_ops(\.link)?$/;

/** What the section of a program makes of it in a kernel with these types. */
export function loadedAs(object: CompiledObject, program: ObjectProgram, kernel: KernelTypes): LoadedAs {
  const section = resolveSection(program.section);
  if (section === null) return guessed(object, program);
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

/** Sections for the types that only one type of programs, or mostly one, is called with. */
const BY_CONTEXT: ReadonlyMap<string, string> = new Map([
  ['xdp_md', 'xdp'],
  ['__sk_buff', 'tc'],
  ['pt_regs', 'kprobe'],
  ['bpf_perf_event_data', 'perf_event'],
  ['bpf_raw_tracepoint_args', 'raw_tp'],
  ['bpf_sock_ops', 'sockops'],
  ['sk_msg_md', 'sk_msg'],
  ['bpf_sysctl', 'cgroup/sysctl'],
]);

/** For sections of the program's own, as loaders other than libbpf have them: what the argument suggests. */
function guessed({ btf }: CompiledObject, { func, section }: ObjectProgram): LoadedAs {
  const id = btf?.find(func.name, BTF_KIND_FUNC) ?? 0;
  const context = id === 0 ? undefined : btf!.type(btf!.type(id).type).params.at(0);
  const struct = context === undefined ? null : resolvePtr(btf!, context.type);
  const suggested = BY_CONTEXT.get(struct?.name ?? '');
  const known = resolveSection(suggested ?? 'socket')!;
  const why = suggested === undefined ? 'nothing else does either, and' : 'by its argument';
  return {
    progType: known.progType,
    attachType: known.attachType,
    flags: known.flags,
    attach: null,
    notes: [
      `The section ${section} does not say what type of program this is: ${why} it is taken for ${known.row.name}; .prog changes that.`,
    ],
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
