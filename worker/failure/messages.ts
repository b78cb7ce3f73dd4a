import { formatKernel, type Arg } from './format.ts';
import type { Report } from './report.ts';
import { Rejection, type Rule } from './rule.ts';

/** Where the verifier's texts go. One implementation writes the kernel's log, another drops everything. */
export interface Messages {
  /** 0 nobody listens, 1 or 2 as in the kernel's log_level. */
  readonly level: number;
  /** Appends text as the kernel's `verbose()` would, newlines included. */
  text(text: string): void;
  /** Appends the source line of an instruction after `prefix`, unless it is the one that was last shown (kernel: verbose_linfo). */
  sourceLine(insn: number, prefix: string): void;
  /** Asks for the `Verification failed:` report, at the point where the kernel would write it. */
  report(report: Report): void;
}

/** Nobody listens. */
export const SILENT: Messages = { level: 0, text: () => {}, sourceLine: () => {}, report: () => {} };

/** Says something that is not (yet) a rejection. Costs nothing when nobody listens. */
export function say(to: Messages, template: string, ...args: Arg[]): void {
  if (to.level !== 0) to.text(formatKernel(template, args));
}

/** Rejects the program: writes the rule's text, then the report, then throws {@link Rejection}. */
export function fail(to: Messages, rule: Rule, args: readonly Arg[] = [], report: Report | null = null, errno = rule.errno, insn: number | null = null): never {
  const message = formatKernel(rule.text, args);
  if (to.level !== 0) {
    to.text(message);
    if (report !== null) to.report(report);
  }
  throw new Rejection(rule, args, errno, message, insn);
}
