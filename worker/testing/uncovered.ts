/** Another check, ours as the kernel's, comes first and leaves nothing for this one. The kernel keeps it to be safe. */
const OTHER_RULE_FIRST = {
  'cfg.flowTooDeep': "each instruction is put on the walk's stack at most once, and it holds all of them",
  'cfg.kfuncProto': "a function whose type is no prototype is refused with the kernel's own types",
  'cfg.kfuncArgs': 'cfg.protoArgs allows as many arguments, and is asked before',
  'after.subprogStack':
    'no access goes beyond 512 bytes of a frame: stack.out-of-bounds, memory.* come first',
  'btf.not-a-struct': 'only pointers to structs and unions become pointers to objects',
  'btf.field-without-size': 'members without a size are refused with the types that have them',
  'prototype.globalNeedsBtf': 'cfg.funcInfoType refuses such func_info',
  'prototype.staticWithoutBtf': 'cfg.funcInfoType refuses such func_info',
  'prototype.notFunc': 'cfg.funcInfoType refuses such func_info',
  'prototype.invalidType': 'a function whose type is no prototype is refused with the types of the program',
  'search.outOfProgram': 'cfg.fallsThrough and cfg.jumpOutOfSubprog leave no way out of the program',
  'gotox.minTooBig':
    'an entry of a table is loaded from inside of the table, and what was loaded cannot be moved',
  'gotox.maxTooBig':
    'an entry of a table is loaded from inside of the table, and what was loaded cannot be moved',
  'gotox.outside':
    'an entry of a table is loaded from inside of the table, and what was loaded cannot be moved',
  'call.percpuWithoutType': 'pointers to per-CPU variables have a type',
  'call.releaseFailed': 'call.releaseUnreferenced refuses what is not owned',
  'call.dynptrUnknown': 'call.dynptrUninitialized refuses what is no dynptr, and each dynptr has a kind',
  'call.percpuType': 'only structs are allocated per CPU: kfunc.localTypeStruct',
  'call.callbackRoot': 'kfunc.graphNotFound refuses what is no root of a tree',
  'stack.read-poisoned': 'bytes are poisoned where no instruction reads them any more',
  'stack.range-poisoned': 'bytes are poisoned where no instruction reads them any more',
  'stack.allocated-too-small': 'the access that comes before grows the stack',
  'stack-object.misplaced': "the call's own check of the place refuses it, with its text",
  'memory.flow-keys-var-off': 'alu.kindProhibited refuses such a pointer when it is made',
  'kptr.class': 'only loads and stores have the mode that kptr.mode asks for',
  'context.twoSpinLocks': 'lock.callUnderLock refuses bpf_spin_lock under a lock',
  'kfunc.rcuInRbtreeCallback':
    "lock.callUnderLock refuses the call, since a comparison runs under the tree's lock",
  'kfunc.resLockKfunc': 'only the kfuncs of locks have such arguments',
  'kfunc.notOwned':
    'a pointer to an allocated object that is not owned has another type: borrowed, RCU or untrusted',
  'kfunc.graphRootKfunc': 'only the kfuncs of lists and trees have such arguments',
  'kfunc.graphNodeKfunc': 'only the kfuncs of lists and trees have such arguments',
  'kfunc.releaseFailed': 'kfunc.releaseUnreferenced refuses what is not owned',
  'alu.invariants': "bounds that contradict each other would be a mistake of the kernel's",
  'alu.notPushed':
    'an unprivileged program has 4096 instructions at most, without calls or loops, too few for 8192 paths that wait',
  'cfg.jumpOutOfProgram': 'cfg.jumpOutOfSubprog and cfg.fallsThrough refuse all ways out of the program',
  'kfunc.unknownSize': 'cfg.kfuncArgMem and cfg.kfuncArgMemVoid refuse such prototypes',
};

/** It would take other types, helpers or kfuncs than this kernel has. */
const NOT_IN_THIS_KERNEL = {
  'cfg.ksymSize': "all variables among the kernel's types have a type with a size",
  'cfg.kfuncImplMissing': "the kernel's build writes a prototype for each kfunc with implicit arguments",
  'prototype.multipleTypeTags': "the kernel knows one tag of arguments' types, arena, so no two differ",
  'call.unresolvedSize': "all per-CPU variables among the kernel's types have a type with a size",
  'call.invalidReturnType': 'each helper that returns an object says of which type',
  'call.unknownReturnType': "the kernel's helpers return only what the verifier knows",
  'map.no-type': "each type of map has a struct of the kernel's",
  'object.user':
    "compilers that built the kernel at hand wrote no tags of user memory, and the test module's functions have none that are reached",
};

/** It takes some capabilities without others, or a kernel that does without mitigations: a program is privileged here, or it is not. */
const ALL_CAPABILITIES_OR_NONE = {
  'stack.var-write-spilled':
    'alu.variableStack refuses such a pointer when it is made; the rule is for kernels without mitigations',
  'stack.var-write-uninit':
    'alu.variableStack refuses such a pointer when it is made; the rule is for kernels without mitigations',
  'stack.var-off-unpriv': 'alu.variableStack refuses such a pointer when it is made',
  'stack.range-uninit-var':
    'alu.variableStack refuses such a pointer when it is made; the rule is for kernels without mitigations',
  'memory.leaks-into-packet':
    'programs that may write packets need all capabilities, and those may leak addresses',
  'memory.leaks-into-flow-keys': 'flow dissectors need all capabilities, and those may leak addresses',
  'kfunc.destructive': 'a program has all capabilities, CAP_SYS_BOOT included, or may call no kfunc',
  'memory.untrusted-unpriv':
    'untrusted memory comes from kernel pointers and kfuncs, which the unprivileged do not have',
  'kfunc.perfmon': 'a program has all capabilities, or may call no kfunc',
};

/** It takes what bundles do not carry, so that the kernel at hand cannot be asked. */
const NOT_WITH_BUNDLES = {
  'cfg.mapIdxNoArray': 'bundles are always loaded with an array of file descriptors',
  'cfg.kfuncNoFdArray': 'bundles are always loaded with an array of file descriptors',
  'cfg.structOpsMap': "a struct_ops map needs the kernel's own type of its value, which bundles do not carry",
  'exit.extArgs': 'an extension needs another loaded program',
};

/** It ends the reading of a prototype or of an instruction, not the verification. */
const NOT_AN_END = {
  'prototype.staticReturn': 'what a static function declares is not relied upon then; the walk goes on',
  'prototype.staticTag': 'what a static function declares is not relied upon then; the walk goes on',
  'prototype.staticUnsupported': 'what a static function declares is not relied upon then; the walk goes on',
  'isa.atomicSize': 'words of the editor for atomic.size, with which the walk ends',
  'isa.atomicOpcode': 'words of the editor for atomic.opcode, with which the walk ends',
};

/** By rule: why no recorded case breaks it. */
export const UNCOVERED: Readonly<Record<string, string>> = {
  ...OTHER_RULE_FIRST,
  ...NOT_IN_THIS_KERNEL,
  ...ALL_CAPABILITIES_OR_NONE,
  ...NOT_WITH_BUNDLES,
  ...NOT_AN_END,
};
