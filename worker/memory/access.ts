import {
  UNKNOWN_U16,
  UNKNOWN_U32,
  UNKNOWN_U8,
  belowSignBit,
  signExtend64,
  truncate,
} from '../domain/scalar.ts';
import {
  BASE_TYPE_MASK,
  CONST_PTR_TO_MAP,
  PTR_MAYBE_NULL,
  PTR_TO_ARENA,
  PTR_TO_BTF_ID,
  PTR_TO_BUF,
  PTR_TO_CTX,
  PTR_TO_FLOW_KEYS,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
  PTR_TO_MEM,
  PTR_TO_PACKET,
  PTR_TO_PACKET_META,
  PTR_TO_SOCKET,
  PTR_TO_SOCK_COMMON,
  PTR_TO_STACK,
  PTR_TO_TCP_SOCK,
  PTR_TO_TP_BUFFER,
  PTR_TO_XDP_SOCK,
  SCALAR_VALUE,
} from '../kernel/types.ts';
import type { Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import { UNKNOWN_REG, scalarReg, withId, withScalar, type Reg } from '../state/reg.ts';
import { checkPtrAlignment } from './alignment.ts';
import { checkArenaAccess } from './arena.ts';
import { checkBtfObjectAccess } from './btf-object.ts';
import { checkBufferAccess, checkTpBufferAccess } from './buffer.ts';
import { checkCtxAccess } from './ctx.ts';
import { checkFlowKeysAccess } from './flow-keys.ts';
import { failInvalidAccess } from './invalid.ts';
import { READ, type Access } from './kinds.ts';
import { checkMapKeyAccess } from './map-key.ts';
import { checkMapObjectAccess } from './map-object.ts';
import { checkMapValueAccess } from './map-value.ts';
import { checkMemoryAccess } from './mem.ts';
import { checkPacketAccess } from './packet.ts';
import { checkSocketAccess } from './socket.ts';
import { checkStackWithinBounds } from './stack-range.ts';
import { checkStackRead } from './stack-read.ts';
import { checkStackWrite } from './stack-write.ts';

export { READ, WRITE, type Access } from './kinds.ts';

/**
 * Checks an access of `size` bytes at `off` from a pointer to one kind of memory. On a read `valueRegno` receives the
 * value, on a write it is what is stored; -1: no register.
 */
type CheckAccess = (
  env: Env,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
  insnIdx: number,
  isLdsx: boolean,
) => void;

/** Which check a pointer's base type leads to, and which flags rule it out. */
interface Row {
  readonly check: CheckAccess;
  readonly refusedFlags: number;
}

const ANY_FLAG = ~BASE_TYPE_MASK;

const TABLE: readonly (Row | null)[] = (() => {
  const table: (Row | null)[] = new Array<Row | null>(BASE_TYPE_MASK + 1).fill(null);
  const add = (base: number, check: CheckAccess, refusedFlags = ANY_FLAG): void => {
    table[base] = { check, refusedFlags };
  };
  add(PTR_TO_CTX, checkCtxAccess);
  add(CONST_PTR_TO_MAP, checkMapObjectAccess);
  add(PTR_TO_MAP_VALUE, checkMapValueAccess);
  add(PTR_TO_MAP_KEY, checkMapKeyAccess);
  add(PTR_TO_PACKET, checkPacketAccess);
  add(PTR_TO_PACKET_META, checkPacketAccess);
  add(PTR_TO_FLOW_KEYS, checkFlowKeysAccess);
  add(PTR_TO_SOCKET, checkSocketAccess);
  add(PTR_TO_SOCK_COMMON, checkSocketAccess);
  add(PTR_TO_TCP_SOCK, checkSocketAccess);
  add(PTR_TO_XDP_SOCK, checkSocketAccess);
  add(PTR_TO_TP_BUFFER, checkTpBufferAccess);
  add(PTR_TO_BTF_ID, checkBtfObjectAccess, PTR_MAYBE_NULL);
  add(PTR_TO_MEM, checkMemoryAccess, 0);
  add(PTR_TO_ARENA, checkArenaAccess);
  add(PTR_TO_BUF, checkBufferAccess, PTR_MAYBE_NULL);
  return table;
})();

/**
 * May memory be accessed through `reg` (which `argno` names in texts)? Reads leave in `valueRegno` what is known of
 * the value (kernel: check_mem_access). `strictOnce`: must be aligned whatever the program's mode; `isLdsx`: the load
 * extends the sign.
 */
export function checkMemAccess(
  env: Env,
  insnIdx: number,
  reg: Reg,
  argno: Argno,
  off: number,
  size: number,
  access: Access,
  valueRegno: number,
  strictOnce: boolean,
  isLdsx: boolean,
): void {
  const { type } = reg;
  checkPtrAlignment(env, reg, off, size, strictOnce);
  if (type === PTR_TO_STACK) {
    checkStackWithinBounds(env, reg, argno, off, size, access);
    if (access === READ) checkStackRead(env, reg, argno, off, size, valueRegno);
    else checkStackWrite(env, reg, off, size, valueRegno, insnIdx);
  } else {
    const row = TABLE[type & BASE_TYPE_MASK];
    if (row === null || (type & row.refusedFlags) !== 0) failInvalidAccess(env, reg, argno, insnIdx);
    row.check(env, reg, argno, off, size, access, valueRegno, insnIdx, isLdsx);
  }
  if (size < 8 && access === READ && valueRegno >= 0) {
    const loaded = env.reg(valueRegno);
    if (loaded.type === SCALAR_VALUE) env.setReg(valueRegno, narrowed(loaded, size as 1 | 2 | 4, isLdsx));
  }
}

const UNKNOWN_BYTE = scalarReg(UNKNOWN_U8);
const UNKNOWN_HALF = scalarReg(UNKNOWN_U16);
const UNKNOWN_WORD = scalarReg(UNKNOWN_U32);

/** A loaded number cut to the width of the load. */
function narrowed(reg: Reg, size: 1 | 2 | 4, isLdsx: boolean): Reg {
  if (!isLdsx) {
    if (reg === UNKNOWN_REG) return size === 4 ? UNKNOWN_WORD : size === 1 ? UNKNOWN_BYTE : UNKNOWN_HALF;
    return withScalar(reg, truncate(reg.scalar, size));
  }
  // Extending the sign may make the value another one than that of scalars with the same identity.
  const extended = withScalar(reg, signExtend64(reg.scalar, size));
  return belowSignBit(reg.scalar, size) ? extended : withId(extended, 0);
}
