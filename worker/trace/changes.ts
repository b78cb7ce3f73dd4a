import type { Reg } from '../state/reg.ts';
import type { Slot } from '../state/slot.ts';
import type { RetvalRange } from '../state/frame.ts';
import type { Reference } from '../state/reference.ts';

/** What a change is of; see {@link changeKey}. */
export const CHANGE_REG = 0;
export const CHANGE_SLOT = 1;
/** The frame's outgoing on-stack arguments, all of them. */
export const CHANGE_ARGS = 2;
/** The stack in use, in slots: `no`. New slots hold nothing. */
export const CHANGE_STACK = 3;
/** A frame is entered, or is another one than before: nothing is known in it. */
export const CHANGE_FRAME = 4;
/** Number of frames: `no`. */
export const CHANGE_DEPTH = 5;
export const CHANGE_REFS = 6;
export const CHANGE_CONTEXT = 7;

/** One integer for kind, frame and number: `kind | frame << 3 | no << 8`. */
export function changeKey(kind: number, frameno: number, no: number): number {
  return kind | (frameno << 3) | (no << 8);
}
export const keyKind = (key: number): number => key & 7;
export const keyFrame = (key: number): number => (key >> 3) & 31;
export const keyNo = (key: number): number => key >> 8;

/** What identifies a frame, beside what is in it. */
export interface FrameFacts {
  readonly callsite: number;
  readonly subprogno: number;
  readonly id: number;
  readonly callbackRetRange: RetvalRange | null;
  readonly inCallbackFn: boolean;
  readonly inAsyncCallbackFn: boolean;
  readonly inExceptionCallbackFn: boolean;
}

/** What a state knows beside its frames. */
export interface ContextFacts {
  readonly activeLocks: number;
  readonly activeLockId: number;
  readonly activeLockPtr: object | null;
  readonly activePreemptLocks: number;
  readonly activeIrqId: number;
  readonly activeRcuLocks: number;
  readonly forbidFaultCount: number;
  readonly speculative: boolean;
  readonly inSleepable: boolean;
}

/** What a thing changed into. */
export type ChangeValue = Reg | Slot | readonly Reg[] | FrameFacts | ContextFacts | readonly Reference[] | null;
