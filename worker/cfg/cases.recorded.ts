// Recorded from Linux 7.3.4 with the programs of `cases.testkit.ts`; addresses masked. Errno 0: the walk began.
export const RECORDED: Readonly<Record<string, { readonly errno: number; readonly log: string }>> = {
  "exit only": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r0 = 0
  1: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r0 = 0
  1: (95) exit
Live regs before insn:
      0: .......... (b7) r0 = 0
      1: 0......... (95) exit`,
  },
  "last instruction falls through": {
    errno: 22,
    log: `func#0 @0
last insn is not an exit or jmp`,
  },
  "last instruction is a wide load": {
    errno: 22,
    log: `invalid bpf_ld_imm64 insn`,
  },
  "jump past the end": {
    errno: 22,
    log: `func#0 @0
jump out of range from insn 1 to 3`,
  },
  "jump to the last instruction": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r0 = 0
  1: (05) goto pc+0
  2: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r0 = 0
  1: (05) goto pc+0
  2: (95) exit
Live regs before insn:
      0: .......... (b7) r0 = 0
      1: 0......... (05) goto pc+0
      2: 0......... (95) exit`,
  },
  "jump before the start": {
    errno: 22,
    log: `func#0 @0
jump out of range from insn 1 to -1`,
  },
  "jump into another function": {
    errno: 22,
    log: `func#0 @0
func#1 @2
jump out of range from insn 3 to 0`,
  },
  "call outside": {
    errno: 22,
    log: `call to invalid destination`,
  },
  "call without privileges": {
    errno: 1,
    log: `loading/calling other bpf or kernel functions are allowed for CAP_BPF and CAP_SYS_ADMIN`,
  },
  "function runs into the next": {
    errno: 22,
    log: `func#0 @0
func#1 @1
last insn is not an exit or jmp`,
  },
  "recursion": {
    errno: 22,
    log: `func#0 @0
func#1 @2
recursive call from () to ()`,
  },
  "mutual recursion": {
    errno: 22,
    log: `func#0 @0
func#1 @2
func#2 @4
recursive call from () to ()`,
  },
  "unreachable": {
    errno: 22,
    log: `func#0 @0
unreachable insn 2`,
  },
  "loop without privileges": {
    errno: 22,
    log: `func#0 @0
back-edge from insn 2 to 1`,
  },
  "loop with privileges": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r0 = 0
  1: (07) r0 += 1
  2: (a5) if r0 < 0x4 goto pc-2
  3: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r0 = 0
  1: (07) r0 += 1
  2: (a5) if r0 < 0x4 goto pc-2
  3: (95) exit
Live regs before insn:
      0: .......... (b7) r0 = 0
  1   1: 0......... (07) r0 += 1
  1   2: 0......... (a5) if r0 < 0x4 goto pc-2
      3: 0......... (95) exit`,
  },
  "jump into a wide load": {
    errno: 22,
    log: `func#0 @0
jump into the middle of ldimm64 insn 2`,
  },
  "gotol forward": {
    errno: 22,
    log: `func#0 @0
unreachable insn 1`,
  },
  "unknown opcode": {
    errno: 22,
    log: `func#0 @0
unknown opcode ff`,
  },
  "register 11": {
    errno: 22,
    log: `func#0 @0
R11 is invalid`,
  },
  "reserved field of a move": {
    errno: 22,
    log: `func#0 @0
BPF_MOV uses reserved fields`,
  },
  "reserved field of an exit": {
    errno: 22,
    log: `func#0 @0
BPF_EXIT uses reserved fields`,
  },
  "wide load with a reserved field": {
    errno: 22,
    log: `func#0 @0
BPF_LD_IMM64 uses reserved fields`,
  },
  "wide load without a map": {
    errno: 22,
    log: `func#0 @0
fd 0 is not pointing to valid bpf_map`,
  },
  "constant branch taken": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r1 = 1
  1: (05) goto pc+1
  2: (bf) r0 = r2
  3: (b7) r0 = 0
  4: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r1 = 1
  1: (05) goto pc+1
  2: (bf) r0 = r2
  3: (b7) r0 = 0
  4: (95) exit
Live regs before insn:
      0: .......... (b7) r1 = 1
      1: .......... (05) goto pc+1
      2: .......... (bf) r0 = r2
      3: .......... (b7) r0 = 0
      4: 0......... (95) exit`,
  },
  "constant branch not taken": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r1 = 1
  1: (05) goto pc+0
  2: (b7) r0 = 0
  3: (b7) r0 = 0
  4: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r1 = 1
  1: (05) goto pc+0
  2: (b7) r0 = 0
  3: (b7) r0 = 0
  4: (95) exit
