import type { Source } from './source.ts';

/** BTF id sets of functions that rules refer to, by the kernel's name of the set. */
const SETS: readonly string[] = [
  'sleepable_lsm_hooks',
  'untrusted_lsm_hooks',
  'bool_lsm_hooks',
  'bpf_lsm_disabled_hooks',
  'bpf_lsm_current_hooks',
  'bpf_lsm_locked_sockopt_hooks',
  'bpf_lsm_unlocked_sockopt_hooks',
  'btf_allowlist_d_path',
  'btf_non_sleepable_error_inject',
  'btf_id_deny',
  'noreturn_deny',
  'rcu_protected_types',
  'd_inode_locked_hooks',
];

export interface Lists {
  readonly sets: Readonly<Record<string, readonly string[]>>;
  /** Names of the functions that LSM programs attach to. */
  readonly lsmHooks: readonly string[];
  /** Table name (`rcu`, `rcu_or_null`, `trusted`, `trusted_or_null`) → struct → fields. */
  readonly safe: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Tracepoint → mask of arguments: 4 bits each, 1 may be NULL, 2 may be an error. Hex. */
  readonly rawTpNullArgs: Readonly<Record<string, string>>;
  /** Functions whose errors may be injected, besides all system call entries: attachable by sleepable and fmod_ret programs. */
  readonly errorInjection: readonly string[];
  /** Kfuncs that the verifier knows by name, in its order. */
  readonly specialKfuncs: readonly string[];
}

/** Reads the small lists of the verifier. */
export function readLists(source: Source): Lists {
  const verifier = source.files.get('kernel/bpf/verifier.c') ?? '';
  const btf = source.files.get('kernel/bpf/btf.c') ?? '';
  const safe: Record<string, Record<string, string[]>> = {};
  for (const match of verifier.matchAll(/^BTF_TYPE_SAFE_(\w+)\(struct (\w+)\) \{([\s\S]*?)^\};/gm)) {
    const fields = [...match[3].matchAll(/\*?(\w+);/g)].map((field) => field[1]);
    (safe[match[1].toLowerCase()] ??= {})[match[2]] = fields;
  }
  const nullArgs: Record<string, string> = {};
  const table = /raw_tp_null_args\[\] = \{([\s\S]*?)^\};/m.exec(btf)?.[1] ?? '';
  for (const match of table.matchAll(/\{\s*"(\w+)",\s*([^}]+?)\s*\}/g)) {
    nullArgs[match[1]] = match[2]
      .split('|')
      .map((part) => BigInt(part.trim()))
      .reduce((all, bit) => all | bit, 0n)
      .toString(16);
  }
  return {
    // the set of hooks without a result is written as a macro over the table of hooks
    sets: {
      ...Object.fromEntries(SETS.map((name) => [name, source.set(name)])),
      void_lsm_hooks: hooksReturning(source, 'void'),
    },
    lsmHooks: lsmHooks(source),
    safe,
    rawTpNullArgs: nullArgs,
    errorInjection: source.errorInjection,
    specialKfuncs: source.idList('special_kfunc_list').map(([, name]) => name),
  };
}

function hooksReturning(source: Source, result: string): string[] {
  const text = source.files.get('include/linux/lsm_hook_defs.h') ?? '';
  return [...text.matchAll(/LSM_HOOK\(\s*(\w+)\s*,[^,]+,\s*(\w+)/g)]
    .filter((hook) => hook[1] === result)
    .map((hook) => `bpf_lsm_${hook[2]}`);
}

function lsmHooks(source: Source): string[] {
  const text = source.files.get('include/linux/lsm_hook_defs.h') ?? '';
  const disabled = new Set(source.set('bpf_lsm_disabled_hooks'));
  const hooks = [...text.matchAll(/LSM_HOOK\([^,]+,[^,]+,\s*(\w+)/g)].map((hook) => `bpf_lsm_${hook[1]}`);
  return hooks.filter((hook) => !disabled.has(hook));
}
