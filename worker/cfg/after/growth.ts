import { helperName } from '../../kernel/helper-access.ts';
import {
  BPF_MAP_TYPE_ARRAY,
  BPF_MAP_TYPE_ARRAY_OF_MAPS,
  BPF_MAP_TYPE_HASH,
  BPF_MAP_TYPE_HASH_OF_MAPS,
  BPF_MAP_TYPE_LRU_HASH,
  BPF_MAP_TYPE_PERCPU_ARRAY,
  BPF_MAP_TYPE_PERCPU_HASH,
  BPF_MAP_TYPE_RHASH,
  BPF_MAP_TYPE_XSKMAP,
} from '../../kernel/map-types.ts';
import * as uapi from '../../kernel/uapi.ts';
import {
  PTR_TO_CTX,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_STACK,
  PTR_TO_TCP_SOCK,
  PTR_TO_XDP_SOCK,
} from '../../kernel/types.ts';
import { isHelperCall, isKfuncCall } from '../../isa/flow.ts';
import * as op from '../../isa/opcodes.ts';
import type { Program } from '../../program/program.ts';
import type { Context } from '../context.ts';
import { pointsToKernelStruct } from '../kfunc-args.ts';
import { AUX_NOSPEC, AUX_NOSPEC_RESULT, AUX_ZEXT_DST } from '../facts.ts';

/** The passes that write instructions out, in the kernel's order; dead code is removed after the first. */
export const LOOPS = 0;
export const CONTEXT = 1;
export const CALLS = 2;
export const ZERO_EXTENSION = 3;
export type Pass = typeof LOOPS | typeof CONTEXT | typeof CALLS | typeof ZERO_EXTENSION;

/** An instruction that a pass replaces by more of them: how many more, exactly or between two bounds. */
export interface Growth {
  readonly at: number;
  readonly pass: Pass;
  readonly least: number;
  readonly most: number;
}

/** What an instruction stands for takes fewer instructions than the kernel's buffer for them holds, and at most three that narrow what was read. */
const BUFFER = 32;
const NARROWING = 3;
/** What comes before the first instruction, at most. */
export const PROLOGUE = 2 * BUFFER;

/** More instructions than any but the first becomes, all passes together. */
export function mostOfAny(program: Program): number {
  const written = BUFFER + NARROWING + 4;
  return (program.flags & BPF_F_TEST_RND_HI32) === 0 ? written : 4 * written;
}

const BPF_F_TEST_RND_HI32 = 4;
const BPF_F_INNER_MAP = 1 << 12;
/** In a mask of registers. */
const R1 = 1 << 1;

/** Fields of these are read from the kernel's own struct. */
const CONVERTED = new Set([PTR_TO_SOCKET, PTR_TO_SOCK_COMMON, PTR_TO_TCP_SOCK, PTR_TO_XDP_SOCK]);

/** Types whose ctx is what the kernel has: its fields are read as they are. */
const CTX_AS_IT_IS = new Set([
  uapi.BPF_PROG_TYPE_KPROBE,
  uapi.BPF_PROG_TYPE_TRACEPOINT,
  uapi.BPF_PROG_TYPE_RAW_TRACEPOINT,
  uapi.BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
  uapi.BPF_PROG_TYPE_TRACING,
  uapi.BPF_PROG_TYPE_STRUCT_OPS,
  uapi.BPF_PROG_TYPE_LSM,
  uapi.BPF_PROG_TYPE_CGROUP_DEVICE,
  uapi.BPF_PROG_TYPE_LIRC_MODE2,
  uapi.BPF_PROG_TYPE_SYSCALL,
  uapi.BPF_PROG_TYPE_NETFILTER,
]);

/** Helpers that are written out whatever they are called with; those of tracers only there. */
const HELPERS: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['bpf_get_smp_processor_id', [2, 2]],
  ['bpf_get_current_task', [2, 2]],
  ['bpf_get_current_task_btf', [2, 2]],
  ['bpf_jiffies64', [2, 2]],
  ['bpf_kptr_xchg', [1, 1]],
  ['bpf_get_branch_snapshot', [10, 10]],
  ['bpf_timer_set_callback', [2, 2]],
  ['bpf_per_cpu_ptr', [0, 1]],
  ['bpf_this_cpu_ptr', [0, 1]],
]);
const TRACING_HELPERS: ReadonlyMap<string, readonly [least: number, most: number]> = new Map([
  ['bpf_get_func_arg', [8, 9]],
  ['bpf_get_func_ret', [0, 6]],
  ['bpf_get_func_arg_cnt', [0, 1]],
]);