Live regs before insn:
      0: .......... (b7) r1 = 1
      1: .......... (05) goto pc+0
      2: .......... (b7) r0 = 0
      3: .......... (b7) r0 = 0
      4: 0......... (95) exit`,
  },
  "constant branch, 32 bits, negative": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r1 = -1
  1: (c6) if w1 s< 0x0 goto pc+1
  2: (bf) r0 = r2
  3: (b7) r0 = 0
  4: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r1 = -1
  1: (c6) if w1 s< 0x0 goto pc+1
  2: (bf) r0 = r2
  3: (b7) r0 = 0
  4: (95) exit
Live regs before insn:
      0: ..2....... (b7) r1 = -1
      1: .12....... (c6) if w1 s< 0x0 goto pc+1
      2: ..2....... (bf) r0 = r2
      3: .......... (b7) r0 = 0
      4: 0......... (95) exit`,
  },
  "constant that does not fit": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r1 = -1
  1: (c5) if r1 s< 0x0 goto pc+1
  2: (b7) r0 = 1
  3: (b7) r0 = 0
  4: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r1 = -1
  1: (c5) if r1 s< 0x0 goto pc+1
  2: (b7) r0 = 1
  3: (b7) r0 = 0
  4: (95) exit
Live regs before insn:
      0: .......... (b7) r1 = -1
      1: .1........ (c5) if r1 s< 0x0 goto pc+1
      2: .......... (b7) r0 = 1
      3: .......... (b7) r0 = 0
      4: 0......... (95) exit`,
  },
  "branch on different constants": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (61) r2 = *(u32 *)(r1 +0)
  1: (b7) r3 = 1
  2: (15) if r2 == 0x0 goto pc+1
  3: (b7) r3 = 2
  4: (15) if r3 == 0x1 goto pc+1
  5: (b7) r0 = 1
  6: (b7) r0 = 0
  7: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (61) r2 = *(u32 *)(r1 +0)
  1: (b7) r3 = 1
  2: (15) if r2 == 0x0 goto pc+1
  3: (b7) r3 = 2
  4: (15) if r3 == 0x1 goto pc+1
  5: (b7) r0 = 1
  6: (b7) r0 = 0
  7: (95) exit
Live regs before insn:
      0: .1........ (61) r2 = *(u32 *)(r1 +0)              ; zext
      1: ..2....... (b7) r3 = 1
      2: ..23...... (15) if r2 == 0x0 goto pc+1
      3: .......... (b7) r3 = 2
      4: ...3...... (15) if r3 == 0x1 goto pc+1
      5: .......... (b7) r0 = 1
      6: .......... (b7) r0 = 0
      7: 0......... (95) exit`,
  },
  "constant through and": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (61) r2 = *(u32 *)(r1 +0)
  1: (57) r2 &= 0
  2: (05) goto pc+1
  3: (b7) r0 = 1
  4: (b7) r0 = 0
  5: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (61) r2 = *(u32 *)(r1 +0)
  1: (57) r2 &= 0
  2: (05) goto pc+1
  3: (b7) r0 = 1
  4: (b7) r0 = 0
  5: (95) exit
Live regs before insn:
      0: .1........ (61) r2 = *(u32 *)(r1 +0)              ; zext
      1: ..2....... (57) r2 &= 0
      2: .......... (05) goto pc+1
      3: .......... (b7) r0 = 1
      4: .......... (b7) r0 = 0
      5: 0......... (95) exit`,
  },
  "constant lost by a call": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r1 = 1
  1: (85) call bpf_ktime_get_ns#5
  2: (b7) r6 = 2
  3: (05) goto pc+1
  4: (b7) r0 = 1
  5: (b7) r0 = 0
  6: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r1 = 1
  1: (85) call bpf_ktime_get_ns#5
  2: (b7) r6 = 2
  3: (05) goto pc+1
  4: (b7) r0 = 1
  5: (b7) r0 = 0
  6: (95) exit
Live regs before insn:
      0: .......... (b7) r1 = 1
      1: .......... (85) call bpf_ktime_get_ns#5
      2: .......... (b7) r6 = 2
      3: .......... (05) goto pc+1
      4: .......... (b7) r0 = 1
      5: .......... (b7) r0 = 0
      6: 0......... (95) exit`,
  },
  "stack: store and load": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (7a) *(u64 *)(r10 -8) = 1
  1: (79) r0 = *(u64 *)(r10 -8)
  2: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (7a) *(u64 *)(r10 -8) = 1         ; def: fp0-8
  1: (79) r0 = *(u64 *)(r10 -8)        ; use: fp0-8
  2: (95) exit
