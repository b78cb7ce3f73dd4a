import type { HelperProto } from '../../kernel/helpers.ts';
import * as t from '../../kernel/types.ts';

/** What an argument of each kind is, in a word or two. */
const ARGS: Readonly<Record<number, string>> = {
  [t.ARG_CONST_MAP_PTR]: 'map',
  [t.ARG_PTR_TO_MAP_KEY]: 'key *',
  [t.ARG_PTR_TO_MAP_VALUE]: 'value *',
  [t.ARG_PTR_TO_MEM]: 'memory *',
  [t.ARG_PTR_TO_ARENA]: 'arena *',
  [t.ARG_MEM_SIZE]: 'size',
  [t.ARG_MEM_SIZE_OR_ZERO]: 'size',
  [t.ARG_PTR_TO_CTX]: 'ctx',
  [t.ARG_ANYTHING]: 'number',
  [t.ARG_SCALAR]: 'number',
  [t.ARG_PTR_TO_SPIN_LOCK]: 'bpf_spin_lock *',
  [t.ARG_PTR_TO_SOCK_COMMON]: 'sock_common *',
  [t.ARG_PTR_TO_SOCKET]: 'sock *',
  [t.ARG_PTR_TO_BTF_ID]: 'kernel object *',
  [t.ARG_PTR_TO_RINGBUF_MEM]: 'record *',
  [t.ARG_CONST_ALLOC_SIZE_OR_ZERO]: 'constant size',
  [t.ARG_PTR_TO_BTF_ID_SOCK_COMMON]: 'sock_common *',
  [t.ARG_PTR_TO_PERCPU_BTF_ID]: 'per-CPU variable *',
  [t.ARG_PTR_TO_FUNC]: 'callback',
  [t.ARG_PTR_TO_STACK]: 'stack *',
  [t.ARG_PTR_TO_CONST_STR]: 'constant string',
  [t.ARG_PTR_TO_TIMER]: 'bpf_timer *',
  [t.ARG_KPTR_XCHG_DEST]: 'kptr field *',
  [t.ARG_PTR_TO_DYNPTR]: 'dynptr *',
};

const RESULTS: Readonly<Record<number, string>> = {
  [t.RET_INTEGER]: 'number',
  [t.RET_VOID]: 'nothing',
  [t.RET_PTR_TO_MAP_VALUE]: 'map value',
  [t.RET_PTR_TO_SOCKET]: 'sock',
  [t.RET_PTR_TO_TCP_SOCK]: 'tcp_sock',
  [t.RET_PTR_TO_SOCK_COMMON]: 'sock_common',
  [t.RET_PTR_TO_MEM]: 'memory',
  [t.RET_PTR_TO_MEM_OR_BTF_ID]: 'memory or kernel object',
  [t.RET_PTR_TO_BTF_ID]: 'kernel object',
};

/** `bpf_map_lookup_elem(map, key *) → map value or NULL`. */
export function helperSignature(name: string, proto: HelperProto): string {
  const args: string[] = [];
  proto.args.forEach((arg, i) => {
    if (arg === t.ARG_DONTCARE) return;
    const struct = proto.argBtf[i];
    const word = struct !== null && struct !== '*' ? `${struct} *` : (ARGS[t.baseType(arg)] ?? '?');
    args.push((arg & t.PTR_MAYBE_NULL) !== 0 ? `${word} or NULL` : word);
  });
  const struct = proto.retBtf;
  const result = struct !== null && struct !== '*' ? struct : (RESULTS[t.baseType(proto.ret)] ?? '?');
  return `${name}(${args.join(', ')}) → ${result}${(proto.ret & t.PTR_MAYBE_NULL) !== 0 ? ' or NULL' : ''}`;
}

/** What else one should know before calling it. */
export function helperRemarks(proto: HelperProto): string {
  const remarks = [];
  if (proto.mightSleep) remarks.push('It may sleep.');
  if (proto.gplOnly) remarks.push('Only for programs under a GPL compatible licence.');
  return remarks.join(' ');
}
