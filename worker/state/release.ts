import { defineRules } from '../failure/rule.ts';
import { EINVAL } from '../failure/errno.ts';
import {
  baseType,

  MEM_ALLOC,
  MEM_PERCPU,
  MEM_RCU,
  NON_OWN_REF,
  PTR_MAYBE_NULL,
  PTR_TO_MEM,
  PTR_UNTRUSTED,
  DYNPTR_TYPE_SKB,
  DYNPTR_TYPE_SKB_META,
  DYNPTR_TYPE_XDP,
  typeIsNonOwningRef,
  typeIsPktPointerAny,
} from '../kernel/types.ts';
import type { Env } from './env.ts';
import { recordScrub, recordWrite } from './events.ts';
import { mapRegs, setSlot } from './mutate.ts';
import { DYNPTR_FIRST_SLOT, NOT_INIT_REG, UNKNOWN_PRECISE_REG, UNKNOWN_REG, withId, withType, type Reg } from './reg.ts';
import { REF_PTR, Reference } from './reference.ts';
import { INVALID_SLOT, STACK_DYNPTR, STACK_ITER, STACK_SPILL } from './slot.ts';
import type { State } from './state.ts';

export const releaseRules = defineRules('reference', {
  childLeaks: { text: 'Leaking reference id=%d alloc_insn=%d. Release it first.\n', errno: EINVAL },
});

/** What a pointer becomes when what it points to is gone: an unknown number, or unreadable for unprivileged programs. */
export function invalidReg(env: Env): Reg {
  if (!env.caps.allowPtrLeaks) return NOT_INIT_REG;
  return env.caps.bpfCapable ? UNKNOWN_REG : UNKNOWN_PRECISE_REG;
}

/** Removes entry `index` of the references: the one place where a reference ends (kernel: release_reference_state). */
export function removeReference(state: State, index: number): void {
  const ref = state.refs[index];
  state.refs = state.refs.filter((_r, i) => i !== index);
  if (ref.forbidFault) state.forbidFaultCount--;
}

/** Does the state hold a pointer reference with this id? */
export function holdsReference(state: State, id: number): boolean {
  const refs = state.refs;
  for (let i = 0; i < refs.length; i++) if (refs[i].type === REF_PTR && refs[i].id === id) return true;
  return false;
}

/** Does the register carry a held reference? (kernel: reg_is_referenced) */
export function isReferenced(env: Env, reg: Reg): boolean {
  return env.cur.refs.length !== 0 && holdsReference(env.cur, reg.id);
}

/** Acquires a pointer reference; its id is new (kernel: acquire_reference). */
export function acquireReference(env: Env, insnIdx: number, parentId: number, forbidFault = false): number {
  const id = env.newId();
  env.cur.refs = [...env.cur.refs, new Reference(REF_PTR, id, insnIdx, parentId, null, forbidFault)];
  if (forbidFault) {
    env.cur.forbidFaultCount++;
    if (env.obs !== null) env.obs.region(insnIdx, 'nofault', true, env.cur.forbidFaultCount);
  }
  if (env.obs !== null) env.obs.acquired(insnIdx, id);
  return id;
}

/** Ends a reference without touching the registers that carry it; false if it is not held. */
export function releaseReferenceEntry(env: Env, id: number): boolean {
  const index = env.cur.refs.findIndex((r) => r.type === REF_PTR && r.id === id);
  if (index < 0) return false;
  const { forbidFault } = env.cur.refs[index];
  removeReference(env.cur, index);
  if (env.obs !== null) {
    if (forbidFault) env.obs.region(env.insnIdx, 'nofault', false, env.cur.forbidFaultCount);
    env.obs.released(env.insnIdx, id);
  }
  return true;
}

/**
 * Ends reference `id` and everything that derives from it: each register, spill or dynptr that carries the id or has
 * it as parent becomes invalid, and so on with theirs (kernel: release_reference). A held child reference rejects.
 */
