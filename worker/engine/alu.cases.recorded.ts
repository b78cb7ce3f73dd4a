// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../testing/cases.ts';

export const RECORDED: Recorded = {
  "a register is read only when something was put there": [
    [0],
    [13,"reg.notReadable","R2 !read_ok"],
    [13,"reg.notReadable","R2 !read_ok"],
    [13,"reg.notReadable","R5 !read_ok"],
    [13,"reg.notReadable","R0 !read_ok"],
  ],
  "a call forgets the argument registers": [
    [0],
    [13,"reg.notReadable","R1 !read_ok"],
    [13,"reg.notReadable","R5 !read_ok"],
  ],
  "r0 is there at exit": [
    [0],
    [13,"reg.notReadable","R0 !read_ok"],
    [13,"reg.notReadable","R0 !read_ok"],
  ],
  "the frame pointer stays": [
    [0],
    [13,"reg.fpReadOnly","frame pointer is read only"],
    [13,"reg.fpReadOnly","frame pointer is read only"],
    [13,"reg.fpReadOnly","frame pointer is read only"],
    [13,"reg.fpReadOnly","frame pointer is read only"],
    [13,"reg.fpReadOnly","frame pointer is read only"],
  ],
  "division by a constant": [
    [0],
    [22,"alu.divByZero","div by zero"],
    [22,"alu.divByZero","div by zero"],
    [22,"alu.divByZero","div by zero"],
    [22,"alu.divByZero","div by zero"],
    [22,"alu.divByZero","div by zero"],
  ],
  "division by a register may be by zero": [
    [0],
  ],
  "a shift stays below the width": [
    [0],
    [22,"alu.invalidShift","invalid shift 64"],
    [22,"alu.invalidShift","invalid shift 32"],
    [22,"alu.invalidShift","invalid shift 64"],
    [22,"alu.invalidShift","invalid shift -1"],
    [22,"alu.invalidShift","invalid shift 32"],
  ],
  "a shift of 32 bits stays below 32": [
    [0],
  ],
  "a shift by a register may be too far": [
    [0],
  ],
  "two pointers": [
    [0],
    [13,"alu.pointerWithPointer","R2 pointer += pointer prohibited"],
    [13,"alu.pointerWithPointer","R2 pointer |= pointer prohibited"],
    [13,"alu.pointerWithPointer","R2 pointer *= pointer prohibited"],
    [13,"alu.pointerWithPointer","R2 pointer += pointer prohibited"],
  ],
  "a difference of pointers is a number": [
    [0],
  ],
  "arithmetic on the stack pointer": [
    [0],
    [13,"alu.operator","R2 pointer arithmetic with *= operator prohibited"],
    [13,"alu.bitwise","R2 bitwise operator &= on pointer prohibited"],
    [13,"alu.bitwise","R2 bitwise operator |= on pointer prohibited"],
    [13,"alu.bitwise","R2 bitwise operator ^= on pointer prohibited"],
    [13,"alu.operator","R2 pointer arithmetic with <<= operator prohibited"],
    [13,"alu.operator","R2 pointer arithmetic with /= operator prohibited"],
    [13,"alu.operator","R2 pointer arithmetic with %= operator prohibited"],
    [13,"alu.operator","R2 pointer arithmetic with >>= operator prohibited"],
    [13,"alu.operator","R2 pointer arithmetic with s>>= operator prohibited"],
    [0],
    [0],
  ],
  "negation of a stack pointer, unprivileged": [
    [0],
    [13,"alu.pointerProhibited","R2 pointer arithmetic prohibited"],
    [13,"alu.pointerProhibited","R2 pointer arithmetic prohibited"],
  ],
  "a pointer in half": [
    [0],
    [13,"alu.partialCopy","R10 partial copy of pointer"],
  ],
  "a pointer, sign-extended": [
    [0],
    [13,"alu.signExtendPointer","R2 sign-extension part of pointer"],
    [13,"alu.signExtendPointer","R2 sign-extension part of pointer"],
    [13,"alu.partialCopy","R2 partial copy of pointer"],
  ],
  "a pointer, sign-extended, privileged": [
    [0],
    [0],
  ],
  "32 bits of a stack pointer": [
    [0],
    [13,"alu.pointer32","R2 32-bit pointer arithmetic prohibited"],
    [0],
  ],
  "a context pointer": [
    [0],
    [13,"alu.bitwise","R1 bitwise operator |= on pointer prohibited"],
  ],
  "a number minus a pointer": [
    [0],
    [13,"alu.subtractFromScalar","R3 tried to subtract pointer from scalar"],
    [13,"alu.subtractFromStack","R2 subtraction from stack pointer prohibited"],
  ],
  "a number plus a pointer is a pointer": [
    [0],
  ],
  "a variable off the stack pointer": [
    [0],
    [22,"alu.offsetUnbounded","math between fp pointer and register with unbounded min value is not allowed"],
  ],
  "an offset below 2^29": [
    [0],
    [22,"alu.offsetConstant","math between map_value pointer and 536870912 is not allowed"],
    [22,"alu.offsetConstant","math between map_value pointer and -536870912 is not allowed"],
  ],
  "a number below 2^29": [
    [0],
    [22,"alu.offsetConstant","math between map_value pointer and 1073741824 is not allowed"],
    [22,"alu.offsetConstant","math between map_value pointer and -1073741824 is not allowed"],
  ],
  "the sum of offsets below 2^29": [
    [0],
    [22,"alu.pointerOffset","map_value pointer offset 800000000 is not allowed"],
  ],
  "a number known from below": [
    [0],
    [22,"alu.offsetUnbounded","math between map_value pointer and register with unbounded min value is not allowed"],
    [22,"alu.offsetOutOfBounds","value -4611686018427387904 makes map_value pointer be out of bounds"],
  ],
  "a bounded variable offset": [
    [0],
    [22,"alu.offsetUnbounded","math between map_value pointer and register with unbounded min value is not allowed"],
    [13,"memory.max-outside","invalid access to map value, value_size=48 off=48 size=1\nR0 max value is outside of the allowed memory range"],
    [22,"alu.offsetUnbounded","math between map_value pointer and register with unbounded min value is not allowed"],
  ],
  "a value that may be NULL": [
    [0],
    [13,"alu.nullable","R0 pointer arithmetic on map_value_or_null prohibited, null-check it first"],
    [13,"alu.nullable","R0 pointer arithmetic on map_value_or_null prohibited, null-check it first"],
  ],
  "a map itself": [
    [0],
    [13,"alu.kindProhibited","R1 pointer arithmetic on map_ptr prohibited"],
    [13,"alu.kindProhibited","R1 pointer arithmetic on map_ptr prohibited"],
    [13,"alu.kindProhibited","R1 pointer arithmetic on map_ptr prohibited"],
  ],
  "a map itself plus 0": [
    [0],
  ],
  "the packet's end": [
    [0],
    [13,"alu.kindProhibited","R3 pointer arithmetic on pkt_end prohibited"],
    [13,"alu.kindProhibited","R3 pointer arithmetic on pkt_end prohibited"],
  ],
  "the packet": [
    [0],
    [13,"alu.pointer32","R2 32-bit pointer arithmetic prohibited"],
    [13,"alu.operator","R2 pointer arithmetic with *= operator prohibited"],
  ],
  "a number minus the packet's end": [
    [0],
    [13,"alu.subtractFromScalar","R4 tried to subtract pointer from scalar"],
  ],
  "a function": [
    [0],
    [13,"memory.modified-pointer","dereference of modified func ptr R2 off=8 disallowed"],
  ],
  "a socket": [
    [0],
    [13,"alu.kindProhibited","R2 pointer arithmetic on sock_common prohibited"],
    [13,"alu.nullable","R2 pointer arithmetic on sock_common_or_null prohibited, null-check it first"],
  ],
  "the packet's keys": [
    [0],
    [13,"alu.operator","R2 pointer arithmetic with *= operator prohibited"],
  ],
  "a buffer of a ring": [
    [0],
    [22,"call.releaseOffset","R1 must have zero offset when passed to release func or trusted arg to kfunc"],
    [22,"call.releaseOffset","R1 must have zero offset when passed to release func or trusted arg to kfunc"],
  ],
  "a bounded index": [
    [0],
    [13,"alu.mixedBounds","R1 has unknown scalar with mixed signed bounds, pointer arithmetic with it prohibited for !root"],
  ],
  "an index of one sign": [
    [0],
    [13,"alu.mixedBounds","R1 has unknown scalar with mixed signed bounds, pointer arithmetic with it prohibited for !root"],
  ],
  "the same pointer on all paths": [
    [0],
    [13,"alu.mapValueOutOfRange","R0 min value is negative, either use unsigned index or do a if (index >=0) check."],
    [13,"alu.pointerWithPointer","R0 pointer += pointer prohibited"],
  ],
  "not beyond the value": [
    [0],
    [13,"alu.mapValueOutOfRange","invalid access to map value, value_size=48 off=49 size=1\nR0 min value is outside of the allowed memory range"],
    [13,"alu.mapValueOutOfRange","invalid access to map value, value_size=48 off=49 size=1\nR0 min value is outside of the allowed memory range"],
    [13,"alu.mapValueOutOfRange","R0 min value is negative, either use unsigned index or do a if (index >=0) check."],
  ],
  "the stack at known places": [
    [0],
    [13,"alu.stackOutOfRange","R2 stack pointer arithmetic goes out of range, prohibited for !root; off=-513"],
    [13,"alu.stackOutOfRange","R2 stack pointer arithmetic goes out of range, prohibited for !root; off=1"],
    [13,"alu.variableStack","R2 variable stack access prohibited for !root, var_off=(0xfffffffffffffff0; 0x8) off=-16"],
  ],
  "the packet has no place in a cgroup program": [
    [0],
    [13,"ctx.invalid-access","invalid bpf_context access off=76 size=4"],
  ],
  "a number on one path, a pointer on the other": [
    [0],
    [0],
  ],
  "subtraction from the stack pointer": [
    [0],
    [13,"alu.pointerWithPointer","R2 pointer -= pointer prohibited"],
  ],
  "numbers of all kinds": [
    [0],
    [13,"reg.notReadable","R4 !read_ok"],
  ],
  "pointer and NULL": [
    [0],
    [13,"branch.pointerComparison","R0 pointer comparison prohibited"],
    [13,"branch.pointerComparison","R0 pointer comparison prohibited"],
    [13,"branch.pointerComparison","R0 pointer comparison prohibited"],
  ],
  "pointers of the same packet": [
    [0],
  ],
  "pointers, unprivileged": [
    [0],
    [13,"branch.pointerComparison","R2 pointer comparison prohibited"],
    [13,"branch.pointerComparison","R3 pointer comparison prohibited"],
    [13,"branch.pointerComparison","R2 pointer comparison prohibited"],
  ],
  "both operands are there": [
    [0],
    [13,"reg.notReadable","R3 !read_ok"],
    [13,"reg.notReadable","R2 !read_ok"],
  ],
  "a callback is static and not the program": [
    [0],
    [22,"ld-imm.callbackNotStatic","callback function not static"],
    [22,"cfg.unreachable","unreachable insn 8"],
    [22,"ld-imm.noFuncInfo","missing btf func_info"],
  ],
};
