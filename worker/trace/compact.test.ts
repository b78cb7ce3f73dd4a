import { afterEach, expect, test } from 'vitest';
import { arenaLimitForTest } from '../domain/arena.ts';
import { arenaMark, arenaReset, arenaUsage } from '../domain/scalar.ts';
import { verify } from '../engine/verify.ts';
import { createKernelModel } from '../kernel/model.ts';
import { formatState } from '../log/state-text.ts';
import type { Program } from '../program/program.ts';
import { parseProgramText } from '../program/text/parse.ts';
import { TraceRecorder } from './recorder.ts';

/** Counts far, and makes values that no other step has out of every count. */
const COUNTING = `
.prog xdp
        r6 = 0
        r9 = *(u32 *)(r1 + 12)
loop:   r6 += 1
        r7 = r6
        r7 *= 4099
        r8 = r9
        r8 &= 7
        r8 += r7
        r7 ^= 0x5555
        if r6 < 9000 goto loop
        r0 = r8
        exit
`;

const start = arenaMark();
afterEach(() => {
  arenaLimitForTest();
  arenaReset(start);
});

function parse(text: string): Program {
  const { program, problems } = parseProgramText(text, { kernel: createKernelModel() });
  if (program === null) throw new Error(JSON.stringify(problems));
  return program;
}

test('a walk that makes more values than fit goes on as if there were room', () => {
  const program = parse(COUNTING);
  const model = createKernelModel();
  const free = verify(program, model, { level: 0, onEnv: () => undefined });
  expect(free.verdict).toBe('accepted');
  const made = arenaUsage().used;
  arenaReset(start);
  const room = Math.floor(made / 2);
  arenaLimitForTest(room);
  const tight = verify(program, model, { level: 0, onEnv: () => undefined });
  expect(tight.verdict).toBe('accepted');
  expect(tight.stats).toEqual(free.stats);
  expect(arenaUsage().used).toBeLessThanOrEqual(room);
});

test('states that were recorded before the arena was compacted say the same afterwards', () => {
  const program = parse(COUNTING);
  const model = createKernelModel();
  const states = (): string[] => {
    const recorder = new TraceRecorder();
    const { verdict } = verify(program, model, { level: 0, observers: [recorder], onEnv: (env) => recorder.attach(env) });
    expect(verdict).toBe('accepted');
    const trace = recorder.finish(false);
    const texts: string[] = [];
    for (let step = 0; step < trace.length; step += 97) texts.push(formatState(trace.stateAt(step), 0));
    return texts;
  };
  const expected = states();
  const made = arenaUsage().used;
  arenaReset(start);
  // nearly everything is needed by the recording, but not quite
  arenaLimitForTest(made);
  expect(states()).toEqual(expected);
  expect(arenaUsage().used).toBeLessThan(made);
});
