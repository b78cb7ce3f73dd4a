import * as op from '../isa/opcodes.ts';
import type { HelperProto } from '../kernel/helpers.ts';
import * as t from '../kernel/types.ts';
import * as uapi from '../kernel/uapi.ts';
import { block, type Action } from './actions.ts';
import { Label } from './emitter.ts';
import { NONE, SCALAR, type Kind, type Scene } from './scene.ts';
import type { WorldMap } from './world.ts';

/** Maps that suit a helper by its name; others get any map. */
const SUITABLE: readonly (readonly [RegExp, readonly number[]])[] = [
  [/^bpf_map_(push|pop|peek)/, [uapi.BPF_MAP_TYPE_QUEUE, uapi.BPF_MAP_TYPE_STACK, uapi.BPF_MAP_TYPE_BLOOM_FILTER]],
  [/^bpf_(map_lookup_elem|map_update|map_delete|for_each)/, [1, 2, 9, 11, 12, 6]],
  [/percpu_elem/, [uapi.BPF_MAP_TYPE_PERCPU_ARRAY]],
  [/^bpf_user_ringbuf/, [uapi.BPF_MAP_TYPE_USER_RINGBUF]],
  [/ringbuf/, [uapi.BPF_MAP_TYPE_RINGBUF]],
  [/tail_call/, [uapi.BPF_MAP_TYPE_PROG_ARRAY]],
  [/perf_event|event_output/, [uapi.BPF_MAP_TYPE_PERF_EVENT_ARRAY]],
  [/stackid/, [uapi.BPF_MAP_TYPE_STACK_TRACE]],
  [/redirect_map$/, [uapi.BPF_MAP_TYPE_XSKMAP, uapi.BPF_MAP_TYPE_DEVMAP, uapi.BPF_MAP_TYPE_CPUMAP, uapi.BPF_MAP_TYPE_SOCKMAP]],
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

interface CallNotes {
  map: WorldMap | null;
  memory: number;
  release: number | null;
  newDynptr: number | null;
  allocSize: number;
  /** Arguments of the callback, with the place of its ctx. */
  callback: { args: Kind[]; ctx: number } | null;
}

const helpers = new Map<string, readonly number[]>();
function available(s: Scene): readonly number[] {
  const { model, traits } = s.setting;
  const key = JSON.stringify(traits);
  let known = helpers.get(key);
  if (known === undefined) {
    const ids: number[] = [];
    for (let id = 1; id < 212; id++) if (model.helper(id, traits) !== null && model.helperName(id) !== 'bpf_override_return') ids.push(id);
    helpers.set(key, (known = ids));
  }
  return known;
}

/** Helpers worth more attention than others, by name. */
const FAVOURITES =
  /map_(lookup|update|delete)|ringbuf|dynptr|sk_lookup|skc_lookup|sk_release|tail_call|loop|for_each|timer|spin|skb_load|csum|probe_read|snprintf|get_current_task|sk_fullsock|tcp_sock|strtol|perf_event_output|kptr|this_cpu|per_cpu|storage_get|get_stack|adjust|pull_data|redirect|check_mtu|fib/;

export const callHelper: Action = (s) => {
  const ids = available(s);
  if (ids.length === 0) return false;
  const { model } = s.setting;
  const favourites = ids.filter((id) => FAVOURITES.test(model.helperName(id)));
  const id = favourites.length !== 0 && s.r.chance(0.75) ? s.r.pick(favourites) : s.r.pick(ids);
  return call(s, id);
};

/** Calls a helper with arguments that fit its prototype, mostly. */
export function call(s: Scene, id: number): boolean {
  const { model, traits } = s.setting;
  const proto = model.helper(id, traits);
  if (proto === null) return false;
  const name = model.helperName(id);
  const notes: CallNotes = { map: null, memory: 0, release: null, newDynptr: null, allocSize: 16, callback: null };
  for (const [i, arg] of proto.args.entries()) {
    if (arg === t.ARG_DONTCARE) break;
    const from = s.r.chance(0.01) ? s.r.below(11) : 0;
    if (from !== 0 && s.kinds[from].k !== 'none') s.e.mov(i + 1, from);
    else if (!argument(s, name, proto, i, notes)) return false;
  }
  s.e.helper(id);
  const result = resultOf(name, proto, notes);
  if (notes.release !== null) {
    const gone = s.kinds[notes.release];
    for (let i = 0; i < 10; i++) if (s.kinds[i] === gone) s.kinds[i] = NONE;
  }
  if (notes.newDynptr !== null) {
    const off = notes.newDynptr;
    s.setSlots(off, 2, 'dynptr');
    if (/reserve_dynptr/.test(name)) {
      s.regions.push(() => {
        s.e.mov(1, 10);
        s.e.aluImm(op.BPF_ADD, 1, off);
        s.e.movImm(2, 0);
        s.e.helper(s.r.chance(0.5) ? 199 : 200);
        s.clobber(NONE);
      });
    }
  }
  s.clobber(result);
  if (/adjust|pull_data|change_(head|tail|proto)|store_bytes|clone_redirect|vlan|push_encap|tail_call/.test(name)) {
    for (let i = 0; i < 10; i++) if (['pkt', 'end', 'meta'].includes(s.kinds[i].k)) s.kinds[i] = NONE;
  }
  const kept = s.kinds[0];
  if (kept.k === 'object' || kept.k === 'value') {
    const keep = s.keeper();
    if (keep !== 0 && !s.pinned.has(keep)) {
      s.e.mov(keep, 0);
      s.kinds[keep] = kept;
      s.kinds[0] = kept.k === 'object' ? { ...kept, owned: false } : kept;
      if (s.r.chance(0.8)) useObject(s, keep);
    }
  }
  return true;
}

/** Checks for NULL, uses, releases. */
export function useObject(s: Scene, reg: number): void {
  const kind = s.kinds[reg];
  const body = (): void => {
    const pinned = s.pinned.has(reg);
    s.pinned.add(reg);
    block(s, s.r.between(0, 3));
    if (!pinned) s.pinned.delete(reg);
    if (s.kinds[reg].k === 'object' && kind.k === 'object' && kind.owned && s.r.chance(0.93)) release(s, reg);
  };
  if ((kind.k === 'object' || kind.k === 'value') && kind.nullable) s.ifNotNull(reg, body);
  else body();
  s.kinds[reg] = kind.k === 'object' && kind.owned ? NONE : s.kinds[reg];
}

const RELEASES: Readonly<Record<string, readonly number[]>> = { sock: [86], sock_common: [86], tcp_sock: [86], ringbuf: [132, 133] };
/** Kfuncs that release objects of a type. */
export const KFUNC_RELEASES = new Map<string, string>();

export function release(s: Scene, reg: number): void {
  const kind = s.kinds[reg];
  if (kind.k !== 'object') return;
  s.e.mov(1, reg);
  const helper = RELEASES[kind.what];
  const kfunc = KFUNC_RELEASES.get(kind.what);
  if (helper !== undefined) {
    if (kind.what === 'ringbuf') s.e.movImm(2, 0);
    s.e.helper(s.r.pick(helper));
  } else if (kfunc !== undefined) s.e.kfunc(kfunc);
  s.clobber(NONE);
  for (let i = 0; i < 10; i++) if (s.kinds[i] === kind) s.kinds[i] = NONE;
}

function resultOf(name: string, proto: HelperProto, notes: CallNotes): Kind {
  const nullable = t.typeMayBeNull(proto.ret);
  const object = (what: string, size = 0): Kind => ({ k: 'object', what, nullable, owned: /lookup|reserve/.test(name) && !/reserve_dynptr/.test(name), size });
  switch (t.baseType(proto.ret)) {
    case t.RET_INTEGER:
      return SCALAR;
    case t.RET_VOID:
      return NONE;
    case t.RET_PTR_TO_MAP_VALUE:
      return notes.map === null ? NONE : { k: 'value', map: notes.map, off: 0, nullable };
    case t.RET_PTR_TO_SOCKET:
      return object('sock');
    case t.RET_PTR_TO_TCP_SOCK:
      return { k: 'object', what: 'tcp_sock', nullable, owned: false, size: 0 };
    case t.RET_PTR_TO_SOCK_COMMON:
      return object('sock_common');
    case t.RET_PTR_TO_MEM:
      return { k: 'object', what: /ringbuf_reserve/.test(name) ? 'ringbuf' : 'mem', nullable, owned: /ringbuf_reserve/.test(name), size: notes.allocSize };
    case t.RET_PTR_TO_BTF_ID:
      return { k: 'object', what: proto.retBtf ?? 'other', nullable, owned: false, size: 0 };
    default:
      return { k: 'object', what: 'other', nullable, owned: false, size: 0 };
  }
}

function stackPointer(s: Scene, reg: number, off: number): void {
  s.e.mov(reg, 10);
  s.e.aluImm(op.BPF_ADD, reg, off);
}

/** Fills an argument; false if there is nothing that suits. */
function argument(s: Scene, name: string, proto: HelperProto, i: number, notes: CallNotes): boolean {
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
      const value = s.find((kind) => (kind.k === 'value' && !kind.nullable) || (kind.k === 'object' && kind.what === 'mem' && !kind.nullable) || (kind.k === 'pkt' && kind.range > 0));
      if (value !== null && r.chance(0.35)) {
        const kind = s.kinds[value];
        notes.memory = kind.k === 'value' ? kind.map.valueSize - kind.off : kind.k === 'pkt' ? kind.range : kind.k === 'object' ? kind.size : 8;
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
      } else e.movImm(reg, r.weighted([[8, notes.memory], [3, r.between(zero ? 0 : 1, Math.max(1, notes.memory))], [0.4, notes.memory + r.between(1, 8)], [0.2, 0], [0.1, -1]]));
      return true;
    }
    case t.ARG_PTR_TO_CTX:
      return objectOf((kind) => kind.k === 'ctx') || something();
    case t.ARG_PTR_TO_SPIN_LOCK:
    case t.ARG_PTR_TO_TIMER: {
      const field = t.baseType(arg) === t.ARG_PTR_TO_TIMER ? 'timer' : 'lock';
      const from = s.find((kind) => kind.k === 'value' && !kind.nullable && (kind.map.fields ?? []).some(([f]) => f === field));
      if (from === null) return something();
      const kind = s.kinds[from];
      e.mov(reg, from);
      if (kind.k === 'value') e.aluImm(op.BPF_ADD, reg, ((kind.map.fields ?? []).find(([f]) => f === field)?.[1] ?? 0) - kind.off);
      return true;
    }
    case t.ARG_PTR_TO_SOCK_COMMON:
    case t.ARG_PTR_TO_SOCKET:
    case t.ARG_PTR_TO_BTF_ID_SOCK_COMMON:
      return objectOf((kind) => kind.k === 'object' && ['sock', 'sock_common', 'tcp_sock'].includes(kind.what) && !kind.nullable) || something();
    case t.ARG_PTR_TO_BTF_ID:
    case t.ARG_PTR_TO_PERCPU_BTF_ID:
      return objectOf((kind) => kind.k === 'object' && (kind.what === proto.argBtf[i] || r.chance(0.1))) || something();
    case t.ARG_PTR_TO_RINGBUF_MEM:
      return objectOf((kind) => kind.k === 'object' && kind.what === 'ringbuf' && !kind.nullable) || something();
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
        if (notes.callback !== null && notes.callback.ctx >= 0) notes.callback.args[notes.callback.ctx] = { k: 'fp', off };
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
      const slots = [...s.stack].filter(([, held]) => held === 'dynptr').map(([off]) => off).sort((a, b) => a - b);
      if (slots.length === 0 && r.chance(0.95)) return false;
      stackPointer(s, reg, slots.length === 0 ? -16 : slots[2 * r.below(Math.max(1, slots.length >> 1))]);
      return true;
    }
    default:
      if (!s.setting.privileged && r.chance(0.8)) e.movImm(reg, r.below(4));
      else if (/loop/.test(name) && i === 0) e.movImm(reg, r.pick([1, 4, 10, 100]));
      else if (r.chance(0.6) || /flags/.test(name)) e.movImm(reg, r.weighted([[8, 0], [2, 1], [2, r.below(16)], [1, s.immediate()]]));
      else {
        const from = s.find((kind) => kind.k !== 'none');
        if (from === null) e.movImm(reg, 0);
        else e.mov(reg, from);
      }
      return true;
  }
}

