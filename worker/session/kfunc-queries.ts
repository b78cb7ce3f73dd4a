import { because, hooksText, kernelText } from '../explain/kfuncs/because.ts';
import { COLUMNS, columnsOf, type Column, type Held } from '../explain/kfuncs/columns.ts';
import { legality } from '../explain/kfuncs/legality.ts';
import {
  columnExists,
  funcOf,
  homesOf,
  judgeCell,
  judgedOf,
  type Cell,
  type Realm,
} from '../explain/kfuncs/matrix.ts';
import { settingsOf } from '../explain/kfuncs/programs.ts';
import { witnessOf } from '../explain/kfuncs/witness/witness.ts';
import { formatFunc } from '../btf/format.ts';
import { familyNames } from '../kernel/families.ts';
import { kfuncFlagsText } from '../kernel/kfunc-flags.ts';
import type { Kfunc } from '../kernel/kfuncs.ts';
import { createKernelModel, isSemantics } from '../kernel/model.ts';
import type {
  KfuncDetail,
  KfuncMatrix,
  KfuncPlace,
  KfuncQueries,
  KfuncReason,
  KfuncRow,
} from '../protocol/kfuncs.ts';
import { REF_LOCK } from '../state/reference.ts';
import type { State } from '../state/state.ts';
import { splitText } from '../program/text/split.ts';
import { buildFor, type KernelSource } from './kernel-source.ts';
import { NoSuchRun, type RunAccess } from './run-access.ts';
import type { Run } from './run.ts';

const keyOf = ({ name, module }: Kfunc): string => (module === null ? name : `${module}:${name}`);

/** The kfuncs under a run's switches, flags and inventions; of the kernel as released without a run. */
async function realmOf(run: Run | null, kernel: KernelSource): Promise<Realm> {
  const reading = run?.reading ?? null;
  const semantics = (reading?.semantics ?? []).filter(isSemantics);
  const types = await kernel.load(buildFor(semantics));
  const program = reading?.program ?? null;
  const invented = program?.invented ?? [];
  const kfuncFlags = program?.kfuncFlags ?? new Map<string, number>();
  const own = new Map(invented.map((kfunc) => [kfunc.name, kfunc.flags]));
  return {
    model: createKernelModel({ types, semantics, invented, kfuncFlags }),
    settings: settingsOf(types),
    program,
    declarations: invented.length === 0 || run === null ? '' : declarationsOf(run.request.source, own),
    flagDirectives: [...kfuncFlags].map(
      ([name, flags]) => `.kfunc  ${name} ${flags === 0 ? 'none' : kfuncFlagsText(flags)}`,
    ),
  };
}

/** The C part of a text, its invented kfuncs with the flags in force. */
function declarationsOf(source: string, flags: ReadonlyMap<string, number>): string {
  const c = splitText(source)
    .cBlocks.flat()
    .map((line) => line.text)
    .join('\n')
    .trim();
  return c.replace(
    /(\w+)(\s*\([^;]*?\)\s*__ksym\s+__kf_flags\()[^)]*\)/g,
    (whole, name: string, rest: string) => {
      const now = flags.get(name);
      return now === undefined ? whole : `${name}${rest}${now === 0 ? '' : kfuncFlagsText(now)})`;
    },
  );
}

/** Gives each thing that cells say a number. */
function palette(): { readonly reasons: KfuncReason[]; readonly numberOf: (reason: KfuncReason) => number } {
  const reasons: KfuncReason[] = [];
  const known = new Map<string, number>();
  return {
    reasons,
    numberOf(reason) {
      const key = `${reason.verdict} ${reason.rule} ${reason.short}`;
      let number = known.get(key);
      if (number === undefined) known.set(key, (number = reasons.push(reason) - 1));
      return number;
    },
  };
}

const NONE: KfuncReason = { verdict: 'none', short: 'not in these rules', rule: null };

