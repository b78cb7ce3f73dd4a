import { constHi, constLo, isConst, sminNumber, umaxNumber, view } from '../domain/scalar.ts';
import type { Rule } from '../failure/rule.ts';
import type { Arg } from '../failure/format.ts';
import {
  PTR_TO_CTX,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_PACKET,
  PTR_TO_PACKET_END,
  PTR_TO_PACKET_META,
  regTypeStr,
} from '../kernel/types.ts';
import { argName, regOf, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import type { Reg } from '../state/reg.ts';
import { MAX_VAR_OFF, S64_MIN, sminLow, umaxLow } from './bounds.ts';
import { MEMORY_RULES } from './rules.ts';

/**
 * Do `size` bytes at `off` from a pointer lie within `memSize` bytes, wherever the pointer's variable part leads?
 * `zeroAllowed`: no bytes at all are fine too (kernel: check_mem_region_access).
 */
export function checkMemRegion(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  memSize: number,
  zeroAllowed: boolean,
): void {
  const { scalar } = reg;
  if (isConst(scalar) && constHi(scalar) === 0) {
    const at = constLo(scalar);
    if (at >= 0 && at < MAX_VAR_OFF && inside((at + off) | 0, size, memSize, zeroAllowed)) return;
  }
  const lowest = sminNumber(scalar);
  if (lowest < 0 && (lowest === S64_MIN || lowest + off !== ((lowest + off) | 0) || lowest + off < 0)) {
    refuse(env, MEMORY_RULES['negative-min'], reg, argno, off, size, memSize, () => {
      return `the minimal bound for a memory access is a negative value: ${sumText(view(scalar).smin, off)}`;
    });
  }
  const first = (sminLow(scalar) + off) | 0;
  if (!inside(first, size, memSize, zeroAllowed)) {
    sayOutside(env, reg, argno, first, size, memSize);
    refuse(env, MEMORY_RULES['min-outside'], reg, argno, off, size, memSize, () => {
      return `the minimal bound for a memory access is ${sumText(view(scalar).smin, off)} and is outside of the object of size ${memSize}`;
    });
  }
  if (umaxNumber(scalar) >= MAX_VAR_OFF) {
    refuse(env, MEMORY_RULES.unbounded, reg, argno, off, size, memSize, () => {
      return `the maximal bound for a memory access is ${view(scalar).umax} and exceeds maximum allowed offset of ${MAX_VAR_OFF}`;
    });
  }
  const last = (umaxLow(scalar) + off) | 0;
  if (!inside(last, size, memSize, zeroAllowed)) {
    sayOutside(env, reg, argno, last, size, memSize);
    refuse(env, MEMORY_RULES['max-outside'], reg, argno, off, size, memSize, () => {
      const start = umaxNumber(scalar) + off;
      return `the maximal bound for a memory access is ${start + size}: start ${start} + access_size ${size}, beyond object_size ${memSize}`;
    });
  }
}

function inside(off: number, size: number, memSize: number, zeroAllowed: boolean): boolean {
  return off >= 0 && (size > 0 || (size === 0 && zeroAllowed)) && off + size <= memSize;
}

/** What the object is, in the kernel's words (kernel: __check_mem_access). */
function sayOutside(env: Env, reg: Reg, argno: Argno, off: number, size: number, memSize: number): void {
  const say = (text: string, ...args: Arg[]): void => env.say(text, ...args);
  switch (reg.type) {
    case PTR_TO_MAP_KEY:
      say('invalid access to map key, key_size=%d off=%d size=%d\n', memSize, off, size);
      break;
    case PTR_TO_MAP_VALUE:
      say('invalid access to map value, value_size=%d off=%d size=%d\n', memSize, off, size);
      break;
    case PTR_TO_PACKET:
    case PTR_TO_PACKET_META:
    case PTR_TO_PACKET_END:
      say(
        'invalid access to packet, off=%d size=%d, %s(id=%d,off=%d,r=%d)\n',
        off,
        size,
        argName(argno),
        reg.id,
        off,
        memSize,
      );
      break;
    case PTR_TO_CTX:
      say('invalid access to context, ctx_size=%d off=%d size=%d\n', memSize, off, size);
      break;
    default:
      say('invalid access to memory, mem_size=%u off=%d size=%d\n', memSize, off, size);
  }
}

function refuse(
  env: Env,
  rule: Rule,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  memSize: number,
  proof: () => string,
): never {
  env.fail(rule, [argName(argno)], {
    kind: 'mem-bounds',
    insn: env.insnIdx,
    regno: regOf(argno),
    regName: argName(argno),
    typeName: regTypeStr(reg.type),
    proof: proof(),
    off,
    size,
    memSize,
    reg,
  });
}

/** A sum that may leave 64 bits (kernel: bpf_diag_fmt_s64_sum). */
function sumText(value: bigint, addend: number): string {
  const sum = value + BigInt(addend);
  if (BigInt.asIntN(64, sum) === sum) return String(sum);
  return `${value} plus ${addend} (${addend < 0 ? 'below S64_MIN' : 'above S64_MAX'})`;
}