Live regs before insn:
      0: .......... (7a) *(u64 *)(r10 -8) = 1
      1: .......... (79) r0 = *(u64 *)(r10 -8)
      2: 0......... (95) exit`,
  },
  "stack: half a slot": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (62) *(u32 *)(r10 -4) = 1
  1: (62) *(u32 *)(r10 -8) = 1
  2: (61) r0 = *(u32 *)(r10 -4)
  3: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (62) *(u32 *)(r10 -4) = 1         ; def: fp0-4h
  1: (62) *(u32 *)(r10 -8) = 1         ; def: fp0-8h
  2: (61) r0 = *(u32 *)(r10 -4)        ; use: fp0-4h
  3: (95) exit
Live regs before insn:
      0: .......... (62) *(u32 *)(r10 -4) = 1
      1: .......... (62) *(u32 *)(r10 -8) = 1
      2: .......... (61) r0 = *(u32 *)(r10 -4)             ; zext
      3: 0......... (95) exit`,
  },
  "stack: byte store is no definition": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (7a) *(u64 *)(r10 -8) = 1
  1: (72) *(u8 *)(r10 -8) = 1
  2: (79) r0 = *(u64 *)(r10 -8)
  3: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (7a) *(u64 *)(r10 -8) = 1         ; def: fp0-8
  1: (72) *(u8 *)(r10 -8) = 1
  2: (79) r0 = *(u64 *)(r10 -8)        ; use: fp0-8
  3: (95) exit
Live regs before insn:
      0: .......... (7a) *(u64 *)(r10 -8) = 1
      1: .......... (72) *(u8 *)(r10 -8) = 1
      2: .......... (79) r0 = *(u64 *)(r10 -8)
      3: 0......... (95) exit`,
  },
  "stack: pointer arithmetic": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
  0: (bf) r2 = r10	r2: _ -> fp0+0
  1: (07) r2 += -16	r2: fp0+0 -> fp0-16
  0: (bf) r2 = r10	r2: _ -> fp0+0
  1: (07) r2 += -16	r2: fp0+0 -> fp0-16
subprog#0:
  0: (bf) r2 = r10
  1: (07) r2 += -16
  2: (7a) *(u64 *)(r2 +8) = 1
  3: (7a) *(u64 *)(r2 +0) = 1
  4: (79) r0 = *(u64 *)(r2 +8) // r2=fp0-16
  5: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (bf) r2 = r10
  1: (07) r2 += -16
  2: (7a) *(u64 *)(r2 +8) = 1          ; def: fp0-8
  3: (7a) *(u64 *)(r2 +0) = 1          ; def: fp0-16
  4: (79) r0 = *(u64 *)(r2 +8)         ; use: fp0-8
  5: (95) exit
Live regs before insn:
      0: .......... (bf) r2 = r10
      1: ..2....... (07) r2 += -16
      2: ..2....... (7a) *(u64 *)(r2 +8) = 1
      3: ..2....... (7a) *(u64 *)(r2 +0) = 1
      4: ..2....... (79) r0 = *(u64 *)(r2 +8)
      5: 0......... (95) exit`,
  },
  "stack: spilled pointer": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
  0: (bf) r2 = r10	r2: _ -> fp0+0
  1: (07) r2 += -16	r2: fp0+0 -> fp0-16
  2: (7b) *(u64 *)(r10 -8) = r2	fp-8: _ -> fp0-16
  3: (79) r3 = *(u64 *)(r10 -8)	r3: _ -> fp0-16
  0: (bf) r2 = r10	r2: _ -> fp0+0
  1: (07) r2 += -16	r2: fp0+0 -> fp0-16
  2: (7b) *(u64 *)(r10 -8) = r2	fp-8: _ -> fp0-16
  3: (79) r3 = *(u64 *)(r10 -8)	r3: _ -> fp0-16
subprog#0:
  0: (bf) r2 = r10
  1: (07) r2 += -16
  2: (7b) *(u64 *)(r10 -8) = r2 // r2=fp0-16
  3: (79) r3 = *(u64 *)(r10 -8) // r2=fp0-16 fp-8=fp0-16
  4: (7a) *(u64 *)(r3 +0) = 1
  5: (79) r0 = *(u64 *)(r3 +0) // r2=fp0-16 r3=fp0-16 fp-8=fp0-16
  6: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (bf) r2 = r10
  1: (07) r2 += -16
  2: (7b) *(u64 *)(r10 -8) = r2        ; def: fp0-8
  3: (79) r3 = *(u64 *)(r10 -8)        ; use: fp0-8
  4: (7a) *(u64 *)(r3 +0) = 1          ; def: fp0-16
  5: (79) r0 = *(u64 *)(r3 +0)         ; use: fp0-16
  6: (95) exit
