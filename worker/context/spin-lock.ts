import { BPF_RES_SPIN_LOCK, BPF_SPIN_LOCK } from '../btf/fields.ts';
import { constBigint, isConst } from '../domain/scalar.ts';
import { PTR_TO_MAP_VALUE } from '../kernel/types.ts';
import { argName, type Argno } from '../state/argno.ts';
import type { Env } from '../state/env.ts';
import type { MapInfo } from '../state/map-info.ts';
import {
  REF_LOCK,
  REF_LOCK_MASK,
  REF_RES_LOCK,
  REF_RES_LOCK_IRQ,
  type Reference,
} from '../state/reference.ts';
import { hasField, regRecord } from '../state/record.ts';
import { acquireLock, findLock, releaseLock } from '../state/refs.ts';
import type { BtfRef, Reg } from '../state/reg.ts';
import { inRcuCs } from '../state/regions.ts';
import { invalidateNonOwningRefs, invalidateRcuProtectedRefs } from '../state/release.ts';
import { contextRules as R } from './rules.ts';

/** What a lock helper or kfunc does. */
export interface LockOp {
  readonly take: boolean;
  /** bpf_res_spin_lock family, rather than bpf_spin_lock. */
  readonly resilient: boolean;
  /** Saves or restores interrupts with it. */
  readonly irq: boolean;
}

/**
 * Takes or releases the lock that `reg` points to. The verifier knows a lock by the map or BTF that holds it and
 * by the pointer's id: two lookups of one map yield two different locks. One bpf_spin_lock may be held at a time;
 * resilient locks nest and are released in reverse order.
 */
export function processSpinLock(env: Env, reg: Reg, argno: Argno, op: LockOp): void {
  const family = op.resilient ? 'bpf_res_spin' : 'bpf_spin';
  if (!isConst(reg.scalar)) env.fail(R.lockVariableOffset, [argName(argno), family]);
  const map = reg.type === PTR_TO_MAP_VALUE ? (reg.ext as MapInfo) : null;
  if (map !== null && map.btf === null) env.fail(R.lockMapWithoutBtf, [map.name, family]);
  const holder: object = map ?? (reg.ext as BtfRef).btf;

  const record = regRecord(env, reg);
  if (record === null || !hasField(record, op.resilient ? BPF_RES_SPIN_LOCK : BPF_SPIN_LOCK)) {
    env.fail(R.lockMissing, [map !== null ? 'map' : 'local', map !== null ? map.name : 'kptr', family]);
  }
  const at = op.resilient ? record.resSpinLockOff : record.spinLockOff;
  const off = constBigint(reg.scalar);
  if (BigInt(at) !== off) env.fail(R.lockWrongOffset, [off, family, at]);

  const kind = op.resilient ? (op.irq ? REF_RES_LOCK_IRQ : REF_RES_LOCK) : REF_LOCK;
  if (op.take) take(env, reg, op, kind, holder);
  else release(env, reg, family, kind, holder);
}

function take(env: Env, reg: Reg, op: LockOp, kind: number, holder: object): void {
  if (env.cur.activeLocks !== 0) {
    if (!op.resilient) {
      const held = findLock(env.cur, REF_LOCK, 0, null);
      if (held !== null) {
        env.fail(R.twoSpinLocks, [], {
          kind: 'lock',
          insn: env.insnIdx,
          problem: 'nested spin lock',
          reason:
            'This path already holds a bpf_spin_lock. The verifier allows only one regular BPF spin lock at a time.',
          suggestion: 'Unlock the current bpf_spin_lock before taking another one.',
          activeLock: held,
        });
      }
    } else {
      const held = findLock(env.cur, REF_RES_LOCK | REF_RES_LOCK_IRQ, reg.id, holder);
      if (held !== null) {
        env.fail(R.sameResLock, [], {
          kind: 'lock',
          insn: env.insnIdx,
          problem: 'recursive resource spin lock',
          reason: 'This path already holds the same resource spin lock. Taking it again would deadlock.',
          suggestion: 'Avoid reacquiring the same resource spin lock before it is unlocked.',
          activeLock: held,
        });
      }
    }
  }
  acquireLock(env, env.insnIdx, kind, reg.id, holder);
}

function release(env: Env, reg: Reg, family: string, kind: number, holder: object): void {
  const cur = env.cur;
  if (cur.activeLocks === 0) {
    env.fail(R.unlockWithoutLock, [family], {
      kind: 'resource',
      insn: env.insnIdx,
      problem: 'unlock without lock',
      reason: 'This unlock operation has no matching active lock on the current path.',
      suggestion: 'Take the matching lock before this unlock, or remove the unmatched unlock path.',
    });
  }
  const innermost = (): Reference | null => findLock(cur, REF_LOCK_MASK, cur.activeLockId, cur.activeLockPtr);
  if (findLock(cur, kind, reg.id, holder) === null) {
    env.fail(R.unlockDifferent, [family], {
      kind: 'lock',
      insn: env.insnIdx,
      problem: 'unlock of a different lock',
      reason:
        'This unlock does not match any active lock with the same tracked identity on the current path.',
      suggestion: 'Unlock the same lock object that was most recently acquired.',
      activeLock: innermost(),
    });
  }
  if (reg.id !== cur.activeLockId || holder !== cur.activeLockPtr) {
    env.fail(R.unlockOutOfOrder, [family], {
      kind: 'lock',
      insn: env.insnIdx,
      problem: 'unlock out of order',
      reason:
        'Locks must be released in last-in, first-out order, but this unlock does not match the currently active lock.',
      suggestion: 'Release nested locks in the reverse order they were acquired.',
      activeLock: innermost(),
    });
  }
  releaseLock(env, kind, reg.id, holder);
  // before RCU demotion, which clears the flag that tells non-owning references
  invalidateNonOwningRefs(env);
  if (!inRcuCs(env)) invalidateRcuProtectedRefs(env);
}
