import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { verify } from '../engine/verify.ts';
import { slotsOf } from '../isa/flow.ts';
import { createKernelModel } from '../kernel/model.ts';
import { bundleProgram } from '../program/bundle.ts';
import type { Env } from '../state/env.ts';
import { edgeWalks, flowGraph } from './flow-graph.ts';
import { TraceRecorder } from './recorder.ts';

const corpus = process.env['BPF_CORPUS']?.split(':')[0];

describe.skipIf(corpus === undefined || !existsSync(corpus))('recorded programs', () => {
  test.each([
    'verifier_loops1',
    'verifier_bounds',
    'verifier_search_pruning',
    'verifier_gotox',
    'verifier_subprog_precision',
  ])(
    '%s: whatever is walked came on an edge, and every instruction is in one block',
    (file) => {
      let walked = 0;
      for (const line of gunzipSync(readFileSync(join(corpus!, `${file}.jsonl.gz`)))
        .toString()
        .trim()
        .split('\n')) {
        const { program } = bundleProgram(JSON.parse(line), (path) => readFileSync(join(corpus!, path)));
        const recorder = new TraceRecorder();
        let env: Env | null = null;
        verify(program, createKernelModel(), {
          level: 0,
          observers: [recorder],
          onEnv: (started) => {
            env = started;
            recorder.attach(started);
          },
        });
        const trace = recorder.finish(true);
        if (trace.length === 0) continue;
        const { facts } = env! as Env;
        const walks = edgeWalks(program.insns, trace);
        const covered = new Map<number, number>();
        for (const { insn } of [...trace.paths].flatMap((path) =>
          path.end === 'pruned' ? [{ insn: path.endInsn }] : [],
        ))
          covered.set(insn, (covered.get(insn) ?? 0) + 1);
        for (const { start, end } of facts.subprogs.filter((sub) => sub.start < program.insns.length)) {
          const { blocks, edges } = flowGraph(program.insns, start, end, facts.jumpTables, walks);
          const all = blocks.flatMap(({ insns }) => insns);
          const expected: number[] = [];
          for (let i = start; i < end; i += slotsOf(program.insns, i)) expected.push(i);
          expect(all).toEqual(expected);
          for (const { insns } of blocks) {
            if (insns[0] === start) continue;
            const came = edges.filter(({ to }) => to === insns[0]).reduce((sum, edge) => sum + edge.walks, 0);
            // each way that was counted led to a visit, or ended there because the state was covered
            expect(came, `${JSON.parse(line).id} at ${insns[0]}`).toBe(
              trace.visits[insns[0]] + (covered.get(insns[0]) ?? 0),
            );
            walked += came;
          }
        }
      }
      expect(walked).toBeGreaterThan(0);
    },
    60_000,
  );
});