/** By type of map: what a lookup becomes where all paths come with the same map, none that is inside of another. */
const LOOKUPS: ReadonlyMap<number, number> = new Map([
  [BPF_MAP_TYPE_ARRAY, 6],
  [BPF_MAP_TYPE_PERCPU_ARRAY, 8],
  [BPF_MAP_TYPE_ARRAY_OF_MAPS, 8],
  [BPF_MAP_TYPE_HASH, 2],
  [BPF_MAP_TYPE_RHASH, 2],
  [BPF_MAP_TYPE_LRU_HASH, 5],
  [BPF_MAP_TYPE_PERCPU_HASH, 4],
  [BPF_MAP_TYPE_HASH_OF_MAPS, 3],
  [BPF_MAP_TYPE_XSKMAP, 7],
]);
/** With privileges; without, the index is masked, too. */
const MASKED_LOOKUP = 1 + Math.max(...LOOKUPS.values());

const KFUNCS: readonly (readonly [name: RegExp, growth: number])[] = [
  [/^bpf_(percpu_)?obj_new(_impl)?$/, 3],
  [/^bpf_((percpu_)?obj_drop|refcount_acquire)(_impl)?$/, 2],
  [/^bpf_(list_push_(front|back)|list_add|rbtree_add)(_impl)?$/, 3],
  [/^bpf_iter_num_new$/, 13],
  [/^bpf_iter_num_next$/, 8],
  [/^bpf_iter_num_destroy$/, 0],
];
/** The program itself, given as an argument: its address comes before the call, or once more before a call that was written out. */
const PROGRAM_ARGUMENT = 2;
/** Those of sessions, in sessions alone. */
const SESSION_KFUNC = /^bpf_session_/;
const SESSION = 5;

const LOOP = 18;
const MAY_GOTO = 6;
const TIMED_LOOPS = 2;
const SANITIZED = 9;
const EPILOGUE = BUFFER;

/** What the kernel will make of the instruction at `i`, in the order in which it does; empty if it stays one. For Linux on x86-64 with a JIT compiler. */
export function growthsOf(ctx: Context, i: number): readonly Growth[] {
  if (staysOne(ctx, i)) return NONE;
  const { insns, program, facts } = ctx;
  const found: Growth[] = [];
  const add = (pass: Pass, least: number, most = least): void => {
    if (most > 0) found.push({ at: i, pass, least, most });
  };
  const code = insns.code[i];
  const cls = op.classOf(code);
  if (facts.loopInlines.get(i)?.fit === true) add(LOOPS, LOOP);
  if (i === 0) add(CONTEXT, 0, PROLOGUE);
  if ((facts.flags[i] & AUX_NOSPEC) !== 0) add(CONTEXT, 1);
  if (cls === op.BPF_LDX || cls === op.BPF_ST || cls === op.BPF_STX) {
    if (cls !== op.BPF_LDX && (facts.flags[i] & AUX_NOSPEC_RESULT) !== 0) add(CONTEXT, 1);
    else if (isConverted(ctx, facts.ptrType[i])) add(CONTEXT, 0, BUFFER + NARROWING);
  } else if (code === op.OP_EXIT && program.progType === uapi.BPF_PROG_TYPE_STRUCT_OPS)
    add(CONTEXT, 0, EPILOGUE);
  add(CALLS, ...instruction(ctx, i));
  if (beginsTimed(ctx, i)) add(CALLS, 0, TIMED_LOOPS);
  const written = found.reduce((sum, growth) => sum + growth.most, 1);
  if ((facts.flags[i] & AUX_ZEXT_DST) !== 0 && isCompareExchange(ctx, i)) add(ZERO_EXTENSION, 1);
  else if ((program.flags & BPF_F_TEST_RND_HI32) !== 0) add(ZERO_EXTENSION, 0, 3 * written);
  return found;
}

const NONE: readonly Growth[] = [];

/** Tells quickly of most instructions that no pass touches them. */
function staysOne({ insns, program, facts }: Context, i: number): boolean {
  if ((facts.flags[i] & (AUX_NOSPEC | AUX_NOSPEC_RESULT)) !== 0) return false;
  if (facts.subprogs[facts.subprogOf[i]].start === i || (program.flags & BPF_F_TEST_RND_HI32) !== 0)
    return false;
  const code = insns.code[i];
  const kind = op.opOf(code);
  switch (op.classOf(code)) {
    case op.BPF_ALU:
    case op.BPF_ALU64:
      return kind !== op.BPF_DIV && kind !== op.BPF_MOD && facts.aluState[i] === 0;
    case op.BPF_JMP:
    case op.BPF_JMP32:
      return kind !== op.BPF_CALL && kind !== op.BPF_EXIT && kind !== op.BPF_JCOND;
    case op.BPF_LD:
      return false;
    default:
      return facts.ptrType[i] === PTR_TO_STACK && op.modeOf(code) !== op.BPF_ATOMIC;
  }
}