function reasonOf(realm: Realm, kfunc: Kfunc, column: Column | null, cell: Cell): KfuncReason {
  if (cell.setting === null) return { verdict: 'none', short: 'no such program', rule: null };
  const { short } = because(realm.model, kfunc, column, cell);
  return cell.legality.allowed
    ? { verdict: 'yes', short, rule: null }
    : { verdict: 'no', short, rule: cell.legality.rule.id };
}

function rowOf(realm: Realm, released: ReadonlyMap<string, number>, kfunc: Kfunc): KfuncRow {
  const key = keyOf(kfunc);
  const found = funcOf(realm, kfunc);
  const invented = kfunc.inventedTypeId !== 0;
  return {
    key,
    name: kfunc.name,
    module: kfunc.module,
    invented,
    flags: kfunc.flags,
    flagsText: kfuncFlagsText(kfunc.flags),
    changed: !invented && released.get(key) !== kfunc.flags,
    families: familyNames(kfunc.families),
    hooks: hooksText(kfunc),
    prototype: found === null ? '' : formatFunc(found.btf, found.id),
  };
}

/** Invented ones first: they are what somebody asks about. */
function ordered(realm: Realm): readonly Kfunc[] {
  const kfuncs = realm.model.kfuncs();
  return [
    ...kfuncs.filter((kfunc) => kfunc.inventedTypeId !== 0),
    ...kfuncs.filter((kfunc) => kfunc.inventedTypeId === 0),
  ];
}

function matrixOf(realm: Realm): KfuncMatrix {
  const released = new Map(
    createKernelModel()
      .kfuncs()
      .map((kfunc) => [keyOf(kfunc), kfunc.flags]),
  );
  const kfuncs = ordered(realm);
  const { reasons, numberOf } = palette();
  const cells = new Uint16Array(kfuncs.length * COLUMNS.length);
  const exists = COLUMNS.map((column) => columnExists(realm.model, column));
  for (const [r, kfunc] of kfuncs.entries()) {
    const judged = judgedOf(realm, kfunc);
    const homes = homesOf(realm, kfunc);
    for (const [c, column] of COLUMNS.entries())
      cells[r * COLUMNS.length + c] = numberOf(
        exists[c] ? reasonOf(realm, kfunc, column, judgeCell(realm, judged, column, homes)) : NONE,
      );
  }
  return {
    columns: COLUMNS.map(({ id, title, group, sentence }, c) => ({
      id,
      title,
      group,
      sentence,
      exists: exists[c],
    })),
    rows: kfuncs.map((kfunc) => rowOf(realm, released, kfunc)),
    reasons,
    cells,
    semantics: [...realm.model.semantics],
  };
}

/** The lock that is held, null: none. */
const lockAt = (state: State): Held | null =>
  state.activeLocks === 0 ? null : state.holdsLock(REF_LOCK) ? 'spin-lock' : 'res-lock';

