import { assemble } from '../asm/assemble.ts';
import { Rejection } from '../failure/rule.ts';
import { Insns } from '../isa/insns.ts';
import { HELPER_NAMES } from '../kernel/generated/helpers.ts';
import { createKernelModel } from '../kernel/model.ts';
import type { MapDef, Program } from '../program/program.ts';
import type { Facts } from './facts.ts';
import { mask, recorder, REPORT_MARK } from './prefix.testkit.ts';
import { prepare, type Prepared } from './prepare.ts';

/** A program in assembly with what else it takes; ordinary and privileged unless told. */
export interface Source {
  readonly text: string;
  readonly progType?: number;
  readonly attachType?: number;
  readonly flags?: number;
  readonly license?: string;
  readonly privileged?: boolean;
  readonly maps?: readonly (Partial<MapDef> & { readonly name: string })[];
  /** Instruction slots to overwrite with hex, for what no assembler would write. */
  readonly raw?: Readonly<Record<number, string>>;
}

const DEFAULT_MAP: Omit<MapDef, 'name'> = {
  type: 2,
  keySize: 4,
  valueSize: 48,
  maxEntries: 1,
  flags: 0,
  keyTypeId: 0,
  valueTypeId: 0,
  inner: null,
  extra: 0n,
  frozen: false,
  data: null,
};

/** Assembles. `[name].map` of the source are referred to by name; helpers by theirs. */
export function programOf(source: Source): Program {
  const maps = (source.maps ?? []).map((m): MapDef => ({ ...DEFAULT_MAP, ...m }));
  const result = assemble(source.text, {
    resolve(name) {
      const id = HELPER_NAMES.indexOf(name);
      if (id > 0) return { kind: 'helper', id };
      return maps.some((m) => m.name === name) ? { kind: 'map' } : null;
    },
  });
  if (result.errors.length !== 0) throw new Error(result.errors.map((e) => e.message).join('\n'));
  let { insns } = result;
  if (source.raw !== undefined) {
    const bytes = insns.toBytes();
    for (const [slot, hex] of Object.entries(source.raw)) bytes.set(Uint8Array.from(hex.match(/../g)!, (h) => parseInt(h, 16)), 8 * Number(slot));
    insns = Insns.fromBytes(bytes);
  }
  const refs = new Map([...result.refs].flatMap(([i, ref]) => (ref.kind === 'map' ? [[i, { kind: 'map' as const, map: maps.findIndex((m) => m.name === ref.name) }] as const] : [])));
  return {
    name: 'test',
    section: null,
    progType: source.progType ?? 1,
    attachType: source.attachType ?? 0,
    flags: source.flags ?? 0,
    license: source.license ?? 'GPL',
    privileged: source.privileged ?? true,
    insns,
    refs,
    maps,
    btf: null,
    funcInfo: [],
    lineInfo: [],
    attach: null,
    semantics: [],
    invented: [],
    kfuncFlags: new Map(),
  };
}

export interface Ran {
  /** What the log says before the walk, or until the report; addresses masked. */
  readonly log: string;
  /** 0 if the pre-passes found nothing wrong. */
  readonly errno: number;
  readonly rule: string | null;
  readonly prepared: Prepared | null;
}

export function run(source: Source, level: 1 | 2 = 2): Ran {
  const program = programOf(source);
  const messages = recorder(level, program);
  const { privileged } = program;
  let prepared: Prepared | null = null;
  let error: Rejection | null = null;
  try {
    prepared = prepare(program, createKernelModel(), messages, { bpfCapable: privileged, allowPtrLeaks: privileged });
  } catch (e) {
    if (!(e instanceof Rejection)) throw e;
    error = e;
  }
  const log = mask(messages.log());
  const end = log.indexOf(REPORT_MARK);
  return { log: end < 0 ? log : log.slice(0, end), errno: error?.errno ?? 0, rule: error?.rule.id ?? null, prepared };
}

/** The facts of a program that must pass. */
export function factsOf(source: Source): Facts {
  const { prepared, log } = run(source);
  if (prepared === null) throw new Error(`rejected: ${log}`);
  return prepared.facts;
}
