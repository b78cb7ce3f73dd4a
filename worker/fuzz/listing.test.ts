import { describe, expect, test } from 'vitest';
import { generator } from './generate.ts';
import { insnsOf } from './bundle.ts';
import { assembleListing, copyListing, listing, removeLine } from './listing.ts';
import { mutate } from './mutate.ts';
import { random } from './random.ts';

const make = generator('plain', null);
const programs = Array.from({ length: 60 }, (_, i) => make(`p${i}`, random(i + 1)));

describe('programs as lists of lines', () => {
  test('come back as they were', () => {
    for (const bundle of programs) {
      const again = assembleListing(copyListing(listing(bundle)), bundle.id);
      expect(again.insns).toBe(bundle.insns);
      expect(again.refs).toEqual(bundle.refs);
      expect(again.funcInfo ?? []).toEqual(bundle.funcInfo ?? []);
    }
  });

  test('keep the targets of jumps when a line goes', () => {
    // if r1 == 0 goto +2; r0 = 1; r0 = 2; exit
    const bundle = {
      id: 'x',
      insns: '1501020000000000' + 'b700000001000000' + 'b700000002000000' + '9500000000000000',
    };
    const list = listing(bundle);
    removeLine(list, 1);
    const insns = insnsOf(assembleListing(list, 'x'));
    expect([...insns.code]).toEqual([0x15, 0xb7, 0x95]);
    expect(insns.off[0]).toBe(1);
    const other = listing(bundle);
    removeLine(other, 3);
    expect(insnsOf(assembleListing(other, 'x')).off[0]).toBe(2);
  });

  test('move references with wide loads', () => {
    // r1 = map 0 ll; exit
    const bundle = {
      id: 'x',
      insns: 'b700000000000000' + '1811000000000000' + '0000000000000000' + '9500000000000000',
      refs: { '1': { map: 0 } },
    };
    const list = listing(bundle);
    removeLine(list, 0);
    expect(assembleListing(list, 'x').refs).toEqual({ '0': { map: 0 } });
  });
});

describe('random programs', () => {
  test('depend on the seed alone', () => {
    for (const i of [3, 14, 15]) {
      expect(make('a', random(i))).toEqual(make('a', random(i)));
      expect(mutate(programs[i], 'm', random(i))).toEqual(mutate(programs[i], 'm', random(i)));
    }
    expect(make('a', random(1))).not.toEqual(make('a', random(2)));
  });

  test('a mutant differs from what it came from', () => {
    const same = programs.filter((bundle, i) => {
      const mutant = mutate(bundle, bundle.id, random(i));
      return mutant.insns === bundle.insns;
    });
    expect(same.length).toBeLessThan(programs.length / 10);
  });
});
