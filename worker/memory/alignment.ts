import { constLo, isAligned, isConst } from '../domain/scalar.ts';
import { BPF_MAP_TYPE_INSN_ARRAY } from '../kernel/map-types.ts';
import {
  PTR_TO_ARENA,
  PTR_TO_CTX,
  PTR_TO_FLOW_KEYS,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_PACKET,
  PTR_TO_PACKET_META,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_STACK,
  PTR_TO_TCP_SOCK,
  PTR_TO_XDP_SOCK,
} from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import type { Reg } from '../state/reg.ts';
import { tnumText } from './bounds.ts';
import { MEMORY_RULES } from './rules.ts';

/** What the pointer is called when an access through it is misaligned. */
const DESCRIPTIONS: ReadonlyMap<number, string> = new Map([
  [PTR_TO_FLOW_KEYS, 'flow keys '],
  [PTR_TO_MAP_KEY, 'key '],
  [PTR_TO_MAP_VALUE, 'value '],
  [PTR_TO_CTX, 'context '],
  [PTR_TO_STACK, 'stack '],
  [PTR_TO_SOCKET, 'sock '],
  [PTR_TO_SOCK_COMMON, 'sock_common '],
  [PTR_TO_TCP_SOCK, 'tcp_sock '],
  [PTR_TO_XDP_SOCK, 'xdp_sock '],
]);

/** Packets start two bytes off, so that the IP header is aligned. */
const NET_IP_ALIGN = 2;

/**
 * Must the access be aligned, and is it? The stack and arrays of instructions always demand it, other memory in
 * strict mode (kernel: check_ptr_alignment).
 */
export function checkPtrAlignment(env: Env, reg: Reg, off: number, size: number, strictOnce: boolean): void {
  const { type, scalar } = reg;
  if (size === 1 || type === PTR_TO_ARENA) return;
  const strict =
    strictOnce ||
    type === PTR_TO_STACK ||
    env.strictAlignment ||
    (type === PTR_TO_MAP_VALUE && (reg.ext as MapInfo).type === BPF_MAP_TYPE_INSN_ARRAY);
  if (!strict) return;
  if (type === PTR_TO_PACKET || type === PTR_TO_PACKET_META) {
    if (isAligned(scalar, NET_IP_ALIGN + off, size)) return;
    env.fail(MEMORY_RULES['misaligned-packet'], [NET_IP_ALIGN, tnumText(scalar), off, size]);
  }
  if (isConst(scalar) ? ((constLo(scalar) + off) & (size - 1)) === 0 : isAligned(scalar, off, size)) return;
  env.fail(MEMORY_RULES.misaligned, [DESCRIPTIONS.get(type) ?? '', tnumText(scalar), off, size]);
}
