import { isGplCompatible } from '../kernel/prog-traits.ts';
import type { ProgTraits } from '../kernel/prog-traits.ts';
import { Insns } from '../isa/insns.ts';
import * as op from '../isa/opcodes.ts';
import type { KernelModel } from '../kernel/model.ts';
import type { Messages } from '../failure/messages.ts';
import type { Program } from '../program/program.ts';
import type { MapInfo } from '../state/map-info.ts';
import { analyzeStack } from './arg-analysis.ts';
import { checkAttach } from './attach/check.ts';
import { structOpsMember } from './attach/struct-ops.ts';
import type { AttachTarget } from './attach/target.ts';
import { checkBtfInfo, checkFuncInfoRows } from './btf-info.ts';
import { computeConstRegs } from './const-regs.ts';
import { reject, type Context, type Privileges } from './context.ts';
import { pruneDeadBranches } from './dead-branches.ts';
import { Facts } from './facts.ts';
import { markFastcallPatterns } from './fastcall.ts';
import { checkFlow } from './flow.ts';
import { addKfuncs, linkKernelRefs } from './kfuncs.ts';
import { computeLiveRegs, registerUses } from './live-regs.ts';
import { checkLoad, fixedAttachType } from './load.ts';
import { buildMaps } from './maps.ts';
import { insnPrinter, kernelNames } from './names.ts';
import { computePostorder } from './postorder.ts';
import { resolveInsns } from './resolve.ts';
import { cfgRules } from './rules.ts';
import { computeScc } from './scc.ts';
import type { StackLiveness } from './stack-liveness.ts';
import { addSubprogs, checkSubprogs } from './subprogs.ts';
import { sortSubprogs } from './topo.ts';

const BPF_F_SLEEPABLE = 1 << 4;
const BPF_F_XDP_DEV_BOUND_ONLY = 1 << 6;

/** What the pre-passes leave to the walk. */
export interface Prepared {
  readonly facts: Facts;
  /** All maps of the program, by their index there. */
  readonly maps: readonly MapInfo[];
  /** Maps that instructions name, in order of first use. */
  readonly usedMaps: readonly MapInfo[];
  readonly arena: MapInfo | null;
  readonly attach: AttachTarget;
  /** What the kernel model is to be asked with. */
  readonly traits: ProgTraits;
  readonly liveness: StackLiveness;
  /** An instruction as the log prints it, without its number. */
  readonly print: (insn: number) => string;
  readonly context: Context;
}

/**
 * Everything that Linux does with a program before it walks it, in its order and with its texts (kernel: bpf_check up
 * to do_check_main). Throws Rejection for refused programs, NotModelled, MapRefused for maps that could not exist,
 * and KernelTypesMissing if the kernel's types are needed but were not loaded. `begins` is told of the program before
 * the first check.
 */
export function prepare(program: Program, model: KernelModel, messages: Messages, caps: Privileges, begins?: (ctx: Context) => void): Prepared {
  const ctx = createContext(program, model, messages, caps);
  begins?.(ctx);
  const { facts } = ctx;
  checkLoad(ctx);
  if (ctx.insns.code[ctx.insns.length - 1] === op.OP_LD_IMM64) {
    ctx.at = ctx.insns.length - 1;
    reject(ctx, cfgRules.lastInsnWide);
  }
  checkFuncInfoRows(ctx);
  addSubprogs(ctx);
  checkSubprogs(ctx);
  checkBtfInfo(ctx);
  resolveInsns(ctx);
  addKfuncs(ctx);
  checkFlow(ctx);
  computePostorder(facts);
  const attach = checkAttach(ctx);
  computeConstRegs(facts);
  pruneDeadBranches(facts);
  sortSubprogs(ctx);
  computeScc(facts);
  const uses = registerUses(ctx);
  const liveness = analyzeStack(ctx);
  computeLiveRegs(ctx, uses);
  markFastcallPatterns(ctx);
  return { facts, maps: ctx.maps, usedMaps: ctx.usedMaps, arena: ctx.arena, attach, traits: ctx.traits, liveness, print: ctx.print, context: ctx };
}

function createContext(program: Program, model: KernelModel, messages: Messages, caps: Privileges): Context {
  const insns = copyInsns(program.insns);
  const kfuncModules = linkKernelRefs(insns, program, model);
  const facts = new Facts(insns);
  const names = kernelNames(facts, model, caps.allowPtrLeaks, () => ctx.kfuncsKnown);
  const ctx: Context = {
    program,
    model,
    messages,
    caps,
    traits: traitsOf(program, model),
    insns,
    facts,
    maps: buildMaps(program, model),
    usedMaps: [],
    arena: null,
    kfuncTable: new Map(),
    kfuncModules,
    kfuncsKnown: false,
    print: insnPrinter(insns, names),
    at: null,
  };
  return ctx;
}

function copyInsns(from: Insns): Insns {
  const copy = new Insns(from.length);
  copy.code.set(from.code);
  copy.dst.set(from.dst);
  copy.src.set(from.src);
  copy.off.set(from.off);
  copy.imm.set(from.imm);
  return copy;
}

/** What decides which helpers, kfuncs and ctx fields a program gets. */
export function traitsOf(program: Program, model: KernelModel): ProgTraits {
  const { attach, privileged } = program;
  const name = attach === null || attach.kind === 'prog' ? null : attach.kind === 'typedef' ? attach.name.replace(/^btf_trace_/, '') : attach.name;
  const structOps = structOpsMember({ program, model });
  return {
    progType: program.progType,
    attachType: fixedAttachType(program.progType, program.attachType),
    sleepable: (program.flags & BPF_F_SLEEPABLE) !== 0,
    gpl: isGplCompatible(program.license),
    capBpf: privileged,
    capPerfmon: privileged,
    capSysAdmin: privileged,
    attachName: structOps?.member ?? name,
    structOps,
    devBound: (program.flags & BPF_F_XDP_DEV_BOUND_ONLY) !== 0,
  };
}
