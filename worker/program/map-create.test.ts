import { expect, test } from 'vitest';
import { BPF_MAP_TYPE_ARRAY, BPF_MAP_TYPE_HASH, BPF_MAP_TYPE_RINGBUF } from '../kernel/map-types.ts';
import { ASKED } from './map-create.recorded.ts';
import { whyNotCreated } from './map-create.ts';
import type { MapDef } from './program.ts';

const def = (
  type: number,
  keySize: number,
  valueSize: number,
  maxEntries: number,
  flags = 0,
  extra = 0,
): MapDef => ({
  name: 'm',
  type,
  keySize,
  valueSize,
  maxEntries,
  flags,
  keyTypeId: 0,
  valueTypeId: 0,
  inner: null,
  extra: BigInt(extra),
  frozen: false,
  data: null,
});

test('maps are created, or not, as by the kernel', () => {
  const differs = ASKED.filter(
    ([type, key, value, entries, flags, extra, created]) =>
      (whyNotCreated(def(type, key, value, entries, flags, extra)) === null) !== (created === 1),
  );
  expect(differs).toEqual([]);
});

test.each([
  [def(BPF_MAP_TYPE_ARRAY, 8, 8, 1), 'its key must have 4 bytes, not 8'],
  [def(BPF_MAP_TYPE_HASH, 0, 8, 1), 'it needs a key (__type(key, …) or key_size)'],
  [def(BPF_MAP_TYPE_HASH, 4, 8, 0), 'it has no entries (max_entries)'],
  [def(BPF_MAP_TYPE_HASH, 4, 8, 1, 2), 'maps of this type cannot have BPF_F_NO_COMMON_LRU'],
  [
    def(BPF_MAP_TYPE_RINGBUF, 0, 0, 12288),
    'max_entries is its size in bytes, a power of two and whole pages, not 12288',
  ],
])('and why not', (map, why) => {
  expect(whyNotCreated(map)).toBe(why);
});
