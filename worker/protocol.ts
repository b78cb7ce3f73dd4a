/**
 * The whole contract between the page and the worker: plain data that structured clone can carry.
 * The page asks, the worker answers; long runs report progress and can be cancelled.
 */
import type { Explanation } from './protocol/explain.ts';
import type { ExportQueries } from './protocol/export.ts';
import type { GraphQueries } from './protocol/graph.ts';
import type { KfuncQueries } from './protocol/kfuncs.ts';
import type { ObjectQueries } from './protocol/objects.ts';
import type { OutlookQueries } from './protocol/outlook.ts';
import type { PastedQueries } from './protocol/pasted.ts';
import type { PathQueries } from './protocol/paths.ts';
import type { PrecisionQueries } from './protocol/precision.ts';
import type { ProofQueries } from './protocol/proof.ts';
import type { RuleQueries } from './protocol/rules.ts';
import type { SourceQueries } from './protocol/source.ts';
import type { VisitQueries } from './protocol/visits.ts';
import type { WatchQueries } from './protocol/watch.ts';

export type { ChainLink, Explanation, Fix, WayStep } from './protocol/explain.ts';

/** A place in the source text; lines and columns are 1-based, `endCol` is exclusive. */
export interface Span {
  readonly line: number;
  readonly col: number;
  readonly endLine: number;
  readonly endCol: number;
}

/** An edit that changes the source; all edits of a fix apply together. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** Something wrong (or worth saying) about the source text. */
export interface Problem {
  readonly span: Span;
  readonly severity: 'error' | 'warning' | 'info';
  /** Stable id. */
  readonly id: string;
  readonly message: string;
  readonly fixes: readonly { readonly title: string; readonly edits: readonly TextEdit[] }[];
}

/** What to verify. Everything else (type, licence, switches) is in the text. */
export interface VerifyRequest {
  readonly source: string;
  /** What-if: the semantics switches in force, in place of those the text names. Null: as the text says. */
  readonly semantics: readonly string[] | null;
  /** What-if: kfunc flags by name, replacing the kernel's or the text's. */
  readonly kfuncFlags: Readonly<Record<string, number>>;
  /** Record the walk (steps); the log is always there. */
  readonly trace: boolean;
}

/** One instruction of the program under study. */
export interface InsnView {
  readonly index: number;
  /** Wide instructions take two slots; only the first has a view. */
  readonly kernel: string;
  readonly llvm: string;
  readonly bytes: string;
  readonly span: Span | null;
  readonly subprog: number;
  /** Registers live before it, as in the kernel's table (`.12.......`). */
  readonly live: string;
  readonly scc: number;
  readonly prunePoint: boolean;
  /** How often the walk came here. */
  readonly visits: number;
}

export interface SubprogView {
  readonly index: number;
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly global: boolean;
}

/** A kfunc that the program refers to, for the flags panel. */
export interface KfuncView {
  readonly name: string;
  readonly prototype: string;
  readonly flags: number;
  readonly kernelFlags: number;
  readonly invented: boolean;
}

/** A region or reference that is held over a stretch of the walk, for the lanes beside the code. */
export interface LaneSpan {
  readonly kind: 'lock' | 'rcu' | 'preempt' | 'irq' | 'nofault' | 'ref';
  /** Reference or lock id, 0 for nesting regions. */
  readonly id: number;
  readonly label: string;
  /** Instructions at which it is held on some explored path, ascending. */
  readonly insns: readonly number[];
}

/** What the kernel's `processed` line says, and the size of the recorded walk. */
export interface RunStats {
  readonly insns: number;
  readonly states: number;
  readonly peakStates: number;
  /** Steps on record (0 without trace), numbered from 0 in the order in which the verifier walked them. */
  readonly steps: number;
  readonly paths: number;
  readonly ms: number;
}

export type Verdict = 'accepted' | 'rejected' | 'not-modelled' | 'bad-input';