Live regs before insn:
      0: .......... (bf) r2 = r10
      1: ..2....... (07) r2 += -16
      2: ..2....... (7b) *(u64 *)(r10 -8) = r2
      3: .......... (79) r3 = *(u64 *)(r10 -8)
      4: ...3...... (7a) *(u64 *)(r3 +0) = 1
      5: ...3...... (79) r0 = *(u64 *)(r3 +0)
      6: 0......... (95) exit`,
  },
  "stack: pointers meet": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
  1: (bf) r2 = r10	r2: _ -> fp0+0
  2: (07) r2 += -8	r2: fp0+0 -> fp0-8
  4: (bf) r2 = r10	r2: fp0-8 -> fp0+0
  5: (07) r2 += -16	r2: fp0+0 -> fp0-16
arg JOIN insn 5 -> 6 r2: fp0-8 + fp0-16 => fp0-16|fp0-8
  1: (bf) r2 = r10	r2: _ -> fp0+0
  2: (07) r2 += -8	r2: fp0+0 -> fp0-8
  4: (bf) r2 = r10	r2: fp0-8 -> fp0+0
  5: (07) r2 += -16	r2: fp0+0 -> fp0-16
subprog#0:
  0: (61) r6 = *(u32 *)(r1 +0)
  1: (bf) r2 = r10
  2: (07) r2 += -8
  3: (15) if r6 == 0x0 goto pc+2
  4: (bf) r2 = r10
  5: (07) r2 += -16
  6: (7a) *(u64 *)(r10 -8) = 1
  7: (7a) *(u64 *)(r10 -16) = 1
  8: (7a) *(u64 *)(r2 +0) = 2
  9: (79) r0 = *(u64 *)(r2 +0) // r2=fp0-16|fp0-8
 10: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (61) r6 = *(u32 *)(r1 +0)
  1: (bf) r2 = r10
  2: (07) r2 += -8
  3: (15) if r6 == 0x0 goto pc+2
  4: (bf) r2 = r10
  5: (07) r2 += -16
  6: (7a) *(u64 *)(r10 -8) = 1         ; def: fp0-8
  7: (7a) *(u64 *)(r10 -16) = 1        ; def: fp0-16
  8: (7a) *(u64 *)(r2 +0) = 2
  9: (79) r0 = *(u64 *)(r2 +0)         ; use: fp0-8 fp0-16
 10: (95) exit
Live regs before insn:
      0: .1........ (61) r6 = *(u32 *)(r1 +0)              ; zext
      1: ......6... (bf) r2 = r10
      2: ..2...6... (07) r2 += -8
      3: ..2...6... (15) if r6 == 0x0 goto pc+2
      4: .......... (bf) r2 = r10
      5: ..2....... (07) r2 += -16
      6: ..2....... (7a) *(u64 *)(r10 -8) = 1
      7: ..2....... (7a) *(u64 *)(r10 -16) = 1
      8: ..2....... (7a) *(u64 *)(r2 +0) = 2
      9: ..2....... (79) r0 = *(u64 *)(r2 +0)
     10: 0......... (95) exit`,
  },
  "stack: pointer or number": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
  3: (bf) r2 = r10	r2: _ -> fp0+0
  4: (07) r2 += -8	r2: fp0+0 -> fp0-8
arg JOIN insn 5 -> 6 r2: _ + fp0-8 => fp0-8|fp0+0
  6: (bf) r7 = r2	r7: _ -> fp0-8|fp0+0
  3: (bf) r2 = r10	r2: _ -> fp0+0
  4: (07) r2 += -8	r2: fp0+0 -> fp0-8
  6: (bf) r7 = r2	r7: _ -> fp0-8|fp0+0
subprog#0:
  0: (61) r6 = *(u32 *)(r1 +0)
  1: (b7) r2 = 0
  2: (15) if r6 == 0x0 goto pc+3
  3: (bf) r2 = r10
  4: (07) r2 += -8
  5: (7a) *(u64 *)(r2 +0) = 2
  6: (bf) r7 = r2
  7: (b7) r0 = 0
  8: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (61) r6 = *(u32 *)(r1 +0)
  1: (b7) r2 = 0
  2: (15) if r6 == 0x0 goto pc+3
  3: (bf) r2 = r10
  4: (07) r2 += -8
  5: (7a) *(u64 *)(r2 +0) = 2          ; def: fp0-8
  6: (bf) r7 = r2
  7: (b7) r0 = 0
  8: (95) exit
