/** The conditions of jumps: their codes, opposites and mirror images. */

/** Conditions, as in the upper four bits of a jump opcode (`code & 0xf0`). */
export const JEQ = 0x10;
export const JGT = 0x20;
export const JGE = 0x30;
export const JSET = 0x40;
export const JNE = 0x50;
export const JSGT = 0x60;
export const JSGE = 0x70;
export const JLT = 0xa0;
export const JLE = 0xb0;
export const JSLT = 0xc0;
export const JSLE = 0xd0;
/** The opposite of {@link JSET}, which no opcode has. */
export const JCLEAR = 0x48;

/** The condition that holds when the given one does not, by `op >> 4`. */
export const OPPOSITE = new Uint8Array(16);
/** The condition with its operands exchanged, by `op >> 4`. */
const MIRRORED = new Uint8Array(16);
for (const [op, opposite, mirrored] of [
  [JEQ, JNE, JEQ],
  [JNE, JEQ, JNE],
  [JSET, JCLEAR, JSET],
  [JGT, JLE, JLT],
  [JGE, JLT, JLE],
  [JLT, JGE, JGT],
  [JLE, JGT, JGE],
  [JSGT, JSLE, JSLT],
  [JSGE, JSLT, JSLE],
  [JSLT, JSGE, JSGT],
  [JSLE, JSGT, JSGE],
] as const) {
  OPPOSITE[op >> 4] = opposite;
  MIRRORED[op >> 4] = mirrored;
}

/** `b op' a` for `a op b`. */
export function mirrored(op: number): number {
  return MIRRORED[op >> 4];
}
