import { BTF_KIND_PTR } from '../../../btf/btf.ts';
import { skipModifiers } from '../../../btf/walk.ts';
import { verify, type Outcome } from '../../../engine/verify.ts';
import {
  ASKS,
  FAMILY_LIST_POP,
  FAMILY_OBJ_NEW,
  FAMILY_PERCPU_OBJ_NEW,
  FAMILY_RBTREE_NODE,
  FAMILY_REFCOUNT_ACQUIRE,
} from '../../../kernel/families.ts';
import {
  KF_bpf_dynptr_from_file,
  KF_bpf_local_irq_restore,
  KF_bpf_local_irq_save,
  KF_bpf_preempt_disable,
  KF_bpf_preempt_enable,
  KF_bpf_rcu_read_lock,
  KF_bpf_rcu_read_unlock,
  KF_bpf_res_spin_lock_irqsave,
} from '../../../kernel/generated/special-kfuncs.ts';
import {
  KF_ACQUIRE,
  KF_ITER_NEW,
  KF_ITER_NEXT,
  KF_RELEASE,
  KF_RET_NULL,
} from '../../../kernel/kfunc-flags.ts';
import type { Kfunc } from '../../../kernel/kfuncs.ts';
import { parseProgramText } from '../../../program/text/parse.ts';
import type { Column, Held } from '../columns.ts';
import { homesOf, judgedOf, judgeCell, judgeIn, waysInto, type Cell, type Realm } from '../matrix.ts';
import type { Legality } from '../legality.ts';
import type { Setting } from '../programs.ts';
import { argument, shownParams, type Making } from './args.ts';
import { Draft, Unmakeable, type Load, type Owned } from './draft.ts';
import { releaserOf } from './objects.ts';
import { prelude, protoOf } from './prototype.ts';
import { arenaMap, holding, LIST_OFFSET, TREE_OFFSET } from './scenery.ts';

/** A program that shows a cell. */
export interface Witness {
  readonly source: string;
  readonly setting: Setting;
  readonly held: Held | null;
  /** The verifier says of it what the cell says: accepted, or refused at this call by this rule. */
  readonly shows: boolean;
  /** What the verifier says of it, null if it could not be walked. */
  readonly outcome: Pick<Outcome, 'verdict' | 'rule' | 'message'> | null;
  /** What could not be made for the call; null: everything it needs is there. */
  readonly missing: string | null;
}

/** Programs tried at most before a cell is shown by a skeleton. */
const ATTEMPTS = 6;

/** Writes a small program that shows a cell, and verifies it. The best of several attempts, those that show it first. */
export function witnessOf(realm: Realm, kfunc: Kfunc, column: Column): Witness | null {
  const judged = judgedOf(realm, kfunc);
  const homes = homesOf(realm, kfunc);
  const cell = judgeCell(realm, judged, column, homes);
  if (cell.setting === null) return null;
  let best: Witness | null = null;
  let attempts = 0;
  for (const way of waysInto(realm, judged, column, homes)) {
    if (!sameLegality(way.legality, cell.legality)) continue;
    if (attempts++ === ATTEMPTS) break;
    const witness = attempt(realm, kfunc, way);
    if (witness.shows) return witness;
    if (best === null || (best.missing !== null && witness.missing === null)) best = witness;
  }
  return best;
}

function sameLegality(a: Legality, b: Legality): boolean {
  return a.allowed ? b.allowed : !b.allowed && a.rule === b.rule;
}

function attempt(
  realm: Realm,
  kfunc: Kfunc,
  { legality, setting, held }: Cell & { readonly setting: Setting },
): Witness {
  const { source, missing } = write(realm, kfunc, legality, setting, held);
  const { program } = parseProgramText(source, { kernel: realm.model });
  if (program === null) return { source, setting, held, shows: false, outcome: null, missing };
  const outcome = verify(program, realm.model, { level: 0 });
  const calls = [...program.refs].flatMap(([insn, ref]) =>
    ref.kind === 'kfunc' && ref.name === kfunc.name ? [insn] : [],
  );
  const shows = legality.allowed
    ? outcome.verdict === 'accepted'
    : outcome.verdict === 'rejected' &&
      outcome.rule === legality.rule.id &&
      (outcome.failedAt === null || legality.question === 'prototype' || calls.includes(outcome.failedAt));
  const { verdict, rule, message } = outcome;
  if (verdict === 'not-modelled') return { source, setting, held, shows: false, outcome, missing: message };
  return { source, setting, held, shows, outcome: { verdict, rule, message: message.trimEnd() }, missing };
}

