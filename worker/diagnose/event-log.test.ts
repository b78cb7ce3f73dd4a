import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EVENT_CAPACITY, EventLog } from './event-log.ts';

const branch = (insn: number) => ({ kind: 'branch', insn, taken: true }) as const;

function contents(log: EventLog): number[] {
  return Array.from({ length: log.length }, (_, i) => log.at(i).insn);
}

describe('history of a path', () => {
  it('keeps as many events as fit into 64 MiB of the kernel’s', () => {
    expect(EVENT_CAPACITY).toBe(441505);
  });

  it('forgets the oldest ones when it is full', () => {
    const log = new EventLog(4);
    for (let i = 0; i < 6; i++) log.add(branch(i));
    expect(contents(log)).toEqual([2, 3, 4, 5]);
    expect([log.lost, log.end]).toEqual([2, 6]);
  });

  it('goes back to where a path was put aside', () => {
    const log = new EventLog(4);
    log.add(branch(0));
    const mark = log.end;
    log.add(branch(1));
    log.restore(mark);
    log.add(branch(2));
    expect(contents(log)).toEqual([0, 2]);
  });

  it('starts anew, and knows it, when what it goes back to is gone', () => {
    const log = new EventLog(4);
    for (let i = 0; i < 3; i++) log.add(branch(i));
    const mark = log.end;
    for (let i = 3; i < 10; i++) log.add(branch(i));
    log.restore(mark);
    expect([log.length, log.lost, log.end]).toEqual([0, 3, 3]);
    log.add(branch(99));
    expect(contents(log)).toEqual([99]);
  });

  it('agrees with a list without limit, as far as it remembers', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('add' as const), fc.nat(100))), (steps) => {
        const log = new EventLog(5);
        let all: number[] = [];
        let known = 0;
        steps.forEach((step, i) => {
          if (step === 'add') {
            all.push(i);
            log.add(branch(i));
          } else {
            const end = Math.min(step, all.length);
            // what was lost before stays lost, even if there is room again
            known = log.lost >= end ? end : log.lost;
            all = all.slice(0, end);
            log.restore(end);
          }
          known = Math.max(known, all.length - 5);
          expect(log.end).toBe(all.length);
          expect(log.lost).toBe(known);
          expect(contents(log)).toEqual(all.slice(known));
        });
      }),
    );
  });
});
