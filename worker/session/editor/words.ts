/** What can be written at the margin, with a sentence each. */
export const DIRECTIVES: readonly (readonly [name: string, insert: string, text: string])[] = [
  ['.prog', '.prog ', 'Program type and attach point, as a section name of libbpf: tc, xdp, fentry/do_unlinkat, lsm.s/file_open …'],
  ['.license', '.license GPL', 'Licence; some helpers and kfuncs are for GPL compatible programs only.'],
  ['.name', '.name ', 'Name of the program, up to 15 characters.'],
  ['.semantics', '.semantics ', 'Switches that change the rules: proposals to the kernel, before and after.'],
  ['.flags', '.flags ', 'Load flags: strict_alignment, test_state_freq, sleepable …; with a minus those that the section implies are left out.'],
  ['.privileged', '.privileged ', 'yes (default) or no: is the program loaded with CAP_BPF and the like?'],
  ['.unprivileged', '.unprivileged', 'The program is loaded without any capability.'],
  ['.kfunc', '.kfunc ', 'Changes the flags of a kfunc of the kernel: .kfunc bpf_task_acquire +KF_SLEEPABLE'],
  ['.attach', '.attach ', 'What the program attaches to, if the section does not say: func, typedef, struct or prog and a name; none leaves the target out.'],
  ['.attach_type', '.attach_type ', 'Attach type by name or number.'],
  ['.func', '.func ', 'Opens a function: .func static name, or global with a C prototype.'],
  ['.jumptable', '.jumptable ', 'A table of labels for gotox: .jumptable table first, second. Its name is the address of its first entry; entries have 8 bytes.'],
  ['.freeze', '.freeze ', 'Maps that user space freezes before it loads the program: nobody writes their values any more.'],
  ['.info', '.info ', 'Debugging information that the program carries: full, func or none.'],
  ['.file', '.file ', 'Name of the source file in the log.'],
  ['.c', '.c\n\n.endc', 'Begins a part in C: types, maps, variables, prototypes, extern kfuncs. Ends with .endc.'],
  ['.endc', '.endc', 'Ends a part in C.'],
  ['.rept', '.rept ', 'Repeats what follows, up to .endr.'],
  ['.set', '.set ', 'Defines a constant: .set SIZE, 16'],
];

/** Beginnings of statements. */
export const STATEMENTS: readonly (readonly [label: string, insert: string, text: string])[] = [
  ['call', 'call ', 'Calls a helper, a kfunc or a function: arguments in r1 to r5, result in r0; r1 to r5 are lost.'],
  ['exit', 'exit', 'Returns from the function; r0 is its result.'],
  ['goto', 'goto ', 'Jumps to a label.'],
  ['gotol', 'gotol ', 'Jumps to a label that may be far away.'],
  ['gotox', 'gotox ', 'Jumps to where a register points that was read from a jump table.'],
  ['if', 'if ', 'Jumps if a comparison holds: if r1 == 0 goto out'],
  ['may_goto', 'may_goto ', 'Jumps to a label when the loop has run for too long: lets loops without bound end.'],
  ['lock', 'lock *(u64 *)(', 'An atomic operation on memory: lock *(u64 *)(r1 + 0) += r2'],
  ['*(u8 *)', '*(u8 *)(', 'Stores one byte.'],
  ['*(u16 *)', '*(u16 *)(', 'Stores two bytes.'],
  ['*(u32 *)', '*(u32 *)(', 'Stores four bytes.'],
  ['*(u64 *)', '*(u64 *)(', 'Stores eight bytes.'],
];

/** What is written in C parts. */
export const C_WORDS: readonly (readonly [label: string, insert: string, text: string])[] = [
  ['struct', 'struct ', 'Declares a structure.'],
  ['union', 'union ', 'Declares a union.'],
  ['enum', 'enum ', 'Declares constants.'],
  ['typedef', 'typedef ', 'Names a type.'],
  ['extern', 'extern ', 'Declares a kernel symbol: extern … name(…) __ksym;'],
  ['__ksym', '__ksym', 'The symbol is the kernel’s.'],
  ['__kf_flags', '__kf_flags()', 'The kfunc is invented in this text, with these flags.'],
  ['__uint', '__uint(, )', 'A number of a map: type, max_entries, map_flags …'],
  ['__type', '__type(, )', 'Type of a map’s key or value.'],
  ['__array', '__array(values, )', 'Type of what a map of maps contains.'],
  ['SEC', 'SEC(".maps")', 'The section of a variable.'],
  ['__kptr', '__kptr', 'A field that holds a kernel pointer with its reference.'],
  ['__contains', '__contains(, )', 'What a list or tree contains: type and member of the node.'],
  ['struct bpf_spin_lock', 'struct bpf_spin_lock ', 'A lock in a map value or allocated object.'],
  ['struct bpf_timer', 'struct bpf_timer ', 'A timer in a map value.'],
  ['struct bpf_list_head', 'struct bpf_list_head ', 'A list in a map value or allocated object.'],
  ['struct bpf_rb_root', 'struct bpf_rb_root ', 'A tree in a map value or allocated object.'],
];
