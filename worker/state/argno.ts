/**
 * Names an argument of a call: a register (0..10) or, negative, the -n-th argument of the call, which is
 * register n up to 5 and an on-stack argument from 6 on (kernel: argno_t).
 */
export type Argno = number;

/** The argument that register `regno` carries. */
export function argnoFromReg(regno: number): Argno {
  return regno;
}

/** The `arg`-th argument, counted from 1. */
export function argnoFromArg(arg: number): Argno {
  return -arg;
}

/** Register that carries it, -1 for on-stack arguments. */
export function regOf(a: Argno): number {
  if (a >= 0) return a;
  return a >= -5 ? -a : -1;
}

/** Its number counted from 1, -1 if only its register is known. */
export function argOf(a: Argno): number {
  return a < 0 ? -a : -1;
}

/** As the log names it: `R1`, `*(R11-8)`. */
export function argName(a: Argno): string {
  const regno = regOf(a);
  return regno >= 0 ? `R${regno}` : `*(R11-${(-a - 5) * 8})`;
}
