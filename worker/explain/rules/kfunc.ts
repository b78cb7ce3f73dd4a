import type { RuleNotes } from './note.ts';

const TRUSTS = 'A kfunc is a function of the kernel: it trusts its arguments.';
const GRAPH =
  'Lists and trees are changed under the lock that lies beside them, so that two CPUs never change them at once.';
const ITER = 'An iterator holds state (locks, references) that only its own functions keep in order.';
const BUG = 'A verifier that is not sure of itself refuses.';
const LOCK_FIELD =
  'The lock lies in the map’s value or object at an offset that BTF says. The kernel uses it there, whatever the bytes are.';

/** Kfuncs. */
export const KFUNC_NOTES: RuleNotes = {
  notAllowed: [
    'Not a kfunc for programs of this type',
    'Kfuncs are registered for certain program types; this one is not for the program’s.',
    'Where programs of this type run, the function would not find what it needs, or do harm.',
    ['call.helperNotForProgram'],
  ],
  trap: [
    'The compiler gave up here',
    '__bpf_trap marks code that can only be reached by undefined behaviour: an uninitialized variable, or a function without a return.',
    'What should happen here is not defined by the source.',
    ['reg.notReadable'],
  ],
  destructive: [
    'A destructive kfunc',
    'Functions that may bring the machine down are called with CAP_SYS_BOOT only.',
    'The caller could reboot it anyway.',
  ],
  perfmon: [
    'This needs CAP_PERFMON',
    'The function shows data of the kernel.',
    'It may hold secrets of anybody.',
  ],
  programNotSleepable: [
    'The program is not sleepable',
    'The function may sleep, so the program must be loaded as sleepable: a section with .s, like fentry.s or lsm.s.',
    'A program that was not loaded so runs where nobody may sleep.',
    ['kfunc.sleepableWithin', 'attach.sleepableType'],
  ],
  sleepableWithin: [
    'This may sleep, and here nothing may',
    'The function may wait; the program is inside a region where nobody may.',
    'The CPU would hang, or what the region protects would change.',
  ],
  requiresRcu: [
    'Only inside an RCU read section',
    'Call bpf_rcu_read_lock before, and bpf_rcu_read_unlock after.',
    'What the function returns is protected by RCU only.',
    ['kfunc.notRcu', 'kfunc.iterRcu'],
  ],
  unmatchedRcuUnlock: [
    'No RCU read section is open',
    'bpf_rcu_read_unlock needs a bpf_rcu_read_lock before it, on every path.',
    'A section that belongs to the program’s caller would be closed.',
    ['kfunc.unmatchedPreemptEnable', 'context.insideRcu'],
  ],
  unmatchedPreemptEnable: [
    'Preemption is not disabled',
    'bpf_preempt_enable needs a bpf_preempt_disable before it, on every path.',
    'Preemption that the program’s caller disabled would be enabled.',
    ['kfunc.unmatchedRcuUnlock', 'context.insidePreempt'],
  ],
  rcuInRbtreeCallback: [
    'RCU in a tree’s comparison',
    'bpf_rbtree_add calls the comparison with the tree’s lock held; RCU sections cannot be opened or closed there.',
    'The comparison should compare and do nothing else.',
  ],
  resLockInRbtreeCallback: [
    'Locks in a tree’s comparison',
    'bpf_rbtree_add calls the comparison with the tree’s lock held; other locks cannot be taken there.',
    'The comparison should compare and do nothing else.',
    ['context.lockInRbtreeCallback'],
  ],
  resLockPointer: [
    'The lock lies in no map value or object',
    'bpf_res_spin_lock takes a lock inside a map’s value or an allocated object.',
    LOCK_FIELD,
  ],
  resLockKfunc: [
    'The verifier does not know this lock function',
    'This is a fault of its own tables, reported as such.',
    BUG,
  ],
  irqFlagPointer: [
    'The irq flag lies on the stack',
    'bpf_local_irq_save stores the flag in 8 bytes of the stack, at a constant offset.',
    'The verifier keeps its state with the slot.',
    ['stack-object.misplaced'],
  ],
  irqFlagInitialized: [
    'The irq flag is in use',
    'The slot holds a saved flag already; restore it first.',
    'The older flag would be lost and interrupts stay off.',
  ],
  irqFlagUninitialized: [
    'No irq flag was saved here',
    'bpf_local_irq_restore takes the slot that bpf_local_irq_save stored to, once.',
    'Interrupts would be set to whatever lies there.',
    ['stack-object.irq-order'],
  ],
  auxOnStack: [
    'A hidden argument on the stack',
    'The function’s implicit argument (prog->aux) must be among the first five.',
    'The kernel sets it in a register.',
  ],
  possiblyNull: [
    'This argument may be NULL',
    'The function wants a pointer that is surely there: compare it with 0 first.',
    'Inside, the function follows the pointer without asking.',
  ],
  releaseUnreferenced: [
    'Nothing is held that this could release',
    'The pointer is valid, but the program does not own a reference to it: it was borrowed (from the ctx, a map, RCU), or given back already.',
    'A count that belongs to somebody else would go down.',
    ['call.releaseUnreferenced', 'context.referenceLeak'],
  ],
  notScalar: [
    'A number was expected',
    'The function takes a number here; the register holds a pointer.',
    TRUSTS,
  ],
  notConstant: [
    'A constant is needed',
    'The argument must be a number that is known when the program is loaded (the parameter’s name ends in __k).',
    'The verifier needs it to check what comes after.',
  ],
  sizeNotConst: [
    'The size must be constant',
    'The size of what is returned must be known when the program is loaded.',
    'Accesses to it are checked against it.',
  ],
  sizeTooLarge: [
    'The size does not fit 32 bits',
    'The memory that is asked for is larger than 4 GB.',
    'The verifier keeps sizes in 32 bits.',
  ],
  notCtx: ['The ctx was expected', 'The function takes the program’s ctx, unmodified.', TRUSTS],
  notArena: [
    'An arena pointer was expected',
    'The function takes an arena pointer or a number here.',
    TRUSTS,
  ],
  objDropExpected: [
    'Not an object for bpf_obj_drop',
    'bpf_obj_drop takes what bpf_obj_new returned (or what was taken out of a list, tree or kptr).',
    'It frees the memory.',
    ['kfunc.percpuObjDropExpected'],
  ],
  percpuObjDropExpected: [
    'Not an object for bpf_percpu_obj_drop',
    'bpf_percpu_obj_drop takes what bpf_percpu_obj_new returned.',
    'It frees the memory of all CPUs.',
    ['kfunc.objDropExpected'],
  ],
  notAllocated: [
    'An allocated object was expected',
    'The function takes an object of the program’s own type, made by bpf_obj_new. After it went into a list or tree, the program no longer owns it.',
    TRUSTS,
    ['kfunc.notOwned'],
  ],
  notOwned: [
    'The object is not owned',
    'The program must hold the reference to the object: it is gone once the object was added to a list or tree, or dropped.',
    'The object would be in two places, or freed twice.',
    ['kfunc.notAllocated'],
  ],
  notRefcounted: [
    'Not an object that can be counted',
    'bpf_refcount_acquire takes an owning or non-owning reference to an object.',
    TRUSTS,
  ],
  noRefcount: [
    'The object has no reference count',
    'The struct needs a field of type struct bpf_refcount.',
    'There is nothing that could count.',
  ],
  notTrusted: [
    'The pointer is not trusted',
    'The function takes pointers that are surely valid: arguments of tracepoints and hooks, what was acquired, fields that are marked as trusted. What was read by walking other structs is not.',
    'A pointer that was read some time ago may lead to freed memory.',
    ['kfunc.notRcu', 'kfunc.possiblyNull'],
  ],
  notRcu: [
    'The pointer must be protected by RCU',
    'The function takes trusted pointers or those read inside an RCU read section from fields marked __rcu.',
    'Outside of the section the object may be freed at any time.',
    ['kfunc.notTrusted', 'kfunc.requiresRcu'],
  ],
  wrongStruct: [
    'An object of another type',
    'The function wants a pointer to one struct of the kernel, the register points to another.',
    TRUSTS,
    ['call.wrongBtfType'],
  ],
  wrongPointer: [
    'A pointer to something else',
    'The function wants a pointer to a struct of the kernel or to plain memory; the register holds another kind.',
    TRUSTS,
  ],
  unknownSize: [
    'A pointer to something without a size',
    'The size of what the argument points to cannot be found out.',
    'It could not be compared with the memory that is passed.',
  ],
  memoryPair: [
    'Memory and length do not fit',
    'The length that is passed is more than the memory has, or not bounded; the line before says in which way.',
    'The function would read or write beyond the memory.',
    ['memory.max-outside', 'memory.size-unbounded'],
  ],
  notFunction: [
    'A function was expected',
    'The argument is the address of a function of the program: r2 = callback ll.',
    'The kernel calls it.',
  ],
  notConstString: [
    'A constant string was expected',
    'The parameter’s name ends in __str: it takes a string in read-only data.',
    'The verifier reads the string once; it must still be the same when the program runs.',
    ['call.strNotReadonly'],
  ],
  notMapValue: [
    'A place in a map’s value was expected',
    'The function works on an object (workqueue item, timer, …) inside a map’s value.',
    'The object must live as long as the map.',
  ],
  notMapPointer: ['A map was expected', 'The function takes the map itself: r2 = map ll.', TRUSTS],
  notMapOrObject: [
    'A list or tree was expected',
    'The function takes a pointer to a list head or tree root inside a map’s value or an allocated object.',
    GRAPH,
  ],
  graphRootKfunc: [
    'The verifier does not know this list function',
    'This is a fault of its own tables, reported as such.',
    BUG,
  ],
  graphNodeKfunc: [
    'The verifier does not know this list function',
    'This is a fault of its own tables, reported as such.',
    BUG,
  ],
  graphVariableOffset: [
    'The list’s place is not constant',
    'List heads, tree roots and nodes are passed by a pointer with a constant offset.',
    'The verifier must know which field it is.',
  ],
  graphNotFound: [
    'No list or tree here',
    'There is no such field at this offset of the map’s value or object. It needs __contains(struct, node) beside it.',
    'The kernel would take other bytes for its pointers.',
  ],
  lockNotHeld: [
    'The lock of this list or tree must be held',
    'The bpf_spin_lock that lies in the same map value (or object) must be taken before, and given back after.',
    GRAPH,
    ['kfunc.heldElsewhere', 'context.insideSpinLock'],
  ],
  rbNodeKind: [
    'Not a node that is in a tree',
    'bpf_rbtree_remove takes a node that was found in the tree (a non-owning reference), under its lock.',
    'A node that is not in a tree has nothing to be removed from.',
  ],
  rbNodeInCallback: [
    'The tree is changed in its own comparison',
    'Nodes cannot be added or removed while bpf_rbtree_add compares.',
    'The tree is half changed at that moment.',
  ],
  nodeWrongStruct: [
    'A node of another struct',
    'The list or tree says by __contains which struct and member it links; the node is in another one.',
    'When it is taken out, it would be taken for that struct.',
    ['kfunc.nodeWrongOffset'],
  ],
  nodeWrongOffset: [
    'The pointer is not to the node',
    'The list or tree says by __contains which member links; the pointer leads to another offset.',
    'The object’s beginning is computed from it.',
    ['kfunc.nodeWrongStruct'],
  ],
  iterPointer: [
    'The iterator lies on the stack',
    'Iterator functions take a pointer to a struct bpf_iter_… on the stack, aligned to 8 bytes.',
    ITER,
    ['stack-object.misplaced'],
  ],
  iterType: ['Not an iterator', 'The argument must be a pointer to an iterator of the kernel’s.', ITER],
  iterInitialized: [
    'The iterator is in use',
    'bpf_iter_…_new wants stack that holds no iterator yet: destroy the old one first.',
    'What the old one holds would never be released.',
    ['kfunc.iterUninitialized'],
  ],
  iterUninitialized: [
    'There is no such iterator',
    'The stack slots hold no iterator of this kind: bpf_iter_…_new was not called, or it was destroyed or overwritten.',
    ITER,
    ['kfunc.iterInitialized'],
  ],
  iterRcu: [
    'The iterator needs an RCU read section',
    'The whole loop, from _new to _destroy, must be inside one RCU read section (sleepable programs must open it).',
    'The iterator walks objects that are protected by RCU only.',
    ['kfunc.requiresRcu'],
  ],
  cssTaskIter: [
    'Not an iterator for this program',
    'css_task iterators are for LSM, iterator and sleepable programs.',
    'They take a lock that others may hold with interrupts off.',
  ],
  noAcquired: [
    'The iterator holds nothing that could be released',
    'It was given back before, or _next returned nothing.',
    'Releasing twice would drop what belongs to somebody else.',
  ],
  releaseFailed: [
    'The release failed',
    'What should be released is not held.',
    'A count that belongs to somebody else would go down.',
    ['kfunc.releaseUnreferenced'],
  ],
  nmiUnsafe: [
    'Not to be freed in a tracing program',
    'The object has fields (kptrs, lists, …) whose cleaning up is not safe where this program may run: in a non-maskable interrupt.',
    'The interrupt may have come while the same lock is held.',
  ],
  callbackFailed: [
    'The callback does not fit',
    'The callback of this function could not be set up; the line before says why.',
    'The kernel calls it with arguments of its own.',
  ],
  acquireReturn: [
    'The function acquires something that is no object',
    'A kfunc with KF_ACQUIRE must return a pointer to a struct.',
    'The verifier follows the reference by that pointer.',
  ],
  returnType: [
    'The result’s type is not supported',
    'The function returns a pointer to something that the verifier cannot describe.',
    'What cannot be described cannot be checked.',
  ],
  localTypeRange: [
    'No such type',
    'The type id must be a constant of 32 bits.',
    'It names a type of the program.',
  ],
  localTypeBtf: [
    'The program has no types',
    'bpf_obj_new allocates an object of a type in the program’s BTF.',
    'Size and fields come from there.',
  ],
  localTypeStruct: [
    'Not a struct',
    'bpf_obj_new allocates objects of struct types; the type id is of something else, or from another BTF.',
    'Size and fields come from there.',
  ],
  percpuTooLarge: [
    'The per-CPU object is too large',
    'Per-CPU objects have 512 bytes at most.',
    'The allocator for them has no larger ones.',
  ],
  percpuScalars: [
    'Per-CPU objects hold numbers only',
    'The struct has pointers or other fields that are not plain.',
    'Each CPU’s copy is plain memory.',
  ],
  percpuSpecial: [
    'Per-CPU objects have no special fields',
    'Locks, timers, kptrs, lists and trees cannot be in them.',
    'Nobody would clean the copies up.',
  ],
  castUnknown: [
    'No such type',
    'bpf_rdonly_cast takes the id of a type of the kernel.',
    'Reads are checked against it.',
  ],
  castType: [
    'Not a struct',
    'bpf_rdonly_cast casts to structs, or to void.',
    'Reads are checked against it.',
  ],
  packetWrites: [
    'The packet is read-only here',
    'The function would make packet data writable that this program may only read.',
    'The packet may be shared with others.',
  ],
  heldElsewhere: [
    'Another lock is held',
    'A lock is held, but not the one that lies beside the list or tree.',
    GRAPH,
    ['kfunc.lockNotHeld'],
  ],
  kernCtx: [
    'The ctx has no type',
    'bpf_cast_to_kern_ctx gives the kernel’s own struct behind the ctx; this program type has none.',
    'There is nothing to cast to.',
  ],
};
