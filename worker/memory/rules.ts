import { EACCES, EFAULT, EINVAL, ENOTSUPP, EPERM } from '../failure/errno.ts';
import { defineRules } from '../failure/rule.ts';

/** Reads and writes of the stack. */
export const STACK_RULES = defineRules('stack', {
  'corrupt-spilled-pointer': { text: 'attempt to corrupt spilled pointer on stack\n', errno: EACCES },
  'spill-size': { text: 'invalid size of register spill\n', errno: EACCES },
  'spill-to-caller': {
    text: 'cannot spill pointers to stack into stack frame of the caller\n',
    errno: EINVAL,
  },
  'var-write-spilled': {
    text: 'spilled ptr in range of var-offset stack write; insn %d, ptr off: %d',
    errno: EINVAL,
  },
  'var-write-uninit': {
    text: 'uninit stack in range of var-offset write prohibited for !root; insn %d, off: %d',
    errno: EINVAL,
  },
  'fill-size': { text: 'invalid size of register fill\n', errno: EACCES },
  'read-poisoned': {
    text: 'reading from stack off %d+%d size %d, slot poisoned by dead code elimination\n',
    errno: EACCES,
  },
  'read-uninit': { text: 'invalid read from stack off %d+%d size %d\n', errno: EACCES },
  'leak-spilled-pointer': { text: 'leaking pointer from stack off %d\n', errno: EACCES },
  'helper-var-off': {
    text: 'variable offset stack pointer cannot be passed into helper function; var_off=%s off=%d size=%d\n',
    errno: EACCES,
  },
  unbounded: { text: 'invalid unbounded variable-offset%s stack %s\n', errno: EACCES },
  'out-of-bounds': { text: 'invalid%s stack %s off=%lld size=%d\n', errno: EACCES },
  'var-out-of-bounds': {
    text: 'invalid variable-offset%s stack %s var_off=%s off=%d size=%d\n',
    errno: EACCES,
  },
  'zero-sized-read': { text: 'invalid zero-sized read\n', errno: EACCES },
  'var-off-unpriv': {
    text: '%s variable offset stack access prohibited for !root, var_off=%s\n',
    errno: EACCES,
  },
  'allocated-too-small': { text: 'allocated_stack too small\n', errno: EFAULT },
  'range-poisoned': {
    text: 'reading from stack %s off %d+%d size %d, slot poisoned by dead code elimination\n',
    errno: EACCES,
  },
  'range-uninit': { text: 'invalid read from stack %s off %d+%d size %d\n', errno: EACCES },
  'range-uninit-var': { text: 'invalid read from stack %s var_off %s+%d size %d\n', errno: EACCES },
});

/** On-stack arguments (r11). */
export const STACK_ARG_RULES = defineRules('stack-arg', {
  'write-too-far': { text: 'stack arg write offset %d exceeds max %d stack args\n', errno: EINVAL },
  'load-after-store': { text: 'r11 load must be before any r11 store or call insn\n', errno: EINVAL },
  'read-too-far': { text: 'invalid read from stack arg off %d depth %d\n', errno: EACCES },
  uninit: { text: 'callee expects %d args, stack arg%d is not initialized\n', errno: EFAULT },
});

/** Dynptrs, iterators and irq flags on the stack. */
export const STACK_OBJECT_RULES = defineRules('stack-object', {
  /** The place was refused before; the text went out then. */
  misplaced: { text: '', errno: EINVAL },
  'overwrites-dynptr': { text: 'cannot overwrite referenced dynptr\n', errno: EINVAL },
  'irq-class': { text: 'irq flag acquired by %s kfuncs cannot be restored with %s kfuncs\n', errno: EINVAL },
  'irq-order': {
    text: 'cannot restore irq state out of order, expected id=%d acquired at insn_idx=%d\n',
    errno: EACCES,
  },
});

/** Bounds, alignment and what a kind of memory allows. */
export const MEMORY_RULES = defineRules('memory', {
  'negative-min': {
    text: '%s min value is negative, either use unsigned index or do a if (index >=0) check.\n',
    errno: EACCES,
  },
  'min-outside': { text: '%s min value is outside of the allowed memory range\n', errno: EACCES },
  unbounded: {
    text: '%s unbounded memory access, make sure to bounds check any such access\n',
    errno: EACCES,
  },
  'max-outside': { text: '%s max value is outside of the allowed memory range\n', errno: EACCES },
  misaligned: { text: 'misaligned %saccess off %s+%d size %d\n', errno: EACCES },
  'misaligned-packet': { text: 'misaligned packet access off %d+%s+%d size %d\n', errno: EACCES },
  'invalid-access': { text: "%s invalid mem access '%s'\n", errno: EACCES },
  'cannot-write': { text: '%s cannot write into %s\n', errno: EACCES },
  'leaks-into-mem': { text: 'R%d leaks addr into mem\n', errno: EACCES },
  'leaks-into-map': { text: 'R%d leaks addr into map\n', errno: EACCES },
  'leaks-into-ctx': { text: 'R%d leaks addr into ctx\n', errno: EACCES },
  'leaks-into-packet': { text: 'R%d leaks addr into packet\n', errno: EACCES },
  'leaks-into-flow-keys': { text: 'R%d leaks addr into flow keys\n', errno: EACCES },
  'untrusted-unpriv': { text: '%s access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN\n', errno: EPERM },
  'var-off': { text: 'variable %s access var_off=%s disallowed\n', errno: EACCES },
  'negative-off': { text: 'negative offset %s ptr %s off=%lld disallowed\n', errno: EACCES },
  'modified-pointer': { text: 'dereference of modified %s ptr %s off=%lld disallowed\n', errno: EACCES },
  'different-pointers': { text: 'same insn cannot be used with different pointers\n', errno: EINVAL },
  'not-memory': { text: '%s type=%s expected=%s\n', errno: EACCES },
  'size-negative': {
    text: "%s min value is negative, either use unsigned or 'var &= const'\n",
    errno: EACCES,
  },
  'size-zero': { text: '%s invalid zero-sized read: u64=[%lld,%lld]\n', errno: EACCES },
  'size-unbounded': {
    text: "%s unbounded memory access, use 'var &= const' or 'if (var < const)'\n",
    errno: EACCES,
  },
  'size-too-large': { text: '%s memory size %u is too large\n', errno: EACCES },
  'buffer-var-off': { text: '%s invalid variable buffer offset: off=%d, var_off=%s\n', errno: EACCES },
  'buffer-negative': { text: '%s invalid negative %s buffer offset: off=%d, var_off=%lld\n', errno: EACCES },
  'flow-keys-var-off': {
    text: '%s invalid variable offset to flow keys: off=%d, var_off=%s\n',
    errno: EACCES,
  },
  'flow-keys': { text: 'invalid access to flow keys off=%d size=%d\n', errno: EACCES },
  socket: { text: '%s invalid %s access off=%d size=%d\n', errno: EACCES },
});

