import { ERROR_INJECTION, LSM_HOOKS, RAW_TP_NULL_ARGS, SAFE_FIELDS } from './generated/lists.ts';

/** Pointer fields of kernel structs whose loads keep trust: struct name → field names. */
export interface SafeFields {
  /** Trusted within an RCU section. */
  readonly rcu: ReadonlyMap<string, ReadonlySet<string>>;
  /** The same, possibly NULL. */
  readonly rcuOrNull: ReadonlyMap<string, ReadonlySet<string>>;
  /** Trusted whenever the struct is. */
  readonly trusted: ReadonlyMap<string, ReadonlySet<string>>;
  /** The same, possibly NULL. */
  readonly trustedOrNull: ReadonlyMap<string, ReadonlySet<string>>;
}

function table(name: string): ReadonlyMap<string, ReadonlySet<string>> {
  return new Map(
    Object.entries(SAFE_FIELDS[name] ?? {}).map(([struct, fields]) => [struct, new Set(fields)]),
  );
}

/** The verifier's BTF_TYPE_SAFE_* lists. */
export const SAFE: SafeFields = {
  rcu: table('rcu'),
  rcuOrNull: table('rcu_or_null'),
  trusted: table('trusted'),
  trustedOrNull: table('trusted_or_null'),
};

/** What a tracepoint's argument may be besides a valid pointer. */
export const RAW_TP_ARG_NULL = 1;
/** An ERR_PTR: the argument is then a plain number to programs. */
export const RAW_TP_ARG_ERR = 2;

/**
 * RAW_TP_ARG_* bits of an argument (from 0) of a tracepoint (name without `btf_trace_`), null if the kernel's
 * list does not name the tracepoint: then a module's is taken as possibly NULL, the kernel's as never.
 */
export function rawTracepointArg(tracepoint: string, arg: number): number | null {
  const mask = RAW_TP_NULL_ARGS[tracepoint];
  if (mask === undefined) return null;
  return Number((BigInt(`0x${mask}`) >> BigInt(arg * 4)) & 3n);
}

const LSM_HOOK_SET: ReadonlySet<string> = new Set(LSM_HOOKS);

/** Is it a hook that LSM programs may attach to (`bpf_lsm_…`)? */
export function isLsmHook(name: string): boolean {
  return LSM_HOOK_SET.has(name);
}

const ERROR_INJECTION_SET: ReadonlySet<string> = new Set(ERROR_INJECTION);

/**
 * May errors be injected into the function (within_error_injection_list)? All system call entries of x86-64 and
 * the functions marked so. Sleepable tracing and fmod_ret programs attach only to such.
 */
export function allowsErrorInjection(name: string): boolean {
  return ERROR_INJECTION_SET.has(name) || /^__(x64|ia32)_(compat_)?sys_/.test(name);
}
