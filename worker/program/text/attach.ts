import { BTF_KIND_FUNC, BTF_KIND_STRUCT, BTF_KIND_TYPEDEF } from '../../btf/btf.ts';
import type { Btf } from '../../btf/btf.ts';
import type { KernelModel } from '../../kernel/model.ts';
import type { Attach } from '../program.ts';
import { problemAt } from './problem.ts';
import type { Problem } from './problem.ts';
import { targetMissing } from './settings.ts';
import type { Settings } from './settings.ts';

const KINDS = { func: BTF_KIND_FUNC, typedef: BTF_KIND_TYPEDEF, struct: BTF_KIND_STRUCT } as const;

/** Id of a problem that is none once the kernel's types are there. */
export const TYPES_NEEDED = 'text-types-needed';

/** What a program attaches to, and its expected attach type (for struct_ops: the member's index). */
export interface ResolvedAttach {
  readonly attach: Attach | null;
  readonly attachType: number;
}

/** Finds the attach target; with the kernel's types loaded, one that does not exist is an error. */
export function resolveAttach(s: Settings, kernel: KernelModel, problems: Problem[]): ResolvedAttach {
  const at = s.sectionAt?.textSpan ?? { line: 1, col: 1, endCol: 1 };
  const attachType = s.attachType ?? s.section?.attachType ?? 0;
  const error = (message: string, id = 'text-attach'): void => void problems.push(problemAt(at, 'error', id, message));
  if (s.attach === 'none') return { attach: null, attachType };
  const wanted = s.attach ?? s.section?.attach ?? null;
  if (targetMissing(s)) {
    const example = { struct_ops: '.attach struct tcp_congestion_ops.ssthresh', prog: '.prog freplace/function' };
    const target = s.section!.row.target!;
    const how = target === 'struct_ops' || target === 'prog' ? example[target] : `.prog ${s.sectionName}/name`;
    error(`Programs of section ${s.sectionName} must say what they attach to: ${how}.`);
    return { attach: null, attachType };
  }
  if (wanted === null || wanted.kind === 'prog') return { attach: wanted, attachType };
  if (wanted.kind === 'struct') return structOps(wanted, s.attachType, kernel, error);
  if (!kernel.hasBtf) return { attach: wanted, attachType };
  const found = findTarget(wanted.name, wanted.kind, wanted.module, kernel);
  if (found === null) error(`The kernel has no ${wanted.kind === 'typedef' ? 'tracepoint' : 'function'} ${wanted.name} to attach to.`);
  return { attach: { ...wanted, module: found?.module ?? wanted.module }, attachType };
}

/** In the kernel itself, else in a module that has kfuncs; only there if one is named. */
function findTarget(name: string, kind: keyof typeof KINDS, module: string | null, kernel: KernelModel): { btf: Btf; id: number; module: string | null } | null {
  const modules = module !== null ? [module] : [null, ...new Set(kernel.kfuncs().flatMap((k) => (k.module === null ? [] : [k.module])))];
  for (const candidate of modules) {
    const btf = candidate === null ? kernel.btf() : kernel.moduleBtf(candidate);
    const id = btf?.find(name, KINDS[kind]) ?? 0;
    if (btf !== null && id !== 0) return { btf, id, module: candidate };
  }
  return null;
}

function structOps(
  wanted: Extract<Attach, { kind: 'func' | 'typedef' | 'struct' }>,
  given: number | null,
  kernel: KernelModel,
  error: (message: string, id?: string) => void,
): ResolvedAttach {
  const [name, member] = wanted.name.split('.');
  const attach: Attach = { ...wanted, name };
  if (member === undefined || /^\d+$/.test(member)) {
    if (member === undefined && given === null) error(`Which member of struct ${name}? Write .attach struct ${name}.member.`);
    return { attach, attachType: member === undefined ? (given ?? 0) : Number(member) };
  }
  if (!kernel.hasBtf) {
    error(`The kernel’s types are needed to find ${name}.${member}; without them write its index: .attach struct ${name}.0.`, TYPES_NEEDED);
    return { attach, attachType: 0 };
  }
  const found = findTarget(name, 'struct', wanted.module, kernel);
  if (found === null) {
    error(`The kernel has no struct ${name}.`);
    return { attach, attachType: 0 };
  }
  const index = found.btf.type(found.id).members.findIndex((m) => m.name === member);
  if (index < 0) error(`struct ${name} has no member ${member}.`);
  return { attach: { ...attach, module: found.module }, attachType: Math.max(0, index) };
}
