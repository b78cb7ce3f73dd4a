import { AFTER_NOTES, ATTACH_NOTES, LOAD_NOTES } from './attach.ts';
import { CALL_NOTES } from './calls.ts';
import { CFG_NOTES } from './cfg.ts';
import { CONTEXT_NOTES, REFERENCE_NOTES, REG_NOTES } from './context.ts';
import {
  ALU_NOTES,
  BRANCH_NOTES,
  EXIT_NOTES,
  GOTOX_NOTES,
  LD_ABS_NOTES,
  LD_IMM_NOTES,
  LOCK_NOTES,
  SEARCH_NOTES,
} from './engine.ts';
import { ISA_NOTES } from './isa.ts';
import { KFUNC_NOTES } from './kfunc.ts';
import { MEMORY_NOTES } from './memory.ts';
import {
  ATOMIC_NOTES,
  BTF_NOTES,
  CTX_NOTES,
  KPTR_NOTES,
  MAP_NOTES,
  OBJECT_NOTES,
  PACKET_NOTES,
} from './objects.ts';
import { PROTOTYPE_NOTES } from './prototype.ts';
import { STACK_ARG_NOTES, STACK_NOTES, STACK_OBJECT_NOTES } from './stack.ts';
import type { RuleNote, RuleNotes } from './note.ts';

/** Notes by area; the area is the first part of a rule's id. */
const AREAS: Readonly<Record<string, RuleNotes>> = {
  after: AFTER_NOTES,
  alu: ALU_NOTES,
  atomic: ATOMIC_NOTES,
  attach: ATTACH_NOTES,
  branch: BRANCH_NOTES,
  btf: BTF_NOTES,
  call: CALL_NOTES,
  cfg: CFG_NOTES,
  context: CONTEXT_NOTES,
  ctx: CTX_NOTES,
  exit: EXIT_NOTES,
  gotox: GOTOX_NOTES,
  isa: ISA_NOTES,
  kfunc: KFUNC_NOTES,
  kptr: KPTR_NOTES,
  'ld-abs': LD_ABS_NOTES,
  'ld-imm': LD_IMM_NOTES,
  load: LOAD_NOTES,
  lock: LOCK_NOTES,
  map: MAP_NOTES,
  memory: MEMORY_NOTES,
  object: OBJECT_NOTES,
  packet: PACKET_NOTES,
  prototype: PROTOTYPE_NOTES,
  reference: REFERENCE_NOTES,
  reg: REG_NOTES,
  search: SEARCH_NOTES,
  stack: STACK_NOTES,
  'stack-arg': STACK_ARG_NOTES,
  'stack-object': STACK_OBJECT_NOTES,
};

/** What is said of a rule, undefined for ids that are no rules. */
export function noteOf(rule: string): RuleNote | undefined {
  const dot = rule.indexOf('.');
  return AREAS[rule.slice(0, dot)]?.[rule.slice(dot + 1)];
}

/** Ids of all rules that something is said of. */
export function notedRules(): string[] {
  return Object.entries(AREAS).flatMap(([area, notes]) =>
    Object.keys(notes).map((name) => `${area}.${name}`),
  );
}
