import { skipModifiers } from '../../btf/walk.ts';
import {
  MEM_RINGBUF,
  PTR_TO_BTF_ID,
  PTR_TO_MEM,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_TCP_SOCK,
  baseType,
} from '../../kernel/types.ts';
import { BtfRef, IterExt, type Reg } from '../../state/reg.ts';
import { STACK_DYNPTR, byteType, type Slot } from '../../state/slot.ts';
import { callee, type WalkedCase } from '../context.ts';

/** What gives a reference to each type back. */
const BY_STRUCT: Readonly<Record<string, string>> = {
  task_struct: 'bpf_task_release',
  cgroup: 'bpf_cgroup_release',
  bpf_cpumask: 'bpf_cpumask_release',
  cpumask: 'bpf_cpumask_release',
  request: 'bpf_request_release',
  bpf_crypto_ctx: 'bpf_crypto_ctx_release',
  nf_conn: 'bpf_ct_release',
  nf_conn___init: 'bpf_ct_release',
  file: 'bpf_put_file',
  bpf_key: 'bpf_key_put',
  sock_common: 'bpf_sk_release',
  sock: 'bpf_sk_release',
  sk_buff: 'bpf_kfree_skb',
  prog_test_ref_kfunc: 'bpf_kfunc_call_test_release',
};

/** Lines that give back what a register refers to, null if nobody knows how. */
export function releaseLines(
  c: WalkedCase,
  reg: Reg,
  regno: number,
): { readonly name: string; readonly lines: string[] } | null {
  const pass = regno === 1 ? [] : [`r1 = r${regno}`];
  const call = (name: string, ...more: string[]): { name: string; lines: string[] } => ({
    name,
    lines: [...pass, ...more, `call ${name}`],
  });
  const base = baseType(reg.type);
  if (base === PTR_TO_SOCKET || base === PTR_TO_SOCK_COMMON || base === PTR_TO_TCP_SOCK)
    return call('bpf_sk_release');
  if (base === PTR_TO_MEM && (reg.type & MEM_RINGBUF) !== 0) return call('bpf_ringbuf_discard', 'r2 = 0');
  if (base !== PTR_TO_BTF_ID || !(reg.ext instanceof BtfRef)) return null;
  const { btf, id } = reg.ext;
  // objects of the program's own types were made by bpf_obj_new
  if (btf === c.program.btf) {
    const name =
      c.program.refs.size !== 0 &&
      [...c.program.refs.values()].some((ref) => ref.kind === 'kfunc' && ref.name === 'bpf_obj_new_impl')
        ? 'bpf_obj_drop_impl'
        : 'bpf_obj_drop';
    return call(name, ...(name === 'bpf_obj_drop_impl' ? ['r2 = 0'] : []));
  }
  const name = BY_STRUCT[btf.type(id).name] as string | undefined;
  return name === undefined ? null : call(name);
}

/** Lines that end the object in a stack slot: an iterator, or a dynptr to a ring buffer's record. */
export function endLines(
  slot: Slot,
  spi: number,
): { readonly name: string; readonly lines: string[] } | null {
  const at = [`r1 = r10`, `r1 += -${(spi + 1) * 8}`];
  if (slot.reg.ext instanceof IterExt) {
    const name = `${slot.reg.ext.btf.type(slot.reg.ext.id).name}_destroy`;
    return { name, lines: [...at, `call ${name}`] };
  }
  if (byteType(slot.types, 0) === STACK_DYNPTR) {
    const name = 'bpf_ringbuf_discard_dynptr';
    return { name, lines: [...at, 'r2 = 0', `call ${name}`] };
  }
  return null;
}

/** What gives the result of helpers back. */
const BY_HELPER: readonly (readonly [helper: RegExp, release: string])[] = [
  [/^bpf_skc?_lookup/, 'bpf_sk_release'],
  [/^bpf_ringbuf_reserve$/, 'bpf_ringbuf_discard'],
];

/** Functions that give a reference back, with what they need beside it. */
const RELEASES: readonly (readonly [name: string, ...more: string[]])[] = [
  ...[...new Set(Object.values(BY_STRUCT))].map((name): readonly [string] => [name]),
  ['bpf_obj_drop'],
  ['bpf_ringbuf_discard', 'r2 = 0'],
];

/** Is it a function whose purpose is to give something back? */
export const isRelease = (name: string): boolean =>
  /_(release|put|drop|destroy|free|discard|submit|restore)\b|_(discard|submit)_dynptr$|_put_file$|_key_put$|^bpf_kfree_skb$|_drop_impl$/.test(
    name,
  );

/** Lines that give back what a call has just returned in r0, by what the called function says of it; several where it says nothing. */
export function releasesOfResult(
  c: WalkedCase,
  call: number,
): { readonly name: string; readonly lines: readonly string[] }[] {
  const struct = returnedStruct(c, call);
  const known =
    (BY_STRUCT[struct] as string | undefined) ??
    BY_HELPER.find(([helper]) => helper.test(callee(c, call)))?.[1];
  return RELEASES.filter(([name]) => known === undefined || name === known).map(([name, ...more]) => ({
    name,
    lines: ['r1 = r0', ...more, `call ${name}`],
  }));
}

/** The struct that a call returns a pointer to, empty if that is not known from its prototype. */
function returnedStruct(c: WalkedCase, call: number): string {
  const meta = c.env.facts.kfuncs.get(call);
  if (meta === undefined) return '';
  const { btf, proto } = meta;
  const pointer = skipModifiers(btf, proto.type);
  return pointer.type === 0 ? '' : skipModifiers(btf, pointer.type).name;
}
