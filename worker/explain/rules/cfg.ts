import type { RuleNotes } from './note.ts';

const INFO =
  'Logs, traces and the kernel’s own unwinding read this table; a wrong one would lead all of them astray.';
const FD =
  'The loader replaces names of maps by file descriptors before it loads; the kernel can only use what a descriptor really refers to.';
const TRAMPOLINE =
  'Machine code that passes arguments between the kernel’s convention and the program’s is generated from the prototype.';

/** What is checked of the whole program before it is walked. */
export const CFG_NOTES: RuleNotes = {
  lastInsnWide: [
    'The program ends in the middle of a wide load',
    'The last slot is the first half of r1 = … ll; its second half is missing.',
    'The kernel would read past the program’s end.',
  ],
  btfMissing: [
    'Function or line information without types',
    'The program says where its functions are (func_info, line_info) but brings no BTF that the numbers could refer to.',
    INFO,
  ],
  funcInfoStart: [
    'The first function does not begin at the first instruction',
    'The first row of func_info must be about instruction 0.',
    INFO,
  ],
  funcInfoOrder: ['Functions out of order', 'Rows of func_info must have rising instruction numbers.', INFO],
  funcInfoType: [
    'A function’s type is none',
    'A row of func_info names a type that is not a function in the program’s BTF.',
    INFO,
  ],
  funcInfoCount: [
    'Functions and their descriptions do not match',
    'There are more or fewer rows of func_info than functions that are called. A function that nobody calls must not have a row.',
    INFO,
  ],
  funcInfoLayout: [
    'Functions are described at other places than they are',
    'A row of func_info does not begin where a function begins.',
    INFO,
  ],
  ldAbsNoBtf: [
    'Packet load in a function without types',
    'r0 = skb[…] leaves the whole function when the packet is too short, returning 0. That is only allowed in functions whose return type is known.',
    'A function that returns a pointer would suddenly return 0, which its caller does not expect.',
  ],
  tailCallNoBtf: [
    'Tail call in a function without types',
    'A tail call inside a function of the program needs BTF that says what the function returns.',
    'The program that is jumped to returns an int in its place.',
  ],
  ldAbsReturn: [
    'Packet load in a function that does not return int',
    'r0 = skb[…] may leave the function with 0, so the function must return int.',
    'Its caller could take the 0 for a pointer or another type.',
  ],
  tailCallReturn: [
    'Tail call in a function that does not return int',
    'After a tail call the other program’s int is what the caller gets, so the function must return int.',
    'Its caller could take that int for a pointer.',
  ],
  lineInfoOrder: [
    'Source lines out of order',
    'Rows of line_info must have rising instruction numbers inside the program.',
    INFO,
  ],
  lineInfoCode: [
    'A source line for no instruction',
    'A row of line_info points into the second half of a wide load.',
    INFO,
  ],
  lineInfoString: [
    'A source line without text',
    'A row of line_info names a string that is not in the program’s BTF.',
    INFO,
  ],
  lineInfoMissing: [
    'A function without its first source line',
    'If there is line information, each function must begin with a row of it.',
    INFO,
  ],
  lineInfoMissingLast: [
    'The last functions have no source lines',
    'If there is line information, each function must begin with a row of it; the last ones have none.',
    INFO,
  ],
  callTarget: [
    'A call that goes nowhere',
    'A call of a function of the program must lead to an instruction inside the program.',
    'Execution must never leave the code that was verified.',
  ],
  tooManySubprogs: [
    'Too many functions',
    'A program may have 256 functions at most.',
    'The verifier keeps tables per function and walks their calls; the number bounds that work.',
  ],
  callsNotPermitted: [
    'Functions need privileges',
    'Calls of own functions, kfuncs and callbacks are for programs loaded with CAP_BPF.',
    'The interplay of functions makes the verifier’s work far larger; the unprivileged may only load simple programs.',
  ],
  exceptionCallbackTwice: [
    'Two exception callbacks',
    'The main function carries the tag exception_callback twice. One function handles exceptions.',
    'An exception can only return through one of them.',
  ],
  exceptionCallbackMissing: [
    'The exception callback does not exist',
    'The tag names a function that is not in the program’s BTF.',
    'An exception would have nowhere to go.',
  ],
  exceptionCallbackStatic: [
    'The exception callback is static',
    'The function that handles exceptions must be global.',
    'It is called by the kernel, not by the program, and so is verified on its own like other global functions.',
  ],
  exceptionCallbackMain: [
    'The main function cannot be its own exception callback',
    'The tag names the main function.',
    'Handling an exception would begin the program anew.',
  ],
  exceptionCallbackNoInfo: [
    'The exception callback is not part of the program',
    'The tagged function has a type but no instructions in this program.',
    'An exception would have nowhere to go.',
  ],
  jumpOutOfSubprog: [
    'A jump out of its function',
    'Jumps stay inside their function; other functions are entered by calls only.',
    'Each function has its own stack frame, which a jump would not set up.',
    ['cfg.jumpOutOfProgram', 'cfg.fallsThrough'],
  ],
  fallsThrough: [
    'A function runs into the next one',
    'The last instruction of a function must be exit or an unconditional jump.',
    'Execution would go on with whatever comes behind: another function, or memory that is no code.',
    ['cfg.jumpOutOfSubprog'],
  ],
  recursion: [
    'A function calls itself',
    'A function calls itself, directly or through others (global functions are looked at here).',
    'The kernel’s stack is small and the depth of recursion unknown.',
    ['call.callStackTooDeep', 'after.combinedStack'],
  ],
  jumpOutOfProgram: [
    'A jump out of the program',
    'The target of a jump is before the first or behind the last instruction.',
    'Execution must never leave the code that was verified.',
    ['cfg.jumpOutOfSubprog'],
  ],
  backEdge: [
    'A loop in a program without privileges',
    'A jump leads back to an instruction that comes before it. Programs without CAP_BPF may not have loops at all: unroll it, or load it with privileges.',
    'Proving that loops end makes the verifier walk each round; the unprivileged do not get that much of the kernel’s time.',
    ['search.infiniteLoop', 'search.tooLarge'],
  ],
  flowTooDeep: [
    'The program’s flow is nested too deeply',
    'Following jumps and calls, the kernel’s own stack of instructions to look at ran full.',
    'The memory for the check is bounded by the length of the program.',
  ],
  unreachable: [
    'Instructions that are never reached',
    'No way leads to this instruction: dead code is not allowed in programs without privileges, nor where it cannot be explained.',
    'Code that was never walked has never been proven safe, but would be in memory as machine code.',
    ['cfg.fallsThrough'],
  ],
  jumpIntoWide: [
    'A jump into the middle of a wide load',
    'The target is the second slot of r1 = … ll, which is no instruction.',
    'The half would be executed as if it were code.',
    ['isa.wideLoad'],
  ],
  jumpTableMissing: [
    'An indirect jump without a table',
    'gotox jumps through a map of type INSN_ARRAY that belongs to this function; there is none. In a program text .jumptable makes one.',
    'Without the table nobody knows where execution goes on.',
    ['gotox.outside', 'cfg.jumpTableOutside'],
  ],
  jumpTableOutside: [
    'A jump table leads out of its function',
    'An entry of the table points to an instruction of another function.',
    'Each function has its own stack frame, which a jump would not set up.',
    ['cfg.jumpTableMissing'],
  ],
  livenessTooComplex: [
    'Too many calls to find out what is live',
    'To know which stack slots matter, each function is looked at for each way it is called; that became too many.',
    'The analysis would take too long.',
    ['search.tooLarge'],
  ],
  livenessTooDeep: [
    'Calls nest too deeply to find out what is live',
    'More than eight functions call each other in a row.',
    'The kernel’s stack is small; the chain would be refused later anyway.',
    ['call.callStackTooDeep'],
  ],
  mapFd: [
    'Not a map',
    'The number in the wide load is not a file descriptor of a map: the map was not created, was closed, or the loader did not replace its name.',
    FD,
  ],
  mapIdxNoArray: [
    'A map by index without a list of maps',
    'The wide load means the map by its place in a list (fd_array) that the loader did not give.',
    FD,
  ],
  tooManyMaps: [
    'Too many maps',
    'A program may refer to 64 maps at most.',
    'The kernel holds each of them for as long as the program lives, in a table of fixed size.',
  ],
  noDirectValue: [
    'This map’s value has no fixed address',
    'r1 = map+4 ll loads the address of a place in the map’s value. Only array maps (and a few like them) keep their values where they are.',
    'An element of a hash map may be freed at any time.',
    ['cfg.directValue', 'call.strNoDirectValue'],
  ],
  directValue: [
    'Outside of the map’s value',
    'r1 = map+off ll must point into the value of the map’s only element: off must be smaller than the value’s size.',
    'The address would be that of other memory of the kernel.',
    ['cfg.noDirectValue', 'memory.max-outside'],
  ],
  tracingGraph: [
    'Lists and trees are not for tracing programs',
    'A map with bpf_list_head or bpf_rb_root cannot be used by kprobe, tracepoint, perf_event or raw tracepoint programs.',
    'They may interrupt a program that holds the list’s lock, and would wait for it for ever.',
    ['cfg.tracingLock'],
  ],
  socketFilterLock: [
    'Locks are not for socket filters',
    'A map with bpf_spin_lock cannot be used by socket filter programs.',
    'They may be loaded without privileges: one could hold a lock that others need.',
    ['cfg.tracingLock'],
  ],
  tracingLock: [
    'Locks are not for tracing programs',
    'A map with bpf_spin_lock cannot be used by kprobe, tracepoint, perf_event or raw tracepoint programs.',
    'A trace point may be hit while the same CPU holds the lock: it would wait for itself.',
    ['cfg.tracingGraph', 'cfg.socketFilterLock'],
  ],
  structOpsMap: [
    'A struct_ops map is no data',
    'Maps of type STRUCT_OPS register functions with the kernel; programs cannot read or write them.',
    'Its value holds pointers to code.',
  ],
  sleepableMap: [
    'Not every map may be used by sleepable programs',
    'Sleepable programs may use arrays, hash maps (not preallocated ones are fine, too), ring buffers, local storage and a few more; this map is another kind.',
    'Its elements are freed after an RCU grace period that does not wait for programs that sleep.',
  ],
  cgroupStorageTwice: [
    'Two cgroup storages',
    'A program may use one cgroup storage of each kind (shared, per CPU).',
    'There is one slot for it where the program is attached.',
  ],
  arenaTwice: [
    'Two arenas',
    'A program may use one arena.',
    'All its arena pointers are relative to one base address, which the machine code keeps in one register.',
  ],
  arenaNotPermitted: [
    'Arenas need privileges',
    'Programs with an arena need CAP_BPF and CAP_PERFMON.',
    'Arena pointers are numbers that the program may compute freely.',
  ],
  insnArrayInit: [
    'The jump table cannot be used',
    'The map of type INSN_ARRAY must be frozen, filled with numbers of instructions of the program (not of the second half of a wide load), and used by no other program. In a program text .jumptable fills and freezes it.',
    'Its entries become addresses of machine code.',
    ['cfg.jumpTableOutside'],
  ],
  ksymId: [
    'No such kernel symbol',
    'The type id in the wide load is not in the kernel’s BTF.',
    'Addresses are only handed out for symbols whose type is known.',
    ['cfg.ksymKind'],
  ],
  ksymKind: [
    'A kernel symbol that is neither variable nor function',
    'The type id in the wide load must be that of a variable or function of the kernel.',
    'Only these have an address.',
  ],
  ksymSize: [
    'A kernel variable whose size is unknown',
    'The size of the variable’s type cannot be found out.',
    'Accesses could not be checked against its end.',
  ],
  kfuncLicense: [
    'Kfuncs are for GPL programs',
    'A program must have a GPL compatible licence to call functions of the kernel directly.',
    'Kfuncs are internal functions of the kernel, like those exported for GPL modules only.',
    ['call.gplOnly'],
  ],
  kfuncTooMany: [
    'Too many kfuncs',
    'A program may call 256 different kfuncs.',
    'The kernel keeps a table of them per program.',
  ],
  kfuncId: [
    'No such kfunc',
    'The call names a type id that is not in the kernel’s (or the module’s) BTF.',
    'The kernel checks a call by the type of what is called.',
    ['kfunc.notAllowed'],
  ],
  kfuncNotFunction: [
    'What is called is no function',
    'The type id of the call is that of something else than a function.',
    'The kernel checks a call by the type of what is called.',
  ],
  kfuncNegativeOffset: [
    'A kfunc of no module',
    'The offset of a kfunc call is the index of its module’s BTF in the list that the loader gives; it cannot be negative.',
    FD,
  ],
  kfuncNoFdArray: [
    'A module’s kfunc without the module',
    'The call is to a function of a module, but the loader gave no list of BTF descriptors.',
    FD,
  ],
  kfuncProto: [
    'The kfunc has no prototype',
    'What is called has no usable function type in BTF.',
    'The kernel checks the arguments by it.',
  ],
  kfuncNoAddress: [
    'The kfunc has no address',
    'The function is in BTF but not in the running kernel: its module is not loaded, or it was compiled away.',
    'There would be nothing to call.',
  ],
  kfuncImplMissing: [
    'The kfunc’s implementation is missing',
    'A kfunc with implicit arguments is called through a function of the same name with _impl, which the kernel’s BTF does not have.',
    'The kernel passes the hidden argument to that one.',
  ],
  kfuncDevBound: [
    'Only for programs bound to a device',
    'The kfuncs that read packet metadata are for XDP programs loaded for one device (BPF_F_XDP_DEV_BOUND_ONLY).',
    'They are implemented by the device’s driver.',
  ],
  kfuncArgs: [
    'The kfunc has too many arguments',
    'The function takes more arguments than programs can pass.',
    'Arguments travel in r1 to r5, and further ones on the stack, of which there is a limit.',
  ],
  kfuncArgType: [
    'The kfunc takes something that programs cannot pass',
    'An argument’s type is neither a number nor a pointer to something that the verifier knows.',
    'What it cannot check it does not let through.',
  ],
  kfuncArgArena: [
    'The kfunc wants an arena pointer',
    'The program must use an arena to call this function.',
    'The pointer is relative to the program’s arena.',
    ['kfunc.notArena'],
  ],
  kfuncArgArenaStack: [
    'An arena pointer passed on the stack',
    'Arena pointers are passed in registers only.',
    'They have to be rewritten to kernel addresses right before the call.',
  ],
  kfuncArgMemVoid: [
    'The kfunc’s memory argument is not plain',
    'A pointer with a length must point to void, a number, or a struct of numbers.',
    'Through anything else a program could forge pointers for the kernel.',
  ],
  kfuncArgMem: [
    'The kfunc’s memory argument is not plain',
    'The pointer must point to a number or a struct of numbers.',
    'Through anything else a program could forge pointers for the kernel.',
  ],
  protoArgs: [
    'The function to attach to has too many arguments',
    'A program can be attached to functions of at most twelve arguments.',
    TRAMPOLINE,
  ],
  protoReturn: [
    'The function to attach to returns something unusual',
    'Its return type is a struct or something else that does not fit a register.',
    TRAMPOLINE,
  ],
  protoVariadic: [
    'The function to attach to takes any number of arguments',
    'Functions with … cannot be attached to.',
    TRAMPOLINE,
  ],
  protoArgType: [
    'The function to attach to takes something unusual',
    'An argument is not a number, pointer, enum, or struct of at most 16 bytes.',
    TRAMPOLINE,
  ],
  protoVoidArg: [
    'The function to attach to has a broken prototype',
    'One of its arguments has type void.',
    TRAMPOLINE,
  ],
};
