// Recorded by `npm run record-cases`: what Linux 7.3.4 says of the programs beside; ids of types masked.
import type { Recorded } from '../testing/cases.ts';

export const RECORDED: Recorded = {
  "places that are far away": [
    [0],
    [13,"memory.unbounded","R0 unbounded memory access, make sure to bounds check any such access"],
  ],
  "places that are far away on the stack": [
    [0],
    [13,"stack.unbounded","invalid unbounded variable-offset read from stack R3"],
    [13,"stack.unbounded","invalid unbounded variable-offset write to stack R3"],
    [13,"stack.unbounded","invalid unbounded variable-offset read from stack R2"],
  ],
  "a map's own fields": [
    [0],
    [13,"map.object-negative","R1 is bpf_array invalid negative access: off=-8"],
    [13,"map.object-read-only","only read from bpf_array is supported"],
    [13,"map.object-read-only","only read from bpf_array is supported"],
    [13,"btf.beyond-struct","access beyond struct bpf_array at off 32000 size 4"],
  ],
  "a map's own fields, by kind": [
    [0],
    [0],
    [0],
  ],
  "a map's own fields, unprivileged": [
    [0],
    [1,"object.unprivileged","'struct bpf_array' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN"],
  ],
  "a helper writes beside a timer": [
    [0],
    [13,"map.field-direct","bpf_timer cannot be accessed directly by load/store"],
    [13,"map.field-direct","bpf_timer cannot be accessed directly by load/store"],
  ],
  "helpers and the packet": [
    [0],
    [13,"call.packetAccess","helper access to the packet is not allowed"],
  ],
  "the flow's keys at a variable place": [
    [0],
    [13,"alu.kindProhibited","R2 pointer arithmetic on flow_keys prohibited"],
  ],
  "a helper reads the stack at a known place": [
    [0],
    [13,"alu.variableStack","R2 variable stack access prohibited for !root, var_off=(0xfffffffffffffff0; 0x8) off=-16"],
  ],
  "one kind of pointer at an instruction": [
    [0],
    [0],
    [13,"alu.stackOutOfRange","R3 stack pointer arithmetic goes out of range, prohibited for !root; off=0"],
  ],
  "one number at an instruction": [
    [0],
    [13,"alu.differentPaths","R6 tried to add from different maps, paths or scalars, pointer arithmetic with it prohibited for !root"],
  ],
  "a number known on one path": [
    [0],
    [13,"alu.differentPaths","R0 tried to add from different maps, paths or scalars, pointer arithmetic with it prohibited for !root"],
    [13,"alu.differentPaths","R0 tried to add from different maps, paths or scalars, pointer arithmetic with it prohibited for !root"],
  ],
  "arithmetic on other pointers": [
    [0],
    [0],
  ],
  "a helper writes its own memory": [
    [0],
    [13,"call.mayWriteMemory","bpf_get_current_comm() may write into memory pointed by R1 type=trusted_ptr_"],
  ],
  "the task that a helper asks for": [
    [0],
    [13,"call.wrongType","R1 type=trusted_ptr_or_null_ expected=ptr_, trusted_ptr_, rcu_ptr_"],
    [13,"call.wrongBtfType","R1 is of type task_struct but task_struct is expected"],
    [13,"kfunc.notAllowed","calling kernel function bpf_get_task_exe_file is not allowed"],
    [13,"kfunc.notAllowed","calling kernel function bpf_get_task_exe_file is not allowed"],
  ],
  "a callback from the main program": [
    [0],
    [22,"cfg.funcInfoCount","number of funcs in func_info doesn't match number of subprogs"],
  ],
  "no kfunc of that number": [
    [0],
    [22,"cfg.kfuncNotFunction","kernel btf_id … is not a function"],
    [22,"kfunc.unmatchedRcuUnlock","unmatched rcu read unlock (kernel function bpf_rcu_read_unlock)"],
    [22,"cfg.kfuncNegativeOffset","negative offset disallowed for kernel module function call\nfailed to find BTF for kernel function"],
  ],
  "no symbol of that number": [
    [0],
    [2,"cfg.ksymId","ldimm64 insn specifies invalid btf_id …."],
    [22,"cfg.ksymKind","pseudo btf_id … in ldimm64 isn't KIND_VAR or KIND_FUNC"],
  ],
  "a file is kept while a view of it lives": [
    [0],
    [22,"reference.childLeaks","Leaking reference id=3 alloc_insn=9. Release it first."],
    [22,"reference.childLeaks","Leaking reference id=3 alloc_insn=9. Release it first."],
    [22,"context.referenceLeak","Unreleased reference id=2 alloc_insn=2"],
  ],
  "flags for interrupts": [
    [0],
    [22,"kfunc.irqFlagPointer","R1 doesn't point to an irq flag on stack"],
    [22,"kfunc.irqFlagPointer","R1 doesn't point to an irq flag on stack"],
  ],
  "a tail call in a callback": [
    [0],
    [22,"call.tailCallInCallback","cannot tail call within callback"],
  ],
  "a tail call in a function that returns nothing": [
    [0],
    [22,"cfg.tailCallReturn","tail_call is only allowed in functions that return 'int'."],
  ],
  "what a ring of the user's hands out": [
    [0],
    [22,"call.dynptrConstRelease","CONST_PTR_TO_DYNPTR cannot be released"],
    [13,"memory.modified-pointer","dereference of modified dynptr_ptr ptr R1 off=8 disallowed"],
  ],
  "512 bytes in one function": [
    [0],
  ],
  "who catches": [
    [0],
    [2,"cfg.exceptionCallbackMissing","exception callback 'other' could not be found in BTF"],
    [22,"cfg.exceptionCallbackMain","invalid exception callback insn_off in func_info: 0"],
    [22,"cfg.exceptionCallbackStatic","exception callback 'catch' must have global linkage"],
    [22,"exit.exceptionVoid","exception cb cannot return void"],
    [22,"exit.exceptionArgs","exception cb only supports single integer argument"],
    [22,"exit.exceptionArgs","exception cb only supports single integer argument"],
    [17,"cfg.exceptionCallbackTwice","multiple exception callback tags for main subprog"],
    [22,"after.exceptionCallbackCalled","insn 1 cannot call exception cb directly"],
  ],
  "pages of an arena": [
    [0],
    [22,"kfunc.wrongPointer","R1 is fp expected STRUCT bpf_map or map_ptr"],
    [0],
    [13,"kfunc.possiblyNull","Possibly NULL pointer passed to trusted R1"],
  ],
  "pages without an arena": [
    [0],
    [13,"kfunc.possiblyNull","Possibly NULL pointer passed to trusted R1"],
  ],
  "pages to free": [
    [0],
    [0],
  ],
  "one instruction, on numbers or in an arena": [
    [0],
    [22,"alu.arenaMixed","same insn cannot be used with and without arena pointer"],
  ],
  "an argument in an arena": [
    [0],
    [22,"call.globalArguments","R1 is not a pointer to arena or scalar.\nCaller passes invalid args into func#1 ('f')"],
    [22,"call.globalArguments","R1 is not a pointer to arena or scalar.\nCaller passes invalid args into func#1 ('f')"],
  ],
  "one instruction, arena or not": [
    [0],
    [13,"memory.invalid-access","R1 invalid mem access 'scalar'"],
  ],
  "thirteen arguments": [
    [22,"cfg.protoArgs","The function f has 13 arguments. Too many."],
    [0],
  ],
  "a pointer to pointers": [
    [22,"cfg.kfuncArgMem","R1 pointer type PTR  must point to scalar, or struct with scalar"],
    [0],
  ],
  "a size beside a struct with pointers": [
    [22,"cfg.kfuncArgMemVoid","R1 pointer type STRUCT holder must point to void, scalar, or struct with scalar"],
    [0],
  ],
  "a struct by value": [
    [22,"cfg.kfuncArgType","Unrecognized R1 type STRUCT"],
    [0],
  ],
  "any number of arguments": [
    [22,"cfg.protoVariadic","The function f with variable args is unsupported."],
    [0],
  ],
  "a struct returned": [
    [22,"cfg.protoReturn","The function f return type STRUCT is unsupported."],
    [0],
  ],
  "a large struct by value": [
    [22,"cfg.protoArgType","The function f arg0 type STRUCT is unsupported."],
    [0],
  ],
  "an arena that is not there": [
    [22,"cfg.kfuncArgArena","R1 arena pointer requires a program with an associated arena"],
    [0],
  ],
  "a number acquired": [
    [22,"kfunc.acquireReturn","acquire kernel function does not return PTR_TO_BTF_ID"],
    [0],
  ],
  "a buffer of unknown size": [
    [22,"kfunc.sizeNotConst","R2 is not a const"],
    [0],
  ],
  "a buffer that is too large": [
    [22,"kfunc.sizeTooLarge","R2 allocation size exceeds u32 max"],
    [0],
  ],
  "where the packet may end": [
    [0],
    [13,"memory.min-outside","invalid access to packet, off=0 size=1, R2(id=0,off=0,r=0)\nR2 min value is outside of the allowed memory range"],
    [22,"packet.outside","R4 offset is outside of the packet"],
  ],
  "kernel memory under the GPL": [
    [0],
    [22,"object.not-gpl","Cannot access kernel 'struct task_struct' from non-GPL compatible program"],
  ],
  "program types of the unprivileged": [
    [0],
    [1,"load.privileges",""],
    [1,"load.privileges",""],
    [1,"load.privileges",""],
  ],
  "what an extension replaces": [
    [0],
    [22,"attach.replaceKernel","Cannot replace kernel functions"],
  ],
  "members that are functions": [
    [0],
    [22,"attach.structOpsMember","attach to invalid member name(@idx 12) of struct tcp_congestion_ops"],
    [22,"attach.structOpsMember","attach to invalid member flags(@idx 16) of struct tcp_congestion_ops"],
  ],
  "kernel pointers and helpers": [
    [0],
    [13,"map.field-by-helper","kptr cannot be accessed indirectly by helper"],
  ],
  "restored with what it was saved with": [
    [0],
    [22,"stack-object.irq-class","irq flag acquired by native kfuncs cannot be restored with lock kfuncs"],
  ],
  "a strong lock in a tree's comparison": [
    [0],
    [13,"kfunc.resLockInRbtreeCallback","can't res_spin_{lock,unlock} in rbtree cb"],
    [13,"kfunc.resLockInRbtreeCallback","can't res_spin_{lock,unlock} in rbtree cb"],
  ],
  "a million instructions": [
    [7,"search.tooLarge","BPF program is too large. Processed 1000001 insn"],
  ],
};
