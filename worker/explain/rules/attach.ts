import type { RuleNotes } from './note.ts';

/** What a program attaches to. */
export const ATTACH_NOTES: RuleNotes = {
  syscallNotSleepable: [
    'syscall programs must be sleepable',
    'Programs of type syscall run in process context and call bpf() itself: load them with the sleepable flag (section syscall does).',
    'Almost everything that they may call sleeps.',
    ['attach.sleepableType'],
  ],
  sleepableType: [
    'Programs of this type cannot be sleepable',
    'Only fentry, fexit, fmod_ret, fsession, LSM, iterator, uprobe, struct_ops, raw tracepoint and syscall programs may sleep, and only where the attach type allows it.',
    'The others run with preemption or interrupts disabled, or inside RCU read sections.',
    ['attach.notSleepable', 'kfunc.programNotSleepable'],
  ],
  unsupported: [
    'Attaching like this is not supported',
    'The combination of program type, attach type and target does not exist.',
    'There is no place in the kernel that would call the program.',
  ],
  tracingNoId: [
    'It is not said what to attach to',
    'Tracing, LSM and freplace programs must name their target when they are loaded: write .prog fentry/NAME, or .attach.',
    'The program is checked against the type of its target.',
  ],
  replaceKernel: [
    'Only functions of BPF programs can be replaced',
    'freplace (type ext) programs replace a global function of another BPF program, not one of the kernel.',
    'The kernel’s own code is not made to be replaced.',
  ],
  notTypedef: [
    'Not a tracepoint',
    'A raw tracepoint program names the tracepoint’s btf_trace_… typedef.',
    'The arguments of the tracepoint are in that type.',
  ],
  wrongTypeName: [
    'Not a tracepoint',
    'The name of the type must begin with btf_trace_.',
    'The arguments of the tracepoint are in that type.',
  ],
  notFaultable: [
    'This tracepoint may not fault',
    'Sleepable programs can only be attached to tracepoints that are called where faults are allowed (system call entry and exit).',
    'At others, preemption is disabled.',
    ['attach.sleepableType'],
  ],
  notFunction: [
    'Not a function',
    'The target must be a function of the kernel.',
    'The program is called in place of, before or after it.',
  ],
  bigReturn: [
    'The function returns more than a register',
    'fexit, fmod_ret and fsession need the return value, which is longer than 8 bytes here.',
    'The value is passed to the program in one register.',
  ],
  notSleepable: [
    'The function is called where nothing may sleep',
    'A sleepable program can be attached to functions that are marked for it only: system calls, LSM hooks of a list, functions with error injection.',
    'At others the kernel may hold a lock or have preemption disabled.',
    ['attach.sleepableType', 'attach.notFaultable'],
  ],
  notModifiable: [
    'The function’s result cannot be replaced',
    'fmod_ret programs may be attached to functions only that are marked for error injection, security_ hooks, and kfuncs marked for it.',
    'Elsewhere the kernel does not expect that the function was not executed.',
  ],
  denied: [
    'Attaching here is forbidden',
    'The function is on a list of those that programs may not be attached to.',
    'The kernel needs it while it runs programs: attaching would recurse or deadlock.',
    ['attach.noreturn'],
  ],
  noreturn: [
    'The function never returns',
    'fexit, fmod_ret and fsession programs run when the function returns, which this one never does.',
    'What the kernel keeps for the return would be kept for ever.',
    ['attach.denied'],
  ],
  lsmLicense: [
    'LSM programs must be GPL',
    'The licence of LSM programs must be GPL compatible.',
    'Security modules are part of the kernel.',
    ['cfg.kfuncLicense'],
  ],
  lsmDisabled: [
    'This LSM hook is not for programs',
    'The hook is on a list of those that programs may not be attached to.',
    'They must run even if they change the kernel’s own bookkeeping, or return nothing that could be judged.',
  ],
  structOpsLicense: [
    'struct_ops programs must be GPL',
    'The licence of struct_ops programs must be GPL compatible.',
    'They implement a part of the kernel.',
  ],
  structOpsNoId: [
    'It is not said which struct is implemented',
    'A struct_ops program names the struct and the member that it implements: .attach struct tcp_congestion_ops.ssthresh.',
    'The program is checked against the member’s type.',
  ],
  structOpsStruct: [
    'The struct cannot be implemented',
    'The kernel does not offer this struct for struct_ops.',
    'Each such struct needs code in the kernel that registers it.',
  ],
  structOpsIndex: [
    'No such member',
    'The index of the member is beyond the struct’s last one.',
    'The program is checked against the member’s type.',
  ],
  structOpsMember: [
    'The member is no function',
    'A struct_ops program implements a member that is a pointer to a function.',
    'Nothing else is called.',
  ],
  structOpsUnsupported: [
    'The member may not be implemented by programs',
    'The struct’s owner in the kernel does not offer this member, or not to sleepable programs.',
    'It says which of its functions are safe to replace.',
  ],
  structOpsArena: [
    'The member takes an arena pointer',
    'The program must use an arena to implement it.',
    'The pointer is relative to the program’s arena.',
  ],
  structOpsTailCall: [
    'A reference that a tail call would lose',
    'A program that is given a reference (__ref argument) cannot make tail calls.',
    'The program that is called instead does not know that it has to release it.',
    ['context.referenceLeak'],
  ],
};

