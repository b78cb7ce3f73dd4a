import { mapAllowsHelper, sockmapUpdateRefused } from '../kernel/map-types.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import { callRules as R } from './rules.ts';

/** Rejects a map that the helper does not take, or that does not go with the helper (kernel: check_map_func_compatibility). */
export function checkMapHelperCompat(env: Env, map: MapInfo | null, helper: number): void {
  if (map === null || mapAllowsHelper(map.type, helper, env.traits)) return;
  if (sockmapUpdateRefused(map.type, helper)) env.say('cannot update sockmap in this context\n');
  env.fail(R.mapHelperMismatch, [map.type, env.model.helperName(helper), helper]);
}
