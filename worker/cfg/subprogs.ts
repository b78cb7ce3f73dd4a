import { BTF_KIND_FUNC } from '../btf/btf.ts';
import * as op from '../isa/opcodes.ts';
import { callbackTarget, callTarget } from '../isa/flow.ts';
import { reject, rejectStructure, typeOrNull, type Context } from './context.ts';
import { Subprog, type Facts } from './facts.ts';
import { cfgRules } from './rules.ts';
import { jumpOffset } from './successors.ts';

/** Most functions that a program may have. */
const BPF_MAX_SUBPROGS = 256;
/** Helper id of bpf_tail_call. */
export const FUNC_TAIL_CALL = 12;

/** The function that instruction `i` belongs to. */
export function subprogAt(facts: Facts, i: number): Subprog {
  return facts.subprogs[facts.subprogOf[i]];
}

/** Number of the function that starts at instruction `start`, -1 if none does (kernel: bpf_find_subprog). */
export function findSubprog(facts: Facts, start: number): number {
  if (start < 0 || start >= facts.insns.length) return -1;
  const number = facts.subprogOf[start];
  return facts.subprogs[number].start === start ? number : -1;
}

/** Target of a call or of a wide load of a function, null for other instructions. */
export function referredFunction(facts: Facts, i: number): number | null {
  return callTarget(facts.insns, i) ?? callbackTarget(facts.insns, i);
}

/**
 * Finds the program's functions: targets of calls and of function references, and the exception callback that
 * a declaration tag of the main function names (kernel: add_subprogs).
 */
export function addSubprogs(ctx: Context): void {
  const { facts, insns } = ctx;
  const starts = new Set([0]);
  const add = (start: number): void => {
    if (start < 0 || start >= insns.length) reject(ctx, cfgRules.callTarget);
    if (!starts.has(start) && starts.size >= BPF_MAX_SUBPROGS) reject(ctx, cfgRules.tooManySubprogs);
    starts.add(start);
  };
  for (let i = 0; i < insns.length; i++) {
    const target = referredFunction(facts, i);
    if (target === null) continue;
    ctx.at = i;
    if (!ctx.caps.bpfCapable) rejectCalls(ctx, i, insns.code[i] === op.OP_CALL ? 'call' : 'reference');
    add(target);
  }
  ctx.at = null;
  const exceptionCallback = exceptionCallbackStart(ctx);
  if (exceptionCallback !== 0) add(exceptionCallback);

  const sorted = [...starts].sort((a, b) => a - b);
  facts.subprogs = sorted.map((start, i) => new Subprog(i, start));
  for (const [i, subprog] of facts.subprogs.entries()) {
    subprog.end = sorted[i + 1] ?? insns.length;
    facts.subprogOf.fill(i, subprog.start, subprog.end);
  }
  if (exceptionCallback !== 0) {
    const callback = facts.subprogs[findSubprog(facts, exceptionCallback)];
    facts.exceptionCallbackSubprog = callback.index;
    callback.isCb = callback.isAsyncCb = callback.isExceptionCb = true;
  }
  if (ctx.messages.level === 2) for (const { index, start } of facts.subprogs) ctx.messages.text(`func#${index} @${start}\n`);
}

const CALLS = {
  call: {
    operation: 'BPF-to-BPF function call',
    reason: 'loading or calling other BPF functions requires CAP_BPF or CAP_SYS_ADMIN',
    suggestion: 'Load this program with the required capability, or avoid BPF-to-BPF function calls in unprivileged programs.',
  },
  reference: {
    operation: 'BPF function reference',
    reason: 'loading or calling other BPF functions requires CAP_BPF or CAP_SYS_ADMIN',
    suggestion: 'Load this program with the required capability, or avoid BPF function references in unprivileged programs.',
  },
  kfunc: {
    operation: 'kernel function call',
    reason: 'calling kernel functions requires CAP_BPF or CAP_SYS_ADMIN',
    suggestion: 'Load this program with the required capability, or avoid kernel function calls in unprivileged programs.',
  },
} as const;

