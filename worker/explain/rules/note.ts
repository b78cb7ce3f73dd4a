/**
 * What is said of a rule that has no page of its own: a title, the rule in plain words, why the kernel insists, and ids of rules that
 * belong to it.
 */
export type RuleNote = readonly [
  title: string,
  explanation: string,
  why: string,
  related?: readonly string[],
];

/** Notes of one area by the rule's name within it. */
export type RuleNotes = Readonly<Record<string, RuleNote>>;
