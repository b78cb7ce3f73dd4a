import {
  BPF_MAP_TYPE_ARENA,
  BPF_MAP_TYPE_ARRAY_OF_MAPS,
  BPF_MAP_TYPE_CGROUP_ARRAY,
  BPF_MAP_TYPE_CPUMAP,
  BPF_MAP_TYPE_DEVMAP,
  BPF_MAP_TYPE_DEVMAP_HASH,
  BPF_MAP_TYPE_HASH_OF_MAPS,
  BPF_MAP_TYPE_PERF_EVENT_ARRAY,
  BPF_MAP_TYPE_QUEUE,
  BPF_MAP_TYPE_RINGBUF,
  BPF_MAP_TYPE_SOCKHASH,
  BPF_MAP_TYPE_SOCKMAP,
  BPF_MAP_TYPE_STACK,
  BPF_MAP_TYPE_STACK_TRACE,
  BPF_MAP_TYPE_USER_RINGBUF,
  BPF_MAP_TYPE_XSKMAP,
} from '../kernel/map-types.ts';

/** Maps that libbpf creates without key and value types. */
const UNTYPED = new Set([
  BPF_MAP_TYPE_PERF_EVENT_ARRAY,
  BPF_MAP_TYPE_CGROUP_ARRAY,
  BPF_MAP_TYPE_STACK_TRACE,
  BPF_MAP_TYPE_ARRAY_OF_MAPS,
  BPF_MAP_TYPE_HASH_OF_MAPS,
  BPF_MAP_TYPE_DEVMAP,
  BPF_MAP_TYPE_DEVMAP_HASH,
  BPF_MAP_TYPE_CPUMAP,
  BPF_MAP_TYPE_XSKMAP,
  BPF_MAP_TYPE_SOCKMAP,
  BPF_MAP_TYPE_SOCKHASH,
  BPF_MAP_TYPE_QUEUE,
  BPF_MAP_TYPE_STACK,
  BPF_MAP_TYPE_ARENA,
]);
const PAGE_SIZE = 4096;
/** The kernel keeps 15 characters of a map's name. */
const NAME_MAX = 15;
/** CPUs of the machine that a per-CPU size is taken from. */
const CPUS = 2;

/** Does libbpf give maps of this type the key and value types of their declaration? */
export function isCreatedTyped(type: number): boolean {
  return !UNTYPED.has(type);
}

/** Entries that libbpf asks for: ring buffers are rounded up to a power of two of pages, perf arrays have an entry per CPU. */
export function createdEntries(type: number, declared: number): number {
  if (type === BPF_MAP_TYPE_PERF_EVENT_ARRAY && declared === 0) return CPUS;
  if (type !== BPF_MAP_TYPE_RINGBUF && type !== BPF_MAP_TYPE_USER_RINGBUF) return declared;
  if (declared === 0) return 0;
  let size = PAGE_SIZE;
  while (size < declared && size < 2 ** 31) size *= 2;
  return size < declared ? declared : size;
}

/** A declared map's name as the kernel keeps it. */
export function mapName(declared: string): string {
  return declared.slice(0, NAME_MAX);
}

/** `test_sub.bss`: the object's name, cut so that the section's fits; sections with a suffix stand alone. */
export function sectionMapName(section: string, objectName: string): string {
  const suffixLength = Math.min(Math.max(7, section.length), NAME_MAX);
  const prefix = section.slice(1).includes('.') ? '' : objectName.slice(0, NAME_MAX - suffixLength);
  return (prefix + section.slice(0, suffixLength)).replace(/[^\w.]/g, '_');
}
