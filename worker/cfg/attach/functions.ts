/** Functions that error injection may make fail, and so that may be slept in or have their result replaced. */
const ERROR_INJECTION: ReadonlySet<string> = new Set([
  '__filemap_add_folio',
  'should_fail_alloc_page',
  'should_fail_bio',
  'should_fail_net_realloc_skb',
  'should_failslab',
  'page_pool_alloc_netmems',
  'btrfs_check_leaf',
  'btrfs_check_node',
  'btrfs_cow_block',
  'btrfs_search_slot',
  'btrfs_should_cancel_balance',
  'open_ctree',
  'io_ctl_init',
  'bpf_testmod_test_read',
  'bpf_testmod_test_write',
]);
/** System call entries, all of which are in that list. */
const SYSCALL_PREFIXES = ['__x64_sys_', '__ia32_sys_', '__x64_compat_sys_', '__ia32_compat_sys_'];

/** Functions whose result a program may replace without that, and whether it may sleep (BTF_KFUNC_HOOK_FMODRET). */
const MODIFY_RETURN: ReadonlyMap<string, boolean> = new Map([
  ['bpf_modify_return_test', false],
  ['bpf_modify_return_test2', false],
  ['bpf_modify_return_test_tp', false],
  ['bpf_fentry_test1', true],
  ['update_socket_protocol', false],
  ['bpf_testmod_fentry_test1', false],
]);

/** kernel: within_error_injection_list */
export function mayFail(name: string): boolean {
  return ERROR_INJECTION.has(name) || SYSCALL_PREFIXES.some((p) => name.startsWith(p));
}

/** May sleepable tracing programs attach there, being in the list of replaceable functions? */
export function modifyReturnSleeps(name: string): boolean {
  return MODIFY_RETURN.get(name) === true;
}

/** May a program replace the function's result (kernel: check_attach_modify_return)? */
export function mayModifyReturn(name: string): boolean {
  return MODIFY_RETURN.has(name) || mayFail(name) || name.startsWith('security_');
}

/** Tracepoints that may fault: those at system call entry and exit. */
export const FAULTABLE_TRACEPOINTS: ReadonlySet<string> = new Set(['sys_enter', 'sys_exit']);
