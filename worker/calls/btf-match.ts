import type { Btf } from '../btf/btf.ts';
import { structIdsMatch } from '../btf/match.ts';
import type { Env } from '../state/env.ts';

/** {@link structIdsMatch}, saying in the log what the walk ran into. */
export function idsMatch(
  env: Env,
  btf: Btf,
  id: number,
  off: number,
  needed: Btf,
  neededId: number,
  strict: boolean,
  walkFlexArrays: boolean,
): boolean {
  const { match, log } = structIdsMatch(btf, id, off, needed, neededId, strict, walkFlexArrays);
  if (log !== null) env.say(log.rule.text, ...log.args);
  return match;
}
