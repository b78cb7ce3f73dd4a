/** Not derived from a frame pointer. */
export const ARG_NONE = -1;
/** No path has come here yet. */
export const ARG_UNVISITED = -2;
/** Derived from frame pointers, but it is not known whose. */
export const ARG_IMPRECISE = -3;

/** More offsets than that are not told apart. */
const MAX_OFFSETS = 4;
const S16_MIN = -0x8000;
const S16_MAX = 0x7fff;
const NO_OFFSETS: readonly number[] = [];

/**
 * What a register or stack slot holds as far as frame pointers go (kernel: struct arg_track): an address in a known
 * frame at one of up to four sorted offsets, or at any offset (none listed), or in one of several frames (`mask`).
 * Joining paths goes from precise to imprecise only.
 */
export class ArgTrack {
  constructor(
    /** Frame number, or one of the ARG_* above. */
    readonly frame: number,
    readonly offsets: readonly number[],
    readonly mask: number,
  ) {}

  /** Derived from some frame pointer? */
  get isFp(): boolean {
    return this.frame >= 0 || this.frame === ARG_IMPRECISE;
  }

  /** As the log prints it: `_`, `?`, `IMP3`, `fp0 ?`, `fp0-8|fp0-16`. */
  toString(): string {
    switch (this.frame) {
      case ARG_NONE:
        return '_';
      case ARG_UNVISITED:
        return '?';
      case ARG_IMPRECISE:
        return `IMP${this.mask.toString(16)}`;
      default:
        if (this.offsets.length === 0) return `fp${this.frame} ?`;
        return this.offsets.map((off) => `fp${this.frame}${off < 0 ? '' : '+'}${off}`).join('|');
    }
  }
}

export const NONE = new ArgTrack(ARG_NONE, NO_OFFSETS, 0);
export const UNVISITED = new ArgTrack(ARG_UNVISITED, NO_OFFSETS, 0);

export function precise(frame: number, offset: number): ArgTrack {
  return new ArgTrack(frame, [offset], 0);
}

/** Somewhere in a known frame. */
export function anywhereIn(frame: number): ArgTrack {
  return new ArgTrack(frame, NO_OFFSETS, 0);
}

/** Somewhere in one of the frames of `mask`. */
export function imprecise(mask: number): ArgTrack {
  return new ArgTrack(ARG_IMPRECISE, NO_OFFSETS, mask);
}

export function sameTrack(a: ArgTrack, b: ArgTrack): boolean {
  if (a === b) return true;
  if (a.frame !== b.frame) return false;
  if (a.frame === ARG_IMPRECISE) return a.mask === b.mask;
  return a.offsets.length === b.offsets.length && a.offsets.every((off, i) => off === b.offsets[i]);
}

function mergeOffsets(a: ArgTrack, b: ArgTrack): ArgTrack {
  const merged = [...new Set([...a.offsets, ...b.offsets])].sort((x, y) => x - y);
  return merged.length > MAX_OFFSETS ? anywhereIn(a.frame) : new ArgTrack(a.frame, merged, 0);
}

const frames = (t: ArgTrack): number => (t.frame >= 0 ? 1 << t.frame : t.frame === ARG_IMPRECISE ? t.mask : 0);

export function joinImprecise(a: ArgTrack, b: ArgTrack): ArgTrack {
  return imprecise(frames(a) | frames(b));
}

/** What is known where two paths meet (kernel: __arg_track_join). */
export function joinTracks(a: ArgTrack, b: ArgTrack): ArgTrack {
  if (a === b || b.frame === ARG_UNVISITED) return a;
  if (a.frame === ARG_UNVISITED) return b;
  if (a.frame === b.frame && a.frame >= 0) return a.offsets.length === 0 || b.offsets.length === 0 ? anywhereIn(a.frame) : mergeOffsets(a, b);
  if (a.frame === ARG_NONE && b.frame === ARG_NONE) return a;
  if (a.frame >= 0 && b.frame === ARG_NONE) return withMaybeNone(a);
  if (b.frame >= 0 && a.frame === ARG_NONE) return withMaybeNone(b);
  return joinImprecise(a, b);
}

/** One offset gets a second one that no access can reach, so that a write through it never counts as certain. */
function withMaybeNone(t: ArgTrack): ArgTrack {
  return t.offsets.length === 1 ? mergeOffsets(t, precise(t.frame, 0)) : t;
}

/** `off + delta` if both the distance and the sum fit 16 bits, else null. */
export function addOffset(off: number, delta: number): number | null {
  if (delta < S16_MIN || delta > S16_MAX) return null;
  const sum = off + delta;
  return sum < S16_MIN || sum > S16_MAX ? null : sum;
}

/** A constant is added to the address (kernel: arg_padd). */
export function shifted(t: ArgTrack, delta: number): ArgTrack {
  if (t.offsets.length === 0) return t;
  const moved: number[] = [];
  for (const off of t.offsets) {
    const sum = addOffset(off, delta);
    if (sum === null) return anywhereIn(t.frame);
    moved.push(sum);
  }
  return new ArgTrack(t.frame, moved, 0);
}

/** The result of an operation of two registers other than a move (kernel: arg_track_alu64). */
export function combined(dst: ArgTrack, src: ArgTrack): ArgTrack {
  if (dst.frame >= 0 && (src.frame === ARG_NONE || src.frame === dst.frame)) return anywhereIn(dst.frame);
  if (src.frame >= 0 && dst.frame === ARG_NONE) return anywhereIn(src.frame);
  if (dst.frame === ARG_NONE && src.frame === ARG_NONE) return dst;
  return joinImprecise(dst, src);
}