Live regs before insn:
      0: .1........ (61) r6 = *(u32 *)(r1 +0)              ; zext
      1: ......6... (b7) r2 = 0
      2: ..2...6... (15) if r6 == 0x0 goto pc+3
      3: .......... (bf) r2 = r10
      4: ..2....... (07) r2 += -8
      5: ..2....... (7a) *(u64 *)(r2 +0) = 2
      6: ..2....... (bf) r7 = r2
      7: .......... (b7) r0 = 0
      8: 0......... (95) exit`,
  },
  "stack: variable offset": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
  4: (0f) r2 += r10	r2: _ -> fp0 ?
  4: (0f) r2 += r10	r2: _ -> fp0 ?
subprog#0:
  0: (7a) *(u64 *)(r10 -8) = 0
  1: (61) r2 = *(u32 *)(r1 +0)
  2: (57) r2 &= 4
  3: (07) r2 += -8
  4: (0f) r2 += r10
  5: (71) r0 = *(u8 *)(r2 +0) // r2=fp0 ?
  6: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (7a) *(u64 *)(r10 -8) = 0         ; def: fp0-8
  1: (61) r2 = *(u32 *)(r1 +0)
  2: (57) r2 &= 4
  3: (07) r2 += -8
  4: (0f) r2 += r10
  5: (71) r0 = *(u8 *)(r2 +0)          ; use: fp0-8..-512
  6: (95) exit
Live regs before insn:
      0: .1........ (7a) *(u64 *)(r10 -8) = 0
      1: .1........ (61) r2 = *(u32 *)(r1 +0)              ; zext
      2: ..2....... (57) r2 &= 4
      3: ..2....... (07) r2 += -8
      4: ..2....... (0f) r2 += r10
      5: ..2....... (71) r0 = *(u8 *)(r2 +0)               ; zext
      6: 0......... (95) exit`,
  },
  "stack: pointer into a function": {
    errno: 0,
    log: `func#0 @0
func#1 @5
topo_order[0] = 
topo_order[1] = 
subprog#0: analyzing (depth 0)...
  1: (bf) r1 = r10	r1: _ -> fp0+0
  2: (07) r1 += -8	r1: fp0+0 -> fp0-8
  3: (85) call pc+1	r1: fp0-8 -> _
  1: (bf) r1 = r10	r1: _ -> fp0+0
  2: (07) r1 += -8	r1: fp0+0 -> fp0-8
  3: (85) call pc+1	r1: fp0-8 -> _
subprog#0:
  0: (7a) *(u64 *)(r10 -8) = 1
  1: (bf) r1 = r10
  2: (07) r1 += -8
  3: (85) call pc+1 // r1=fp0-8
  4: (95) exit
subprog#1: analyzing (depth 1)...
subprog#1:
  5: (79) r0 = *(u64 *)(r1 +0) // r1=fp0-8
  6: (7a) *(u64 *)(r1 +0) = 2
  7: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (7a) *(u64 *)(r10 -8) = 1         ; def: fp0-8
  1: (bf) r1 = r10
  2: (07) r1 += -8
  3: (85) call pc+1                    ; use: fp0-8
  4: (95) exit
stack use/def subprog#1 (d1,cs3):
  5: (79) r0 = *(u64 *)(r1 +0)         ; use: fp0-8
  6: (7a) *(u64 *)(r1 +0) = 2          ; def: fp0-8
  7: (95) exit
Live regs before insn:
      0: ..2345.... (7a) *(u64 *)(r10 -8) = 1
      1: ..2345.... (bf) r1 = r10
      2: .12345.... (07) r1 += -8
      3: .12345.... (85) call pc+1
      4: 0......... (95) exit
      5: .1........ (79) r0 = *(u64 *)(r1 +0)
      6: 01........ (7a) *(u64 *)(r1 +0) = 2
      7: 0......... (95) exit`,
  },
  "stack: called twice": {
    errno: 0,
    log: `func#0 @0
func#1 @10
topo_order[0] = 
topo_order[1] = 
subprog#0: analyzing (depth 0)...
  2: (bf) r1 = r10	r1: _ -> fp0+0
  3: (07) r1 += -8	r1: fp0+0 -> fp0-8
  4: (85) call pc+5	r1: fp0-8 -> _
  5: (bf) r1 = r10	r1: _ -> fp0+0
  6: (07) r1 += -16	r1: fp0+0 -> fp0-16
  7: (85) call pc+2	r1: fp0-16 -> _
  2: (bf) r1 = r10	r1: _ -> fp0+0
  3: (07) r1 += -8	r1: fp0+0 -> fp0-8
  4: (85) call pc+5	r1: fp0-8 -> _
  5: (bf) r1 = r10	r1: _ -> fp0+0
  6: (07) r1 += -16	r1: fp0+0 -> fp0-16
  7: (85) call pc+2	r1: fp0-16 -> _
subprog#0:
  0: (7a) *(u64 *)(r10 -8) = 1
  1: (7a) *(u64 *)(r10 -16) = 1
  2: (bf) r1 = r10
  3: (07) r1 += -8
  4: (85) call pc+5 // r1=fp0-8
  5: (bf) r1 = r10
  6: (07) r1 += -16
  7: (85) call pc+2 // r1=fp0-16
  8: (b7) r0 = 0
  9: (95) exit
subprog#1: analyzing (depth 1)...
subprog#1:
 10: (61) r0 = *(u32 *)(r1 +0) // r1=fp0-16
 11: (95) exit
subprog#1: analyzing (depth 1)...
subprog#1:
 10: (61) r0 = *(u32 *)(r1 +0) // r1=fp0-8
 11: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (7a) *(u64 *)(r10 -8) = 1         ; def: fp0-8
  1: (7a) *(u64 *)(r10 -16) = 1        ; def: fp0-16
  2: (bf) r1 = r10
  3: (07) r1 += -8
  4: (85) call pc+5                    ; use: fp0-8h
  5: (bf) r1 = r10
  6: (07) r1 += -16
  7: (85) call pc+2                    ; use: fp0-16h
  8: (b7) r0 = 0
  9: (95) exit
stack use/def subprog#1 (d1,cs4):
 10: (61) r0 = *(u32 *)(r1 +0)         ; use: fp0-8h
 11: (95) exit
stack use/def subprog#1 (d1,cs7):
 10: (61) r0 = *(u32 *)(r1 +0)         ; use: fp0-16h
 11: (95) exit
Live regs before insn:
      0: ..2345.... (7a) *(u64 *)(r10 -8) = 1
      1: ..2345.... (7a) *(u64 *)(r10 -16) = 1
      2: ..2345.... (bf) r1 = r10
      3: .12345.... (07) r1 += -8
      4: .12345.... (85) call pc+5
      5: ..2345.... (bf) r1 = r10
      6: .12345.... (07) r1 += -16
      7: .12345.... (85) call pc+2
      8: .......... (b7) r0 = 0
      9: 0......... (95) exit
     10: .1........ (61) r0 = *(u32 *)(r1 +0)              ; zext
     11: 0......... (95) exit`,
  },
  "stack: callback": {
    errno: 0,
    log: `func#0 @0
func#1 @10
topo_order[0] = 
topo_order[1] = 
subprog#0: analyzing (depth 0)...
  4: (bf) r3 = r10	r3: _ -> fp0+0
  5: (07) r3 += -8	r3: fp0+0 -> fp0-8
  7: (85) call bpf_loop#181	r3: fp0-8 -> _
  4: (bf) r3 = r10	r3: _ -> fp0+0
  5: (07) r3 += -8	r3: fp0+0 -> fp0-8
  7: (85) call bpf_loop#181	r3: fp0-8 -> _
subprog#0:
  0: (7a) *(u64 *)(r10 -8) = 1
  1: (b7) r1 = 4
  2: (18) r2 = 0x
  4: (bf) r3 = r10
  5: (07) r3 += -8
  6: (b7) r4 = 0
  7: (85) call bpf_loop#181 // r3=fp0-8
  8: (b7) r0 = 0
  9: (95) exit
subprog#1: analyzing (depth 1)...
subprog#1:
 10: (7a) *(u64 *)(r2 +0) = 2
 11: (b7) r0 = 0
 12: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (7a) *(u64 *)(r10 -8) = 1         ; def: fp0-8
  1: (b7) r1 = 4
  2: (18) r2 = 0x
  4: (bf) r3 = r10
  5: (07) r3 += -8
  6: (b7) r4 = 0
  7: (85) call bpf_loop#181
  8: (b7) r0 = 0
  9: (95) exit
stack use/def subprog#1 (d1,cs7):
 10: (7a) *(u64 *)(r2 +0) = 2          ; def: fp0-8
 11: (b7) r0 = 0
 12: (95) exit
Live regs before insn:
      0: .......... (7a) *(u64 *)(r10 -8) = 1
      1: .......... (b7) r1 = 4
      2: .1........ (18) r2 = 0x
      4: .12....... (bf) r3 = r10
      5: .123...... (07) r3 += -8
      6: .123...... (b7) r4 = 0
  1   7: .1234..... (85) call bpf_loop#181
      8: .......... (b7) r0 = 0
      9: 0......... (95) exit
     10: ..2....... (7a) *(u64 *)(r2 +0) = 2
     11: .......... (b7) r0 = 0
     12: 0......... (95) exit`,
  },
  "stack: map key and value": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
  3: (bf) r2 = r10	r2: _ -> fp0+0
  4: (07) r2 += -4	r2: fp0+0 -> fp0-4
  5: (85) call bpf_map_lookup_elem#1	r2: fp0-4 -> _
  3: (bf) r2 = r10	r2: _ -> fp0+0
  4: (07) r2 += -4	r2: fp0+0 -> fp0-4
  5: (85) call bpf_map_lookup_elem#1	r2: fp0-4 -> _