export interface VerifyResult {
  /** Handle of the run for later questions. */
  readonly run: number;
  readonly verdict: Verdict;
  readonly errno: number;
  /** Last message of the verifier, or what is not modelled. */
  readonly message: string;
  /** Rule id of a rejection, null otherwise. */
  readonly rule: string | null;
  /** Failing instruction, null if accepted or not tied to one. */
  readonly failedAt: number | null;
  readonly stats: RunStats;
  readonly insns: readonly InsnView[];
  readonly subprogs: readonly SubprogView[];
  readonly problems: readonly Problem[];
  readonly kfuncs: readonly KfuncView[];
  readonly lanes: readonly LaneSpan[];
  /** Switches in force. */
  readonly semantics: readonly string[];
  /** Switches that the text itself names. */
  readonly textSemantics: readonly string[];
  readonly progType: string;
  /** Lines of the log at level 1; 0 for long runs, whose logs are written when somebody asks for them. */
  readonly logLines: number;
}

/** Known bits and ranges of a scalar, as decimal/hex text ready to show. */
export interface ScalarView {
  readonly constant: string | null;
  readonly smin: string;
  readonly smax: string;
  readonly umin: string;
  readonly umax: string;
  readonly s32min: string;
  readonly s32max: string;
  readonly u32min: string;
  readonly u32max: string;
  /** `(value; mask)` in hex. */
  readonly value: string;
  readonly mask: string;
}

export interface RegView {
  /** `R1`, `fp-8`, `arg6`. */
  readonly name: string;
  /** The kernel's text for it, e.g. `map_value(map=m,ks=4,vs=8)`. */
  readonly text: string;
  /** Type alone, e.g. `map_value_or_null`. */
  readonly type: string;
  readonly id: number;
  readonly parentId: number;
  readonly precise: boolean;
  /** Something may still read it, or part of it, from here on. */
  readonly live: boolean;
  readonly scalar: ScalarView | null;
  /** What was known of the number before that step; null if it is unchanged, or was none. */
  readonly scalarBefore: ScalarView | null;
  /** Why that step moved its range, as a sentence; null if it did not, or if `why` says all there is to say. */
  readonly moved: string | null;
  /** Changed by the step that led here. */
  readonly changed: boolean;
  /** Text before that step, null if unchanged. */
  readonly before: string | null;
  /** Why that step changed it, in a few words (`refined by the branch`, `released`, `scrubbed by the call`); null if unchanged. */
  readonly why: string | null;
}

export interface FrameView {
  readonly frameno: number;
  readonly subprog: string;
  readonly callsite: number;
  readonly regs: readonly RegView[];
  readonly stack: readonly RegView[];
}

export interface HeldView {
  readonly kind: 'ref' | 'lock' | 'irq' | 'rcu' | 'preempt' | 'nofault';
  readonly id: number;
  readonly label: string;
  /** Step and instruction that took it; step -1 if not on record. */
  readonly sinceStep: number;
  readonly sinceInsn: number;
}

/** Lines of a log, 0-based, `to` exclusive. */
export interface LineRange {
  readonly from: number;
  readonly to: number;
}

/** What is known before an instruction is walked. */
export interface StepView {
  readonly step: number;
  readonly insn: number;
  /** Where the path came from, -1 at its start. */
  readonly prevInsn: number;
  /** Ordinal of the path, from 0. */
  readonly path: number;
  readonly speculative: boolean;
  readonly frames: readonly FrameView[];
  readonly held: readonly HeldView[];
  /** What the step before changed, in words, most important first. */
  readonly changes: readonly string[];
  /** Where this step stands in the log of each level; null if that log says nothing of it. */
  readonly log: { readonly level1: LineRange | null; readonly level2: LineRange | null };
  /** This is the `visit`-th (from 1) of `visits` times that the walk came to this instruction. */
  readonly visit: number;
  readonly visits: number;
  /** How the path ends if this is its last step. */
  readonly end: 'exit' | 'pruned' | 'rejected' | 'dead' | null;
}

export type SeekTarget =
  | {
      readonly to:
        | 'first'
        | 'last'
        | 'next-branch'
        | 'prev-branch'
        | 'next-visit'
        | 'prev-visit'
        | 'next-path'
        | 'prev-path'
        | 'failure';
    }
  | { readonly to: 'step'; readonly step: number }
  | { readonly to: 'insn'; readonly insn: number };

