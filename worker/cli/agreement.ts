import { ENOSPC } from '../failure/errno.ts';
import type { RecordedLog, Recording } from './recording.ts';

/** The tiers of agreement with a recording, from coarse to fine. */
export const TIERS = ['verdict', 'errno', 'message', 'report', 'stats', 'walk', 'log1', 'log2'] as const;
export type Tier = (typeof TIERS)[number];
export type Agreement = Readonly<Record<Tier, boolean>>;

/** What the core said. */
export interface Answer {
  readonly errno: number;
  readonly log1: string;
  readonly log2: string;
}

export const NO_AGREEMENT: Agreement = { verdict: false, errno: false, message: false, report: false, stats: false, walk: false, log1: false, log2: false };

/** Size of the buffer that the recordings were made with, bytes. */
const LOG_BUFFER = 64 << 20;

/** Compares an answer with a recording. */
export function compare(recording: Recording, answer: Answer): { readonly agreement: Agreement; readonly firstDifference: readonly [string, string] } {
  const mask = addressMask(recording.bundle);
  const log1 = mask(answer.log1);
  const log2 = mask(answer.log2);
  const same = (stored: RecordedLog, ours: string, part: (text: string) => string): boolean => sameText(stored, ours, mask, part);
  // the kernel answers so when its log does not fit, whatever its verdict
  const overflow = recording.log1.overflowed && answer.log1.length > LOG_BUFFER;
  const errno = overflow ? ENOSPC : answer.errno;
  const agreement = {
    verdict: (recording.errno === 0) === (errno === 0),
    errno: recording.errno === errno,
    message: same(recording.log1, log1, lastMessage),
    report: same(recording.log1, log1, reportOf),
    stats: same(recording.log1, log1, statsLine),
    walk: same(recording.log2, log2, walkOf),
    log1: same(recording.log1, log1, whole),
    log2: same(recording.log2, log2, whole),
  };
  const theirs = mask(recording.log2.text ?? recording.log2.head);
  return { agreement, firstDifference: agreement.log2 ? ['', ''] : firstDifference(theirs, log2) };
}

/** The first lines that differ. */
function firstDifference(theirs: string, ours: string): readonly [string, string] {
  const a = theirs.split('\n');
  const b = ours.split('\n');
  const at = a.findIndex((line, i) => line !== b[i]);
  return at < 0 ? ['(end)', b[a.length] ?? ''] : [a[at], b[at] ?? '(end)'];
}

const whole = (text: string): string => text;

/** Where a text is stored in parts, its beginning and end must agree. */
function sameText(stored: RecordedLog, ours: string, mask: (text: string) => string, part: (text: string) => string): boolean {
  if (stored.text !== null) return part(mask(stored.text)) === part(ours);
  // nothing is stored to compare with
  if (stored.overflowed) return true;
  // a line that is cut in two is no use to compare
  const head = mask(stored.head.slice(0, stored.head.lastIndexOf('\n') + 1));
  const tail = mask(stored.tail.slice(stored.tail.indexOf('\n') + 1));
  if (part !== whole) return part(tail) === part(ours.slice(-tail.length));
  return ours.startsWith(head) && ours.endsWith(tail);
}

/**
 * Replaces the addresses in wide loads of maps and kernel symbols, which differ from boot to boot.
 */
export function addressMask(bundle: Record<string, unknown>): (text: string) => string {
  const loads = new Set<string>();
  for (const [insn, ref] of Object.entries((bundle['refs'] ?? {}) as Record<string, object>)) if ('map' in ref || 'ksym' in ref) loads.add(insn);
  if (loads.size === 0) return whole;
  return (text) =>
    text.replace(/\b(\d+)(: | \| )((?:[.0-9]{10} )?\(18\) r\d+ = )0x[0-9a-f]+/g, (all, insn: string, gap: string, before: string) =>
      loads.has(insn) ? `${insn}${gap}${before}0x_` : all,
    );
}

const REPORT = '\nVerification failed:';

/** The text before the report and the statistics. */
function beforeReport(text: string): string {
  const report = text.indexOf(REPORT.slice(1));
  if (report === 0 || text[report - 1] === '\n') return text.slice(0, Math.max(report, 0));
  const stats = text.lastIndexOf('processed ');
  return stats >= 0 ? text.slice(0, stats) : text;
}

/** The report, without what follows it; empty if there is none. */
export function reportOf(text: string): string {
  const start = text.indexOf(REPORT);
  if (start < 0) return text.startsWith(REPORT.slice(1)) ? text : '';
  const end = text.lastIndexOf('\nprocessed ');
  return text.slice(start, end > start ? end : text.length);
}

/** Lines that describe the walk rather than say what is wrong. */
const WALK_LINE =
  /^(\d+: |\d+:( |$)|; |$|from \d+ to \d+|caller:|callee:|returning from callee:|to caller at |mark_precise: |force_precise: |frame \d+: propagating| frame\d+:| R\d+=|func#\d+ @|SCC |topo_order|subprog#|stack use|Live regs|Func#\d+ |Validating |\s+\d+: )/;

/** The verifier's last message or messages. */
export function lastMessage(text: string): string {
  const lines = beforeReport(text).split('\n');
  while (lines.length !== 0 && lines[lines.length - 1] === '') lines.pop();
  let from = lines.length;
  while (from > 0 && !WALK_LINE.test(lines[from - 1])) from--;
  return lines.slice(from).join('\n');
}

/** The line with the statistics. */
export function statsLine(text: string): string {
  return /^processed \d+ insns.*$/m.exec(text)?.[0] ?? '';
}

/** The walk: from the first state line on, up to the report. */
export function walkOf(text: string): string {
  const start = text.search(/^0: R1=/m);
  return start < 0 ? '' : beforeReport(text.slice(start));
}
