// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../testing/cases.ts';

export const RECORDED: Recorded = {
  "pointers that can be masked": [
    [0],
    [13,"alu.unsupportedType","R1 has pointer with unsupported alu operation, pointer arithmetic with it prohibited for !root"],
    [13,"alu.unsupportedType","R1 has pointer with unsupported alu operation, pointer arithmetic with it prohibited for !root"],
    [13,"alu.unsupportedType","R1 has pointer with unsupported alu operation, pointer arithmetic with it prohibited for !root"],
    [0],
  ],
  "how far a pointer may move at most": [
    [0],
    [13,"alu.mapValueOutOfRange","R0 min value is negative, either use unsigned index or do a if (index >=0) check."],
    [13,"alu.mapValueOutOfRange","invalid access to map value, value_size=48 off=54 size=1\nR0 max value is outside of the allowed memory range"],
    [13,"alu.mapValueOutOfRange","invalid access to map value, value_size=48 off=48 size=1\nR0 min value is outside of the allowed memory range"],
    [13,"alu.mapValueOutOfRange","R0 min value is negative, either use unsigned index or do a if (index >=0) check."],
    [0],
    [13,"alu.mapValueOutOfRange","invalid access to map value, value_size=48 off=54 size=1\nR0 max value is outside of the allowed memory range"],
  ],
  "how far a stack pointer may move at most": [
    [0],
    [13,"alu.beyondBounds","R1 tried to add beyond pointer bounds, pointer arithmetic with it prohibited for !root"],
    [13,"alu.stackOutOfRange","R1 stack pointer arithmetic goes out of range, prohibited for !root; off=0"],
    [13,"alu.stackOutOfRange","R1 stack pointer arithmetic goes out of range, prohibited for !root; off=-519"],
    [0],
    [13,"alu.subtractFromStack","R1 subtraction from stack pointer prohibited"],
    [0],
  ],
  "an exception in a loop": [
    [0],
    [14,"search.endsInLoop","verifier bug: scc exit: no visit info for call chain (1)"],
    [22,"search.infiniteLoop","infinite loop detected at insn 1\ncur state: R10=fp0\nold state: R10=fp0"],
    [0],
  ],
  "a callback of its own": [
    [0],
    [22,"ld-imm.callbackNotStatic","callback function not static"],
    [22,"ld-imm.callbackIsMain","callback function cannot be the main program"],
    [22,"ld-imm.callbackNotStatic","callback function not static"],
  ],
};