/** What the page asks about kfuncs; the tables are kept for the newest question's rules. */
export function kfuncQueries({ kernel, runOf, sourceOf }: RunAccess): KfuncQueries {
  let last: { readonly key: string; readonly realm: Realm; readonly matrix: KfuncMatrix | null } | null =
    null;

  async function realm(id: number | null): Promise<Realm> {
    const realm = await realmOf(id === null ? null : runOf(id), kernel);
    const { model, declarations, flagDirectives } = realm;
    const key = JSON.stringify([[...model.semantics], flagDirectives, declarations]);
    // typing changes the run, but seldom the rules
    if (last?.key !== key) last = { key, realm, matrix: null };
    return last.realm;
  }

  function find({ model }: Realm, key: string): Kfunc {
    const kfunc = model.kfuncs().find((row) => keyOf(row) === key);
    if (kfunc === undefined) throw new NoSuchRun(`there is no kfunc ${key} under these rules`);
    return kfunc;
  }

  function column(id: string): Column {
    const found = COLUMNS.find((row) => row.id === id);
    if (found === undefined) throw new Error(`no column ${id}`);
    return found;
  }

  /** How calls fare at a step: the very rules, asked of the state there. */
  async function judgeAt(
    id: number,
    step: number,
  ): Promise<{
    readonly insn: number;
    readonly lit: string[];
    readonly cellOf: (of: Realm, kfunc: Kfunc) => Cell;
  }> {
    const source = await sourceOf(runOf(id));
    const { trace, env, program } = source;
    if (env === null || step < 0 || step >= trace.length)
      throw new NoSuchRun(`run ${id} has no step ${step}`);
    const mirror = trace.mirrorAt(step);
    const insn = trace.insnAt(step);
    const { traits, caps } = env;
    return {
      insn,
      lit: columnsOf(mirror.toState(insn, -1), mirror.context.inSleepable, traits.progType),
      cellOf: (of, kfunc) => ({
        legality: legality(
          { cur: mirror.toState(insn, -1), model: of.model, traits, caps },
          judgedOf(of, kfunc),
        ),
        setting: { section: program.section ?? '', more: [], traits },
        held: lockAt(mirror.toState(insn, -1)),
      }),
    };
  }

  async function cellAt(
    id: number | null,
    key: string,
    place: KfuncPlace,
  ): Promise<{ readonly of: Realm; readonly kfunc: Kfunc; readonly in: Column | null; readonly cell: Cell }> {
    const of = await realm(id);
    const kfunc = find(of, key);
    if ('column' in place) {
      const at = column(place.column);
      const cell = judgeCell(of, judgedOf(of, kfunc), at, homesOf(of, kfunc));
      return { of, kfunc, in: at, cell };
    }
    if (id === null) throw new NoSuchRun('a step of no run');
    const { cellOf } = await judgeAt(id, place.step);
    return { of, kfunc, in: null, cell: cellOf(of, kfunc) };
  }

  return {
    async kfuncMatrix(id) {
      const of = await realm(id);
      if (last !== null && last.realm === of)
        return (last = { ...last, matrix: last.matrix ?? matrixOf(of) }).matrix!;
      return matrixOf(of);
    },

    async kfuncsHere(id, step) {
      const of = await realm(id);
      const { insn, lit, cellOf } = await judgeAt(id, step);
      const { reasons, numberOf } = palette();
      const cells = Uint16Array.from(ordered(of), (kfunc) =>
        numberOf(reasonOf(of, kfunc, null, cellOf(of, kfunc))),
      );
      return { step, insn, lit, reasons, cells };
    },

    async kfuncDetail(id, key, place): Promise<KfuncDetail> {
      const { of, kfunc, in: at, cell } = await cellAt(id, key, place);
      if (at !== null && !columnExists(of.model, at))
        return {
          verdict: 'none',
          sentence:
            'Under the rules in force there is no such region: switch KF_FORBID_FAULT (v5) on to see what it would do.',
          rule: null,
          text: null,
          errno: 0,
          section: null,
        };
      const { legality: l, setting } = cell;
      const { verdict } = reasonOf(of, kfunc, at, cell);
      return {
        verdict,
        sentence: because(of.model, kfunc, at, cell).sentence,
        rule: l.allowed ? null : l.rule.id,
        text: setting === null ? null : kernelText(l),
        errno: l.allowed ? 0 : l.rule.errno,
        section: setting === null ? null : [setting.section, ...setting.more].join(' '),
      };
    },

    async kfuncProgram(id, key, columnId) {
      const of = await realm(id);
      const at = column(columnId);
      if (!columnExists(of.model, at)) return null;
      const kfunc = find(of, key);
      const witness = witnessOf(of, kfunc, at);
      if (witness === null) return null;
      const { source, shows, missing, outcome } = witness;
      const says = outcome === null ? null : outcome.verdict === 'accepted' ? 'accepted' : outcome.message;
      return { source, shows, missing, says, title: `${kfunc.name}, ${at.title}` };
    },
  };
}