/** A spin lock section. */
const lockSection: Action = (s) => {
  const { r, e } = s;
  const reg = s.find((kind) => kind.k === 'value' && !kind.nullable && kind.off === 0 && (kind.map.fields ?? []).some(([f]) => f === 'lock'));
  if (reg === null || s.pinned.has(reg)) return false;
  const kind = s.kinds[reg];
  if (kind.k !== 'value') return false;
  const off = kind.map.fields?.find(([f]) => f === 'lock')?.[1] ?? 0;
  const take = (id: number): void => {
    e.mov(1, reg);
    e.aluImm(op.BPF_ADD, 1, off);
    e.helper(id);
    s.clobber(NONE);
  };
  take(93);
  s.pinned.add(reg);
  block(s, r.between(0, 3));
  s.pinned.delete(reg);
  if (r.chance(0.93)) take(94);
  return true;
};

/** A loop by bpf_loop or over a map. */
const callbackLoop: Action = (s) => {
  if (s.callDepth > 1 || s.pending.length > 3) return false;
  return call(s, s.r.chance(0.6) ? 181 : 164);
};

const timerSection: Action = (s) => {
  const reg = s.find((kind) => kind.k === 'value' && !kind.nullable && (kind.map.fields ?? []).some(([f]) => f === 'timer'));
  return reg !== null && call(s, s.r.pick([169, 170, 171, 172]));
};

export const HELPER_ACTIONS: readonly (readonly [number, Action])[] = [
  [16, callHelper],
  [3, lockSection],
  [2, callbackLoop],
  [1, timerSection],
];
