import {
  MEM_RDONLY,
  PTR_TO_ARENA,
  PTR_TO_BTF_ID,
  PTR_TO_CTX,
  PTR_TO_MEM,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_TCP_SOCK,
  PTR_TO_XDP_SOCK,
  PTR_UNTRUSTED,
  baseType,
} from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import { mayFaultOnDeref } from './pointer-offset.ts';
import { MEMORY_RULES } from './rules.ts';

/** Pointers whose loads and stores the kernel rewrites: an instruction that meets one must meet no other kind. */
const REWRITTEN: ReadonlySet<number> = new Set([
  PTR_TO_CTX,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_TCP_SOCK,
  PTR_TO_XDP_SOCK,
  PTR_TO_BTF_ID,
  PTR_TO_ARENA,
]);

function mayMix(type: number): boolean {
  const base = baseType(type);
  return base === PTR_TO_MEM ? !mayFaultOnDeref(type) : !REWRITTEN.has(base);
}

function isMemOrObject(type: number): boolean {
  const base = baseType(type);
  return base === PTR_TO_MEM || base === PTR_TO_BTF_ID;
}

/** One type for both: that whose loads are prepared for faults if one of them needs it. */
function merged(a: number, b: number): number {
  const toMem = baseType(a) === PTR_TO_MEM || baseType(b) === PTR_TO_MEM;
  const base = toMem ? PTR_TO_MEM : PTR_TO_BTF_ID;
  if (mayFaultOnDeref(a) || mayFaultOnDeref(b))
    return base | (toMem ? MEM_RDONLY | PTR_UNTRUSTED : PTR_UNTRUSTED);
  return base | ((a | b) & MEM_RDONLY);
}

/**
 * Remembers which pointer type the current instruction works on; paths that come with an incompatible one are
 * rejected (kernel: save_aux_ptr_type). `mixTrust`: trusted and untrusted objects may come together.
 */
export function savePtrType(env: Env, type: number, mixTrust: boolean): void {
  const { ptrType } = env.facts;
  const before = ptrType[env.insnIdx];
  if (before === type) return;
  if (before === 0) {
    ptrType[env.insnIdx] = type;
    return;
  }
  if (mayMix(type) && mayMix(before)) return;
  if (!mixTrust || !isMemOrObject(type) || !isMemOrObject(before))
    env.fail(MEMORY_RULES['different-pointers']);
  ptrType[env.insnIdx] = merged(type, before);
}