function isConverted({ program }: Context, ptrType: number): boolean {
  return ptrType === PTR_TO_CTX ? !CTX_AS_IT_IS.has(program.progType) : CONVERTED.has(ptrType);
}

const EXACTLY = (growth: number): readonly [number, number] => [growth, growth];

/** What the pass over calls, divisions and packet loads makes of an instruction. */
function instruction(ctx: Context, i: number): readonly [least: number, most: number] {
  const { insns, facts, program } = ctx;
  const code = insns.code[i];
  const cls = op.classOf(code);
  if (cls === op.BPF_ALU || cls === op.BPF_ALU64) {
    const kind = op.opOf(code);
    if (op.sourceOf(code) !== op.BPF_X) return EXACTLY(0);
    if (kind === op.BPF_DIV || kind === op.BPF_MOD) return EXACTLY(division(ctx, i));
    return facts.aluState[i] !== 0 && !ctx.caps.bpfCapable ? [0, SANITIZED] : EXACTLY(0);
  }
  if (cls === op.BPF_LD) {
    const mode = op.modeOf(code);
    if (mode === op.BPF_ABS) return EXACTLY(5);
    if (mode === op.BPF_IND) return EXACTLY(insns.imm[i] === 0 ? 5 : 6);
    // the second half of an address of a per-CPU value
    const ref = facts.mapRefs.get(i - 1);
    return EXACTLY(ref?.value === true && ref.map.type === BPF_MAP_TYPE_PERCPU_ARRAY ? 1 : 0);
  }
  if (code === op.OP_MAY_GOTO) return EXACTLY(MAY_GOTO);
  if (isKfuncCall(insns, i)) return kfunc(ctx, i);
  if (!isHelperCall(insns, i)) return EXACTLY(0);
  const name = helperName(insns.imm[i]);
  if (name === 'bpf_map_lookup_elem') return lookup(ctx, i);
  if (name === 'bpf_tail_call') return ctx.caps.bpfCapable ? EXACTLY(0) : [0, 2];
  const always = HELPERS.get(name);
  if (always !== undefined) return always;
  return program.progType === uapi.BPF_PROG_TYPE_TRACING
    ? (TRACING_HELPERS.get(name) ?? EXACTLY(0))
    : EXACTLY(0);
}

/** Checks of the divisor; signed ones also of -1, and what 32 bits leave above is cleared. */
function division({ insns }: Context, i: number): number {
  const code = insns.code[i];
  const signed = insns.off[i] === 1;
  if (op.opOf(code) === op.BPF_DIV) return signed ? 7 : 3;
  const wide = op.classOf(code) === op.BPF_ALU64;
  return (signed ? 6 : 1) + (wide ? 0 : 2);
}

function lookup({ usedMaps, caps, facts }: Context, i: number): readonly [least: number, most: number] {
  const known = (facts.constMapMask[i] & R1) !== 0 ? usedMaps[facts.constVals[10 * i + 1]] : null;
  if (known === null || !caps.bpfCapable || (known.flags & BPF_F_INNER_MAP) !== 0) return [0, MASKED_LOOKUP];
  return EXACTLY(LOOKUPS.get(known.type) ?? 0);
}

function kfunc(ctx: Context, i: number): readonly [least: number, most: number] {
  const called = ctx.facts.kfuncs.get(i);
  if (called === undefined) return [0, BUFFER];
  if (SESSION_KFUNC.test(called.name)) return [0, SESSION];
  const own = KFUNCS.find(([name]) => name.test(called.name))?.[1] ?? 0;
  const takesProgram = called.proto.params.some((param) =>
    pointsToKernelStruct(ctx, called.btf, param, 'bpf_prog_aux'),
  );
  return EXACTLY(takesProgram ? PROGRAM_ARGUMENT + (own === 0 ? 0 : own + 1) : own);
}

function isCompareExchange({ insns }: Context, i: number): boolean {
  return (
    op.classOf(insns.code[i]) === op.BPF_STX &&
    op.modeOf(insns.code[i]) === op.BPF_ATOMIC &&
    insns.imm[i] === op.BPF_CMPXCHG
  );
}

/** Functions with a may_goto begin by setting its counter. */
function beginsTimed({ insns, facts }: Context, start: number): boolean {
  const sub = facts.subprogs[facts.subprogOf[start]];
  if (sub.start !== start) return false;
  for (let i = start; i < sub.end; i++) if (insns.code[i] === op.OP_MAY_GOTO) return true;
  return false;
}