/** Calls of any function but helpers need CAP_BPF. */
export function rejectCalls(ctx: Context, insn: number, what: keyof typeof CALLS): never {
  return reject(ctx, cfgRules.callsNotPermitted, [], { kind: 'policy', insn, ...CALLS[what] });
}

const EXCEPTION_TAG = 'exception_callback:';

/** First instruction of the exception callback that the main function's tag names, 0 if it has no such tag. */
function exceptionCallbackStart(ctx: Context): number {
  const { funcInfo, btf } = ctx.program;
  if (funcInfo.length === 0 || btf === null) return 0;
  const names = btf.declTags(funcInfo[0][1]).filter(([tag, component]) => component === -1 && tag.startsWith(EXCEPTION_TAG));
  if (names.length === 0) return 0;
  if (names.length > 1) reject(ctx, cfgRules.exceptionCallbackTwice);
  const name = names[0][0].slice(EXCEPTION_TAG.length);
  const id = btf.find(name, BTF_KIND_FUNC);
  if (id === 0) reject(ctx, cfgRules.exceptionCallbackMissing, [name]);
  if (btf.type(id).linkage !== 1) reject(ctx, cfgRules.exceptionCallbackStatic, [name]);
  const row = funcInfo.findLast(([, typeId]) => typeId === id);
  if (row === undefined) reject(ctx, cfgRules.exceptionCallbackNoInfo);
  if (row[0] === 0) reject(ctx, cfgRules.exceptionCallbackMain);
  return row[0];
}

/**
 * Jumps must stay in their function, and no function may run into the next (kernel: check_subprogs). Notes
 * tail calls, packet loads and one exit per function on the way.
 */
export function checkSubprogs(ctx: Context): void {
  const { facts, insns } = ctx;
  for (const subprog of facts.subprogs) {
    for (let i = subprog.start; i < subprog.end; i++) {
      const code = insns.code[i];
      const cls = op.classOf(code);
      if (code === op.OP_CALL && insns.src[i] === 0 && insns.imm[i] === FUNC_TAIL_CALL) subprog.hasTailCall = subprog.tailCallReachable = true;
      if (cls === op.BPF_LD && (op.modeOf(code) === op.BPF_ABS || op.modeOf(code) === op.BPF_IND)) subprog.hasLdAbs = true;
      if (cls === op.BPF_JMP || cls === op.BPF_JMP32) {
        const operation = op.opOf(code);
        if (operation === op.BPF_EXIT) subprog.exitIdx = i;
        else if (operation !== op.BPF_CALL && code !== op.OP_GOTOX) checkTarget(ctx, subprog, i);
      }
    }
    const last = insns.code[subprog.end - 1];
    if (last === op.OP_EXIT || last === op.OP_JA || last === op.OP_GOTOL || last === op.OP_GOTOX) continue;
    rejectStructure(
      ctx,
      cfgRules.fallsThrough,
      [],
      subprog.end - 1,
      'subprogram can fall through',
      'End each subprogram with an exit or an explicit jump that keeps control flow inside the subprogram.',
      `Subprogram ${subprog.index} reaches its last instruction ${subprog.end - 1} without an exit or jump, so control could continue into the next subprogram.`,
    );
  }
}

function checkTarget(ctx: Context, subprog: Subprog, i: number): void {
  const target = i + jumpOffset(ctx.facts, i) + 1;
  if (target >= subprog.start && target < subprog.end) return;
  rejectStructure(
    ctx,
    cfgRules.jumpOutOfSubprog,
    [i, target],
    i,
    'jump out of range',
    'Keep branch targets within the same subprogram, or use an explicit subprogram call.',
    `Instruction ${i} jumps to instruction ${target}, but subprogram ${subprog.index} only contains instructions ${subprog.start} through ${subprog.end - 1}. ` +
      'A branch target must stay inside the same subprogram.',
  );
}

/** Name of a function as func_info has it, empty without func_info. */
export function subprogName(ctx: Context, number: number): string {
  const row = ctx.program.funcInfo[number];
  if (row === undefined || ctx.program.btf === null) return '';
  return typeOrNull(ctx.program.btf, row[1])?.name ?? '';
}
