import { addressMask, lastMessage, statsLine, walkOf } from '../cli/agreement.ts';
import { modelFor } from '../cli/kernel-types.ts';
import { verify } from '../engine/verify.ts';
import type { KernelTypes } from '../kernel/load.ts';
import { bundleProgram, type ReadFile } from '../program/bundle.ts';
import type { Bundle } from './bundle.ts';

/** What a verifier said about a program, without what differs from boot to boot. */
export interface Answer {
  readonly errno: number;
  readonly message: string;
  readonly stats: string;
  /** The log from the first state on; empty if it was too long to keep. */
  readonly walk: string;
  /** Processed instructions. */
  readonly processed: number;
  /** Only verdict, message and statistics were asked for: the message may follow others that were forgiven. */
  readonly brief: boolean;
}

/** Ours, or why there is none. */
export type OurAnswer =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'not-modelled' | 'error'; readonly why: string };

/** Ids of kernel functions and their types differ between builds of the kernel. */
const KFUNC_ID = /(call [A-Za-z_]\w*)#\d+/g;

/** A message that does not end its line is followed by the statistics. */
const GLUED = /([^\n])(verification time \d+ usec|processed \d+ insns \(limit )/g;

const IN_REPORT = /^(|  .*|[A-Z][A-Za-z ]*:)$/;

/**
 * Leaves out `Verification failed:` reports and empty lines. Reports stand in the middle as well: what goes wrong on a
 * speculative path is reported and then forgiven.
 */
function withoutReports(text: string): string {
  const kept: string[] = [];
  let inReport = false;
  for (const line of text.split('\n')) {
    if (line.startsWith('Verification failed:')) inReport = true;
    else if (!IN_REPORT.test(line)) inReport = false;
    // said by the connection tracking module, which need not be loaded
    if (!inReport && line !== '' && line !== 'only read is supported') kept.push(line);
  }
  return kept.join('\n');
}

export function answerOf(bundle: Bundle, errno: number, log: string, brief = false): Answer {
  const text = withoutReports(
    addressMask(bundle)(log)
      .replace(GLUED, '$1\n$2')
      .replace(KFUNC_ID, '$1#_')
      .replace(/btf_id \d+/g, 'btf_id _')
      .replace(/ = 0x_ +;/g, ' = 0x_ ;'),
  );
  const stats = statsLine(text);
  return {
    errno,
    message: errno === 0 ? '' : brief ? messagesOf(text) : lastMessage(text),
    stats,
    walk: walkOf(text),
    processed: Number(/^processed (\d+)/.exec(stats)?.[1] ?? 0),
    brief,
  };
}

const PATIENCE_MS = 4000;

/**
 * What is left of a log without a walk when the statistics are gone, and the source lines: a message names its line
 * where no walk has done so before.
 */
function messagesOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^(; |processed \d+ insns|verification time |stack depth |subprog \d+ \()/.test(line))
    .join('\n');
}

/** What our core says; at level 1 there is less to compare. */
export function ourAnswer(
  bundle: Bundle,
  types: KernelTypes | null,
  readFile: ReadFile,
  level: 1 | 2 = 2,
): OurAnswer {
  try {
    const { program } = bundleProgram(bundle, readFile);
    const deadline = performance.now() + PATIENCE_MS;
    const outcome = verify(program, modelFor(program, types), {
      level,
      cancelled: () => performance.now() > deadline,
    });
    if (outcome.verdict === 'not-modelled') return { kind: 'not-modelled', why: outcome.message };
    return { kind: 'answer', answer: answerOf(bundle, outcome.errno, outcome.log) };
  } catch (error) {
    return {
      kind: 'error',
      why:
        error instanceof Error
          ? `${error.name}: ${error.message} ${(error.stack ?? '').split('\n')[1]?.trim() ?? ''}`
          : String(error),
    };
  }
}

export const ASPECTS = ['verdict', 'errno', 'message', 'stats', 'walk'] as const;
export type Aspect = (typeof ASPECTS)[number];

/** The first aspect in which two answers differ, null if they agree. */
export function difference(ours: Answer, theirs: Answer): Aspect | null {
  if ((ours.errno === 0) !== (theirs.errno === 0)) return 'verdict';
  if (ours.errno !== theirs.errno) return 'errno';
  if (theirs.brief ? !theirs.message.endsWith(ours.message) : ours.message !== theirs.message)
    return 'message';
  if (ours.stats !== theirs.stats) return 'stats';
  if (!theirs.brief && ours.walk !== theirs.walk) return 'walk';
  return null;
}
