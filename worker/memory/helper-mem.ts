import { isConst, sminIsNegative, umaxNumber, uminNumber, view } from '../domain/scalar.ts';
import type { Rule } from '../failure/rule.ts';
import {
  BASE_TYPE_MASK,
  MEM_RDONLY,
  PTR_TO_BTF_ID,
  PTR_TO_BUF,
  PTR_TO_CTX,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_PACKET,
  PTR_TO_PACKET_META,
  PTR_TO_STACK,
  regTypeStr,
} from '../kernel/types.ts';
import { markArgPrecision } from '../precision/chain.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { CallMeta } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import type { Reg } from '../state/reg.ts';
import { MAX_VAR_SIZ } from './bounds.ts';
import { checkBtfObjectAccess } from './btf-object.ts';
import { checkBufferRange } from './buffer.ts';
import { MAX_CTX_SIZE, READ, WRITE, type Access } from './kinds.ts';
import { checkMapAccess, checkMapAccessType } from './map-value.ts';
import { checkMemRegion } from './mem-region.ts';
import { checkPacketRange } from './packet.ts';
import { isNull } from './argument.ts';
import { isVarCtxOffAllowed } from './pointer-offset.ts';
import { MEMORY_RULES } from './rules.ts';
import { checkStackRangeInitialized } from './stack-range.ts';

/**
 * May a call touch `size` bytes from a pointer argument? (kernel: check_helper_mem_access) `meta`: what the call's
 * other arguments told; null where a global function is called, whose stack arguments come with negative sizes.
 */
export function checkHelperMemAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  size: number,
  access: Access,
  zeroAllowed: boolean,
  meta: CallMeta | null,
): void {
  switch (reg.type & BASE_TYPE_MASK) {
    case PTR_TO_PACKET:
    case PTR_TO_PACKET_META:
      checkPacketRange(env, reg, argno, 0, size, zeroAllowed);
      return;
    case PTR_TO_MAP_KEY:
      if (access === WRITE) failReadOnly(env, reg, argno);
      checkMemRegion(env, reg, argno, 0, size, (reg.ext as MapInfo).keySize, false);
      return;
    case PTR_TO_MAP_VALUE:
      checkMapAccessType(env, reg, 0, size, access);
      checkMapAccess(env, reg, argno, 0, size, zeroAllowed, 'helper');
      return;
    case PTR_TO_MEM:
      if (access === WRITE && reg.type & MEM_RDONLY) failReadOnly(env, reg, argno);
      checkMemRegion(env, reg, argno, 0, size, reg.num, zeroAllowed);
      return;
    case PTR_TO_BUF:
      if (access === WRITE && reg.type & MEM_RDONLY) failReadOnly(env, reg, argno);
      checkBufferRange(env, reg, argno, 0);
      return;
    case PTR_TO_STACK:
      checkStackRangeInitialized(env, reg, argno, 0, size, zeroAllowed, access, meta);
      return;
    case PTR_TO_BTF_ID:
      checkBtfObjectAccess(env, reg, argno, 0, size, access, -1);
      return;
    case PTR_TO_CTX:
      if (isVarCtxOffAllowed(env)) {
        checkMemRegion(env, reg, argno, 0, size, MAX_CTX_SIZE, zeroAllowed);
        return;
      }
  }
  if (zeroAllowed && size === 0 && isNull(reg)) return;
  env.fail(MEMORY_RULES['not-memory'], [argName(argno), regTypeStr(reg.type), regTypeStr(PTR_TO_STACK)]);
}

function failReadOnly(env: Env, reg: Reg, argno: Argno): never {
  env.fail(MEMORY_RULES['cannot-write'], [argName(argno), regTypeStr(reg.type)]);
}

const MEMORY_TYPES: ReadonlySet<number> = new Set([
  PTR_TO_PACKET,
  PTR_TO_PACKET_META,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_BUF,
  PTR_TO_STACK,
  PTR_TO_BTF_ID,
  PTR_TO_CTX,
]);

/** Is it memory that the verifier knows, rather than a number or a pointer to something else? For reports. */
export function isKnownMemory(reg: Reg): boolean {
  return MEMORY_TYPES.has(reg.type & BASE_TYPE_MASK);
}

const SIZE_FAILURES: ReadonlySet<Rule> = new Set([
  MEMORY_RULES['size-negative'],
  MEMORY_RULES['size-zero'],
  MEMORY_RULES['size-unbounded'],
]);

/** Did {@link checkMemSizeReg} reject because of the size argument, not of the memory? (kernel: BPF_MEM_SIZE_FAIL_SIZE) */
export function isSizeFailure(rule: Rule): boolean {
  return SIZE_FAILURES.has(rule);
}

/**
 * A pointer argument and the argument that tells its size (kernel: check_mem_size_reg). `access`: READ, WRITE or
 * both. The largest possible size is what counts, and it is left in `meta`.
 */
export function checkMemSizeReg(
  env: Env,
  memReg: Reg,
  sizeReg: Reg,
  memArgno: Argno,
  sizeArgno: Argno,
  access: number,
  zeroAllowed: boolean,
  meta: CallMeta,
): void {
  const { scalar } = sizeReg;
  const most = umaxNumber(scalar);
  meta.msizeMax = most;
  if (sminIsNegative(scalar)) env.fail(MEMORY_RULES['size-negative'], [argName(sizeArgno)]);
  if (!zeroAllowed && uminNumber(scalar) === 0) {
    const { umin, umax } = view(scalar);
    env.fail(MEMORY_RULES['size-zero'], [argName(sizeArgno), umin, umax]);
  }
  if (most >= MAX_VAR_SIZ) env.fail(MEMORY_RULES['size-unbounded'], [argName(sizeArgno)]);
  // The call might fill only part of memory whose size is not fixed: then it must be initialised.
  const raw = isConst(scalar) ? meta : null;
  if (access & READ) checkHelperMemAccess(env, memReg, memArgno, most, READ, zeroAllowed, raw);
  if (access & WRITE) checkHelperMemAccess(env, memReg, memArgno, most, WRITE, zeroAllowed, raw);
  markArgPrecision(env, sizeArgno);
}

const S32_MAX = 0x7fffffff;

/**
 * A pointer argument to `memSize` bytes, or NULL (kernel: check_mem_reg). `access`: READ, WRITE or both; `meta` null:
 * argument of a global function.
 */
export function checkMemReg(
  env: Env,
  reg: Reg,
  argno: Argno,
  memSize: number,
  access: number,
  meta: CallMeta | null,
): void {
  if (isNull(reg)) {
    markArgPrecision(env, argno);
    return;
  }
  if (memSize > S32_MAX) env.fail(MEMORY_RULES['size-too-large'], [argName(argno), memSize]);
  const size = meta === null && (reg.type & BASE_TYPE_MASK) === PTR_TO_STACK ? -memSize : memSize;
  if (access & READ) checkHelperMemAccess(env, reg, argno, size, READ, true, meta);
  if (access & WRITE) checkHelperMemAccess(env, reg, argno, size, WRITE, true, meta);
}
