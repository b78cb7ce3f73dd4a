import type { RuleNotes } from './note.ts';

const TRUSTS = 'The helper trusts that its arguments are what its prototype says.';
const FIELD =
  'The object lies in the map’s value at an offset that the map’s BTF says. The kernel uses it there, whatever the bytes are.';
const STATE = 'A dynptr carries its own bounds; functions trust them.';
const CALLEE = 'A global function was verified once, for arguments as its prototype describes them.';
const BUG = 'A verifier that is not sure of itself refuses.';

/** Helpers and functions of the program. */
export const CALL_NOTES: RuleNotes = {
  invalidHelper: [
    'No such helper',
    'The number is not that of a helper of this kernel: a newer one, or a kfunc that was not found.',
    'There is nothing to call.',
    ['call.helperNotForProgram'],
  ],
  helperNotForProgram: [
    'Not a helper for programs of this type',
    'Each program type has its own set of helpers, and some depend on the attach type or on privileges.',
    'Where programs of this type run, the helper would not find what it needs, or do harm.',
    ['kfunc.notAllowed', 'call.gplOnly'],
  ],
  gplOnly: [
    'This helper is for GPL programs',
    'The program’s licence must be GPL compatible: char LICENSE[] SEC("license") = "GPL", or .license GPL.',
    'The helper opens internals of the kernel, like those exported for GPL modules only.',
    ['cfg.kfuncLicense'],
  ],
  notAllowedInProbe: [
    'Not where this program is attached',
    'The helper depends on what the program is attached to, and refuses this place.',
    'It would recurse into itself, or read what is not there yet.',
  ],
  sleepableHelper: [
    'This helper may sleep, and here nothing may',
    'The helper may wait; the program is inside a region where nobody may.',
    'The CPU would hang, or what the region protects would change.',
  ],
  leaksAddress: [
    'A pointer is passed as a number',
    'Without privileges a helper’s plain argument must be a number.',
    'The helper may store it or show it to user space.',
    ['exit.leaksAddress'],
  ],
  packetAccess: [
    'The helper does not take packet memory',
    'This helper may not read from or write to packets directly: copy the bytes to the stack first.',
    'It may move or free the packet while it works.',
  ],
  sockmapArgument: [
    'Not for socket maps',
    'Elements of sockmap and sockhash are sockets; this helper works on plain values.',
    'A socket cannot be copied like bytes.',
  ],
  wrongType: [
    'This argument has the wrong type',
    'Each argument of a helper has a type; the register holds something else.',
    TRUSTS,
  ],
  mayWriteMemory: [
    'The helper may write into read-only memory',
    'The argument is for output, but the memory that is passed may only be read.',
    'Others rely on it not to change.',
    ['memory.cannot-write'],
  ],
  possiblyNullHelper: [
    'This argument may be NULL',
    'The helper wants a pointer that is surely there: compare it with 0 first.',
    'Inside, the helper follows the pointer without asking.',
  ],
  unmatchedObject: [
    'The verifier lost track of an object',
    'This is a fault of its own tables, reported as such.',
    BUG,
  ],
  wrongBtfType: [
    'An object of another type',
    'The helper wants a pointer to one struct of the kernel, the register points to another.',
    TRUSTS,
    ['kfunc.wrongStruct'],
  ],
  releaseOffset: [
    'The pointer to release was moved',
    'What is released (or passed as trusted) must be the pointer as it was acquired, without an offset.',
    'The function takes it for the object’s beginning.',
    ['memory.modified-pointer'],
  ],
  releaseUnreferenced: [
    'Nothing is held that this could release',
    'The pointer is valid, but the program does not own a reference to it: it did not acquire it, or gave it back already.',
    'A count that belongs to somebody else would go down.',
    ['kfunc.releaseUnreferenced', 'context.referenceLeak'],
  ],
  percpuWithoutType: [
    'A per-CPU pointer without a type',
    'The variable’s type is not known.',
    'Its size could not be checked.',
  ],
  mapUidMismatch: [
    'The timer belongs to another map',
    'bpf_timer_init (and the like) is given a timer in one map’s value and another map.',
    'The kernel cancels timers when their map goes away; it would look in the wrong one.',
  ],
  mapHelperMismatch: [
    'This helper is not for maps of this type',
    'Each map type has its own operations: elements of a prog array are not looked up, queues have no keys, and so on.',
    'The map’s code has no such operation.',
    ['map.no-type'],
  ],
  notConst: [
    'A constant is needed',
    'The argument must be a number that is known when the program is loaded.',
    'The verifier needs it to check what comes after.',
    ['kfunc.notConstant'],
  ],
  allocationTooLarge: [
    'The size does not fit 32 bits',
    'The memory that is asked for is larger than 4 GB.',
    'The verifier keeps sizes in 32 bits.',
  ],
  strInsnArray: [
    'A jump table is no string',
    'The string must lie in a read-only array map.',
    'The verifier reads the string while it verifies.',
  ],
  strPercpuArray: [
    'A per-CPU map is no string',
    'The string must lie in a read-only array map with one value.',
    'The verifier reads the string while it verifies.',
  ],
  strNotReadonly: [
    'The string may change',
    'Format strings must lie in a map that is read-only for programs and frozen: const in C, .rodata in the object.',
    'The verifier reads the string once; it must still be the same when the program runs.',
    ['call.strNotTerminated'],
  ],
  strNotConstant: [
    'The string’s address is not constant',
    'The pointer must be to a known place in the map.',
    'The verifier reads the string while it verifies.',
  ],
  strNoDirectValue: [
    'The string’s map has no fixed address',
    'The string must lie in an array map.',
    'The verifier reads the string while it verifies.',
    ['cfg.noDirectValue'],
  ],
  strDirectValue: [
    'The string lies in a map of several values',
    'The string must lie in a map with one element, like .rodata.',
    'Only its value has a place that is known while the program is verified.',
    ['call.strNoDirectValue'],
  ],
  strNotTerminated: [
    'The string has no end',
    'There is no 0 byte up to the end of the map’s value.',
    'Functions that read the string would go on behind it.',
    ['call.strFormat'],
  ],
  strFormat: [
    'The format string is wrong',
    'bpf_snprintf and the like know %d, %u, %x, %s, %p and some more, and at most twelve arguments; this string has something else.',
    'A wrong format makes the kernel read arguments that are not there.',
  ],
  strDataLength: [
    'The arguments for the format have the wrong length',
    'The array of arguments holds 8 bytes for each.',
    'The format could read behind it.',
  ],
  fieldVariableOffset: [
    'The object’s place in the map’s value is not constant',
    'Timers, work items and the like are passed by a pointer with a constant offset.',
    FIELD,
  ],
  fieldMapWithoutBtf: [
    'The map has no types',
    'A map with a timer (work item, …) must be declared with BTF: __type(value, struct …).',
    FIELD,
    ['context.lockMapWithoutBtf'],
  ],
  fieldMissing: [
    'The map’s value has no such object',
    'The struct of the map’s value has no field of the type that the helper works on.',
    FIELD,
  ],
  fieldWrongOffset: [
    'The pointer is not to the object',
    'The pointer leads to another place of the map’s value than the field.',
    FIELD,
  ],
  kptrMapWithoutBtf: [
    'The map has no types',
    'A map with kptrs must be declared with BTF.',
    FIELD,
    ['call.fieldMapWithoutBtf'],
  ],
  kptrVariableOffset: [
    'The kptr’s place is not constant',
    'bpf_kptr_xchg wants a pointer with a constant offset to the field.',
    FIELD,
  ],
  kptrMissing: ['No kptr here', 'The map’s value has no field marked __kptr.', FIELD],
  kptrWrongOffset: ['The pointer is not to the kptr', 'There is no kptr at this offset.', FIELD],
  kptrUnreferenced: [
    'The kptr does not own what it points to',
    'bpf_kptr_xchg works on __kptr fields, not on __kptr_untrusted ones.',
    'Exchanging means passing ownership on.',
    ['kptr.store-ref'],
  ],
  dynptrExpectsStack: [
    'A dynptr lies on the stack',
    'The argument is a pointer to a struct bpf_dynptr on the stack, or one that a callback was given.',
    'The verifier keeps a dynptr’s state with its stack slots.',
    ['stack-object.misplaced'],
  ],
  dynptrInitialized: [
    'The dynptr is in use',
    'A function that makes a dynptr wants stack that holds none yet.',
    'What the old one refers to would never be released.',
    ['call.dynptrUninitialized'],
  ],
  dynptrConstRelease: [
    'A borrowed dynptr cannot be released',
    'A dynptr that a callback was given belongs to its caller.',
    'It would be released twice.',
  ],
  dynptrUninitialized: [
    'The dynptr is not initialized',
    'The stack slots hold no valid dynptr: it was never made, was released, overwritten, or the packet changed under it.',
    STATE,
    ['call.dynptrInitialized'],
  ],
  dynptrWrongType: [
    'A dynptr of another kind',
    'The function wants a dynptr to a certain kind of memory (ringbuf, skb, …).',
    STATE,
  ],
  dynptrFromMem: [
    'A dynptr to memory of this kind',
    'bpf_dynptr_from_mem takes memory of map values.',
    'Other memory may go away before the dynptr.',
  ],
  releaseFailed: [
    'The release failed',
    'What should be released is not held.',
    'A count that belongs to somebody else would go down.',
    ['call.releaseUnreferenced'],
  ],
  dynptrUnknown: [
    'A dynptr of unknown kind',
    'This is a fault of the verifier’s own tables, reported as such.',
    BUG,
  ],
  writeIntoMap: [
    'The map is read-only for programs',
    'The helper changes the map, which was made with BPF_F_RDONLY_PROG.',
    'Others, the verifier among them, rely on its contents not to change.',
    ['map.write-forbidden'],
  ],
  tailCallMap: [
    'A tail call without a program array',
    'bpf_tail_call wants a map of type PROG_ARRAY.',
    'Its elements are programs.',
  ],
  storageFlags: [
    'Flags must be zero',
    'bpf_get_local_storage takes no flags.',
    'Bits without a meaning may get one later.',
  ],
  setRetvalScalar: [
    'The value to return is no number',
    'bpf_set_retval takes a number.',
    'It becomes the result of a system call.',
  ],
  setRetvalVoid: [
    'The hook returns nothing',
    'At a hook that returns void there is no value to set.',
    'Nobody would look at it.',
  ],
  percpuType: [
    'A per-CPU pointer without a type',
    'This is a fault of the verifier’s own tables, reported as such.',
    BUG,
  ],
  unresolvedSize: [
    'A result of unknown size',
    'The size of the variable’s type cannot be found out.',
    'Accesses could not be checked against its end.',
  ],
  invalidReturnType: [
    'The helper’s result is not known',
    'This is a fault of the verifier’s own tables, reported as such.',
    BUG,
  ],
  unknownReturnType: [
    'The helper’s result is not known',
    'This is a fault of the verifier’s own tables, reported as such.',
    BUG,
  ],
  funcIpTrampoline: [
    'The function’s address is not known here',
    'bpf_get_func_ip is for programs attached to functions: fentry, fexit, fmod_ret, fsession, kprobe.',
    'Elsewhere there is no such function.',
  ],
  funcIpProgram: [
    'The function’s address is not known here',
    'bpf_get_func_ip is not for programs of this type.',
    'There is no such function.',
  ],
  tailCallInCallback: [
    'A tail call in a callback',
    'A tail call never returns to the helper that called the callback.',
    'What the helper holds would stay held.',
    ['after.tailCallInCallback'],
  ],
  forEachMap: [
    'Maps of this type cannot be walked',
    'bpf_for_each_map_elem works on arrays and hash maps.',
    'Others have no such operation.',
  ],
  callbackRoot: [
    'The callback’s tree is not known',
    'This is a fault of the verifier’s own tables, reported as such.',
    BUG,
  ],
  callStackTooDeep: [
    'Too many functions call each other',
    'At most eight frames may be there at once.',
    'The kernel’s stack is small.',
    ['after.callDepth', 'after.combinedStack'],
  ],
  globalUnderLock: [
    'A global function may not be called while a lock is held',
    'What a global function does is not known at the call.',
    'Under a lock it might do what is forbidden there.',
  ],
  sleepableGlobal: [
    'The global function may sleep, and here nothing may',
    'Somewhere in it something that may sleep is called.',
    'The CPU would hang, or what the region protects would change.',
  ],
  globalArguments: [
    'The arguments do not fit the global function',
    'What is passed is not what the function’s prototype promises; the line before says which argument.',
    CALLEE,
  ],
  argNotScalar: ['A number was expected', 'The global function takes a number here.', CALLEE],
  argNotCtx: ['The ctx was expected', 'The global function takes the ctx here, unmodified.', CALLEE],
  argPacketChanges: [
    'A packet pointer that would go stale',
    'The function may change the packet, after which its argument would point nowhere.',
    CALLEE,
  ],
  argNull: [
    'The argument may be NULL',
    'The global function takes a pointer that is not NULL (__arg_nonnull).',
    CALLEE,
    ['kfunc.possiblyNull'],
  ],
  argNotArena: [
    'An arena pointer was expected',
    'The global function takes an arena pointer or a number here.',
    CALLEE,
  ],
  returnsStack: [
    'A pointer to the own stack is returned',
    'When the function returns, its frame is gone and the pointer dangles.',
    'The next function would lie there.',
    ['stack.spill-to-caller'],
  ],
  callbackReturn: [
    'The callback returns no number',
    'Callbacks return 0 or 1.',
    'The helper decides by it whether to go on.',
    ['call.valueOutOfRange'],
  ],
  valueOutOfRange: [
    'A value that may not be returned',
    'The program type (or hook, or callback) allows certain values only.',
    'Whoever called the program acts on the value.',
  ],
};