/** Map keys and values. */
export const MAP_RULES = defineRules('map', {
  'key-write': { text: 'write to change key %s not allowed\n', errno: EACCES },
  'write-forbidden': { text: 'write into map forbidden, value_size=%d off=%lld size=%d\n', errno: EACCES },
  'read-forbidden': { text: 'read from map forbidden, value_size=%d off=%lld size=%d\n', errno: EACCES },
  'field-by-helper': { text: '%s cannot be accessed indirectly by helper\n', errno: EACCES },
  'field-var-off': { text: '%s access cannot have variable offset\n', errno: EACCES },
  'field-misaligned': { text: '%s access misaligned expected=%u off=%llu\n', errno: EACCES },
  'field-size': { text: '%s access size must be BPF_DW\n', errno: EACCES },
  'field-direct': { text: '%s cannot be accessed directly by load/store\n', errno: EACCES },
  'insn-array-read': { text: 'Invalid read of %d bytes from insn_array\n', errno: EACCES },
  /** Constants of a frozen map lie outside of what can be read directly; the kernel says nothing. */
  'constant-unreadable': { text: '', errno: EINVAL },
  'no-type': { text: 'map_ptr access not supported for map type %d\n', errno: ENOTSUPP },
  'object-negative': { text: '%s is %s invalid negative access: off=%d\n', errno: EACCES },
  'object-read-only': { text: 'only read from %s is supported\n', errno: EACCES },
});

/** Kernel pointers kept in map values. */
export const KPTR_RULES = defineRules('kptr', {
  mode: { text: 'kptr in map can only be accessed using BPF_MEM instruction mode\n', errno: EACCES },
  'store-ref': { text: 'store to referenced kptr disallowed\n', errno: EACCES },
  'store-uptr': { text: 'store to uptr disallowed\n', errno: EACCES },
  'store-imm': { text: 'BPF_ST imm must be 0 when storing to kptr at off=%u\n', errno: EACCES },
  class: { text: 'kptr in map can only be accessed using BPF_LDX/BPF_STX/BPF_ST\n', errno: EACCES },
  type: { text: 'invalid kptr access, R%d type=%s%s expected=%s%s\n', errno: EACCES },
  'type-unref': { text: 'invalid kptr access, R%d type=%s%s expected=%s%s or %s%s\n', errno: EACCES },
});

/** Packets. */
export const PACKET_RULES = defineRules('packet', {
  outside: { text: '%s offset is outside of the packet\n', errno: EINVAL },
  'read-only': { text: 'cannot write into packet\n', errno: EACCES },
});

/** The program's context. */
export const CTX_RULES = defineRules('ctx', {
  'invalid-access': { text: 'invalid bpf_context access off=%d size=%d\n', errno: EACCES },
  released: { text: 'invalid bpf_context access off=%d. Reference may already be released\n', errno: EACCES },
});

/** Kernel and program objects with BTF types. */
export const OBJECT_RULES = defineRules('object', {
  unprivileged: {
    text: "'struct %s' access is allowed only to CAP_PERFMON and CAP_SYS_ADMIN\n",
    errno: EPERM,
  },
  'not-gpl': { text: "Cannot access kernel 'struct %s' from non-GPL compatible program\n", errno: EINVAL },
  'var-off': { text: '%s is ptr_%s invalid variable offset: off=%d, var_off=%s\n', errno: EACCES },
  negative: { text: '%s is ptr_%s invalid negative access: off=%d\n', errno: EACCES },
  user: { text: '%s is ptr_%s access user memory: off=%d\n', errno: EACCES },
  percpu: { text: '%s is ptr_%s access percpu memory: off=%d\n', errno: EACCES },
  'read-only': { text: 'only read is supported\n', errno: EACCES },
  'cannot-write': { text: '%s cannot write into ptr_%s at off=%d size=%d\n', errno: EACCES },
});

/** Atomic instructions. */
export const ATOMIC_RULES = defineRules('atomic', {
  size: { text: 'invalid atomic operand size\n', errno: EINVAL },
  store: { text: 'BPF_ATOMIC stores into R%d %s is not allowed\n', errno: EACCES },
  load: { text: 'BPF_ATOMIC loads from R%d %s is not allowed\n', errno: EACCES },
  opcode: { text: 'BPF_ATOMIC uses invalid atomic opcode %02x\n', errno: EINVAL },
});
