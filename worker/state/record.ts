import type { BtfRecord } from '../btf/fields.ts';
import { PTR_TO_MAP_VALUE, typeIsPtrAllocObj } from '../kernel/types.ts';
import type { Env } from './env.ts';
import type { MapInfo } from './map-info.ts';
import type { BtfRef, Reg } from './reg.ts';

/** Special fields of what the register points to: a map value or an allocated object; null if there are none. */
export function regRecord(env: Env, reg: Reg): BtfRecord | null {
  if (reg.type === PTR_TO_MAP_VALUE) return (reg.ext as MapInfo).record;
  if (!typeIsPtrAllocObj(reg.type)) return null;
  const { btf, id } = reg.ext as BtfRef;
  return btf === env.program.btf ? (env.structRecords.get(id) ?? null) : null;
}

/** Does the record have a field of one of these kinds? */
export function hasField(record: BtfRecord | null, kinds: number): boolean {
  return record !== null && (record.fieldMask & kinds) !== 0;
}