subprog#0:
  0: (62) *(u32 *)(r10 -4) = 0
  1: (18) r1 = 0x
  3: (bf) r2 = r10
  4: (07) r2 += -4
  5: (85) call bpf_map_lookup_elem#1 // r2=fp0-4
  6: (b7) r0 = 0
  7: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (62) *(u32 *)(r10 -4) = 0         ; def: fp0-4h
  1: (18) r1 = 0x
  3: (bf) r2 = r10
  4: (07) r2 += -4
  5: (85) call bpf_map_lookup_elem#1   ; use: fp0-4h
  6: (b7) r0 = 0
  7: (95) exit
Live regs before insn:
      0: .......... (62) *(u32 *)(r10 -4) = 0
      1: .......... (18) r1 = 0x
      3: .1........ (bf) r2 = r10
      4: .12....... (07) r2 += -4
      5: .12....... (85) call bpf_map_lookup_elem#1
      6: .......... (b7) r0 = 0
      7: 0......... (95) exit`,
  },
  "stack: memory of constant size": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
  0: (bf) r1 = r10	r1: _ -> fp0+0
  1: (07) r1 += -16	r1: fp0+0 -> fp0-16
  3: (85) call bpf_get_current_comm#16	r1: fp0-16 -> _
  0: (bf) r1 = r10	r1: _ -> fp0+0
  1: (07) r1 += -16	r1: fp0+0 -> fp0-16
  3: (85) call bpf_get_current_comm#16	r1: fp0-16 -> _
subprog#0:
  0: (bf) r1 = r10
  1: (07) r1 += -16
  2: (b7) r2 = 16
  3: (85) call bpf_get_current_comm#16 // r1=fp0-16
  4: (b7) r0 = 0
  5: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (bf) r1 = r10
  1: (07) r1 += -16
  2: (b7) r2 = 16
  3: (85) call bpf_get_current_comm#16         ; def: fp0-8 fp0-16
  4: (b7) r0 = 0
  5: (95) exit
Live regs before insn:
      0: .......... (bf) r1 = r10
      1: .1........ (07) r1 += -16
      2: .1........ (b7) r2 = 16
      3: .12....... (85) call bpf_get_current_comm#16
      4: .......... (b7) r0 = 0
      5: 0......... (95) exit`,
  },
  "stack: memory of unknown size": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
  2: (bf) r1 = r10	r1: _ -> fp0+0
  3: (07) r1 += -16	r1: fp0+0 -> fp0-16
  5: (85) call bpf_get_current_comm#16	r1: fp0-16 -> _
  2: (bf) r1 = r10	r1: _ -> fp0+0
  3: (07) r1 += -16	r1: fp0+0 -> fp0-16
  5: (85) call bpf_get_current_comm#16	r1: fp0-16 -> _
