/** What an access does to memory (kernel: enum bpf_access_type); a bit mask where both are asked for. */
export const READ = 1;
export const WRITE = 2;
export type Access = typeof READ | typeof WRITE;

/** Who touches the memory: an instruction, or a call (kernel: enum bpf_access_src). */
export type AccessSource = 'direct' | 'helper';

/** Bytes of stack that a program may use per frame. */
export const MAX_BPF_STACK = 512;
/** Arguments that a call passes in registers, and at most altogether. */
export const MAX_FUNC_REG_ARGS = 5;
export const MAX_FUNC_ARGS = 12;
/** Bytes that the ctx of a program with a free-form context may span. */
export const MAX_CTX_SIZE = 0xffff;
