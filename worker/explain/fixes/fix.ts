import type { TextEdit } from '../../protocol.ts';
import type { TextCase, WalkedCase } from '../context.ts';

/** A change that might make the program pass; whether it does is found out before it is offered. */
export interface Candidate {
  readonly title: string;
  readonly edits: readonly TextEdit[];
  /** Changes of one kind, of which one is enough; the title if there is none. */
  readonly kind?: string;
  /** What to know of it; see the protocol's `Fix`. */
  readonly note?: string;
  /** It gives up what the program wanted: offered when nothing else helps. */
  readonly lastResort?: true;
}

/** Thinks of changes for one kind of rejection, the best first. Of those with one title the first that passes is offered. */
export type FixMaker = (c: WalkedCase) => Iterable<Candidate>;

/** The same for rejections that no walk led to: of the program's text and settings. */
export type TextFixMaker = (c: TextCase) => Iterable<Candidate>;
