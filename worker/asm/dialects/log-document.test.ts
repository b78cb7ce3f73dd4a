import { describe, expect, it } from 'vitest';
import { readLogDocument, readState } from './log-document.ts';

const NEW = `func#0 @0
Live regs before insn:
      0: .1........ (b7) r0 = 0
0: R1=ctx() R10=fp0
; int n = 0; @ prog.c:3
0: (b7) r6 = 0                        ; R6=0
1: (85) call bpf_get_prandom_u32#7    ; R0=scalar()
2: (25) if r0 > 0xff goto pc+1        ; R0=scalar(smin=0,umax=255,var_off=(0x0; 0xff))
3: (95) exit

from 2 to 4: R0=scalar(umin=256) R6=0 R10=fp0
4: (79) r1 = *(u64 *)(r6 +0)
R6 invalid mem access 'scalar'
verification time 20 usec
stack depth 0
processed 5 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

const OLD = `0: R1=ctx(id=0,off=0,imm=0) R10=fp0
0: (b7) r6 = 0
1: R1=ctx(id=0,off=0,imm=0) R6_w=inv0 R10=fp0
1: (bf) r0 = r6
2: R0_w=inv0 R1=ctx(id=0,off=0,imm=0) R6_w=inv0 R10=fp0 fp-8=mmmmmmmm
2: (95) exit
processed 3 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

describe('a log of today', () => {
  const log = readLogDocument(NEW);
  it('has a step for each instruction walked, and not for the tables before', () => {
    expect(log.steps.map(({ insn, line }) => [insn, line])).toEqual([
      [0, 5],
      [1, 6],
      [2, 7],
      [3, 8],
      [4, 11],
    ]);
    expect(log.steps[1].text).toBe('(85) call bpf_get_prandom_u32#7');
  });

  it('says before each what is known: all at the start of a path, then what changes', () => {
    expect(log.steps[0]).toMatchObject({
      whole: true,
      state: [
        [0, 'R1', 'ctx()'],
        [0, 'R10', 'fp0'],
      ],
    });
    expect(log.steps[1]).toMatchObject({ whole: false, state: [[0, 'R6', '0']] });
    expect(log.steps[3].state).toEqual([[0, 'R0', 'scalar(smin=0,umax=255,var_off=(0x0; 0xff))']]);
    expect(log.steps[4]).toMatchObject({
      whole: true,
      state: [
        [0, 'R0', 'scalar(umin=256)'],
        [0, 'R6', '0'],
        [0, 'R10', 'fp0'],
      ],
    });
  });

  it('ends with a verdict', () => {
    expect(log).toMatchObject({
      verdict: 'rejected',
      message: "R6 invalid mem access 'scalar'",
      dialect: 'new',
    });
    expect(log.lines.map(({ kind }) => kind).slice(3, 6)).toEqual(['state', 'source', 'insn']);
    expect(log.lines.slice(-3).map(({ kind }) => kind)).toEqual(['stats', 'stats', 'stats']);
  });
});

it('reads a log of Linux 5: whole states before each instruction', () => {
  const log = readLogDocument(OLD);
  expect(log).toMatchObject({ verdict: 'accepted', message: null, dialect: 'old' });
  expect(log.steps.map(({ insn, whole }) => [insn, whole])).toEqual([
    [0, true],
    [1, true],
    [2, true],
  ]);
  expect(log.steps[2].state).toContainEqual([0, 'fp-8', 'mmmmmmmm']);
  expect(log.steps[2].state).toContainEqual([0, 'R0', 'inv0']);
});

it('tells frames apart', () => {
  expect(readState('frame1: R1=ctx() R10=fp0', 0)).toEqual({
    frame: 1,
    values: [
      [1, 'R1', 'ctx()'],
      [1, 'R10', 'fp0'],
    ],
  });
  expect(readState('R1_rw=5 refs=2,3', 2).values).toEqual([
    [2, 'R1', '5'],
    [2, 'refs', '2,3'],
  ]);
});

it('makes nothing of what is no log', () => {
  expect(readLogDocument('hello\nworld')).toMatchObject({ steps: [], verdict: 'unknown' });
});

it('takes the failure of a speculative path for the end of that path', () => {
  const log = readLogDocument(`0: R1=ctx() R10=fp0
0: (95) exit

from 0 to 1 (speculative execution): R0=0 R10=fp0
1: (79) r1 = *(u64 *)(r0 +0)
R0 invalid mem access 'scalar'
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`);
  expect(log).toMatchObject({ verdict: 'accepted', message: null });
});
