import * as op from '../isa/opcodes.ts';
import type { HelperProto } from '../kernel/helpers.ts';
import * as t from '../kernel/types.ts';
import * as uapi from '../kernel/uapi.ts';
import { Label } from './emitter.ts';
import { stackPointer } from './field-value.ts';
import { NONE, SCALAR, type Kind, type Scene } from './scene.ts';
import type { WorldMap } from './world.ts';

/** Maps that suit a helper by its name; others get any map. */
const SUITABLE: readonly (readonly [RegExp, readonly number[]])[] = [
  [
    /^bpf_map_(push|pop|peek)/,
    [uapi.BPF_MAP_TYPE_QUEUE, uapi.BPF_MAP_TYPE_STACK, uapi.BPF_MAP_TYPE_BLOOM_FILTER],
  ],
  [/^bpf_(map_lookup_elem|map_update|map_delete|for_each)/, [1, 2, 9, 11, 12, 6]],
  [/percpu_elem/, [uapi.BPF_MAP_TYPE_PERCPU_ARRAY]],
  [/^bpf_user_ringbuf/, [uapi.BPF_MAP_TYPE_USER_RINGBUF]],
  [/ringbuf/, [uapi.BPF_MAP_TYPE_RINGBUF]],
  [/tail_call/, [uapi.BPF_MAP_TYPE_PROG_ARRAY]],
  [/perf_event|event_output/, [uapi.BPF_MAP_TYPE_PERF_EVENT_ARRAY]],
  [/stackid/, [uapi.BPF_MAP_TYPE_STACK_TRACE]],
  [
    /redirect_map$/,
    [uapi.BPF_MAP_TYPE_XSKMAP, uapi.BPF_MAP_TYPE_DEVMAP, uapi.BPF_MAP_TYPE_CPUMAP, uapi.BPF_MAP_TYPE_SOCKMAP],
  ],
  [/(redirect|update)_hash$|sock_hash/, [uapi.BPF_MAP_TYPE_SOCKHASH]],
  [/sock_map|sk_redirect|msg_redirect/, [uapi.BPF_MAP_TYPE_SOCKMAP]],
  [/cgrp_storage|inode_storage/, []],
  [/cgroup/, [uapi.BPF_MAP_TYPE_CGROUP_ARRAY]],
  [/reuseport/, [uapi.BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, uapi.BPF_MAP_TYPE_SOCKMAP]],
  [/sk_storage/, [uapi.BPF_MAP_TYPE_SK_STORAGE]],
  [/task_storage/, [uapi.BPF_MAP_TYPE_TASK_STORAGE]],
  [/timer/, [uapi.BPF_MAP_TYPE_ARRAY]],
];

const CALLBACKS: readonly (readonly [RegExp, 'each' | 'timer' | 'vma' | 'ringbuf'])[] = [
  [/for_each/, 'each'],
  [/timer/, 'timer'],
  [/find_vma/, 'vma'],
  [/user_ringbuf/, 'ringbuf'],
];

/** What the arguments of a call so far say about the rest. */
export interface CallNotes {
  map: WorldMap | null;
  memory: number;
  release: number | null;
  newDynptr: number | null;
  allocSize: number;
  /** Arguments of the callback, with the place of its ctx. */
  callback: { args: Kind[]; ctx: number } | null;
}