/** What is known of the program only after its walk. */
export const AFTER_NOTES: RuleNotes = {
  ldAbsInCallback: [
    'Packet load in a callback',
    'r0 = skb[…] leaves the program when the packet is too short, which a callback cannot.',
    'The helper that called the callback would never be returned to.',
    ['ld-abs.inCallback'],
  ],
  tailCallDepth: [
    'Tail calls with too much stack in use',
    'A function that makes tail calls may be called by functions that use less than 256 bytes of stack together.',
    'Each tail call may come back here: 33 times the stack of all frames must fit the kernel’s stack.',
    ['after.combinedStack'],
  ],
  subprogStack: [
    'The function uses too much stack',
    'One function may use 512 bytes.',
    'The kernel’s stack has 16 KB for everything.',
    ['after.combinedStack', 'stack.out-of-bounds'],
  ],
  combinedStack: [
    'The functions that call each other use too much stack',
    'All frames that are there at once may use 512 bytes together (each rounded up to 16). Move large buffers to a map, or reuse them.',
    'The kernel’s stack has 16 KB for everything that is running.',
    ['after.subprogStack', 'after.callDepth'],
  ],
  throwInCallback: [
    'An exception in a callback',
    'A callback cannot throw.',
    'The kernel’s code between the callback and the program would be skipped, with whatever it holds.',
  ],
  exceptionCallbackCalled: [
    'The exception callback is called directly',
    'The function that handles exceptions is called by the kernel only.',
    'It is entered with another frame than functions have.',
  ],
  callDepth: [
    'Too many functions call each other',
    'At most eight frames may be there at once.',
    'The kernel’s stack is small.',
    ['call.callStackTooDeep', 'after.combinedStack'],
  ],
  tailCallInCallback: [
    'A tail call in a callback',
    'A tail call never returns to the helper that called the callback.',
    'What the helper holds would stay held.',
    ['call.tailCallInCallback'],
  ],
  stackArgsUnused: [
    'More on-stack arguments than any call takes',
    'The function stores arguments (r11) that none of its calls takes.',
    'The space for them would not be there.',
  ],
  tailCallStackArgs: [
    'Tail calls and on-stack arguments',
    'A program with on-stack arguments cannot make tail calls.',
    'The program that is called instead lays its stack out differently.',
  ],
  kfuncNotResolved: [
    'A call of a kfunc that does not exist',
    'The function does not exist in this kernel (a weak one), and the walk showed that the call may be reached.',
    'There is nothing to call.',
    ['cfg.kfuncId'],
  ],
  tailCallMapUnknown: [
    'The program array of a tail call is not always the same',
    'Different paths reach the tail call with different maps.',
    'The index could not be checked against one size.',
  ],
  notPatched: [
    'A jump gets too long when the program is written out',
    'The kernel replaces calls, divisions, packet loads and the like by several instructions, and a jump across them no longer fits its 16 bits. Jump to a gotol, which has 32, or move part of what is jumped over into a function.',
    'The jump would lead somewhere else.',
    ['cfg.jumpOutOfProgram'],
  ],
};

/** What bpf(2) itself refuses. */
export const LOAD_NOTES: RuleNotes = {
  size: [
    'The program is too long',
    'Programs have at least one and at most a million instructions, 4096 without CAP_BPF.',
    'The kernel’s work must be bounded.',
    ['search.tooLarge'],
  ],
  privileges: [
    'Programs of this type need privileges',
    'Without CAP_BPF only socket filters and cgroup_skb programs may be loaded (if the system allows even that).',
    'The others see or change what belongs to others.',
  ],
  attachType: [
    'The attach type does not fit',
    'The program type takes other attach types than this one, or no target.',
    'The attach type decides what the ctx offers and which values may be returned.',
  ],
};
