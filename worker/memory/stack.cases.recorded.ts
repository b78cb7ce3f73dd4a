// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../testing/cases.ts';

export const RECORDED: Recorded = {
  "what was written can be read": [
    [0],
    [0],
    [0],
  ],
  "unprivileged programs read only what was written": [
    [0],
    [13,"stack.read-uninit","invalid read from stack off -8+4 size 8"],
    [13,"stack.read-uninit","invalid read from stack off -8+0 size 8"],
    [13,"stack.read-uninit","invalid read from stack off -8+0 size 8"],
  ],
  "the stack has 512 bytes": [
    [0],
    [13,"stack.out-of-bounds","invalid write to stack R10 off=-520 size=8"],
    [13,"stack.out-of-bounds","invalid write to stack R10 off=0 size=8"],
    [13,"memory.misaligned","misaligned stack access off 0+-4 size 8"],
  ],
  "reads stay inside": [
    [0],
    [13,"stack.out-of-bounds","invalid read from stack R10 off=0 size=1"],
    [13,"stack.out-of-bounds","invalid read from stack R10 off=-513 size=1"],
    [13,"memory.misaligned","misaligned stack access off 0+-4 size 8"],
  ],
  "through a copy": [
    [0],
    [13,"stack.out-of-bounds","invalid write to stack R2 off=8 size=8"],
    [13,"stack.out-of-bounds","invalid write to stack R2 off=-520 size=8"],
  ],
  "accesses are aligned": [
    [0],
    [13,"memory.misaligned","misaligned stack access off 0+-5 size 4"],
    [13,"memory.misaligned","misaligned stack access off 0+-9 size 8"],
    [13,"memory.misaligned","misaligned stack access off 0+-3 size 2"],
  ],
  "a pointer is spilled whole": [
    [0],
    [13,"stack.spill-size","invalid size of register spill"],
    [13,"stack.spill-size","invalid size of register spill"],
    [13,"memory.misaligned","misaligned stack access off 0+-12 size 8"],
  ],
  "a spilled pointer comes back": [
    [0],
    [13,"stack.fill-size","invalid size of register fill"],
    [13,"stack.fill-size","invalid size of register fill"],
  ],
  "a spilled pointer stays whole": [
    [0],
    [13,"stack.corrupt-spilled-pointer","attempt to corrupt spilled pointer on stack"],
    [13,"stack.corrupt-spilled-pointer","attempt to corrupt spilled pointer on stack"],
  ],
  "a spilled pointer that was damaged is a number": [
    [0],
    [13,"memory.invalid-access","R2 invalid mem access 'scalar'"],
    [13,"memory.invalid-access","R2 invalid mem access 'scalar'"],
  ],
  "a spilled number comes back with its range": [
    [0],
    [13,"stack.var-out-of-bounds","invalid variable-offset read from stack R4 var_off=(0x0; 0x7) off=0 size=1"],
    [0],
    [22,"alu.offsetUnbounded","math between fp pointer and register with unbounded min value is not allowed"],
  ],
  "half a spilled number": [
    [0],
    [0],
    [0],
  ],
  "zero bytes stay zero": [
    [0],
    [22,"stack.var-out-of-bounds","invalid variable-offset read from stack R3 var_off=(0x0; 0xffff) off=-8 size=1"],
  ],
  "zero bytes stay zero, aligned": [
    [0],
    [22,"stack.var-out-of-bounds","invalid variable-offset read from stack R3 var_off=(0x0; 0xffff) off=-8 size=1"],
    [13,"stack.spill-size","invalid size of register spill"],
  ],
  "bytes of a spilled pointer": [
    [0],
    [13,"stack.fill-size","invalid size of register fill"],
    [13,"stack.fill-size","invalid size of register fill"],
  ],
  "a spilled pointer, whole": [
    [0],
    [13,"stack.fill-size","invalid size of register fill"],
  ],
  "a pointer on the stack, to a helper": [
    [0],
    [13,"stack.range-uninit","invalid read from stack R2 off -8+0 size 8"],
  ],
  "a read at a variable place": [
    [0],
    [13,"stack.var-out-of-bounds","invalid variable-offset read from stack R3 var_off=(0x0; 0x7) off=-520 size=1"],
    [22,"stack.var-out-of-bounds","invalid variable-offset read from stack R3 var_off=(0x0; 0x7) off=-1 size=1"],
    [0],
  ],
  "a read at a place that is not bounded": [
    [0],
    [22,"alu.offsetOutOfBounds","value -9223372036854775807 makes fp pointer be out of bounds"],
  ],
  "a read at a variable place of the written, unprivileged": [
    [0],
    [13,"alu.variableStack","R3 variable stack access prohibited for !root, var_off=(0xfffffffffffffff8; 0x7) off=-8"],
  ],
  "a write at a variable place": [
    [0],
    [22,"stack.var-out-of-bounds","invalid variable-offset write to stack R3 var_off=(0x0; 0xffffffffffffffff) off=0 size=1"],
    [13,"stack.var-out-of-bounds","invalid variable-offset write to stack R3 var_off=(0xfffffffffffffc00; 0x3ff) off=0 size=1"],
    [0],
    [13,"memory.misaligned","misaligned stack access off (0xfffffffffffffff8; 0x7)+0 size 8"],
  ],
  "a write over a spilled pointer at a variable place": [
    [0],
    [0],
  ],
  "a read over spills at a variable place": [
    [0],
    [0],
    [13,"memory.invalid-access","R0 invalid mem access 'scalar'"],
  ],
  "a write of zero at a variable place keeps zero": [
    [0],
    [22,"stack.var-out-of-bounds","invalid variable-offset read from stack R5 var_off=(0x0; 0xff) off=-8 size=1"],
  ],
  "a helper reads a key": [
    [0],
    [22,"stack.out-of-bounds","invalid read from stack R2 off=-4 size=8"],
    [13,"stack.out-of-bounds","invalid read from stack R2 off=-520 size=8"],
    [13,"stack.out-of-bounds","invalid read from stack R2 off=0 size=8"],
    [0],
    [0],
  ],
  "a helper reads a key, unprivileged": [
    [0],
    [13,"stack.out-of-bounds","invalid read from stack R2 off=-8 size=8"],
    [13,"stack.range-uninit","invalid read from stack R2 off -8+4 size 8"],
  ],
  "a helper reads a key at a variable place": [
    [0],
    [22,"stack.var-out-of-bounds","invalid variable-offset read from stack R2 var_off=(0xfffffffffffffff4; 0x8) off=0 size=8"],
    [13,"stack.var-out-of-bounds","invalid variable-offset read from stack R2 var_off=(0xfffffffffffffc00; 0x3f8) off=0 size=8"],
    [0],
    [22,"alu.offsetOutOfBounds","value -9223372036854775807 makes fp pointer be out of bounds"],
  ],
  "a helper reads a key at a variable place, unprivileged": [
    [0],
    [13,"alu.variableStack","R3 variable stack access prohibited for !root, var_off=(0xfffffffffffffff0; 0x8) off=-16"],
  ],
  "a helper writes and fills": [
    [0],
    [22,"stack.out-of-bounds","invalid write to stack R1 off=-16 size=17"],
    [13,"memory.size-zero","R2 invalid zero-sized read: u64=[0,0]"],
    [13,"memory.size-negative","R2 min value is negative, either use unsigned or 'var &= const'"],
    [0],
  ],
  "a helper writes at a variable place": [
    [0],
    [22,"stack.var-out-of-bounds","invalid variable-offset write to stack R1 var_off=(0xffffffffffffffe1; 0x18) off=0 size=16"],
  ],
  "a helper writes a variable size": [
    [0],
    [22,"stack.out-of-bounds","invalid write to stack R1 off=-16 size=17"],
    [13,"memory.size-zero","R2 invalid zero-sized read: u64=[0,15]"],
    [13,"memory.size-negative","R2 min value is negative, either use unsigned or 'var &= const'"],
    [13,"memory.size-negative","R2 min value is negative, either use unsigned or 'var &= const'"],
  ],
  "size zero where it is allowed": [
    [0],
    [22,"stack.out-of-bounds","invalid write to stack R1 off=-8 size=9"],
    [13,"call.wrongType","R1 type=scalar expected=fp, pkt, pkt_meta, map_key, map_value, mem, ringbuf_mem, buf, trusted_ptr_, ctx"],
  ],
  "zero bytes past the end": [
    [0],
    [13,"stack.out-of-bounds","invalid write to stack R1 off=8 size=0"],
    [13,"stack.out-of-bounds","invalid write to stack R1 off=0 size=0"],
    [13,"stack.out-of-bounds","invalid write to stack R1 off=-513 size=0"],
  ],
  "a frame writes what it is given": [
    [0],
    [22,"stack.spill-to-caller","cannot spill pointers to stack into stack frame of the caller"],
    [13,"stack.out-of-bounds","invalid write to stack R1 off=0 size=8"],
    [22,"stack.spill-to-caller","cannot spill pointers to stack into stack frame of the caller"],
  ],
  "a frame does not hand its stack back": [
    [0],
    [22,"call.returnsStack","cannot return stack pointer to the caller"],
  ],
  "a frame does not hand its stack back, in part": [
    [0],
    [22,"call.returnsStack","cannot return stack pointer to the caller"],
  ],
};
