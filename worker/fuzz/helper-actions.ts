import * as op from '../isa/opcodes.ts';
import type { HelperProto } from '../kernel/helpers.ts';
import * as t from '../kernel/types.ts';
import type { Action, ActionTable } from './action.ts';
import { block } from './block.ts';
import { argument, type CallNotes } from './helper-arguments.ts';
import { NONE, SCALAR, type Kind, type Scene } from './scene.ts';

const helpers = new Map<string, readonly number[]>();
function available(s: Scene): readonly number[] {
  const { model, traits } = s.setting;
  const key = JSON.stringify(traits);
  let known = helpers.get(key);
  if (known === undefined) {
    const ids: number[] = [];
    for (let id = 1; id < 212; id++)
      if (model.helper(id, traits) !== null && model.helperName(id) !== 'bpf_override_return') ids.push(id);
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
  const notes: CallNotes = {
    map: null,
    memory: 0,
    release: null,
    newDynptr: null,
    allocSize: 16,
    callback: null,
  };
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
  if (
    /adjust|pull_data|change_(head|tail|proto)|store_bytes|clone_redirect|vlan|push_encap|tail_call/.test(
      name,
    )
  ) {
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

const RELEASES: Readonly<Record<string, readonly number[]>> = {
  sock: [86],
  sock_common: [86],
  tcp_sock: [86],
  ringbuf: [132, 133],
};
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
  const object = (what: string, size = 0): Kind => ({
    k: 'object',
    what,
    nullable,
    owned: /lookup|reserve/.test(name) && !/reserve_dynptr/.test(name),
    size,
  });
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
      return {
        k: 'object',
        what: /ringbuf_reserve/.test(name) ? 'ringbuf' : 'mem',
        nullable,
        owned: /ringbuf_reserve/.test(name),
        size: notes.allocSize,
      };
    case t.RET_PTR_TO_BTF_ID:
      return { k: 'object', what: proto.retBtf ?? 'other', nullable, owned: false, size: 0 };
    default:
      return { k: 'object', what: 'other', nullable, owned: false, size: 0 };
  }
}

/** A spin lock section. */
const lockSection: Action = (s) => {
  const { r, e } = s;
  const reg = s.find(
    (kind) =>
      kind.k === 'value' &&
      !kind.nullable &&
      kind.off === 0 &&
      (kind.map.fields ?? []).some(([f]) => f === 'lock'),
  );
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
  const reg = s.find(
    (kind) => kind.k === 'value' && !kind.nullable && (kind.map.fields ?? []).some(([f]) => f === 'timer'),
  );
  return reg !== null && call(s, s.r.pick([169, 170, 171, 172]));
};

export const HELPER_ACTIONS: ActionTable = [
  [16, callHelper],
  [3, lockSection],
  [2, callbackLoop],
  [1, timerSection],
];
