import { BTF_KIND_STRUCT } from '../btf/btf.ts';
import { BPF_RB_ROOT, findField, type BtfField } from '../btf/fields.ts';
import { constantS32, constNumber } from '../domain/scalar.ts';
import { MAP_FOR_EACH, mapTraits } from '../kernel/map-types.ts';
import {
  BPF_DYNPTR_TYPE_LOCAL,
  CONST_PTR_TO_DYNPTR,
  CONST_PTR_TO_MAP,
  MEM_ALLOC,
  MEM_RCU,
  NON_OWN_REF,
  PTR_TO_BTF_ID,
  PTR_TO_MAP_KEY,
  PTR_TO_MAP_VALUE,
} from '../kernel/types.ts';
import type { Env } from '../state/env.ts';
import type { Frame, RetvalRange } from '../state/frame.ts';
import type { MapInfo } from '../state/map-info.ts';
import { unknownReg } from '../state/marks.ts';
import { regRecord } from '../state/record.ts';
import {
  BtfRef,
  DYNPTR_FIRST_SLOT,
  NOT_INIT_REG,
  pointerReg,
  withMapUid,
  withScalar,
  withType,
  type Reg,
} from '../state/reg.ts';
import type { CalleeSetup } from './func-entry.ts';
import { callRules as R } from './rules.ts';

const STOP_OR_GO: RetvalRange = { min: 0, max: 1, return32bit: false };
const ZERO_ONLY: RetvalRange = { min: 0, max: 0, return32bit: false };
const ANY_INT: RetvalRange = { min: -0x80000000, max: 0x7fffffff, return32bit: false };

/** Sets R1.. of a callback; the rest is unreadable. */
function setArguments(callee: Frame, ...args: Reg[]): void {
  for (let regno = 1; regno <= 5; regno++) callee.regs[regno] = args[regno - 1] ?? NOT_INIT_REG;
}

/** A callback that runs before its helper returns. */
function synchronous(callee: Frame): void {
  callee.inCallbackFn = true;
  callee.callbackRetRange = STOP_OR_GO;
}

/** Key and value of one element of a map. */
function mapElement(env: Env, map: MapInfo, mapUid: number): [Reg, Reg] {
  const key = withMapUid(pointerReg(PTR_TO_MAP_KEY, 0, map), mapUid);
  const value = withMapUid(pointerReg(PTR_TO_MAP_VALUE, 0, map, env.newId()), mapUid);
  return [key, value];
}

/** `callback(map, key, value, ctx)` of bpf_for_each_map_elem. */
export const setMapElemCallback: CalleeSetup = (env, caller, callee) => {
  const mapReg = caller.regs[1];
  const map = mapReg.ext as MapInfo;
  if (!(mapTraits(map.type) & MAP_FOR_EACH)) env.fail(R.forEachMap);
  const [key, value] = mapElement(env, map, mapReg.mapUid);
  setArguments(callee, mapReg, key, value, caller.regs[3]);
  synchronous(callee);
};

/** `callback(index, ctx)` of bpf_loop. */
export const setLoopCallback: CalleeSetup = (env, caller, callee) => {
  setArguments(callee, unknownReg(env), caller.regs[3]);
  synchronous(callee);
};

/** `callback(map, key, value)` of timers, workqueues and task work: `object` is the register of the field within the value. */
function setElementCallback(env: Env, callee: Frame, object: Reg, range: RetvalRange): void {
  const map = object.ext as MapInfo;
  const [key, value] = mapElement(env, map, object.mapUid);
  setArguments(callee, withMapUid(pointerReg(CONST_PTR_TO_MAP, 0, map), object.mapUid), key, value);
  callee.inAsyncCallbackFn = true;
  callee.callbackRetRange = range;
}

export const setTimerCallback: CalleeSetup = (env, caller, callee) =>
  setElementCallback(env, callee, caller.regs[1], ZERO_ONLY);

export const setTaskWorkCallback: CalleeSetup = (env, caller, callee) =>
  setElementCallback(env, callee, caller.regs[3], ANY_INT);

/** `callback(task, vma, ctx)` of bpf_find_vma. */
export const setFindVmaCallback: CalleeSetup = (env, caller, callee) => {
  const btf = env.model.btf();
  const vma = pointerReg(PTR_TO_BTF_ID, 0, new BtfRef(btf, btf.find('vm_area_struct', BTF_KIND_STRUCT)));
  setArguments(callee, caller.regs[1], vma, caller.regs[4]);
  synchronous(callee);
};

/** `callback(dynptr, ctx)` of bpf_user_ringbuf_drain. */
export const setUserRingbufCallback: CalleeSetup = (env, caller, callee) => {
  const dynptr = pointerReg(
    CONST_PTR_TO_DYNPTR,
    BPF_DYNPTR_TYPE_LOCAL | DYNPTR_FIRST_SLOT,
    null,
    env.newId(),
  );
  setArguments(callee, dynptr, caller.regs[3]);
  synchronous(callee);
};

/** A pointer to the node within what a list or tree contains (kernel: mark_reg_graph_node). */
export function graphNodeReg(root: NonNullable<BtfField['graphRoot']>): Reg {
  const object = pointerReg(PTR_TO_BTF_ID | MEM_ALLOC, 0, new BtfRef(root.btf, root.valueBtfId));
  return withScalar(object, constantS32(root.nodeOffset));
}

/** The same pointer, not owned: it lives as long as the lock is held (kernel: ref_set_non_owning). */
export function nonOwning(env: Env, reg: Reg): Reg {
  if (env.cur.activeLocks === 0) throw new Error('a non-owning reference without a lock');
  if (reg.type & NON_OWN_REF) throw new Error('the reference is non-owning already');
  const refcounted = (regRecord(env, reg)?.refcountOff ?? -1) >= 0;
  return withType(reg, reg.type | NON_OWN_REF | (refcounted ? MEM_RCU : 0));
}

/** `less(a, b)` of bpf_rbtree_add: both are borrowed from the tree. */
export const setRbtreeAddCallback: CalleeSetup = (env, caller, callee) => {
  const root = caller.regs[1];
  const field = findField(regRecord(env, root), constNumber(root.scalar), BPF_RB_ROOT);
  const graphRoot = field?.graphRoot ?? null;
  if (graphRoot === null || graphRoot.valueBtfId === 0) return env.fail(R.callbackRoot);
  const node = nonOwning(env, graphNodeReg(graphRoot));
  setArguments(callee, node, node);
  synchronous(callee);
};