/** Two runs: of one text under different semantics, flags or options, or of a text and an edited copy. */
export interface Comparison {
  readonly left: VerifyResult;
  readonly right: VerifyResult;
  /**
   * First step at which the walks differ, null if they do not: they come to another instruction (`path`), they know or hold something
   * else before the same one (`state`), or one ends (`end`).
   */
  readonly firstDifference: {
    readonly leftStep: number;
    readonly rightStep: number;
    readonly kind: 'path' | 'state' | 'end';
    readonly why: string;
  } | null;
}

export interface CompletionItem {
  readonly label: string;
  readonly kind:
    'mnemonic' | 'register' | 'helper' | 'kfunc' | 'map' | 'label' | 'function' | 'directive' | 'type';
  readonly detail: string;
  readonly documentation: string;
  readonly insertText: string;
  /** The text that `insertText` takes the place of. */
  readonly replace: Span;
}

export interface Hover {
  readonly span: Span;
  /** Markdown without HTML. */
  readonly contents: readonly string[];
}

export interface Progress {
  readonly insns: number;
  readonly limit: number;
}

/** What this verifier knows of, so that the page need not repeat its tables. */
export interface About {
  /** e.g. `7.3.4`. */
  readonly kernel: string;
  /** Semantics switches, in the order to show them. */
  readonly semantics: readonly { readonly id: string; readonly title: string; readonly sentence: string }[];
  /** Kfunc flags in bit order, names with `KF_`. */
  readonly kfuncFlags: readonly { readonly bit: number; readonly name: string }[];
}

/** One line of a log and the step it belongs to (-1: none). */
export interface LogLine {
  readonly text: string;
  readonly step: number;
}

/** What the worker offers through Comlink. */
export interface VerifierWorker
  extends
    ExportQueries,
    GraphQueries,
    KfuncQueries,
    ObjectQueries,
    OutlookQueries,
    PastedQueries,
    PathQueries,
    PrecisionQueries,
    ProofQueries,
    RuleQueries,
    SourceQueries,
    VisitQueries,
    WatchQueries {
  /** The page asks this first; it also warms the worker. */
  about(): Promise<About>;
  /** Verifies; `onProgress` is called a few times a second on long runs. Null if `cancel` or a newer request made it give up. */
  verify(request: VerifyRequest, onProgress: (p: Progress) => void): Promise<VerifyResult | null>;
  /** Makes the run under way give up (long runs look up from their work a few times a second). The page restarts a worker that does not. */
  cancel(): Promise<void>;
  /** Both runs stay on record until released. Null if given up, as for `verify`. */
  compare(left: VerifyRequest, right: VerifyRequest): Promise<Comparison | null>;
  step(run: number, step: number): Promise<StepView>;
  /** Where a jump from `from` leads; the same step if there is nothing further. */
  seek(run: number, from: number, target: SeekTarget): Promise<StepView>;
  /** Lines of the log at level 1 or 2, `from` inclusive, `to` exclusive. */
  log(
    run: number,
    level: 1 | 2,
    from: number,
    to: number,
  ): Promise<{ readonly total: number; readonly lines: readonly LogLine[] }>;
  explain(run: number): Promise<Explanation>;
  /** Editor services; positions are 1-based. They work on any text, broken or not. */
  complete(source: string, line: number, col: number): Promise<readonly CompletionItem[]>;
  hover(
    source: string,
    line: number,
    col: number,
    run: number | null,
    step: number | null,
  ): Promise<Hover | null>;
  definition(source: string, line: number, col: number): Promise<Span | null>;
  format(source: string): Promise<string>;
  /** Recognises a pasted log, dump or macro listing and turns it into program text; null if it is not one. */
  convert(
    text: string,
  ): Promise<{ readonly dialect: string; readonly source: string; readonly notes: readonly string[] } | null>;
  /** Frees a run. */
  release(run: number): Promise<void>;
}
