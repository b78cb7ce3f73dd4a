import { constNumber, isConst } from '../domain/scalar.ts';
import { MEM_RDONLY, regTypeStr } from '../kernel/types.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { markRegUnknown } from '../state/marks.ts';
import type { Reg } from '../state/reg.ts';
import { constSigned, tnumText } from './bounds.ts';
import { READ, WRITE, type Access } from './kinds.ts';
import { MEMORY_RULES } from './rules.ts';

/** Buffers whose size is known only when the program is attached: the access must start at a known place of it. */
function checkStart(env: Env, what: string, reg: Reg, argno: Argno, off: number): void {
  if (!isConst(reg.scalar))
    env.fail(MEMORY_RULES['buffer-var-off'], [argName(argno), off, tnumText(reg.scalar)]);
  if (constNumber(reg.scalar) + off < 0) {
    env.fail(MEMORY_RULES['buffer-negative'], [argName(argno), what, off, constSigned(reg.scalar)]);
  }
}

/** May a call or instruction touch the buffer there? (kernel: check_buffer_access) */
export function checkBufferRange(env: Env, reg: Reg, argno: Argno, off: number): void {
  checkStart(env, reg.type & MEM_RDONLY ? 'rdonly' : 'rdwr', reg, argno, off);
}

/** Loads and stores of buffers of iterators. */
export function checkBufferAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  _size: number,
  access: Access,
  valueRegno: number,
): void {
  const readonly = (reg.type & MEM_RDONLY) !== 0;
  if (readonly && access === WRITE)
    env.fail(MEMORY_RULES['cannot-write'], [argName(argno), regTypeStr(reg.type)]);
  checkBufferRange(env, reg, argno, off);
  if (valueRegno >= 0 && (readonly || access === READ)) markRegUnknown(env, valueRegno);
}

/** Loads and stores of a writable tracepoint's buffer. */
export function checkTpBufferAccess(
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  _size: number,
  access: Access,
  valueRegno: number,
): void {
  checkStart(env, 'tracepoint', reg, argno, off);
  if (access === READ && valueRegno >= 0) markRegUnknown(env, valueRegno);
}