subprog#0:
  0: (61) r2 = *(u32 *)(r1 +8)
  1: (57) r2 &= 15
  2: (bf) r1 = r10
  3: (07) r1 += -16
  4: (07) r2 += 1
  5: (85) call bpf_get_current_comm#16 // r1=fp0-16
  6: (b7) r0 = 0
  7: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (61) r2 = *(u32 *)(r1 +8)
  1: (57) r2 &= 15
  2: (bf) r1 = r10
  3: (07) r1 += -16
  4: (07) r2 += 1
  5: (85) call bpf_get_current_comm#16
  6: (b7) r0 = 0
  7: (95) exit
Live regs before insn:
      0: .1........ (61) r2 = *(u32 *)(r1 +8)              ; zext
      1: ..2....... (57) r2 &= 15
      2: ..2....... (bf) r1 = r10
      3: .12....... (07) r1 += -16
      4: .12....... (07) r2 += 1
      5: .12....... (85) call bpf_get_current_comm#16
      6: .......... (b7) r0 = 0
      7: 0......... (95) exit`,
  },
  "stack: atomics": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (7a) *(u64 *)(r10 -8) = 1
  1: (b7) r1 = 1
  2: (db) r1 = atomic64_fetch_add((u64 *)(r10 -8), r1)
  3: (bf) r0 = r1
  4: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (7a) *(u64 *)(r10 -8) = 1         ; def: fp0-8
  1: (b7) r1 = 1
  2: (db) r1 = atomic64_fetch_add((u64 *)(r10 -8), r1)         ; use: fp0-8
  3: (bf) r0 = r1
  4: (95) exit
Live regs before insn:
      0: .......... (7a) *(u64 *)(r10 -8) = 1
      1: .......... (b7) r1 = 1
      2: .1........ (db) r1 = atomic64_fetch_add((u64 *)(r10 -8), r1)
      3: .1........ (bf) r0 = r1
      4: 0......... (95) exit`,
  },
  "fastcall pattern": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r1 = 1
  1: (7b) *(u64 *)(r10 -8) = r1
  2: (85) call bpf_get_smp_processor_id#8
  3: (79) r1 = *(u64 *)(r10 -8)
  4: (bf) r0 = r1
  5: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r1 = 1
  1: (7b) *(u64 *)(r10 -8) = r1        ; def: fp0-8
  2: (85) call bpf_get_smp_processor_id#8
  3: (79) r1 = *(u64 *)(r10 -8)        ; use: fp0-8
  4: (bf) r0 = r1
  5: (95) exit
Live regs before insn:
      0: .......... (b7) r1 = 1
      1: .1........ (7b) *(u64 *)(r10 -8) = r1
      2: .......... (85) call bpf_get_smp_processor_id#8
      3: .......... (79) r1 = *(u64 *)(r10 -8)
      4: .1........ (bf) r0 = r1
      5: 0......... (95) exit`,
  },
  "may_goto": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r0 = 0
  1: (e5) may_goto pc+2
  2: (07) r0 += 1
  3: (05) goto pc-3
  4: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r0 = 0
  1: (e5) may_goto pc+2
  2: (07) r0 += 1
  3: (05) goto pc-3
  4: (95) exit
Live regs before insn:
      0: .......... (b7) r0 = 0
  1   1: 0......... (e5) may_goto pc+2
  1   2: 0......... (07) r0 += 1
  1   3: 0......... (05) goto pc-3
      4: 0......... (95) exit`,
  },
  "zero extension wanted": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (61) r0 = *(u32 *)(r1 +0)
  1: (67) r0 <<= 1
  2: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (61) r0 = *(u32 *)(r1 +0)
  1: (67) r0 <<= 1
  2: (95) exit
