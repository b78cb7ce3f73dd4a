import { describe, expect, it } from 'vitest';
import { Insns } from '../isa/insns.ts';
import * as op from '../isa/opcodes.ts';
import type { Location } from '../state/observer.ts';
import { causalPath, copiedFrom } from './causal-path.ts';
import { EventLog, type ChangeEvent, type HistoryEvent } from './event-log.ts';

const at = (kind: Location['kind'], no: number, end = 0, frameId = 1): Location => ({ frameno: 0, frameId, kind, no, end });
const R = (no: number): Location => at('reg', no);

/** Every even instruction adds to a register, every odd one loads it. */
function insns(): Insns {
  const all = new Insns(20);
  for (let i = 0; i < 20; i++) {
    if (i % 2 === 0) all.set(i, op.BPF_ALU64 | op.BPF_ADD | op.BPF_K, 1, 0, 0, 1);
    else all.set(i, op.BPF_LDX | op.BPF_MEM | op.BPF_DW, 1, 2, 0, 0);
  }
  return all;
}

function change(insn: number, target: Location, more: Partial<ChangeEvent> = {}): ChangeEvent {
  return { kind: 'change', insn, at: target, origin: null, before: null, after: null, reason: 'write', ...more };
}

const branch = (insn: number): HistoryEvent => ({ kind: 'branch', insn, taken: false });

function pathOf(events: readonly HistoryEvent[], scope: Parameters<typeof causalPath>[1]): number[] {
  const log = new EventLog();
  for (const event of events) log.add(event);
  return causalPath(log, scope, insns()).map((event) => event.insn);
}

describe('where a value came from', () => {
  const scope = { kind: 'value', at: R(1) } as const;

  it('begins with the write that made it, arithmetic goes further back', () => {
    expect(pathOf([change(1, R(1)), branch(2), change(3, R(1)), branch(5), change(6, R(1)), change(7, R(2))], scope)).toEqual([3, 5, 6]);
  });

  it('is followed through copies and the stack', () => {
    const events = [
      change(1, R(6)),
      change(3, R(1)),
      change(5, at('slot', 0), { origin: R(6), reason: 'spill' }),
      change(7, R(6)),
      change(9, R(1), { origin: at('slot', 0) }),
    ];
    expect(pathOf(events, scope)).toEqual([1, 5, 9]);
  });

  it('may have been overwritten by a write to a range of the stack', () => {
    const spilled = [change(5, at('slot', 1), { origin: R(6), reason: 'spill' })];
    const filled = change(9, R(1), { origin: at('slot', 1) });
    const over = (low: number, end: number) => change(7, at('stack-range', low, end), { reason: 'var-write' });
    // fp-16 .. fp-9
    expect(pathOf([...spilled, over(-24, -16), filled], scope)).toEqual([5, 9]);
    expect(pathOf([...spilled, over(-24, -15), filled], scope)).toEqual([5, 7, 9]);
    expect(pathOf([...spilled, over(-9, 0), filled], scope)).toEqual([5, 7, 9]);
    expect(pathOf([...spilled, over(-8, 0), filled], scope)).toEqual([5, 9]);
  });

  it('is not confused by another call of the same depth', () => {
    expect(pathOf([change(1, R(1)), change(3, at('reg', 1, 0, 2))], scope)).toEqual([1]);
  });

  it('is all branches if nothing is known of it', () => {
    expect(pathOf([branch(1), change(3, R(2)), branch(5)], scope)).toEqual([1, 5]);
  });
});

describe('where a path is', () => {
  const region = (insn: number, enter: boolean, depth: number, kind: 'lock' | 'rcu' = 'lock'): HistoryEvent => ({ kind: 'region', insn, region: kind, enter, depth });

  it('begins with the outermost entry', () => {
    const events = [branch(1), region(3, true, 1), region(5, false, 0), branch(6), region(7, true, 1), region(9, true, 2, 'rcu'), branch(11), region(13, true, 2)];
    expect(pathOf(events, { kind: 'region', region: 'lock', depth: 2 })).toEqual([7, 11, 13]);
  });

  it('is everything outside of regions', () => {
    const events = [branch(1), region(3, true, 1), region(5, false, 0)];
    expect(pathOf(events, { kind: 'region', region: 'lock', depth: 0 })).toEqual([1, 3, 5]);
  });

  it('begins with the acquisition of a resource', () => {
    const events: HistoryEvent[] = [branch(1), { kind: 'acquired', insn: 3, refId: 2 }, { kind: 'acquired', insn: 5, refId: 4 }, branch(7)];
    expect(pathOf(events, { kind: 'reference', refId: 2 })).toEqual([3, 7]);
  });
});

describe('what an instruction copies', () => {
  const code = new Insns(3);
  code.set(0, op.BPF_ALU64 | op.BPF_MOV | op.BPF_X, 1, 6, 0, 0);
  code.set(1, op.BPF_STX | op.BPF_MEM | op.BPF_DW, 10, 7, -8, 0);
  code.set(2, op.BPF_ALU64 | op.BPF_MOV | op.BPF_K, 1, 0, 0, 6);
  const top = { frameno: 0, diagFrameId: 1 };

  it('is the source of a move or of a store', () => {
    expect(copiedFrom(code, 0, R(1), top)).toEqual(R(6));
    expect(copiedFrom(code, 1, at('slot', 0), top)).toEqual(R(7));
  });

  it('is nothing otherwise', () => {
    expect(copiedFrom(code, 2, R(1), top)).toBeNull();
    expect(copiedFrom(code, 1, R(1), top)).toBeNull();
    expect(copiedFrom(code, 1, at('stack-range', -8, 0), top)).toBeNull();
  });
});