/** Writes a program in which the call stands where the cell says. */
function write(
  realm: Realm,
  kfunc: Kfunc,
  legality: Legality,
  setting: Setting,
  held: Held | null,
): { readonly source: string; readonly missing: string | null } {
  const draft = new Draft();
  const hold = holding(draft, held);
  const making: Making = {
    realm,
    setting,
    draft,
    held,
    hold,
    chain: [kfunc],
    insideAllows: (other) =>
      held !== null && held !== 'nofault' && judgeIn(realm, judgedOf(realm, other), held, setting).allowed,
  };
  if (speaksOfArena(realm, kfunc, setting)) draft.before.push(`r1 = ${arenaMap(draft)} ll`);
  // a rule that is asked before the arguments refuses the call whatever is passed
  if (!legality.allowed && legality.early) return { source: compose(making, kfunc, [], true), missing: null };
  const loads: string[] = [];
  let missing: string | null = null;
  let consumed: Owned | null = null;
  const given: Load[] = [];
  try {
    const { meta } = protoOf(realm, kfunc, setting);
    for (const [index] of shownParams(meta).entries()) {
      const register = `r${index + 1}`;
      try {
        const made = argument(making, kfunc, meta, index);
        loads.push(...made.load(register));
        given.push(made.load);
        if (takes(kfunc, index) && made.owned !== null) consumed = made.owned;
      } catch (error) {
        if (!(error instanceof Unmakeable)) throw error;
        missing ??= error.what;
        loads.push(`${register} = 0                  // put ${error.what} here`);
      }
    }
    if (consumed !== null) consumed.consumed = true;
    if (missing === null) takeResult(making, kfunc, given);
  } catch (error) {
    if (!(error instanceof Unmakeable)) throw error;
    missing ??= error.what;
  }
  return { source: compose(making, kfunc, loads, ends(kfunc, held)), missing };
}

/** Does a call of it need a program with an arena? */
function speaksOfArena(realm: Realm, kfunc: Kfunc, setting: Setting): boolean {
  try {
    return protoOf(realm, kfunc, setting).meta.args.some((arg) => arg?.kind === 'arena');
  } catch (error) {
    if (error instanceof Unmakeable) return error.what.includes('arena');
    throw error;
  }
}

/** Does the call take what this argument owns? */
function takes({ flags, families, name }: Kfunc, index: number): boolean {
  if (flags & KF_RELEASE) return index === 0;
  if (name.startsWith('bpf_iter_') && name.endsWith('_destroy')) return index === 0;
  return (families & ASKS.convertsOwning) !== 0 && index === 1;
}

const CLOSES: ReadonlyMap<number, Held> = new Map([
  [KF_bpf_rcu_read_unlock, 'rcu'],
  [KF_bpf_preempt_enable, 'preempt'],
  [KF_bpf_local_irq_restore, 'irq'],
]);

/** Does the call itself end what is held? */
function ends(kfunc: Kfunc, held: Held | null): boolean {
  if (kfunc.families & ASKS.resLockArg && !(kfunc.families & ASKS.resLockTakes))
    return held === 'res-lock' || held === 'res-lock-irq';
  return held !== null && CLOSES.get(kfunc.special) === held;
}

const UNDO: ReadonlyMap<number, string> = new Map([
  [KF_bpf_rcu_read_lock, 'bpf_rcu_read_unlock'],
  [KF_bpf_preempt_disable, 'bpf_preempt_enable'],
]);

/** Gives back what the call yields. */
function takeResult(making: Making, kfunc: Kfunc, given: readonly Load[]): void {
  const { draft, realm, setting } = making;
  const { families, flags, special } = kfunc;
  const undo = UNDO.get(special);
  if (undo !== undefined) draft.after.push(`call ${undo}`);
  if (special === KF_bpf_local_irq_save) draft.after.push(...given[0]!('r1'), 'call bpf_local_irq_restore');
  if (special === KF_bpf_dynptr_from_file)
    draft.result.push(...given[2]!('r1'), 'call bpf_dynptr_file_discard');
  if (families & ASKS.resLockTakes) {
    const label = draft.label('failed');
    const irq = special === KF_bpf_res_spin_lock_irqsave;
    draft.after.push(
      `if r0 != 0 goto ${label}`,
      'r1 = other_lock ll',
      ...(irq ? given[1]!('r2') : []),
      `call bpf_res_spin_unlock${irq ? '_irqrestore' : ''}`,
      `${label}:`,
    );
  }
  if (flags & KF_ITER_NEW) {
    const destroy = realm.model.kfunc(kfunc.name.replace(/new$/, 'destroy'), kfunc.module);
    if (destroy === null) throw new Unmakeable('the kfunc that ends its iterator');
    const lines = [...given[0]!('r1'), `call ${destroy.name}`];
    if (making.held === null || making.insideAllows(destroy)) draft.after.push(...lines);
    else draft.result.push(...lines);
  }
  if (flags & KF_ACQUIRE && !(flags & KF_ITER_NEXT))
    keepResult(making, kfunc, releaseOf(making, kfunc, setting));
}

