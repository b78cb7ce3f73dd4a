import type { Btf, BtfType } from '../btf/btf.ts';
import type { Insns } from '../isa/insns.ts';
import type { Kfunc } from '../kernel/kfuncs.ts';
import type { MapInfo } from '../state/map-info.ts';
import type { KfuncArgKinds } from './kfunc-args.ts';

/** Argument of a global function as its BTF prototype and tags describe it (kernel: struct bpf_subprog_arg_info). */
export interface SubprogArg {
  /** Packed arg type, see kernel/types.ts. */
  readonly type: number;
  readonly memSize: number;
  readonly btfId: number;
}

/** A wide load of a map or of a place in its only value. */
export interface MapRef {
  readonly map: MapInfo;
  /** Position among the maps that the program uses (kernel: used_maps). */
  readonly index: number;
  /** The load is of the value, `off` bytes into it (kernel: map_off), rather than of the map. */
  readonly value: boolean;
  readonly off: number;
}

/** What a wide load of a kernel symbol yields (kernel: insn_aux_data.btf_var). */
export interface KsymRef {
  /** `PTR_TO_BTF_ID`, with MEM_PERCPU for per-CPU variables, or `PTR_TO_MEM | MEM_RDONLY`. */
  readonly regType: number;
  /** Size of PTR_TO_MEM; 0 for functions. */
  readonly memSize: number;
  /** Type of PTR_TO_BTF_ID. */
  readonly btf: Btf | null;
  readonly btfId: number;
}

/** A called kfunc (kernel: struct bpf_kfunc_meta); one object per function, whatever the call. */
export interface KfuncMeta {
  readonly name: string;
  /** Where its types are: the kernel's BTF, a module's, or for invented ones the program's, as if it were a module. */
  readonly btf: Btf;
  /** Id of its FUNC there. */
  readonly id: number;
  /** Its real prototype: that of the `_impl` function for KF_IMPLICIT_ARGS. */
  readonly proto: BtfType;
  /** Null if the function is in no registration set: not a kfunc at all. */
  readonly kfunc: Kfunc | null;
  /** May this program call it (kernel: btf_kfunc_is_allowed)? */
  readonly allowed: boolean;
  /** Kind of every argument (kernel: gen_kfunc_arg_proto). */
  readonly args: KfuncArgKinds;
}

/** What is known of a call of bpf_loop when it is to be written out (kernel: struct bpf_loop_inline_state). */
export interface LoopInline {
  /** Each visit had no flags and the same callback. */
  readonly fit: boolean;
  /** Callback of the first visit. */
  readonly subprogno: number;
}

/** A function of the program (kernel: struct bpf_subprog_info). */
export class Subprog {
  /** Name from BTF, empty if there is none. */
  name = '';
  /** One past its last instruction. */
  end = 0;
  /** First line info row of the function. */
  linfoIdx = 0;
  /** Where its instructions start in {@link Facts.postorder}. */
  postorderStart = 0;
  /** One past their end there. */
  postorderEnd = 0;
  /** One of its exits. */
  exitIdx = 0;
  /** Deepest stack use seen, in bytes. */
  stackDepth = 0;
  stackExtra = 0;
  insnsTotal = 0;
  insnsSelf = 0;
  fastcallStackOff = 0;
  hasTailCall = false;
  mightThrow = false;
  tailCallReachable = false;
  hasLdAbs = false;
  isCb = false;
  isAsyncCb = false;
  isExceptionCb = false;
  argsCached = false;
  keepFastcallStack = false;
  changesPktData = false;
  mightSleep = false;
  argCnt = 0;
  args: SubprogArg[] = [];
  /** incoming + maximal outgoing on-stack arguments */
  stackArgCnt = 0;
  maxOutStackArgCnt = 0;
  /** BTF linkage: global functions are verified on their own. */
  isGlobal = false;
  /** Its FUNC in the program's BTF, 0 if unknown. */
  typeId = 0;
  /** BTF prototype cannot be trusted. */
  unreliable = false;
  /** A global function was called, and was verified, in [non-sleepable, sleepable] context. */
  readonly called = [false, false];
  readonly verified = [false, false];

  constructor(
    /** Number among the program's functions, by start. */
    readonly index: number,
    readonly start: number,
  ) {}
}

