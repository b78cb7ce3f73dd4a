import * as uapi from '../kernel/uapi.ts';
import type { Bundle } from './bundle.ts';
import { otherHook } from './hooks.ts';
import type { Random } from './random.ts';
import { PLAIN_SHAPES } from './shapes.ts';

/** Changes something around the instructions: keys of the bundle with their new values, null if it does not apply. */
type SettingChange = (bundle: Bundle, r: Random) => Record<string, unknown> | null;

const FLAGS = [0, 0, 0, 8, 128, 1];
/** Flags that a change leaves alone: sleepable, device-bound. */
const MASK = ~137;

const flags: SettingChange = (bundle, r) => ({
  flags: (Number(bundle['flags'] ?? 0) & MASK) | r.pick(FLAGS),
});

const sleepable: SettingChange = (bundle) => ({ flags: Number(bundle['flags'] ?? 0) ^ 16 });

/** The same instructions as a program of another type. */
const type: SettingChange = (bundle, r) => {
  if (bundle['attach'] !== undefined) return null;
  const shape = r.pick(PLAIN_SHAPES);
  return { progType: shape.type, attachType: shape.attachType ?? 0, flags: shape.flags ?? 0 };
};

/** The same instructions at another hook of the kernel. */
const hook: SettingChange = (bundle, r) => {
  if (bundle['attach'] === undefined) return null;
  const attach = otherHook(r, Number(bundle['progType']), Number(bundle['attachType']));
  return attach === null ? null : { attach };
};

const license: SettingChange = () => ({ license: 'Proprietary' });

/** Another type for a function, or another place for its first instruction. */
const functions: SettingChange = (bundle, r) => {
  const info = bundle.funcInfo ?? [];
  if (info.length === 0) return null;
  const at = r.below(info.length);
  const other = r.pick(info)[1] + (r.chance(0.3) ? r.pick([-1, 1]) : 0);
  return {
    funcInfo: info.map(([start, id], i) =>
      i !== at ? [start, id] : r.chance(0.8) ? [start, Math.max(0, other)] : [start + 1, id],
    ),
  };
};

const lines: SettingChange = (bundle, r) => {
  const info = bundle.lineInfo ?? [];
  if (info.length === 0) return null;
  const at = r.below(info.length);
  if (r.chance(0.3)) return { lineInfo: info.filter((_, i) => i !== at) };
  return {
    lineInfo: info.map((row, i) =>
      i === at ? [Math.max(0, row[0] + r.pick([-1, 1])), ...row.slice(1)] : row,
    ),
  };
};

const PLAIN_TYPES = [
  uapi.BPF_MAP_TYPE_HASH,
  uapi.BPF_MAP_TYPE_ARRAY,
  uapi.BPF_MAP_TYPE_PERCPU_HASH,
  uapi.BPF_MAP_TYPE_PERCPU_ARRAY,
  uapi.BPF_MAP_TYPE_LRU_HASH,
];

/** Another size, another kind or other rights of a map. */
const map: SettingChange = (bundle, r) => {
  const maps = bundle.maps ?? [];
  const at = r.below(Math.max(1, maps.length));
  const old = maps[at];
  if (old === undefined || old['inner'] !== undefined || maps.some((m) => m['inner'] === at)) return null;
  const typed = Number(old['valueTypeId'] ?? 0) !== 0;
  const change = r.pick<Record<string, unknown>>([
    { flags: Number(old['flags'] ?? 0) ^ r.pick([128, 256, 1]) },
    ...(typed ? [] : [{ valueSize: Math.max(1, Number(old['valueSize']) + r.pick([-8, -4, -1, 1, 4, 8])) }]),
    ...(PLAIN_TYPES.includes(Number(old['type'])) ? [{ type: r.pick(PLAIN_TYPES) }] : []),
    { maxEntries: r.pick([1, 2, 3, 64]) },
  ]);
  return { maps: maps.map((m, i) => (i === at ? { ...m, ...change } : m)) };
};

const CHANGES: readonly (readonly [number, SettingChange])[] = [
  [10, flags],
  [3, sleepable],
  [6, type],
  [5, hook],
  [1, license],
  [3, functions],
  [1, lines],
  [6, map],
];

/** Perhaps changes what is around the instructions. */
export function mutateSettings(bundle: Bundle, r: Random): Bundle {
  if (!r.chance(0.3)) return bundle;
  return { ...bundle, ...r.weighted(CHANGES)(bundle, r) };
}