/** Lines that give back an acquired object in r1. */
function releaseOf(making: Making, kfunc: Kfunc, setting: Setting): readonly string[] {
  const { families } = kfunc;
  if (families & FAMILY_PERCPU_OBJ_NEW) return ['call bpf_percpu_obj_drop'];
  if (families & (FAMILY_OBJ_NEW | FAMILY_REFCOUNT_ACQUIRE)) return ['call bpf_obj_drop'];
  if (families & FAMILY_LIST_POP) return [`r1 -= ${LIST_OFFSET}`, 'call bpf_obj_drop'];
  if (families & FAMILY_RBTREE_NODE) return [`r1 -= ${TREE_OFFSET}`, 'call bpf_obj_drop'];
  const { meta } = protoOf(making.realm, kfunc, setting);
  const pointer = skipModifiers(meta.btf, meta.proto.type);
  const target = pointer.kind === BTF_KIND_PTR ? skipModifiers(meta.btf, pointer.type) : null;
  const release =
    target === null ? null : releaserOf(making, { btf: meta.btf, id: target.id, name: target.name });
  if (release === null) throw new Unmakeable('a kfunc that gives back what it returns');
  return [`call ${release.name}`];
}

function keepResult({ draft }: Making, kfunc: Kfunc, release: readonly string[]): void {
  const at = draft.slot(8);
  draft.after.unshift(`*(u64 *)(r10 - ${-at}) = r0`);
  const label = draft.label('nothing');
  draft.result.push(`r1 = *(u64 *)(r10 - ${-at})`);
  if (kfunc.flags & KF_RET_NULL) draft.result.push(`if r1 == 0 goto ${label}`);
  draft.result.push(...release, ...(kfunc.flags & KF_RET_NULL ? [`${label}:`] : []));
}

const indent = (line: string): string => (/^[\w]+:$/.test(line) ? line : `        ${line}`);

/** The whole text. `open`: what is held is not given back after the call, or the call is as far as the verifier comes. */
function compose(making: Making, kfunc: Kfunc, loads: readonly string[], open: boolean): string {
  const { draft, hold, realm, setting } = making;
  const { directives, declarations } = prelude(realm, setting);
  const c = [declarations, ...draft.declarations.values()].filter((text) => text !== '').join('\n');
  const note = hold.what === '' ? '' : `          // ${hold.what} from here`;
  const enter = hold.enter.map((line, i) => (i === hold.enter.length - 1 ? line + note : line));
  const leave = open ? [] : hold.leave;
  const body = [
    ...(draft.usesCtx ? ['r6 = r1'] : []),
    ...draft.before,
    ...enter,
    ...draft.inside,
    ...loads,
    `call ${kfunc.name}`,
    ...draft.after,
    ...leave,
    ...draft.result,
  ];
  const jumps = new Set(body.flatMap((line) => /goto (\w+)/.exec(line)?.[1] ?? []));
  body.push(...ending(draft, hold.past, jumps));
  const functions = [...draft.functions.values()].map((text) => `\n\n${text}`).join('');
  return `${directives}\n${c === '' ? '' : `.c\n${c}\n.endc\n`}\nmain:\n${body.map(indent).join('\n')}${functions}\n`;
}

/**
 * Gives back what is owned, latest first. If the call took something, those who come past it need an end of their own, in
 * which that is given back too.
 */
function ending({ owned }: Draft, past: string | null, jumps: ReadonlySet<string>): string[] {
  const chain = owned.toReversed();
  const backwards = (all: boolean): string[] =>
    chain.flatMap((one) => [
      ...(all || !one.consumed ? (one.release ?? []) : []),
      ...(all && jumps.has(one.label) ? [`${one.label}:`] : []),
    ]);
  const whole = [...(past === null ? [] : [`${past}:`]), ...backwards(true), ...END];
  if (!chain.some((one) => one.consumed)) return whole;
  const entry = whole.findIndex((line) => line.endsWith(':'));
  return [...backwards(false), ...END, ...(entry < 0 ? [] : whole.slice(entry))];
}

const END = ['r0 = 0', 'exit'];
