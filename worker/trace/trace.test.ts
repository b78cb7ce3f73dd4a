import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { verify } from '../engine/verify.ts';
import { createKernelModel } from '../kernel/model.ts';
import { formatState } from '../log/state-text.ts';
import { bundleProgram } from '../program/bundle.ts';
import type { Program } from '../program/program.ts';
import { parseProgramText } from '../program/text/parse.ts';
import { IdleObserver } from '../state/idle-observer.ts';
import type { State } from '../state/state.ts';
import { jump, nearestVisit } from './cursor.ts';
import { TraceRecorder } from './recorder.ts';
import type { Trace } from './trace.ts';

/** Writes every state down as text while it is there. */
class Witness extends IdleObserver {
  override readonly wantsSteps = true;
  readonly texts: string[] = [];
  readonly origins: number[] = [];
  override step(state: State, prevInsn: number): void {
    this.texts.push(`${state.insnIdx}:${allFrames(state)}`);
    this.origins.push(prevInsn);
  }
}

function allFrames(state: State): string {
  const { activeLocks, activeRcuLocks, activePreemptLocks, activeIrqId, forbidFaultCount, speculative } = state;
  const held = [activeLocks, activeRcuLocks, activePreemptLocks, activeIrqId, forbidFaultCount, speculative].join(' ');
  return `${state.frames.map((_, i) => formatState(state, i)).join(' | ')} [${held}]`;
}

function record(program: Program): { trace: Trace; witness: Witness; verdict: string } {
  const recorder = new TraceRecorder();
  const witness = new Witness();
  const outcome = verify(program, createKernelModel(), { level: 0, observers: [recorder, witness], onEnv: (env) => recorder.attach(env) });
  return { trace: recorder.finish(outcome.verdict === 'rejected'), witness, verdict: outcome.verdict };
}

function parse(text: string): Program {
  const { program, problems } = parseProgramText(text, { kernel: createKernelModel() });
  if (program === null) throw new Error(JSON.stringify(problems));
  return program;
}

const LOCKED = `
.prog tc
.c
struct val { int cnt; struct bpf_spin_lock lock; };
struct { __uint(type, BPF_MAP_TYPE_ARRAY); __uint(max_entries, 1); __type(key, int); __type(value, struct val); } m SEC(".maps");
.endc
main:
        *(u32 *)(r10 - 4) = 0
        r2 = r10
        r2 += -4
        r1 = m ll
        call bpf_map_lookup_elem
        if r0 == 0 goto out
        r6 = r0
        r1 = r6
        r1 += val.lock
        call bpf_spin_lock
        r1 = r6
        call bump
        r1 = r6
        r1 += val.lock
        call bpf_spin_unlock
out:    r0 = 0
        exit
bump:   r2 = *(u32 *)(r1 + 0)
        *(u64 *)(r10 - 8) = r2
        if r2 > 7 goto big
        r2 += 1
        *(u32 *)(r1 + 0) = r2
big:    r0 = 0
        exit
`;

describe('a recorded walk', () => {
  test('gives back every state that the walk went through', () => {
    const { trace, witness, verdict } = record(parse(LOCKED));
    expect(verdict).toBe('accepted');
    expect(trace.length).toBe(witness.texts.length);
    for (let step = 0; step < trace.length; step++) {
      const state = trace.stateAt(step);
      expect(`${state.insnIdx}:${allFrames(state)}`).toBe(witness.texts[step]);
      expect(state.lastInsnIdx).toBe(witness.origins[step]);
    }
  });

  test('knows its paths and what is held where', () => {
    const { trace } = record(parse(LOCKED));
    // an element of an array at a constant index is there: only `if r2 > 7` has two ways
    expect(trace.paths.map((p) => p.end)).toEqual(['exit', 'pruned']);
    const lane = trace.lanes.find((l) => l.kind === 'lock')!;
    expect(lane.label).toBe('lock in m');
    expect([...lane.at].flatMap((on, insn) => (on ? [insn] : []))).toEqual([11, 12, 13, 14, 15, 18, 19, 20, 21, 22, 23, 24]);
  });

  test('moves by branch, visit and path', () => {
    const { trace } = record(parse(LOCKED));
    const marks = { isBranch: (insn: number) => insn === 6 || insn === 20, failure: null };
    const branch = jump(trace, 0, 'next-branch', marks);
    expect(trace.insnAt(branch)).toBe(6);
    expect(jump(trace, branch + 1, 'prev-branch', marks)).toBe(branch);
    const second = jump(trace, 0, 'next-path', marks);
    expect(trace.pathOf(second).start).toBe(second);
    expect(jump(trace, second, 'prev-path', marks)).toBe(0);
    expect(jump(trace, 0, 'next-visit', marks)).toBe(0);
    expect(trace.insnAt(nearestVisit(trace, 0, 16))).toBe(16);
    expect(jump(trace, 3, 'failure', { ...marks, failure: 5 })).toBe(5);
  });
});

const corpus = process.env['BPF_CORPUS'];

describe.skipIf(corpus === undefined || !existsSync(corpus))('recorded programs', () => {
  test.each(['verifier_loops1', 'verifier_bounds', 'verifier_spill_fill', 'iters_num', 'verifier_iterating_callbacks'])('%s: states come back', (file) => {
    const dir = corpus!.split(':')[0];
    for (const line of gunzipSync(readFileSync(join(dir, `${file}.jsonl.gz`))).toString().trim().split('\n')) {
      const { program } = bundleProgram(JSON.parse(line), (path) => readFileSync(join(dir, path)));
      const { trace, witness } = record(program);
      const stride = Math.max(1, Math.floor(trace.length / 500));
      for (let step = 0; step < trace.length; step += stride) {
        const state = trace.stateAt(step);
        expect(`${state.insnIdx}:${allFrames(state)}`).toBe(witness.texts[step]);
      }
    }
  });
});
