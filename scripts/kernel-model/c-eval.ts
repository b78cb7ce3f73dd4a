import type { CFunction, Expr, Label, Stmt } from './c-parse.ts';

/** A value that depends on the program being loaded; comparing it asks for a fact. */
export interface Unknown {
  readonly unknown: string;
}
/** Something passed around but never looked into. */
export interface Opaque {
  readonly opaque: string;
}
/** An object with named fields that can be read and written. */
export interface Struct {
  readonly fields: Map<string, Value>;
}
interface Range {
  readonly low: number;
  readonly high: number;
}
export type Value = number | string | Unknown | Opaque | Struct;

/** What the source says and the kernel's types say; how names that have no source here behave. */
export interface Surroundings {
  function(name: string, file: string | null): { readonly fn: CFunction; readonly file: string } | null;
  constant(name: string): number | null;
  sizeOf(type: string): number;
  offsetOf(type: string, member: string): { readonly offset: number; readonly size: number };
  /** Element of a global array, such as a list of BTF ids. */
  element(array: Value, index: Value): Value;
  /** Called before a source function of the name is looked for; undefined: not built in. */
  builtin(name: string, args: readonly Value[], ask: Facts): Value | undefined;
}

/** Facts assumed about the program so far; an unanswered question is thrown as {@link NeedFact}. */
export class Facts {
  constructor(
    private readonly is: ReadonlyMap<string, string>,
    private readonly isNot: ReadonlyMap<string, ReadonlySet<string>>,
  ) {}

  /** Is the unknown equal to the value? Throws {@link NeedFact} if that is open. */
  equals(what: string, value: string): boolean {
    const known = this.is.get(what);
    if (known !== undefined) return known === value;
    if (this.isNot.get(what)?.has(value)) return false;
    throw new NeedFact(what, value);
  }

  assume(what: string, value: string, holds: boolean): Facts {
    if (holds) return new Facts(new Map([...this.is, [what, value]]), this.isNot);
    const excluded = new Set([...(this.isNot.get(what) ?? []), value]);
    return new Facts(this.is, new Map([...this.isNot, [what, excluded]]));
  }
}

/** The interpreter reached a question that the facts do not answer. */
export class NeedFact extends Error {
  constructor(
    readonly what: string,
    readonly value: string,
  ) {
    super(`need to know whether ${what} is ${value}`);
  }
}

/** A decision over facts: a result, or `[fact, {value: tree}, otherwise]`. */
export type Tree<T> = T | readonly [string, { readonly [value: string]: Tree<T> }, Tree<T>];

/** Runs an interpretation under every combination of facts it asks for and returns the decision. */
export function explore<T extends string | number | null>(
  run: (facts: Facts) => T,
  facts = new Facts(new Map(), new Map()),
): Tree<T> {
  try {
    return run(facts);
  } catch (error) {
    if (!(error instanceof NeedFact)) throw error;
    const yes = explore(run, facts.assume(error.what, error.value, true));
    const no = explore(run, facts.assume(error.what, error.value, false));
    if (JSON.stringify(yes) === JSON.stringify(no)) return yes;
    if (Array.isArray(no) && no[0] === error.what) {
      return [
        error.what,
        { [error.value]: yes, ...(no[1] as { [value: string]: Tree<T> }) },
        no[2] as Tree<T>,
      ];
    }
    return [error.what, { [error.value]: yes }, no];
  }
}

const COMPARISONS: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);
const SIZE_CALLS: ReadonlySet<string> = new Set(['sizeof', 'sizeof_field', 'offsetof', 'offsetofend']);

const isSize = (expr: Expr): boolean => expr.k === 'call' && SIZE_CALLS.has(expr.fn);
/** A negative number as C converts it to size_t (nearly: doubles are exact enough to compare with). */
const asUnsigned = (value: number): number => (value < 0 ? value + 2 ** 64 : value);

const BREAK = Symbol('break');
class Jump {
  constructor(readonly label: string) {}
}
class Returned {
  constructor(readonly value: Value) {}
}

type Outcome = Returned | Jump | typeof BREAK | null;

