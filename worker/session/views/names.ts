import type { Shown } from './insns.ts';

/** What a function of the program is called: as in the text, else as in its types. */
export function functionName({ text, env, program }: Shown, subprog: number): string {
  const sub = env?.facts.subprogs[subprog];
  const start = sub?.start ?? 0;
  return text.outline.functions.find((fn) => fn.start === start)?.name ?? sub?.name ?? program.name;
}
