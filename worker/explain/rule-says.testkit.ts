import { rulesOfMessage } from './rule-messages.ts';

const areaOf = (id: string): string => id.slice(0, id.indexOf('.'));

/**
 * The rules that a log tells of: the one that ended the verification, and those whose text was said on the way to
 * it (a prototype that does not fit). A line counts for the rule whose text fits it best; of two that say the
 * same, for the one of the same area as the end.
 */
export function rulesSaid(log: string, end: string): ReadonlySet<string> {
  const found = new Set([end]);
  for (const line of log.split('\n')) {
    const fits = rulesOfMessage(line);
    if (fits.length === 0 || fits.some((rule) => rule.id === end)) continue;
    const best = fits.filter((rule) => rule.text.length === fits[0].text.length);
    const there = best.length === 1 ? best : best.filter((rule) => areaOf(rule.id) === areaOf(end));
    // "R%d" alone, and the like, fits anything
    if (there.length === 1 && there[0].text.replace(/%[a-z]+/g, '').length > 8) found.add(there[0].id);
  }
  return found;
}
