/** A few lines around the first difference of two texts, in the manner of a unified diff. Empty if they are equal. */
export function firstDiff(theirs: string, ours: string, context = 12): string {
  const a = theirs.split('\n');
  const b = ours.split('\n');
  let at = 0;
  while (at < a.length && at < b.length && a[at] === b[at]) at++;
  if (at === a.length && at === b.length) return '';
  const before = a.slice(Math.max(0, at - context), at).map((line) => ` ${line}`);
  const minus = a.slice(at, at + context).map((line) => `-${line}`);
  const plus = b.slice(at, at + context).map((line) => `+${line}`);
  return [`@@ line ${at + 1} @@`, ...before, ...minus, ...plus].join('\n');
}