/** Calls a C function. `file` is where static functions are looked for first. */
export function callFunction(
  env: Surroundings,
  facts: Facts,
  name: string,
  args: readonly Value[],
  file: string | null,
): Value {
  const builtin = env.builtin(name, args, facts);
  if (builtin !== undefined) return builtin;
  const found = env.function(name, file);
  if (!found) throw new Error(`C: no source for ${name}()`);
  const scope = new Map<string, Value>();
  found.fn.params.forEach((param, i) => scope.set(param, args[i] ?? 0));
  const result = runStmt(found.fn.body);
  return result instanceof Returned ? result.value : 0;

  function runBlock(body: readonly Stmt[]): Outcome {
    for (let i = 0; i < body.length; i++) {
      const out = runStmt(body[i]);
      if (!out) continue;
      if (!(out instanceof Jump)) return out;
      const target = body.findIndex((item) => item.k === 'target' && item.label === out.label);
      if (target < i) return out;
      i = target;
    }
    return null;
  }

  function runStmt(stmt: Stmt): Outcome {
    switch (stmt.k) {
      case 'block':
        return runBlock(stmt.body);
      case 'expr':
        evaluate(stmt.expr);
        return null;
      case 'decl':
        scope.set(stmt.name, stmt.init ? evaluate(stmt.init) : 0);
        return null;
      case 'if':
        if (truth(evaluate(stmt.test))) return runStmt(stmt.then);
        return stmt.else ? runStmt(stmt.else) : null;
      case 'return':
        return new Returned(stmt.value ? evaluate(stmt.value) : 0);
      case 'break':
        return BREAK;
      case 'goto':
        return new Jump(stmt.label);
      case 'target':
      case 'empty':
        return null;
      case 'switch':
        return runSwitch(evaluate(stmt.on), stmt.body);
    }
  }

  function runSwitch(on: Value, body: readonly (Stmt | Label)[]): Outcome {
    let start = body.findIndex((item) => item.k === 'label' && item.low !== null && labelMatches(item, on));
    if (start < 0) start = body.findIndex((item) => item.k === 'label' && item.low === null);
    if (start < 0) return null;
    for (let i = start; i < body.length; i++) {
      const item = body[i];
      if (item.k === 'label') continue;
      const out = runStmt(item);
      if (out === BREAK) return null;
      if (out) return out;
    }
    return null;
  }

  function labelMatches(label: Label, on: Value): boolean {
    const low = evaluateLabel(label.low!);
    if (typeof low === 'object' && 'low' in low)
      return typeof on === 'number' && on >= low.low && on <= low.high;
    if (label.high) {
      const high = evaluate(label.high);
      return typeof on === 'number' && on >= (low as number) && on <= (high as number);
    }
    return equal(on, low);
  }

  function evaluateLabel(expr: Expr): Value | Range {
    if (expr.k === 'call' && expr.fn.startsWith('bpf_ctx_range')) {
      const from = env.offsetOf(expr.raw[0], expr.raw[1]);
      const to = expr.fn === 'bpf_ctx_range_till' ? env.offsetOf(expr.raw[0], expr.raw[2]) : from;
      return { low: from.offset, high: to.offset + to.size - 1 };
    }
    return evaluate(expr);
  }

  function truth(value: Value): boolean {
    if (typeof value === 'number') return value !== 0;
    if (typeof value === 'object' && 'unknown' in value) return !facts.equals(value.unknown, '0');
    return true;
  }

  function equal(a: Value, b: Value): boolean {
    if (typeof a === 'object' && 'unknown' in a) return facts.equals(a.unknown, keyOf(b));
    if (typeof b === 'object' && 'unknown' in b) return facts.equals(b.unknown, keyOf(a));
    if (typeof a === 'object' || typeof b === 'object') {
      if (a === 0 || b === 0) return false;
      if (typeof a === 'object' && 'opaque' in a && typeof b === 'object' && 'opaque' in b)
        return a.opaque === b.opaque;
      throw new Error(`C: cannot compare ${JSON.stringify(a)} with ${JSON.stringify(b)}`);
    }
    return a === b;
  }

  function keyOf(value: Value): string {
    if (typeof value !== 'object') return String(value);
    if ('opaque' in value) return value.opaque;
    throw new Error(`C: cannot compare with ${JSON.stringify(value)}`);
  }

  function number(value: Value): number {
    if (typeof value !== 'number') throw new Error(`C: not a number in ${name}(): ${JSON.stringify(value)}`);
    return value;
  }

  function evaluate(expr: Expr): Value {
    switch (expr.k) {
      case 'num':
        return expr.value;
      case 'str':
        return expr.value;
      case 'id': {
        const local = scope.get(expr.name);
        if (local !== undefined) return local;
        if (expr.name === 'true') return 1;
        if (expr.name === 'false' || expr.name === 'NULL') return 0;
        const constant = env.constant(expr.name);
        return constant ?? { opaque: expr.name };
      }
      case 'member': {
        const obj = evaluate(expr.obj);
        if (typeof obj === 'object' && 'fields' in obj) {
          const value = obj.fields.get(expr.name);
          if (value === undefined) throw new Error(`C: no field ${expr.name} in ${name}()`);
          return value;
        }
        throw new Error(`C: .${expr.name} of ${JSON.stringify(obj)} in ${name}()`);
      }
      case 'index':
        return env.element(evaluate(expr.obj), evaluate(expr.index));
      case 'unary': {
        const arg = evaluate(expr.arg);
        if (expr.op === '&' || expr.op === '*') return arg;
        if (expr.op === '!') return truth(arg) ? 0 : 1;
        if (expr.op === '-') return -number(arg);
        if (expr.op === '~') return ~number(arg);
        return number(arg);
      }
      case 'cond': {
        const test = evaluate(expr.test);
        if (truth(test)) return expr.then ? evaluate(expr.then) : test;
        return evaluate(expr.else);
      }
      case 'assign': {
        let value = evaluate(expr.right);
        if (expr.op !== '=') {
          const old = number(evaluate(expr.left));
          const right = number(value);
          value =
            expr.op === '|='
              ? old | right
              : expr.op === '&='
                ? old & right
                : expr.op === '+='
                  ? old + right
                  : old - right;
        }
        if (expr.left.k === 'id') scope.set(expr.left.name, value);
        else if (expr.left.k === 'member') {
          const obj = evaluate(expr.left.obj);
          if (typeof obj !== 'object' || !('fields' in obj))
            throw new Error(`C: assignment to ${expr.left.name} in ${name}()`);
          obj.fields.set(expr.left.name, value);
        } else throw new Error(`C: assignment in ${name}()`);
        return value;
      }
      case 'binary':
        return binary(expr.op, expr.left, expr.right);
      case 'call':
        return call(expr);
    }
  }

  function binary(op: string, left: Expr, right: Expr): Value {
    if (op === '&&') return truth(evaluate(left)) && truth(evaluate(right)) ? 1 : 0;
    if (op === '||') return truth(evaluate(left)) || truth(evaluate(right)) ? 1 : 0;
    const a = evaluate(left);
    const b = evaluate(right);
    if (op === '==') return equal(a, b) ? 1 : 0;
    if (op === '!=') return equal(a, b) ? 0 : 1;
    // sizes are unsigned: what they are compared with counts as unsigned as well
    const unsigned = COMPARISONS.has(op) && (isSize(left) || isSize(right));
    const x = unsigned ? asUnsigned(number(a)) : number(a);
    const y = unsigned ? asUnsigned(number(b)) : number(b);
    switch (op) {
      case '<':
        return x < y ? 1 : 0;
      case '>':
        return x > y ? 1 : 0;
      case '<=':
        return x <= y ? 1 : 0;
      case '>=':
        return x >= y ? 1 : 0;
      case '+':
        return x + y;
      case '-':
        return x - y;
      case '*':
        return x * y;
      case '/':
        return Math.trunc(x / y);
      case '%':
        return x % y;
      case '|':
        return x | y;
      case '&':
        return x & y;
      case '<<':
        return x << y;
      case '>>':
        return x >> y;
      default:
        throw new Error(`C: operator ${op}`);
    }
  }

  function call(expr: Extract<Expr, { k: 'call' }>): Value {
    switch (expr.fn) {
      case 'offsetof':
        return env.offsetOf(expr.raw[0], expr.raw[1]).offset;
      case 'offsetofend': {
        const field = env.offsetOf(expr.raw[0], expr.raw[1]);
        return field.offset + field.size;
      }
      case 'sizeof_field':
        return env.offsetOf(expr.raw[0], expr.raw[1]).size;
      case 'sizeof':
        return env.sizeOf(expr.raw[0]);
      case 'BTF_TYPE_EMIT':
      case 'BUILD_BUG_ON':
        return 0;
      case 'bpf_ctx_wide_access_ok': {
        // an aligned 8-byte access within the field's first and last but one 8-byte words
        const off = number(scope.get(expr.raw[0]) ?? 0);
        const size = number(scope.get(expr.raw[1]) ?? 0);
        const field = env.offsetOf(expr.raw[2], expr.raw[3]);
        return size === 8 && off >= field.offset && off + 8 <= field.offset + field.size && off % 8 === 0
          ? 1
          : 0;
      }
      default:
        return callFunction(
          env,
          facts,
          expr.fn,
          expr.args.map((arg) => evaluate(arg)),
          found!.file,
        );
    }
  }
}
