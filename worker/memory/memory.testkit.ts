import type { Facts } from '../cfg/facts.ts';
import { Facts as FactsOf, Subprog } from '../cfg/facts.ts';
import { formatKernel } from '../failure/format.ts';
import type { Report } from '../failure/report.ts';
import { Rejection } from '../failure/rule.ts';
import { Insns } from '../isa/insns.ts';
import { createKernelModel } from '../kernel/model.ts';
import { PTR_TO_STACK } from '../kernel/types.ts';
import type { Program } from '../program/program.ts';
import { Env, type Capabilities } from '../state/env.ts';
import { Frame } from '../state/frame.ts';
import type { MapInfo } from '../state/map-info.ts';
import { pointerReg } from '../state/reg.ts';
import { State } from '../state/state.ts';

/** What a root user may. */
export const ROOT: Capabilities = {
  bpfCapable: true,
  allowPtrLeaks: true,
  allowUninitStack: true,
  bypassSpecV1: true,
  bypassSpecV4: true,
};
/** What a user without any capability may. */
export const USER: Capabilities = {
  bpfCapable: false,
  allowPtrLeaks: false,
  allowUninitStack: false,
  bypassSpecV1: false,
  bypassSpecV4: false,
};

/** One instruction: code, dst, src, off, imm. */
export type RawInsn = readonly [code: number, dst: number, src: number, off: number, imm: number];

/** An environment in the middle of a one-function program, for tests of single checks: `log` collects the texts. */
export interface Fixture {
  readonly env: Env;
  readonly log: string[];
  readonly reports: Report[];
}

export function fixture(
  insns: readonly RawInsn[],
  caps: Capabilities = ROOT,
  progType = 1,
  flags = 0,
): Fixture {
  const code = new Insns(insns.length);
  insns.forEach((insn, i) => code.set(i, ...insn));
  const facts: Facts = new FactsOf(code);
  const main = new Subprog(0, 0);
  main.end = insns.length;
  facts.subprogs = [main];
  const log: string[] = [];
  const reports: Report[] = [];
  const program: Program = {
    name: '',
    section: null,
    progType,
    attachType: 0,
    flags,
    license: 'GPL',
    privileged: caps.bpfCapable,
    insns: code,
    refs: new Map(),
    maps: [],
    btf: null,
    funcInfo: [],
    lineInfo: [],
    attach: null,
    semantics: [],
    invented: [],
    kfuncFlags: new Map(),
  };
  const env = new Env({
    program,
    model: createKernelModel(),
    facts,
    caps,
    traits: {
      progType,
      attachType: 0,
      sleepable: false,
      gpl: true,
      capBpf: caps.bpfCapable,
      capPerfmon: caps.allowPtrLeaks,
      capSysAdmin: caps.bpfCapable,
      attachName: null,
      structOps: null,
      devBound: false,
    },
    messages: {
      level: 1,
      text: (text) => void log.push(text),
      sourceLine: () => {},
      report: (report) => void reports.push(report),
    },
    strictAlignment: (flags & 1) !== 0,
    testStateFreq: false,
    testRegInvariants: false,
    gplCompatible: true,
  });
  const frame = new Frame(-1, 0, 0);
  frame.regs[10] = pointerReg(PTR_TO_STACK);
  env.cur = new State([frame]);
  return { env, log, reports };
}

/** Runs a check that must reject; returns errno and the whole text. */
export function rejected(
  f: Fixture,
  check: () => unknown,
): { readonly errno: number; readonly text: string } {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Rejection)) throw error;
    if (formatKernel(error.rule.text, error.args) !== error.message)
      throw new Error('message and rule differ', { cause: error });
    return { errno: error.errno, text: f.log.join('') };
  }
  throw new Error('accepted');
}

/** An array map without BTF; `more` overrides. */
export function arrayMap(more: Partial<MapInfo> = {}): MapInfo {
  const map: MapInfo = {
    index: 0,
    def: {
      name: 'm',
      type: 2,
      keySize: 4,
      valueSize: 48,
      maxEntries: 1,
      flags: more.flags ?? 0,
      keyTypeId: 0,
      valueTypeId: 0,
      inner: null,
      extra: 0n,
      frozen: false,
      data: null,
    },
    name: 'm',
    type: 2,
    keySize: 4,
    valueSize: 48,
    maxEntries: 1,
    flags: 0,
    frozen: false,
    btf: null,
    record: null,
    inner: null,
  };
  return { ...map, ...more };
}
