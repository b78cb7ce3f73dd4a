import { BTF_KIND_STRUCT, type Btf } from '../btf/btf.ts';
import { ZERO, narrowS32, UNKNOWN } from '../domain/scalar.ts';
import { formatKernel } from '../failure/format.ts';
import { Rejection } from '../failure/rule.ts';
import { CTX_READ, CTX_READ_SX, CTX_WRITE, ctxIsTyped } from '../kernel/ctx.ts';
import {
  BPF_PROG_TYPE_CGROUP_DEVICE,
  BPF_PROG_TYPE_KPROBE,
  BPF_PROG_TYPE_LIRC_MODE2,
  BPF_PROG_TYPE_LSM,
  BPF_PROG_TYPE_NETFILTER,
  BPF_PROG_TYPE_RAW_TRACEPOINT,
  BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
  BPF_PROG_TYPE_STRUCT_OPS,
  BPF_PROG_TYPE_SYSCALL,
  BPF_PROG_TYPE_TRACEPOINT,
  BPF_PROG_TYPE_TRACING,
  BPF_LSM_MAC,
} from '../kernel/uapi.ts';
import { PTR_MAYBE_NULL, PTR_TO_BTF_ID, SCALAR_VALUE, baseType } from '../kernel/types.ts';
import type { Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { markRegUnknown } from '../state/marks.ts';
import { findReference } from '../state/refs.ts';
import { BtfRef, LINK_NONE, Reg } from '../state/reg.ts';
import { umaxLow } from './bounds.ts';
import { typedCtxAccess } from './ctx-btf.ts';
import { MAX_CTX_SIZE, READ, WRITE, type Access } from './kinds.ts';
import { checkMemRegion } from './mem-region.ts';
import { isPointerValue } from './argument.ts';
import { checkPtrOffReg, isVarCtxOffAllowed } from './pointer-offset.ts';
import { CTX_RULES, MEMORY_RULES } from './rules.ts';

/** Program types whose ctx is read as it is (the kernel has no convert_ctx_access for them): its pointer may be moved by constants. */
const UNCONVERTED: ReadonlySet<number> = new Set([
  BPF_PROG_TYPE_KPROBE,
  BPF_PROG_TYPE_TRACEPOINT,
  BPF_PROG_TYPE_RAW_TRACEPOINT,
  BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE,
  BPF_PROG_TYPE_TRACING,
  BPF_PROG_TYPE_LSM,
  BPF_PROG_TYPE_STRUCT_OPS,
  BPF_PROG_TYPE_SYSCALL,
  BPF_PROG_TYPE_CGROUP_DEVICE,
  BPF_PROG_TYPE_LIRC_MODE2,
  BPF_PROG_TYPE_NETFILTER,
]);

/** Loads and stores of the program's context (kernel: check_ctx_access and what check_mem_access does with its answer). */
export function checkCtxAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
  insnIdx: number,
  isLdsx: boolean,
): void {
  if (access === WRITE && valueRegno >= 0 && isPointerValue(env, env.reg(valueRegno))) {
    env.fail(MEMORY_RULES['leaks-into-ctx'], [valueRegno]);
  }
  if (isVarCtxOffAllowed(env)) checkMemRegion(env, reg, argno, off, size, MAX_CTX_SIZE, false);
  else checkPtrOffReg(env, reg, argno, UNCONVERTED.has(env.traits.progType));
  const at = (off + umaxLow(reg.scalar)) | 0;
  const load = access === READ ? valueRegno : -1;
  if (ctxIsTyped(env.traits.progType)) typedField(env, at, size, access, load, insnIdx);
  else tableField(env, at, size, access, load, insnIdx, isLdsx);
}

function tableField(
  env: Env,
  off: number,
  size: number,
  access: Access,
  load: number,
  insnIdx: number,
  isLdsx: boolean,
): void {
  const field = env.model.ctxAccess(
    env.traits,
    off,
    size,
    access === WRITE ? CTX_WRITE : isLdsx ? CTX_READ_SX : CTX_READ,
  );
  if (field === null) refuse(env, off, size, insnIdx);
  const { regType } = field;
  if (baseType(regType) !== PTR_TO_BTF_ID) env.facts.ctxFieldSize[insnIdx] = field.fieldSize;
  if (load < 0) return;
  if (regType === SCALAR_VALUE) {
    loadScalar(env, load, field.isRetval);
    return;
  }
  const btf = field.btf === null ? null : env.model.btf();
  loadPointer(env, load, regType, btf, btf === null ? 0 : btf.find(field.btf!, BTF_KIND_STRUCT), 0);
}

function typedField(
  env: Env,
  off: number,
  size: number,
  access: Access,
  load: number,
  insnIdx: number,
): void {
  const field = typedCtxAccess(env, off, size, access);
  if (field === null) refuse(env, off, size, insnIdx);
  const { regType } = field;
  if (baseType(regType) !== PTR_TO_BTF_ID) {
    env.facts.ctxFieldSize[insnIdx] = 0;
  } else if (field.refId !== 0 && !findReference(env.cur, field.refId)) {
    env.say(CTX_RULES.released.text, off);
    env.messages.sourceLine(insnIdx, '; ');
    throw new Rejection(
      CTX_RULES.released,
      [off],
      CTX_RULES.released.errno,
      formatKernel(CTX_RULES.released.text, [off]),
    );
  }
  if (load < 0) return;
  if (regType === SCALAR_VALUE) loadScalar(env, load, field.isRetval);
  else loadPointer(env, load, regType, field.btf, field.btfId, field.refId);
}

/** A number from the ctx; the value that the program's hook returns is within what it may return. */
function loadScalar(env: Env, regno: number, isRetval: boolean): void {
  const range =
    isRetval && env.traits.progType === BPF_PROG_TYPE_LSM && env.traits.attachType === BPF_LSM_MAC
      ? (env.attach?.retvalRange ?? null)
      : null;
  if (range === null) markRegUnknown(env, regno);
  else {
    const value = narrowS32(UNKNOWN, range.min, range.max);
    env.setReg(regno, new Reg(SCALAR_VALUE, value, 0, LINK_NONE, 0, 0, 0, 0, null, !env.caps.bpfCapable));
  }
}

function loadPointer(
  env: Env,
  regno: number,
  regType: number,
  btf: Btf | null,
  btfId: number,
  refId: number,
): void {
  const isObject = baseType(regType) === PTR_TO_BTF_ID;
  let id = isObject ? refId : 0;
  if (regType & PTR_MAYBE_NULL && id === 0) id = env.newId();
  const ext = isObject && btf !== null ? new BtfRef(btf, btfId) : null;
  env.setReg(regno, new Reg(regType, ZERO, id, LINK_NONE, 0, 0, 0, 0, ext, false));
}

function refuse(env: Env, off: number, size: number, insnIdx: number): never {
  const rule = CTX_RULES['invalid-access'];
  env.say(rule.text, off, size);
  env.messages.sourceLine(insnIdx, '; ');
  throw new Rejection(rule, [off, size], rule.errno, formatKernel(rule.text, [off, size]));
}
