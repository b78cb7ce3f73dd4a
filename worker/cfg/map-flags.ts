/** Map flags that the passes look at. */
export const BPF_F_RDONLY_PROG = 1 << 7;
export const BPF_F_WRONLY_PROG = 1 << 8;
export const BPF_F_NO_USER_CONV = 1 << 18;
