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
import { REF_PTR } from './reference.ts';
import { releaseReferenceEntry } from './refs.ts';
import { INVALID_SLOT, STACK_DYNPTR, STACK_ITER, STACK_SPILL } from './slot.ts';

export const releaseRules = defineRules('reference', {
  childLeaks: { text: 'Leaking reference id=%d alloc_insn=%d. Release it first.\n', errno: EINVAL },
});

/** What a pointer becomes when what it points to is gone: an unknown number, or unreadable for unprivileged programs. */
export function invalidReg(env: Env): Reg {
  if (!env.caps.allowPtrLeaks) return NOT_INIT_REG;
  return env.caps.bpfCapable ? UNKNOWN_REG : UNKNOWN_PRECISE_REG;
}

/** Ends a reference without touching the registers that carry it; false if it is not held. */
export function endReference(env: Env, id: number): boolean {
  const index = env.cur.refs.findIndex((r) => r.type === REF_PTR && r.id === id);
  if (index < 0) return false;
  const { forbidFault } = releaseReferenceEntry(env.cur, index);
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
  endReference(env, id);
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
  if (!endReference(env, id)) return false;
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

