import {
  BPF_LIST_HEAD,
  BPF_LIST_NODE,
  BPF_RB_NODE,
  BPF_RB_ROOT,
  fieldKindName,
  findField,
} from '../../btf/fields.ts';
import { paramHasSuffix } from '../../btf/match.ts';
import { constNumber, isConst } from '../../domain/scalar.ts';
import { ASKS, FAMILY_RBTREE_ADD } from '../../kernel/families.ts';
import { MEM_ALLOC, PTR_TO_BTF_ID, PTR_TO_MAP_VALUE, typeIsNonOwningRef } from '../../kernel/types.ts';
import { say } from '../../failure/messages.ts';
import { argName, type Argno } from '../../state/argno.ts';
import type { Env } from '../../state/env.ts';
import type { MapInfo } from '../../state/map-info.ts';
import { regRecord } from '../../state/record.ts';
import { REF_LOCK_MASK } from '../../state/reference.ts';
import { findLock, isReferenced } from '../../state/refs.ts';
import type { BtfRef, Reg } from '../../state/reg.ts';
import { idsMatch } from '../btf-match.ts';
import { inRbtreeLockRequiredCallback } from '../lock-callbacks.ts';
import type { KfuncCall } from './call.ts';
import { kfuncRules as R } from './rules.ts';

const OWNED = PTR_TO_BTF_ID | MEM_ALLOC;

/** Is the lock that lies in the same allocation as the root held (kernel: check_reg_allocation_locked)? */
function allocationLocked(env: Env, reg: Reg): boolean {
  if (env.cur.activeLocks === 0) return false;
  const holder: object = reg.type === PTR_TO_MAP_VALUE ? (reg.ext as MapInfo) : (reg.ext as BtfRef).btf;
  if (findLock(env.cur, REF_LOCK_MASK, reg.id, holder) !== null) return true;
  say(env.messages, R.heldElsewhere.text);
  return false;
}

/** The head of a list or root of a tree, whose lock must be held. */
function checkRoot(env: Env, call: KfuncCall, reg: Reg, argno: Argno, kind: number, question: number): void {
  if (reg.type !== PTR_TO_MAP_VALUE && reg.type !== OWNED) env.fail(R.notMapOrObject, [argName(argno)]);
  if (reg.type === OWNED && !isReferenced(env, reg)) env.fail(R.notOwned);
  const name = fieldKindName(kind);
  if (!(call.kfunc.families & question)) env.fail(R.graphRootKfunc, [name]);
  if (!isConst(reg.scalar)) env.fail(R.graphVariableOffset, [argName(argno), name]);
  const record = regRecord(env, reg);
  const off = constNumber(reg.scalar);
  const field = findField(record, off, kind);
  if (field === null) env.fail(R.graphNotFound, [name, off]);
  if (!allocationLocked(env, reg)) env.fail(R.lockNotHeld, [record!.spinLockOff, name]);
  if (kind === BPF_LIST_HEAD) call.meta.listHead = field;
  else call.meta.rbtreeRoot = field;
}

export function checkListHead(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  checkRoot(env, call, reg, argno, BPF_LIST_HEAD, ASKS.listHeadArg);
}

export function checkRbRoot(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  checkRoot(env, call, reg, argno, BPF_RB_ROOT, ASKS.rbRootArg);
}

/** A node of what the root before it contains. */
function checkNode(
  env: Env,
  call: KfuncCall,
  reg: Reg,
  argno: Argno,
  rootKind: number,
  nodeKind: number,
  question: number,
): void {
  const name = fieldKindName(nodeKind);
  if (!(call.kfunc.families & question)) env.fail(R.graphNodeKfunc, [name]);
  if (!isConst(reg.scalar)) env.fail(R.graphVariableOffset, [argName(argno), name]);
  const off = constNumber(reg.scalar);
  if (findField(regRecord(env, reg), off, nodeKind) === null) env.fail(R.graphNotFound, [name, off]);
  const root = (rootKind === BPF_LIST_HEAD ? call.meta.listHead : call.meta.rbtreeRoot)!.graphRoot!;
  const { btf, id } = reg.ext as BtfRef;
  const contained = root.btf.type(root.valueBtfId).name;
  if (!idsMatch(env, btf, id, 0, root.btf, root.valueBtfId, true, (reg.type & MEM_ALLOC) === 0)) {
    env.fail(R.nodeWrongStruct, [
      fieldKindName(rootKind),
      name,
      root.nodeOffset,
      contained,
      off,
      btf.type(id).name,
    ]);
  }
  call.meta.argBtf = btf;
  call.meta.argBtfId = id;
  if (off !== root.nodeOffset) env.fail(R.nodeWrongOffset, [off, name, root.nodeOffset, contained]);
}

function requireOwned(env: Env, reg: Reg, argno: Argno): void {
  if (reg.type !== OWNED) env.fail(R.notAllocated, [argName(argno)]);
  if (!isReferenced(env, reg)) env.fail(R.notOwned);
}

export function checkListNode(env: Env, call: KfuncCall, reg: Reg, argno: Argno, index: number): void {
  const borrowed =
    paramHasSuffix(call.params[index], '__nonown_allowed') &&
    typeIsNonOwningRef(reg.type) &&
    !isReferenced(env, reg);
  if (!borrowed) requireOwned(env, reg, argno);
  checkNode(env, call, reg, argno, BPF_LIST_HEAD, BPF_LIST_NODE, ASKS.listNodeArg);
}

export function checkRbNode(env: Env, call: KfuncCall, reg: Reg, argno: Argno): void {
  if (call.kfunc.families & FAMILY_RBTREE_ADD) requireOwned(env, reg, argno);
  else {
    if (!typeIsNonOwningRef(reg.type) && !isReferenced(env, reg)) env.fail(R.rbNodeKind, [call.func.name]);
    if (inRbtreeLockRequiredCallback(env)) env.fail(R.rbNodeInCallback, [call.func.name]);
  }
  checkNode(env, call, reg, argno, BPF_RB_ROOT, BPF_RB_NODE, ASKS.rbNodeArg);
}
