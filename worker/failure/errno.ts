/** The errnos that bpf(BPF_PROG_LOAD) answers with, as positive numbers. */
export const EPERM = 1;
export const ENOENT = 2;
export const E2BIG = 7;
export const EBADF = 9;
export const ENOMEM = 12;
export const EACCES = 13;
export const EFAULT = 14;
export const EBUSY = 16;
export const EINVAL = 22;
export const ENOSPC = 28;
export const EDOM = 33;
export const ENOSYS = 38;
export const EOPNOTSUPP = 95;
export const ENOTSUPP = 524;
export const EADDRNOTAVAIL = 99;
export const ELOOP = 40;
export const ERANGE = 34;
