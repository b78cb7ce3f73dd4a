import { EACCES, EFAULT, EINVAL, ENOMEM } from '../failure/errno.ts';
import { defineRules } from '../failure/rule.ts';

/** Rules of arithmetic. */
export const aluRules = defineRules('alu', {
  divByZero: { text: 'div by zero\n', errno: EINVAL },
  invalidShift: { text: 'invalid shift %d\n', errno: EINVAL },
  pointerProhibited: { text: 'R%d pointer arithmetic prohibited\n', errno: EACCES },
  pointerWithPointer: { text: 'R%d pointer %s pointer prohibited\n', errno: EACCES },
  signExtendPointer: { text: 'R%d sign-extension part of pointer\n', errno: EACCES },
  partialCopy: { text: 'R%d partial copy of pointer\n', errno: EACCES },
  castWithoutArena: {
    text: 'addr_space_cast insn can only be used in a program that has an associated arena\n',
    errno: EINVAL,
  },
  arenaMixed: { text: 'same insn cannot be used with and without arena pointer\n', errno: EINVAL },
  invariants: { text: '', errno: EFAULT },
  // pointer and scalar
  pointer32: { text: 'R%d 32-bit pointer arithmetic prohibited\n', errno: EACCES },
  nullable: { text: 'R%d pointer arithmetic on %s prohibited, null-check it first\n', errno: EACCES },
  kindProhibited: { text: 'R%d pointer arithmetic on %s prohibited\n', errno: EACCES },
  offsetConstant: { text: 'math between %s pointer and %lld is not allowed\n', errno: EINVAL },
  offsetUnbounded: {
    text: 'math between %s pointer and register with unbounded min value is not allowed\n',
    errno: EINVAL,
  },
  offsetOutOfBounds: { text: 'value %lld makes %s pointer be out of bounds\n', errno: EINVAL },
  pointerOffset: { text: '%s pointer offset %lld is not allowed\n', errno: EINVAL },
  subtractFromScalar: { text: 'R%d tried to subtract pointer from scalar\n', errno: EACCES },
  subtractFromStack: { text: 'R%d subtraction from stack pointer prohibited\n', errno: EACCES },
  bitwise: { text: 'R%d bitwise operator %s on pointer prohibited\n', errno: EACCES },
  operator: { text: 'R%d pointer arithmetic with %s operator prohibited\n', errno: EACCES },
  // speculation
  mixedBounds: {
    text: 'R%d has unknown scalar with mixed signed bounds, pointer arithmetic with it prohibited for !root\n',
    errno: EACCES,
  },
  unsupportedType: {
    text: 'R%d has pointer with unsupported alu operation, pointer arithmetic with it prohibited for !root\n',
    errno: EACCES,
  },
  differentPaths: {
    text: 'R%d tried to %s from different maps, paths or scalars, pointer arithmetic with it prohibited for !root\n',
    errno: EACCES,
  },
  beyondBounds: {
    text: 'R%d tried to %s beyond pointer bounds, pointer arithmetic with it prohibited for !root\n',
    errno: EACCES,
  },
  notPushed: {
    text: 'R%d could not be pushed for speculative verification, pointer arithmetic with it prohibited for !root\n',
    errno: ENOMEM,
  },
  variableStack: { text: 'R%d variable stack access prohibited for !root, var_off=%s off=%d\n', errno: EACCES },
  stackOutOfRange: {
    text: 'R%d stack pointer arithmetic goes out of range, prohibited for !root; off=%d\n',
    errno: EACCES,
  },
  mapValueOutOfRange: {
    text: 'R%d pointer arithmetic of map value goes out of range, prohibited for !root\n',
    errno: EACCES,
  },
});

/** Rules of conditional jumps. */
export const branchRules = defineRules('branch', {
  pointerComparison: { text: 'R%d pointer comparison prohibited\n', errno: EACCES },
});

/** Rules of wide loads. */
export const ldImmRules = defineRules('ld-imm', {
  noFuncInfo: { text: 'missing btf func_info\n', errno: EINVAL },
  callbackNotStatic: { text: 'callback function not static\n', errno: EINVAL },
  callbackIsMain: { text: 'callback function cannot be the main program\n', errno: EINVAL },
});
