// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../testing/cases.ts';

export const RECORDED: Recorded = {
  "any number from a socket filter": [
    [0],
    [0],
    [0],
  ],
  "no pointer from a program": [
    [0],
    [13,"exit.leaksAddress","R0 leaks addr as return value"],
    [13,"exit.leaksAddress","R0 leaks addr as return value"],
  ],
  "what a cgroup's packets get": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=-1 smax=-1 should have been in [0, 1]"],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=0 smax=4294967295 should have been in [0, 1]"],
  ],
  "what a cgroup's packets get on the way out": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=4 smax=4 should have been in [0, 3]"],
  ],
  "what a socket of a cgroup gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
    [0],
  ],
  "what an address gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=0 smax=4294967295 should have been in [0, 1]"],
  ],
  "what a bind gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=4 smax=4 should have been in [0, 3]"],
  ],
  "what a received message gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=0 smax=0 should have been in [1, 1]"],
  ],
  "what a peer's name gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=0 smax=0 should have been in [1, 1]"],
  ],
  "what a setting gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
  ],
  "what an option gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
  ],
  "what a device gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
  ],
  "what a socket's operations get": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
  ],
  "what a lookup gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
  ],
  "what a raw tracepoint gets": [
    [0],
    [0],
  ],
  "what a function's tracer gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=1 smax=1 should have been in [0, 0]"],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=1 smax=1 should have been in [0, 0]"],
    [0],
  ],
  "what an iterator gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
  ],
  "what a hook gets": [
    [0],
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=1 smax=1 should have been in [-4095, 0]"],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=-4096 smax=-4096 should have been in [-4095, 0]"],
    [0],
  ],
  "what a hook of a cgroup gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=-1 smax=-1 should have been in [0, 1]"],
  ],
  "what a packet filter gets": [
    [0],
    [22,"call.valueOutOfRange","At program exit the register R0 has smin=2 smax=2 should have been in [0, 1]"],
  ],
  "what a choice gets": [
    [0],
  ],
  "loads from the packet": [
    [0],
    [22,"ld-abs.programType","BPF_LD_[ABS|IND] instructions not allowed for this program type"],
    [13,"reg.notReadable","R6 !read_ok"],
    [22,"ld-abs.notSkb","at the time of BPF_LD_ABS|IND R6 != pointer to skb"],
    [22,"ld-abs.notSkb","at the time of BPF_LD_ABS|IND R6 != pointer to skb"],
    [22,"ld-abs.programType","BPF_LD_[ABS|IND] instructions not allowed for this program type"],
    [13,"memory.modified-pointer","dereference of modified ctx ptr R6 off=8 disallowed"],
  ],
  "loads from a place in the packet": [
    [0],
    [13,"reg.notReadable","R2 !read_ok"],
    [0],
  ],
  "a load from the packet forgets registers": [
    [0],
    [13,"reg.notReadable","R1 !read_ok"],
    [13,"reg.notReadable","R5 !read_ok"],
  ],
  "loads from the packet in a function": [
    [0],
    [0],
    [22,"cfg.ldAbsReturn","LD_ABS is only allowed in functions that return 'int'."],
    [22,"cfg.ldAbsNoBtf","LD_ABS is not allowed in subprogs without BTF"],
  ],
  "loads from the packet in a callback": [
    [0],
    [22,"ld-abs.inCallback","cannot use BPF_LD_[ABS|IND] within callback"],
  ],
  "a loop that ends": [
    [0],
    [22,"search.infiniteLoop","infinite loop detected at insn 1\ncur state: R1=0 R10=fp0\nold state: R1=0 R10=fp0"],
    [22,"cfg.unreachable","unreachable insn 3"],
  ],
  "branches that wait": [
    [0],
    [7,"search.tooManyJumps","The sequence of 8193 jumps is too complex."],
  ],
  "stack of a function": [
    [0],
  ],
  "a jump that may be taken": [
    [0],
    [22,"cfg.unreachable","unreachable insn 3"],
  ],
};