/** Fills an argument; false if there is nothing that suits. */
export function argument(s: Scene, name: string, proto: HelperProto, i: number, notes: CallNotes): boolean {
  const { r, e } = s;
  const reg = i + 1;
  const arg = proto.args[i];
  const has = (flag: number): boolean => (arg & flag) !== 0;
  const objectOf = (test: (kind: Kind) => boolean): boolean => {
    const from = s.find(test);
    if (from === null) return false;
    e.mov(reg, from);
    if (has(t.OBJ_RELEASE)) notes.release = from;
    return true;
  };
  const something = (): boolean => {
    if (r.chance(0.92)) return false;
    const from = s.find((kind) => kind.k !== 'none');
    if (from === null) e.movImm(reg, 0);
    else e.mov(reg, from);
    return true;
  };
  if (t.typeMayBeNull(arg) && r.chance(0.25)) {
    e.movImm(reg, 0);
    return true;
  }
  switch (t.baseType(arg)) {
    case t.ARG_CONST_MAP_PTR: {
      const types = SUITABLE.find(([pattern]) => pattern.test(name))?.[1];
      const any = types === undefined || r.chance(0.03);
      const map = s.someMap((m) => any || types.includes(m.type)) ?? s.someMap(() => true);
      if (map === null) return false;
      notes.map = map;
      e.map(reg, s.mapIndex(map));
      return true;
    }
    case t.ARG_PTR_TO_MAP_KEY:
      stackPointer(s, reg, s.stackArea(notes.map?.keySize ?? 4, r.chance(0.97)));
      return true;
    case t.ARG_PTR_TO_MAP_VALUE: {
      const value = s.find((kind) => kind.k === 'value' && !kind.nullable);
      if (value !== null && r.chance(0.2)) e.mov(reg, value);
      else stackPointer(s, reg, s.stackArea(notes.map?.valueSize ?? 8, !has(t.MEM_UNINIT)));
      return true;
    }
    case t.ARG_PTR_TO_MEM: {
      const fixed = has(t.MEM_FIXED_SIZE) ? Math.max(1, proto.argSizes[i]) : 0;
      const value = s.find(
        (kind) =>
          (kind.k === 'value' && !kind.nullable) ||
          (kind.k === 'object' && kind.what === 'mem' && !kind.nullable) ||
          (kind.k === 'pkt' && kind.range > 0),
      );
      if (value !== null && r.chance(0.35)) {
        const kind = s.kinds[value];
        notes.memory =
          kind.k === 'value'
            ? kind.map.valueSize - kind.off
            : kind.k === 'pkt'
              ? kind.range
              : kind.k === 'object'
                ? kind.size
                : 8;
        e.mov(reg, value);
        return true;
      }
      notes.memory = fixed !== 0 ? fixed : r.pick([1, 4, 8, 12, 16, 24, 40]);
      stackPointer(s, reg, s.stackArea(notes.memory, !has(t.MEM_UNINIT) && r.chance(0.95)));
      return true;
    }
    case t.ARG_MEM_SIZE:
    case t.ARG_MEM_SIZE_OR_ZERO: {
      const zero = t.baseType(arg) === t.ARG_MEM_SIZE_OR_ZERO;
      const from = s.find((kind) => kind.k === 'scalar');
      if (from !== null && r.chance(0.35)) {
        e.mov(reg, from);
        s.bound(reg, Math.max(0, notes.memory - (zero ? 0 : 1)));
        if (!zero) e.aluImm(op.BPF_ADD, reg, 1);
      } else
        e.movImm(
          reg,
          r.weighted([
            [8, notes.memory],
            [3, r.between(zero ? 0 : 1, Math.max(1, notes.memory))],
            [0.4, notes.memory + r.between(1, 8)],
            [0.2, 0],
            [0.1, -1],
          ]),
        );
      return true;
    }
    case t.ARG_PTR_TO_CTX:
      return objectOf((kind) => kind.k === 'ctx') || something();
    case t.ARG_PTR_TO_SPIN_LOCK:
    case t.ARG_PTR_TO_TIMER: {
      const field = t.baseType(arg) === t.ARG_PTR_TO_TIMER ? 'timer' : 'lock';
      const from = s.find(
        (kind) => kind.k === 'value' && !kind.nullable && (kind.map.fields ?? []).some(([f]) => f === field),
      );
      if (from === null) return something();
      const kind = s.kinds[from];
      e.mov(reg, from);
      if (kind.k === 'value')
        e.aluImm(op.BPF_ADD, reg, ((kind.map.fields ?? []).find(([f]) => f === field)?.[1] ?? 0) - kind.off);
      return true;
    }
    case t.ARG_PTR_TO_SOCK_COMMON:
    case t.ARG_PTR_TO_SOCKET:
    case t.ARG_PTR_TO_BTF_ID_SOCK_COMMON:
      return (
        objectOf(
          (kind) =>
            kind.k === 'object' && ['sock', 'sock_common', 'tcp_sock'].includes(kind.what) && !kind.nullable,
        ) || something()
      );
    case t.ARG_PTR_TO_BTF_ID:
    case t.ARG_PTR_TO_PERCPU_BTF_ID:
      return (
        objectOf((kind) => kind.k === 'object' && (kind.what === proto.argBtf[i] || r.chance(0.1))) ||
        something()
      );
    case t.ARG_PTR_TO_RINGBUF_MEM:
      return (
        objectOf((kind) => kind.k === 'object' && kind.what === 'ringbuf' && !kind.nullable) || something()
      );
    case t.ARG_CONST_ALLOC_SIZE_OR_ZERO:
      notes.allocSize = r.pick([8, 16, 32]);
      e.movImm(reg, notes.allocSize);
      return true;
    case t.ARG_PTR_TO_FUNC: {
      const label = new Label();
      e.func(reg, label);
      const value: Kind = notes.map === null ? NONE : { k: 'value', map: notes.map, off: 0, nullable: false };
      const object = (what: string): Kind => ({ k: 'object', what, nullable: false, owned: false, size: 0 });
      const shape = CALLBACKS.find(([pattern]) => pattern.test(name))?.[1] ?? 'loop';
      notes.callback = {
        each: { args: [NONE, NONE, value, NONE], ctx: 3 },
        timer: { args: [NONE, NONE, value], ctx: -1 },
        vma: { args: [object('task_struct'), object('vm_area_struct'), NONE], ctx: 2 },
        ringbuf: { args: [NONE, NONE], ctx: 1 },
        loop: { args: [SCALAR, NONE], ctx: 1 },
      }[shape];
      const { args } = notes.callback;
      s.pending.push({ label, typeName: 'callback', args, returns: 'zero-one', depth: s.callDepth + 1 });
      return true;
    }
    case t.ARG_PTR_TO_STACK:
      if (r.chance(0.3)) e.movImm(reg, 0);
      else {
        const off = s.stackArea(8, true);
        stackPointer(s, reg, off);
        if (notes.callback !== null && notes.callback.ctx >= 0)
          notes.callback.args[notes.callback.ctx] = { k: 'fp', off };
      }
      return true;
    case t.ARG_PTR_TO_CONST_STR: {
      const map = s.someMap((m) => m.name === 'rodata');
      if (map === null) return false;
      e.mapValue(reg, s.mapIndex(map), r.chance(0.9) ? 0 : r.below(20));
      return true;
    }
    case t.ARG_PTR_TO_DYNPTR: {
      if (has(t.MEM_UNINIT)) {
        const off = s.objectSlots(2);
        notes.newDynptr = off;
        stackPointer(s, reg, off);
        return true;
      }
      const slots = [...s.stack]
        .filter(([, held]) => held === 'dynptr')
        .map(([off]) => off)
        .sort((a, b) => a - b);
      if (slots.length === 0 && r.chance(0.95)) return false;
      stackPointer(s, reg, slots.length === 0 ? -16 : slots[2 * r.below(Math.max(1, slots.length >> 1))]);
      return true;
    }
    default:
      if (!s.setting.privileged && r.chance(0.8)) e.movImm(reg, r.below(4));
      else if (/loop/.test(name) && i === 0) e.movImm(reg, r.pick([1, 4, 10, 100]));
      else if (r.chance(0.6) || /flags/.test(name))
        e.movImm(
          reg,
          r.weighted([
            [8, 0],
            [2, 1],
            [2, r.below(16)],
            [1, s.immediate()],
          ]),
        );
      else {
        const from = s.find((kind) => kind.k !== 'none');
        if (from === null) e.movImm(reg, 0);
        else e.mov(reg, from);
      }
      return true;
  }
}
