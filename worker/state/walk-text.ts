import type { Env } from './env.ts';
import type { State } from './state.ts';

/** What places that write about the walk need besides plain messages: {@link Env.walk} is null when nobody reads the log. */
export interface WalkText {
  /** Writes what changed since the last state line of the current frame, beside the instruction if possible (kernel: print_insn_state). */
  insnState(env: Env): void;
  /** Writes one frame of a state whole, and a newline (kernel: print_verifier_state with print_all). */
  frame(state: State, frameno: number): void;
  /** An instruction as the log shows it, without the newline (kernel: bpf_verbose_insn). */
  insnText(insn: number): string;
}
