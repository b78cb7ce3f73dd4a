import type { ProgTraits } from './prog-traits.ts';
import { FUNCTION_SETS } from './generated/lists.ts';

/** A decision over facts of the program: a result, or `[fact, {value: tree}, otherwise]`. */
export type Tree<T> =
  T | readonly [fact: string, cases: { readonly [value: string]: Tree<T> }, otherwise: Tree<T>];

const SET_PREFIX = 'attachIn:';
const NAME_PREFIX = 'attachNameStarts:';
const sets = new Map<string, ReadonlySet<string>>();

/** Is a function in one of the kernel's named sets (`sleepable_lsm_hooks`, `noreturn_deny`, …)? */
export function inFunctionSet(set: string, name: string | null): boolean {
  if (name === null) return false;
  let members = sets.get(set);
  if (members === undefined) {
    const listed = FUNCTION_SETS[set];
    if (listed === undefined) throw new Error(`no function set ${set} in the kernel model`);
    sets.set(set, (members = new Set(listed)));
  }
  return members.has(name);
}

/** The value of a fact for a program, as the generated decisions spell it. */
function factValue(fact: string, prog: ProgTraits): string {
  switch (fact) {
    case 'progType':
      return String(prog.progType);
    case 'attachType':
      return String(prog.attachType);
    case 'sleepable':
      return prog.sleepable ? '1' : '0';
    case 'capBpf':
      return prog.capBpf ? '1' : '0';
    case 'capPerfmon':
      return prog.capPerfmon ? '1' : '0';
    case 'capSysAdmin':
      return prog.capSysAdmin ? '1' : '0';
    case 'offloaded':
      return '0';
    case 'attachName':
      return prog.attachName ?? '';
    case 'memberOffset':
      return prog.structOps ? String(prog.structOps.offset) : '';
    case 'structOps':
      return prog.structOps ? `bpf_${prog.structOps.type}` : '0';
    default:
      if (fact.startsWith(SET_PREFIX))
        return inFunctionSet(fact.slice(SET_PREFIX.length), prog.attachName) ? '1' : '0';
      if (fact.startsWith(NAME_PREFIX))
        return prog.attachName?.startsWith(fact.slice(NAME_PREFIX.length)) ? '1' : '0';
      throw new Error(`the kernel model asks for an unknown fact: ${fact}`);
  }
}

/** Follows a decision for a program. */
export function decide<T extends string | number | null>(tree: Tree<T>, prog: ProgTraits): T {
  let at: Tree<T> = tree;
  while (Array.isArray(at)) {
    const [fact, cases, otherwise] = at as readonly [string, { readonly [value: string]: Tree<T> }, Tree<T>];
    const value = factValue(fact, prog);
    at = Object.hasOwn(cases, value) ? cases[value] : otherwise;
  }
  return at as T;
}
