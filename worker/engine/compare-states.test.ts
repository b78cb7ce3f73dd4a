import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createKernelModel } from '../kernel/model.ts';
import { bundleProgram } from '../program/bundle.ts';
import type { Program } from '../program/program.ts';
import { parseProgramText } from '../program/text/parse.ts';
import type { Env } from '../state/env.ts';
import { IdleObserver } from '../state/idle-observer.ts';
import type { State } from '../state/state.ts';
import { compareStates, type StateComparison } from './compare-states.ts';
import { verify } from './verify.ts';

/** Comparisons explained of one walk: endless loops make hundreds of thousands. */
const MOST = 2000;

/** Explains every comparison of a walk, and holds what it says against what the walk then does. */
class Judge extends IdleObserver {
  override readonly wantsSearch = true;
  override readonly wantsSteps = true;
  covered = 0;
  kept = 0;
  readonly wrong: string[] = [];
  readonly all: { insn: number; comparison: StateComparison; pruned: boolean }[] = [];
  private env!: Env;
  private waiting: { known: State; insn: number; comparison: StateComparison } | null = null;

  attach(env: Env): void {
    this.env = env;
  }
  override considered(known: State, state: State): void {
    this.settle(null);
    if (this.all.length === MOST) return;
    this.waiting = {
      known,
      insn: state.insnIdx,
      comparison: compareStates(this.env, known, state, state.insnIdx),
    };
  }
  override step(): void {
    this.settle(null);
  }
  override pruned(_state: State, by: State): void {
    this.settle(by);
  }
  private settle(by: State | null): void {
    if (this.waiting === null) return;
    const { known, insn, comparison } = this.waiting;
    this.waiting = null;
    const pruned = by === known;
    this.all.push({ insn, comparison, pruned });
    if (pruned) this.covered++;
    else this.kept++;
    const differs = comparison.things.some((thing) => thing.result === 'differs');
    if (comparison.covered !== pruned)
      this.wrong.push(`at ${insn} (${comparison.as}): said ${comparison.covered}, was ${pruned}`);
    else if (pruned && differs)
      this.wrong.push(`at ${insn} (${comparison.as}): covered, and something differs`);
    else if (!pruned && !differs && comparison.but === null && comparison.as !== 'async')
      this.wrong.push(`at ${insn} (${comparison.as}): not covered, and nothing differs`);
  }
}

function judge(program: Program): Judge {
  const watch = new Judge();
  verify(program, createKernelModel(), { level: 0, observers: [watch], onEnv: (env) => watch.attach(env) });
  return watch;
}

function judged(text: string): Judge {
  const { program, problems } = parseProgramText(text, { kernel: createKernelModel() });
  if (program === null) throw new Error(JSON.stringify(problems));
  return judge(program);
}

const of = ({ all }: Judge, insn: number, pruned: boolean): StateComparison[] =>
  all.filter((one) => one.insn === insn && one.pruned === pruned).map((one) => one.comparison);
const reg = (comparison: StateComparison, no: number): string | undefined =>
  comparison.things.find((thing) => thing.kind === 'reg' && thing.no === no)?.result;

/** Two values meet; `USE` says whether they matter. */
const MEET = (use: string): string => `.prog tc
.flags BPF_F_TEST_STATE_FREQ
main:   r6 = 1
        r7 = 3
        call bpf_get_prandom_u32
        if r0 == 0 goto join
        r6 = 2
join:   r8 = 5
        ${use}
        r0 = 0
        exit
`;

describe('an explained comparison', () => {
  test('takes numbers that nothing relied on for covered', () => {
    const [join] = of(judged(MEET('r7 = r6')), 5, true);
    expect(join.as).toBe('proven');
    expect([reg(join, 6), reg(join, 8)]).toEqual(['imprecise', 'dead']);
  });

  test('finds the number that was relied on', () => {
    const watch = judged(MEET('if r6 > 1 goto +0'));
    expect(watch.wrong).toEqual([]);
    const join = of(watch, 5, false).at(-1)!;
    const first = join.things.find((thing) => thing.result === 'differs');
    expect(first).toMatchObject({ kind: 'reg', no: 6, difference: 'range' });
  });

  test('says of a state on the way that only an endless loop is looked for', () => {
    const watch = judged(
      '.prog tc\n.flags BPF_F_TEST_STATE_FREQ\nmain: r6 = 0\nloop: r6 += 1\n if r6 < 3 goto loop\n r0 = 0\n exit\n',
    );
    expect(watch.wrong).toEqual([]);
    expect(watch.all.map((one) => one.comparison.as)).toContain('same');
    expect(watch.all.every((one) => !one.pruned)).toBe(true);
  });
});

const corpus = process.env['BPF_CORPUS'];

describe.skipIf(corpus === undefined)('recorded programs', () => {
  const files = [
    'verifier_loops1',
    'verifier_bounds',
    'verifier_spill_fill',
    'iters',
    'verifier_iterating_callbacks',
    'verifier_search_pruning',
    'verifier_subprog_precision',
    'verifier_scalar_ids',
    'verifier_ref_tracking',
    'verifier_spin_lock',
    'verifier_may_goto_1',
  ];
  test.each(files)('%s: every comparison is explained as it comes out', { timeout: 120_000 }, (file) => {
    const dir = corpus!.split(':')[0];
    const path = join(dir, `${file}.jsonl.gz`);
    if (!existsSync(path)) return;
    let comparisons = 0;
    for (const line of gunzipSync(readFileSync(path)).toString().trim().split('\n')) {
      const record = JSON.parse(line);
      const { program } = bundleProgram(record, (name) => readFileSync(join(dir, name)));
      const watch = judge(program);
      comparisons += watch.all.length;
      expect(watch.wrong.slice(0, 5), record.id ?? record.name).toEqual([]);
    }
    expect(comparisons).toBeGreaterThan(0);
  });
});
