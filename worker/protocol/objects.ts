import type { Verdict } from '../protocol.ts';

/** A program of a compiled object, to choose from. */
export interface ObjectProgramView {
  readonly name: string;
  /** As libbpf reads it: `tc`, `fentry/do_unlinkat`. */
  readonly section: string;
  /** Of its own function; what it calls comes on top. */
  readonly insns: number;
}

/** What an object file holds, or one sentence that says why it cannot be read. */
export type ObjectContents =
  | { readonly ok: true; readonly programs: readonly ObjectProgramView[] }
  | { readonly ok: false; readonly message: string };

/** A program of an object as program text, with remarks; or why it cannot be put together. */
export type ObjectText =
  | { readonly ok: true; readonly source: string; readonly notes: readonly string[] }
  | { readonly ok: false; readonly message: string };

/** What the verifier says of a program of an object; `long`: it did not wait for the end. */
export interface ObjectVerdict {
  readonly program: string;
  readonly verdict: Verdict | 'long';
  /** Last message of the verifier, or what is in the way; empty if accepted. */
  readonly message: string;
}

/** Compiled objects (`.bpf.o`). They are not kept: each question brings the bytes and the file's name. */
export interface ObjectQueries {
  objectPrograms(bytes: Uint8Array, fileName: string): Promise<ObjectContents>;
  /** Links and relocates a program for the kernel here. Rejects if the kernel's types cannot be fetched. */
  objectText(bytes: Uint8Array, fileName: string, program: string): Promise<ObjectText>;
  /**
   * Verifies every program, in the order of the file, and tells of each; ends early when `onVerdict` answers false, or when
   * another request of the page goes first.
   */
  objectVerdicts(
    bytes: Uint8Array,
    fileName: string,
    onVerdict: (verdict: ObjectVerdict) => boolean | Promise<boolean>,
  ): Promise<void>;
}