export function releaseReference(env: Env, id: number): void {
  const todo: number[] = id === 0 ? [] : [id];
  releaseReferenceEntry(env, id);
  const invalid = invalidReg(env);
  while (todo.length !== 0) {
    const gone = todo.pop()!;
    for (const ref of env.cur.refs) {
      if (ref.type === REF_PTR && ref.parentId === gone) env.fail(releaseRules.childLeaks, [ref.id, ref.insnIdx]);
    }
    mapRegs(
      env.cur,
      (reg, frameno, kind, no) => {
        if (reg.id !== gone && reg.parentId !== gone) return reg;
        if (reg.parentId === gone && reg.id !== 0 && !todo.includes(reg.id)) todo.push(reg.id);
        const slot = kind === 'slot' ? env.cur.frames[frameno].stack[no] : null;
        if (slot !== null && slot.types >> 21 === STACK_DYNPTR) {
          const first = reg.num & DYNPTR_FIRST_SLOT ? no : no + 1;
          invalidateDynptr(env, frameno, first);
          return NOT_INIT_REG;
        }
        recordScrub(env, frameno, kind, no, reg, 'ref-release');
        return invalid;
      },
      (1 << STACK_SPILL) | (1 << STACK_DYNPTR),
    );
  }
}

/** Frees both slots of the dynptr whose first slot is `spi`. */
function invalidateDynptr(env: Env, frameno: number, spi: number): void {
  const stack = env.cur.frames[frameno].stack;
  recordScrub(env, frameno, 'slot', spi - 1, stack[spi - 1].reg, 'ref-release');
  recordScrub(env, frameno, 'slot', spi, stack[spi].reg, 'ref-release');
  setSlot(env.cur, frameno, spi - 1, INVALID_SLOT);
  setSlot(env.cur, frameno, spi, INVALID_SLOT);
}

/** A non-owning reference ends with the lock that protected it. */
export function invalidateNonOwningRefs(env: Env): void {
  const invalid = invalidReg(env);
  mapRegs(env.cur, (reg, frameno, kind, no) => {
    if (!typeIsNonOwningRef(reg.type)) return reg;
    recordScrub(env, frameno, kind, no, reg, 'non-own-ref');
    return invalid;
  });
}

/** Outside an RCU section its pointers can be read at most with caught faults. */
export function invalidateRcuProtectedRefs(env: Env): void {
  mapRegs(
    env.cur,
    (reg, frameno, kind, no) => {
      if ((reg.type & MEM_RCU) === 0) return reg;
      const after = withType(reg, (reg.type & ~(MEM_RCU | PTR_MAYBE_NULL | NON_OWN_REF)) | PTR_UNTRUSTED);
      recordWrite(env, frameno, kind, no, reg, after);
      return after;
    },
    (1 << STACK_SPILL) | (1 << STACK_ITER),
  );
}

/** A per-CPU object given away within an RCU section stays readable until the section ends. False if not held. */
export function convertAllocToRcuProtected(env: Env, id: number): boolean {
  if (!releaseReferenceEntry(env, id)) return false;
  mapRegs(env.cur, (reg, frameno, kind, no) => {
    if (reg.id !== id || (reg.type & (MEM_ALLOC | MEM_PERCPU)) !== (MEM_ALLOC | MEM_PERCPU)) return reg;
    const after = withType(withId(reg, 0), (reg.type & ~MEM_ALLOC) | MEM_RCU);
    recordWrite(env, frameno, kind, no, reg, after);
    return after;
  });
  return true;
}

/** Is it a slice of a packet's dynptr? */
export function isPacketSlice(reg: Reg): boolean {
  return baseType(reg.type) === PTR_TO_MEM && (reg.type & (DYNPTR_TYPE_SKB | DYNPTR_TYPE_XDP | DYNPTR_TYPE_SKB_META)) !== 0;
}

/** The packet may have moved: pointers into it, and slices of its dynptrs, are gone. */
export function clearAllPktPointers(env: Env): void {
  const invalid = invalidReg(env);
  mapRegs(env.cur, (reg, frameno, kind, no) => {
    if (!typeIsPktPointerAny(reg.type) && !isPacketSlice(reg)) return reg;
    recordScrub(env, frameno, kind, no, reg, 'pkt-data-change');
    return invalid;
  });
}

