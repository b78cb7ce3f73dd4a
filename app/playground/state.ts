import type {
  About,
  Comparison,
  Explanation,
  Progress,
  StepView,
  VerifyRequest,
  VerifyResult,
} from '../../worker/protocol.ts';
import type { Doc, Draft } from '../drafts/drafts.ts';
import type { Example } from '../examples/examples.ts';
import type { SharedStops } from '../share/link.ts';

/** What the verifier's thread is doing. */
export type Phase =
  | { readonly kind: 'starting' }
  | { readonly kind: 'idle' }
  /** `progress` is null until a run has lasted long enough to report any. */
  | { readonly kind: 'verifying'; readonly progress: Progress | null; readonly since: number }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'broken'; readonly message: string };

/** Something to tell the person, with what may be done about it. */
export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'warning' | 'error';
  readonly text: string;
  readonly actions: readonly { readonly label: string; readonly run: () => void }[];
}

/** A finished run and the document it was made from. */
export interface Run {
  readonly doc: Doc;
  /** {@link State.opened} at that time. */
  readonly opened: number;
  readonly result: VerifyResult;
}

export interface State {
  readonly about: About | null;
  readonly doc: Doc;
  /** What the document began as; the title of its draft. */
  readonly title: string;
  /** Id under which it is kept, null until it is changed. */
  readonly draft: string | null;
  /** The lesson that the document belongs to. */
  readonly lesson: string | null;
  /** Stops that came with the document; null: it came by another way than a link. */
  readonly brought: SharedStops | null;
  /** Counts documents opened; the editor replaces its text when it changes, and not when a person types. */
  readonly opened: number;
  readonly phase: Phase;
  /** The newest result, whatever it says. */
  readonly latest: Run | null;
  /** The newest run with a program in it: what walk, lanes, log and reasons show. Half a line typed does not take them away. */
  readonly run: Run | null;
  readonly step: StepView | null;
  readonly explanation: Explanation | null;
  /** A run against another (the kernel as released, unless {@link State.against} says otherwise), and which run that was; null unless asked for. Both stay on record. */
  readonly comparison: { readonly of: Run; readonly result: Comparison } | null;
  readonly comparing: boolean;
  /** What a document is compared with; null: with the kernel as released. */
  readonly against: ((doc: Doc) => VerifyRequest) | null;
  readonly notices: readonly Notice[];
  readonly drafts: readonly Draft[];
  readonly examples: readonly Example[];
  /** Spoken to screen readers. */
  readonly announcement: string;
}

export const INITIAL: State = {
  about: null,
  doc: { source: '', semantics: null, kfuncFlags: {} },
  title: 'New program',
  draft: null,
  lesson: null,
  brought: null,
  opened: 0,
  phase: { kind: 'starting' },
  latest: null,
  run: null,
  step: null,
  explanation: null,
  comparison: null,
  comparing: false,
  against: null,
  notices: [],
  drafts: [],
  examples: [],
  announcement: '',
};

/** Is the run that is shown the run of the document that is shown? */
export function isCurrent(state: State): boolean {
  return state.run !== null && state.run.doc === state.doc;
}
