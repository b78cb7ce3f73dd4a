/** What walking one instruction leads to. */
export type Step = 0 | 1 | 2;
/** Go on with the next instruction. */
export const NEXT: Step = 0;
/** `env.insnIdx` was set to where to go on. */
export const UPDATED: Step = 1;
/** The path ends here. */
export const PATH_END: Step = 2;
