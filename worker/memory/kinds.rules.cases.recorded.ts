// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../testing/cases.ts';

export const RECORDED: Recorded = {
  "constants of a map that is frozen": [
    [0],
    [524,"map.constant-unreadable",""],
    [0],
  ],
  "a text of a map that is frozen": [
    [0],
    [524,"call.strDirectValue","direct value access on string failed"],
    [13,"call.strNoDirectValue","no direct value access support for this map type"],
    [13,"call.strNotReadonly","R3 does not point to a readonly map'"],
  ],
  "atomics at a known place of the stack": [
    [0],
    [13,"stack.helper-var-off","variable offset stack pointer cannot be passed into helper function; var_off=(0xfffffffffffffff0; 0x8) off=0 size=8"],
  ],
  "where objects lie on the stack": [
    [0],
    [22,"kfunc.iterInitialized","cannot pass in iter at an offset=-12\nexpected uninitialized iter_num as R1"],
    [22,"kfunc.iterInitialized","cannot pass in iter at an offset=-4\nexpected uninitialized iter_num as R1"],
    [22,"kfunc.iterInitialized","cannot pass in iter at an offset=0\nexpected uninitialized iter_num as R1"],
  ],
  "where flags lie on the stack": [
    [0],
    [22,"kfunc.irqFlagInitialized","cannot pass in irq_flag at an offset=-12\nexpected uninitialized irq flag as R1"],
    [22,"kfunc.irqFlagUninitialized","cannot pass in irq_flag at an offset=-4\nexpected an initialized irq flag as R1"],
  ],
  "members of a kernel struct": [
    [0],
    [13,"btf.beyond-member","access beyond the end of member __state (mend:28) in struct task_struct with off 24 size 8"],
    [0],
    [0],
    [13,"btf.beyond-member","access beyond the end of member __state (mend:28) in struct task_struct with off 26 size 8"],
    [22,"btf.no-field","struct task_struct doesn't have field at offset 76"],
    [22,"btf.no-field","struct task_struct doesn't have field at offset 79"],
  ],
  "tags of an object's members": [
    [0],
    [22,"btf.multiple-type-tags","type 'PTR' has multiple type tags"],
  ],
  "writes into the kernel's socket": [
    [0],
    [13,"object.cannot-write","no write support to tcp_sock at off 0\nR1 cannot write into ptr_tcp_sock at off=0 size=4"],
    [13,"object.cannot-write","no write support to tcp_sock at off 30000\nR1 cannot write into ptr_tcp_sock at off=30000 size=8"],
  ],
  "pointers that user space keeps": [
    [0],
    [13,"kptr.store-uptr","store to uptr disallowed"],
    [13,"kptr.store-uptr","store to uptr disallowed"],
    [13,"kptr.mode","kptr in map can only be accessed using BPF_MEM instruction mode"],
    [13,"map.field-size","uptr access size must be BPF_DW"],
  ],
  "arguments that are owned, in a function": [
    [0],
    [13,"ctx.released","invalid bpf_context access off=0. Reference may already be released"],
  ],
  "memory as large as it may be": [
    [0],
    [22,"call.globalArguments","R1 memory size 2147483648 is too large\nCaller passes invalid args into func#1 ('f')"],
    [22,"call.globalArguments","invalid read from stack R1 off=-8 size=2147483647\nCaller passes invalid args into func#1 ('f')"],
    [22,"call.globalArguments","invalid read from stack R1 off=-8 size=12\nCaller passes invalid args into func#1 ('f')"],
  ],
  "an argument that is owned, in a function": [
    [13,"ctx.released","invalid bpf_context access off=8. Reference may already be released"],
  ],
};
