import type { RulePage } from '../page.ts';

export const sizeBounds: RulePage = {
  rules: ['memory.size-negative', 'memory.size-unbounded'],
  title: 'The size is not bounded',
  explanation:
    'The register that says how many bytes the function may touch is not known well enough: it may be negative (R2 min value is negative) or too large (unbounded memory access). Compare it with the size of the buffer as an unsigned number, or mask it, on every path to the call. A check of the 32-bit half (w2) or of another copy may not be what the verifier still knows here.',
  rationale:
    'The function would read or write beyond the buffer; as an unsigned number, -1 is the largest size there is.',
  failing: `.prog   tracepoint/syscalls/sys_enter_getpgid
main:   r6 = *(u64 *)(r1 + 16)
        r1 = r10
        r1 += -64
        r2 = r6
        r3 = 0
        call bpf_probe_read_kernel
        r0 = 0
        exit
`,
  fixed: `.prog   tracepoint/syscalls/sys_enter_getpgid
main:   r6 = *(u64 *)(r1 + 16)
        if r6 > 64 goto out
        r1 = r10
        r1 += -64
        r2 = r6
        r3 = 0
        call bpf_probe_read_kernel
out:    r0 = 0
        exit
`,
  related: ['memory.size-zero', 'memory.negative-min', 'memory.max-outside'],
  fixes: [],
};
