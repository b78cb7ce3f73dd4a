import type { Env } from './env.ts';
import type { Location, ModReason } from './observer.ts';
import type { Reg } from './reg.ts';

type Place = 'reg' | 'slot' | 'stack-arg';

/** Where register, slot or argument `no` of frame `frameno` is. */
export function locate(env: Env, frameno: number, kind: Place, no: number): Location {
  return { frameno, frameId: env.cur.frames[frameno].diagFrameId, kind, no, end: 0 };
}

/** Reports that a value was lost for a reason other than a plain write; call before it is replaced. */
export function recordScrub(env: Env, frameno: number, kind: Place, no: number, before: Reg, reason: ModReason): void {
  if (env.obs !== null) env.obs.modified(locate(env, frameno, kind, no), before, null, reason, null);
}

/** Reports that a value was replaced; `origin`: where the new value was copied from. */
export function recordWrite(
  env: Env,
  frameno: number,
  kind: Place,
  no: number,
  before: Reg,
  after: Reg,
  reason: ModReason = 'write',
  origin: Location | null = null,
): void {
  if (env.obs !== null && env.obs.wantsWrites) env.obs.modified(locate(env, frameno, kind, no), before, after, reason, origin);
}

/** Reports that a call is about to scratch R1..R5 of the current frame. */
export function recordCallerSaved(env: Env): void {
  if (env.obs === null) return;
  const frameno = env.cur.frames.length - 1;
  for (let regno = 1; regno <= 5; regno++) recordScrub(env, frameno, 'reg', regno, env.reg(regno), 'caller-saved');
}