/** Flags in {@link Facts.flags}. */
export const AUX_PRUNE_POINT = 1;
export const AUX_JMP_POINT = 2;
export const AUX_FORCE_CHECKPOINT = 4;
export const AUX_CALLS_CALLBACK = 8;
export const AUX_INDIRECT_TARGET = 16;
export const AUX_JUMP_TARGET = 32;
export const AUX_SEEN = 64;
export const AUX_NOSPEC = 128;
export const AUX_NOSPEC_RESULT = 256;
export const AUX_ZEXT_DST = 512;
export const AUX_ITER_NEXT = 1024;
export const AUX_NON_SLEEPABLE = 2048;
export const AUX_FASTCALL_PATTERN = 4096;

/**
 * What is known about the program before the walk, and what the walk remembers per instruction
 * (kernel: struct bpf_insn_aux_data), one array per fact, indexed by instruction.
 */
export class Facts {
  readonly insns: Insns;
  /** AUX_* bits. */
  readonly flags: Uint16Array;
  /** Strongly connected component, 0 if the instruction is in no cycle. */
  readonly scc: Int32Array;
  /** Registers that are read before they are written from here on, bit per register (kernel: live_regs_before). */
  readonly liveRegs: Uint16Array;
  /** R0..R9 that hold a known value here: 32-bit constants, map indexes, subprogram numbers. */
  readonly constMask: Uint16Array;
  readonly constMapMask: Uint16Array;
  readonly constSubprogMask: Uint16Array;
  /** `constVals[10 * insn + reg]`, unsigned 32-bit. */
  readonly constVals: Uint32Array;
  /** Spill/fill pairs of the fastcall pattern around a call. */
  readonly fastcallSpills: Uint8Array;
  /** Pointer type that loads and stores of this instruction see (kernel: ptr_type), 0 unseen. */
  readonly ptrType: Int32Array;
  /** Width of the ctx field that a load reads, 0 if none. */
  readonly ctxFieldSize: Uint8Array;
  /** Speculation: ALU sanitation state and limit. */
  readonly aluState: Uint8Array;
  readonly aluLimit: Uint32Array;
  /** Jump tables of `gotox` and tail calls, by instruction: sorted unique targets. */
  readonly jumpTables = new Map<number, readonly number[]>();
  /** What `successors()` found, by instruction. */
  readonly successors: (readonly number[] | undefined)[];
  /** Wide loads of maps, of kernel symbols, and calls of kfuncs, by instruction. */
  readonly mapRefs = new Map<number, MapRef>();
  readonly ksyms = new Map<number, KsymRef>();
  readonly kfuncs = new Map<number, KfuncMeta>();
  /** Map of every tail call that the walk saw; null once two paths came with different ones (kernel: map_ptr_state). */
  readonly tailCallMaps = new Map<number, MapInfo | null>();
  /** Calls of bpf_loop that the walk saw. */
  readonly loopInlines = new Map<number, LoopInline>();
  /** Rarely used memory of single instructions, by instruction (map pointer state, loop inlining, kptr meta …). */
  readonly extra = new Map<number, Record<string, unknown>>();
  subprogs: Subprog[] = [];
  /** Function of each instruction. */
  subprogOf: Uint16Array;
  /** Callees first. */
  topoOrder: number[] = [];
  /** Instructions in post-order, grouped by function. */
  postorder: Int32Array = new Int32Array(0);
  sccCount = 0;
  /** Line info was found in order: texts may show lines of source. */
  linesKnown = false;
  /** 0 if there is none: the exception callback is never the main program. */
  exceptionCallbackSubprog = 0;
  /** Functions on the chain of calls that was refused for what it amounts to, and the call that entered each; the first by none. */
  refusedCalls: readonly { readonly subprog: number; readonly call: number | null }[] = [];
  /** Functions that the verifier appended itself (default exception callback). */
  hiddenSubprogs = 0;

  constructor(insns: Insns) {
    const n = insns.length;
    this.insns = insns;
    this.successors = new Array<undefined>(n).fill(undefined);
    this.flags = new Uint16Array(n);
    this.scc = new Int32Array(n);
    this.liveRegs = new Uint16Array(n);
    this.constMask = new Uint16Array(n);
    this.constMapMask = new Uint16Array(n);
    this.constSubprogMask = new Uint16Array(n);
    this.constVals = new Uint32Array(10 * n);
    this.fastcallSpills = new Uint8Array(n);
    this.ptrType = new Int32Array(n);
    this.ctxFieldSize = new Uint8Array(n);
    this.aluState = new Uint8Array(n);
    this.aluLimit = new Uint32Array(n);
    this.subprogOf = new Uint16Array(n);
  }
}
