import type { Btf, BtfType } from '../btf/btf.ts';
import type { Arg } from '../failure/format.ts';
import { fail, type Messages } from '../failure/messages.ts';
import type { Report } from '../failure/report.ts';
import type { Rule } from '../failure/rule.ts';
import type { Insns } from '../isa/insns.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { ProgTraits } from '../kernel/prog-traits.ts';
import type { Program } from '../program/program.ts';
import type { MapInfo } from '../state/map-info.ts';
import type { Facts, KfuncMeta } from './facts.ts';

/** What the passes need to know of the loader's privileges. */
export interface Privileges {
  readonly bpfCapable: boolean;
  readonly allowPtrLeaks: boolean;
}

/** What the pre-passes share: the program, where texts go, and the facts found so far. */
export interface Context {
  readonly program: Program;
  readonly model: KernelModel;
  readonly messages: Messages;
  readonly caps: Privileges;
  /** What the kernel model is asked with; final once the attach target was checked. */
  traits: ProgTraits;
  /** `facts.insns`: a copy in which references to the kernel's types are resolved. */
  readonly insns: Insns;
  readonly facts: Facts;
  /** All maps of the program, and those that its instructions name, in order of first use. */
  readonly maps: readonly MapInfo[];
  readonly usedMaps: MapInfo[];
  /** Arena that the program uses, or null. */
  arena: MapInfo | null;
  /** Kfuncs looked up so far: by `id:offset`. */
  readonly kfuncTable: Map<string, KfuncMeta>;
  /** Modules that kfunc calls name, by the `off` of their instructions; entry 0 is the kernel. */
  readonly kfuncModules: readonly (string | null)[];
  /** Names of the kfuncs that the instructions call (kernel: kfunc_btf_tab is filled). */
  kfuncsKnown: boolean;
  /** How the log prints an instruction, without its number. */
  readonly print: (insn: number) => string;
  /** Instruction that a pass looks at, which is what its refusals are about; null if it looks at none. */
  at: number | null;
}

/** Rejects the program; see `failure/messages.ts`. */
export function reject(ctx: Pick<Context, 'messages'> & Partial<Pick<Context, 'at'>>, rule: Rule, args: readonly Arg[] = [], report: Report | null = null, errno = rule.errno): never {
  return fail(ctx.messages, rule, args, report, errno, ctx.at ?? null);
}

/** Rejects for the shape of the program, with the report's section on it (kernel: bpf_diag_program_structure). */
export function rejectStructure(ctx: Context, rule: Rule, args: readonly Arg[], insn: number, problem: string, suggestion: string, reason: string): never {
  return fail(ctx.messages, rule, args, { kind: 'structure', insn, problem, suggestion, reason }, rule.errno, insn);
}

/** A type by id, null if there is none. */
export function typeOrNull(btf: Btf, id: number): BtfType | null {
  return id >= 0 && id < btf.nextId ? btf.type(id) : null;
}
