/** Map types (enum bpf_map_type) that the passes tell apart. */
export const MAP_HASH = 1;
export const MAP_ARRAY = 2;
export const MAP_PROG_ARRAY = 3;
export const MAP_PERCPU_HASH = 5;
export const MAP_PERCPU_ARRAY = 6;
export const MAP_LRU_HASH = 9;
export const MAP_LRU_PERCPU_HASH = 10;
export const MAP_LPM_TRIE = 11;
export const MAP_ARRAY_OF_MAPS = 12;
export const MAP_HASH_OF_MAPS = 13;
export const MAP_CGROUP_STORAGE = 19;
export const MAP_PERCPU_CGROUP_STORAGE = 21;
export const MAP_QUEUE = 22;
export const MAP_STACK = 23;
export const MAP_SK_STORAGE = 24;
export const MAP_STRUCT_OPS = 26;
export const MAP_RINGBUF = 27;
export const MAP_INODE_STORAGE = 28;
export const MAP_TASK_STORAGE = 29;
export const MAP_USER_RINGBUF = 31;
export const MAP_CGRP_STORAGE = 32;
export const MAP_ARENA = 33;
export const MAP_INSN_ARRAY = 34;
export const MAP_RHASH = 35;

/** Map flags. */
export const BPF_F_RDONLY_PROG = 1 << 7;
export const BPF_F_WRONLY_PROG = 1 << 8;
export const BPF_F_NO_USER_CONV = 1 << 18;