Live regs before insn:
      0: .1........ (61) r0 = *(u32 *)(r1 +0)              ; zext
      1: 0......... (67) r0 <<= 1
      2: 0......... (95) exit`,
  },
  "zero extension not wanted": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b4) w2 = 1
  1: (bc) w0 = w2
  2: (04) w0 += 1
  3: (bc) w3 = w0
  4: (b7) r0 = 0
  5: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b4) w2 = 1
  1: (bc) w0 = w2
  2: (04) w0 += 1
  3: (bc) w3 = w0
  4: (b7) r0 = 0
  5: (95) exit
Live regs before insn:
      0: .......... (b4) w2 = 1
      1: ..2....... (bc) w0 = w2
      2: 0......... (04) w0 += 1
      3: 0......... (bc) w3 = w0
      4: .......... (b7) r0 = 0
      5: 0......... (95) exit`,
  },
  "map value in bounds": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (18) r1 = 0x
  2: (b7) r0 = 0
  3: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (18) r1 = 0x
  2: (b7) r0 = 0
  3: (95) exit
Live regs before insn:
      0: .......... (18) r1 = 0x
      2: .......... (b7) r0 = 0
      3: 0......... (95) exit`,
  },
  "map value out of bounds": {
    errno: 22,
    log: `func#0 @0
invalid access to map value pointer, value_size=48 off=48`,
  },
  "map value of many": {
    errno: 524,
    log: `func#0 @0
invalid access to map value pointer, value_size=48 off=0`,
  },
  "value of a hash map": {
    errno: 22,
    log: `func#0 @0
no direct value access support for this map type`,
  },
  "sleepable with a perf event array": {
    errno: 22,
    log: `func#0 @0
Sleepable programs can only use array, hash, ringbuf and local storage maps`,
  },
  "sleepable with an array": {
    errno: 0,
    log: `func#0 @0
topo_order[0] = 
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (18) r1 = 0x
  2: (b7) r0 = 0
  3: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (18) r1 = 0x
  2: (b7) r0 = 0
  3: (95) exit
Live regs before insn:
      0: .......... (18) r1 = 0x
      2: .......... (b7) r0 = 0
      3: 0......... (95) exit`,
  },
  "two cgroup storages": {
    errno: 16,
    log: `func#0 @0
only one cgroup storage of each type is allowed`,
  },
  "sleepable socket filter": {
    errno: 22,
    log: `func#0 @0
Program of this type cannot be sleepable`,
  },
  "syscall program that does not sleep": {
    errno: 22,
    log: `func#0 @0
Syscall programs can only be sleepable`,
  },
  "tracing without a target": {
    errno: 22,
    log: `func#0 @0
Tracing programs must provide btf_id`,
  },
  "struct_ops without a licence": {
    errno: 22,
    log: `func#0 @0
struct ops programs must have a GPL compatible license`,
  },
  "packet load in a function": {
    errno: 22,
    log: `func#0 @0
func#1 @3
LD_ABS is not allowed in subprogs without BTF`,
  },
  "tail call in a function": {
    errno: 22,
    log: `func#0 @0
func#1 @2
tail_call is not allowed in subprogs without BTF`,
  },
  "kfunc 0": {
    errno: 0,
    log: `func#0 @0
invalid kernel function btf_id 0
invalid kernel function btf_id 0
topo_order[0] = 
invalid kernel function btf_id 0
subprog#0: analyzing (depth 0)...
subprog#0:
  0: (b7) r0 = 0
  1: (05) goto pc+1
  2: (85) call <error>#0
  3: (95) exit
stack use/def subprog#0 (d0,cs0):
  0: (b7) r0 = 0
  1: (05) goto pc+1
  2: (85) call <error>#0
  3: (95) exit
Live regs before insn:
      0: .......... (b7) r0 = 0
      1: 0......... (05) goto pc+1
      2: .......... (85) call <error>#0
      3: 0......... (95) exit
invalid kernel function btf_id 0`,
  },
  "kfunc without a licence": {
    errno: 22,
    log: `func#0 @0
cannot call kernel function from non-GPL compatible program`,
  },
  "kfunc below 0": {
    errno: 22,
    log: `func#0 @0
invalid kernel function btf_id -1`,
  },
  "wrong attach type": {
    errno: 22,
    log: ``,
  },
  "wrong type without privileges": {
    errno: 1,
    log: ``,
  },
};
