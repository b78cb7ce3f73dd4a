import {
  argToDynptrType,
  CONST_PTR_TO_DYNPTR,
  dynptrTypeStr,
  MEM_UNINIT,
  OBJ_RELEASE,
  PTR_TO_STACK,
} from '../kernel/types.ts';
import { plainTypeName } from '../kernel/plain-types.ts';
import { checkMemAccess, WRITE } from '../memory/access.ts';
import {
  dynptrGetSpi,
  dynptrRegType,
  isDynptrRegValidInit,
  isDynptrRegValidUninit,
  isDynptrTypeExpected,
  markStackSlotsDynptr,
} from '../memory/stack-objects/dynptr.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { CallMeta, RefObj } from '../state/call-meta.ts';
import type { Env } from '../state/env.ts';
import { DYNPTR_FIRST_SLOT, type Reg } from '../state/reg.ts';
import { callArgReport } from './reports.ts';
import { callRules as R } from './rules.ts';

/** Bytes of a dynptr on the stack. */
const DYNPTR_SIZE = 16;

/**
 * Checks a dynptr argument of a helper, kfunc or global function (kernel: process_dynptr_func). MEM_UNINIT: the call
 * makes a dynptr in two free stack slots; OBJ_RELEASE: it ends one; otherwise it uses an initialised one, whose
 * identity is left in `meta` (null if nobody asks).
 */
export function processDynptrArg(
  env: Env,
  reg: Reg,
  argno: Argno,
  insnIdx: number,
  callName: string,
  argType: number,
  refObj: RefObj,
  meta: CallMeta | null,
): void {
  if (reg.type !== PTR_TO_STACK && reg.type !== CONST_PTR_TO_DYNPTR) {
    env.fail(
      R.dynptrExpectsStack,
      [argName(argno)],
      callArgReport(
        env,
        argno,
        callName,
        `a dynptr argument must be a pointer to a dynptr stack slot or a verifier-provided const struct bpf_dynptr, but ${argName(argno)} is ${plainTypeName(reg.type)}`,
        'Pass the address of a stack dynptr object, or use a const dynptr pointer returned by the verifier-supported path.',
      ),
    );
  }
  if (argType & MEM_UNINIT) {
    if (!isDynptrRegValidUninit(env, reg)) {
      env.fail(R.dynptrInitialized, [], {
        kind: 'resource',
        insn: insnIdx,
        problem: 'dynptr is already initialized',
        reason:
          'This kfunc constructs a dynptr and requires an uninitialized dynptr stack slot, but the selected slot already holds dynptr state.',
        suggestion:
          'Use a fresh stack dynptr slot, or release/destroy the existing dynptr before reusing the slot.',
      });
    }
    for (let off = 0; off < DYNPTR_SIZE; off += 8)
      checkMemAccess(env, insnIdx, reg, argno, off, 8, WRITE, -1, false, false);
    markStackSlotsDynptr(env, reg, argType, insnIdx, refObj, meta);
    return;
  }
  if (reg.type === CONST_PTR_TO_DYNPTR && argType & OBJ_RELEASE) {
    env.fail(R.dynptrConstRelease, [], {
      kind: 'resource',
      insn: insnIdx,
      problem: 'const dynptr release',
      reason:
        'This release operation was given a const dynptr. Const dynptr values are verifier-provided views and cannot be released by the program.',
      suggestion: 'Release only mutable dynptrs that the program initialized or reserved.',
    });
  }
  if (!isDynptrRegValidInit(env, reg)) {
    env.fail(R.dynptrUninitialized, [argName(argno)], {
      kind: 'resource',
      insn: insnIdx,
      problem: 'uninitialized dynptr use',
      reason:
        'This operation requires an initialized dynptr, but the stack slot does not currently hold a valid dynptr on this path.',
      suggestion:
        'Initialize the dynptr on every path before this call, and avoid overwriting or releasing it before this use.',
    });
  }
  if (!isDynptrTypeExpected(env, reg, argType & ~OBJ_RELEASE)) {
    const expected = dynptrTypeStr(argToDynptrType(argType));
    const actual = dynptrTypeStr(dynptrRegType(env, reg));
    env.fail(
      R.dynptrWrongType,
      [expected, argName(argno)],
      callArgReport(
        env,
        argno,
        callName,
        `the dynptr is initialized with backing object type ${actual}, but this operation expects dynptr type ${expected}`,
        "Use a dynptr constructor that matches this operation, or call an operation that accepts the dynptr's current type.",
      ),
    );
  }
  let dynptr = reg;
  if (reg.type !== CONST_PTR_TO_DYNPTR) {
    const spi = dynptrGetSpi(env, reg);
    env.scratchSlot(spi);
    env.scratchSlot(spi - 1);
    dynptr = env.cur.frames[reg.num].stack[spi].reg;
  }
  if (meta !== null) {
    meta.dynptrType = dynptr.num & ~DYNPTR_FIRST_SLOT;
    meta.dynptrId = dynptr.id;
    meta.dynptrParentId = dynptr.parentId;
  }
}
