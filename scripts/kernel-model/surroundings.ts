import type { Facts, Struct, Surroundings, Value } from './c-eval.ts';
import { callFunction } from './c-eval.ts';
import type { KernelTypes } from './types-of.ts';
import type { Source } from './source.ts';

/** A program of a type, everything else about it open. */
export function openProgram(progType: number, structOps: string | null = null): Struct {
  const aux: Struct = {
    fields: new Map<string, Value>([
      ['token', { opaque: 'token' }],
      ['attach_btf_id', { opaque: 'attach_btf_id' }],
      ['attach_btf', { opaque: 'attach_btf' }],
      ['attach_func_proto', { opaque: 'attach_func_proto' }],
      ['attach_func_name', { opaque: 'attach_func_name' }],
      ['attach_st_ops_member_off', { unknown: 'memberOffset' }],
      ['dst_prog', 0],
      ['st_ops', structOps === null ? 0 : { opaque: structOps }],
    ]),
  };
  return {
    fields: new Map<string, Value>([
      ['type', progType],
      ['expected_attach_type', { unknown: 'attachType' }],
      ['sleepable', { unknown: 'sleepable' }],
      ['aux', aux],
      ['tstamp_type_access', 0],
    ]),
  };
}

const CAPABILITIES: Readonly<Record<string, string>> = {
  CAP_BPF: 'capBpf',
  CAP_PERFMON: 'capPerfmon',
  CAP_SYS_ADMIN: 'capSysAdmin',
};

/** How the interpreted functions see the rest of the kernel. */
export function surroundings(source: Source, types: KernelTypes): Surroundings {
  const iterators = iteratorProtos(source);
  const env: Surroundings = {
    function: (name, file) => source.function(name, file),
    constant: (name) => types.constant(name),
    sizeOf: (type) => types.sizeOf(type),
    offsetOf: (type, member) => types.offsetOf(type, member),
    element(array, index) {
      if (typeof array !== 'object' || !('opaque' in array) || typeof index !== 'number')
        throw new Error('not an id list');
      return { opaque: source.idList(array.opaque)[index][1] };
    },
    builtin(name, args, facts) {
      switch (name) {
        case 'bpf_token_capable': {
          const cap = args[1];
          const fact = typeof cap === 'object' && 'opaque' in cap ? CAPABILITIES[cap.opaque] : undefined;
          if (!fact) throw new Error(`unknown capability ${JSON.stringify(cap)}`);
          return facts.equals(fact, '1') ? 1 : 0;
        }
        case 'security_locked_down':
        case '__set_printk_clr_event':
        case '____bpf_trace_printk_enable':
          return 0;
        case 'bpf_prog_is_offloaded':
          return facts.equals('offloaded', '1') ? 1 : 0;
        case 'prog_ops_moff':
          return { unknown: 'memberOffset' };
        case 'btf_id_set8_contains':
        case 'btf_id_set_contains':
          return inSet(source, args[0], args[1], facts);
        case 'bpf_qdisc_kfunc_filter':
          return qdiscFilter(source, types, args[1], facts);
        case 'bpf_jit_supports_subprog_tailcalls':
        case 'bpf_allow_tail_call_in_subprogs':
          return 1;
        case 'verbose':
        case 'func_id_name':
          return 0;
        case 'resolve_prog_type':
          return { unknown: 'progType' };
        case 'bpf_lsm_is_sleepable_hook':
          return facts.equals('attachIn:sleepable_lsm_hooks', '1') ? 1 : 0;
        case 'strlen':
          return String(args[0]).length;
        case 'strncmp':
          return facts.equals(`attachNameStarts:${String(args[1])}`, '1') ? 0 : 1;
        case 'bpf_iter_get_func_proto': {
          for (const [target, fn] of iterators) {
            if (facts.equals('attachName', `bpf_iter_${target}`))
              return callFunction(env, facts, fn, args, null);
          }
          return 0;
        }
        case 'bpf_ctx_record_field_size':
          (args[0] as Struct).fields.set('ctx_field_size', args[1]);
          return 0;
        case 'nf_ptr_to_btf_id':
          (args[0] as Struct).fields.set(
            'reg_type',
            (types.constant('PTR_TO_BTF_ID') ?? 0) | (types.constant('PTR_TRUSTED') ?? 0),
          );
          (args[0] as Struct).fields.set('btf', args[1]);
          return 1;
        case 'bpf_get_skb_set_tunnel_proto':
          return {
            opaque:
              args[0] === types.constant('BPF_FUNC_skb_set_tunnel_key')
                ? 'bpf_skb_set_tunnel_key_proto'
                : 'bpf_skb_set_tunnel_opt_proto',
          };
        case 'bpf_get_trace_printk_proto':
          return { opaque: 'bpf_trace_printk_proto' };
        case 'bpf_get_trace_vprintk_proto':
          return { opaque: 'bpf_trace_vprintk_proto' };
        case 'bpf_get_perf_event_read_value_proto':
          return { opaque: 'bpf_perf_event_read_value_proto' };
        default:
          return undefined;
      }
    },
  };
  return env;
}

/** Membership of a kfunc is known from the set; membership of the attach target is a fact about the program. */
function inSet(source: Source, set: Value, member: Value, facts: Facts): number {
  if (typeof set !== 'object' || !('opaque' in set)) throw new Error('not a BTF set');
  if (typeof member === 'object' && 'opaque' in member && member.opaque !== 'attach_btf_id')
    return source.set(set.opaque).includes(member.opaque) ? 1 : 0;
  return facts.equals(`attachIn:${set.opaque}`, '1') ? 1 : 0;
}

/** Qdisc's filter reads a table indexed by struct member: which members may enqueue, which dequeue. */
function qdiscFilter(source: Source, types: KernelTypes, kfunc: Value, facts: Facts): number {
  const name = typeof kfunc === 'object' && 'opaque' in kfunc ? kfunc.opaque : '';
  if (!source.set('qdisc_kfunc_ids').includes(name)) return 0;
  if (!facts.equals('structOps', 'bpf_Qdisc_ops')) return -13;
  const at = (member: string): boolean =>
    facts.equals('memberOffset', String(types.offsetOf('struct Qdisc_ops', member).offset));
  if (source.set('qdisc_enqueue_kfunc_set').includes(name) && at('enqueue')) return 0;
  if (source.set('qdisc_dequeue_kfunc_set').includes(name) && at('dequeue')) return 0;
  return source.set('qdisc_common_kfunc_set').includes(name) ? 0 : -13;
}

/** Iterator targets whose registration names helpers of its own. */
function iteratorProtos(source: Source): readonly (readonly [string, string])[] {
  const found: [string, string][] = [];
  for (const text of source.files.values()) {
    for (const match of text.matchAll(/struct bpf_iter_reg \w+ = \{([\s\S]*?)\n\};/g)) {
      const target = /\.target\s*=\s*"(\w+)"/.exec(match[1]);
      const fn = /\.get_func_proto\s*=\s*(\w+)/.exec(match[1]);
      if (target && fn) found.push([target[1], fn[1]]);
    }
  }
  return found.sort();
}
